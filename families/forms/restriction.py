"""Forms about who may open a record."""

from __future__ import annotations

from typing import Any

from django import forms

from accounts.models import Permission, User
from accounts.roles import PERMISSIONS
from families.forms.case import LONGEST_TEXT
from families.forms.fields import Prose
from families.models import Case, Restriction
from nhsuk_forms.forms import NhsForm


def people_who_read() -> Any:
    """Everybody whose role opens records at all."""
    roles = [role for role, rights in PERMISSIONS.items() if Permission.SEE_CASES in rights]
    return User.objects.filter(is_active=True, role__in=roles).select_related("team").order_by("name")


class ReadersField(forms.ModelMultipleChoiceField):
    widget = forms.CheckboxSelectMultiple

    def label_from_instance(self, obj: Any) -> str:
        where = f", {obj.team.name}" if obj.team else ""
        return f"{obj.name} ({obj.get_role_display().lower()}{where})"


class RestrictForm(NhsForm):
    """Who may open the record from now on, and why nobody else."""

    submit_label = "Restrict this record"
    named = ReadersField(
        label="Who may open this record?",
        queryset=User.objects.none(),
        help_text="Whoever works with the family, and at least one manager",
        error_messages={"required": "Select who may open this record"},
    )
    reason = Prose(label="Why only they?", max_length=LONGEST_TEXT, help_text="Only the people named can read this")

    def __init__(self, *args: Any, case: Case, standing: Restriction | None, **kwargs: Any) -> None:
        named = standing.named.all() if standing else [case.lead, *case.co_workers.all()]
        kwargs.setdefault(
            "initial",
            {
                "named": [person.pk for person in named if person is not None],
                "reason": standing.reason if standing else "",
            },
        )
        super().__init__(*args, **kwargs)
        if standing:
            self.submit_label = "Save who may open this record"
        self.fields["named"].queryset = people_who_read()  # type: ignore[attr-defined]


class LiftForm(NhsForm):
    """Why the record may be opened again."""

    submit_label = "Lift the restriction"
    reason = Prose(label="Why may the team open this record again?", max_length=LONGEST_TEXT)
