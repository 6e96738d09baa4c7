"""Who waits for somebody to work with them: the longest first, without the days on which they could not begin."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from accounts.models import User
from families import actions, caseload, waiting_list
from families.models import Capacity, Case, Unavailability
from tests.cast import Cast, make_family
from tests.families.test_households import parts

SignedIn = Callable[[User], Client]
URL = "/families/waiting/"


def waiting_case(cast: Cast, days: int) -> Case:
    case = make_family(cast.asha).case
    opened = timezone.localdate() - timedelta(days=days)
    Case.objects.filter(pk=case.pk).update(lead=None, opened_on=opened, stage_since=opened)
    case.refresh_from_db()
    return case


def away(cast: Cast, case: Case, start: int, end: int | None) -> Unavailability:
    today = timezone.localdate()
    until = None if end is None else today + timedelta(days=end)
    return actions.keep_unavailability(
        by=cast.carol, case=case, from_on=today + timedelta(days=start), until_on=until, reason="hospital"
    )


@pytest.mark.django_db
def test_the_longest_waiting_stand_first_and_whoever_cannot_begin_last(cast: Cast) -> None:
    long, short, gone = (waiting_case(cast, days) for days in (30, 10, 50))
    away(cast, gone, -5, 4)
    make_family(cast.asha)  # somebody works with them
    rows = waiting_list.page_of(cast.carol, 1).object_list
    assert [row.case for row in rows] == [long, short, gone]
    assert [row.waited for row in rows] == [30, 10, 45], "days in hospital are not waiting"
    assert (rows[2].back_in, rows[2].away.get_reason_display()) == (5, "In hospital")
    assert waiting_list.page_of(cast.ben, 1).object_list == [], "another team's"


@pytest.mark.django_db
def test_two_whiles_do_not_overlap_and_one_ends_after_it_begins(cast: Cast) -> None:
    case = waiting_case(cast, 30)
    row = away(cast, case, -5, None)
    with pytest.raises(ValidationError, match="falls into another"):
        away(cast, case, 3, 6)
    with pytest.raises(ValidationError, match="on or after"):
        away(cast, case, -9, -12)
    actions.keep_unavailability(
        by=cast.carol, case=case, row=row, from_on=row.from_on, until_on=row.from_on, reason="away"
    )
    away(cast, case, 3, 6)
    assert Unavailability.objects.filter(case=case).count() == 2


@given(st.integers(0, 400), st.lists(st.tuples(st.integers(-450, 50), st.none() | st.integers(0, 60)), max_size=4))
def test_days_waited_are_never_below_nothing_nor_more_than_there_were(days: int, whiles: list[tuple[int, Any]]) -> None:
    today = date(2026, 6, 1)
    periods = [
        Unavailability(
            from_on=today + timedelta(days=start),
            until_on=None if length is None else today + timedelta(days=start + length),
        )
        for start, length in whiles
    ]
    waited = waiting_list.days_waited(today - timedelta(days=days), periods, today)
    assert 0 <= waited <= days
    assert waiting_list.days_waited(today - timedelta(days=days), [], today) == days


@pytest.mark.django_db
def test_a_manager_gives_several_to_somebody_and_sees_how_many_they_have(cast: Cast, signed_in: SignedIn) -> None:
    cases = [waiting_case(cast, days) for days in (30, 10)]
    Capacity.objects.create(person=cast.asha, cases=1, by=cast.carol)
    make_family(cast.asha)
    client = signed_in(cast.carol)
    page = client.get(URL).content.decode()
    assert "Asha Practitioner (North): 1 of 1 families, full" in page
    assert "Select the families" in client.post(URL, {"give-to": cast.asha.pk}).content.decode()
    assert "Select a practitioner" in client.post(URL, {"case": [cases[0].pk]}).content.decode()
    client.post(URL, {"case": [str(case.pk) for case in cases], "give-to": cast.asha.pk})
    for case in cases:
        case.refresh_from_db()
        assert case.lead == cast.asha
    assert "Nobody waits" in client.get(URL).content.decode()


@pytest.mark.django_db
def test_what_is_restricted_goes_only_to_whom_it_names_and_nothing_is_half_given(cast: Cast) -> None:
    free, kept = waiting_case(cast, 5), waiting_case(cast, 9)
    actions.restrict_family(by=cast.carol, case=kept, named=[cast.carol], reason="A colleague's own family.")
    with pytest.raises(ValidationError, match="does not name"):
        actions.allocate_waiting(by=cast.carol, cases=[free.pk, kept.pk], to=cast.asha)
    free.refresh_from_db()
    assert free.lead is None
    with pytest.raises(ValidationError, match="A manager decides"):
        actions.allocate_waiting(by=cast.ina, cases=[free.pk], to=cast.asha)


@pytest.mark.django_db
def test_intake_reads_the_list_and_gives_nobody_away(cast: Cast, signed_in: SignedIn) -> None:
    case = waiting_case(cast, 3)
    client = signed_in(cast.ina)
    page = client.get(URL).content.decode()
    assert case.family.reference in page
    assert "Give them" not in page
    assert client.post(URL, {"case": [str(case.pk)], "give-to": cast.asha.pk}).status_code == 403


@pytest.mark.django_db
def test_a_while_is_written_down_changed_and_taken_out_and_stands_in_the_header(
    cast: Cast, signed_in: SignedIn
) -> None:
    case = waiting_case(cast, 20)
    client, today = signed_in(cast.carol), timezone.localdate()
    url = reverse("families:unavailable", kwargs={"case": case.pk})
    assert "Select why they cannot take part" in client.post(url, {"note": "x"}).content.decode()
    client.post(url, {"reason": "away", **parts("from_on", today), **parts("until_on", today + timedelta(days=3))})
    row = Unavailability.objects.get()
    header = client.get(reverse("families:case", kwargs={"case": case.pk})).content.decode()
    assert "Cannot take part" in header
    edit = reverse("families:unavailable-edit", kwargs={"case": case.pk, "period": row.pk})
    assert edit in header
    client.post(edit, {"reason": "chose", **parts("from_on", today)})
    row.refresh_from_db()
    assert (row.reason, row.until_on) == ("chose", None)
    client.post(reverse("families:unavailable-remove", kwargs={"case": case.pk, "period": row.pk}))
    assert not Unavailability.objects.exists()


@pytest.mark.django_db
def test_how_many_each_can_take_is_kept_and_shown(cast: Cast, signed_in: SignedIn) -> None:
    client = signed_in(cast.carol)
    url = reverse("families:capacity")
    assert "Enter a whole number for Asha" in client.post(url, {f"cases_{cast.asha.pk}": "many"}).content.decode()
    client.post(url, {f"cases_{cast.asha.pk}": "8", f"cases_{cast.tess.pk}": "3", f"cases_{cast.ben.pk}": "9"})
    assert dict(Capacity.objects.values_list("person__name", "cases")) == {
        "Asha Practitioner": 8,
        "Tess Trainee": 3,
    }, "Ben is of another team"
    client.post(url, {f"cases_{cast.asha.pk}": "", f"cases_{cast.tess.pk}": "3"})
    assert caseload.loads().words(cast.asha) == "0 open cases"
    assert caseload.loads().words(cast.tess) == "0 of 3 families"


@pytest.mark.django_db
def test_the_list_costs_the_same_for_one_and_for_twenty(
    cast: Cast, signed_in: SignedIn, django_assert_max_num_queries: Callable[..., Any]
) -> None:
    client, counts = signed_in(cast.carol), []
    for number in (1, 19):
        for days in range(number):
            away(cast, waiting_case(cast, days + 3), -1, 2)
        client.get(URL)
        with django_assert_max_num_queries(40) as counted:
            client.get(URL)
        counts.append(len(counted))
    assert counts[0] == counts[1]
