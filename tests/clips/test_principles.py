"""The principles are the service's own words, and managers keep them."""

from __future__ import annotations

from typing import Any

import pytest

from audit.models import AuditEvent
from clips.models import Principle
from tests.cast import Cast


def filled(**changed: Any) -> dict[str, Any]:
    return {"label": "Being there", "description": "Looking with interest.", "key": "a", "active": "on"} | changed


@pytest.mark.parametrize(("name", "status"), [("carol", 200), ("dev", 200), ("asha", 403), ("ina", 403)])
def test_managers_and_administrators_keep_them(cast: Cast, signed_in: Any, name: str, status: int) -> None:
    client = signed_in(getattr(cast, name))
    assert client.get("/principles/").status_code == status
    assert client.get("/principles/add/").status_code == status
    assert client.get(f"/principles/{Principle.objects.first().pk}/").status_code == status


def test_one_can_be_added_at_the_end_and_moved_up(cast: Cast, signed_in: Any) -> None:
    dev = signed_in(cast.dev)
    assert dev.post("/principles/add/", filled()).status_code == 302
    new = Principle.objects.get(key="a")
    assert list(Principle.objects.all())[-1] == new
    dev.post(f"/principles/{new.pk}/move/", {"to": "up"})
    assert list(Principle.objects.all())[-2] == new
    assert AuditEvent.objects.filter(verb__in=["principle.added", "principle.moved"]).count() == 2
    dev.post(f"/principles/{Principle.objects.first().pk}/move/", {"to": "up"})
    assert Principle.objects.filter(position=0).count() == 0, "the first stays first"


def test_words_can_be_changed(cast: Cast, signed_in: Any) -> None:
    first = Principle.objects.first()
    answer = signed_in(cast.carol).post(f"/principles/{first.pk}/", filled(key=first.key, label="In our words"))
    assert answer.status_code == 302
    first.refresh_from_db()
    assert (first.label, first.active, first.review_only) == ("In our words", True, False)


@pytest.mark.parametrize(
    ("key", "says"),
    [
        ("i", "uses the key I"),
        ("1", "already exists"),
        ("", "Enter"),
        ("?", "letter or figure"),
        ("é", "letter or figure"),
    ],
)
def test_a_key_that_cannot_tag_is_refused(cast: Cast, signed_in: Any, key: str, says: str) -> None:
    page = signed_in(cast.dev).post("/principles/add/", filled(key=key))
    assert page.status_code == 200
    assert says in page.content.decode()
    assert not Principle.objects.filter(label="Being there").exists()


def test_the_way_there_is_in_the_settings_of_those_who_keep_them(cast: Cast, signed_in: Any) -> None:
    for name, times in (("dev", 1), ("carol", 1), ("asha", 0)):
        page = signed_in(getattr(cast, name)).get("/settings/").content.decode()
        assert page.count('href="/principles/"') == times, name
