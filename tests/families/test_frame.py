"""The frame in a family's hands: what opens it, what it shows, and that only its practitioner leaves it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.test import Client, RequestFactory
from django.utils import timezone

from accounts.actions import sign_out_everywhere
from accounts.models import Permission, SignIn, User
from accounts.request import Request
from audit.models import AuditEvent
from families import frame
from families.frame import kinds, leases
from families.frame.holding import fingerprint
from families.models import FrameLease
from tests.cast import PASSWORD, PIN, Cast, FamilyInTests

pytestmark = pytest.mark.django_db
FETCH = {"X-Requested-With": "fetch"}
DESK = "/families/open/"


def show(request: Request, lease: FrameLease, step: str) -> HttpResponse:
    """A page of the frame that counts how often it was answered."""
    if request.method == "POST":
        if "done" in request.POST:
            return frame.finish(request, lease)
        frame.keep(lease, answers=lease.draft.get("answers", 0) + 1)
        return frame.again()
    return HttpResponse(f"page {step} of {lease.subject_id}: {lease.draft.get('answers', 0)}")


@pytest.fixture(autouse=True)
def _a_kind(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kinds, "_kinds", dict(kinds._kinds))
    frame.register_kind(frame.FrameKind("test", show))


def opened(family: FamilyInTests, by: User) -> tuple[FrameLease, Client]:
    """A browser with an open frame and no sign-in."""
    lease, token = frame.open_frame(by=by, case=family.case, kind="test", subject_id="a thing", back=DESK)
    client = Client()
    client.cookies[frame.COOKIE] = token
    return lease, client


def handed_over(client: Client, family: FamilyInTests, rf: RequestFactory, **headers: Any) -> HttpResponse:
    """What a desk's view answers that hands the device over, in this browser."""
    request = rf.post("/", headers=headers)
    sign_in = SignIn.objects.get(user_id=client.session["_auth_user_id"])
    request.user, request.sign_in, request.person_behind_cover = sign_in.user, sign_in, None
    answer = frame.hand_over(request, case=family.case, kind="test", subject_id="a thing", back=DESK)
    client.cookies[frame.COOKIE] = answer.cookies[frame.COOKIE].value
    return answer


def test_handing_over_covers_the_desk_and_brings_the_frame_its_own_cookie(
    family: FamilyInTests, cast: Cast, signed_in: Callable[..., Client], rf: RequestFactory
) -> None:
    client = signed_in(cast.asha)
    client.get("/")
    answer = handed_over(client, family, rf)
    assert (answer.status_code, answer.headers["Location"]) == (303, "/together/")
    cookie = answer.cookies[frame.COOKIE]
    assert (cookie["path"], cookie["httponly"], cookie["samesite"]) == ("/together/", True, "Strict")
    assert FrameLease.objects.get().token_hash == fingerprint(cookie.value) != cookie.value
    assert client.get(DESK).headers["Location"].startswith("/session/covered/")
    assert b"page  of a thing: 0" in client.get("/together/").content
    assert AuditEvent.objects.filter(verb="frame.opened").count() == 1


def test_a_script_is_told_where_to_go(
    family: FamilyInTests, cast: Cast, signed_in: Callable[..., Client], rf: RequestFactory
) -> None:
    client = signed_in(cast.asha)
    client.get("/")
    assert handed_over(client, family, rf, **FETCH).content == b'{"to": "/together/"}'


def test_only_those_whose_work_it_is_open_it(family: FamilyInTests, cast: Cast) -> None:
    frame.register_kind(frame.FrameKind("film work", show, Permission.ANALYSE_FILM))
    for user, kind in ((cast.ben, "test"), (cast.dev, "test"), (cast.carol, "film work"), (cast.asha, "unknown")):
        with pytest.raises(PermissionDenied):
            frame.open_frame(by=user, case=family.case, kind=kind, subject_id=1, back=DESK)
    assert not FrameLease.objects.exists()


def test_answers_are_kept_between_steps_and_forgotten_at_the_end(family: FamilyInTests, cast: Cast) -> None:
    lease, client = opened(family, cast.asha)
    for _ in range(2):
        assert client.post("/together/", {}).headers["Location"] == "/together/"
    assert b"page more of a thing: 2" in client.get("/together/more/").content
    client.post("/together/", {"done": "1"})
    lease.refresh_from_db()
    assert lease.draft == {}
    page = client.get("/together/")
    assert b"Please hand the device back." in page.content
    assert b"Please hand the device back." in client.post("/together/", {}).content  # nothing is answered after the end
    assert frame.frame_for(_request(client), "test") is None


def _request(client: Client) -> Request:
    request = RequestFactory().get("/together/")
    request.COOKIES[frame.COOKIE] = client.cookies[frame.COOKIE].value
    return request  # type: ignore[return-value]


def test_a_view_of_ones_own_asks_for_the_frame_of_its_kind(family: FamilyInTests, cast: Cast) -> None:
    lease, client = opened(family, cast.asha)
    assert frame.frame_for(_request(client), "test") == lease
    assert frame.frame_for(_request(client), "other") is None


