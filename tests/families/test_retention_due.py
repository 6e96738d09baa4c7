"""Until when a record is kept: checked against arithmetic of its own, and against the days of a calendar."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from accounts.models import User
from audit.models import AuditEvent
from families import actions
from families.models import Case, Due, Family, Loss, Person, RetentionRule
from families.retention import due
from families.retention.schedule import CLASSES, Key, Line, lines
from tests.cast import Cast, make_cast, make_family

# The defaults of the NHS Records Management Code, and of the agreement to filming.
DEFAULTS = {
    "films": (2, "months"),
    "child": (25, "years"),
    "maternity": (25, "years"),
    "work": (20, "years"),
    "death": (10, "years"),
    "answer": (6, "weeks"),
    "referral": (2, "years"),
}
FIRST = {each.key: Line(RetentionRule(key=each.key, amount=each.amount, source=each.source), each) for each in CLASSES}


def test_the_schedule_begins_with_the_published_periods(db: None) -> None:
    assert {key: (line.rule.amount, line.about.unit) for key, line in lines().items()} == DEFAULTS
    assert RetentionRule.objects.count() == len(DEFAULTS), "each is a row that a manager can change"
    assert all(line.rule.source for line in lines().values())


# --- An arithmetic of its own: no months, no classes, numbers of a calendar alone -------------------------------


def birthday(born: date, years: int) -> date:
    """The day on which somebody becomes so old; of somebody born on 29 February the last day of that month."""
    leap = (born.year + years) % 4 == 0 and ((born.year + years) % 100 != 0 or (born.year + years) % 400 == 0)
    if (born.month, born.day) == (2, 29) and not leap:
        return date(born.year + years, 2, 28)
    return date(born.year + years, born.month, born.day)


def plainly(people: list[dict[str, Any]], closed: date) -> date:
    """The last day that anything says, in the words of the Code."""
    days = []
    for each in people:
        born, expected, died = each.get("born"), each.get("expected"), each.get("died")
        if expected:
            days.append(birthday(born or expected, 25))
        if born and closed < birthday(born, 17):
            days.append(birthday(born, 25))
        elif born and closed < birthday(born, 18):
            days.append(birthday(born, 26))
        if died:
            days.append(birthday(died, 10))
        elif born or each["kind"] != "infant":
            days.append(birthday(closed, 20))
    return max(days, default=birthday(closed, 20))


def a_person(facts: dict[str, Any]) -> tuple[Person, Loss | None]:
    lost = "died" if facts.get("died") else ""
    person = Person(
        kind=facts["kind"],
        first_name="Wren",
        date_of_birth=facts.get("born"),
        expected_on=facts.get("expected"),
        lost=lost,
    )
    return person, Loss(person=person, kind=lost, happened_on=facts["died"]) if lost else None


days = st.dates(date(1950, 1, 1), date(2035, 12, 31))
closings = st.dates(date(1990, 1, 1), date(2035, 12, 31))
grown = st.fixed_dictionaries({"kind": st.just("caregiver")}, optional={"born": days, "died": days})
children = st.fixed_dictionaries(
    {"kind": st.sampled_from(["infant", "sibling"]), "born": days}, optional={"died": days}
)
unborn = st.fixed_dictionaries({"kind": st.just("infant"), "expected": days})
early = st.fixed_dictionaries({"kind": st.just("infant"), "born": days, "expected": days})
nobody_knows = st.just({"kind": "infant"})


@given(people=st.lists(st.one_of(grown, children, unborn, early, nobody_knows), max_size=5), closed=closings)
def test_a_household_is_kept_until_the_last_day_that_applies_to_anybody(
    people: list[dict[str, Any]], closed: date
) -> None:
    made = [a_person(facts) for facts in people]
    losses = {loss.person_id: loss for _, loss in made if loss is not None}
    found = due.of_record([person for person, _ in made], closed, FIRST, losses)
    assert found.until == plainly(people, closed)
    assert found.until == max(reason.until for reason in found.reasons)
    assert found.line.rule.key == next(each for each in found.reasons if each.until == found.until).line.rule.key


@pytest.mark.parametrize(
    ("born", "closed", "until"),
    [
        (date(2010, 3, 14), date(2012, 1, 1), date(2035, 3, 14)),  # the 25th birthday
        (date(2008, 2, 29), date(2009, 1, 1), date(2033, 2, 28)),  # a birthday that most years have not
        (date(2000, 6, 1), date(2017, 5, 31), date(2037, 5, 31)),  # 16 at the end: twenty years of mental health win
        (date(2000, 6, 1), date(2017, 6, 1), date(2037, 6, 1)),  # 17 at the end: to the 26th would be less
        (date(2000, 6, 1), date(2018, 6, 1), date(2038, 6, 1)),  # grown
    ],
)
def test_a_child(born: date, closed: date, until: date) -> None:
    person = Person(kind="sibling", first_name="Wren", date_of_birth=born)
    assert due.of_record([person], closed, FIRST).until == until


@pytest.mark.parametrize(("age", "key_birthday"), [(16, 25), (17, 26)])
def test_the_year_more_for_who_was_17_at_the_end(age: int, key_birthday: int) -> None:
    born = date(2000, 6, 1)
    person = Person(kind="sibling", first_name="Wren", date_of_birth=born)
    reasons = due.of_record([person], date(2000 + age, 12, 1), FIRST).reasons
    assert {each.until for each in reasons if each.line.rule.key == Key.CHILD} == {date(2000 + key_birthday, 6, 1)}


# --- On the record ----------------------------------------------------------------------------------------------


@pytest.fixture
def cast(db: None) -> Cast:
    return make_cast()


def closed(cast: Cast, days_ago: int, *, team: Any = None) -> Case:
    made = make_family(cast.asha)
    made.case.opened_on = timezone.localdate() - timedelta(days=days_ago + 100)
    made.case.save()
    actions.close_case(
        by=cast.asha, case=made.case, closed_on=timezone.localdate() - timedelta(days=days_ago), reason="Done."
    )
    return made.case


def years_ago(years: int, days: int = 0) -> date:
    today = timezone.localdate()
    return birthday(today, -years) + timedelta(days=days)


def grown_up(case: Case, born: date) -> None:
    """Rowan and everybody else of this record were born then."""
    case.people.update(date_of_birth=born)


def listed() -> dict[str, tuple[date, str]]:
    due.work_out()
    return {each.what: (each.due_on, each.rule) for each in Due.objects.all()}


def test_a_record_is_listed_when_the_family_must_be_asked_and_not_before(cast: Cast) -> None:
    case = closed(cast, 24 * 365)
    weeks = timedelta(weeks=6)
    born = years_ago(25) + weeks + timedelta(days=1)
    grown_up(case, born)
    assert listed() == {}
    grown_up(case, born - timedelta(days=1))
    assert listed() == {"record": (birthday(born - timedelta(days=1), 25), "child")}
    found = due.record_of(case.family)
    assert found is not None
    assert not found.is_over


def test_it_is_kept_through_the_last_day(cast: Cast) -> None:
    case = closed(cast, 24 * 365)
    for days, over in ((0, False), (-1, True)):
        grown_up(case, years_ago(25, days))
        found = due.record_of(case.family)
        assert found is not None
        assert found.until == timezone.localdate() + timedelta(days=days)
        assert found.is_over is over


def test_nothing_is_due_while_one_case_of_the_family_is_open_or_opened_again(cast: Cast) -> None:
    case = closed(cast, 26 * 365)
    grown_up(case, years_ago(27))
    assert "record" in listed()
    again = Case.objects.create(family=case.family, team=cast.north, lead=cast.asha)
    assert listed() == {}
    assert due.record_of(case.family) is None
    actions.close_case(by=cast.asha, case=again, closed_on=timezone.localdate(), reason="Done.")
    assert listed() == {}, "twenty years are counted from the last closing"
    found = due.record_of(case.family)
    assert found is not None
    assert found.until == birthday(timezone.localdate(), 20)


def test_twins_and_the_youngest_child_decide_for_all(cast: Cast) -> None:
    case = closed(cast, 24 * 365)
    grown_up(case, years_ago(26))
    assert "record" in listed()
    younger = Person.objects.create(kind="sibling", first_name="Lark", date_of_birth=years_ago(24))
    case.family.memberships.create(person=younger, relationship="sibling")
    assert listed() == {}, "a child of the household, in no case, is told of in its notes"


def test_a_pregnancy_that_was_lost_is_kept_as_maternity_records_are(cast: Cast) -> None:
    family = Family.objects.create()
    mother = Person.objects.create(kind="caregiver", first_name="Sam", date_of_birth=date(1970, 1, 1))
    baby = Person.objects.create(kind="infant", expected_on=date(2001, 5, 5), lost="pregnancy")
    for person, relationship in ((mother, "birth_parent"), (baby, "infant")):
        family.memberships.create(person=person, relationship=relationship)
    case = Case.objects.create(
        family=family, team=cast.north, opened_on=date(2001, 1, 1), closed_on=date(2001, 3, 1), stage="closed"
    )
    case.people.set([mother, baby])
    found = due.record_of(family)
    assert found is not None
    assert (found.until, found.line.rule.key) == (date(2026, 5, 5), "maternity")


def test_a_longer_time_in_the_settings_counts_at_once(cast: Cast) -> None:
    case = closed(cast, 24 * 365)
    grown_up(case, years_ago(26))
    assert "record" in listed()
    rule = RetentionRule.objects.get(key="child")
    rule.amount = 30
    rule.save()
    assert listed() == {}


def test_working_it_out_costs_the_same_for_many_families(cast: Cast, django_assert_max_num_queries: Any) -> None:
    for _ in range(6):
        grown_up(closed(cast, 26 * 365), years_ago(27))
    due.work_out()
    with django_assert_max_num_queries(16):
        assert due.work_out() == 6


def test_a_manager_changes_a_period_and_it_is_kept_who_did(cast: Cast, signed_in: Callable[[User], Client]) -> None:
    client = signed_in(cast.carol)
    address = reverse("families:retention-rule", args=["work"])
    refused = client.post(address, {"amount": "0", "source": ""}).content.decode()
    assert "nhsuk-error-summary" in refused
    assert RetentionRule.objects.get(key="work").amount == 20
    client.post(address, {"amount": "30", "source": "Our policy of 2026"})
    page = client.get(reverse("families:retention-rules")).content.decode()
    assert "30 years" in page
    assert "Our policy of 2026" in page
    assert "Carol Manager" in page
    assert AuditEvent.objects.filter(verb="retention_rule.changed").exists()
    assert client.get(reverse("families:retention-rule", args=["nonsense"])).status_code == 404
