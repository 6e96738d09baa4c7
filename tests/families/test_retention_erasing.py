"""When a record is erased nothing of the family is left, in whatever table or folder, and a crash is resumed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.conf import LazySettings
from django.core.management import call_command
from django.db import IntegrityError, models, transaction
from django.utils import timezone

from clips import evidence, keeping
from families import files
from families.actions import retention as actions
from families.finding import keys
from families.models import Address, Erasure, Family, NamePart, Person, SearchKey
from families.retention import again, belonging, certificate, deleting, ledger
from families.retention.belonging import STORED
from outbox.models import Message
from referrals.models import Referral
from tests.cast import make_family
from tests.world import World, make_world

pytestmark = pytest.mark.django_db


def every_model() -> Iterator[type[models.Model]]:
    """Every table of the database, by the list that Django keeps: history, many-to-many, the audit log, all of them."""
    for model in apps.get_models(include_auto_created=True):
        if model._meta.managed and not model._meta.proxy:
            yield model


def rows_now() -> dict[type[models.Model], set[Any]]:
    return {model: set(model._base_manager.values_list("pk", flat=True)) for model in every_model()}


@pytest.fixture
def before() -> dict[type[models.Model], set[Any]]:
    """What a service has before it knows anybody: its settings."""
    return rows_now()


@pytest.fixture
def world(before: dict[type[models.Model], set[Any]]) -> World:
    return make_world()


def decided(world: World) -> Erasure:
    """A decision as the manager's page would leave it once the holds of the world are lifted."""
    evidence.release(by=world.cast.carol, held=world.hold, why="The court has done with it.")
    actions.lift_hold(by=world.cast.carol, case=world.family.case, hold=world.retention.hold, reason="It is over.")
    case = world.family.case
    return Erasure.objects.create(
        what="record",
        family_id=case.family_id,
        case_ids=[str(case.pk)],
        reference=case.family.reference,
        team=case.team,
        rule="child",
        rule_words="A child’s record: 25 years from the child’s birth. A rule of the tests",
        due_on=timezone.localdate() - timedelta(days=1),
        decided_by=world.cast.carol,
        state=Erasure.State.FILES,
    )


def carried_out(erasure: Erasure) -> Erasure:
    erasure.refresh_from_db()
    deleting.work(str(erasure.pk), str(erasure.attempt))
    erasure.refresh_from_db()
    return erasure


def ids_of(world: World) -> set[str]:
    """Every id by which the family, its case and its people could be named, with dashes and without."""
    family = world.family.family.pk
    people = Person.objects.filter(memberships__family=family).values_list("pk", flat=True)
    found = {family, world.family.case.pk, *people}
    return {str(each) for each in found} | {each.hex for each in found}


# What may speak of the family afterwards: that something was done with a record, by number; and its erasure.
STAYS = {"audit.AuditEvent", "families.Erasure"}


def mentions(words: set[str], *, but: set[str] = STAYS) -> list[str]:
    """Every row of every table, read column by column, that has one of these in it: slow, and knows no model."""
    found = []
    for model in every_model():
        if model._meta.label in but:
            continue
        columns = [each for each in model._meta.concrete_fields if not isinstance(each, models.BooleanField)]
        for row in model._base_manager.values_list("pk", *[each.attname for each in columns]):
            said = " ".join(map(str, row[1:])).lower()
            if any(each.lower() in said for each in words):
                found.append(f"{model._meta.label} {row[0]}")
    return found


def files_left(settings: LazySettings) -> list[Path]:
    return [each for each in Path(settings.MEDIA_STORE).rglob("*") if each.is_file()]


# --- Nothing is left --------------------------------------------------------------------------------------------


def test_no_row_and_no_file_of_the_family_is_left(world: World, settings: LazySettings) -> None:
    ids, erasure = ids_of(world), decided(world)
    assert len(mentions(ids)) > 80
    assert files_left(settings)
    carried_out(erasure)
    assert erasure.state == Erasure.State.DONE
    assert mentions(ids) == []
    assert Family.objects.count() == 2, "the other families of the world are as they were"
    assert files_left(settings) == []
    assert sum(erasure.rows.values()) > 50
    assert erasure.files


# Columns that hold no words of anybody: ids, and the names of files by which these are found.
NO_WORDS = {"family_id", "case_id", "person_id", "gone_id", "subject_id"}
# Made by the world beside the family, and kept: who works here, how they work, the other family.
OF_THE_SERVICE = {
    "accounts.User",
    "accounts.Team",
    "families.NoteTemplate",
    "families.NoteTemplateSection",
    "families.HistoricalNoteTemplate",
    "families.ConsentWording",
    "families.Consultation",  # of a professional who named nobody
    "families.DutyShift",
    "referrals.Meeting",  # of colleagues and their guests
    "referrals.QueueView",  # of a colleague
    "referrals.AdviceCall",  # of a professional who named nobody
    "referrals.Draft",  # of nobody yet
    "referrals.Reference",  # never given again
}


