"""UK postcodes: typed in any way, kept and shown in the one standard form ("SW1A 1AA")."""

from __future__ import annotations

import re

# The six shapes of Royal Mail (A9, A99, A9A, AA9, AA99, AA9A), with the letters that it leaves out of each place.
OUTWARD = r"[A-PR-UWYZ](?:\d|\d\d|[A-HK-Y]\d|[A-HK-Y]\d\d|\d[A-HJKPSTUW]|[A-HK-Y]\d[ABEHMNPRVWXY])"
INWARD = r"\d[ABD-HJLNP-UW-Z]{2}"
POSTCODE = re.compile(rf"({OUTWARD})({INWARD})")
# The NHS's own for those without an address that Royal Mail knows: ZZ99 3VZ is no fixed abode.
PSEUDO = re.compile(r"(ZZ99)(\d[A-Z]Z)")
LIKE_NUMBERS = str.maketrans("OIL", "011")


def standard(text: str) -> str:
    """What was typed as "SW1A 1AA"; empty when it is no postcode.

    A letter O, I or L typed where only a number can stand is read as that number.
    """
    packed = re.sub(r"[\s.\-–]+", "", text).upper()
    if len(packed) < 5:
        return ""
    if not packed[-3].isdigit():
        packed = packed[:-3] + packed[-3].translate(LIKE_NUMBERS) + packed[-2:]
    if packed == "GIR0AA":
        return "GIR 0AA"
    match = POSTCODE.fullmatch(packed) or PSEUDO.fullmatch(packed)
    return f"{match[1]} {match[2]}" if match else ""


def problem_with(text: str) -> str:
    """What is wrong with a typed postcode, as a sentence that says what to do; empty when it is right."""
    return "" if standard(text) else "Enter a full UK postcode, like SW1A 1AA"


def area(kept: str) -> str:
    """The outward half ("SW1A"): enough to plan a journey, not enough to find a door."""
    return kept.split(" ")[0]
