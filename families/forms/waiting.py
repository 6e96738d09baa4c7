"""Forms of the waiting list."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms

from accounts.models import User
from families.actions.waiting import MOST_CASES
from families.caseload import Loads
from families.forms.case import WorkerChoiceField, people_who_work_with_families
from families.forms.fields import Line
from families.models import Unavailability
from nhsuk_forms.fields import DateInputField
from nhsuk_forms.forms import NhsForm, make_nhs


class UnavailableForm(NhsForm):
    """From when until when a family cannot take part."""

    submit_label = "Save"
    reason = forms.ChoiceField(
        label="Why can they not take part?", choices=Unavailability.Reason.choices, widget=forms.RadioSelect
    )
    from_on = DateInputField(label="From which day?")
    until_on = DateInputField(
        label="Until which day?", required=False, help_text="The last day of it. Leave it empty if nobody knows yet"
    )
    note = Line(label="Anything to know?", required=False, max_length=200)
    nouns = {"reason": "why they cannot take part", "from_on": "the first day", "until_on": "the last day"}

    def __init__(self, *args: Any, row: Unavailability | None = None, **kwargs: Any) -> None:
        if row is not None:
            names = ("reason", "from_on", "until_on", "note")
            kwargs.setdefault("initial", {name: getattr(row, name) for name in names})
        super().__init__(*args, **kwargs)
        self.fields["reason"].error_messages["required"] = "Select why they cannot take part"


class GiveForm(NhsForm):
    """Who works with the chosen families; how many each has already."""

    submit_label = ""
    to = WorkerChoiceField(
        label="Give the chosen ones to", queryset=User.objects.none(), empty_label="Select a practitioner"
    )
    nouns = {"to": "a practitioner"}

    def __init__(self, *args: Any, loads: Loads, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["to"]
        field.queryset = people_who_work_with_families()
        field.label_from_instance = lambda each: (
            f"{WorkerChoiceField.label_from_instance(field, each)}: {loads.words(each)}"
        )


class CapacityForm(NhsForm):
    """With how many families each person of a team can work."""

    submit_label = "Save"
    mark_optional = False

    def __init__(self, *args: Any, people: Sequence[User], loads: Loads, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.people = {f"cases_{person.pk}": person for person in people}
        for name, person in self.people.items():
            number = loads.cases.get(person.pk, 0)
            field = forms.IntegerField(
                label=person.name,
                required=False,
                min_value=0,
                max_value=MOST_CASES,
                initial=loads.capacities.get(person.pk),
                help_text=f"{number} open case{'' if number == 1 else 's'} now",
                error_messages={
                    "invalid": f"Enter a whole number for {person.name}",
                    "min_value": f"Enter 0 or more for {person.name}",
                    "max_value": f"Enter {MOST_CASES} or fewer for {person.name}",
                },
            )
            field.widget.attrs["inputmode"] = "numeric"
            self.fields[name] = field
            make_nhs(field, name)
        self.looks = {name: {"width": 4} for name in self.people}

    def wanted(self) -> dict[User, int | None]:
        return {person: self.cleaned_data[name] for name, person in self.people.items()}
