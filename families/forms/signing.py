"""What somebody is asked to sign on screen, chosen at the desk before the device is handed over."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms

from families.consent import Purpose
from families.models import Person
from nhsuk_forms.forms import NhsForm

USUALLY: tuple[str, ...] = (Purpose.FILM, Purpose.SHARED_REVIEW, Purpose.SUPERVISION)


class SignForm(NhsForm):
    """For whom, and about what."""

    submit_label = ""
    whom = forms.MultipleChoiceField(label="For whom do they decide?", widget=forms.CheckboxSelectMultiple)
    purposes = forms.MultipleChoiceField(
        label="What will you ask about?", choices=Purpose.choices, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, signer: Person, people: Sequence[Person], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.people = {str(person.pk): person for person in people}
        self.fields["whom"].choices = [  # type: ignore[attr-defined]
            (key, f"{signer.short_name}, for themselves" if person == signer else person.display_name)
            for key, person in self.people.items()
        ]
        self.fields["whom"].initial = list(self.people)
        self.fields["purposes"].initial = list(USUALLY)
        self.fields["whom"].error_messages["required"] = "Select for whom they decide"
        self.fields["purposes"].error_messages["required"] = "Select what you will ask about"

    def chosen(self) -> list[Person]:
        return [self.people[key] for key in self.cleaned_data["whom"]]
