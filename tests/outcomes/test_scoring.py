"""Scoring does what is published, for every answer that can be given."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from outcomes.definitions import BadDefinition, Definition, as_data, written
from outcomes.scoring import change, critical_answers, goal_change, line_reached, value_of, values_of
from outcomes.shipped import shipped

MEASURES = {row["key"]: Definition.of(row["content"]) for row in shipped()}
PHQ, GAD, PBQ = MEASURES["phq-9"], MEASURES["gad-7"], MEASURES["pbq"]
WITH_ITEMS = [definition for definition in MEASURES.values() if definition.items]


def answers_of(definition: Definition, *, left_out: bool = True) -> st.SearchStrategy[dict[int, Any]]:
    def one(values: list[int]) -> st.SearchStrategy[int | None]:
        return st.one_of(st.none(), st.sampled_from(values)) if left_out else st.sampled_from(values)

    return st.fixed_dictionaries({item.number: one([each.value for each in item.options]) for item in definition.items})


def total(definition: Definition, answers: dict[int, Any]) -> Decimal | None:
    return value_of(definition, definition.subscales[0], answers).value


# --- Published examples ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("key", "answers", "expected", "band"),
    [
        # PHQ-9, Kroenke 2001: 0 to 27, with lines at 5, 10, 15 and 20
        ("phq-9", [0] * 9, 0, None),
        ("phq-9", [1, 1, 1, 1, 0, 0, 0, 0, 0], 4, None),
        ("phq-9", [1, 1, 1, 1, 1, 0, 0, 0, 0], 5, "Mild"),
        ("phq-9", [2, 2, 2, 2, 1, 0, 0, 0, 0], 9, "Mild"),
        ("phq-9", [2, 2, 2, 2, 2, 0, 0, 0, 0], 10, "Moderate"),
        ("phq-9", [3, 3, 3, 3, 3, 0, 0, 0, 0], 15, "Moderately severe"),
        ("phq-9", [3, 3, 3, 3, 3, 3, 2, 0, 0], 20, "Severe"),
        ("phq-9", [3] * 9, 27, "Severe"),
        # GAD-7, Spitzer 2006: 0 to 21, with lines at 5, 10 and 15
        ("gad-7", [1, 1, 1, 1, 0, 0, 0], 4, None),
        ("gad-7", [2, 2, 1, 0, 0, 0, 0], 5, "Mild"),
        ("gad-7", [2, 2, 2, 2, 2, 0, 0], 10, "Moderate"),
        ("gad-7", [3] * 7, 21, "Severe"),
    ],
)
def test_totals_and_bands_are_those_of_the_publication(
    key: str, answers: list[int], expected: int, band: str | None
) -> None:
    definition = MEASURES[key]
    value = total(definition, dict(enumerate(answers, 1)))
    assert value == expected
    line = line_reached(definition, "total", value)  # type: ignore[arg-type]
    assert (line.label if line else None) == band


def test_the_bonding_questionnaire_counts_warm_answers_from_the_other_end() -> None:
    """Brockington 2006: warm items from always 0 to never 5, the others from always 5 to never 0."""
    never, always = dict.fromkeys(range(1, 26), 0), dict.fromkeys(range(1, 26), 5)
    factors = {value.key: value.value for value in values_of(PBQ, never)}
    # the eight warm questions answered "never", all others "never": 8 × 5
    assert factors == {"total": 40, "general": 20, "rejection": 10, "anxiety": 10, "harm": 0}
    assert {value.key: value.value for value in values_of(PBQ, always)} == {
        "total": 85,
        "general": 40,
        "rejection": 25,
        "anxiety": 10,
        "harm": 10,
    }
    warmest = {number: 5 if PBQ.item(number).reversed else 0 for number in range(1, 26)}  # type: ignore[union-attr]
    assert total(PBQ, warmest) == 0
    hardest = {number: 0 if PBQ.item(number).reversed else 5 for number in range(1, 26)}  # type: ignore[union-attr]
    assert {value.key: value.value for value in values_of(PBQ, hardest)} == {
        "total": 125,
        "general": 60,
        "rejection": 35,
        "anxiety": 20,
        "harm": 10,
    }


@pytest.mark.parametrize(
    ("factor", "below", "at"), [("general", 11, 12), ("rejection", 12, 13), ("anxiety", 9, 10), ("harm", 1, 2)]
)
def test_the_bonding_questionnaires_lines_are_those_of_2006(factor: str, below: int, at: int) -> None:
    assert line_reached(PBQ, factor, Decimal(below)) is None
    assert line_reached(PBQ, factor, Decimal(at)) is not None


def test_low_parenting_confidence_is_39_or_less() -> None:
    karitane = MEASURES["kpcs"]
    assert line_reached(karitane, "total", Decimal(39)).label == "Low parenting confidence"  # type: ignore[union-attr]
    assert line_reached(karitane, "total", Decimal(40)) is None


def test_does_not_apply_counts_what_the_manual_says() -> None:
    """The Karitane scale's questions 1 and 9: "not applicable" counts 2 (manual of 2008)."""
    options = [[0, "No, hardly ever"], [1, "Not often"], [2, "Sometimes"], [3, "Most of the time"]]
    definition = Definition.of(
        {
            **as_data(MEASURES["kpcs"]),
            "mode": "items",
            "options": options,
            "items": [
                {"number": number, "text": f"Question {number}", "not_applicable": 2 if number in (1, 9) else None}
                for number in range(1, 16)
            ],
            "subscales": [{"key": "total", "name": "Total", "items": list(range(1, 16)), "low": 0, "high": 45}],
        }
    )
    answers: dict[int, Any] = dict.fromkeys(range(1, 16), 3)
    assert total(definition, answers) == 45
    assert total(definition, {**answers, 1: "na", 9: "na"}) == 43
    with pytest.raises(ValueError, match="question 2"):
        total(definition, {**answers, 2: "na"})


