"""Those who work with a family from elsewhere."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from families.forms.fields import Line, PhoneField
from families.models import Answer, Person, Professional
from nhsuk_forms.fields import DateInputField
from nhsuk_forms.forms import NhsForm
from nhsuk_forms.layout import Details, Fieldset, Row

# ODS: a practice is a letter and five numbers; other organisations have three to ten letters and numbers.
PRACTICE = re.compile(r"[A-Z]\d{5}")
ORGANISATION = re.compile(r"[A-Z0-9]{3,10}")


class ProfessionalForm(NhsForm):
    """Who, of which organisation, and whether the family lets us speak with them."""

    submit_label = "Save this professional"
    role = forms.ChoiceField(
        label="What they are to the family", choices=[("", "Select an option"), *Professional.Role.choices]
    )
    role_word = Line(
        label="What they do", required=False, max_length=60, help_text="For somebody who is not in the list"
    )
    name = Line(label="Name", required=False, max_length=120)
    organisation = Line(
        label="Organisation", required=False, max_length=160, help_text="For example the practice or trust"
    )
    ods_code = Line(
        label="ODS code", required=False, max_length=20, help_text="The NHS’s code of a practice or trust, like A81001"
    )
    phone = PhoneField()
    email = forms.EmailField(label="E-mail address", required=False, max_length=254)
    about = forms.ModelChoiceField(
        Person.objects.none(), label="Whose are they?", required=False, empty_label="The whole family’s"
    )
    may_contact = forms.ChoiceField(
        label="May we contact them about the family?",
        choices=Answer.choices,
        initial=Answer.NOT_ASKED,
        widget=forms.RadioSelect,
    )
    permission_by = forms.ModelChoiceField(
        Person.objects.none(), label="Who in the family answered?", required=False, empty_label="Not written down"
    )
    permission_on = DateInputField(label="When?", required=False, not_future=True, help_text="Left empty: today")
    note = Line(label="Good to know", required=False, max_length=300, help_text="Extension, days at work, who covers")
    from_on = DateInputField(label="Works with the family from", required=False)
    until_on = DateInputField(label="Until", required=False, help_text="Leave empty while they do")
    nouns = {
        "role": "what they are to the family",
        "permission_on": "the day they answered",
        "from_on": "the first day",
        "until_on": "the last day",
    }
    looks = {
        "ods_code": {"width": 10, "autocomplete": "off", "spellcheck": "false"},
        "phone": {"width": 20, "autocomplete": "off"},
        "email": {"width": 30, "autocomplete": "off", "spellcheck": "false"},
        "may_contact": {"inline": True},
    }
    layout: Sequence[Any] = [
        Row("role", "role_word"),
        Row("name", "organisation"),
        Row("phone", "email"),
        Fieldset("Permission", "may_contact", Row("permission_by", "permission_on")),
        Details("ODS code, whose they are, from when until when", "ods_code", "about", "note", "from_on", "until_on"),
    ]

    def __init__(
        self, *args: Any, people: Sequence[Person], professional: Professional | None = None, **kwargs: Any
    ) -> None:
        if professional is not None:
            kwargs.setdefault("initial", {name: getattr(professional, name) for name in self.base_fields})
        super().__init__(*args, **kwargs)
        asked = [person for person in people if person.kind in {Person.Kind.CAREGIVER, Person.Kind.OTHER}]
        for name, offered in (("about", people), ("permission_by", asked)):
            field: Any = self.fields[name]
            field.queryset = Person.objects.filter(pk__in=[person.pk for person in offered])
            field.label_from_instance = lambda person: person.short_name
        self.fields["email"].error_messages["invalid"] = "Enter an e-mail address, like name@example.com"

    def clean_ods_code(self) -> str:
        code = str(self.cleaned_data["ods_code"]).upper().replace(" ", "")
        if not code:
            return ""
        if self.cleaned_data.get("role") == Professional.Role.GP and not PRACTICE.fullmatch(code):
            raise ValidationError("A practice’s ODS code is a letter and five numbers, like A81001")
        if not ORGANISATION.fullmatch(code):
            raise ValidationError("An ODS code is three to ten letters and numbers, like A81001")
        return code

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if not data.get("name") and not data.get("organisation") and not {"name", "organisation"} & set(self.errors):
            self.add_error("name", "Enter a name, or the organisation")
        if data.get("may_contact") in {Answer.YES, Answer.NO} and not data.get("permission_on"):
            data["permission_on"] = timezone.localdate()
        return data
