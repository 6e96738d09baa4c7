"""Forms about an adoption by a new family: the record that begins, and who may know where it came from."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms

from accounts.models import Team, User
from families.actions.adoption import NewRecord
from families.actions.placement import NewCarer
from families.forms.case import WorkerChoiceField, people_who_work_with_families
from families.forms.fields import Line, NhsNumberField, PhoneField
from families.forms.placement import NEW
from families.forms.restriction import ReadersField, people_who_read
from families.models import Adoption, Case, Person
from families.queries import Member
from families.responsibility import PARENTS
from nhsuk_forms.fields import DateInputField
from nhsuk_forms.forms import NhsForm
from nhsuk_forms.layout import Details, Row

APART = "apart"


class AdoptionForm(NhsForm):
    """Who the child is now, who adopted, who may open the record from before. Read through before it is saved."""

    submit_label = "See what this does"
    from_on = DateInputField(label="On which day was the adoption order made?", not_future=True)
    authority = Line(label="Court", required=False, max_length=120)
    first_name = Line(label="First name now", max_length=100)
    last_name = Line(label="Last name now", required=False, max_length=100)
    known_as = Line(label="Known as", required=False, max_length=100)
    nhs_number = NhsNumberField(
        label="NHS number now", help_text="A child is given a new one. Leave it empty until you have it"
    )
    into = forms.ChoiceField(
        label="Did the same family adopt a brother or sister?",
        widget=forms.RadioSelect,
        help_text="Then both are in one record",
    )
    adopters = forms.MultipleChoiceField(label="Who adopted?", widget=forms.CheckboxSelectMultiple)
    new_first_name = Line(label="First name", max_length=100)
    new_last_name = Line(label="Last name", required=False, max_length=100)
    phone = PhoneField()
    second_first_name = Line(label="First name of a second parent", required=False, max_length=100)
    second_last_name = Line(label="Last name of a second parent", required=False, max_length=100)
    team = forms.ModelChoiceField(label="Team for the new record", queryset=Team.objects.all())
    lead = WorkerChoiceField(
        label="Who leads the work with the new family?",
        queryset=User.objects.none(),
        required=False,
        empty_label="Nobody yet",
    )
    named = ReadersField(
        label="Who may open the record from before?",
        queryset=User.objects.none(),
        help_text="Whoever still works with the birth family, and at least one manager",
        error_messages={"required": "Select who may open the record from before"},
    )
    known_to = ReadersField(
        label="Who may know that the two records belong together?",
        queryset=User.objects.none(),
        help_text="As few as possible, and at least one manager. Nobody else learns it here, whatever their role",
        error_messages={"required": "Select who may know"},
    )
    looks = {
        **{name: {"width": 20, "autocomplete": "off"} for name in ("first_name", "last_name", "known_as")},
        **{name: {"width": 20, "autocomplete": "off"} for name in ("new_first_name", "new_last_name", "phone")},
        "nhs_number": {"width": 10, "inputmode": "numeric"},
    }
    nouns = {
        "from_on": "the day of the order",
        "first_name": "the child’s first name as it is now",
        "new_first_name": "their first name",
        "adopters": "who adopted",
        "team": "a team",
        "into": "whether they adopted a brother or sister",
    }

    def __init__(
        self,
        *args: Any,
        by: User,
        case: Case,
        child: Person,
        members: Sequence[Member],
        begun: Sequence[Case] = (),
        **kwargs: Any,
    ) -> None:
        working = [each for each in (case.lead, *case.co_workers.all(), by) if each is not None]
        initial = {"named": [each.pk for each in working], "known_to": [by.pk], "team": by.team_id or case.team_id}
        kwargs.setdefault("initial", initial)
        super().__init__(*args, **kwargs)
        adults = [
            each
            for each in members
            if each.membership
            and not each.person.lost
            and each.person.kind in {"caregiver", "other"}
            and each.membership.relationship not in PARENTS
        ]
        self.adults = {str(each.person.pk): each.person for each in adults}
        self.begun = {str(each.pk): each for each in begun}
        named = [(str(each.person.pk), f"{each.person.display_name} ({each.word})") for each in adults]
        self._choose("adopters", [*named, (NEW, "Somebody who is not in this record")])
        self._choose(
            "into",
            [
                (APART, "No, a record of their own begins"),
                *((pk, f"Yes, in {each.family.reference}") for pk, each in self.begun.items()),
            ],
        )
        self.fields["lead"].queryset = people_who_work_with_families()  # type: ignore[attr-defined]
        for field in ("named", "known_to"):
            self.fields[field].queryset = people_who_read()  # type: ignore[attr-defined]
        self.fields["from_on"].earliest = child.date_of_birth  # type: ignore[attr-defined]
        new_family: list[Any] = ["adopters", Details("Two of them are new", "second_first_name", "second_last_name")]
        new_family += ["team", "lead"]
        self.reveals = {"adopters": {NEW: ["new_first_name", "new_last_name", "phone"]}}
        if self.begun:
            for name in ("adopters", "team"):
                self.fields[name].required = False  # asked in ``clean``, of a family that is new
        else:
            del self.fields["into"]
        self.layout = [
            "from_on",
            "authority",
            Row("first_name", "last_name"),
            Row("known_as", "nhs_number"),
            *(["into"] if self.begun else []),
            *new_family,
            "named",
            "known_to",
        ]

    def _choose(self, name: str, choices: Sequence[tuple[str, str]]) -> None:
        self.fields[name].choices = choices  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if data.get("second_first_name") and NEW not in data.get("adopters", []):
            self.add_error("adopters", "Select “Somebody who is not in this record”, or empty the second parent")
        if data.get("second_last_name") and not data.get("second_first_name"):
            self.add_error("second_first_name", "Enter the first name of the second parent")
        return data

    def new_record(self) -> NewRecord:
        """What was typed, for ``actions.begin_after_adoption``."""
        said = self.cleaned_data
        new = []
        if NEW in said["adopters"]:
            new = [NewCarer(said["new_first_name"], said["new_last_name"], said["phone"])]
            if said["second_first_name"]:
                new.append(NewCarer(said["second_first_name"], said["second_last_name"]))
        names = ("from_on", "authority", "first_name", "last_name", "known_as", "nhs_number", "team", "lead")
        return NewRecord(
            **{name: said[name] for name in names},
            named=list(said["named"]),
            known_to=list(said["known_to"]),
            adopters=[self.adults[pk] for pk in said["adopters"] if pk in self.adults],
            new_adopters=new,
            into=self.begun.get(said.get("into") or ""),
        )


class WhoKnowsForm(NhsForm):
    """Who may know that two records belong together."""

    submit_label = "Save who may know"
    known_to = ReadersField(
        label="Who may know that the two records belong together?",
        queryset=User.objects.none(),
        help_text="As few as possible, and at least one manager",
        error_messages={"required": "Select who may know"},
    )

    def __init__(self, *args: Any, adoption: Adoption, **kwargs: Any) -> None:
        kwargs.setdefault("initial", {"known_to": [each.pk for each in adoption.known_to.all()]})
        super().__init__(*args, **kwargs)
        self.fields["known_to"].queryset = people_who_read()  # type: ignore[attr-defined]
