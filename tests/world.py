"""One of everything, in one family of Asha's: what the access test walks through."""

from __future__ import annotations

import io
import json
import uuid
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from PIL import Image

from accounts.safeguarding import name_leads
from clips import evidence, store
from clips.models import Clip, EvidenceHold, Principle, Recording, ReviewMoment, SharedReview, Still, Upload, Words
from families import actions, duty, files
from families import actions as record
from families.duty.rota import put_on_duty
from families.models import (
    AccessPack,
    Address,
    Adoption,
    Alert,
    BreakGlass,
    CaseTask,
    ClosureReason,
    ConsentPaper,
    Consultation,
    Contact,
    CopyOffer,
    Document,
    DutyShift,
    Erasure,
    Identity,
    LegalHold,
    LegalStatus,
    Loss,
    Membership,
    Merge,
    Need,
    Note,
    NoteTemplate,
    Person,
    PlacementChange,
    Professional,
    Restriction,
    RiskConcern,
    RiskFlag,
    Signature,
    Unavailability,
)
from outbox.actions import post
from outbox.models import Message
from outcomes.models import (
    Asking,
    CriticalAnswer,
    Goal,
    GoalRating,
    HelpingQuestion,
    HelpingQuestionWording,
    MeasureVersion,
    Score,
)
from referrals.models import (
    AdviceCall,
    Attachment,
    Decision,
    Door,
    Draft,
    Exchange,
    Meeting,
    MeetingItem,
    QueueView,
    Referral,
)
from sessions.models import Attendance, Cycle, VigSession
from tests.cast import Cast, FamilyInTests, consent_to_everything, make_cast, make_family
from tests.families import uploads
from tests.referrals.made import make_referral


@dataclass
class Writing:
    """What is written about a family: a signed note, a draft of Asha's, a contact, a document that is a picture."""

    note: Note
    draft: Note
    contact: Contact
    document: Document
    consultation: Consultation
    template: NoteTemplate

    def parameters(self) -> dict[str, Any]:
        return {
            "note": self.note.pk,
            "draft": self.draft.pk,
            "contact": self.contact.pk,
            "document": self.document.pk,
            "consultation": self.consultation.pk,
            "template": self.template.pk,
        }


def make_writing(cast: Cast, family: FamilyInTests) -> Writing:
    template = NoteTemplate.objects.get(name="Blank note")
    now = timezone.now()
    draft, note = (
        record.begin_note(by=cast.asha, case=family.case, template=template, happened_at=now, title=title)
        for title in ("A draft", "A visit")
    )
    section = note.sections.get()
    record.save_note(
        by=cast.asha, note=note, typed=[record.Typed(section.pk, "Rowan settles in Sam’s arms.", 0)], window=note.pk
    )
    note = record.sign_note(by=cast.asha, note=note)
    contact = record.log_contact(by=cast.asha, case=family.case, kind=Contact.Kind.CALL, person=family.sam)
    picture = files.accept(uploads.sent("drawing.jpg", uploads.jpeg()), most_bytes=10**6)
    documents = record.add_documents(by=cast.asha, case=family.case, accepted=[picture], kind=Document.Kind.PICTURE)
    consultation = record.log_consultation(
        by=cast.asha,
        asked_by=Consultation.Asker.MIDWIFE,
        organisation="",
        on=timezone.localdate(),
        minutes=10,
        topic="Sleep",
        advice="Watch together what the baby does before sleep.",
    )
    return Writing(note, draft, contact, documents[0], consultation, template)


@dataclass
class Retention:
    """A hold, an offer of copies, and the certificate of another family's erasure."""

    hold: LegalHold
    offer: CopyOffer
    erasure: Erasure

    def parameters(self) -> dict[str, Any]:
        return {"legal_hold": self.hold.pk, "offer": self.offer.pk, "erasure": self.erasure.pk}


def make_retention(cast: Cast, family: FamilyInTests) -> Retention:
    today = timezone.localdate()
    return Retention(
        LegalHold.objects.create(family=family.family, kind="court", reason="A claim.", by=cast.carol),
        CopyOffer.objects.create(case=family.case, what="films", how="letter", answer_by=today, by=cast.carol),
        Erasure.objects.create(
            what="record",
            family_id=uuid.uuid4(),
            reference="VIG-222-222",
            team=family.case.team,
            rule="child",
            rule_words="A child’s record",
            due_on=today,
            decided_by=cast.carol,
            state=Erasure.State.DONE,
            ended_at=timezone.now(),
        ),
    )


