"""Forms about the people of a family."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from accounts.models import User
from families.actions import CaregiverFacts, InfantFacts
from families.forms.fields import GestationField, LanguageField, Line, NhsNumberField, PhoneField
from families.models import Membership, Person
from nhsuk_forms.fields import DateInputField
from nhsuk_forms.forms import NhsForm
from nhsuk_forms.layout import Details, Row

Relationship = Membership.Relationship
Responsibility = Membership.ParentalResponsibility

BORN, UNBORN = "born", "unborn"
LONGEST_WAIT = timedelta(weeks=42)  # a pregnancy's length: a date further off is a slip of the pen
OVERDUE = timedelta(weeks=6)
CARING = [
    (value, label) for value, label in Relationship.choices if value not in {Relationship.INFANT, Relationship.SIBLING}
]


class KnownPersonMixin:
    """Refuses an NHS number that somebody else already has, as far as the writer may see.

    Not while somebody is added: then the page asks whether it is that person (``families.forms.same``).
    """

    by: User
    person: Person | None

    def clean_nhs_number(self) -> str:
        number: str = self.cleaned_data["nhs_number"]  # type: ignore[attr-defined]
        if number and self.person is not None:
            others = Person.objects.visible_to(self.by).filter(nhs_number=number).exclude(pk=self.person.pk)
            if other := others.first():
                raise ValidationError(
                    f"{other.display_name} already has this NHS number. Check the number, or look for that record."
                )
        return number


class InfantForm(KnownPersonMixin, NhsForm):
    """A baby: born, or expected. A name is never invented."""

    submit_label = "Save this baby"
    first_name = Line(label="First name", required=False, max_length=100, help_text="Leave empty while there is none")
    last_name = Line(label="Last name", required=False, max_length=100)
    known_as = Line(label="Known as", required=False, max_length=100)
    born = forms.ChoiceField(
        label="Is the baby born?", choices=[(BORN, "Yes"), (UNBORN, "Not yet")], widget=forms.RadioSelect
    )
    date_of_birth = DateInputField(label="Date of birth", not_future=True)
    nhs_number = NhsNumberField()
    gestation_days = GestationField()
    expected_on = DateInputField(label="Expected date of delivery")
    pronouns = Line(label="Pronouns", required=False, max_length=40)
    reveals = {"born": {BORN: ["date_of_birth", "gestation_days", "nhs_number"], UNBORN: ["expected_on"]}}
    nouns = {"date_of_birth": "the date of birth", "expected_on": "the expected date of delivery"}
    looks = {
        "first_name": {"width": 20},
        "last_name": {"width": 20},
        "known_as": {"width": 20},
        "nhs_number": {"width": 10, "inputmode": "numeric"},
        "gestation_days": {"width": 10},
        "pronouns": {"width": 10},
    }
    layout: Sequence[Any] = [
        Row("first_name", "last_name"),
        "born",
        Details("Known as, pronouns", Row("known_as", "pronouns")),
    ]

    def __init__(self, *args: Any, by: User, person: Person | None = None, **kwargs: Any) -> None:
        self.by, self.person = by, person
        if person is not None:
            kwargs.setdefault(
                "initial",
                {
                    **{name: getattr(person, name) for name in ("first_name", "last_name", "known_as", "pronouns")},
                    "born": UNBORN if person.unborn else BORN,
                    "date_of_birth": person.date_of_birth,
                    "expected_on": person.expected_on,
                    "gestation_days": person.gestation_days,
                    "nhs_number": person.nhs_number,
                },
            )
        super().__init__(*args, **kwargs)
        today = timezone.localdate()
        self.fields["expected_on"].earliest = today - OVERDUE  # type: ignore[attr-defined]
        self.fields["expected_on"].latest = today + LONGEST_WAIT  # type: ignore[attr-defined]
        self.fields["born"].error_messages["required"] = "Select whether the baby is born"

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if data.get("born") == BORN and not (data.get("first_name") or data.get("known_as")):
            self.add_error("first_name", "Enter the baby’s first name, or what the family calls the baby")
        return data

    def _values(self) -> dict[str, Any]:
        names = (
            "first_name",
            "last_name",
            "known_as",
            "pronouns",
            "date_of_birth",
            "nhs_number",
            "expected_on",
            "gestation_days",
        )
        values = {name: self.cleaned_data[name] for name in names}
        if self.person is not None and self.cleaned_data["born"] == BORN:
            values["expected_on"] = self.person.expected_on  # gestation at birth is worked out from it
        return values

    def facts(self) -> InfantFacts:
        return InfantFacts(**self._values())

    def changes(self) -> dict[str, Any]:
        return self._values()


LIVES_WITH = [("yes", "Yes"), ("no", "No"), ("unknown", "Not known yet")]
YES_NO: dict[str, bool | None] = {"yes": True, "no": False, "unknown": None}


class MemberForm(KnownPersonMixin, NhsForm):
    """What is asked about anybody who is not the baby."""

    kind: str
    first_name = Line(label="First name", max_length=100)
    last_name = Line(label="Last name", required=False, max_length=100)
    known_as = Line(label="Known as", required=False, max_length=100, help_text="What they like to be called")
    date_of_birth = DateInputField(label="Date of birth", required=False, not_future=True)
    nhs_number = NhsNumberField()
    lives_with_infant = forms.ChoiceField(
        label="Do they live with the baby?", choices=LIVES_WITH, initial="unknown", widget=forms.RadioSelect
    )
    looks: Mapping[str, Mapping[str, Any]] = {
        "first_name": {"width": 20},
        "last_name": {"width": 20},
        "known_as": {"width": 20},
        "nhs_number": {"width": 10, "inputmode": "numeric"},
        "lives_with_infant": {"inline": True},
    }

    def __init__(
        self, *args: Any, by: User, person: Person | None = None, membership: Membership | None = None, **kwargs: Any
    ) -> None:
        self.by, self.person = by, person
        if person is not None and membership is not None:
            lives = {True: "yes", False: "no", None: "unknown"}[membership.lives_with_infant]
            kwargs.setdefault(
                "initial",
                {
                    **{name: getattr(person, name) for name in self.base_fields if hasattr(person, name)},
                    **{name: getattr(membership, name) for name in self.base_fields if hasattr(membership, name)},
                    "lives_with_infant": lives,
                },
            )
        super().__init__(*args, **kwargs)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if data.get("nhs_number") and not data.get("date_of_birth") and "date_of_birth" not in self.errors:
            self.add_error("date_of_birth", "Enter the date of birth too: an NHS number is kept only with it")
        return data

    def changes(self) -> dict[str, Any]:
        """What to change about the person and their place in the family."""
        return {**self.cleaned_data, "lives_with_infant": YES_NO[self.cleaned_data["lives_with_infant"]]}

    def facts(self) -> CaregiverFacts:
        return CaregiverFacts(kind=self.kind, **self.changes())


class AdultForm(MemberForm):
    """Somebody who cares for the baby."""

    submit_label = "Save this person"
    kind = Person.Kind.CAREGIVER
    relationship = forms.ChoiceField(label="Who they are to the baby", choices=[("", "Select an option"), *CARING])
    relationship_word = Line(
        label="Their own word for it", required=False, max_length=40, help_text="For example Dad, Nan or Mama Jo"
    )
    parental_responsibility = forms.ChoiceField(
        label="Do they have parental responsibility?",
        choices=Responsibility.choices,
        widget=forms.RadioSelect,
        help_text="Only somebody who has it may agree to filming for the baby. A foster carer has not.",
    )
    pronouns = Line(label="Pronouns", required=False, max_length=40)
    phone = PhoneField()
    email = forms.EmailField(label="E-mail address", required=False, max_length=254)
    language = LanguageField(
        label="First language", required=False, max_length=60, help_text="Begin to type, or write what they call it"
    )
    interpreter_needed = forms.BooleanField(label="Needs an interpreter", required=False)
    interpreter_note = Line(
        label="About the interpreter",
        required=False,
        max_length=200,
        help_text="Dialect, a woman or a man, who it should not be",
    )
    communication_needs = Line(
        label="What helps them to understand and be understood",
        required=False,
        max_length=300,
        help_text="For example large print, a hearing loop, easy read",
    )
    nouns = {
        "relationship": "who they are to the baby",
        "parental_responsibility": "whether they have parental responsibility",
    }
    looks = {
        **MemberForm.looks,
        "pronouns": {"width": 10},
        "relationship_word": {"width": 20},
        "phone": {"width": 20, "autocomplete": "off"},
        "email": {"width": 30, "autocomplete": "off", "spellcheck": "false"},
        "language": {"width": 20},
        "parental_responsibility": {"inline": True},
    }
    layout: Sequence[Any] = [
        Row("first_name", "last_name", "known_as"),
        Row("relationship", "relationship_word"),
        "parental_responsibility",
        "lives_with_infant",
        Row("phone", "email"),
        Details("Pronouns, date of birth and NHS number", "pronouns", "date_of_birth", "nhs_number"),
        Row("language"),
        "interpreter_needed",
        "communication_needs",
    ]
    reveals = {"interpreter_needed": {True: ["interpreter_note"]}}

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if data.get("interpreter_needed") and not data.get("language") and "language" not in self.errors:
            self.add_error("language", "Enter the language, so that an interpreter can be found")
        return data


class OtherAdultForm(AdultForm):
    """Another adult: a friend of the family, a social worker who is in shot, an interpreter."""

    kind = Person.Kind.OTHER


class AdultEssentialsForm(AdultForm):
    """What is asked of an adult first, changed later. How to reach them and their needs have pages of their own."""

    phone = None  # type: ignore[assignment]
    email = None  # type: ignore[assignment]
    communication_needs = None  # type: ignore[assignment]
    layout: Sequence[Any] = [
        Row("first_name", "last_name", "known_as"),
        Row("relationship", "relationship_word"),
        "parental_responsibility",
        "lives_with_infant",
        "pronouns",
        Row("language"),
        "interpreter_needed",
        "date_of_birth",
        "nhs_number",
    ]


class SiblingForm(MemberForm):
    """A brother or sister, whatever they share."""

    submit_label = "Save this brother or sister"
    kind = Person.Kind.SIBLING
    layout: Sequence[Any] = [
        Row("first_name", "last_name", "known_as"),
        "date_of_birth",
        "lives_with_infant",
        Details("NHS number", "nhs_number"),
    ]

    def facts(self) -> CaregiverFacts:
        return CaregiverFacts(
            kind=self.kind,
            relationship=Relationship.SIBLING,
            parental_responsibility=Responsibility.NO,
            **self.changes(),
        )


FORMS = {
    Person.Kind.INFANT: InfantForm,
    Person.Kind.CAREGIVER: AdultForm,
    Person.Kind.SIBLING: SiblingForm,
    Person.Kind.OTHER: OtherAdultForm,
}


class RememberedForm(NhsForm):
    """Somebody who died: their names, and for who was born the day. Nothing else is asked, and no name is needed."""

    submit_label = "Save"
    mark_optional = False
    first_name = Line(label="First name", required=False, max_length=100)
    last_name = Line(label="Last name", required=False, max_length=100)
    known_as = Line(label="The name that the family uses", required=False, max_length=100)
    date_of_birth = DateInputField(label="Date of birth", not_future=True)
    looks = {name: {"width": 20} for name in ("first_name", "last_name", "known_as")}
    nouns = {"date_of_birth": "the date of birth"}

    def __init__(self, *args: Any, person: Person, **kwargs: Any) -> None:
        kwargs.setdefault("initial", {name: getattr(person, name) for name in self.base_fields})
        super().__init__(*args, **kwargs)
        if person.date_of_birth is None:  # lost before birth, or never known
            del self.fields["date_of_birth"]
        if person.kind != Person.Kind.INFANT:
            self.fields["first_name"].required = True

    def changes(self) -> dict[str, Any]:
        return dict(self.cleaned_data)


EDIT_FORMS = FORMS | {Person.Kind.CAREGIVER: AdultEssentialsForm, Person.Kind.OTHER: AdultEssentialsForm}