# --- Missing answers -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("given_answers", "expected"),
    [
        ([2, 2, 2, 2, 2, 2, 2, 2, None], 18),  # the mean, 2, stands in
        ([1, 1, 1, 1, 1, 1, 2, None, None], 10),  # 8 / 7 × 9 = 10.29
        ([3, 3, 3, 3, 0, 0, 0, 0, None], 14),  # 12 / 8 × 9 = 13.5, rounded up
        ([3, 3, 3, 3, 3, 3, None, None, None], None),
        ([None] * 9, None),
    ],
)
def test_up_to_two_missing_answers_of_the_phq_are_replaced_by_the_average(
    given_answers: list[int | None], expected: int | None
) -> None:
    assert total(PHQ, dict(enumerate(given_answers, 1))) == expected


def test_one_missing_answer_leaves_the_bonding_questionnaire_without_that_score_only() -> None:
    answers: dict[int, Any] = dict.fromkeys(range(1, 26), 0)
    answers[24] = None
    values = {value.key: value for value in values_of(PBQ, answers)}
    assert values["harm"].value is None
    assert values["total"].value is None
    assert values["general"].value == 20
    assert not values["general"].prorated


# --- Properties ------------------------------------------------------------------------------------------------


@settings(max_examples=60)
@given(st.data())
def test_every_score_is_within_its_published_range_or_none(data: st.DataObject) -> None:
    definition = data.draw(st.sampled_from(WITH_ITEMS))
    for value, subscale in zip(
        values_of(definition, data.draw(answers_of(definition))), definition.subscales, strict=True
    ):
        if value.value is not None:
            assert subscale.low <= value.value <= subscale.high
            assert value.left_out <= definition.missing.most


@settings(max_examples=60)
@given(st.data())
def test_a_harder_answer_never_makes_a_score_lower(data: st.DataObject) -> None:
    definition = data.draw(st.sampled_from(WITH_ITEMS))
    answers = data.draw(answers_of(definition, left_out=False))
    number = data.draw(st.sampled_from(sorted(answers)))
    item = definition.item(number)
    assert item is not None
    harder = {**answers, number: item.low if item.reversed else item.high}
    for before, after in zip(values_of(definition, answers), values_of(definition, harder), strict=True):
        assert after.value >= before.value  # type: ignore[operator]


@settings(max_examples=60)
@given(st.data())
def test_without_missing_answers_the_total_is_the_sum(data: st.DataObject) -> None:
    answers = data.draw(answers_of(GAD, left_out=False))
    assert total(GAD, answers) == sum(answers.values())


