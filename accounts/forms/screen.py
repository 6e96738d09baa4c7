"""PIN and cover."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

from allauth.account.adapter import get_adapter
from crispy_forms.helper import FormHelper
from django import forms
from django.core.exceptions import ValidationError
from django.urls import reverse

from accounts.models import User
from nhsuk_forms.forms import NhsForm
from nhsuk_forms.layout import Details

PIN_DIGITS = 6


def pin_field(label: str, **options: Any) -> forms.CharField:
    """A box for six digits: a numeric keypad, dots for digits, nothing kept by the browser."""
    return forms.CharField(
        label=label,
        widget=forms.PasswordInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
        strip=True,
        **options,
    )


class UncoverForm(NhsForm):
    """PIN or password of the person behind the cover."""

    submit_label = "Go on"
    mark_optional = False
    pin = pin_field("Your PIN", required=False)
    password = forms.CharField(
        label="Your password",
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
        strip=False,
        required=False,
    )
    to = forms.CharField(required=False, widget=forms.HiddenInput)  # the place kept out of the address, sealed
    place = forms.CharField(required=False, widget=forms.HiddenInput)  # where the tab was, as only it knows
    looks = {"pin": {"width": 10}, "password": {"width": 20}}

    def __init__(self, *args: Any, person: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.has_pin = bool(person.pin_hash)
        if self.has_pin:
            self.layout = ["pin", Details("Use your password instead", "password")]
        else:
            del self.fields["pin"]

    @property
    def helper(self) -> FormHelper:
        helper = super().helper
        helper.form_action = reverse("accounts:uncover")
        helper.attrs |= {"data-covered-page": True}
        return helper

    @property
    def given(self) -> dict[str, str]:
        """What was typed; the PIN alone when both were."""
        pin = self.cleaned_data.get("pin", "")
        return {"pin": pin, "password": "" if pin else self.cleaned_data.get("password", "")}

    def clean(self) -> dict[str, Any]:
        given = self.given
        if not given["pin"] and not given["password"]:
            self.add_error(
                "pin" if self.has_pin else "password",
                "Enter your PIN or your password" if self.has_pin else "Enter your password",
            )
        return self.cleaned_data

    def refuse(self, tries_left: int) -> None:
        """Say how many tries are left, at the box that was used."""
        used = "pin" if self.cleaned_data.get("pin") else "password"
        name = "PIN" if used == "pin" else "password"
        left = f"{tries_left} tries are left" if tries_left > 1 else "One try is left; after it you are signed out"
        self.add_error(used, f"That is not your {name}. {left}")

    def first_error(self) -> str:
        return next((str(error) for errors in self.errors.values() for error in errors), "")


class PinForm(NhsForm):
    """Set or change the PIN; the password says that it is really the person."""

    submit_label = "Save my PIN"
    pin = pin_field("New PIN", help_text="6 digits. It uncovers your screen and nothing else")
    again = pin_field("The same PIN again")
    password = forms.CharField(
        label="Your password", widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}), strip=False
    )
    looks = {"pin": {"width": 10}, "again": {"width": 10}, "password": {"width": 20}}
    nouns = {"pin": "a PIN of 6 digits", "again": "the same PIN again", "password": "your password"}

    def __init__(self, *args: Any, person: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.person = person

    def clean_pin(self) -> str:
        pin: str = self.cleaned_data["pin"]
        if len(pin) != PIN_DIGITS or not (pin.isascii() and pin.isdigit()):
            raise ValidationError(f"Enter {PIN_DIGITS} digits")
        if easily_guessed(pin):
            raise ValidationError("That PIN is one of the first that anybody would try. Choose another")
        return pin

    def clean_password(self) -> str:
        # By the sign-in library, which counts wrong tries for each account.
        password: str = self.cleaned_data["password"]
        if not get_adapter().reauthenticate(self.person, password):
            raise ValidationError("That is not your password. Type it again")
        return password

    def clean(self) -> dict[str, Any]:
        pin, again = self.cleaned_data.get("pin"), self.cleaned_data.get("again")
        if pin and again and pin != again:
            self.add_error("again", "The two PINs are not the same. Type the second again")
        return self.cleaned_data


def easily_guessed(pin: str) -> bool:
    """One digit, two alternating, the same half twice, or digits in a row."""
    steps = {(int(after) - int(before)) % 10 for before, after in pairwise(pin)}
    return steps in ({1}, {9}, {0}) or pin[:2] * 3 == pin or pin[:3] * 2 == pin