def make_adoption(cast: Cast, family: FamilyInTests) -> Adoption:
    """Rowan was adopted: another record, of which Carol alone may know, holds who they were before."""
    before = make_family(cast.sue, team=cast.south)
    record = Restriction.objects.create(family=before.family, reason="A child was adopted.", by=cast.carol)
    record.named.set([cast.sue, cast.carol])
    placement = PlacementChange.objects.create(
        case=before.case, child=before.rowan, kind="adopted", from_on=timezone.localdate(), by=cast.carol
    )
    link = Adoption.objects.create(
        earlier_family=before.family, family=family.family, placement=placement, by=cast.carol
    )
    link.known_to.set([cast.carol])
    Identity.objects.create(adoption=link, earlier=before.rowan, later=family.rowan)
    return link


@dataclass
class World:
    """The cast, a family, and one row of every kind that an address can name."""

    cast: Cast
    family: FamilyInTests
    question: HelpingQuestion
    wording: HelpingQuestionWording
    cycle: Cycle
    session: VigSession
    film: Recording
    gone: Recording  # destroyed, its certificate kept
    upload: Upload
    clip: Clip
    still: Still
    review: SharedReview
    moment: ReviewMoment
    words: Words
    concern: RiskConcern
    writing: Writing
    glass: BreakGlass
    merge: Merge
    principle: Principle
    pack: AccessPack
    signature: Signature
    paper: ConsentPaper
    message: Message
    alert: Alert
    flag: RiskFlag
    task: CaseTask
    shift: DutyShift
    goal: Goal
    rating: GoalRating
    score: Score
    answer: CriticalAnswer
    asking: Asking
    address: Address
    need: Need
    legal: LegalStatus
    placement: PlacementChange
    professional: Professional
    hold: EvidenceHold  # of a film of its own; Carol is the safeguarding lead, Sue her deputy
    retention: Retention
    adoption: Adoption

    def parameters(self) -> dict[str, Any]:
        """A value for every parameter that an address of ours takes, by the parameter's name."""
        consent = self.family.sam.consents.first()
        return {
            "case": self.family.case.pk,
            "pathway": self.family.case.pathway_id,
            "stage": self.family.case.place_id,
            "reason": ClosureReason.objects.values_list("pk", flat=True)[0],
            "family": self.family.family.pk,
            "person": self.family.sam.pk,
            "baby": self.family.rowan.pk,
            "remembered": self.family.case.people.exclude(lost="").get().pk,
            "infant": self.family.rowan.pk,
            "consent": consent.pk if consent else None,
            "concern": self.concern.pk,
            **self.writing.parameters(),
            "keyed_in": Draft.objects.get().pk,
            "call": AdviceCall.objects.get().pk,
            "referral": Referral.objects.undecided().get().pk,
            "came": Referral.objects.get(case=self.family.case).pk,
            "period": Unavailability.objects.get().pk,
            "meeting": Meeting.objects.get().pk,
            "view": QueueView.objects.get().pk,
            "attachment": Attachment.objects.get(referral__state=Referral.State.RECEIVED).pk,
            "glass": self.glass.pk,
            "other": self.family.nan.pk,
            "merge": self.merge.pk,
            "message": self.message.pk,
            "alert": self.alert.pk,
            "flag": self.flag.pk,
            "task": self.task.pk,
            "shift": self.shift.pk,
            "question": self.question.pk,
            "wording": self.wording.pk,
            "cycle": self.cycle.pk,
            "session": self.session.pk,
            "film": self.film.pk,
            "gone": self.gone.pk,
            "hold": self.hold.pk,
            **self.retention.parameters(),
            "upload": self.upload.pk,
            "clip": self.clip.pk,
            "still": self.still.pk,
            "review": self.review.pk,
            "moment": self.moment.pk,
            "words": self.words.pk,
            "principle": self.principle.pk,
            "address": self.address.pk,
            "need": self.need.pk,
            "legal": self.legal.pk,
            "placement": self.placement.pk,
            "professional": self.professional.pk,
            "pack": self.pack.pk,
            "signature": self.signature.pk,
            "paper": self.paper.pk,
            "purpose": "film",
            "goal": self.goal.pk,
            "rating": self.rating.pk,
            "measure": "phq-9",
            "score": self.score.pk,
            "answer": self.answer.pk,
            "asking": self.asking.pk,
            "team": self.cast.north.pk,
            "user": self.cast.ben.pk,
        }


@dataclass(frozen=True)
class StandingWorld:
    """A world that stands while the tests of a module ask it, and where its files are."""

    world: World
    store: Path


def a_picture() -> SimpleUploadedFile:
    """A small PNG, as a pad or a camera would send it."""
    data = io.BytesIO()
    Image.new("RGB", (8, 8), "black").save(data, "PNG")
    return SimpleUploadedFile("form.png", data.getvalue())


