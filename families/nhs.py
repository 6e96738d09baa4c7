"""NHS numbers: ten digits with a check digit, kept without spaces, shown 3-3-4. Right is not the same as traced."""

from __future__ import annotations

import re

import nhs_number

SEPARATORS = re.compile(r"[\s\-–—.]+")
NOT_GIVEN_OUT = (nhs_number.REGION_UNALLOCATED, nhs_number.REGION_RESERVED)


def bare(text: str) -> str:
    """What was typed, without spaces and dashes."""
    return SEPARATORS.sub("", text)


def problem_with(text: str) -> str:
    """What is wrong with a typed NHS number, as a sentence that says what to do; empty when it is right."""
    digits = bare(text)
    if not (digits.isascii() and digits.isdigit()):
        return "NHS number must be 10 numbers, like 999 123 4567"
    if len(digits) != 10:
        return f"NHS number must be 10 numbers. It has {len(digits)}"
    if not nhs_number.is_valid(digits):
        return "Check the NHS number: one of its numbers is wrong"
    if digits.startswith("000") or any(nhs_number.is_valid(digits, for_region=region) for region in NOT_GIVEN_OUT):
        return "Check the NHS number: this one has not been given to anybody"
    return ""


def shown(number: str) -> str:
    """ "999 123 4567", for reading aloud; anything that is not ten digits stays as it is."""
    return f"{number[:3]} {number[3:6]} {number[6:]}" if len(number) == 10 else number


def looks_like_one(text: str) -> bool:
    """Whether somebody who searches typed an NHS number."""
    digits = bare(text)
    return len(digits) == 10 and digits.isascii() and digits.isdigit()


def numbers_in(text: str) -> list[str]:
    """NHS numbers with a right check digit anywhere in a text, without their spaces."""
    found = (bare(each) for each in re.findall(r"(?<!\d)\d{3}[\s\-]?\d{3}[\s\-]?\d{4}(?!\d)", text))
    return [digits for digits in found if nhs_number.is_valid(digits)]
