"""The form of something to do for a family."""

from __future__ import annotations

from typing import Any

from django.db.models import Q

from accounts.models import Permission, User
from accounts.roles import PERMISSIONS
from families.forms.case import WorkerChoiceField
from families.forms.fields import Line, Prose
from families.models import Case
from nhsuk_forms.fields import DateInputField
from nhsuk_forms.forms import NhsForm

ROLES = [role for role, rights in PERMISSIONS.items() if Permission.EDIT_CASES in rights]


class TaskForm(NhsForm):
    """What is to be done, by when, by whom."""

    submit_label = "Save this task"
    title = Line(label="What is to be done?", max_length=200)
    due_on = DateInputField(label="By when?", required=False)
    person = WorkerChoiceField(
        label="For whom?", queryset=User.objects.none(), required=False, empty_label="Whoever leads the case"
    )
    detail = Prose(label="More about it", required=False, max_length=4000)
    nouns = {"title": "what is to be done"}
    looks = {"detail": {"rows": 3}}

    def __init__(self, *args: Any, case: Case, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # Whoever may open this record because of their team or because they work with the family.
        near = Q(team=case.team_id) | Q(pk=case.lead_id) | Q(cases_joined=case) | Q(teams_managed=case.team_id)
        people = User.objects.filter(near, is_active=True, role__in=ROLES).distinct()
        self.fields["person"].queryset = people.select_related("team").order_by("name")  # type: ignore[attr-defined]
