"""Who agrees to what, for any order of events, against a plain reference written from the rules alone."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st

from families.consent import Purpose, Standing, stand
from families.models import Consent, Person

TODAY = date(2026, 11, 25)
NOW = timezone.make_aware(datetime.combine(TODAY, time(12)))
VOICES = {"sam": uuid.uuid4(), "alex": uuid.uuid4(), "nan": uuid.uuid4()}  # Nan holds no responsibility


@dataclass(frozen=True)
class Event:
    """Somebody's word: how many days ago, what, taken back or not, and the day it ends, from today."""

    who: str
    days_ago: int
    agrees: bool
    taken_back: bool
    ends_in: int | None

    def row(self, person: Person) -> Consent:
        own = self.who == "own"
        authority, named = self.who == "authority", self.who == "grandmother"
        at = NOW - timedelta(days=self.days_ago)
        made = Consent(
            person=person,
            purpose=Purpose.FILM,
            decision="given" if self.agrees else "refused",
            capacity="own" if own else "authority" if authority else "parental",
            decided_by_id=person.pk if own else VOICES.get(self.who),
            decided_by_name=self.who if authority or named else "",
            decided_at=at,
            withdrawn_at=at + timedelta(minutes=1) if self.taken_back else None,
            expires_on=None if self.ends_in is None else TODAY + timedelta(days=self.ends_in),
        )
        made.by_right = self.who != "nan"  # type: ignore[attr-defined]  # what ``decisions_of`` annotates
        return made

    @property
    def word(self) -> str:
        if self.taken_back:
            return "withdrawn"
        if not self.agrees:
            return "refused"
        return "expired" if self.ends_in is not None and self.ends_in < 0 else "given"


def events(*who: str) -> st.SearchStrategy[list[Event]]:
    one = st.builds(
        Event,
        who=st.sampled_from(who),
        days_ago=st.integers(0, 700),
        agrees=st.booleans(),
        taken_back=st.booleans(),
        ends_in=st.none() | st.integers(-40, 40),
    )
    return st.lists(one, max_size=7, unique_by=lambda event: event.days_ago)


def standing(person: Person, given_events: list[Event], ability: str | None = None) -> str:
    rows = [event.row(person) for event in sorted(given_events, key=lambda event: event.days_ago)]
    for row in rows:
        row.ability = ability  # type: ignore[attr-defined]
    return stand(person, Purpose.FILM, rows, now=NOW).standing


def agreed_by_all(words: set[str]) -> bool:
    """The rule for several who decide: somebody's yes stands, and nobody's no does."""
    return "given" in words and not words & {"refused", "withdrawn"}


@settings(max_examples=400, deadline=None)
@given(said=events("sam", "alex", "nan", "authority"), born_days_ago=st.none() | st.integers(0, 700))
def test_a_child(said: list[Event], born_days_ago: int | None) -> None:
    born = None if born_days_ago is None else TODAY - timedelta(days=born_days_ago)
    child = Person(kind=Person.Kind.INFANT, date_of_birth=born, expected_on=TODAY)
    counting = [e for e in said if e.who != "nan" and (born_days_ago is None or e.days_ago <= born_days_ago)]
    last = {e.who: e.word for e in sorted(counting, key=lambda e: -e.days_ago)}
    found = standing(child, said)
    assert (found == Standing.GIVEN) is agreed_by_all(set(last.values()))
    assert (found == Standing.NOT_ASKED) is (not last)
    no, yes = set(last.values()) & {"refused", "withdrawn"}, set(last.values()) & {"given", "expired"}
    assert (found == Standing.CONFLICT) is bool(no and yes)
    assert (found == Standing.EXPIRED) is (set(last.values()) == {"expired"})


@settings(max_examples=200, deadline=None)
@given(said=events("own", "grandmother"), ability=st.sampled_from([None, "can", "cannot"]))
def test_an_adult(said: list[Event], ability: str | None) -> None:
    adult = Person(kind=Person.Kind.CAREGIVER, date_of_birth=date(1995, 4, 3))
    own = [e for e in sorted(said, key=lambda e: e.days_ago) if e.who == "own"]
    found = standing(adult, said, ability)
    if not own:
        assert found == Standing.NOT_ASKED
    elif own[0].word != "given":
        assert found == own[0].word  # a no needs no ability to be heard
    else:
        assert found == (Standing.NOT_ALONE if ability == "cannot" else Standing.GIVEN)


@settings(max_examples=400, deadline=None)
@given(
    said=events("own", "grandmother", "authority"),
    ability=st.sampled_from([None, "can", "cannot"]),
    age_in_days=st.integers(14 * 365, 17 * 365),
)
def test_a_caregiver_near_sixteen(said: list[Event], ability: str | None, age_in_days: int) -> None:
    born = TODAY - timedelta(days=age_in_days)
    if (born.month, born.day) == (2, 29):
        born += timedelta(days=1)
    sixteen = born.replace(year=born.year + 16)
    young = Person(kind=Person.Kind.CAREGIVER, date_of_birth=born)
    last = {e.who: e for e in sorted(said, key=lambda e: -e.days_ago)}
    own = last.pop("own", None)
    backing = {e.word for e in last.values()}
    found = standing(young, said, ability)
    if own is None:
        assert found == Standing.NOT_ASKED
    elif own.word != "given":
        assert found == own.word
    else:
        said_at_sixteen = TODAY - timedelta(days=own.days_ago) >= sixteen
        if ability == "can":
            expected = True
        elif said_at_sixteen:
            expected = ability is None
        else:
            expected = sixteen > TODAY and agreed_by_all(backing)
        assert (found == Standing.GIVEN) is expected
        if not said_at_sixteen and ability != "can" and sixteen <= TODAY:
            assert found == Standing.NOT_ASKED


@settings(max_examples=200, deadline=None)
@given(said=events("sam", "alex", "authority"), later=st.integers(1, 60))
def test_an_agreement_holds_until_the_day_it_says_and_not_a_day_longer(said: list[Event], later: int) -> None:
    child = Person(kind=Person.Kind.INFANT, date_of_birth=TODAY - timedelta(days=800))
    rows = [event.row(child) for event in sorted(said, key=lambda event: event.days_ago)]
    now = stand(child, Purpose.FILM, rows, now=NOW)
    if not now.agreed:
        assert now.until is None
        return
    assert stand(child, Purpose.FILM, rows, now=NOW + timedelta(days=later)).agreed is (
        now.until is None or TODAY + timedelta(days=later) <= now.until
    )