def make_world() -> World:
    cast = make_cast()
    family = make_family(cast.asha)
    consent_to_everything(family, by=cast.asha)
    question = HelpingQuestion.objects.create(case=family.case, whose=family.sam)
    wording = HelpingQuestionWording.objects.create(
        question=question, version=1, text="What am I doing to help Rowan settle?", recorded_by=cast.asha
    )
    remembered = Person.objects.create(kind=Person.Kind.SIBLING, first_name="Fern", last_name="Test", lost="died")
    Membership.objects.create(person=remembered, family=family.family, relationship="sibling")
    family.case.people.add(remembered)
    Loss.objects.create(person=remembered, kind=Person.Lost.DIED, recorded_by=cast.asha)
    cycle = Cycle.objects.create(case=family.case, number=1, wording=wording)
    session = VigSession.objects.create(
        case=family.case,
        cycle=cycle,
        kind=VigSession.Kind.FILMING,
        place=VigSession.Place.HOME,
        starts_at=timezone.now(),
        practitioner=cast.asha,
    )
    Attendance.objects.create(session=session, person=family.sam, code=Attendance.Code.ON_TIME)
    film = Recording.objects.create(
        case=family.case,
        cycle=cycle,
        session=session,
        uploaded_by=cast.asha,
        state=Recording.State.READY,
        frames=100,
        duration_us=4_000_000,
        width=640,
        height=360,
        plays_directly=True,
    )
    film.people.set([family.rowan, family.sam])
    gone = Recording.objects.create(
        case=family.case,
        cycle=cycle,
        uploaded_by=cast.asha,
        state=Recording.State.DESTROYED,
        destroyed_at=timezone.now(),
        destroyed_by=cast.asha,
        destroyed_reason="The family asked for it.",
    )
    name_leads(by=cast.dev, lead=cast.carol, deputy=cast.sue)
    kept = Recording.objects.create(
        case=family.case, uploaded_by=cast.asha, state=Recording.State.READY, frames=100, plays_directly=True
    )
    kept.people.set([family.rowan, family.sam])
    store.write(store.path(kept.pk, store.ORIGINAL), b"film")
    hold = evidence.hold(
        by=cast.carol,
        recording=kept,
        reason="The police asked for it.",
        review_on=timezone.localdate() + timedelta(days=90),
        words="The police asked us to keep it.",
    )
    upload = Upload.objects.create(
        recording=film, user=cast.asha, length=10, offset=10, state=Upload.State.COMPLETE, sha256="0" * 64
    )
    clip = Clip.objects.create(
        recording=film,
        first_frame=10,
        last_frame=40,
        first_us=400_000,
        last_us=1_600_000,
        created_by=cast.asha,
        state=Clip.State.READY,
    )
    clip.file = store.clip_name(clip.pk, clip.edges_version)
    clip.save()
    still = Still.objects.create(recording=film, clip=clip, frame=20, time_us=800_000, created_by=cast.asha)
    frames = {"original": [0, *[40_000] * 99], "proxy": None, "end_us": 4_000_000, "count": 100}
    store.write(store.path(film.pk, store.FRAMES), json.dumps(frames).encode())
    for name in (clip.file, store.still_name(still.pk)):
        store.write(store.path(film.pk, name), b"picture")
    review = SharedReview.objects.create(cycle=cycle)
    moment = ReviewMoment.objects.create(review=review, clip=clip, position=1)
    words = Words.objects.create(
        review=review, moment=moment, speaker=family.sam, text="He waits for me.", recorded_by=cast.asha
    )
    concern = RiskConcern.objects.create(case=family.case, text="A worry.", recorded_by=cast.asha)
    writing = make_writing(cast, family)
    glass = BreakGlass.objects.create(
        user=cast.ben, case=make_family(cast.asha).case, reason="Covering for Asha today.", until=timezone.now()
    )
    merge = Merge.objects.create(
        kept=family.sam, gone_id=family.nan.pk, by=cast.ina, until=timezone.now() + timedelta(days=30), snapshot="{}"
    )
    principle = Principle.objects.first() or Principle.objects.create(
        key="9", label="Attentive", description="Looks with interest.", position=9
    )
    alert = duty.alert(by=cast.asha, case=family.case, kind="critical", title="A critical answer")
    begins = timezone.now()
    shift = put_on_duty(by=cast.carol, person=cast.asha, starts_at=begins, ends_at=begins + timedelta(hours=8))[0]
    flag = actions.raise_flag(
        by=cast.asha, case=family.case, text="Two workers at every visit", review_on=timezone.localdate()
    )
    task = actions.add_task(by=cast.asha, case=family.case, title="Ring the health visitor")
    message = post(by=cast.asha, kind="test", channel="email", to="sam@example.test", subject_id="1")
    goal = Goal.objects.create(case=family.case, whose=family.sam)
    aim = goal.wordings.create(version=1, text="Calmer evenings", recorded_by=cast.asha)
    rating = GoalRating.objects.create(wording=aim, rated_by=family.sam, value=3)
    phq = MeasureVersion.objects.get(measure__key="phq-9")
    score = Score.objects.create(
        case=family.case,
        version=phq,
        respondent=family.sam,
        about_caregiver=family.sam,
        occasion="baseline",
        way="paper",
    )
    answer = CriticalAnswer.objects.create(
        case=family.case, version=phq, person=family.sam, score=score, item=9, value=1
    )
    address = Address.objects.create(family=family.family, lines="1 Example Street", postcode="ZZ99 3VZ")
    need = Need.objects.create(person=family.sam, kind=Need.Kind.FORMAT, text="large print", recorded_by=cast.asha)
    legal = LegalStatus.objects.create(
        child=family.rowan,
        kind=LegalStatus.Kind.VOLUNTARY,
        from_on=timezone.localdate(),
        recorded_by=cast.asha,
    )
    placement = PlacementChange.objects.create(
        case=family.case,
        child=family.rowan,
        kind=PlacementChange.Kind.FOSTER,
        from_on=timezone.localdate(),
        legal=legal,
        by=cast.asha,
    )
    professional = Professional.objects.create(
        family=family.family, role=Professional.Role.GP, organisation="Example Practice"
    )
    picture = files.keep(files.accept(a_picture(), most_bytes=10_000), drawer="signatures")
    signature = Signature.objects.create(
        case=family.case,
        signed_by=family.sam,
        picture=picture.stored,
        picture_sha256=picture.sha256,
        text_sha256="0" * 64,
        present=cast.asha,
    )
    paper = ConsentPaper.objects.create(
        case=family.case,
        stored=picture.stored,
        kind=picture.kind,
        name="form.png",
        sha256=picture.sha256,
        added_by=cast.asha,
    )
    asking = Asking.objects.create(
        case=family.case,
        what="goals",
        way="together",
        person=family.sam,
        expires_at=timezone.now() + timedelta(hours=1),
        asked_by=cast.asha,
    )
    stored, sha256 = files.keep_bytes(b"PK", drawer="packs")
    pack = AccessPack.objects.create(
        case=family.case,
        person=family.sam,
        asked_by=AccessPack.AskedBy.SELF,
        asked_on=timezone.localdate(),
        due_on=timezone.localdate(),
        identity="Known to us.",
        state=AccessPack.State.READY,
        stored=stored,
        sha256=sha256,
        size=2,
        created_by=cast.carol,
    )
    Draft.objects.create(door=Door.STAFF, by=cast.ina)
    came = make_referral(state=Referral.State.ACCEPTED, case=family.case)  # how this family came to the service
    Exchange.objects.create(
        referral=came, direction=Exchange.Direction.INSIDE, text="They were here before.", by=cast.ina
    )
    Decision.objects.create(
        referral=came, outcome=Decision.Outcome.ACCEPTED, by=cast.ina, reason="They fit.", to_referrer="Thank you."
    )
    Unavailability.objects.create(
        case=family.case, from_on=timezone.localdate(), reason="away", note="With their aunt", by=cast.asha
    )
    held = Meeting.objects.create(by=cast.ina)
    MeetingItem.objects.create(meeting=held, referral=came, position=1, decision=came.decisions.get())
    QueueView.objects.create(owner=cast.ina, name="Late ones", query="show=open&late=on")
    letter = files.keep(files.accept(a_picture(), most_bytes=10_000), drawer="referrals")
    for referral, kept in ((came, letter), (make_referral(), picture)):
        Attachment.objects.create(
            referral=referral,
            stored=kept.stored,
            file_kind=kept.kind,
            file_name="letter.png",
            size=1,
            sha256=kept.sha256,
        )
    AdviceCall.objects.create(name="Hanna Visitor", asker="health_visitor", phone="+441632960200")
    return World(
        cast,
        family,
        question,
        wording,
        cycle,
        session,
        film,
        gone,
        upload,
        clip,
        still,
        review,
        moment,
        words,
        concern,
        writing,
        glass,
        merge,
        principle,
        pack,
        signature,
        paper,
        message,
        alert,
        flag,
        task,
        shift,
        goal,
        rating,
        score,
        answer,
        asking,
        address,
        need,
        legal,
        placement,
        professional,
        hold,
        make_retention(cast, family),
        make_adoption(cast, family),
    )
