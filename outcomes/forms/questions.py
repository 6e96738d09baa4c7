"""Forms about helping questions."""

from __future__ import annotations

from typing import Any

from django import forms

from families.forms.fields import Prose
from families.models import Case, Person
from nhsuk_forms.forms import NhsForm

LONGEST_QUESTION = 500


def grown_ups(case: Case) -> dict[str, Person]:
    """Those of a case who can speak for themselves, by id as text, in the order in which they joined it."""
    kinds = [Person.Kind.CAREGIVER, Person.Kind.OTHER]
    return {str(person.pk): person for person in case.people.filter(kind__in=kinds).order_by("created_at")}


class RewordForm(NhsForm):
    """The question in new words."""

    submit_label = "Save the new words"
    text = Prose(
        label="The helping question",
        max_length=LONGEST_QUESTION,
        help_text="In the family’s own words, for example: What am I doing that helps her settle?",
    )
    nouns = {"text": "the helping question in the family’s own words"}
    looks = {"text": {"rows": 3}}


class QuestionForm(RewordForm):
    """A new helping question, and whose it is."""

    submit_label = "Save this question"
    whose = forms.ChoiceField(label="Whose question is it?", widget=forms.RadioSelect, required=False)

    def __init__(self, *args: Any, case: Case, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.caregivers = grown_ups(case)
        self.mark_optional = False
        self.fields["whose"].choices = [  # type: ignore[attr-defined]
            *((key, person.display_name) for key, person in self.caregivers.items()),
            ("", "Theirs together"),
        ]

    @property
    def person(self) -> Person | None:
        return self.caregivers.get(self.cleaned_data["whose"])
