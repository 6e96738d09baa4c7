"""Telephone numbers: typed as people write them, kept in the international form (E.164), shown as one dials them."""

from __future__ import annotations

import re

import phonenumbers

HOME = "GB"
# Ofcom keeps these for drama and training: nobody has them, so a made-up family can. The library calls them invalid.
DRAMA = re.compile(
    r"\+44(?:7700900|1632960|2079460|113496|117496|121496|131496|141496|151496|161496|191498|808157)\d{3,4}"
)
# What a paste may bring along: labels, invisible marks of direction, "(0)" after a country code.
TRUNK_ZERO = re.compile(r"^(\+|00)(\d{1,3})\s*\(0\)")


def _parsed(text: str) -> phonenumbers.PhoneNumber | None:
    text = TRUNK_ZERO.sub(r"+\2", text.strip())
    if text.startswith("00"):
        text = f"+{text[2:]}"
    try:
        return phonenumbers.parse(text, HOME)
    except phonenumbers.NumberParseException:
        return None


def standard(text: str) -> str:
    """What was typed as "+447700900123"; empty when it is no telephone number."""
    number = _parsed(text)
    if number is None or number.extension:
        return ""
    kept = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    return kept if phonenumbers.is_valid_number(number) or DRAMA.fullmatch(kept) else ""


def problem_with(text: str) -> str:
    """What is wrong with a typed telephone number, as a sentence that says what to do; empty when it is right."""
    number = _parsed(text)
    if number is None:
        return "Enter a phone number, like 07700 900 123 or 01632 960 100"
    if number.extension:
        return "Enter the phone number without an extension. Write the extension in the notes"
    if standard(text):
        return ""
    why = phonenumbers.is_possible_number_with_reason(number)
    if why in {phonenumbers.ValidationResult.TOO_SHORT, phonenumbers.ValidationResult.IS_POSSIBLE_LOCAL_ONLY}:
        return "Check the phone number: it is too short. Include the area code"
    if why == phonenumbers.ValidationResult.TOO_LONG:
        return "Check the phone number: it has too many numbers"
    return "Check the phone number: there is none like this. From abroad, begin with + and the country’s code"


def shown(kept: str) -> str:
    """ "07700 900123" for a British number, "+48 512 345 678" for another; anything else stays as it is."""
    number = _parsed(kept) if kept.startswith("+") else None
    if number is None:
        return kept
    home = number.country_code == phonenumbers.country_code_for_region(HOME)
    form = phonenumbers.PhoneNumberFormat.NATIONAL if home else phonenumbers.PhoneNumberFormat.INTERNATIONAL
    return phonenumbers.format_number(number, form)


def is_mobile(kept: str) -> bool:
    """Whether texts arrive there, as far as a number tells."""
    number = _parsed(kept) if kept.startswith("+") else None
    if number is None:
        return False
    texts = {phonenumbers.PhoneNumberType.MOBILE, phonenumbers.PhoneNumberType.FIXED_LINE_OR_MOBILE}
    return kept.startswith("+447700900") or phonenumbers.number_type(number) in texts
