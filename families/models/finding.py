"""What people are looked up by. Worked out from the record, and made again from it at any time."""

from __future__ import annotations

from django.db import models

from families.models.person import Person


class SearchKey(models.Model):
    """One thing by which one person is found: a word of a name, a date, a number.

    Written whenever the person, their household or an address is saved (``families.finding.keys``), never by hand.
    """

    class Kind(models.TextChoices):
        FIRST = "first", "First name"
        LAST = "last", "Last name"
        KNOWN_AS = "known_as", "Known as"
        EARLIER = "earlier", "Earlier surname"
        BORN = "born", "Date of birth"
        DUE = "due", "Expected date"
        NHS = "nhs", "NHS number"
        PHONE = "phone", "Phone"
        EMAIL = "email", "E-mail"
        POSTCODE = "postcode", "Postcode"

    person = models.ForeignKey(Person, models.CASCADE, related_name="search_keys")
    kind = models.CharField(max_length=8, choices=Kind.choices)
    value = models.CharField(max_length=254)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "kind", "value"], name="one_key_of_its_kind")]
        indexes = [
            models.Index(fields=["value", "kind"]),
            # what begins with the letters typed, whatever the database's own order of letters
            models.Index(fields=["value"], name="search_key_begins", opclasses=["varchar_pattern_ops"]),
        ]

    def __str__(self) -> str:
        return f"{self.kind} key"


class NamePart(models.Model):
    """One trigram or sound of a word that is somebody's name: how a misspelt search finds the words that exist.

    By word and not by person: there are far fewer names than people, so that looking here stays quick.
    """

    word = models.CharField(max_length=60)
    part = models.CharField(max_length=70)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["part", "word"], name="a_part_once_in_a_word")]
        indexes = [models.Index(fields=["word"])]

    def __str__(self) -> str:
        return "part of a name"
