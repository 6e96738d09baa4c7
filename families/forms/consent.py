"""The forms on which decisions about film are written down and taken back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from accounts.models import User
from families import actions, files, wordings
from families.consent import PersonStanding, Purpose, Standing, decides_alone, is_young
from families.forms.fields import Line, add_action_error
from families.models import Case, Consent, ConsentPaper, Person
from families.responsibility import holders, unsettled
from nhsuk_forms.fields import DateInputField, TimeInputField
from nhsuk_forms.forms import NhsForm
from nhsuk_forms.layout import Details, Fieldset

AUTHORITY, PARENTAL, OWN = "authority", "parental", "own"
MOST_BYTES = 15 * 1024**2  # a photograph of a page as phones take it
# What is written down at the desk; a signature on screen is given in the frame (families.signing).
DESK_EVIDENCE = [(each.value, each.label) for each in (Consent.Evidence.SPOKEN, Consent.Evidence.PAPER)]
LEAVE = ""
FIRST_PURPOSES: tuple[str, ...] = (Purpose.FILM, Purpose.SHARED_REVIEW, Purpose.SUPERVISION)


def decider_choices(person: Person) -> list[tuple[str, str]]:
    """Who may decide for a child: each holder of parental responsibility, and the local authority."""
    return [(str(adult.pk), adult.display_name) for adult in holders(person)] + [
        (AUTHORITY, "The local authority, which shares parental responsibility")
    ]


def unsettled_hint(person: Person) -> str:
    """Why somebody is not among those who may decide; empty when everybody's responsibility is known."""
    names = [adult.short_name for adult in unsettled(person)]
    if not names:
        return ""
    return (
        f"It is not known yet whether {' or '.join(names)} has parental responsibility. "
        "Settle that under People first if they are the one who decides."
    )


class DeciderMixin:
    """Turns the answer to "who decides?" into what ``record_consent`` asks for."""

    person: Person
    cleaned_data: dict[str, Any]

    def decider(self) -> dict[str, Any]:
        chosen = self.cleaned_data.get("decided_by") or OWN
        if decides_alone(self.person) and chosen == OWN:
            return {"capacity": Consent.Capacity.OWN, "decided_by": self.person}
        if chosen in {AUTHORITY, PARENTAL}:
            return {
                "capacity": Consent.Capacity(chosen),
                "decided_by_name": self.cleaned_data.get("decided_by_name", ""),
            }
        adult = next((each for each in holders(self.person) if str(each.pk) == chosen), None)
        return {"capacity": Consent.Capacity.PARENTAL, "decided_by": adult}


