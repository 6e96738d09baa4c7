"""Babies, whoever looks after them, other children, and those who work with them."""

from __future__ import annotations

from typing import Any

from django import forms

from families.forms.fields import GestationField, LanguageField, Line, NhsNumberField, PhoneField, PostcodeField
from families.models import About, Membership, Professional
from nhsuk_forms.fields import DateInputField
from referrals.questions.base import SHORT, YES_NO, YES_NO_UNKNOWN, QuestionForm, boxes, long_text, radios
from referrals.questions.beginning import BORN, StartForm

CAREGIVERS = [
    each
    for each in Membership.Relationship.choices
    if each[0] not in (Membership.Relationship.INFANT, Membership.Relationship.SIBLING)
]


class BabyForm(QuestionForm):
    """A baby, born or expected. A name and an NHS number may not be there yet."""

    born = radios("Has this baby been born?", BORN)
    born_on = DateInputField(label="Date of birth", not_future=True)
    nhs_number = NhsNumberField(help_text="If you know it. 10 numbers, like 999 123 4567")
    gestation = GestationField(help_text="If the baby came early: weeks and days, like 34+2")
    neonatal_stay = radios("Did the baby stay in hospital after the birth?", YES_NO_UNKNOWN, required=False)
    expected_on = DateInputField(label="When is the baby expected?")
    first_name = Line(label="First name", required=False, max_length=SHORT, help_text="If there is one")
    last_name = Line(label="Last name", required=False, max_length=SHORT)
    health = long_text("Is there anything about the baby’s health or development that we should know?")
    lives_with = Line(label="Who does the baby live with?", required=False, max_length=200)
    reveals = {"born": {"born": ["born_on", "nhs_number", "gestation", "neonatal_stay"], "unborn": ["expected_on"]}}
    looks = {"nhs_number": {"width": 20}, "gestation": {"width": 5}}
    nouns = {
        "born": "whether this baby has been born",
        "born_on": "the baby’s date of birth",
        "expected_on": "the date on which the baby is expected",
    }
    layout = ["born", "first_name", "last_name", "lives_with", "health"]

    clean_expected_on = StartForm.clean_expected_on


class CaregiverForm(QuestionForm):
    """Somebody who looks after the baby, in whatever role."""

    first_name = Line(label="First name", max_length=SHORT)
    last_name = Line(label="Last name", required=False, max_length=SHORT, help_text="If they have one")
    known_as = Line(label="What do they like to be called?", required=False, max_length=SHORT)
    relationship = radios("Who are they to the baby?", CAREGIVERS)
    relationship_word = Line(
        label="In their own word", required=False, max_length=40, help_text="For example: Mum, Papa, Nan"
    )
    born_on = DateInputField(
        label="Date of birth", not_future=True, required=False, help_text="It helps us to see whether we know them."
    )
    nhs_number = NhsNumberField(help_text="If you know it. 10 numbers, like 999 123 4567")
    parental_responsibility = radios("Do they have parental responsibility?", YES_NO_UNKNOWN)
    lives_with_baby = radios(
        "Do they live with the baby?", [*YES_NO, ("partly", "Some of the time"), ("unborn", "The baby is not born yet")]
    )
    ethnicity = forms.ChoiceField(
        label="Ethnic group", required=False, choices=[("", "Not asked"), *About.Ethnicity.choices]
    )
    pronouns = Line(label="Pronouns", required=False, max_length=40)
    looks = {"nhs_number": {"width": 20}, "relationship_word": {"width": 20}, "pronouns": {"width": 20}}
    nouns = {
        "relationship": "who they are to the baby",
        "parental_responsibility": "whether they have parental responsibility",
        "lives_with_baby": "whether they live with the baby",
    }
    keyed_in_always = frozenset({"first_name"})
    of_myself = {
        "first_name": "Your first name",
        "last_name": "Your last name",
        "known_as": "What do you like to be called?",
        "relationship": "Who are you to the baby?",
        "relationship_word": "In your own word",
        "born_on": "Your date of birth",
        "nhs_number": "Your NHS number",
        "parental_responsibility": "Do you have parental responsibility?",
        "lives_with_baby": "Do you live with your baby?",
        "ethnicity": "Your ethnic group",
        "pronouns": "Your pronouns",
    }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.door == "self" and self.item == 1:
            for name, label in self.of_myself.items():
                self.fields[name].label = label
            self.fields["last_name"].help_text = "If you have one"
            self.fields["born_on"].help_text = "It helps us to see whether we know you."


WAYS = [
    ("call", "Calls"),
    ("voicemail", "A message on the voicemail"),
    ("text", "Text messages"),
    ("email", "E-mail"),
    ("post", "Letters"),
]


