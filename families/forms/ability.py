"""The form on which it is written down whether somebody can decide about film."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from accounts.models import User
from families import actions
from families.consent import Purpose
from families.forms.fields import Line, Prose, add_action_error
from families.forms.signing import USUALLY
from families.models import Ability, Case, Person
from nhsuk_forms.fields import DateInputField
from nhsuk_forms.forms import NhsForm

Finding = Ability.Finding


class AbilityForm(NhsForm):
    """Competence of a caregiver under 16, or a concern about capacity: who looked, when, what for, why."""

    submit_label = "Save this"
    purposes = forms.MultipleChoiceField(
        label="What is it about?", choices=Purpose.choices, initial=list(USUALLY), widget=forms.CheckboxSelectMultiple
    )
    finding = forms.ChoiceField(label="What was found?", widget=forms.RadioSelect)
    reasons = Prose(
        label="What did you see and hear that says so?",
        help_text="For example how they put into their own words what the films are for, what they worry about, and "
        "that they can say no.",
    )
    found_by = Line(label="Who looked at it with them?", help_text="Name and role", max_length=150)
    found_on = DateInputField(label="When?", not_future=True)
    nouns = {
        "reasons": "what says so",
        "found_by": "the name and role of who looked at it with them",
        "found_on": "the day",
    }

    def __init__(self, *args: Any, person: Person, by: User, young: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.person, self.by = person, by
        name = person.short_name
        can = f"{name} understands enough to decide alone" if young else f"{name} can decide about this"
        cannot = (
            f"{name} does not understand enough to decide alone yet"
            if young
            else f"{name} cannot decide about this at present, also with help"
        )
        self.fields["finding"].choices = [  # type: ignore[attr-defined]
            (Finding.CAN.value, can),
            (Finding.CANNOT.value, cannot),
            (Finding.CONCERN.value, "There is a concern, and it is to be looked at"),
        ]
        self.fields["found_by"].initial = by.name

    def save(self, case: Case) -> list[Ability]:
        data = self.cleaned_data
        try:
            return actions.record_ability(by=self.by, case=case, person=self.person, **data)
        except ValidationError as error:
            add_action_error(self, error)
            return []
