"""Names as they are compared: folded to plain letters, cut into trigrams, coded by how they sound.

Pure functions of our own, so that SQLite and PostgreSQL find the same people.
"""

from __future__ import annotations

import re
import unicodedata
from enum import StrEnum
from functools import lru_cache

import jellyfish

LONGEST_WORD = 60  # letters; what is longer is cut, in the key and in the search alike
APART = re.compile(r"[^\w]+|_+")
INSIDE = re.compile(r"['’‘`´.]")  # O'Brien, D’Souza, St. John: no gap
# Letters that Unicode does not take apart into a plain one and a mark.
PLAIN = str.maketrans({"ł": "l", "ø": "o", "đ": "d", "ð": "d", "þ": "th", "ı": "i", "æ": "ae", "œ": "oe", "ħ": "h"})


class How(StrEnum):
    """In which way one name is like another, the surest first."""

    SAME = "same"
    BEGINS = "begins"
    SOUNDS = "sounds"
    SPELT = "spelt"


# How much each is worth beside the same name; worked out on the made data of tests/families/test_likeness_measured.py.
WORTH = {How.SAME: 1.0, How.BEGINS: 0.92, How.SOUNDS: 0.86, How.SPELT: 0.8}


def folded(text: str) -> str:
    """Small plain letters: "Zoë" → "zoe", "Żółć" → "zolc"; other scripts stay as they are."""
    plain = unicodedata.normalize("NFKD", INSIDE.sub("", text).casefold()).translate(PLAIN)
    return "".join(letter for letter in plain if not unicodedata.combining(letter))


@lru_cache(maxsize=20_000)
def words_of(text: str) -> tuple[str, ...]:
    """The words of a name, folded, in their order, each once: "Smith-Jones" is two."""
    return tuple(dict.fromkeys(word[:LONGEST_WORD] for word in APART.split(folded(text)) if word))


def trigrams(word: str) -> frozenset[str]:
    """Every three letters in a row, with the edges of the word marked by spaces."""
    edged = f"  {word} "
    return frozenset(edged[at : at + 3] for at in range(len(edged) - 2))


@lru_cache(maxsize=20_000)
def sounds(word: str) -> frozenset[str]:
    """Codes of how a word sounds in English (Metaphone, NYSIIS); none for a script that they do not know."""
    if not (word.isascii() and word.isalpha()):
        return frozenset()
    return frozenset(
        f"{mark}:{code}"
        for mark, code in (("m", jellyfish.metaphone(word)), ("n", jellyfish.nysiis(word).lower()))
        if code
    )


def parts(word: str) -> frozenset[str]:
    """What a word is looked up by when nobody knows how it is spelt."""
    return trigrams(word) | sounds(word)


@lru_cache(maxsize=50_000)
def likeness(one: str, other: str) -> How | None:
    """How two folded words are alike, or None. The same in either order."""
    if one == other:
        return How.SAME
    close = jellyfish.jaro_winkler_similarity(one, other)
    if sounds(one) & sounds(other) and close >= 0.75:
        return How.SOUNDS
    shorter = min(len(one), len(other))
    slips = jellyfish.damerau_levenshtein_distance(one, other)
    if (shorter >= 4 and slips <= 1) or (shorter >= 7 and slips <= 2):
        return How.SPELT
    return None


def best(word: str, others: tuple[str, ...] | frozenset[str]) -> How | None:
    """The surest way in which ``word`` is like one of ``others``."""
    found = [how for other in others if (how := likeness(word, other)) is not None]
    return max(found, key=WORTH.__getitem__, default=None)
