"""A birth, of one baby or more."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from django import forms

from accounts.models import User
from families.actions import Birth
from families.forms.fields import GestationField, Line, NhsNumberField
from families.forms.people import InfantForm, KnownPersonMixin
from families.models import Person
from nhsuk_forms.fields import DateInputField
from nhsuk_forms.forms import NhsForm
from nhsuk_forms.layout import Row

EARLIEST_BIRTH = timedelta(weeks=18)  # before the expected date: at 22 weeks; anything earlier is a slip of the pen
MOST_BABIES = 3
ORDERS = [("1", "First"), ("2", "Second"), ("3", "Third")]


class BirthForm(KnownPersonMixin, NhsForm):
    """The baby was born: the same person, now with a date of birth."""

    submit_label = ""
    date_of_birth = DateInputField(label="Date of birth", not_future=True)
    first_name = Line(label="First name", required=False, max_length=100)
    last_name = Line(label="Last name", required=False, max_length=100)
    known_as = Line(
        label="Known as",
        required=False,
        max_length=100,
        help_text="If there is no name yet: what the family calls the baby",
    )
    gestation_days = GestationField()
    nhs_number = NhsNumberField()
    nouns = {"date_of_birth": "the date of birth"}
    looks = InfantForm.looks
    layout: Sequence[Any] = [
        "date_of_birth",
        Row("first_name", "last_name", "known_as"),
        "gestation_days",
        "nhs_number",
    ]

    def __init__(self, *args: Any, by: User, person: Person | None, expected_on: date | None, **kwargs: Any) -> None:
        self.by, self.person = by, person
        if person is not None:
            names = ("first_name", "last_name", "known_as")
            kwargs.setdefault("initial", {name: getattr(person, name) for name in names})
        super().__init__(*args, **kwargs)
        if expected_on:
            self.fields["date_of_birth"].earliest = expected_on - EARLIEST_BIRTH  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if not self.errors and not (data.get("first_name") or data.get("known_as")):
            self.add_error("first_name", "Enter the baby’s first name, or what the family calls the baby")
        return data

    def values(self) -> dict[str, Any]:
        """What was typed about this baby, as a ``Birth`` asks for it."""
        names = ("date_of_birth", "first_name", "last_name", "known_as", "gestation_days", "nhs_number")
        return {name: self.cleaned_data[name] for name in names}


class TwinForm(BirthForm):
    """Another baby of the same birth: expected too, or not known of until then."""

    born_too = forms.BooleanField(label="This baby was born too", required=False)
    date_of_birth = DateInputField(
        label="Date of birth", required=False, not_future=True, help_text="Leave empty if it was the same day"
    )
    birth_order = forms.ChoiceField(
        label="Which one was born first?", choices=ORDERS, widget=forms.RadioSelect, required=False
    )
    looks = {**BirthForm.looks, "birth_order": {"inline": True}}
    layout: Sequence[Any] = ["born_too", "birth_order", *BirthForm.layout]

    def __init__(self, *args: Any, name: str, number: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["born_too"].label = f"{name} was born too"
        self.fields["birth_order"].label = (
            f"When was {name[:1].lower()}{name[1:]} born?" if self.person is None else (f"When was {name} born?")
        )
        self.fields["birth_order"].initial = str(number)

    def full_clean(self) -> None:
        super().full_clean()
        if self.is_bound and not self.cleaned_data.get("born_too"):
            self.errors.clear()  # a baby of whom nothing was said

    @property
    def told(self) -> bool:
        return self.is_bound and bool(self.cleaned_data.get("born_too"))


def births_of(first: BirthForm, others: Sequence[TwinForm]) -> list[Birth]:
    """The births that were told of. What is the same for all (day, weeks) is asked once and holds for the others;
    whoever's place in the order was not said takes the one that is left."""
    told = [form for form in others if form.told]
    same = first.values()
    orders = [int(form.cleaned_data["birth_order"] or 0) or None for form in told]
    left = next(number for number in range(1, MOST_BABIES + 2) if number not in orders)
    births = [Birth(person=first.person, birth_order=left if told else None, **same)]
    for form, order in zip(told, orders, strict=True):
        said = form.values()
        said["date_of_birth"] = said["date_of_birth"] or same["date_of_birth"]
        said["gestation_days"] = said["gestation_days"] or same["gestation_days"]
        births.append(Birth(person=form.person, birth_order=order, **said))
    return births