def plant(made: dict[type[models.Model], set[Any]]) -> dict[str, tuple[type[models.Model], Any]]:
    """A word of its own into every text column of these rows, whatever model it is; and what was planted where."""
    planted: dict[str, tuple[type[models.Model], Any]] = {}
    for model, pks in made.items():
        texts = [
            each.name
            for each in model._meta.concrete_fields
            if isinstance(each, models.CharField | models.TextField)
            and not each.choices
            and not each.primary_key
            and each.name not in NO_WORDS
        ]
        for pk in pks:
            row = model._base_manager.filter(pk=pk)
            for name in texts:
                if STORED.match(str(row.values_list(name, flat=True)[0])):
                    continue
                word = f"zqxj{len(planted)}q"
                try:
                    with transaction.atomic():
                        row.update(**{name: word})
                except (IntegrityError, ValueError):
                    continue  # of a form of its own
                if row.values_list(name, flat=True)[0] == word:
                    planted[word] = (model, pk)
    return planted


def test_no_word_that_was_written_about_the_family_is_left(
    before: dict[type[models.Model], set[Any]], world: World
) -> None:
    erasure = decided(world)
    Referral.objects.undecided().delete()  # of a family that is not in the record
    Referral.history.exclude(id__in=Referral.objects.values("pk")).delete()
    theirs: dict[type[models.Model], set[Any]] = {}
    for other in Family.objects.exclude(pk=world.family.family.pk):
        for model, pks in belonging.rows_of(belonging.roots_of(other.pk)).items():
            theirs.setdefault(model, set()).update(pks)
    theirs.setdefault(Message, set()).add(world.message.pk)  # of nobody
    made = {
        model: pks - before[model] - theirs.get(model, set())
        for model, pks in rows_now().items()
        if model._meta.label not in {*OF_THE_SERVICE, *STAYS}
    }
    planted = plant(made)
    assert len(planted) > 300
    assert len({model for model, _ in planted.values()}) > 50
    carried_out(erasure)
    assert erasure.state == Erasure.State.DONE
    assert mentions({"zqxj"}, but=set()) == []


def test_their_names_are_no_words_that_searches_know(world: World) -> None:
    sam = world.family.sam
    sam.last_name = "Zwiebelhorn"
    sam.save()
    assert NamePart.objects.filter(word="zwiebelhorn").exists()
    carried_out(decided(world))
    assert mentions({"zwiebelhorn"}, but=set()) == []


def test_whoever_is_in_another_household_stays_there_and_forgets_this_one(world: World) -> None:
    erasure, nan = decided(world), world.family.nan
    Address.objects.create(family=world.family.family, lines="7 Quiet Lane", postcode="SW1A 1AA")
    elsewhere = make_family(world.cast.asha)
    elsewhere.family.memberships.create(person=nan, relationship="grandparent")
    assert SearchKey.objects.filter(person=nan, kind="postcode").exists()
    carried_out(erasure)
    assert erasure.state == Erasure.State.DONE
    nan.refresh_from_db()
    assert nan.memberships.get().family == elsewhere.family
    assert not SearchKey.objects.filter(person=nan, kind="postcode").exists()
    assert keys.keys_of(nan) == set(SearchKey.objects.filter(person=nan).values_list("kind", "value"))


def test_the_certificate_names_nobody_of_the_family(world: World) -> None:
    names = {name for each in (world.family.sam, world.family.nan, world.family.rowan) for name in
             (each.first_name, each.known_as, each.last_name) if name}  # fmt: skip
    erasure = carried_out(decided(world))
    said = str(certificate.certificate(erasure))
    assert erasure.reference in said
    assert "Carol Manager" in said
    assert [name for name in names if name in said] == []
    assert certificate.pdf(erasure).startswith(b"%PDF-")


def test_a_finished_erasure_cannot_be_changed_or_taken_away(world: World) -> None:
    erasure = carried_out(decided(world))
    erasure.reference = "VIG-222-223"
    for attempt in (erasure.save, erasure.delete, Erasure.objects.all().delete):
        with pytest.raises(TypeError):
            attempt()


# --- A crash anywhere -------------------------------------------------------------------------------------------


class Crash(Exception):
    """The worker dies here."""


def dies(real: Callable[..., Any], *, at_call: int, first: bool) -> Callable[..., Any]:
    """``real``, dying once at that call, before or after it does its work."""
    calls = 0

    def wrapped(*args: Any, **kwargs: Any) -> Any:
        nonlocal calls
        calls += 1
        if calls == at_call and first:
            raise Crash
        done = real(*args, **kwargs)
        if calls == at_call:
            raise Crash
        return done

    return wrapped


