"""200 referrals, each sent twice at the same moment, are 200."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.apps import apps
from django.db import connection, connections

from referrals import actions
from referrals.models import Draft, GuideText, Reference, Referral
from referrals.shipped import ship
from tests.referrals.filling import DECLARATION, Writer

HOW_MANY = 200


@pytest.fixture
def postgres_only() -> None:
    if connection.vendor != "postgresql":
        pytest.skip("on SQLite one is let in after another")


@pytest.fixture
def what_is_shipped(postgres_only: None, transactional_db: None) -> None:
    """The lists of the form, also behind a test that emptied every table."""
    if not GuideText.objects.exists():
        ship(apps)


@pytest.mark.postgres
def test_double_submissions_at_once_make_one_each(what_is_shipped: None) -> None:
    writer = Writer()
    writer.fill()
    writer.post("declaration", DECLARATION)
    first = Referral.objects.get()
    typed = first.answers
    drafts = [
        Draft.objects.create(door="professional", typed=typed, device_hash=writer.draft.device_hash)
        for _ in range(HOW_MANY)
    ]
    together = Barrier(2)

    def send(draft: Draft) -> object:
        try:
            together.wait(timeout=30)
            return actions.send(draft=Draft.objects.get(pk=draft.pk)).pk
        finally:
            connections.close_all()

    with ThreadPoolExecutor(2) as pool:
        pairs = [tuple(pool.map(send, [draft, draft])) for draft in drafts]
    assert all(one == other for one, other in pairs)
    assert Referral.objects.count() == HOW_MANY + 1
    assert Reference.objects.count() == HOW_MANY + 1
    assert Referral.objects.filter(sent_key__in=[draft.pk for draft in drafts]).count() == HOW_MANY
