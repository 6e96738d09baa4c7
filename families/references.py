"""A family's reference as people say and type it."""

from __future__ import annotations

from families.models.person import REFERENCE_ALPHABET


def as_reference(text: str) -> str:
    """What somebody typed as a reference, in its proper form ("7k3mtq" → "VIG-7K3-MTQ"), or nothing."""
    letters = text.upper().replace(" ", "").replace("-", "").replace("–", "").removeprefix("VIG")
    if len(letters) == 6 and all(letter in REFERENCE_ALPHABET for letter in letters):
        return f"VIG-{letters[:3]}-{letters[3:]}"
    return ""
