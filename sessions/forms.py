"""Forms of the diary and of the VIG cycle."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from accounts.models import Permission, User
from families.forms.case import WorkerChoiceField, people_who_work_with_families
from families.forms.fields import Line, Prose
from families.models import Case, Person
from families.queries import members
from nhsuk_forms.fields import DateInputField, TimeInputField
from nhsuk_forms.forms import NhsForm
from nhsuk_forms.layout import Fieldset, Row
from outcomes.models import HelpingQuestionWording
from outcomes.queries import latest_wordings
from sessions.models import Attendance, Cycle, VigSession
from sessions.queries import open_cycles

NEW = "new"
NOT_EXPECTED = "none"


class CycleForm(NhsForm):
    """Which helping question the next cycle follows: one that stands, or a new one."""

    submit_label = "Begin this cycle"
    wording = forms.ChoiceField(label="Which helping question?", widget=forms.RadioSelect)
    text = Prose(
        label="The new helping question",
        max_length=500,
        help_text="In the family’s own words, for example: What am I doing that helps her settle?",
    )
    reveals = {"wording": {NEW: ["text"]}}
    nouns = {"text": "the helping question in the family’s own words"}
    looks = {"text": {"rows": 3}}

    def __init__(self, *args: Any, case: Case, **kwargs: Any) -> None:
        self.wordings = {str(wording.pk): wording for wording in latest_wordings(case)}
        if not self.wordings:
            kwargs.setdefault("initial", {"wording": NEW})
        super().__init__(*args, **kwargs)
        self.fields["wording"].choices = [  # type: ignore[attr-defined]
            *((key, f"“{wording.text}”") for key, wording in self.wordings.items()),
            (NEW, "A new question"),
        ]
        self.fields["wording"].error_messages["required"] = "Select the helping question of this cycle"

    @property
    def chosen(self) -> HelpingQuestionWording | None:
        """The wording chosen; None for a new question."""
        return self.wordings.get(self.cleaned_data["wording"])


class CycleChoiceField(forms.ModelChoiceField):
    def label_from_instance(self, obj: Any) -> str:
        return f"Cycle {obj.number}: “{obj.wording.text}”"


class SessionForm(NhsForm):
    """One session, planned or past, in one step."""

    kind = forms.ChoiceField(
        label="What kind of session?", choices=[("", "Select an option"), *VigSession.Kind.choices]
    )
    on = DateInputField(label="Day")
    at = TimeInputField(label="Start", help_text="For example 9:30 or 2:15pm")
    minutes = forms.IntegerField(label="Length", min_value=5, max_value=480, initial=75)
    place = forms.ChoiceField(label="Where?", choices=VigSession.Place.choices, widget=forms.RadioSelect)
    place_detail = Line(
        label="Which place, or how to find it",
        required=False,
        max_length=200,
        help_text="For example Riverside Family Hub",
    )
    practitioner = WorkerChoiceField(label="Practitioner", queryset=User.objects.none())
    cycle = CycleChoiceField(label="VIG cycle", queryset=Cycle.objects.none(), required=False, empty_label="None")
    nouns = {
        "kind": "what kind of session",
        "on": "the day",
        "at": "the start",
        "minutes": "the length in minutes",
        "place": "where it is",
    }
    looks = {"at": {"width": 5}, "minutes": {"width": 3, "suffix": "minutes"}, "place": {"inline": True}}

    def __init__(self, *args: Any, case: Case, by: User, session: VigSession | None = None, **kwargs: Any) -> None:
        self.case, self.session = case, session
        self.people = [member.person for member in members(case)]
        kwargs.setdefault("initial", self._initial(by))
        super().__init__(*args, **kwargs)
        cycles = open_cycles(case)
        if session is not None and session.cycle_id:
            cycles = (
                case.cycles.filter(pk=session.cycle_id) | case.cycles.filter(closed_at__isnull=True)
            ).select_related("wording")
        self.fields["cycle"].queryset = cycles  # type: ignore[attr-defined]
        self.fields["practitioner"].queryset = people_who_work_with_families()  # type: ignore[attr-defined]
        codes = {each.person_id: each.code for each in session.attendances.all()} if session else {}
        for person in self.people:
            expected = person.kind in {Person.Kind.INFANT, Person.Kind.CAREGIVER} and person.takes_part
            default = codes.get(person.pk, Attendance.Code.FUTURE if expected and not session else NOT_EXPECTED)
            self.fields[came_field(person)] = forms.ChoiceField(
                label=person.short_name,
                choices=[(NOT_EXPECTED, "Not expected"), (Attendance.Code.FUTURE, "Expected: not yet"), *_CAME],
                initial=default,
            )
        self.submit_label = "Save this session"

    def _initial(self, by: User) -> dict[str, Any]:
        if self.session is not None:
            start = timezone.localtime(self.session.starts_at)
            return {
                **{
                    name: getattr(self.session, name)
                    for name in ("kind", "minutes", "place", "place_detail", "practitioner", "cycle")
                },
                "on": start.date(),
                "at": start.time(),
            }
        works = by if by.can(Permission.ANALYSE_FILM) else self.case.lead
        return {
            "practitioner": works.pk if works else None,
            "minutes": 75,
            "on": timezone.localdate(),
            "cycle": open_cycles(self.case).first(),
            "place": VigSession.Place.HOME,
        }

    @property
    def layout(self) -> Sequence[Any]:  # type: ignore[override]
        return [
            "kind",
            "on",
            Row("at", "minutes"),
            "place",
            "place_detail",
            Row("practitioner", "cycle"),
            Fieldset(
                "Who is expected, or who came?",
                *(came_field(person) for person in self.people),
                hint="Leave at “not yet” for a session to come.",
            ),
        ]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if data.get("on") and data.get("at"):
            self.starts_at = timezone.make_aware(datetime.combine(data["on"], data["at"]))
            far = timezone.now()
            if not (far.year - 5 <= self.starts_at.year <= far.year + 2):
                self.add_error("on", "Check the year: the day is far from today")
        if data.get("kind") == VigSession.Kind.FILMING and not self.errors and self._only_unborn():
            raise ValidationError("Filming waits until the baby is born. Choose another kind of session.")
        return data

    def _only_unborn(self) -> bool:
        infants = [person for person in self.people if person.kind == Person.Kind.INFANT]
        return bool(infants) and all(person.unborn for person in infants)

    def facts(self) -> dict[str, Any]:
        """What ``log_session`` and ``change_session`` ask for."""
        data = self.cleaned_data
        return {
            **{name: data[name] for name in ("kind", "minutes", "place", "place_detail", "practitioner", "cycle")},
            "starts_at": self.starts_at,
            "codes": {
                person: data[came_field(person)] for person in self.people if data[came_field(person)] != NOT_EXPECTED
            },
        }


_CAME = [(value, label) for value, label in Attendance.Code.choices if value != Attendance.Code.FUTURE]


def came_field(person: Person) -> str:
    return f"came_{person.pk.hex}"


class CancelForm(NhsForm):
    """Who called a session off."""

    submit_label = "Cancel this session"
    cancel_label = "Keep it"
    who = forms.ChoiceField(
        label="Who cancels?",
        choices=[("family", "The family, or somebody for them"), ("service", "We do")],
        widget=forms.RadioSelect,
    )
    nouns = {"who": "who cancels"}
