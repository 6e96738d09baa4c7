"""What is asked before a film can be sent: who is in it, and when and for what it was made."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils import timezone

from clips.models import Recording
from families.models import Case, Person
from families.queries import members
from nhsuk_forms.fields import DateInputField
from nhsuk_forms.forms import NhsForm
from sessions.models import Attendance, Cycle, VigSession


class AboutTheFilm(NhsForm):
    """Whose film it is. Consent is asked apart, and the last word is ``actions.start_recording``'s.

    What it was filled in with can stand in an address (``as_query``), so that a reload asks nothing twice.
    """

    submit_label = ""
    kind = forms.ChoiceField(
        label="What does the film show?",
        choices=[
            (Recording.Kind.INTERACTION, "The family together: the film to look at for attuned moments"),
            (Recording.Kind.REVIEW, "A shared review: for your own supervision"),
        ],
        widget=forms.RadioSelect,
    )
    people = forms.ModelMultipleChoiceField(
        Person.objects.none(),
        label="Who is in the film?",
        help_text="Everybody of the family who can be seen or heard in it, babies too.",
        widget=forms.CheckboxSelectMultiple,
    )
    filmed_on = DateInputField(label="When was it filmed?", not_future=True)
    cycle = forms.ModelChoiceField(
        Cycle.objects.none(),
        label="Which cycle does it belong to?",
        required=False,
        empty_label="None yet",
        widget=forms.RadioSelect,
    )
    session = forms.ModelChoiceField(VigSession.objects.none(), required=False, widget=forms.HiddenInput)
    nouns = {"filmed_on": "the day it was filmed"}
    mark_optional = False

    def __init__(self, data: Mapping[str, Any] | None = None, *, case: Case, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.everybody = [member.person for member in members(case) if member.person.was_born]
        people: Any = self.fields["people"]
        people.queryset = Person.objects.filter(pk__in=[person.pk for person in self.everybody])
        people.choices = [(str(person.pk), person.display_name) for person in self.everybody]
        people.error_messages["required"] = "Select everybody who is in the film"
        people.error_messages["invalid_choice"] = "Select people of this case"
        people.error_messages["invalid_pk_value"] = "Select people of this case"
        for error in ("required", "invalid_choice"):
            self.fields["kind"].error_messages[error] = "Select what the film shows"
        self.open_cycles = list(case.cycles.open().select_related("wording").order_by("-number"))
        cycle: Any = self.fields["cycle"]
        cycle.queryset = case.cycles.open()
        cycle.label_from_instance = lambda each: f"Cycle {each.number}: “{each.wording.text}”"
        cycle.error_messages["invalid_choice"] = "Select a cycle of this case that is open"
        if not self.open_cycles:
            del self.fields["cycle"]
        self.fields["session"].queryset = case.vig_sessions.all()  # type: ignore[attr-defined]

    def clean_people(self) -> list[Person]:
        chosen = {person.pk for person in self.cleaned_data["people"]}
        return [person for person in self.everybody if person.pk in chosen]

    @property
    def about(self) -> dict[str, Any]:
        """What to say of the film when it is begun, as JSON can carry it; the form must be valid."""
        said = self.cleaned_data
        cycle, session = said.get("cycle"), said.get("session")
        return {
            "kind": said["kind"],
            "people": [str(person.pk) for person in said["people"]],
            "filmed_on": said["filmed_on"].isoformat(),
            "cycle": str(cycle.pk) if cycle else None,
            "session": str(session.pk) if session else None,
        }

    @property
    def as_query(self) -> list[tuple[str, str]]:
        """The answers as the names and values of an address; ids and a date, nothing that names anybody."""
        said, day = self.about, self.cleaned_data["filmed_on"]
        query = [("kind", said["kind"])] + [("people", pk) for pk in said["people"]]
        query += [("filmed_on_day", day.day), ("filmed_on_month", day.month), ("filmed_on_year", day.year)]
        return query + [(name, said[name]) for name in ("cycle", "session") if said[name]]


def first_answers(case: Case, asked: Mapping[str, Any]) -> dict[str, Any]:
    """What the form begins with: what the link that led here says, else what is most likely."""
    session = _one(case.vig_sessions.all(), asked.get("session"))
    cycle = _one(case.cycles.open(), asked.get("cycle")) or (session.cycle if session else None)
    if cycle is None or cycle.closed_at is not None:
        cycle = case.cycles.open().order_by("-number").first()
    review = asked.get("kind") == Recording.Kind.REVIEW or (
        session is not None and session.kind == VigSession.Kind.SHARED_REVIEW
    )
    first: dict[str, Any] = {
        "kind": Recording.Kind.REVIEW if review else Recording.Kind.INTERACTION,
        "filmed_on": timezone.localtime(session.starts_at).date() if session else timezone.localdate(),
        "cycle": cycle.pk if cycle else "",
    }
    if session is not None:
        first["session"] = session.pk
        came = session.attendances.filter(code__in=Attendance.SEEN)
        first["people"] = [str(pk) for pk in came.values_list("person", flat=True)]
    return first


def _one(rows: Any, pk: Any) -> Any:
    """The row with this id, or None for one that is not there or is no id at all."""
    try:
        return rows.filter(pk=pk).first() if pk else None
    except forms.ValidationError:
        return None
