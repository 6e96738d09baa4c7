"""A film is given to its family only while everybody in it agrees to a copy; that it was is written down."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from audit.models import AuditEvent
from clips import store
from clips.models import Recording
from families.models import Consent
from families.retention import keeping
from tests.cast import Cast, FamilyInTests, consent_to_everything, give_consent, make_cast, make_family

pytestmark = pytest.mark.django_db
BYTES = b"a film " * 1000


@pytest.fixture
def cast() -> Cast:
    return make_cast()


@pytest.fixture
def family(cast: Cast) -> FamilyInTests:
    made = make_family(cast.asha)
    consent_to_everything(made, by=cast.asha)
    return made


@pytest.fixture
def film(cast: Cast, family: FamilyInTests) -> Recording:
    made = Recording.objects.create(
        case=family.case, uploaded_by=cast.asha, state=Recording.State.READY, plays_directly=True
    )
    made.people.set([family.rowan, family.sam])
    path = store.path(made.pk, store.ORIGINAL)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(BYTES)
    return made


def agree(cast: Cast, family: FamilyInTests) -> None:
    give_consent(family.sam, "copy", by=cast.asha)
    give_consent(family.rowan, "copy", by=cast.asha, decided_by=family.sam)


def address(film: Recording) -> str:
    return reverse("clips:film-copy", args=[film.pk])


def test_it_is_a_file_to_save_once_everybody_agrees(
    cast: Cast, family: FamilyInTests, film: Recording, signed_in: Callable[[User], Client]
) -> None:
    client = signed_in(cast.carol)
    refused = client.get(address(film), follow=True)
    assert "not everybody in it agrees to one" in refused.content.decode()
    give_consent(family.sam, "copy", by=cast.asha)
    assert client.get(address(film)).status_code == 302, "Rowan is in it, too"
    agree(cast, family)
    given = client.get(address(film))
    assert b"".join(given.streaming_content) == BYTES  # type: ignore[attr-defined]
    assert given.headers["Content-Disposition"] == f'attachment; filename="film-{film.filmed_on:%Y-%m-%d}.mp4"'
    assert AuditEvent.objects.filter(verb="film.copied", subject_id=str(film.pk)).count() == 1
    assert [copy.url for copy in keeping.copies_possible(family.case, "films")] == [address(film)]


@pytest.mark.parametrize("purpose", ["copy", "film"])
def test_a_withdrawal_ends_it(
    cast: Cast, family: FamilyInTests, film: Recording, signed_in: Callable[[User], Client], purpose: str
) -> None:
    agree(cast, family)
    Consent.objects.filter(person=family.sam, purpose=purpose).update(decision="refused")
    assert signed_in(cast.carol).get(address(film)).status_code == 302
    assert keeping.copies_possible(family.case, "films") == []
    assert not AuditEvent.objects.filter(verb="film.copied").exists()


def test_a_film_that_is_kept_as_evidence_is_not_given(
    cast: Cast, family: FamilyInTests, film: Recording, signed_in: Callable[[User], Client]
) -> None:
    agree(cast, family)
    Recording.objects.filter(pk=film.pk).update(evidence_since=timezone.now())
    assert signed_in(cast.carol).get(address(film)).status_code == 302


def test_it_is_a_managers_to_give(
    cast: Cast, family: FamilyInTests, film: Recording, signed_in: Callable[[User], Client]
) -> None:
    agree(cast, family)
    assert signed_in(cast.asha).get(address(film)).status_code == 403
    assert signed_in(cast.ben).get(address(film)).status_code == 404
