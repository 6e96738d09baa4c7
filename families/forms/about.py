"""Forms about who somebody is, and about a child's place in the law and a person's in a household."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms

from families.forms.fields import Line, Prose
from families.models import LegalStatus, Membership, Person
from families.placements import MEANS
from nhsuk_forms.fields import DateInputField
from nhsuk_forms.forms import NhsForm
from nhsuk_forms.layout import Details, Field, Text

CHILDREN = {Person.Kind.INFANT, Person.Kind.SIBLING}


def _optional(label: str, choices: Any, hint: str = "") -> forms.ChoiceField:
    return forms.ChoiceField(label=label, required=False, choices=[("", "Not asked"), *choices], help_text=hint)


class AboutForm(NhsForm):
    """Who somebody is, as far as they wish to say. Everything may stay "not asked"."""

    mark_optional = False  # everything is
    submit_label = "Save what they said"
    ethnicity = _optional("Ethnic category", Person.Ethnicity.choices, "As they describe it themselves")
    religion = _optional("Religion or belief", Person.Religion.choices)
    disability = _optional("Disability or long-term condition", Person.Disability.choices)
    disability_words = Line(label="What they would like us to know about it", required=False, max_length=300)
    nhs_number_status = _optional("Trace of the NHS number", Person.NhsNumberStatus.choices)
    sexual_orientation = _optional("Sexual orientation", Person.SexualOrientation.choices)
    gender_identity = _optional("Gender identity", Person.GenderIdentity.choices)
    gender_same_as_at_birth = _optional("Is it the same as at birth?", Person.SameAsAtBirth.choices)

    def __init__(self, *args: Any, person: Person, **kwargs: Any) -> None:
        kwargs.setdefault("initial", {name: getattr(person, name) for name in self.base_fields})
        super().__init__(*args, **kwargs)
        self.person = person
        self.layout: Sequence[Any] = [
            "ethnicity",
            "religion",
            "disability",
            "disability_words",
            Details("Trace of the NHS number", "nhs_number_status"),
        ]
        if person.kind in CHILDREN:
            for name in Person.SHOWN_TO_NOBODY:
                del self.fields[name]
        else:
            self.layout.append(
                Details(
                    "Sexual orientation and gender identity",
                    Text("Only if they wish to say. It is seen on this page alone, and otherwise only counted."),
                    *(Field(name) for name in Person.SHOWN_TO_NOBODY),
                )
            )

    def clean_nhs_number_status(self) -> str:
        status: str = self.cleaned_data["nhs_number_status"]
        present = {Person.NhsNumberStatus.VERIFIED, Person.NhsNumberStatus.NOT_TRACED}
        if status in present and not self.person.nhs_number:
            raise forms.ValidationError("Enter the NHS number first, or select another answer")
        if status == Person.NhsNumberStatus.NOT_REQUIRED and self.person.nhs_number:
            raise forms.ValidationError("An NHS number is known. Select another answer")
        return status


class PlaceForm(NhsForm):
    """Somebody's place in this household."""

    submit_label = "Save"
    contact_with_infant = forms.ChoiceField(
        label="How do they see the baby?", choices=Membership.Contact.choices, widget=forms.RadioSelect
    )
    contact_rules = Prose(
        label="Rules about it",
        required=False,
        max_length=500,
        help_text="Who decided it, until when, and what to do if they come to a session",
    )
    from_on = DateInputField(label="Part of this household from", required=False)
    until_on = DateInputField(label="Until", required=False, help_text="Leave empty while they are part of it")
    nouns = {"from_on": "the first day", "until_on": "the last day"}
    looks = {"contact_rules": {"rows": 3}}

    def __init__(self, *args: Any, membership: Membership, **kwargs: Any) -> None:
        kwargs.setdefault("initial", {name: getattr(membership, name) for name in self.base_fields})
        super().__init__(*args, **kwargs)
        if membership.person.kind == Person.Kind.INFANT:
            del self.fields["contact_with_infant"], self.fields["contact_rules"]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        first, last = data.get("from_on"), data.get("until_on")
        if first and last and last < first:
            self.add_error("until_on", "The last day must be after the first")
        return data


class LegalStatusForm(NhsForm):
    """Under which order or arrangement a child lives."""

    submit_label = "Save this legal status"
    kind = forms.ChoiceField(label="Legal status", choices=LegalStatus.Kind.choices, widget=forms.RadioSelect)
    from_on = DateInputField(label="From")
    until_on = DateInputField(label="Until", required=False, help_text="Leave empty while it stands")
    authority = Line(label="Local authority or court", required=False, max_length=120)
    note = Prose(label="Who decides what", required=False, help_text="As the placement plan or the order says it")
    keeps = forms.ChoiceField(
        label="Was the child adopted by the partner of a parent?",
        required=False,
        widget=forms.RadioSelect,
        help_text="A step-parent adoption. That parent keeps parental responsibility as before",
    )
    reveals = {"kind": {LegalStatus.Kind.ADOPTED: ["keeps"]}}
    nouns = {"kind": "the legal status", "from_on": "the day it began", "until_on": "the last day"}
    looks = {"kind": {"hints": MEANS}, "note": {"rows": 3}}

    def __init__(self, *args: Any, parents: Sequence[Person], status: LegalStatus | None = None, **kwargs: Any) -> None:
        if status is not None:
            known = {name: getattr(status, name) for name in self.base_fields}
            kwargs.setdefault("initial", {**known, "keeps": str(status.keeps_id or "")})
        super().__init__(*args, **kwargs)
        self.parents = {str(each.pk): each for each in parents}
        if self.parents:
            self.fields["keeps"].choices = [  # type: ignore[attr-defined]
                ("", "No, by a new family"),
                *((pk, f"Yes: {each.short_name} keeps theirs") for pk, each in self.parents.items()),
            ]
        else:
            del self.fields["keeps"]
            self.reveals = {}

    def facts(self) -> dict[str, Any]:
        return {**self.cleaned_data, "keeps": self.parents.get(self.cleaned_data.get("keeps") or "")}
