"""Logging a contact, and advice given about a family that stays anonymous."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django import forms
from django.utils import timezone

from families.forms.fields import Line, Prose
from families.models import Case, Consultation, Contact, Person
from families.protection import guarded_in
from families.queries import members
from nhsuk_forms.fields import DateInputField, TimeInputField
from nhsuk_forms.forms import NhsForm
from nhsuk_forms.layout import Details

SOMEBODY_ELSE = "other"
LONGEST_NOTE = 4000


def professional_name(role: str, name: str, organisation: str) -> str:
    """ "J. Example, health visitor, Riverside Clinic": what is kept of whom a contact was with."""
    return ", ".join(part for part in (name, role, organisation) if part)[:200]


class ContactForm(NhsForm):
    """A call, message or letter: three taps when it was just now and we began it."""

    submit_label = "Save this contact"
    who = forms.ChoiceField(label="Who was it with?", widget=forms.RadioSelect)
    other_party = Line(
        label="Who, and from where?", max_length=200, help_text="For example Jo Example, midwife, Riverside Clinic"
    )
    kind = forms.ChoiceField(label="How?", choices=Contact.Kind.choices, widget=forms.RadioSelect)
    direction = forms.ChoiceField(
        label="Who began it?",
        choices=Contact.Direction.choices,
        widget=forms.RadioSelect,
        initial=Contact.Direction.OUT,
    )
    outcome = forms.ChoiceField(
        label="What came of it?",
        choices=Contact.Outcome.choices,
        widget=forms.RadioSelect,
        initial=Contact.Outcome.REACHED,
    )
    note = Prose(
        label="What was said or agreed?",
        required=False,
        max_length=LONGEST_NOTE,
        help_text="A worry about somebody’s safety belongs in the risk section, not here.",
    )
    when = forms.ChoiceField(
        label="When?", choices=[("now", "Just now"), ("earlier", "Earlier")], initial="now", widget=forms.RadioSelect
    )
    on = DateInputField(label="Day", not_future=True)
    time = TimeInputField(label="Time", help_text="For example 9:30 or 2:15pm")
    minutes = forms.IntegerField(label="How long did it take?", required=False, min_value=1, max_value=600)
    reveals = {"who": {SOMEBODY_ELSE: ["other_party"]}, "when": {"earlier": ["on", "time"]}}
    nouns = {
        "kind": "how you were in touch",
        "on": "the day",
        "time": "the time",
        "other_party": "who it was, and from where",
    }
    looks = {
        "time": {"width": 5},
        "minutes": {"width": 3, "suffix": "minutes"},
        "note": {"rows": 4},
        "direction": {"inline": True},
        "when": {"inline": True},
    }
    layout = ["who", "kind", "direction", "outcome", "note", "when", Details("How long it took", "minutes")]

    def __init__(self, *args: Any, case: Case, contact: Contact | None = None, who: str = "", **kwargs: Any) -> None:
        self.people = {
            str(member.person.pk): member.person for member in members(case) if member.person.kind != Person.Kind.INFANT
        }
        self.professionals: dict[str, str] = {}
        shown: dict[str, str] = {}
        guard = guarded_in(case)
        for each in case.family.professionals.current().select_related("about"):
            key, what = f"professional-{each.pk}", each.role_word or each.get_role_display()
            self.professionals[key] = shown[key] = professional_name(what, each.name, each.organisation)
            if each.about and guard.of(each.about):  # who it is would tell where somebody protected is
                shown[key] = f"{what}, for {each.about.short_name}"
        kwargs.setdefault("initial", self._initial(who, contact))
        super().__init__(*args, **kwargs)
        self.fields["who"].choices = [  # type: ignore[attr-defined]
            *((key, person.display_name) for key, person in self.people.items()),
            *shown.items(),
            (SOMEBODY_ELSE, "Somebody else"),
        ]
        self.fields["who"].error_messages["required"] = "Select who it was with"
        self.fields["kind"].error_messages["required"] = "Select how you were in touch"

    def _initial(self, who: str, contact: Contact | None) -> dict[str, Any]:
        if contact is None:
            return {
                "who": who if who in self.people else next(iter(self.people), SOMEBODY_ELSE),
                "on": timezone.localdate(),
            }
        at = timezone.localtime(contact.at)
        known = next((key for key, name in self.professionals.items() if name == contact.other_party), SOMEBODY_ELSE)
        facts = {
            name: getattr(contact, name) for name in ("kind", "direction", "outcome", "note", "minutes", "other_party")
        }
        return {
            **facts,
            "who": str(contact.person_id) if contact.person_id else known,
            "when": "earlier",
            "on": at.date(),
            "time": at.time(),
        }

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        self.at = timezone.now()
        if data.get("when") == "earlier" and data.get("on") and data.get("time"):
            self.at = timezone.make_aware(datetime.combine(data["on"], data["time"]))
            if self.at > timezone.now():
                self.add_error("time", "The time of the contact must be in the past")
        return data

    def facts(self) -> dict[str, Any]:
        """The arguments of ``log_contact`` and ``correct_contact``."""
        data = self.cleaned_data
        return {
            "person": self.people.get(data["who"]),
            "other_party": self.professionals.get(data["who"], data["other_party"]),
            "at": self.at,
            **{name: data[name] for name in ("kind", "direction", "outcome", "minutes", "note")},
        }


class ConsultationForm(NhsForm):
    """Advice to a professional. Nothing in it says which family it was about."""

    submit_label = "Save this consultation"
    asked_by = forms.ChoiceField(label="Who asked?", choices=Consultation.Asker.choices, widget=forms.RadioSelect)
    organisation = Line(
        label="Which organisation?",
        required=False,
        max_length=150,
        help_text="The team or trust, not the person’s name",
    )
    on = DateInputField(label="Day", not_future=True)
    minutes = forms.IntegerField(label="Time spent", min_value=1, max_value=600, initial=20)
    topic = Line(
        label="What was it about?",
        max_length=200,
        help_text="In general, for example: a baby of three months who turns away while feeding",
    )
    advice = Prose(
        label="What did you advise?",
        max_length=LONGEST_NOTE,
        help_text="No name, date of birth, address or number of anybody in the family.",
    )
    nouns = {
        "on": "the day",
        "minutes": "the minutes you spent",
        "topic": "what it was about",
        "advice": "what you advised",
    }
    looks = {"minutes": {"width": 3, "suffix": "minutes"}, "advice": {"rows": 5}}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("initial", {"on": timezone.localdate()})
        super().__init__(*args, **kwargs)
        self.fields["asked_by"].error_messages["required"] = "Select who asked"


class StrikeForm(NhsForm):
    """Why something does not belong in this record."""

    submit_label = "Strike it out"
    reason = Prose(
        label="Why was it entered in error?",
        max_length=500,
        help_text="For example: written in another family’s record by mistake. Do not repeat what it says.",
    )
    nouns = {"reason": "why it is struck out"}
    looks = {"reason": {"rows": 3}}
