"""Views of the queue that somebody keeps under a name, and the queue as a file for a spreadsheet."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook

from accounts.models import User
from audit.models import AuditEvent
from referrals import export
from referrals.models import QueueView
from tests.cast import Cast
from tests.referrals.made import make_referral

SignedIn = Callable[[User], Client]


# --- Views --------------------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_a_view_is_kept_found_again_and_shown_first(cast: Cast, signed_in: SignedIn) -> None:
    late = make_referral(priority="urgent")
    make_referral()
    client = signed_in(cast.ina)
    keep = f"{reverse('referrals:view-keep')}?show=open&priority=urgent&nonsense=1&page=7"
    assert "Enter what you call it" in client.post(keep, {"name": ""}).content.decode()
    client.post(keep, {"name": "Urgent ones", "first": "on"})
    view = QueueView.objects.get()
    assert (view.owner, view.query, view.first) == (cast.ina, "show=open&priority=urgent", True)
    opened = client.get(reverse("referrals:queue"), follow=True)
    assert opened.redirect_chain[-1][0].endswith("?show=open&priority=urgent")
    assert [row.referral for row in opened.context["page"].object_list] == [late]
    assert 'aria-current="true">Urgent ones' in opened.content.decode()
    assert len(client.get(f"{reverse('referrals:queue')}?show=open").context["page"].object_list) == 2


@pytest.mark.django_db
def test_one_view_comes_first_and_a_name_is_used_once(cast: Cast, signed_in: SignedIn) -> None:
    client = signed_in(cast.ina)
    keep = reverse("referrals:view-keep")
    client.post(f"{keep}?late=on", {"name": "Late", "first": "on"})
    client.post(f"{keep}?same_day=on", {"name": "Today", "first": "on"})
    assert QueueView.objects.get(first=True).name == "Today"
    assert "You have a view of that name" in client.post(keep, {"name": "late"}).content.decode()
    view = QueueView.objects.get(name="Late")
    edit = reverse("referrals:view-edit", args=[view.pk])
    client.post(edit, {"name": "Late ones"})
    view.refresh_from_db()
    assert view.name == "Late ones"
    other = signed_in(cast.carol)
    assert other.get(edit).status_code == 404
    assert other.post(reverse("referrals:view-remove", args=[view.pk])).status_code == 404
    client.post(reverse("referrals:view-remove", args=[view.pk]))
    assert not QueueView.objects.filter(name="Late ones").exists()


# --- Files --------------------------------------------------------------------------------------------------------


def read_csv(data: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(data.decode("utf-8-sig"))))


def read_xlsx(data: bytes) -> list[list[tuple[object, str]]]:
    sheet = load_workbook(io.BytesIO(data)).active
    assert sheet is not None
    return [[(cell.value, cell.data_type) for cell in row] for row in sheet.iter_rows()]


@pytest.mark.django_db
def test_the_file_has_what_the_queue_shows_and_names_nobody_of_the_family(cast: Cast, signed_in: SignedIn) -> None:
    shown = make_referral(priority="urgent", referrer_role='=HYPERLINK("http://x")')
    make_referral()
    client = signed_in(cast.ina)
    for kind, read in (("csv", read_csv), ("xlsx", lambda data: [[v for v, _ in row] for row in read_xlsx(data)])):
        answer = client.get(f"{reverse('referrals:export', args=[kind])}?show=open&priority=urgent")
        assert "attachment" in answer["Content-Disposition"]
        assert answer["Cache-Control"] == "no-store"
        rows = read(answer.content)
        assert rows[0] == list(export.HEADINGS)
        assert len(rows) == 2
        said = dict(zip(rows[0], rows[1], strict=True))
        assert said["Reference"] == shown.reference.text
        assert said["Ages of the babies"] == "10 weeks"
        assert said["Role"] == '\'=HYPERLINK("http://x")'
        assert not [each for each in ("Robin", "Alex", "Made-up", "Hanna", "07700") if each in str(rows)]
    events = AuditEvent.objects.filter(verb="referrals.exported")
    assert events.count() == 2
    assert client.get(reverse("referrals:export", args=["pdf"])).status_code == 404


@pytest.mark.django_db
def test_a_file_costs_the_same_for_one_and_for_many(
    cast: Cast, signed_in: SignedIn, django_assert_max_num_queries: Callable[..., object]
) -> None:
    client, counts = signed_in(cast.ina), []
    for number in (1, 15):
        for _ in range(number):
            make_referral()
        with django_assert_max_num_queries(30) as counted:  # type: ignore[attr-defined]
            client.get(reverse("referrals:export", args=["csv"]))
        counts.append(len(counted))
    assert counts[0] == counts[1]


@given(st.text(max_size=60))
def test_whatever_somebody_typed_opens_as_text(typed: str) -> None:
    said = export.as_text(typed)
    assert not said.startswith(export.STARTS_A_FORMULA)
    assert not said.lstrip().startswith(export.STARTS_A_FORMULA)
    assert not [letter for letter in said if ord(letter) < 32]


@given(st.lists(st.text(st.characters(codec="utf-8"), max_size=30), min_size=1, max_size=4))
def test_a_spreadsheet_and_a_csv_give_back_the_same_text(typed: list[str]) -> None:
    values = [export.as_text(each) for each in typed]
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(export, "_table", lambda rows: iter([tuple(values)]))
        assert read_csv(export.as_csv([])) == [values]
        (row,) = read_xlsx(export.as_xlsx([]))
    for (value, kind), wanted in zip(row, values, strict=True):
        assert (value or "") == wanted
        assert kind in ("s", "inlineStr") or value is None
