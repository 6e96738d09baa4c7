"""Forms about an episode of care: opening, leading, moving on, closing, opening for a written reason."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import Q
from django.utils import timezone

from accounts.models import Permission, Team, User
from accounts.roles import PERMISSIONS
from families.actions.glass import SHORTEST_REASON
from families.forms.fields import Line, Prose
from families.models import Case, Closure, ClosureReason, Meaning, Pathway, PathwayStage, Person
from families.pathways import AFTER_LOSS
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

    pathway = forms.ModelChoiceField(
        label="Pathway",
        queryset=Pathway.objects.none(),
        required=False,
        empty_label=None,
        help_text="It can be changed at any time",
    )
    layout = ["pathway", "team", "lead"]

    def __init__(self, *args: Any, by: User, **kwargs: Any) -> None:
        kwargs.setdefault("initial", {"team": by.team_id, "lead": by.pk if by.can(Permission.ANALYSE_FILM) else None})
        super().__init__(*args, **kwargs)
        self.fields["lead"].queryset = people_who_work_with_families()  # type: ignore[attr-defined]
        self.fields["pathway"].queryset = Pathway.objects.filter(active=True)  # type: ignore[attr-defined]


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
    """How far the work with a family has come, in the stages of its pathway."""

    submit_label = "Save the stage"
    stage = forms.ModelChoiceField(
        label="Stage", queryset=PathwayStage.objects.none(), widget=forms.RadioSelect, empty_label=None
    )

    def __init__(self, *args: Any, case: Case, **kwargs: Any) -> None:
        kwargs.setdefault("initial", {"stage": case.place_id})
        super().__init__(*args, **kwargs)
        offered = Q(active=True) | Q(pk=case.place_id)
        rows = PathwayStage.objects.filter(offered, pathway=case.pathway_id).exclude(meaning=Meaning.CLOSED)
        self.fields["stage"].queryset = rows.order_by("position")  # type: ignore[attr-defined]


class PathwayForm(NhsForm):
    """Another way of working with a family."""

    submit_label = "Save the pathway"
    pathway = forms.ModelChoiceField(
        label="Pathway", queryset=Pathway.objects.none(), widget=forms.RadioSelect, empty_label=None
    )
    reason = Prose(label="Why does it change?", max_length=LONGEST_TEXT, help_text="Nothing written so far is lost")
    nouns = {"reason": "why the pathway changes"}
    looks = {"reason": {"rows": 3}}

    def __init__(self, *args: Any, case: Case, **kwargs: Any) -> None:
        kwargs.setdefault("initial", {"pathway": case.pathway_id})
        super().__init__(*args, **kwargs)
        offered = Pathway.objects.filter(Q(active=True) | Q(pk=case.pathway_id))
        self.fields["pathway"].queryset = offered  # type: ignore[attr-defined]


class CloseForm(NhsForm):
    """The end of an episode of care."""

    submit_label = "Close this case"
    closed_on = DateInputField(label="The day it ended", not_future=True)
    why = forms.ModelChoiceField(
        label="Why does the work end?",
        queryset=ClosureReason.objects.none(),
        widget=forms.RadioSelect,
        empty_label=None,
    )
    reason = Prose(
        label="Summary",
        max_length=LONGEST_TEXT,
        help_text="How the work went and how it ended, as you would say it to the family",
    )
    goals = forms.ChoiceField(
        label="What became of the goals?", choices=Closure.Goals.choices, widget=forms.RadioSelect
    )
    goals_note = Prose(label="In their words, or yours", max_length=LONGEST_TEXT, required=False)
    nouns = {
        "closed_on": "the day it ended",
        "why": "why the work ends",
        "reason": "a summary of how the work went",
        "goals": "what became of the goals",
    }
    looks = {"goals_note": {"rows": 3}}

    def __init__(self, *args: Any, case: Case, **kwargs: Any) -> None:
        kwargs.setdefault("initial", {"closed_on": timezone.localdate()})
        super().__init__(*args, **kwargs)
        self.fields["closed_on"].earliest = case.opened_on  # type: ignore[attr-defined]
        rows = ClosureReason.objects.filter(active=True)
        if not case.people.exclude(lost="").exists():  # nobody need read it where nobody has died
            rows = rows.exclude(key=AFTER_LOSS)
        self.fields["why"].queryset = rows  # type: ignore[attr-defined]


class NextCaseForm(OpenCaseForm):
    """A family that comes back: who of them, and who works with them now."""

    submit_label = "Open this case"
    people = forms.ModelMultipleChoiceField(
        label="Who is in it?",
        queryset=Person.objects.none(),
        widget=forms.CheckboxSelectMultiple,
        help_text="Somebody new can be added afterwards",
    )
    layout = ["people", "pathway", "team", "lead"]
    nouns = {"people": "who is in it"}

    def __init__(self, *args: Any, case: Case, by: User, **kwargs: Any) -> None:
        initial = {"team": case.team_id, "pathway": case.pathway_id, "people": [each.pk for each in case.people.all()]}
        kwargs.setdefault("initial", initial | {"lead": by.pk if by.can(Permission.ANALYSE_FILM) else None})
        super().__init__(*args, by=by, **kwargs)
        people = Person.objects.filter(memberships__family=case.family_id).distinct().order_by("created_at")
        self.fields["people"].queryset = people  # type: ignore[attr-defined]


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