class ConsentForm(DeciderMixin, NhsForm):
    """What one person decides (or what is decided for them) about each purpose, in one conversation."""

    submit_label = "Save these decisions"

    decided_by = forms.ChoiceField(widget=forms.RadioSelect)
    decided_by_name = Line(label="Name and role of who speaks for the local authority", max_length=150)
    evidence = forms.ChoiceField(
        label="How did they say so?",
        choices=DESK_EVIDENCE,
        initial=Consent.Evidence.SPOKEN,
        widget=forms.RadioSelect,
    )
    witness = Line(label="Who heard it?", help_text="Your name, if you heard it yourself", max_length=150)
    when = forms.ChoiceField(
        label="When?",
        choices=[("now", "Just now"), ("earlier", "Earlier")],
        initial="now",
        widget=forms.RadioSelect,
    )
    decided_on = DateInputField(label="Day", not_future=True)
    decided_time = TimeInputField(label="Time", required=False, help_text="For example 9:30 or 2:15pm")
    expires_on = DateInputField(
        label="Until when does this hold?",
        help_text="Only if they set an end of their own. Otherwise the length counts that this service has set.",
        required=False,
        not_past=True,
    )
    paper = forms.FileField(
        label="A photograph or scan of it",
        help_text=f"{files.names_of_kinds()}, {files.size_in_words(MOST_BYTES)} at most",
        required=False,
        widget=forms.FileInput(attrs={"accept": files.ACCEPTED_BY_BROWSERS}),
    )
    reveals = {
        "decided_by": {AUTHORITY: ["decided_by_name"]},
        "evidence": {Consent.Evidence.SPOKEN: ["witness"], Consent.Evidence.PAPER: ["paper"]},
        "when": {"earlier": ["decided_on", "decided_time"]},
    }
    nouns = {"decided_on": "the day of the decision", "decided_time": "the time of the decision"}
    looks = {"decided_time": {"width": 5}, "witness": {"width": "two-thirds"}}

    def __init__(
        self,
        *args: Any,
        person: Person,
        by: User,
        now: Mapping[str, PersonStanding],
        **kwargs: Any,
    ) -> None:
        self.person, self.by = person, by
        super().__init__(*args, **kwargs)
        self.texts = wordings.all_current()
        for purpose, label in Purpose.choices:
            standing = Standing(now[purpose].standing).label
            self.fields[purpose_field(purpose)] = forms.ChoiceField(
                label=label,
                help_text=f"{self.texts[purpose].text} (Version {self.texts[purpose].version}.)",
                choices=[(LEAVE, f"Leave as it is: {standing.lower()}"), *decision_choices(person)],
                initial=LEAVE,
                required=False,
                widget=forms.RadioSelect,
            )
        self.fields["witness"].initial = by.name
        self.young = is_young(person, timezone.localdate())
        if self.young:
            name = person.short_name
            self.fields["decided_by"].label = "Who decides?"
            self.fields["decided_by"].choices = [  # type: ignore[attr-defined]
                (OWN, f"{name}, for themselves"),
                (PARENTAL, f"Somebody who may decide for {name}: a parent, or the local authority"),
            ]
            self.fields["decided_by"].initial = OWN
            self.reveals = {**self.reveals, "decided_by": {PARENTAL: ["decided_by_name"]}}
            self.fields["decided_by_name"].label = f"Their name, and who they are to {name}"
        elif decides_alone(person):
            del self.fields["decided_by"], self.fields["decided_by_name"]
            self.reveals = {field: shown for field, shown in self.reveals.items() if field != "decided_by"}
        else:
            self.fields["decided_by"].label = f"Who decides for {person.short_name}?"
            self.fields["decided_by"].choices = decider_choices(person)  # type: ignore[attr-defined]
            self.fields["decided_by"].help_text = unsettled_hint(person)
            self.fields["decided_by"].error_messages["required"] = f"Select who decides for {person.short_name}"
        self.mark_optional = False

    @property
    def layout(self) -> Sequence[Any]:  # type: ignore[override]
        who = ["decided_by"] if "decided_by" in self.fields else []
        later = [purpose_field(purpose) for purpose in Purpose.values if purpose not in FIRST_PURPOSES]
        return [
            *who,
            Fieldset("What was decided?", *(purpose_field(purpose) for purpose in FIRST_PURPOSES)),
            Details("Intervision, training, research and copies", *later),
            Fieldset("How and when?", "evidence", "when"),
            Details("Set an end", "expires_on"),
        ]

    def clean_paper(self) -> files.Accepted | None:
        upload = self.cleaned_data.get("paper")
        return files.accept(upload, most_bytes=MOST_BYTES) if upload else None

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if not self.errors and not self._decided():
            raise ValidationError("Select what was decided about at least one purpose")
        if data.get("when") == "earlier" and data.get("decided_on"):
            at = datetime.combine(data["decided_on"], data.get("decided_time") or datetime.min.time())
            self.decided_at = timezone.make_aware(at)
            if not data.get("decided_time"):
                # without a time: the end of that day, or this moment if it was today
                end = timezone.make_aware(datetime.combine(data["decided_on"], datetime.max.time()))
                self.decided_at = min(end, timezone.now())
        else:
            self.decided_at = timezone.now()
        return data

    def _decided(self) -> dict[str, str]:
        found = {purpose: self.cleaned_data.get(purpose_field(purpose)) for purpose in Purpose.values}
        return {purpose: decision for purpose, decision in found.items() if decision}

    def save(self, case: Case) -> list[Consent]:
        """Record every decision or none. False things are said on the form, and an empty list is returned."""
        kept = files.keep(self.cleaned_data["paper"], drawer="consent") if self.cleaned_data.get("paper") else None
        try:
            with transaction.atomic():
                paper = self._paper(case, kept)
                return [
                    actions.record_consent(
                        by=self.by,
                        person=self.person,
                        purpose=purpose,
                        decision=decision,
                        evidence=self.cleaned_data["evidence"],
                        witness=self.cleaned_data.get("witness", ""),
                        decided_at=self.decided_at,
                        expires_on=self.cleaned_data.get("expires_on"),
                        wording=self.texts[purpose],
                        paper=paper,
                        case=case,
                        **self.decider(),
                    )
                    for purpose, decision in self._decided().items()
                ]
        except ValidationError as error:
            if kept:
                files.remove(kept.stored)
            add_action_error(self, error, {"decided_at": "decided_on"})
            return []

    def _paper(self, case: Case, kept: files.Kept | None) -> ConsentPaper | None:
        if kept is None:
            return None
        return ConsentPaper.objects.create(
            case=case,
            stored=kept.stored,
            kind=kept.kind,
            name=kept.name,
            sha256=kept.sha256,
            has_picture=kept.has_picture,
            added_by=self.by,
        )