@settings(max_examples=60)
@given(answers_of(PHQ))
def test_a_critical_answer_is_seen_however_much_else_was_left_out(answers: dict[int, Any]) -> None:
    found = critical_answers(PHQ, answers)
    assert bool(found) == (answers[9] is not None and answers[9] > 0)
    only_that = {9: answers[9]}
    assert critical_answers(PHQ, only_that) == found


@settings(max_examples=60)
@given(st.data(), st.integers(0, 40))
def test_the_line_reached_is_the_outermost_one(data: st.DataObject, figure: int) -> None:
    definition = data.draw(st.sampled_from([PHQ, GAD, MEASURES["epds"], MEASURES["core-10"]]))
    reached = line_reached(definition, "total", Decimal(figure))
    at_or_below = [line.at for line in definition.cut_offs if line.at <= figure]
    assert (reached.at if reached else None) == max(at_or_below, default=None)


@given(st.decimals(allow_nan=False, allow_infinity=False, places=2, min_value=-999, max_value=999))
def test_numbers_are_written_as_people_write_them(value: Decimal) -> None:
    assert Decimal(written(value)) == value
    assert "E" not in written(value)


# --- Change ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("definition", "before", "after", "better", "reliable"),
    [
        (PHQ, 16, 10, True, True),
        (PHQ, 16, 11, True, False),
        (PHQ, 10, 16, False, True),
        (PHQ, 10, 10, None, False),
        (GAD, 12, 8, True, True),
        (GAD, 12, 9, True, False),
        (MEASURES["core-10"], 20, 14, True, True),
        (MEASURES["kpcs"], 36, 41, True, None),
        (MEASURES["epds"], 15, 8, True, None),
        (MEASURES["care-index"], 5, 8, None, None),
    ],
)
def test_change_is_called_reliable_only_where_that_is_published(
    definition: Definition, before: int, after: int, better: bool | None, reliable: bool | None
) -> None:
    found = change(definition.subscales[0], definition.better, Decimal(before), Decimal(after))
    assert (found.better, found.reliable) == (better, reliable)


def test_a_goal_has_moved_by_three_points_or_more() -> None:
    assert goal_change(2, 5).reliable
    assert not goal_change(2, 4).reliable
    assert goal_change(2, 5).in_words == (
        "3 points higher, which is better; more than chance would do (reliable from 3 points)"
    )
    assert goal_change(4, 4).in_words == "the same"


# --- Definitions -----------------------------------------------------------------------------------------------


def test_what_is_shipped_is_what_may_be_shipped() -> None:
    assert {key for key, definition in MEASURES.items() if definition.mode == "items"} == {"phq-9", "gad-7", "pbq"}
    assert all(definition.licence and definition.reference for definition in MEASURES.values())
    assert MEASURES["care-index"].cut_offs == ()  # published bands disagree
    assert {(key, each.item) for key, definition in MEASURES.items() for each in definition.critical} == {
        ("phq-9", 9),
        ("epds", 10),
        ("core-10", 6),
        ("pbq", 18),
        ("pbq", 24),
    }


@pytest.mark.parametrize("definition", list(MEASURES.values()), ids=list(MEASURES))
def test_a_definition_is_read_back_as_it_was_written(definition: Definition) -> None:
    assert Definition.of(as_data(definition)) == definition


@pytest.mark.parametrize(
    "change_of",
    [
        {"better": "sideways"},
        {"respondent": ""},
        {"subscales": []},
        {"items": []},
        {"critical": [{"item": 99, "above": 0, "text": "?"}]},
        {"critical": [{"item": 9, "above": 3, "text": "?"}]},
        {"cut_offs": [{"subscale": "other", "at": 1, "side": "from", "label": "x", "source": "y"}]},
        {"cut_offs": [{"subscale": "total", "at": "ten", "side": "from", "label": "x", "source": "y"}]},
        {"cut_offs": [{"subscale": "total", "at": 10, "side": "from", "label": "x", "source": " "}]},
        {"subscales": [{"key": "total", "name": "Total", "items": [10]}]},
        {"subscales": [{"key": "total", "name": "Total", "items": [1], "low": 5, "high": 5}]},
        {"months_from": 12, "months_to": 3},
        {"name": " "},
    ],
)
def test_a_definition_that_does_not_hang_together_is_refused(change_of: dict[str, Any]) -> None:
    with pytest.raises(BadDefinition):
        Definition.of({**as_data(PHQ), **change_of})
