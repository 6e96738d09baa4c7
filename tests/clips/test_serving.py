"""Bytes of private films: ranges, who gets them, what is written down about it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.core.cache import cache
from django.test import Client, RequestFactory
from django.utils import timezone
from django.utils.http import http_date
from hypothesis import example, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from audit.models import AuditEvent
from clips import serving, store
from clips.models import Recording, Still
from families.models import BreakGlass, Consent
from tests.cast import Cast, FamilyInTests, make_family
from tests.clips import filming

MIB = 1024**2


@pytest.fixture(autouse=True)
def _no_sitting_from_before() -> Iterator[None]:
    cache.clear()
    yield
    cache.clear()


@pytest.fixture
def film(cast: Cast, consenting_family: FamilyInTests) -> Recording:
    return filming.pretend_ready(filming.make_recording(consenting_family, cast.asha))


def address(film: Recording, what: str = "original") -> str:
    return f"/films/{film.pk}/media/{what}"


def body(response) -> bytes:
    return b"".join(response)


# --- Ranges ------------------------------------------------------------------------------------------------


def reference(header: str, size: int) -> list[tuple[int, int]]:
    """The ranges of a well-formed header by RFC 9110, written down naively: every byte position is tried."""
    found = []
    for part in header.removeprefix("bytes=").split(","):
        first, _, last = part.strip().partition("-")
        wanted = [
            at
            for at in range(size)
            if (first and at >= int(first) and (not last or at <= int(last))) or (not first and at >= size - int(last))
        ]
        if wanted:
            found.append((wanted[0], wanted[-1]))
    return found


one_range = st.one_of(
    st.tuples(st.integers(0, 300), st.integers(0, 300)).map(lambda pair: f"{min(pair)}-{max(pair)}"),
    st.integers(0, 300).map(lambda first: f"{first}-"),
    st.integers(0, 300).map(lambda last: f"-{last}"),
)


@given(st.lists(one_range, min_size=1, max_size=3), st.integers(0, 250))
@example(["-0"], 10)
@example(["0-0"], 1)
@example(["-300"], 10)
@example(["10-"], 10)
@hypothesis_settings(max_examples=300, deadline=None)
def test_a_range_is_what_the_standard_says(parts: list[str], size: int) -> None:
    header = "bytes=" + ", ".join(parts)
    expected = reference(header, size)
    try:
        found = serving.parse_range(header, size)
    except serving.Unsatisfiable:
        assert not expected
        return
    assert found is not None
    assert (found.first, found.last) == expected[0]


@given(st.integers(0, 10_000_000), st.integers(1, 10_000_000), st.integers(1, MIB))
def test_an_open_range_is_answered_with_no_more_than_the_limit(first: int, size: int, most: int) -> None:
    try:
        found = serving.parse_range(f"bytes={first}-", size, most=most)
    except serving.Unsatisfiable:
        assert first >= size
        return
    assert found is not None
    assert found.first == first
    assert found.length == min(most, size - first)


@pytest.mark.parametrize(
    "header",
    ["bytes", "bytes=", "items=0-1", "bytes=a-b", "bytes=5-1", "bytes=--1", "bytes=1-2-3", "bytes=0x1-", "bytes=-"],
)
def test_a_range_that_is_not_well_formed_is_ignored(header: str) -> None:
    if header == "bytes=":
        with pytest.raises(serving.Unsatisfiable):
            serving.parse_range(header, 100)
    else:
        assert serving.parse_range(header, 100) is None


@given(st.binary(min_size=1, max_size=5000), one_range)
@hypothesis_settings(max_examples=60, deadline=None)
def test_the_bytes_that_are_sent_are_those_of_the_file(tmp_path_factory, content: bytes, part: str) -> None:
    path = tmp_path_factory.mktemp("served") / "file"
    path.write_bytes(content)
    request = RequestFactory().get("/", headers={"Range": f"bytes={part}"})
    response = serving.send(request, path, content_type="video/mp4", name="film.mp4")
    expected = reference(f"bytes={part}", len(content))
    if not expected:
        assert response.status_code == 416
        assert response.headers["Content-Range"] == f"bytes */{len(content)}"
        return
    first, last = expected[0]
    assert response.status_code == 206
    assert response.headers["Content-Range"] == f"bytes {first}-{last}/{len(content)}"
    assert body(response) == content[first : last + 1]
    assert response.headers["Content-Length"] == str(last + 1 - first)


def test_the_whole_film_comes_out_of_open_ranges_one_after_the_other(film: Recording, cast: Cast, signed_in) -> None:
    asha, whole, got = signed_in(cast.asha), store.path(film.pk, store.ORIGINAL).read_bytes(), b""
    while len(got) < len(whole):
        answer = asha.get(address(film), headers={"Range": f"bytes={len(got)}-"})
        assert answer.status_code == 206
        piece = body(answer)
        assert 0 < len(piece) <= MIB
        got += piece
    assert got == whole


def test_a_range_is_answered_only_for_the_file_that_the_browser_has_begun(
    film: Recording, cast: Cast, signed_in
) -> None:
    asha = signed_in(cast.asha)
    head = asha.head(address(film))
    assert head.headers["Content-Length"] == "3000000"
    assert head.headers["Accept-Ranges"] == "bytes"
    assert not head.content
    tag, changed = head.headers["ETag"], head.headers["Last-Modified"]

    def status(if_range: str) -> int:
        answer = asha.get(address(film), headers={"Range": "bytes=0-9", "If-Range": if_range})
        body(answer)
        return answer.status_code

    assert [status(tag), status(changed)] == [206, 206]
    assert [status('"another"'), status(f"W/{tag}"), status(http_date(0)), status("nonsense")] == [200] * 4


def test_nothing_that_is_sent_can_be_cached_framed_or_taken_for_a_page(film: Recording, cast: Cast, signed_in) -> None:
    for what in ("original", "poster", "frames"):
        answer = signed_in(cast.asha).get(address(film, what), headers={"Range": "bytes=0-1"})
        assert answer.headers["Cache-Control"] == "private, no-store"
        assert answer.headers["Content-Security-Policy"] == "sandbox; default-src 'none'"
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Cross-Origin-Resource-Policy"] == "same-origin"
        assert answer.headers["Content-Disposition"].startswith("inline; filename=")
        body(answer)
    assert answer.headers["Content-Type"] == "application/json"


def test_a_name_in_the_address_never_becomes_a_path(film: Recording, cast: Cast, signed_in) -> None:
    asha = signed_in(cast.asha)
    for what in ("film.json", "..", "segment-0", "segment-x", "segments", "original.part", "%2e%2e%2foriginal", "Play"):
        assert asha.get(address(film, what)).status_code == 404, what


def test_behind_nginx_the_range_to_send_is_ours_not_the_browsers(
    film: Recording, cast: Cast, signed_in, settings: LazySettings
) -> None:
    settings.XACCEL_PREFIX = "/protected/"
    asha = signed_in(cast.asha)
    answer = asha.get(address(film), headers={"Range": "bytes=5-"})
    assert answer.headers["X-Accel-Redirect"] == f"/protected/films/{film.pk}/original"
    assert answer.headers["X-Media-Range"] == f"bytes=5-{MIB + 4}"
    assert not answer.content
    whole = asha.get(address(film))  # asked for at once: the bytes pass through us, and consent is asked on the way
    assert "X-Accel-Redirect" not in whole.headers
    assert len(body(whole)) == 3_000_000


# --- Who ---------------------------------------------------------------------------------------------------


def get(client: Client, url: str) -> int:
    answer = client.get(url, headers={"Range": "bytes=0-9"})
    if answer.streaming:
        body(answer)
    return answer.status_code


@pytest.mark.parametrize(
    ("who", "expected"),
    [("asha", 206), ("ben", 404), ("carol", 403), ("dev", 404), ("tess", 404), ("sue", 404), ("ina", 403)],
)
def test_who_plays_the_film_of_an_interaction(film: Recording, cast: Cast, signed_in, who: str, expected: int) -> None:
    client = signed_in(getattr(cast, who))
    clip = filming.mark(film, cast.asha, state="ready", file=store.clip_name(film.pk, 1))
    store.write(store.path(film.pk, clip.file), b"clip bytes of some length")
    still = Still.objects.create(recording=film, clip=clip, frame=3, time_us=120_000, created_by=cast.asha)
    store.write(store.path(film.pk, store.still_name(still.pk)), b"picture of a frame")
    for url in (
        *(address(film, what) for what in ("play", "original", "proxy", "poster", "storyboard", "peaks", "frames")),
        f"/clips/{clip.pk}/media/play",
        f"/stills/{still.pk}/media",
    ):
        # Peaks are two bytes long.
        assert get(client, url) == expected, url


def test_nobody_plays_anything_without_signing_in(film: Recording) -> None:
    assert get(Client(), address(film)) in {302, 401}


def test_breaking_the_glass_for_film_lets_a_manager_play_it_for_a_while(film: Recording, cast: Cast, signed_in) -> None:
    carol = signed_in(cast.carol)
    glass = BreakGlass.objects.create(
        user=cast.carol, case=film.case, reason="A complaint", film=True, until=timezone.now() + timedelta(hours=1)
    )
    assert get(carol, address(film)) == 206
    glass.until = timezone.now()
    glass.save()
    assert get(carol, address(film)) == 403


def test_the_film_of_a_shared_review_is_for_its_maker_and_their_supervisor_while_all_agree_to_supervision(
    cast: Cast, signed_in
) -> None:
    from tests.cast import consent_to_everything

    family = make_family(cast.tess)
    consent_to_everything(family, by=cast.tess)
    film = filming.pretend_ready(filming.make_recording(family, cast.tess, kind=Recording.Kind.REVIEW))
    tess, sue, asha = signed_in(cast.tess), signed_in(cast.sue), signed_in(cast.asha)
    assert [get(tess, address(film)), get(sue, address(film)), get(asha, address(film))] == [206, 206, 403]
    Consent.objects.filter(person=family.sam, purpose="supervision").update(withdrawn_at=timezone.now())
    assert [get(tess, address(film)), get(sue, address(film))] == [206, 403]
    answer = sue.get(address(film))
    assert answer.json()["reasons"] == ["Sam no longer agrees to their films being used in supervision."]


def test_consent_is_asked_again_at_every_range(film: Recording, cast: Cast, signed_in) -> None:
    asha = signed_in(cast.asha)
    assert get(asha, address(film)) == 206
    # Past the actions, so that only the asking itself can notice.
    Consent.objects.filter(person=film.people.get(first_name="Sam"), purpose="film").update(withdrawn_at=timezone.now())
    answer = asha.get(address(film), headers={"Range": "bytes=10-"})
    assert answer.status_code == 403
    assert answer.json()["reasons"][0] == "Sam no longer agrees to being filmed."
    status = asha.get(f"/films/{film.pk}/status/").json()
    assert status["consent"]["allowed"] is False
    assert status["playable"] == {"kind": None, "src": None, "try_src": None, "frames_url": None}
    assert status["clips"] == []


def test_a_film_that_is_sent_in_one_go_breaks_off_when_consent_ends(film: Recording, cast: Cast, signed_in) -> None:
    answer = signed_in(cast.asha).get(address(film))
    pieces = iter(answer)
    next(pieces)
    Consent.objects.filter(purpose="film").update(withdrawn_at=timezone.now())
    with pytest.raises(ConnectionAbortedError):
        for _ in pieces:
            pass


def test_a_stopped_or_destroyed_film_is_gone_for_everybody(film: Recording, cast: Cast, signed_in) -> None:
    asha = signed_in(cast.asha)
    for state in ("stopped", "destroyed"):
        Recording.objects.filter(pk=film.pk).update(state=state)
        for what in ("original", "proxy", "poster", "frames"):
            assert get(asha, address(film, what)) == 410
        assert asha.get(f"/films/{film.pk}/status/").json()["state"] == state


# --- Written down ------------------------------------------------------------------------------------------


def test_playing_is_written_down_once_a_sitting_not_once_a_range(film: Recording, cast: Cast, signed_in) -> None:
    asha = signed_in(cast.asha)
    for _ in range(5):
        get(asha, address(film))
    events = AuditEvent.objects.filter(verb="film.played", subject_id=str(film.pk))
    assert [event.actor_id for event in events] == [str(cast.asha.pk)]
    assert events[0].case_id == str(film.case_id)
    cache.clear()  # fifteen minutes later
    get(asha, address(film))
    assert events.all().count() == 2


def test_a_refused_range_is_not_written_down_as_seen(film: Recording, cast: Cast, signed_in) -> None:
    get(signed_in(cast.carol), address(film))
    assert not AuditEvent.objects.filter(verb="film.played").exists()


def test_the_state_of_a_film_costs_the_same_number_of_queries_however_many_clips(
    film: Recording, cast: Cast, signed_in, django_assert_max_num_queries
) -> None:
    asha = signed_in(cast.asha)

    def count() -> int:
        with django_assert_max_num_queries(16) as queries:
            asha.get(f"/films/{film.pk}/status/")
        return len(queries)

    none = count()
    for first in range(0, 20, 2):
        filming.mark(film, cast.asha, first, first + 1)
    assert count() == none + 1  # the prefetch that an empty list does without


def test_files_are_for_nobody_else_on_the_machine(film: Recording, tmp_path: Path) -> None:
    assert store.folder(film.pk).stat().st_mode & 0o777 == 0o700
    assert store.path(film.pk, store.FRAMES).stat().st_mode & 0o777 == 0o600