@pytest.mark.parametrize(
    ("where", "name", "at_call", "first"),
    [
        (ledger, "write", 1, True),
        (ledger, "write", 1, False),
        (keeping.actions, "destroy_film", 1, False),
        (keeping.store, "destroy", 1, True),
        (files, "remove", 2, True),
        (files, "remove", 3, False),
        (belonging, "erase", 1, False),
        (keys, "unlearn", 1, True),
    ],
)
def test_a_crash_is_resumed_and_the_certificate_counts_everything_once(
    world: World, settings: LazySettings, monkeypatch: pytest.MonkeyPatch, where: Any, name: str, at_call: int,
    first: bool,
) -> None:  # fmt: skip
    ids, erasure = ids_of(world), decided(world)
    there = len([each for each in files_left(settings) if each.parent.parent.name in certificate.DRAWERS])
    there -= len([each for each in files_left(settings) if each.name.endswith(".shown.jpg")])  # pictures of the others
    with monkeypatch.context() as patched:
        patched.setattr(where, name, dies(getattr(where, name), at_call=at_call, first=first))
        with pytest.raises(Crash):
            deleting.work(str(erasure.pk), str(erasure.attempt))
    erasure.refresh_from_db()
    if name != "unlearn":
        assert erasure.is_working
        Erasure.objects.filter(pk=erasure.pk).update(worked_at=timezone.now() - timedelta(hours=1))
        assert deleting.put_back() == 1
        carried_out(erasure)
    assert erasure.state == Erasure.State.DONE
    assert mentions(ids) == []
    assert files_left(settings) == []
    assert sum(each["files"] for each in erasure.files.values()) == there
    assert [each.id for each in ledger.entries()] == [str(erasure.pk)]


def test_what_fails_again_and_again_is_said_and_goes_on_when_somebody_asks(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    erasure = decided(world)
    with monkeypatch.context() as patched:
        patched.setattr(ledger, "write", dies(ledger.write, at_call=1, first=True))
        with pytest.raises(Crash):
            deleting.work(str(erasure.pk), str(erasure.attempt))
    Erasure.objects.filter(pk=erasure.pk).update(tries=5, worked_at=timezone.now() - timedelta(hours=1))
    assert deleting.put_back() == 0
    erasure.refresh_from_db()
    assert erasure.state == Erasure.State.FAILED
    assert Family.objects.filter(pk=world.family.family.pk).exists()
    actions.try_again(by=world.cast.carol, erasure=erasure)
    assert carried_out(erasure).state == Erasure.State.DONE


def test_an_older_message_and_the_same_one_twice_change_nothing(world: World) -> None:
    erasure = decided(world)
    old = str(erasure.attempt)
    Erasure.objects.filter(pk=erasure.pk).update(attempt="00000000-0000-0000-0000-000000000001")
    deleting.work(str(erasure.pk), old)
    assert Family.objects.filter(pk=world.family.family.pk).exists()
    done = carried_out(erasure)
    ended = done.ended_at
    assert carried_out(done).ended_at == ended


# --- After a restore --------------------------------------------------------------------------------------------


def test_what_a_restored_backup_brings_back_is_erased_again(
    world: World, settings: LazySettings, capsys: pytest.CaptureFixture[str]
) -> None:
    ids, erasure = ids_of(world), decided(world)
    ledger.write(erasure)
    Erasure.objects.filter(pk=erasure.pk)._raw_delete("default")  # the backup is older than the decision
    call_command("erase_again")
    assert again.ERASED in capsys.readouterr().out
    assert mentions(ids) == []
    assert files_left(settings) == []
    (entry,) = ledger.entries()
    assert Erasure.objects.get(pk=entry.id).state == Erasure.State.DONE
    call_command("erase_again")
    assert again.ERASED not in capsys.readouterr().out
    assert again.erase_again(entry) == ""


def test_a_crash_while_erasing_again_is_resumed_by_running_it_again(
    world: World, settings: LazySettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    ids, erasure = ids_of(world), decided(world)
    ledger.write(erasure)
    Erasure.objects.filter(pk=erasure.pk)._raw_delete("default")
    with monkeypatch.context() as patched:
        patched.setattr(files, "remove", dies(files.remove, at_call=2, first=True))
        with pytest.raises(Crash):
            call_command("erase_again")
    call_command("erase_again")
    assert mentions(ids) == []
    assert files_left(settings) == []


def test_a_line_that_a_crash_cut_off_spoils_no_other(world: World) -> None:
    erasure = decided(world)
    ledger.write(erasure)
    with ledger.path().open("a", encoding="utf-8") as file:
        file.write('{"id": "half')
    ledger.write(erasure)
    assert [each.id for each in ledger.entries()] == [str(erasure.pk)]
    assert ledger.path().stat().st_mode & 0o077 == 0
