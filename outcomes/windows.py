"""Whether a baby is of the age that a measure was made for, and what to say when not.

A measure outside its ages is not forbidden (domain: a service may have nothing better for an older baby); its lines
may mean nothing there, so somebody says why it was used, and that is read beside the score.
"""

from __future__ import annotations

from datetime import date

from families.ages import age_in_words, completed_months
from families.models import Person
from outcomes.models import MeasureVersion


def why_outside(version: MeasureVersion, infant: Person | None, on: date) -> str:
    """A sentence when ``infant`` was too young or too old on that day; "" when not, or when nobody can tell.

    By the age since birth: the published windows are of that, and not corrected for being born early.
    """
    definition = version.definition
    window = definition.age_in_words
    if infant is None or not window:
        return ""
    name = infant.short_name
    if infant.date_of_birth is None:
        said = f"{name} is not born yet." if infant.unborn else ""
    elif infant.date_of_birth > on:
        said = f"{name} was not born yet on that day."
    elif definition.fits_age(
        weeks=(on - infant.date_of_birth).days // 7, months=completed_months(infant.date_of_birth, on)
    ):
        said = ""
    else:
        said = f"{name}’s age: {age_in_words(infant.date_of_birth, on)}."
    return said and f"{said} The {version} is made for babies of {window}."
