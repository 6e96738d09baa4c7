"""Accounts and teams, as an administrator fills them in."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from accounts.models import Role, Team, User
from accounts.roles import DESCRIPTIONS
from nhsuk_forms.forms import NhsForm

WITH_TEAM = {Role.PRACTITIONER, Role.TRAINEE, Role.SUPERVISOR}


class PersonForm(NhsForm):
    """Add somebody, or change who they are here."""

    name = forms.CharField(label="Full name", max_length=150)
    email = forms.EmailField(label="Email address", help_text="Their work address. They sign in with it")
    role = forms.ChoiceField(label="Role", choices=Role.choices, widget=forms.RadioSelect)
    supervisor = forms.ModelChoiceField(label="Supervisor", queryset=User.objects.none())
    teams_managed = forms.ModelMultipleChoiceField(
        label="Teams that they manage", queryset=Team.objects.none(), widget=forms.CheckboxSelectMultiple
    )
    team = forms.ModelChoiceField(
        label="Team",
        queryset=Team.objects.none(),
        required=False,
        help_text="People who work with families see those of their team",
    )
    mark_optional = False
    reveals = {"role": {Role.TRAINEE.value: ["supervisor"], Role.MANAGER.value: ["teams_managed"]}}
    looks = {
        "name": {"width": 20, "autocomplete": "off"},
        "email": {"autocomplete": "off"},
        "role": {"hints": {str(role): words for role, words in DESCRIPTIONS.items()}},
    }
    nouns = {
        "name": "their full name",
        "email": "their email address",
        "role": "a role",
        "teams_managed": "at least one team",
    }

    def __init__(self, *args: Any, user: User | None = None, **kwargs: Any) -> None:
        self.user = user
        if user is not None:
            kwargs.setdefault(
                "initial",
                {
                    "name": user.name,
                    "email": user.email,
                    "role": user.role,
                    "team": user.team_id,
                    "supervisor": user.supervisor_id,
                    "teams_managed": list(user.teams_managed.values_list("pk", flat=True)),
                },
            )
        super().__init__(*args, **kwargs)
        self.submit_label = "Save the changes" if user else "Add this person"
        supervisors = User.objects.filter(role=Role.SUPERVISOR, is_active=True)
        if user is not None:
            supervisors = supervisors.exclude(pk=user.pk)
        self.fields["supervisor"].queryset = supervisors  # type: ignore[attr-defined]
        for name in ("team", "teams_managed"):
            self.fields[name].queryset = Team.objects.all()  # type: ignore[attr-defined]

    def clean_email(self) -> str:
        email: str = self.cleaned_data["email"].strip().lower()
        others = User.objects.filter(email__iexact=email)
        if self.user is not None:
            others = others.exclude(pk=self.user.pk)
        if other := others.first():
            raise ValidationError(f"{other.name} has an account with this address")
        return email

    def clean(self) -> dict[str, Any]:
        if self.cleaned_data.get("role") in WITH_TEAM and not self.cleaned_data.get("team"):
            self.add_error("team", "Select a team: this role works with the families of one")
        return self.cleaned_data


class TeamForm(NhsForm):
    """A team's name."""

    name = forms.CharField(label="Name of the team", max_length=100)
    looks = {"name": {"width": 20, "autocomplete": "off"}}
    nouns = {"name": "a name for the team"}

    def __init__(self, *args: Any, team: Team | None = None, **kwargs: Any) -> None:
        self.team = team
        if team is not None:
            kwargs.setdefault("initial", {"name": team.name})
        super().__init__(*args, **kwargs)
        self.submit_label = "Save the name" if team else "Add this team"

    def clean_name(self) -> str:
        name: str = self.cleaned_data["name"].strip()
        others = Team.objects.filter(name__iexact=name)
        if self.team is not None:
            others = others.exclude(pk=self.team.pk)
        if others.exists():
            raise ValidationError("There is a team with this name")
        return name
