"""Consent signed on screen: one question at a time, equal answers, a name, and what the record has of it then."""

from __future__ import annotations

import base64
import hashlib
import io
from collections.abc import Callable

import pytest
from django.http import HttpResponse
from django.test import Client
from PIL import Image, ImageDraw

from audit.models import AuditEvent
from families import files, frame, signing
from families.consent import Purpose, standings
from families.models import Consent, ConsentWording, FrameLease, Membership, Signature
from families.signing import recording
from tests.cast import PIN, Cast, FamilyInTests

pytestmark = pytest.mark.django_db
SignedIn = Callable[..., Client]
URL = "/together/"


def drawn(*, blank: bool = False) -> str:
    """What the pad sends."""
    picture = Image.new("RGB", (600, 200), "white")
    if not blank:
        ImageDraw.Draw(picture).line([(40, 150), (200, 60), (380, 140), (560, 40)], fill="#10243e", width=4)
    data = io.BytesIO()
    picture.save(data, "PNG")
    return "data:image/png;base64," + base64.b64encode(data.getvalue()).decode()


@pytest.fixture
def hand_over(family: FamilyInTests, cast: Cast, signed_in: SignedIn) -> Callable[..., Client]:
    """Asha hands her device to somebody, who is asked about these purposes."""

    def hand(
        person: str = "sam", whom: tuple[str, ...] = ("sam", "rowan"), purposes: tuple[str, ...] = ("film",)
    ) -> Client:
        client = signed_in(cast.asha)
        client.get("/")
        signer = getattr(family, person)
        answer = client.post(
            f"/cases/{family.case.pk}/consent/{signer.pk}/sign/",
            {"whom": [getattr(family, each).pk for each in whom], "purposes": purposes},
        )
        assert answer.headers["Location"] == URL
        client.cookies[frame.COOKIE] = answer.cookies[frame.COOKIE].value
        client.post(URL, {"go": ""})  # "Begin"
        return client

    return hand


def say(client: Client, family: FamilyInTests, **answers: str) -> HttpResponse:
    return client.post(URL, {f"answer-{getattr(family, who).pk}": answer for who, answer in answers.items()})


def read(client: Client) -> str:
    return client.get(URL).content.decode()


def test_yes_and_no_are_recorded_with_the_signature_as_their_evidence(
    hand_over: Callable[..., Client], family: FamilyInTests, cast: Cast
) -> None:
    client = hand_over(purposes=("film", "training"))
    assert "Making short films" in read(client)
    say(client, family, sam="given", rowan="given")
    say(client, family, sam="refused", rowan="later")
    assert not Consent.objects.exists()  # nothing counts before the name is under it
    assert "What you have said" in read(client)
    client.post(URL, {"go": "sign", "drawn": drawn(), "typed_name": ""})
    assert "Please hand the device back." in read(client)
    signature = Signature.objects.get()
    assert (signature.signed_by, signature.present, signature.case) == (family.sam, cast.asha, family.case)
    with files.open_(signature.picture) as kept:
        assert hashlib.sha256(kept.read()).hexdigest() == signature.picture_sha256
    made = {
        (c.person, c.purpose): (c.decision, c.capacity, c.evidence, c.decided_by) for c in signature.decisions.all()
    }
    assert made == {
        (family.sam, "film"): ("given", "own", "screen", family.sam),
        (family.rowan, "film"): ("given", "parental", "screen", family.sam),
        (family.sam, "training"): ("refused", "own", "screen", family.sam),
    }
    assert AuditEvent.objects.filter(verb="consent.signed", case_id=str(family.case.pk)).count() == 1


def test_a_typed_name_is_as_good_and_the_words_signed_are_proved(
    hand_over: Callable[..., Client], family: FamilyInTests
) -> None:
    client = hand_over(whom=("sam",))
    say(client, family, sam="given")
    script = signing.script.read(FrameLease.objects.get())
    client.post(URL, {"go": "sign", "drawn": drawn(blank=True), "typed_name": "  Sam   Example "})
    signature = Signature.objects.get()
    assert (signature.typed_name, signature.picture) == ("Sam Example", "")
    text = recording.text_of(script)
    assert "We would like to make short films" in text
    assert "Sam Example: given" in text
    assert signature.text_sha256 == hashlib.sha256(text.encode()).hexdigest()


@pytest.mark.parametrize(
    "drawing", ["", "blank", "data:image/png;base64,!!!", "data:image/png;base64,R0lGODlhAQABAAAAACw=", "javascript:1"]
)
def test_without_a_name_nothing_is_kept_and_nothing_answered_is_lost(
    hand_over: Callable[..., Client], family: FamilyInTests, drawing: str
) -> None:
    client = hand_over(whom=("sam",))
    say(client, family, sam="refused")
    answer = client.post(URL, {"go": "sign", "drawn": drawn(blank=True) if drawing == "blank" else drawing})
    assert answer.status_code == 400
    assert "type your name" in answer.content.decode()
    assert "For you: no" in answer.content.decode()
    assert not Signature.objects.exists()


