"""How well the people of referrals are known, measured on a made-up record of 5,000; docs/adr/0021 has the figures."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from referrals.matching import Candidate, match
from tests.referrals.index import Index
from tests.referrals.made_referrals import MadeReferrals, make_referrals


@pytest.fixture(scope="module")
def made() -> MadeReferrals:
    return make_referrals()


@pytest.fixture(scope="module")
def found(made: MadeReferrals) -> Mapping[Any, list[Candidate]]:
    index = Index(made.known.values())
    return {key: some for sent in made.sent for key, some in match(sent, index.around(sent)).items()}


def pairs(found: Mapping[Any, list[Candidate]], *, matched: bool) -> set[tuple[Any, Any]]:
    return {(key, each.known.id) for key, some in found.items() for each in some if each.matched or not matched}


def share(some: int, of: int) -> float:
    return round(some / of, 3)


def test_the_record_and_the_referrals_are_as_large_and_as_faulty_as_stated(made: MadeReferrals) -> None:
    assert len(made.known) >= 5000
    assert len(made.sent) == 1000
    assert made.counts["misspelt"] > 400
    assert made.counts["surname changed"] > 100
    assert made.counts["child unknown"] == 100
    assert len(made.never) > 300


def test_what_is_settled_is_right(made: MadeReferrals, found: Mapping[Any, list[Candidate]]) -> None:
    settled, truth = pairs(found, matched=True), set(made.truth.items())
    assert len(settled) > 900
    assert share(len(settled & truth), len(settled)) >= 0.999, settled - truth
    assert share(len(settled & truth), len(truth)) >= 0.65


def test_what_is_shown_misses_few_and_bothers_nobody(made: MadeReferrals, found: Mapping[Any, list[Candidate]]) -> None:
    shown, truth = pairs(found, matched=False), set(made.truth.items())
    assert share(len(shown & truth), len(truth)) >= 0.9
    assert share(len(shown & truth), len(shown)) >= 0.97


def test_nothing_is_ever_settled_between_twins_or_between_brothers_and_sisters(
    made: MadeReferrals, found: Mapping[Any, list[Candidate]]
) -> None:
    assert not pairs(found, matched=True) & made.never


def test_one_answer_for_each_and_nobody_for_two(found: Mapping[Any, list[Candidate]], made: MadeReferrals) -> None:
    for sent in made.sent:
        answers = [each.known.id for one in sent for each in found[one.id] if each.matched]
        assert len(answers) == len(set(answers))
    assert all(sum(each.matched for each in some) <= 1 for some in found.values())


def test_looking_by_keys_settles_what_looking_at_everybody_does(made: MadeReferrals) -> None:
    index, everybody = Index(made.known.values()), list(made.known.values())
    for sent in made.sent[:6]:
        assert pairs(match(sent, index.around(sent)), matched=True) == pairs(match(sent, everybody), matched=True)
