"""Forms about reaching somebody: what they answered about every way, and where they live."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms

from families import phones
from families.forms.fields import Line, PhoneField, PostcodeField, Prose
from families.models import Address, Answer, Person
from nhsuk_forms.fields import DateInputField
from nhsuk_forms.forms import NhsForm
from nhsuk_forms.layout import Details, Fieldset, Row


def _asked(label: str, hint: str = "") -> forms.ChoiceField:
    return forms.ChoiceField(
        label=label, choices=Answer.choices, initial=Answer.NOT_ASKED, widget=forms.RadioSelect, help_text=hint
    )


class ContactForm(NhsForm):
    """How to reach somebody. Every answer can stay "not asked yet", which is never taken for a yes."""

    mark_optional = False  # everything is
    submit_label = "Save how to reach them"
    phone = PhoneField(help_text="The one to try first")
    other_phone = PhoneField(label="Another phone number")
    phone_note = Line(label="About these numbers", required=False, max_length=200)
    email = forms.EmailField(label="E-mail address", required=False, max_length=254)
    may_call = _asked("May we call?")
    may_voicemail = _asked("May we leave a voicemail?")
    may_text = _asked("May we send texts?", "Somebody else may see them on a locked screen")
    may_email = _asked("May we send e-mail?")
    may_post = _asked("May we send letters?", "Somebody else may open them")
    safe_times = Line(
        label="When it is safe to get in touch",
        required=False,
        max_length=200,
        help_text="For example weekdays from 10 to 2, never at weekends",
    )
    discreet_words = Line(
        label="What to say if somebody else answers or reads it",
        required=False,
        max_length=300,
        help_text="For example “It is about the baby group”",
    )
    hide_caller = forms.BooleanField(label="Do not say who is calling", required=False)
    address_confidential = forms.BooleanField(
        label="Keep the address confidential",
        required=False,
        help_text="It is left off the People page and is not written in letters about anybody else",
    )
    contact_asked_on = DateInputField(
        label="When was this last talked about?", required=False, not_future=True, help_text="Left empty: today"
    )
    nouns = {"contact_asked_on": "the day this was talked about"}
    looks = {
        "phone": {"width": 20, "autocomplete": "off"},
        "other_phone": {"width": 20, "autocomplete": "off"},
        "email": {"width": 30, "autocomplete": "off", "spellcheck": "false"},
        **{f"may_{way}": {"inline": True, "label_size": "s"} for way in ("call", "voicemail", "text", "email", "post")},
    }
    layout: Sequence[Any] = [
        Fieldset("Numbers and addresses", Row("phone", "other_phone"), "phone_note", "email"),
        Fieldset("What they agreed to", "may_call", "may_voicemail", "may_text", "may_email", "may_post"),
        Fieldset("Keeping them safe", "safe_times", "discreet_words", "hide_caller", "address_confidential"),
        Details("When this was talked about", "contact_asked_on"),
    ]

    def __init__(self, *args: Any, person: Person, **kwargs: Any) -> None:
        kwargs.setdefault("initial", {name: getattr(person, name) for name in self.base_fields})
        super().__init__(*args, **kwargs)
        self.fields["email"].error_messages["invalid"] = "Enter an e-mail address, like name@example.com"

    def clean_email(self) -> str:
        return str(self.cleaned_data["email"]).strip()

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        numbers = [data.get("phone", ""), data.get("other_phone", "")]
        numbers_right = not {"phone", "other_phone"} & set(self.errors)
        if numbers_right and not any(numbers):
            for name, said in (("may_call", "calls"), ("may_voicemail", "voicemail"), ("may_text", "texts")):
                if data.get(name) == Answer.YES:
                    self.add_error("phone", f"Enter the number for {said}, or change the answer about {said}")
                    break
        elif numbers_right and data.get("may_text") == Answer.YES and not any(map(phones.is_mobile, numbers)):
            self.add_error("phone", "Enter a mobile number for texts, or change the answer about texts")
        if data.get("may_email") == Answer.YES and not data.get("email") and "email" not in self.errors:
            self.add_error("email", "Enter the e-mail address, or change the answer about e-mail")
        return data


class ChildAddressForm(NhsForm):
    """A baby is reached through whoever cares for them: what is asked is whether it may be told where they live."""

    mark_optional = False
    submit_label = "Save"
    address_confidential = forms.BooleanField(
        label="Keep the address confidential",
        required=False,
        help_text="It is left off the People page and is not written in letters about anybody else",
    )

    def __init__(self, *args: Any, person: Person, **kwargs: Any) -> None:
        kwargs.setdefault("initial", {"address_confidential": person.address_confidential})
        super().__init__(*args, **kwargs)


class AddressForm(NhsForm):
    """Where a household, or somebody apart from it, lives."""

    submit_label = "Save this address"
    whose = forms.ChoiceField(label="Whose address is it?", widget=forms.RadioSelect)
    kind = forms.ChoiceField(
        label="What kind of address?", choices=Address.Kind.choices, initial=Address.Kind.HOME, widget=forms.RadioSelect
    )
    lines = Prose(label="Address", required=False, max_length=400, help_text="As on an envelope, without the postcode")
    postcode = PostcodeField()
    note = Line(
        label="Finding it",
        required=False,
        max_length=200,
        help_text="Where to park, which bell, whether there is a dog",
    )
    from_on = DateInputField(label="From", required=False)
    until_on = DateInputField(label="Until", required=False, help_text="Leave empty while it is right")
    nouns = {"from_on": "the first day", "until_on": "the last day"}
    looks = {
        "lines": {"rows": 3, "count": False, "autocomplete": "off"},
        "postcode": {"width": 10, "autocomplete": "off"},
    }
    layout: Sequence[Any] = [
        "whose",
        "kind",
        "lines",
        "postcode",
        "note",
        Details("From when until when", "from_on", "until_on"),
    ]

    def __init__(
        self, *args: Any, people: Sequence[Person], address: Address | None = None, whose: str = "", **kwargs: Any
    ) -> None:
        if address is not None:
            kwargs.setdefault(
                "initial",
                {name: getattr(address, name) for name in ("kind", "lines", "postcode", "note", "from_on", "until_on")},
            )
        else:
            kwargs.setdefault("initial", {"whose": whose or "household"})
        super().__init__(*args, **kwargs)
        if address is not None:  # whose it is stays: another's address is another row
            del self.fields["whose"]
            self.layout = self.layout[1:]
        else:
            self.fields["whose"].choices = [  # type: ignore[attr-defined]
                ("household", "The household’s"),
                *((str(person.pk), f"{person.short_name}’s alone") for person in people),
            ]
