"""Forms about a copy of somebody's record."""

from __future__ import annotations

from typing import Any

from django import forms

from families.forms.fields import Line, Prose
from families.models import AccessPack, Case, Person
from nhsuk_forms.fields import DateInputField
from nhsuk_forms.forms import NhsForm


class PersonChoice(forms.ModelChoiceField):
    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.display_name} ({obj.get_kind_display().lower()})"


class AskForPackForm(NhsForm):
    """Who asks for whose record, and how that was made sure."""

    submit_label = "Gather the record"
    person = PersonChoice(
        label="Whose record?", queryset=Person.objects.none(), widget=forms.RadioSelect, empty_label=None
    )
    asked_by = forms.ChoiceField(label="Who asks?", choices=AccessPack.AskedBy.choices, widget=forms.RadioSelect)
    asked_by_name = Line(label="Their name, if somebody else asks", max_length=150, required=False)
    asked_on = DateInputField(
        label="When did they ask?", not_future=True, help_text="The copy is due one month after this day"
    )
    identity = Prose(
        label="How did you make sure who asks?",
        max_length=300,
        help_text="For example: “known to me; showed her passport”. For another’s record: what gives them the right",
    )
    nouns = {
        "person": "whose record it is",
        "asked_by": "who asks",
        "asked_on": "the day on which they asked",
        "identity": "how you made sure who asks",
    }
    looks = {"identity": {"rows": 3}}

    def __init__(self, *args: Any, case: Case, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["person"].queryset = case.people.order_by("created_at")  # type: ignore[attr-defined]
