"""Nothing that somebody in the family may see tells where a protected person is, how to reach them or when they come.

Her telephone, address, safe times, refuge and session place are planted, and then looked for: on every page of the
desk, which may be open in a living room, and on every page that a family holds in its own hands.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any, cast

import pytest
from django.http import HttpResponseBase
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from accounts.public import FRAME_VIEWS, LINK_VIEWS, ROOM_VIEWS
from clips import reviews
from clips.reviews import leases
from families import frame
from families.frame import kinds
from families.models import CaseTask, Loss, Person
from outbox import digest
from outbox import registry as outbox
from outbox.models import Message
from outcomes.actions import askings, links
from outcomes.models import MeasureVersion
from outcomes.steps import steps_of
from referrals.actions.checking import CODE, RECEIVED
from referrals.actions.deciding import FAMILY, OUTCOME
from referrals.actions.following import LINK
from referrals.actions.looking import QUESTION
from referrals.actions.returning import RETURN
from referrals.models import Decision, Draft, Exchange
from sessions.models import VigSession
from tests.cast import PIN
from tests.families.planted import plant, told
from tests.referrals.made import make_referral
from tests.test_access import CLOSED, OPEN, RULES, Address, address_of
from tests.world import World, make_world

SignedIn = Callable[[User], Client]

# Where staff read it in its place, after opening it: nothing else of the desk shows what stands in those columns.
ITS_OWN_PAGES = {"vig_sessions:session", "vig_sessions:session-edit", "vig_sessions:session-cancel"}
LISTS = {"desk:my-day", "families:list", "families:duplicates", "families:merges", "clips:evidence"}
# What a family is given on paper, and pages of the desk that stand open beside them: not even in words typed there.
SHOWN = (
    "families:case",
    "families:consent",
    "families:consent-copy",
    "families:people",
    "families:professionals",
    "clips:evidence-note",
    "clips:film-certificate",
    "clips:review",
)

WARNING = "tell nobody in the family where they are or when they come"


@pytest.fixture
def world(db: None) -> World:
    return make_world()


def nobody_has_died() -> None:
    """A bereaved family is asked nothing."""
    Loss.objects.all().delete()
    Person.objects.exclude(lost="").update(lost="")


def body(response: HttpResponseBase) -> bytes:
    whole = b"".join(cast(Any, response)) if response.streaming else cast(Any, response).content
    return cast(bytes, whole)


def about_her(world: World, session: VigSession, address: Address) -> str:
    """An address as the access test has it, but about her where it takes a person or a session."""
    url = address_of(world, address)
    return url.replace(str(world.family.sam.pk), str(world.family.nan.pk)).replace(
        str(world.session.pk), str(session.pk)
    )


def test_no_page_of_the_desk_shows_it_but_its_own(world: World, signed_in: SignedIn) -> None:
    session = plant(world, typed=False)
    asha, carol = world.cast.asha, world.cast.carol
    clients = {asha: signed_in(asha), carol: signed_in(carol)}
    leaks, looked = set(), 0
    for address in CLOSED:
        who = next((each for each in (asha, carol) if RULES[address.name](world, each) == OPEN), None)
        if who is None or not (address.parameters or address.name in LISTS):
            continue
        response = clients[who].get(about_her(world, session, address))
        if response.status_code == 200:
            looked += 1
            if found := told(body(response)):
                leaks.add((address.name, *found))
    assert {name for name, *_ in leaks} <= ITS_OWN_PAGES, sorted(leaks)
    assert looked > 80


@pytest.mark.parametrize("name", SHOWN)
def test_what_is_printed_or_stands_open_beside_them_does_not_tell(name: str, world: World, signed_in: SignedIn) -> None:
    session = plant(world)
    address = next(each for each in CLOSED if each.name == name)
    client = signed_in(world.cast.carol if name.startswith("clips:evidence") else world.cast.asha)
    response = client.get(about_her(world, session, address))
    assert response.status_code == 200
    assert told(body(response)) == []


# --- In their hands ------------------------------------------------------------------------------------------


def room(world: World, signed_in: SignedIn) -> dict[str, list[HttpResponseBase]]:
    """Every address of the room, with what it answers."""
    world.review.moments.update(shown_at=None)
    _lease, token = reviews.open_room(
        by=world.cast.asha, review=world.review, present=[world.family.sam, world.family.rowan], confirmed=True
    )
    client = Client(headers={"X-Requested-With": "fetch"})
    client.cookies[leases.COOKIE] = token

    def post(name: str, *where: Any, **data: Any) -> HttpResponseBase:
        return client.post(reverse(f"clips:{name}", args=where), json.dumps(data), content_type="application/json")

    def get(name: str, *where: Any) -> HttpResponseBase:
        return client.get(reverse(f"clips:{name}", args=where))

    now = json.loads(body(get("room-now")))
    said, ideas = now["words"][0], now["ideas"]
    frame_number = world.still.frame - (world.clip.first_frame or 0)
    answers = {
        "room": [get("room")],
        "room-now": [get("room-now")],
        "room-pulse": [get("room-pulse")],
        "room-film": [get("room-film", 1)],
        "room-picture": [get("room-picture", 1)],
        "room-seen": [post("room-seen", 1)],
        "room-still": [post("room-still", 1, frame=3)],
        "room-still-picture": [get("room-still-picture", 1, frame_number)],
        "room-order": [post("room-order", order=[1])],
        "room-words": [
            post("room-words", id=said["id"], text="Another wording", version=99, who=said["who"]),
            post("room-words", id=said["id"], text=said["text"], version=said["version"], who=said["who"]),
        ],
        "room-ideas": [
            post("room-ideas", new_ideas="x", next_step="y", version=99),
            post("room-ideas", **ideas),
        ],
        "rate": [get("rate")],
        "room-end": [post("room-end", held=True)],
        "room-resume": [post("room-resume", secret=PIN)],
        "room-leave": [post("room-leave", secret="wrong")],
    }
    return {f"clips:{name}": found for name, found in answers.items()}


def in_frame(world: World, signed_in: SignedIn) -> dict[str, list[HttpResponseBase]]:
    """Signing, and goals on our tablet: from the first page to the last."""
    pages: list[HttpResponseBase] = []
    case = world.family.case

    def hand(url: str, data: dict[str, Any]) -> Client:
        client = signed_in(world.cast.asha)
        client.get("/")
        answer = client.post(url, data)
        client.cookies[frame.COOKIE] = answer.cookies[frame.COOKIE].value
        pages.append(client.get("/together/"))
        return client

    sign = reverse("families:consent-sign", args=[case.pk, world.family.sam.pk])
    client = hand(sign, {"whom": [world.family.sam.pk, world.family.rowan.pk], "purposes": ["film", "copy"]})
    client.post("/together/", {"go": ""})
    for _ in range(3):
        pages.append(client.get("/together/"))
        people = (world.family.sam, world.family.rowan)
        pages.append(client.post("/together/", {f"answer-{person.pk}": "given" for person in people}))
    pages.append(client.post("/together/", {"go": "sign", "drawn": "", "typed_name": ""}))
    asking = reverse("outcomes:asking-hand-over", args=[case.pk, world.asking.pk])
    client = hand(asking, {})
    for step in ("1", "check"):
        pages.append(client.get(reverse("families:frame-step", args=[step])))
    return {
        "families:frame": pages,
        "families:frame-step": pages,
        "families:frame-leave": [client.get(reverse("families:frame-leave"))],
    }


def answering(world: World, **what: Any) -> list[HttpResponseBase]:
    """What Sam is asked by a one-time link, on Sam's own telephone: from the link to the thanks, with an answer that
    does not fit, one that calls for help and one that is skipped; and the link once more when it is used up."""
    asking = askings.ask(by=world.cast.asha, case=world.family.case, way="link", person=world.family.sam, **what)
    client = Client()
    link = reverse("outcomes:answer-open", args=[askings.make_link(by=world.cast.asha, asking=asking)])
    pages = [client.get(link), client.get(reverse("outcomes:answer"))]

    def at(step: object) -> str:
        return reverse("outcomes:answer-step", args=[str(step)])

    for number, step in enumerate(steps_of(asking), 1):
        pages += [client.get(at(number)), client.post(at(number), {"answer": "x" * 3000, "go": "next"})]
        given = {"answer": step.choices[-1][0]} if step.choices else {"go": "skip"}
        on = client.post(at(number), given)
        assert on.status_code in {302, 303}, f"{asking.title}: {step.text}"
        pages.append(client.get(on.headers["Location"]))
    pages += [client.get(at("help")), client.get(link), client.get(reverse("outcomes:answer")), client.get(at("check"))]
    sent = client.post(at("check"))
    assert sent.headers["Location"] == reverse("outcomes:answer-thanks")
    return [*pages, client.get(sent.headers["Location"]), client.get(link)]


def by_link(world: World, signed_in: SignedIn) -> dict[str, list[HttpResponseBase]]:
    """Goals, questionnaires and the questions about the service by a one-time link."""
    measures = [MeasureVersion.objects.get(measure__key=key) for key in ("phq-9", "gad-7", "pbq")]
    asked: list[dict[str, Any]] = [{"what": "goals"}, {"what": "experience"}]
    for version in measures:
        version.measure.active = version.measure.critical_by_link = True
        version.measure.save()
        about = None if version.definition.about == "caregiver" else world.family.rowan
        asked.append({"what": "measure", "version": version, "about_infant": about})
    pages = [page for what in asked for page in answering(world, **what)]
    assert sum("Thank you for saying that" in body(page).decode() for page in pages) > len(asked), "help was offered"
    return dict.fromkeys(LINK_VIEWS, pages)


@pytest.mark.parametrize(
    ("views", "walk"),
    [(ROOM_VIEWS, room), (FRAME_VIEWS, in_frame), (LINK_VIEWS, by_link)],
    ids=["room", "frame", "link"],
)
def test_no_page_in_their_hands_tells(
    views: frozenset[str],
    walk: Callable[[World, SignedIn], dict[str, list[HttpResponseBase]]],
    world: World,
    signed_in: SignedIn,
) -> None:
    plant(world)
    nobody_has_died()
    answers = walk(world, signed_in)
    assert set(answers) == set(views), "walk the new address as well"
    texts = {name: [body(each) for each in found] for name, found in answers.items()}
    assert {name: told(b"".join(found)) for name, found in texts.items()} == {name: [] for name in views}
    whole = b"".join(text for found in texts.values() for text in found).decode(errors="replace")
    assert "[kept back]" in whole, "what was typed is shown, without what would tell"
    world.review.refresh_from_db()
    world.words.refresh_from_db()
    assert world.review.next_step == "Ring 07700 900456", "what the room could not show is kept as it was"
    assert world.words.text == "He slept at 7 Quiet Lane."


def test_she_reads_her_own_goals_as_they_are_on_her_own_telephone(world: World) -> None:
    plant(world)
    nobody_has_died()
    asking = askings.ask(by=world.cast.asha, case=world.family.case, what="goals", way="link", person=world.family.nan)
    client = Client()
    client.get(reverse("outcomes:answer-open", args=[askings.make_link(by=world.cast.asha, asking=asking)]))
    assert "7 Quiet Lane" in client.get("/q/step/1/").content.decode()


def test_each_kind_that_opens_in_the_frame_is_walked_here() -> None:
    assert set(kinds._kinds) == {"signing", "questionnaire"}


def test_no_message_that_leaves_us_tells(world: World) -> None:
    plant(world)
    world.alert.title, world.alert.detail = "Ring 07700 900456", "She is at Willow Refuge."
    world.alert.save()
    draft = Draft.objects.get()
    referral = make_referral(state="accepted", case=world.family.case)
    said = Exchange.objects.create(referral=referral, direction="to", text="Who is at home?", by=world.cast.ina)
    nobody_has_died()
    asked = askings.ask(by=world.cast.asha, case=world.family.case, what="goals", way="link", person=world.family.nan)
    decided = Decision.objects.create(
        referral=referral, outcome="accepted", by=world.cast.ina, to_referrer="Dear Hanna", to_family="Ring us."
    )
    about = {CODE: draft.pk, RETURN: draft.pk, RECEIVED: referral.pk, LINK: referral.pk, QUESTION: said.pk}
    about |= {OUTCOME: decided.pk, FAMILY: decided.pk, links.KIND: asked.pk}
    about |= {digest.KIND: (timezone.now() - timedelta(days=1)).isoformat()}
    assert outbox._kinds, "there are kinds of messages"
    for kind in outbox._kinds.values():
        subject = about.get(kind.name, world.alert.pk)
        message = Message(kind=kind.name, channel="email", subject_id=str(subject), case_id=str(world.alert.case_id))
        content = kind.render(message)
        assert told(" ".join((content.subject, content.body, content.sms))) == [], kind.name


# --- What counts as telling ----------------------------------------------------------------------------------


def test_what_others_use_as_well_is_not_taken_out(world: World) -> None:
    """The family hub is no secret, nor is a practice that the whole family goes to."""
    from families.models import Professional
    from families.protection import hidden_from
    from sessions.models import Attendance

    plant(world)
    family = world.family
    for about in (family.nan, None):
        Professional.objects.create(family=family.family, about=about, role="gp", organisation="Example Practice")
    for person in (family.nan, family.sam):
        session = VigSession.objects.create(
            case=family.case,
            kind="other",
            place="hub",
            place_detail="Riverside Hub",
            starts_at=world.session.starts_at,
            practitioner=world.cast.asha,
        )
        Attendance.objects.create(session=session, person=person)
    hidden = hidden_from(family.sam, family.family)
    assert hidden.veil("At Riverside Hub, by Example Practice") == "At Riverside Hub, by Example Practice"
    assert hidden.veil("Seen at Willow Refuge") == "Seen at [kept back]"
    assert hidden.unveil("At [kept back]", "At Willow Refuge") == "At Willow Refuge"
    assert hidden.unveil("At home", "At Willow Refuge") == "At home"


def test_pages_of_the_desk_that_show_typed_words_in_full_say_first_who_is_protected(
    world: World, signed_in: SignedIn
) -> None:
    """ADR 0010: goals, questions, notes and tasks stand in full where staff work on them, below the warning."""
    session = plant(world)
    note = "Sent to 7 Quiet Lane, SW1A 1AA."
    CaseTask.objects.create(
        case=world.family.case, title="Post it to 7 Quiet Lane", detail=note, created_by=world.cast.asha
    )
    asha, carol = world.cast.asha, world.cast.carol
    clients = {asha: signed_in(asha), carol: signed_in(carol)}
    unwarned, warned = set(), 0
    for address in CLOSED:
        who = next((each for each in (asha, carol) if RULES[address.name](world, each) == OPEN), None)
        if who is None or not (address.parameters or address.name in LISTS):
            continue
        response = clients[who].get(about_her(world, session, address))
        if response.status_code != 200 or not (found := told(page := body(response))):
            continue
        if WARNING in page.decode(errors="replace"):
            warned += 1
        else:
            unwarned.add((address.name, *found))
    assert sorted(unwarned) == [], str(sorted(unwarned))
    assert warned > 5