class ReachingForm(QuestionForm):
    """How somebody can be reached without putting anybody in danger."""

    phone = PhoneField()
    email = forms.EmailField(label="E-mail address", required=False)
    safe_ways = boxes("What is safe?", WAYS, help_text="Tick only what somebody else may see or hear.")
    safe_times = Line(label="When is a good time?", required=False, max_length=200)
    discreet = Line(
        label="What should we say if somebody else answers?",
        required=False,
        max_length=300,
        help_text="For example: say that it is Sam from the surgery",
    )
    address = long_text("Address", help_text="Without the postcode. Leave it empty if there is no fixed home.")
    postcode = PostcodeField()
    address_confidential = forms.BooleanField(
        label="Where they live must not become known to others", required=False, help_text="For example a refuge"
    )
    looks = {"phone": {"width": 20}, "postcode": {"width": 10}, "address": {"rows": 3, "count": False}}
    nouns = {"email": "an e-mail address in the right form, like name@example.com"}
    hints = {"self": {"safe_ways": "Tick only what nobody sees or hears who should not.", "discreet": ""}}

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if self.item == 1 and self.door != "staff" and not self.errors:
            if not (data.get("phone") or data.get("email") or data.get("address")):
                self.add_error("phone", "Enter at least one way to reach them: a phone number, e-mail or address")
            elif not data.get("safe_ways"):
                self.add_error("safe_ways", "Select at least one way that is safe")
        return data


class NeedsForm(QuestionForm):
    """Language, and what somebody needs so that they can take part."""

    language = LanguageField(label="First language", required=False, max_length=60)
    interpreter = radios("Would an interpreter help?", YES_NO_UNKNOWN, required=False)
    interpreter_language = LanguageField(label="In which language?", max_length=60)
    needs = radios(
        "Do they need anything so that they can read, understand or talk with us?",
        [("yes", "Yes"), ("none", "No, nothing"), ("not_asked", "Not asked yet")],
        help_text="For example large print, easy read, more time, British Sign Language",
    )
    needs_what = long_text("What do they need?", required=True)
    disability = radios("Do they have a disability or a long illness?", About.Disability.choices, required=False)
    reveals = {"interpreter": {"yes": ["interpreter_language"]}, "needs": {"yes": ["needs_what"]}}
    nouns = {
        "interpreter_language": "the language of the interpreter",
        "needs": "whether they need anything",
        "needs_what": "what they need",
    }
    of_myself = {
        "language": "Your first language",
        "needs": "Do you need anything so that you can read, understand or talk with us?",
        "needs_what": "What do you need?",
        "disability": "Do you have a disability or a long illness?",
    }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.door == "self" and self.item == 1:
            for name, label in self.of_myself.items():
                self.fields[name].label = label
            self.fields["needs"].choices = [("yes", "Yes"), ("none", "No, nothing")]  # type: ignore[attr-defined]


class ChildForm(QuestionForm):
    """A brother or sister, or another child that belongs to them."""

    first_name = Line(label="First name", max_length=SHORT)
    last_name = Line(label="Last name", required=False, max_length=SHORT)
    born_on = DateInputField(label="Date of birth", not_future=True, required=False)
    lives = radios(
        "Where do they live?",
        [("with", "With the baby"), ("partly", "Some of the time with the baby"), ("elsewhere", "Somewhere else")],
    )
    note = long_text("Is there anything that we should know?")
    nouns = {"lives": "where they live"}


class ProfessionalForm(QuestionForm):
    """Somebody who already works with the family."""

    role = forms.ChoiceField(label="Who is this?", choices=[("", "Select an option"), *Professional.Role.choices])
    role_word = Line(label="What do they do?", max_length=60)
    name = Line(label="Name", required=False, max_length=120)
    organisation = Line(label="Practice, team or organisation", required=False, max_length=160)
    phone = PhoneField()
    email = forms.EmailField(label="E-mail address", required=False)
    may_contact = radios(
        "May we get in touch with them?",
        [*YES_NO, ("not_asked", "The family has not been asked")],
    )
    reveals = {"role": {"other": ["role_word"]}}
    looks = {"phone": {"width": 20}}
    nouns = {
        "role": "who this is",
        "role_word": "what they do",
        "may_contact": "whether we may get in touch with them",
        "email": "an e-mail address in the right form, like name@example.com",
    }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.door == "self":
            self.fields["may_contact"].choices = YES_NO  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if self.door != "staff" and not self.errors and not (data.get("name") or data.get("organisation")):
            self.add_error("name", "Enter a name, or the practice, team or organisation")
        return data


__all__ = [
    "BabyForm",
    "CaregiverForm",
    "ChildForm",
    "NeedsForm",
    "ProfessionalForm",
    "ReachingForm",
]
