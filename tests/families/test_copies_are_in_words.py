"""The copy of a record is read by the person whom it is about: no fact of it is a code of ours."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from itertools import chain
from typing import Any

import pytest
from django.apps import apps
from django.db import IntegrityError, models, transaction

from families.models import Membership, Person
from families.packs import gathering
from outcomes.experience import STATEMENTS
from outcomes.models import CriticalAnswer, Experience
from referrals.models import Referral, ReferredPerson
from tests.families.test_copies_are_complete import APPS, COLUMNS_NOT_TOLD, told, world
from tests.referrals.filling import Writer
from tests.world import World

__all__ = ["world"]  # the fixture: a world with one of everything about Sam

# Short columns without choices, in which words or numbers stand as somebody typed them.
TYPED = {
    "families.Person": {"pronouns", "phone", "other_phone", "nhs_number"},
    "families.Membership": {"relationship_word"},
    "families.Address": {"postcode"},
    "families.Professional": {"ods_code", "phone"},
    "families.Family": {"reference"},
    "families.Merge": {"family_reference", "gone_reference"},
    "referrals.Referral": {"referrer_phone"},
    "referrals.ReferredPerson": {"nhs_number", "phone", "postcode"},
}
# And one that holds a code, whose words another model has.
CODED = {"referrals.ReferredPerson": {"relationship"}}
SHORT = 40
SNAKE = re.compile(r"\b[a-z]+(?:_[a-z0-9]+)+\b")


def test_every_short_column_is_known_to_hold_words_or_a_code() -> None:
    found: dict[str, set[str]] = {}
    for label, model in told().items():
        for each in model._meta.concrete_fields:
            short = isinstance(each, models.CharField) and each.max_length is not None and each.max_length <= SHORT
            if short and not each.choices and each.name not in COLUMNS_NOT_TOLD.get(label, {}):
                found.setdefault(label, set()).add(each.name)
    known = {label: TYPED.get(label, set()) | CODED.get(label, set()) for label in {*TYPED, *CODED}}
    assert found == known, "a new column: typed words, or a code that a copy must put into words?"


def codes() -> set[str]:
    """Every value of a choice, whichever model has it, that is no word to whoever reads it."""
    found = set()
    for app in APPS:
        for model in apps.get_app_config(app).get_models():
            for each in model._meta.concrete_fields:
                for value, label in each.flatchoices:
                    if isinstance(value, str) and value and value.casefold() != str(label).casefold():
                        found.add(value)
    return found


def choose(dice: random.Random) -> None:
    """One of its choices in every column of every row that a copy tells of, as far as the database allows."""
    for model in told().values():
        fields = [each for each in model._meta.concrete_fields if each.choices]
        for row in model._base_manager.all():
            for each in fields:
                value = dice.choice([value for value, _ in each.flatchoices])
                try:
                    with transaction.atomic():
                        model._base_manager.filter(pk=row.pk).update(**{each.name: value})
                except IntegrityError:
                    continue  # under a condition with another column


def said(sections: list[dict[str, Any]]) -> Iterator[tuple[str, str]]:
    """Where in a copy, and what it says there; the names of facts as well."""
    for section in sections:
        for entry in section["entries"]:
            yield f"{entry['key']} title", entry["title"]
            yield f"{entry['key']} text", entry["text"]
            for label, value in entry["facts"].items():
                yield f"{entry['key']} names a fact", label
                yield f"{entry['key']} {label}", value


def answered(world: World) -> None:
    """A referral that somebody filled in, questionnaires with their answers."""
    writer = Writer()
    writer.fill()
    writer.send()
    sent = Referral.objects.undecided().order_by("-received_at").first()
    assert sent is not None
    Referral.objects.filter(pk=sent.pk).update(case=world.family.case, state=Referral.State.ACCEPTED)
    assert sent.people.exclude(relationship="").exists()
    world.score.answers = {str(number): number % 4 for number in range(1, 10)}
    world.score.save()
    Experience.objects.update(answers=dict.fromkeys(STATEMENTS, 4))


@pytest.mark.parametrize("seed", range(4))
def test_nothing_in_a_full_copy_is_a_code(world: World, seed: int) -> None:
    answered(world)
    choose(random.Random(seed))
    every = codes()
    raw = []
    for where, words in said(gathering.gather(Person.objects.get(pk=world.family.sam.pk), asker=world.cast.carol)):
        whole = words.strip() in every or words.strip().casefold() in {"true", "false", "none"}
        if (whole and not words.isdigit()) or SNAKE.search(words) or "{" in words:
            raw.append((where, words[:200]))
    assert raw == []


def test_a_score_is_told_in_the_words_of_its_questionnaire(world: World) -> None:
    answered(world)
    CriticalAnswer.objects.update(value=2)
    copy = gathering.gather(world.family.sam, asker=world.cast.carol)
    facts = dict(chain.from_iterable(entry["facts"].items() for part in copy for entry in part["entries"]))
    assert facts["2. Feeling down, depressed, or hopeless"] == "More than half the days (2)"
    assert facts["Total"] == "4"
    assert facts["Answer"] == "More than half the days (2)"
    assert facts["I felt listened to."] == "Mostly"


def test_a_referral_is_told_as_questions_with_their_answers(world: World) -> None:
    answered(world)
    copy = next(part for part in gathering.gather(world.family.sam) if part["key"] == "referrals")
    told_of = "\n".join(entry["text"] for entry in copy["entries"])
    assert "That we get to know each other before they come." in told_of
    assert "Polish" in told_of


def test_who_somebody_is_to_the_baby_is_told_in_words(world: World) -> None:
    named = ReferredPerson.objects.filter(referral__case=world.family.case, kind="caregiver").first()
    assert named is not None
    for value, words in Membership.Relationship.choices:
        ReferredPerson.objects.filter(pk=named.pk).update(relationship=value)
        copy = gathering.gather(world.family.sam, asker=world.cast.carol)
        facts = [
            entry["facts"]
            for part in copy
            for entry in part["entries"]
            if entry["key"] == f"referrals:named-{named.pk}"
        ]
        assert facts[0]["Who they are to the baby"] == words
