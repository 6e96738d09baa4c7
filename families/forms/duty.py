"""Forms of the duty rota and of alerts."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from accounts.models import Permission, Team, User
from accounts.roles import PERMISSIONS
from families.forms.case import WorkerChoiceField
from families.forms.fields import PhoneField, Prose
from families.models.duty import DutyShift
from families.phones import is_mobile
from nhsuk_forms.fields import DateInputField, TimeInputField
from nhsuk_forms.forms import NhsForm

ON_DUTY_ROLES = [role for role, rights in PERMISSIONS.items() if Permission.SEE_CASES in rights]


class ShiftForm(NhsForm):
    """Who is on duty, from when to when."""

    submit_label = "Save this duty"
    person = WorkerChoiceField(label="Who is on duty?", queryset=User.objects.none(), empty_label="Select somebody")
    deputy = WorkerChoiceField(
        label="Deputy",
        queryset=User.objects.none(),
        required=False,
        empty_label="Nobody",
        help_text="Told when an alert is not answered",
    )
    team = forms.ModelChoiceField(
        label="For which team?", queryset=Team.objects.all(), required=False, empty_label="Every team"
    )
    on = DateInputField(label="Day")
    starts = TimeInputField(label="From", help_text="For example 9:00")
    ends = TimeInputField(label="To", help_text="A time before the start is on the next day")
    phone = PhoneField(
        label="Telephone carried on duty", required=False, help_text="Alerts are also sent there by text message"
    )
    until = DateInputField(
        label="Also every working day until", required=False, help_text="Leave empty for this day alone"
    )
    nouns = {"person": "who is on duty", "on": "the day", "starts": "when duty begins", "ends": "when duty ends"}
    looks = {"phone": {"width": 20}, "starts": {"width": 5}, "ends": {"width": 5}}

    def __init__(self, *args: Any, shift: DutyShift | None = None, **kwargs: Any) -> None:
        if shift is not None:
            begins, ends = timezone.localtime(shift.starts_at), timezone.localtime(shift.ends_at)
            kwargs.setdefault(
                "initial",
                {
                    "person": shift.person_id,
                    "deputy": shift.deputy_id,
                    "team": shift.team_id,
                    "on": begins.date(),
                    "starts": begins.time(),
                    "ends": ends.time(),
                    "phone": shift.phone,
                },
            )
        super().__init__(*args, **kwargs)
        people = User.objects.filter(is_active=True, role__in=ON_DUTY_ROLES).select_related("team").order_by("name")
        for name in ("person", "deputy"):
            self.fields[name].queryset = people  # type: ignore[attr-defined]
        if shift is not None:
            del self.fields["until"]

    def clean_phone(self) -> str:
        phone = str(self.cleaned_data["phone"])
        if phone and not is_mobile(phone):
            raise ValidationError("Enter a mobile number: text messages do not arrive at this one")
        return phone

    def values(self) -> dict[str, Any]:
        """What the rota's actions take; in the service's own time zone, also over midnight."""
        data = dict(self.cleaned_data)
        on, starts, ends = data.pop("on"), data.pop("starts"), data.pop("ends")
        last = on if ends > starts else on + timedelta(days=1)
        data["starts_at"] = timezone.make_aware(datetime.combine(on, starts))
        data["ends_at"] = timezone.make_aware(datetime.combine(last, ends))
        return data


class DutyRulesForm(NhsForm):
    """How long an alert may wait."""

    submit_label = "Save"
    deputy_after = forms.IntegerField(
        label="Minutes until the deputy is told", min_value=1, max_value=24 * 60, help_text="When nobody has answered"
    )
    managers_after = forms.IntegerField(
        label="Minutes until the managers are told", min_value=1, max_value=24 * 60, help_text="From the beginning"
    )
    out_of_hours = Prose(
        label="What is said when nobody is on duty",
        max_length=2000,
        help_text="Shown on the duty page. Name the numbers that people can call instead.",
    )
    looks = {"deputy_after": {"width": 4}, "managers_after": {"width": 4}}
    nouns = {"deputy_after": "a number of minutes", "managers_after": "a number of minutes"}


class AnswerForm(NhsForm):
    """Saying that one has an alert."""

    submit_label = "I have this"
    answer = Prose(
        label="What do you do about it?",
        max_length=2000,
        required=False,
        help_text="It climbs no further. What was done belongs in the record.",
    )
    looks = {"answer": {"rows": 3}}
