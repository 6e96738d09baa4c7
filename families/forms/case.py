"""Forms about an episode of care: opening, leading, moving on, closing, opening for a written reason."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils import timezone

from accounts.models import Permission, Team, User
from accounts.roles import PERMISSIONS
from families.actions.glass import SHORTEST_REASON
from families.forms.fields import Line, Prose
from families.models import Case
from nhsuk_forms.fields import DateInputField
from nhsuk_forms.forms import NhsForm

WORKING_ROLES = [role for role, rights in PERMISSIONS.items() if Permission.ANALYSE_FILM in rights]
LONGEST_TEXT = 4000


def people_who_work_with_families() -> Any:
    return User.objects.filter(is_active=True, role__in=WORKING_ROLES).select_related("team").order_by("name")


class WorkerChoiceField(forms.ModelChoiceField):
    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.name} ({obj.team.name})" if obj.team else obj.name


class WorkersChoiceField(forms.ModelMultipleChoiceField):
    widget = forms.CheckboxSelectMultiple

    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.name} ({obj.team.name})" if obj.team else obj.name


class OpenCaseForm(NhsForm):
    """Who will work with the family."""

    submit_label = ""
    mark_optional = False
    team = forms.ModelChoiceField(label="Team", queryset=Team.objects.all())
    lead = WorkerChoiceField(
        label="Who leads the work?", queryset=User.objects.none(), required=False, empty_label="Nobody yet"
    )

    def __init__(self, *args: Any, by: User, **kwargs: Any) -> None:
        kwargs.setdefault("initial", {"team": by.team_id, "lead": by.pk if by.can(Permission.ANALYSE_FILM) else None})
        super().__init__(*args, **kwargs)
        self.fields["lead"].queryset = people_who_work_with_families()  # type: ignore[attr-defined]


class AllocateForm(NhsForm):
    """Who leads, who joins, which team."""

    submit_label = "Save who works with this family"
    mark_optional = False
    lead = WorkerChoiceField(
        label="Who leads the work?", queryset=User.objects.none(), required=False, empty_label="Nobody yet"
    )
    co_workers = WorkersChoiceField(
        label="Who else works with this family?",
        queryset=User.objects.none(),
        required=False,
        help_text="They can open this record whatever their team",
    )
    team = forms.ModelChoiceField(label="Team", queryset=Team.objects.all(), widget=forms.RadioSelect, empty_label=None)

    def __init__(self, *args: Any, case: Case, **kwargs: Any) -> None:
        kwargs.setdefault(
            "initial",
            {
                "lead": case.lead_id,
                "team": case.team_id,
                "co_workers": list(case.co_workers.values_list("pk", flat=True)),
            },
        )
        super().__init__(*args, **kwargs)
        for name in ("lead", "co_workers"):
            self.fields[name].queryset = people_who_work_with_families()  # type: ignore[attr-defined]


class StageForm(NhsForm):
    """How far the work with a family has come."""

    submit_label = "Save the stage"
    stage = forms.ChoiceField(
        label="Stage",
        choices=[(value, label) for value, label in Case.Stage.choices if value != Case.Stage.CLOSED],
        widget=forms.RadioSelect,
    )


class CloseForm(NhsForm):
    """The end of an episode of care."""

    submit_label = "Close this case"
    closed_on = DateInputField(label="The day it ended", not_future=True)
    reason = Prose(label="Why does the work end?", max_length=LONGEST_TEXT)
    nouns = {"closed_on": "the day it ended", "reason": "why the work ends"}

    def __init__(self, *args: Any, case: Case, **kwargs: Any) -> None:
        kwargs.setdefault("initial", {"closed_on": timezone.localdate()})
        super().__init__(*args, **kwargs)
        self.fields["closed_on"].earliest = case.opened_on  # type: ignore[attr-defined]


class ReopenForm(NhsForm):
    """An episode taken up again."""

    submit_label = "Open this case again"
    reason = Prose(label="Why is the work taken up again?", max_length=LONGEST_TEXT)
    nouns = {"reason": "why the work is taken up again"}


class GlassForm(NhsForm):
    """A reason to open what one's role does not show."""

    submit_label = "Open for one hour"
    reason = Prose(
        label="Why do you need to open it?",
        max_length=LONGEST_TEXT,
        min_length=SHORTEST_REASON,
        help_text="The managers of the family’s team read this today.",
    )
    film = forms.ChoiceField(
        label="Do you need to play its films?",
        choices=[("no", "No"), ("yes", "Yes, while everyone in them agrees")],
        initial="no",
        widget=forms.RadioSelect,
    )
    nouns = {"reason": "why you need to open it"}
    looks = {"film": {"inline": True}}


class GlassByReferenceForm(GlassForm):
    """The same, for a record whose reference is known from elsewhere."""

    reference = Line(
        label="Reference of the record", max_length=20, help_text="It looks like VIG-7K3-MTQ. Names are not searched."
    )
    looks = {**GlassForm.looks, "reference": {"width": 20, "autocomplete": "off", "spellcheck": "false"}}
    layout = ["reference", "reason", "film"]