def test_a_question_waits_for_every_answer_and_keeps_those_given(
    hand_over: Callable[..., Client], family: FamilyInTests
) -> None:
    client = hand_over()
    answer = say(client, family, sam="given")
    assert answer.status_code == 400
    assert "Choose an answer: yes, no or not today." in answer.content.decode()
    assert 'value="given" checked' in answer.content.decode()
    assert say(client, family, sam="given", rowan="nonsense").status_code == 400


def test_yes_no_and_not_today_are_the_same_size_and_none_is_chosen_for_anybody(
    hand_over: Callable[..., Client], family: FamilyInTests
) -> None:
    page = read(hand_over())
    assert page.count('<label class="together-choice"><input type="radio"') == 6
    assert "checked" not in page


def test_an_answer_is_changed_before_signing(hand_over: Callable[..., Client], family: FamilyInTests) -> None:
    client = hand_over(whom=("sam",), purposes=("film", "supervision"))
    say(client, family, sam="given")
    say(client, family, sam="given")
    client.post(URL, {"go": "0"})
    assert "Making short films" in read(client)
    say(client, family, sam="refused")
    page = read(client)
    assert "What you have said" in page  # straight back: the other answer still stands
    assert page.count("For you: yes") == page.count("For you: no") == 1
    client.post(URL, {"go": "back"})
    assert "Supervision" in read(client)


def test_deciding_nothing_today_needs_no_name_and_records_nothing(
    hand_over: Callable[..., Client], family: FamilyInTests
) -> None:
    client = hand_over(whom=("sam",))
    say(client, family, sam="later")
    assert "that is fine" in read(client)
    client.post(URL, {"go": "nothing"})
    assert "Please hand the device back." in read(client)
    assert not Signature.objects.exists()
    assert not Consent.objects.exists()


def test_the_wording_signed_is_the_one_that_was_read(hand_over: Callable[..., Client], family: FamilyInTests) -> None:
    client = hand_over(whom=("sam",))
    newer = ConsentWording.objects.create(purpose="film", version=2, text="Quite other words.")
    assert "Quite other words." not in read(client)
    say(client, family, sam="given")
    client.post(URL, {"go": "sign", "typed_name": "Sam"})
    assert Consent.objects.get().wording != newer


def test_signing_twice_records_once(hand_over: Callable[..., Client], family: FamilyInTests) -> None:
    client = hand_over(whom=("sam",))
    say(client, family, sam="given")
    lease = FrameLease.objects.get()
    script = signing.script.read(lease)
    signed = recording.look_at("", "Sam")
    client.post(URL, {"go": "sign", "typed_name": "Sam"})
    assert signing.sign(lease=lease, script=script, signed=signed) is None
    assert Consent.objects.count() == 1


def test_somebody_who_may_no_longer_decide_signs_nothing(
    hand_over: Callable[..., Client], family: FamilyInTests
) -> None:
    client = hand_over()
    say(client, family, sam="given", rowan="given")
    Membership.objects.filter(person=family.sam).update(parental_responsibility="no")
    answer = client.post(URL, {"go": "sign", "drawn": drawn()})
    assert "Please hand the device back." in answer.content.decode()
    assert "parental" not in answer.content.decode()
    assert not Consent.objects.exists()
    assert not Signature.objects.exists()
    assert not [path for path in files.store.folder().rglob("*") if path.is_file()]  # nor is the drawing left over


def test_a_caregiver_without_parental_responsibility_is_told_so_kindly_and_signs_for_themselves(
    hand_over: Callable[..., Client], family: FamilyInTests, cast: Cast, signed_in: SignedIn
) -> None:
    url = f"/cases/{family.case.pk}/consent/{family.nan.pk}/sign/"
    page = signed_in(cast.asha).get(url).content.decode()
    assert (
        "Nan does not hold parental responsibility for Rowan and can say yes or no to being filmed themselves." in page
    )
    refused = signed_in(cast.asha).post(url, {"whom": [family.rowan.pk], "purposes": ["film"]})
    assert refused.status_code == 400
    client = hand_over("nan", ("nan",))
    say(client, family, nan="given")
    client.post(URL, {"go": "sign", "typed_name": "Nan"})
    assert standings([family.nan], [Purpose.FILM])[family.nan.pk, Purpose.FILM].agreed


def test_the_picture_is_seen_by_those_who_may_and_every_look_is_written_down(
    hand_over: Callable[..., Client], family: FamilyInTests, cast: Cast, signed_in: SignedIn
) -> None:
    client = hand_over(whom=("sam",))
    say(client, family, sam="given")
    client.post(URL, {"go": "sign", "drawn": drawn()})
    url = f"/signatures/{Signature.objects.get().pk}/picture"
    assert client.get(url).status_code == 303  # not from the frame
    client.post("/together/leave/", {"secret": PIN})
    answer = client.get(url)
    assert answer.headers["Content-Type"] == "image/jpeg"
    assert b"".join(answer)[:2] == b"\xff\xd8"
    assert AuditEvent.objects.filter(verb="signature.seen").count() == 1
    assert signed_in(cast.ben).get(url).status_code == 404
