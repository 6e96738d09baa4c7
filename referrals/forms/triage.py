"""Forms of whoever looks at referrals and decides about them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms

from accounts.models import Permission, Team, User
from accounts.roles import PERMISSIONS
from families.caseload import Loads
from families.forms.case import WorkerChoiceField, people_who_work_with_families
from families.forms.fields import Line, Prose
from families.models import Family, Pathway, Person
from nhsuk_forms.fields import DateInputField
from nhsuk_forms.forms import NhsForm, make_nhs
from referrals import letters
from referrals.actions import Joined
from referrals.beside import Beside, KnownPerson
from referrals.carrying import Difference, differences, is_infant, lacks
from referrals.models import Decision, DeclineReason, Referral, Signpost, Source
from referrals.questions.people import CAREGIVERS
from referrals.queue import Narrowed, Sort

LONGEST_TEXT = 5000
LONGEST_TO_FAMILY = 300  # two parts of a text message
NEW = "new"
Outcome = Decision.Outcome
TRIAGE_ROLES = [role for role, rights in PERMISSIONS.items() if Permission.TRIAGE_REFERRALS in rights]


def people_who_take_referrals_in() -> Any:
    return User.objects.filter(is_active=True, role__in=TRIAGE_ROLES).select_related("team").order_by("name")


class QueueFilter(NhsForm):
    """All may stay empty; sent with GET, so that a view of the queue is an address that can be kept."""

    form_method = "get"
    submit_label = ""
    mark_optional = False
    priority = forms.ChoiceField(label="Priority", required=False, choices=[("", "Any"), *Referral.Priority.choices])
    triager = WorkerChoiceField(
        label="Who looks at it", required=False, queryset=User.objects.none(), empty_label="Anybody"
    )
    source = forms.ChoiceField(label="From", required=False, choices=[("", "Anywhere"), *Source.choices])
    late = forms.BooleanField(label="Only those that are late", required=False)
    same_day = forms.BooleanField(label="Only those for the same day", required=False)
    sort = forms.ChoiceField(label="Order", required=False, choices=Sort.choices)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["triager"].queryset = people_who_take_referrals_in()  # type: ignore[attr-defined]

    def asked(self) -> Narrowed:
        data = self.cleaned_data
        return Narrowed(**{**data, "sort": data["sort"] or Sort.TARGET.value})


class AllocateForm(NhsForm):
    """To whom the chosen referrals go."""

    submit_label = ""
    to = WorkerChoiceField(label="Give the chosen ones to", queryset=User.objects.none(), empty_label="Select a person")
    nouns = {"to": "a person"}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["to"].queryset = people_who_take_referrals_in()  # type: ignore[attr-defined]


class AskForm(NhsForm):
    """A question to whoever referred."""

    submit_label = "Ask this"
    text = Prose(
        label="What would you like to know?",
        max_length=LONGEST_TEXT,
        help_text="They read it on their own page. Do not name the family.",
    )
    nouns = {"text": "what you would like to know"}


class NoteForm(NhsForm):
    """Something among ourselves."""

    submit_label = "Keep this"
    text = Prose(label="What would you like to keep?", max_length=LONGEST_TEXT, help_text="Colleagues alone read it.")
    answered = forms.BooleanField(label="This answers what we asked", required=False)
    nouns = {"text": "what you would like to keep"}

    def __init__(self, *args: Any, referral: Referral, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if referral.state != Referral.State.ASKED:
            del self.fields["answered"]


class PriorityForm(NhsForm):
    """How soon it is to be decided."""

    submit_label = "Save"
    priority = forms.ChoiceField(
        label="How soon is it to be decided?", choices=Referral.Priority.choices, widget=forms.RadioSelect
    )
    same_day = forms.BooleanField(label="It is to be looked at today", required=False)
    reason = Prose(label="Why?", max_length=1000)
    nouns = {"priority": "how soon it is to be decided", "reason": "why"}
    looks = {"reason": {"rows": 3}}


class Letters(NhsForm):
    """What is written to whom, as it was begun; the family only where they may be told."""

    submit_label = "Look at it before it goes"
    to_referrer = Prose(label="To whoever referred", max_length=LONGEST_TEXT)
    to_family = Prose(label="To the family", max_length=LONGEST_TO_FAMILY, required=False)
    looks = {"to_referrer": {"rows": 10, "count": False}, "to_family": {"rows": 3}}
    nouns = {"to_referrer": "what you write to whoever referred"}

    def begin(self, referral: Referral, outcome: str) -> None:
        """Offer the letters, and leave out what is not asked."""
        self.fields["to_referrer"].initial = letters.to_referrer(referral, outcome)
        if words := letters.to_family(referral, outcome):
            how = referral.get_family_channel_display().lower()
            self.fields["to_family"].initial = words
            self.fields["to_family"].help_text = (
                f"They may be told by {how}. Somebody else may read it: nothing in it says what it is about. "
                "Leave it empty if they are not to be told."
            )
        else:
            del self.fields["to_family"]


class DecideForm(Letters):
    """Any outcome but accepting."""

    decline_reason = forms.ModelChoiceField(
        label="Why is it not taken on?",
        queryset=DeclineReason.objects.filter(active=True),
        widget=forms.RadioSelect,
        empty_label=None,
    )
    passed_to = forms.ModelChoiceField(
        label="Which service is it passed on to?",
        queryset=Signpost.objects.filter(active=True),
        widget=forms.RadioSelect,
        empty_label=None,
    )
    reason = Prose(label="Why, for your colleagues?", max_length=LONGEST_TEXT)
    field_order = ["decline_reason", "passed_to", "reason", "to_referrer", "to_family"]
    nouns = {
        "decline_reason": "why it is not taken on",
        "passed_to": "the service that it is passed on to",
        "reason": "why, for your colleagues",
        "to_referrer": "what you write to whoever referred",
    }
    looks = {**Letters.looks, "reason": {"rows": 3}}

    def __init__(self, *args: Any, referral: Referral, outcome: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.begin(referral, outcome)
        if outcome != Outcome.DECLINED:
            del self.fields["decline_reason"]
        if outcome != Outcome.REDIRECTED:
            del self.fields["passed_to"]
        self._referral, self._outcome = referral, outcome

    def clean_to_referrer(self) -> str:
        """The letter. One that nobody touched says what was chosen above it; advice has to be written."""
        written = str(self.cleaned_data["to_referrer"])
        if written.split() != letters.to_referrer(self._referral, self._outcome).split():
            return written
        if self._outcome == Outcome.ADVISED:
            raise forms.ValidationError("Enter what you suggest, in the letter")
        reason, service = self.cleaned_data.get("decline_reason"), self.cleaned_data.get("passed_to")
        return letters.to_referrer(self._referral, self._outcome, reason=reason, service=service)


class AcceptForm(Letters):
    """Who of the referral is known, whose family they join, who works with them."""

    team = forms.ModelChoiceField(label="Team", queryset=Team.objects.all())
    lead = WorkerChoiceField(
        label="Who leads the work?", queryset=User.objects.none(), required=False, empty_label="Nobody yet"
    )
    pathway = forms.ModelChoiceField(label="Pathway", queryset=Pathway.objects.none(), empty_label=None)
    reason = Prose(label="Anything to keep for colleagues?", max_length=LONGEST_TEXT, required=False)
    looks = {**Letters.looks, "reason": {"rows": 3}}

    def __init__(
        self,
        *args: Any,
        by: User,
        referral: Referral,
        beside: Beside,
        people: Sequence[tuple[str, str, Any]],
        loads: Loads,
        **kwargs: Any,
    ) -> None:
        """``people``: key, name and facts of everybody in the referral. ``loads``: how many families each has."""
        super().__init__(*args, **kwargs)
        self.begin(referral, Outcome.ACCEPTED)
        self.beside, self.people = beside, people
        self.fields["lead"].queryset = people_who_work_with_families()  # type: ignore[attr-defined]
        lead: Any = self.fields["lead"]
        lead.label_from_instance = lambda each: (
            f"{WorkerChoiceField.label_from_instance(lead, each)}: {loads.words(each)}"
        )
        self.fields["pathway"].queryset = Pathway.objects.filter(active=True)  # type: ignore[attr-defined]
        self.fields["team"].initial = referral.team_id or by.team_id
        self.reveals = {}
        self.candidates: dict[str, dict[str, KnownPerson]] = {}
        self.gaps: dict[str, list[str]] = {}
        self.differing: dict[str, list[Difference]] = {}
        families: dict[str, str] = {}
        order: list[str] = []
        for key, name, facts in people:
            found = beside.people.get(key, ())
            if lacks(facts):
                order += self._ask_what_is_missing(key, name, facts)
            if found:
                order += self._ask_who(key, name, facts, found)
                families |= {str(pk): reference for each in found for pk, reference in each.families}
        if families:
            settled = {str(pk) for each in beside.settled.values() for pk, _ in each.families}
            self.fields["family"] = forms.ChoiceField(
                label="Which family do they belong to?",
                choices=[(NEW, "A new family"), *((pk, f"{ref}") for pk, ref in families.items())],
                initial=settled.pop() if len(settled) == 1 else (NEW if not beside.settled else None),
                widget=forms.RadioSelect,
                error_messages={"required": "Select which family they belong to"},
            )
            order.append("family")
        self.order_fields([*order, "pathway", "team", "lead", "reason", "to_referrer", "to_family"])

    def _ask_who(self, key: str, name: str, facts: Any, found: Sequence[KnownPerson]) -> list[str]:
        who = f"who_{key}"
        self.candidates[key] = {str(each.person.pk): each for each in found}
        settled = self.beside.settled.get(key)
        self.fields[who] = forms.ChoiceField(
            label=f"Who is {name}?",
            choices=[*((pk, _describe(each)) for pk, each in self.candidates[key].items()), (NEW, "Somebody new")],
            initial=str(settled.person.pk) if settled else None,
            widget=forms.RadioSelect,
            error_messages={"required": f"Select who {name} is"},
        )
        names, revealed = [who], {}
        for pk, each in self.candidates[key].items():
            differing = list(differences(each.person, facts))
            if not differing:
                continue
            take = f"take_{key}_{pk}"
            self.differing[take] = differing
            self.fields[take] = forms.MultipleChoiceField(
                label="Take over from the referral",
                required=False,
                choices=[(d.name, f"{d.label}: {d.referred}{_instead(d)}") for d in differing],
                initial=[d.name for d in differing if not d.recorded],
                widget=forms.CheckboxSelectMultiple,
            )
            revealed[pk] = [take]
            names.append(take)
        if revealed:
            self.reveals = {**self.reveals, who: revealed}
        return names

    def _ask_what_is_missing(self, key: str, name: str, facts: Any) -> list[str]:
        """What was keyed in with gaps is completed here, and never in what was sent."""
        asked: dict[str, forms.Field]
        if is_infant(key):
            called = f"gap_{key}_first_name"
            asked = {called: Line(label=f"What is {name} called?", required=False, max_length=100)}
            asked[called].help_text = "Leave it empty before the birth"
            if facts.date_of_birth is None:
                asked |= {
                    f"gap_{key}_date_of_birth": DateInputField(
                        label=f"When was {name} born?", required=False, not_future=True, help_text="Or the day below"
                    ),
                    f"gap_{key}_expected_on": DateInputField(label=f"When is {name} expected?", required=False),
                }
        else:
            asked = {
                f"gap_{key}_first_name": Line(label=f"What is {name} called?", max_length=100),
                f"gap_{key}_relationship": forms.ChoiceField(label="Who are they to the baby?", choices=CAREGIVERS),
            }
        for field_name, field in asked.items():
            self.fields[field_name] = field
            make_nhs(field, field_name)
        self.gaps[key] = list(asked)
        return list(asked)

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        for key, names in self.gaps.items():
            if is_infant(key) and not any(name in self.errors for name in names):
                self._check_baby(key, names, data)
        chosen = [data.get(f"who_{key}") for key in self.candidates]
        if data.get("family") == NEW and any(pk and pk != NEW for pk in chosen):
            self.add_error("family", "Somebody is known. Select the family they belong to")
        return data

    def _check_baby(self, key: str, names: list[str], data: dict[str, Any]) -> None:
        called, days = names[0], names[1:]
        given = [name for name in days if data.get(name)]
        if days and len(given) != 1:
            words = "Enter when the baby was born, or is expected" if not given else "Enter one of the two days"
            self.add_error(days[0], words)
        elif not data.get(called) and (not days or given[0].endswith("date_of_birth")):
            self.add_error(called, "Enter what the baby is called")

    def completed(self) -> dict[str, dict[str, Any]]:
        """What was open in the referral, by who of it."""
        return {
            key: {name.split("_", 2)[2]: self.cleaned_data[name] for name in names if self.cleaned_data.get(name)}
            for key, names in self.gaps.items()
        }

    def joined(self) -> dict[str, Joined]:
        """Who of the referral is whom, with what is taken over."""
        found = {}
        for key, candidates in self.candidates.items():
            chosen = self.cleaned_data[f"who_{key}"]
            if chosen != NEW:
                take = self.cleaned_data.get(f"take_{key}_{chosen}") or []
                found[key] = Joined(candidates[chosen].person, frozenset(take))
        return found

    def family(self) -> Family | None:
        chosen = self.cleaned_data.get("family", NEW)
        return None if chosen == NEW else Family.objects.get(pk=chosen)


def _describe(each: KnownPerson) -> str:
    where = ", ".join(reference for _, reference in each.families)
    why = f": {each.why}" if each.why else ""
    but = f". Careful: {each.why_not}" if each.why_not else ""
    return f"{_named(each.person)}, {where}{why}{but}"


def _named(person: Person) -> str:
    born = f", born {person.date_of_birth:%-d %B %Y}" if person.date_of_birth else ""
    return f"{person.display_name}{born}"


def _instead(difference: Difference) -> str:
    return f" (the record says {difference.recorded})" if difference.recorded else ""
