"""Whatever the service writes down about somebody is in the copy of their record, or stands here with a reason.

Two questions, both asked of the models themselves, so that one that is added later cannot be forgotten: does a source
tell of every model that leads to a person, a case or a family; and does every text that a row holds reach the copy?
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.apps import apps
from django.db import models
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from audit.models import AuditEvent
from clips.models import ClipPrinciple, Recording
from families import actions
from families.models import (
    Ability,
    AccessPack,
    Case,
    CaseTask,
    Closure,
    ConcernEntry,
    Consent,
    Contact,
    Family,
    InformationShared,
    LegalStatus,
    Loss,
    NoteAddendum,
    Person,
    PlacementChange,
    Protection,
    RiskReview,
    StageChange,
)
from families.packs import gathering
from families.packs.registry import pack_sources
from outbox.models import Message
from outcomes.models import Asking, Experience, Goal, GoalRating, HelpingQuestionRating
from tests.referrals.made import make_referral
from tests.world import World, make_world

APPS = ("outbox", "families", "outcomes", "referrals", "vig_sessions", "clips", "audit", "desk")

# Models that lead to somebody and are not told of in their copy, and why that is right.
NOT_TOLD = {
    "families.Adoption": "leads to another record; what may be told of it is decided by hand (ADR 0016)",
    "families.Identity": "leads to another record; what may be told of it is decided by hand (ADR 0016)",
    "families.SearchKey": "made from the name, dates and numbers that are told, and from nothing else",
    "families.TwoPeople": "says of two records that they are not one person: about the other as much",
    "families.AlertNotice": "which colleague was told of an alert; the alert is told",
    "families.NoteAside": "words of a draft that its author has not put in or thrown away yet",
    "families.FrameLease": "for how long a tablet was in the family’s hands; what they said there is told",
    "referrals.Draft": "how a referral was being written; the referral as it was sent is told",
    "referrals.MeetingItem": "that it was talked about at a meeting; what was decided and said there is told",
    "referrals.ReferrerLink": "by which link its referrer follows a referral",
    "clips.RoomLease": "for how long the room was open; what was said there is told",
    "clips.Still": "a picture out of a film; films are not in the copy and the copy says so",
    "clips.Upload": "how a film came to us: its bytes, and nothing of who is in it",
    "clips.VideoJob": "work on a file; the film is told",
    "families.Due": "worked out each night from dates that are told; deleted and made anew",
    "families.Erasure": "what is left when a record is gone: ids and numbers, and nobody’s",
    "audit.AuditEvent": "who did what, with ids alone; the copy says that it exists and can be asked for",
}

# Columns that hold text and are not told, and why.
FILES = "the name and the check of a file that is beside the copy, or of a film, which is not"
COLUMNS_NOT_TOLD = {
    "families.Document": {"stored": FILES, "sha256": FILES},
    "families.ConsentPaper": {"stored": FILES, "sha256": FILES, "kind": FILES},
    "families.Signature": {
        "picture": FILES,
        "picture_sha256": FILES,
        "text_sha256": FILES,
    },
    "families.NoteSection": {"hint": "the template’s own words to whoever writes"},
    "families.Note": {},
    "families.Alert": {"kind": "a word for machines", "url": "an address of ours", "subject": "an id"},
    "families.AccessPack": {
        **dict.fromkeys(("stored", "sha256"), FILES),
        "problem": "what went wrong while it was made",
    },
    "families.Merge": {"snapshot": "both records as they were, kept for 30 days to undo it"},
    "families.Case": {},
    "outbox.Message": {
        "to_locked": "encrypted, and forgotten when it has left",
        **dict.fromkeys(("kind", "subject_id", "family_id", "case_id", "person_id", "key"), "a word for machines"),
        "receipt": "the provider’s own name for it",
    },
    "outcomes.Asking": {"token_hash": "what a link is known by"},
    "outcomes.ScoreValue": {"key": "told as the figure’s name"},
    "referrals.Attachment": {"stored": FILES, "sha256": FILES},
    "vig_sessions.VigSession": {},
    "clips.Recording": {
        **dict.fromkeys(("sha256", "rejected_code", "sound_note", "rejected_advice", "rejected_reason"), FILES),
        "stopped_from": "a state",
    },
    "clips.Clip": {"file": FILES},
    "clips.ClipPrinciple": {"description": "what a principle means, in the service’s words"},
    "clips.EvidenceHold": dict.fromkeys(
        ("reason", "not_told_why", "released_why"), "for the safeguarding leads alone (ADR 0011); people are told words"
    ),
}


def told() -> dict[str, type[models.Model]]:
    return {model._meta.label: model for source in pack_sources() for model in source.tells}


def leading_to_somebody() -> dict[str, type[models.Model]]:
    """Every model of ours from which a chain of keys, or an id in a column, leads to a person, a case or a family."""
    ours = [model for app in APPS for model in apps.get_app_config(app).get_models()]
    ours = [model for model in ours if not model.__name__.startswith("Historical")]
    found: set[type[models.Model]] = {Person, Case, Family}
    ids = {"person_id", "case_id", "family_id"}
    found |= {m for m in ours if ids & {f.name for f in m._meta.concrete_fields if not f.is_relation}}
    while True:
        more = {
            model
            for model in ours
            if model not in found
            and any(field.related_model in found for field in (*model._meta.fields, *model._meta.many_to_many))
        }
        if not more:
            return {model._meta.label: model for model in found}
        found |= more


def test_no_model_that_leads_to_somebody_is_forgotten() -> None:
    forgotten = set(leading_to_somebody()) - set(told()) - set(NOT_TOLD)
    assert not forgotten, (
        f"{sorted(forgotten)}: tell of them in a source of the pack (PackSource.tells), or say in NOT_TOLD why not"
    )
    assert not set(NOT_TOLD) & set(told()), "told after all"
    assert set(NOT_TOLD) <= set(leading_to_somebody()), "a reason for a model that is gone, or leads to nobody"


# --- Every text of every row --------------------------------------------------------------------------------


@pytest.fixture
def world(db: None) -> World:
    """The world of the access test, and one row of whatever it has none of about Sam."""
    world = make_world()
    case, sam, asha = world.family.case, world.family.sam, world.cast.asha
    today = timezone.localdate()
    Ability.objects.create(person=sam, purpose="film", finding="able", reasons="r", found_by="f", recorded_by=asha)
    actions.protect(by=asha, case=case, person=sam, reason="r")
    StageChange.objects.create(case=case, stage="vig", by=asha)
    Closure.objects.create(case=case, closed_on=today, summary="s", by=asha)
    NoteAddendum.objects.create(note=world.writing.note, text="t", by=asha)
    ConcernEntry.objects.create(concern=world.concern, kind="decision", text="t", recorded_by=asha)
    RiskReview.objects.create(case=case, level="low", grounds="g", due_on=today, recorded_by=asha)
    InformationShared.objects.create(
        case=case, what="w", with_whom="GP", why="y", basis="safeguarding", not_told_why="n", recorded_by=asha
    )
    decided = Consent.objects.filter(person=sam)
    decided.filter(purpose="film").update(evidence="paper", paper=world.paper)
    decided.exclude(purpose="film").update(evidence="screen", signature=world.signature)
    decided.filter(purpose="supervision").update(
        decided_by=None, decided_by_name="An officer", capacity="authority", evidence="spoken", signature=None
    )
    for model in (LegalStatus, PlacementChange):
        model.objects.update(child=sam)  # a caregiver may be a child in care
    Contact.objects.create(case=case, kind="call", other_party="GP", logged_by=asha)
    Goal.objects.create(case=case, whose=sam, ended="reached", ended_why="r", ended_at=timezone.now())
    Message.objects.filter(pk=world.message.pk).update(person_id=str(sam.pk), state="failed", reason="r")
    HelpingQuestionRating.objects.create(wording=world.wording, rated_by=sam, value=4)
    world.score.values.create(key="total", value=4)
    Experience.objects.create(team=world.cast.north, case=case, month=today.replace(day=1))
    ClipPrinciple.objects.create(clip=world.clip, principle=world.principle, label="l", description="d")
    actions.restrict_family(by=world.cast.carol, case=case, named=[asha, world.cast.carol], reason="r")
    Recording.objects.filter(pk=world.gone.pk).first().people.add(sam)  # type: ignore[union-attr]
    referral = make_referral(state="accepted", case=case)
    referral.people.filter(kind="caregiver").update(person=sam)
    referral.events.create(state="accepted", by=asha)
    referral.exchanges.create(direction="to", text="t", by=asha)
    referral.decisions.create(outcome="accepted", by=asha)
    referral.attachments.create(stored="s", file_kind="pdf", file_name="n", size=1, sha256="h")
    world.review.held_at = timezone.now()
    world.review.save()
    world.glass.case = case
    world.glass.save()
    world.hold.told_on, world.hold.told_by, world.hold.told_at = today, asha, timezone.now()
    world.hold.told_who = "Sam, by telephone"
    world.hold.save()
    return world


def texts(model: type[models.Model]) -> Iterator[models.Field[Any, Any]]:
    """The columns in which somebody may have written something."""
    for field in model._meta.concrete_fields:
        written = isinstance(field, models.CharField | models.TextField) and not field.choices
        if written and field.name not in COLUMNS_NOT_TOLD.get(model._meta.label, {}):
            yield field


# Columns whose text is of a form of its own, or stands under a condition of the database: looked at as they are.
OF_A_FORM = {"first_name", "known_as", "phone", "other_phone", "nhs_number", "reference", "postcode"}
WHEN_STRUCK = {"struck_reason", "struck_why", "lifted_reason"}


def test_every_text_that_is_written_about_somebody_reaches_their_copy(world: World) -> None:
    planted: dict[str, str] = {}
    for label, model in sorted(told().items()):
        rows = model._base_manager.filter(pk=world.family.sam.pk) if model is Person else model._base_manager.all()
        assert rows.exists(), f"{label}: make one about Sam in this test’s world"
        wanted = {f.name: f for f in texts(model) if f.name not in OF_A_FORM | WHEN_STRUCK}
        for name, field in wanted.items():
            token = f"zq{len(planted)}q"
            if field.max_length is not None and field.max_length < len(token):
                continue
            rows.update(**{name: token})
            planted[f"{label}.{name}"] = token
    said = json.dumps(gathering.gather(Person.objects.get(pk=world.family.sam.pk), asker=world.cast.carol))
    missing = sorted(where for where, token in planted.items() if token not in said)
    assert not missing, f"written about somebody, and not in their copy: {missing}"
    assert len(planted) > 80


def test_what_was_struck_out_is_told_with_why_and_suggested_to_be_left_out(world: World) -> None:
    now, why = timezone.now(), "Written in the wrong record."
    asha = world.cast.asha
    for row in (world.writing.note, world.writing.contact, world.writing.document):
        type(row).objects.filter(pk=row.pk).update(struck_at=now, struck_by=asha, struck_reason=why)
    GoalRating.objects.update(struck_at=now, struck_by=asha, struck_why=why)
    world.score.struck_at, world.score.struck_by, world.score.struck_why = now, asha, why
    world.score.save()
    Loss.objects.update(struck_at=now, struck_by=asha, struck_reason=why)
    sections = gathering.gather(world.family.sam, asker=world.cast.carol)
    struck = [entry for section in sections for entry in section["entries"] if why in entry["facts"].values()]
    found = {entry["key"].split(":")[0] for entry in struck}
    assert found == {"notes", "contacts", "documents", "goals", "scores", "person"}
    assert all(entry["withhold"] for entry in struck)


def test_of_a_draft_it_is_said_that_there_is_one(world: World) -> None:
    world.writing.draft.sections.update(text="Unfinished thoughts.")
    sections = gathering.gather(world.family.sam, asker=world.cast.carol)
    said = json.dumps(sections)
    assert "Unfinished thoughts." not in said
    assert "A note that is being written" in said
    assert "ask its author to sign it" in said


def test_what_is_only_counted_is_in_the_copy_and_not_on_the_page(
    world: World, signed_in: Callable[[User], Client]
) -> None:
    sam = world.family.sam
    sam.sexual_orientation, sam.gender_identity = "3", "4"
    sam.save()
    entry = next(
        entry for section in gathering.gather(sam) for entry in section["entries"] if entry["key"] == "person:counted"
    )
    assert entry["facts"] == {"Sexual orientation": "Bisexual", "Gender identity": "Another word"}
    AccessPack.objects.filter(pk=world.pack.pk).update(
        state="to_read", gathered=[{"key": "person", "heading": "About you", "entries": [entry]}]
    )
    client = signed_in(world.cast.carol)
    page = client.get(reverse("families:pack", args=[world.family.case.pk, world.pack.pk])).content.decode()
    assert "sexual orientation" in page
    assert "Bisexual" not in page


def test_a_film_that_nobody_is_to_learn_is_kept_is_counted_and_sealed(world: World) -> None:
    world.hold.words, world.hold.not_told_why, world.hold.reason = "", "He would hurt her.", "The police asked."
    world.hold.save()
    sections = gathering.gather(world.family.sam, asker=world.cast.carol)
    entries = {entry["key"]: entry for section in sections for entry in section["entries"]}
    kept = entries[f"films:hold-{world.hold.pk}"]
    assert kept["sealed"]
    assert kept["withhold"]
    said = json.dumps(sections)
    assert "He would hurt her." not in said
    assert "The police asked." not in said
    assert "Kept as evidence" not in json.dumps([e for e in entries.values() if not e["sealed"]])


def test_what_the_family_was_not_told_is_suggested_to_be_left_out(world: World) -> None:
    shared = InformationShared.objects.get()
    sections = {s["key"]: s["entries"] for s in gathering.gather(world.family.sam, asker=world.cast.carol)}
    assert "not been told" in sections["shared"][0]["withhold"]
    InformationShared.objects.update(family_told=True)
    sections = {s["key"]: s["entries"] for s in gathering.gather(world.family.sam, asker=world.cast.carol)}
    assert sections["shared"][0]["withhold"] == ""
    assert str(shared.pk) in sections["shared"][0]["key"]
    for risky in ("concerns", "risk", "flags"):
        assert all(entry["withhold"] for entry in sections[risky]), risky


# --- Whose record it is -------------------------------------------------------------------------------------


def test_work_that_began_after_somebody_left_the_household_is_not_theirs(world: World) -> None:
    family, sam = world.family.family, world.family.sam
    later = Case.objects.create(family=family, team=world.cast.north, opened_on=timezone.localdate())
    CaseTask.objects.create(case=later, title="A later task", created_by=world.cast.asha)
    assert later in gathering.cases_of(sam)
    sam.memberships.update(until_on=timezone.localdate() - timedelta(days=3))
    assert later not in gathering.cases_of(sam)
    assert world.family.case in gathering.cases_of(sam), "in this one they are named"


def test_a_restricted_record_of_theirs_is_not_gathered_for_whom_it_keeps_out(world: World) -> None:
    """Somebody is in two households, and the record of one of them is closed to whoever gathers the other."""
    from tests.cast import make_family

    cast, sam = world.cast, world.family.sam
    other = make_family(cast.asha)
    other.family.memberships.create(person=sam, relationship="birth_parent")
    other.case.people.add(sam)
    actions.add_task(by=cast.asha, case=other.case, title="A task nobody else hears of")
    assert "nobody else hears of" in json.dumps(gathering.gather(sam, asker=cast.carol))
    actions.lift_restriction(by=cast.carol, case=world.family.case, reason="r")
    AccessPack.objects.all().delete()
    by = AccessPack.AskedBy.SELF
    facts: dict[str, Any] = {"asked_by": by, "asked_on": timezone.localdate(), "identity": "Known to us."}
    pack = actions.ask_for_pack(by=cast.carol, case=world.family.case, person=sam, **facts)
    before = pack.attempt
    manager = type(cast.carol).objects.create(email="mo@service.example", name="Mo Manager", role="manager")
    manager.teams_managed.add(cast.north)
    actions.restrict_family(by=manager, case=other.case, named=[cast.asha, manager], reason="r")
    pack.refresh_from_db()
    assert pack.attempt != before, "what was gathered before is thrown away"
    said = json.dumps(gathering.gather(sam, asker=cast.carol))
    assert "nobody else hears of" not in said
    assert other.family.reference not in said
    assert "nobody else hears of" in json.dumps(gathering.gather(sam, asker=manager))
    AccessPack.objects.all().delete()
    pack = actions.ask_for_pack(by=cast.carol, case=world.family.case, person=sam, **facts)
    heard = other.case.glass_broken.get()
    assert heard.refused
    assert "answer for it" in heard.reason
    written = AuditEvent.objects.get(verb="pack.told_elsewhere")
    assert (written.case_id, written.actor_id) == (str(other.case.pk), str(cast.carol.pk))
    theirs = actions.end_pack(by=cast.carol, pack=pack, handed_over=False)
    assert AccessPack.objects.visible_to(cast.carol).filter(pk=theirs.pk).exists()
    pack = actions.ask_for_pack(by=manager, case=world.family.case, person=sam, **facts)
    assert not AccessPack.objects.visible_to(cast.carol).filter(pk=pack.pk).exists(), "it may tell of the closed record"


def test_asking_tells_what_was_asked_and_not_what_was_never_sent(world: World) -> None:
    Asking.objects.update(answers={"1": "never sent"})
    sections = {s["key"]: s["entries"] for s in gathering.gather(world.family.sam, asker=world.cast.carol)}
    assert "We asked you to answer" in sections["askings"][0]["title"]
    assert "never sent" not in json.dumps(sections)


def test_where_somebody_is_protected_from_them_is_counted_and_never_told(world: World) -> None:
    nan = world.family.nan
    actions.protect(
        by=world.cast.asha,
        case=world.family.case,
        person=nan,
        reason="He must not find her.",
        from_everyone=False,
        from_people=[world.family.sam],
    )
    sections = gathering.gather(world.family.sam, asker=world.cast.carol)
    entry = next(e for s in sections for e in s["entries"] if "kept-from" in e["key"])
    assert entry["sealed"]
    assert "He must not find her." not in json.dumps(sections)
    assert Protection.objects.standing().filter(person=nan).exists()