def purpose_field(purpose: str) -> str:
    return f"about_{purpose}"


def decision_choices(person: Person) -> list[tuple[str, str]]:
    """The two answers, in the third person for somebody who decides alone, as a decision made for a child."""
    if decides_alone(person):
        words = (f"{person.short_name} agrees", f"{person.short_name} does not agree")
    else:
        words = ("They agree", "They do not agree")
    return [(Consent.Decision.GIVEN, words[0]), (Consent.Decision.REFUSED, words[1])]


class WithdrawForm(NhsForm):
    """Somebody takes an agreement back: from this moment nothing that it covered can be played or made."""

    submit_label = ""
    what = forms.MultipleChoiceField(label="What should stop?", widget=forms.CheckboxSelectMultiple)
    said_by = forms.ChoiceField(label="Who said so?", widget=forms.RadioSelect)
    said_by_name = Line(label="Their name, and who they are", max_length=150)
    reveals = {"said_by": {"other": ["said_by_name"]}}

    def __init__(self, *args: Any, people: Sequence[Person], standing: Sequence[PersonStanding], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.adults = {str(person.pk): person for person in people if decides_alone(person)}
        self.standing = {f"{each.person.pk}:{each.purpose}": each for each in standing}
        self.fields["what"].choices = [  # type: ignore[attr-defined]
            (key, f"{each.person.short_name}: {Purpose(each.purpose).label.lower()}")
            for key, each in self.standing.items()
        ]
        self.fields["what"].error_messages["required"] = "Select what should stop"
        self.fields["said_by"].choices = [  # type: ignore[attr-defined]
            *((key, person.display_name) for key, person in self.adults.items()),
            ("other", "Somebody else"),
        ]
        self.fields["said_by"].error_messages["required"] = "Select who said so"

    def save(self, *, by: User, case: Case) -> list[PersonStanding]:
        """Stop all that was ticked, or nothing; what was stopped, for the message."""
        chosen = self.cleaned_data["said_by"]
        said_by: Person | str = self.adults.get(chosen) or self.cleaned_data["said_by_name"]
        stopped = [self.standing[key] for key in self.cleaned_data["what"]]
        try:
            with transaction.atomic():
                for each in stopped:
                    actions.withdraw_consent(
                        by=by, person=each.person, purpose=each.purpose, said_by=said_by, case=case
                    )
        except ValidationError as error:
            add_action_error(self, error, {"purpose": "what"})
            return []
        return stopped
