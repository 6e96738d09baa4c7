"""The pages on which a manager decides about a record ask as much of a large record as of a small one."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from accounts.safeguarding import name_leads
from clips import evidence
from clips.models import Clip, EvidenceHold, Recording, ReviewMoment, SharedReview, Still, Words
from families import actions as record
from families import files
from families.actions import retention as actions
from families.models import Case, Contact, Document, Membership, NoteTemplate, Person
from outcomes.models import HelpingQuestion, HelpingQuestionWording
from sessions.models import Attendance, Cycle, VigSession
from tests.cast import Cast, FamilyInTests, consent_to_everything, give_consent, make_cast, make_family
from tests.families import uploads

pytestmark = pytest.mark.django_db

SignedIn = Callable[[User], Client]
# Once the walk from table to table asked each of them by itself: 329 for the first page, 559 for the last.
MOST = {"kept": 90, "delete, not yet": 60, "delete the films, not yet": 30, "offer": 20, "delete": 65}


@pytest.fixture
def cast() -> Cast:
    return make_cast()


def a_day(weeks: int) -> datetime:
    return timezone.now() - timedelta(days=26 * 365 - 7 * weeks)


def work(cast: Cast, case: Case, people: list[Person], *, of: int) -> None:
    """Cycles, each with its session, its notes and its film that all agree to have copied."""
    template = NoteTemplate.objects.get(name="Blank note")
    question = HelpingQuestion.objects.create(case=case, whose=people[0])
    for number in range(1, of + 1):
        wording = HelpingQuestionWording.objects.create(
            question=question, version=number, text="How does Rowan settle?", recorded_by=cast.asha
        )
        cycle = Cycle.objects.create(
            case=case, number=number, wording=wording, closed_at=a_day(number), summary="They looked together."
        )
        session = VigSession.objects.create(
            case=case,
            cycle=cycle,
            kind=VigSession.Kind.FILMING,
            place=VigSession.Place.HOME,
            starts_at=a_day(number),
            practitioner=cast.asha,
            status=VigSession.Status.HELD,
        )
        film = Recording.objects.create(case=case, cycle=cycle, uploaded_by=cast.asha, state=Recording.State.READY)
        film.people.set(people)
        for person in people:
            Attendance.objects.create(session=session, person=person, code=Attendance.Code.ON_TIME)
        clip = Clip.objects.create(
            recording=film,
            first_frame=1,
            last_frame=9,
            first_us=40_000,
            last_us=360_000,
            created_by=cast.asha,
            state=Clip.State.READY,
        )
        Still.objects.create(recording=film, clip=clip, frame=2, time_us=80_000, created_by=cast.asha)
        review = SharedReview.objects.create(cycle=cycle)
        moment = ReviewMoment.objects.create(review=review, clip=clip, position=1)
        Words.objects.create(review=review, moment=moment, speaker=people[0], text="Look!", recorded_by=cast.asha)
        note = record.begin_note(by=cast.asha, case=case, template=template, happened_at=a_day(number), title="A visit")
        record.save_note(
            by=cast.asha, note=note, typed=[record.Typed(note.sections.get().pk, "She waits.", 0)], window=note.pk
        )
        record.sign_note(by=cast.asha, note=note)
        picture = files.accept(uploads.sent(f"{case.pk}{number}.jpg", uploads.jpeg()), most_bytes=10**6)
        record.add_documents(by=cast.asha, case=case, accepted=[picture], kind=Document.Kind.PICTURE)
        evidence.hold(
            by=cast.carol,
            recording=Recording.objects.create(case=case, uploaded_by=cast.asha, state=Recording.State.READY),
            reason="The police asked for it.",
            review_on=timezone.localdate() + timedelta(days=90),
            words="The police asked us to keep it.",
        )


def elsewhere(person: Person, cast: Cast) -> None:
    """They are in another household, too, with whom work goes on; something was decided for them here."""
    other = make_family(cast.asha)
    Membership.objects.create(person=person, family=other.family, relationship="grandparent")


def record_of(cast: Cast, *, size: int) -> FamilyInTests:
    """A record that is due, with so many of everything."""
    made = make_family(cast.asha)
    consent_to_everything(made, by=cast.asha)
    for number in range(size):
        person = Person.objects.create(kind=Person.Kind.CAREGIVER, first_name=f"Kim{number}", last_name="Example")
        Membership.objects.create(person=person, family=made.family, relationship="kinship_carer")
        made.case.people.add(person)
        for purpose in ("film", "copy"):
            give_consent(person, purpose, by=cast.asha)
        give_consent(person, "supervision", by=cast.asha, decided_by=made.sam)
        elsewhere(person, cast)
        Contact.objects.bulk_create(
            Contact(case=made.case, kind="call", person=person, at=a_day(number), logged_by=cast.asha)
            for _ in range(1 if size == 1 else 90)
        )
    cases = [
        made.case,
        *(Case.objects.create(family=made.family, team=cast.north, lead=cast.asha) for _ in range(size)),
    ]
    for case in cases:
        work(cast, case, list(made.case.people.filter(kind="caregiver", first_name__startswith="Kim")), of=size)
    long_ago = timezone.localdate() - timedelta(days=27 * 365)
    for person in made.case.people.all():
        Person.objects.filter(pk=person.pk).update(date_of_birth=long_ago)
    Case.objects.filter(family=made.family).update(
        opened_on=long_ago, closed_on=long_ago + timedelta(days=300), stage=Case.Stage.CLOSED
    )
    made.case.refresh_from_db()
    return made


def asked(client: Client, address: str, *, says: str) -> int:
    """How many queries a page takes, when it is looked at again."""
    client.get(address)
    with CaptureQueriesContext(connection) as queries:
        answer = client.get(address)
    assert says in answer.content.decode(), answer.content.decode()
    return len(queries)


def test_deciding_asks_as_much_of_a_large_record_as_of_a_small_one(cast: Cast, signed_in: SignedIn) -> None:
    name_leads(by=cast.dev, lead=cast.carol, deputy=cast.sue)
    carol = signed_in(cast.carol)
    counts: dict[str, list[int]] = {}
    for size in (1, 5):
        case = record_of(cast, size=size).case
        pages = {
            "kept": (reverse("families:kept", args=[case.pk]), "bound up with"),
            "delete, not yet": (reverse("families:delete", args=[case.pk, "record"]), "bound up with"),
            "delete the films, not yet": (reverse("families:delete", args=[case.pk, "films"]), "Kept as evidence"),
            "offer": (reverse("families:offer", args=[case.pk, "record"]), "The film of"),
        }
        for page, (address, says) in pages.items():
            counts.setdefault(page, []).append(asked(carol, address, says=says))
        free(cast, case)
        counts.setdefault("delete", []).append(
            asked(carol, reverse("families:delete", args=[case.pk, "record"]), says="Delete for good")
        )
    assert {page: large - small for page, (small, large) in counts.items()} == dict.fromkeys(counts, 0)
    assert {page: small for page, (small, _) in counts.items() if small > MOST[page]} == {}


def free(cast: Cast, case: Case) -> None:
    """Nothing speaks against deleting it any more."""
    for hold in list(EvidenceHold.objects.in_force()):
        evidence.release(by=cast.carol, held=hold, why="The court has done with it.")
    Membership.objects.filter(person__memberships__family=case.family_id).exclude(family=case.family_id).delete()
    offer = actions.offer_copies(by=cast.carol, case=case, what="record", how="letter", offered_on=timezone.localdate())
    actions.answer_offer(by=cast.carol, case=case, offer=offer, answer="declined")