def test_nothing_of_the_record_is_in_the_pages_that_the_frame_brings(family: FamilyInTests, cast: Cast) -> None:
    _, client = opened(family, cast.asha)
    client.post("/together/", {"done": "1"})
    for page in (client.get("/together/"), client.get("/together/leave/"), Client().get("/together/")):
        text = page.content.decode()
        assert "<title>Together</title>" in text
        assert page.headers["Cache-Control"] == "no-store, private"
        secrets = ["Rowan", "Sam", "Example", "Asha", str(family.case.pk), family.family.reference, "a thing", DESK]
        assert not [secret for secret in secrets if secret in text]


@pytest.mark.parametrize("secret", [PIN, PASSWORD])
def test_the_practitioner_leaves_and_is_at_the_desk_where_they_were(
    family: FamilyInTests, cast: Cast, signed_in: Callable[..., Client], rf: RequestFactory, secret: str
) -> None:
    client = signed_in(cast.asha)
    client.get("/")
    handed_over(client, family, rf)
    answer = client.post("/together/leave/", {"secret": secret})
    assert answer.headers["Location"] == DESK
    assert client.get(DESK).status_code == 200
    assert client.get("/together/").status_code == 404
    assert AuditEvent.objects.filter(verb="frame.left").count() == 1


def test_without_their_own_sign_in_behind_it_leaving_leads_to_the_covered_page(
    family: FamilyInTests, cast: Cast
) -> None:
    _, client = opened(family, cast.asha)
    assert client.post("/together/leave/", {"secret": PIN}).headers["Location"] == "/session/covered/"


def test_five_wrong_tries_end_the_frame_for_good(family: FamilyInTests, cast: Cast) -> None:
    _, client = opened(family, cast.asha)
    told = [client.post("/together/leave/", {"secret": "0000"}) for _ in range(5)]
    assert b"4 tries are left" in told[0].content
    assert b"One try is left" in told[3].content
    assert told[4].headers["Location"] == "/session/covered/"
    assert client.post("/together/leave/", {"secret": PIN}).status_code == 404
    assert client.get("/together/").status_code == 404
    assert AuditEvent.objects.filter(verb="frame.refused").count() == 5


def test_an_empty_try_is_none(family: FamilyInTests, cast: Cast) -> None:
    lease, client = opened(family, cast.asha)
    assert b"Enter your PIN or your password" in client.post("/together/leave/", {}).content
    lease.refresh_from_db()
    assert lease.wrong_tries == 0


def test_a_frame_that_ran_out_shows_nothing_until_its_practitioner_goes_on(family: FamilyInTests, cast: Cast) -> None:
    lease, client = opened(family, cast.asha)
    client.post("/together/", {})
    lease.refresh_from_db()
    lease.expires_at = timezone.now() - timedelta(seconds=1)
    lease.save()
    page = client.get("/together/")
    assert page.status_code == 403
    assert b"Let us stop here for a moment" in page.content
    assert b"a thing" not in page.content
    assert client.post("/together/", {}).status_code == 403
    assert client.get("/together/", headers=FETCH).json() == {"open": False}
    client.post("/together/leave/", {"secret": PIN, "go-on": "1"})
    assert b"a thing: 1" in client.get("/together/").content  # the answer given before is kept


def test_it_ends_with_the_right_to_see_the_family(family: FamilyInTests, cast: Cast) -> None:
    _, client = opened(family, cast.asha)
    family.case.lead, family.case.team = cast.ben, cast.south
    family.case.save()
    assert client.get("/together/").status_code == 403
    client.post("/together/leave/", {"secret": PIN, "go-on": "1"})
    assert client.get("/together/").status_code == 404


def test_signing_out_everywhere_ends_it(family: FamilyInTests, cast: Cast, django_capture_on_commit_callbacks) -> None:
    _, client = opened(family, cast.asha)
    with django_capture_on_commit_callbacks(execute=True):
        sign_out_everywhere(by=cast.dev, user=cast.asha)
    assert client.get("/together/").status_code == 404


def test_one_thing_is_in_one_frame_at_a_time(family: FamilyInTests, cast: Cast) -> None:
    _, first = opened(family, cast.asha)
    _, second = opened(family, cast.asha)
    assert first.get("/together/").status_code == 404
    assert second.get("/together/").status_code == 200


def test_what_nobody_came_back_to_is_forgotten(family: FamilyInTests, cast: Cast) -> None:
    lease, client = opened(family, cast.asha)
    client.post("/together/", {})
    FrameLease.objects.filter(pk=lease.pk).update(opened_at=timezone.now() - leases.KNOWN_FOR)
    assert client.get("/together/").status_code == 404
    frame.open_frame(by=cast.asha, case=family.case, kind="test", subject_id="another", back=DESK)
    lease.refresh_from_db()
    assert lease.draft == {}
