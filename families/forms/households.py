"""The form about somebody's place in one more household."""

from __future__ import annotations

from typing import Any

from django import forms

from families.forms.fields import Line
from families.forms.people import CARING, LIVES_WITH, YES_NO
from families.models import Membership, Person
from nhsuk_forms.forms import NhsForm

Relationship = Membership.Relationship
Responsibility = Membership.ParentalResponsibility
# What a child is in any household; nobody is asked.
OF_A_CHILD = {Person.Kind.INFANT: Relationship.INFANT, Person.Kind.SIBLING: Relationship.SIBLING}


class JoinForm(NhsForm):
    """Who somebody is in this family."""

    submit_label = "Add them to this family"
    relationship = forms.ChoiceField(label="Who they are to the baby", choices=[("", "Select an option"), *CARING])
    relationship_word = Line(
        label="Their own word for it", required=False, max_length=40, help_text="For example Dad, Nan or Mama Jo"
    )
    parental_responsibility = forms.ChoiceField(
        label="Do they have parental responsibility?", choices=Responsibility.choices, widget=forms.RadioSelect
    )
    lives_with_infant = forms.ChoiceField(
        label="Do they live in this household?", choices=LIVES_WITH, initial="unknown", widget=forms.RadioSelect
    )
    nouns = {
        "relationship": "who they are to the baby",
        "parental_responsibility": "whether they have parental responsibility",
    }
    looks = {
        "relationship_word": {"width": 20},
        "parental_responsibility": {"inline": True},
        "lives_with_infant": {"inline": True},
    }

    def __init__(self, *args: Any, person: Person, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.person = person
        if person.kind in OF_A_CHILD:
            for name in ("relationship", "relationship_word", "parental_responsibility"):
                del self.fields[name]

    def facts(self) -> dict[str, Any]:
        """What ``actions.join_household`` takes."""
        facts = {**self.cleaned_data, "lives_with_infant": YES_NO[self.cleaned_data["lives_with_infant"]]}
        if self.person.kind in OF_A_CHILD:
            facts |= {
                "relationship": OF_A_CHILD[Person.Kind(self.person.kind)],
                "parental_responsibility": Responsibility.NO,
            }
        return facts
