"""Two records of one person: brought together field by field, everything with them, and taken apart again."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.core import serializers
from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone

from audit.models import AuditEvent
from clips.models import Recording
from families import actions, registry
from families.actions.merge import finish_merges, merge_people, tell_apart, undo_merge
from families.consent import standings
from families.finding import search
from families.merging.moving import pointers
from families.models import Case, Family, Membership, Merge, Person, TwoPeople
from outcomes.models import Score
from sessions.models import Attendance, VigSession
from tests.cast import Cast, FamilyInTests, give_consent, make_family
from tests.world import World, make_world


@pytest.fixture
def other(cast: Cast, family: FamilyInTests) -> FamilyInTests:
    """Another household of the same team, in which Sam is written down a second time."""
    other = make_family(cast.asha)
    other.sam.first_name, other.sam.phone = "Samantha", "+447700900123"
    other.sam.save()
    other.rowan.first_name = "Wren"
    other.rowan.save()
    return other


def everything(*left_out: type[models.Model]) -> dict[str, dict[str, str]]:
    """Every row of every model that is no history and no log, as text, by model and id."""
    from django.apps import apps

    rows: dict[str, dict[str, str]] = {}
    for model in apps.get_models(include_auto_created=True):
        if model in left_out or hasattr(model, "instance_type") or model._meta.app_label in {"audit", "sessions"}:
            continue
        rows[model._meta.label] = {
            str(row.pk): serializers.serialize("json", [row]) for row in model._base_manager.all()
        }
    return rows


def test_what_differs_is_chosen_and_everything_moves(cast: Cast, family: FamilyInTests, other: FamilyInTests) -> None:
    give_consent(other.sam, "film", by=cast.asha)
    give_consent(other.rowan, "film", by=cast.asha, decided_by=other.sam)
    merge = merge_people(by=cast.ina, kept=family.sam, gone=other.sam, choices={"first_name": "gone"})
    sam = Person.objects.get(pk=family.sam.pk)
    assert (sam.first_name, sam.phone) == ("Samantha", "+447700900123")  # chosen; and what only one record knew
    assert not Person.objects.filter(pk=other.sam.pk).exists()
    assert set(sam.families.all()) == {family.family, other.family}
    assert sam in other.case.people.all()
    assert sam.consents.count() == 1
    assert sam.consents_decided.filter(person=other.rowan).exists()
    assert found_by(cast, "samantha +447700900123") == {family.family.pk, other.family.pk}
    event = AuditEvent.objects.get(verb="person.merged")
    assert event.subject_id == str(sam.pk)
    assert event.detail["gone"] == str(merge.gone_id) == str(other.sam.pk)
    assert "Sam" not in str(event.detail)
    assert Person.history.filter(id=other.sam.pk).exists()


def found_by(cast: Cast, text: str) -> set[object]:
    return {each.family_id for each in search.families(cast.asha, text)}


def test_undoing_brings_back_every_row_exactly(db: None) -> None:
    world: World = make_world()
    cast, family = world.cast, world.family
    twin_record = Person.objects.create(
        kind="caregiver", first_name="Sam", last_name="Exampel", date_of_birth=family.sam.date_of_birth
    )
    Membership.objects.create(
        person=twin_record, family=family.family, relationship="birth_parent", parental_responsibility="no"
    )
    family.case.people.add(twin_record)
    world.film.people.add(twin_record)
    Attendance.objects.create(session=world.session, person=twin_record, code=Attendance.Code.ON_TIME)
    give_consent(twin_record, "film", by=cast.asha)
    tell_apart(by=cast.carol, one=twin_record, other=family.nan)
    from families.models import SearchKey

    before = everything(SearchKey, Merge)
    keys = set(SearchKey.objects.values_list("person", "kind", "value"))
    # the record that is pointed at by everything goes
    merge = merge_people(by=cast.carol, kept=twin_record, gone=family.sam, choices={"last_name": "gone"})
    assert everything(SearchKey, Merge) != before
    assert Membership.objects.get(person=twin_record).parental_responsibility == "unknown"  # they differed: to settle
    assert world.film.people.filter(pk=twin_record.pk).count() == 1
    back = undo_merge(by=cast.carol, merge=merge)
    after = everything(SearchKey, Merge)
    assert {name: rows for name, rows in after.items() if rows != before[name]} == {}
    assert set(SearchKey.objects.values_list("person", "kind", "value")) >= keys
    assert back.pk == family.sam.pk
    merge.refresh_from_db()
    assert (merge.snapshot, merge.undone_by) == ("", cast.carol)
    assert AuditEvent.objects.filter(verb="person.merge_undone").count() == 1


@pytest.mark.parametrize("stays", ["ours", "theirs"])
def test_somebody_seen_under_either_record_was_at_the_session(
    stays: str, cast: Cast, family: FamilyInTests, other: FamilyInTests
) -> None:
    session = VigSession.objects.create(
        case=family.case, kind="engagement", place="home", starts_at=timezone.now(), practitioner=cast.asha
    )
    Attendance.objects.create(session=session, person=family.sam, code=Attendance.Code.DID_NOT_ATTEND)
    Attendance.objects.create(session=session, person=other.sam, code=Attendance.Code.LATE_SEEN)
    before = set(Attendance.objects.values_list("person", "code"))
    kept, gone = (family.sam, other.sam) if stays == "ours" else (other.sam, family.sam)
    merge = merge_people(by=cast.ina, kept=kept, gone=gone, choices={})
    assert list(Attendance.objects.values_list("person", "code")) == [(kept.pk, Attendance.Code.LATE_SEEN)]
    undo_merge(by=cast.carol, merge=merge)
    assert set(Attendance.objects.values_list("person", "code")) == before


def test_what_somebody_answered_under_two_records_is_one_row_of_answers(db: None) -> None:
    world: World = make_world()
    cast, family = world.cast, world.family
    other = make_family(cast.asha)
    later = Score.objects.create(
        case=family.case,
        version=world.score.version,
        respondent=other.sam,
        about_caregiver=other.sam,
        occasion="ending",
        way="paper",
    )
    world.words.speaker, world.words.staff_speaker = other.sam, None
    world.words.save()
    world.clip.initiative_by = other.sam
    world.clip.save()
    world.film.people.add(other.sam)
    merge = merge_people(by=cast.carol, kept=family.sam, gone=other.sam, choices={})
    for row in (later, world.words, world.clip):
        row.refresh_from_db()
    assert set(family.sam.scores_given.all()) == {world.score, later}
    assert (later.about_caregiver, world.words.speaker, world.clip.initiative_by) == (family.sam,) * 3
    assert list(world.film.people.filter(first_name="Sam")) == [family.sam]
    assert set(family.sam.goal_ratings.all()) == {world.rating}
    undo_merge(by=cast.carol, merge=merge)
    later.refresh_from_db()
    assert later.respondent_id == other.sam.pk
    assert set(family.sam.scores_given.all()) == {world.score}
    assert set(world.film.people.filter(first_name="Sam")) == {family.sam, other.sam}


def test_every_foreign_key_to_a_person_is_known_to_the_merge() -> None:
    names = {f"{source.__name__}.{key.name}" for source, key in pointers(Person)}
    assert {
        "Membership.person", "Consent.person", "Consent.decided_by", "Case_people.person", "Recording_people.person",
        "Attendance.person", "Words.speaker", "Clip.initiative_by", "Clip.received_by", "SharedReview_present.person",
        "Score.respondent", "Score.about_caregiver", "Score.about_infant", "GoalRating.rated_by", "Goal.whose",
        "HelpingQuestion.whose", "CriticalAnswer.person", "Asking.person", "Asking.about_infant",
        "Merge.kept", "TwoPeople.one",
    } <= names  # fmt: skip
    assert not [name for name in names if name.startswith(("Historical", "SearchKey"))]
    assert {"Case.family", "Membership.family", "Address.family"} <= {
        f"{source.__name__}.{key.name}" for source, key in pointers(Family)
    }
    assert Recording.people.through in {source for source, _ in pointers(Person)}


@pytest.mark.parametrize("stays", ["ours", "theirs"])
def test_where_consents_differ_the_stricter_stands(
    stays: str, cast: Cast, family: FamilyInTests, other: FamilyInTests
) -> None:
    refused = give_consent(other.sam, "film", by=cast.asha)
    refused.decision, refused.decided_at = "refused", timezone.now() - timedelta(days=30)
    refused.save()
    give_consent(family.sam, "film", by=cast.asha)  # later: by itself the latest would count
    give_consent(family.sam, "training", by=cast.asha)
    kept, gone = (family.sam, other.sam) if stays == "ours" else (other.sam, family.sam)
    merge = merge_people(by=cast.ina, kept=kept, gone=gone, choices={})
    sam = Person.objects.get(pk=kept.pk)
    now = standings([sam], ["film", "training"])
    assert now[sam.pk, "film"].standing == "withdrawn"
    assert now[sam.pk, "training"].standing == "given"
    undo_merge(by=cast.dev, merge=merge)
    assert standings([family.sam], ["film"])[family.sam.pk, "film"].standing == "given"
    assert standings([other.sam], ["film"])[other.sam.pk, "film"].standing == "refused"


def test_one_parents_no_for_a_child_is_not_drowned_by_their_other_records_yes(
    cast: Cast, family: FamilyInTests, other: FamilyInTests
) -> None:
    Membership.objects.create(
        person=other.sam, family=family.family, relationship="birth_parent", parental_responsibility="yes"
    )
    no = give_consent(family.rowan, "film", by=cast.asha, decided_by=other.sam)
    no.decision, no.decided_at = "refused", timezone.now() - timedelta(days=3)
    no.save()
    give_consent(family.rowan, "film", by=cast.asha, decided_by=family.sam)
    assert standings([family.rowan], ["film"])[family.rowan.pk, "film"].standing == "conflict"
    merge_people(by=cast.ina, kept=family.sam, gone=other.sam, choices={})
    assert standings([family.rowan], ["film"])[family.rowan.pk, "film"].standing == "withdrawn"


def test_whoever_holds_film_is_told(
    cast: Cast, family: FamilyInTests, other: FamilyInTests, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[tuple[Person, str]] = []
    monkeypatch.setattr(registry, "_holders", [lambda person, purpose: told.append((person, purpose))])
    merge_people(by=cast.ina, kept=family.sam, gone=other.sam, choices={})
    assert (family.sam, "film") in told


def test_twins_and_a_child_with_an_adult_are_never_brought_together(
    cast: Cast, family: FamilyInTests, other: FamilyInTests
) -> None:
    twin = Person.objects.create(kind="infant", first_name="Wren", date_of_birth=family.rowan.date_of_birth)
    Membership.objects.create(person=twin, family=family.family, relationship="infant")
    for one, two, said in ((family.rowan, twin, "one household"), (family.sam, other.rowan, "child")):
        with pytest.raises(ValidationError, match=said):
            merge_people(by=cast.ina, kept=one, gone=two, choices={})
    with pytest.raises(ValidationError, match="one record"):
        merge_people(by=cast.ina, kept=family.sam, gone=family.sam, choices={})


def test_only_managers_and_intake_merge_and_only_managers_and_administrators_undo(
    cast: Cast, family: FamilyInTests, other: FamilyInTests
) -> None:
    for user in (cast.asha, cast.sue, cast.tess, cast.dev):
        with pytest.raises(ValidationError, match="Your role"):
            merge_people(by=user, kept=family.sam, gone=other.sam, choices={})
    merge = merge_people(by=cast.carol, kept=family.sam, gone=other.sam, choices={})
    for user in (cast.asha, cast.ina):
        with pytest.raises(ValidationError, match="Your role"):
            undo_merge(by=user, merge=merge)


def test_households_are_brought_together_once_their_children_are(
    cast: Cast, family: FamilyInTests, other: FamilyInTests
) -> None:
    other.rowan.first_name = "Rowan"
    other.rowan.save()
    both = (family.family, other.family)
    with pytest.raises(ValidationError, match="Rowan seems to be in both"):
        merge_people(by=cast.ina, kept=family.sam, gone=other.sam, choices={}, household=both)
    assert Person.objects.filter(pk=other.sam.pk).exists()  # all or nothing
    merge_people(by=cast.ina, kept=family.sam, gone=other.sam, choices={})
    merge = merge_people(by=cast.ina, kept=family.rowan, gone=other.rowan, choices={}, household=both)
    assert set(Case.objects.filter(family=family.family)) == {family.case, other.case}
    assert not Family.objects.filter(pk=other.family.pk).exists()
    assert Membership.objects.filter(family=family.family).count() == 4  # the grandmother is still written down twice
    assert found_by(cast, other.family.reference) == {family.family.pk}  # old letters carry the old reference
    undo_merge(by=cast.carol, merge=merge)
    assert Case.objects.get(pk=other.case.pk).family == other.family
    assert found_by(cast, other.family.reference) == {other.family.pk}


def test_merges_are_undone_from_the_last_and_not_after_thirty_days(
    cast: Cast, family: FamilyInTests, other: FamilyInTests
) -> None:
    third = make_family(cast.asha)
    first = merge_people(by=cast.carol, kept=family.sam, gone=other.sam, choices={})
    second = merge_people(by=cast.carol, kept=third.sam, gone=family.sam, choices={})
    with pytest.raises(ValidationError, match="Undo that first"):
        undo_merge(by=cast.carol, merge=first)
    undo_merge(by=cast.carol, merge=second)
    undo_merge(by=cast.carol, merge=first)
    with pytest.raises(ValidationError, match="already"):
        undo_merge(by=cast.carol, merge=first)
    last = merge_people(by=cast.carol, kept=family.sam, gone=other.sam, choices={})
    assert finish_merges() == 0
    Merge.objects.filter(pk=last.pk).update(until=timezone.now() - timedelta(seconds=1))
    with pytest.raises(ValidationError, match="30 days are over"):
        undo_merge(by=cast.carol, merge=last)
    assert finish_merges() == 1
    assert Merge.objects.get(pk=last.pk).snapshot == ""
    assert AuditEvent.objects.filter(verb="person.merge_final").count() == 1


def test_what_is_written_after_a_merge_stays_and_what_was_changed_since_is_not_changed_back(
    cast: Cast, family: FamilyInTests, other: FamilyInTests
) -> None:
    merge = merge_people(by=cast.carol, kept=family.sam, gone=other.sam, choices={"first_name": "gone"})
    sam = Person.objects.get(pk=family.sam.pk)
    actions.edit_person(by=cast.asha, case=family.case, person=sam, changes={"phone": "+447700900999"})
    sam.phone = "+447700900999"
    sam.save()
    consent = give_consent(sam, "film", by=cast.asha)
    undo_merge(by=cast.carol, merge=merge)
    sam.refresh_from_db()
    consent.refresh_from_db()
    assert (sam.first_name, sam.phone, consent.person) == ("Sam", "+447700900999", sam)


def test_an_app_may_refuse(
    cast: Cast, family: FamilyInTests, other: FamilyInTests, monkeypatch: pytest.MonkeyPatch
) -> None:
    rule = registry.MergeRule(veto=lambda kept, gone: "A hearing is under way.")
    monkeypatch.setattr(registry, "_merge_rules", [*registry._merge_rules, rule])
    with pytest.raises(ValidationError, match="A hearing"):
        merge_people(by=cast.ina, kept=family.sam, gone=other.sam, choices={})
    assert Person.objects.filter(pk=other.sam.pk).exists()


def test_a_choice_that_the_record_cannot_hold_is_refused_whole(
    cast: Cast, family: FamilyInTests, other: FamilyInTests
) -> None:
    family.sam.nhs_number, family.sam.nhs_number_status = "9434765919", "01"
    family.sam.save()
    other.sam.date_of_birth = None
    other.sam.save()
    with pytest.raises(ValidationError):
        merge_people(by=cast.ina, kept=family.sam, gone=other.sam, choices={"date_of_birth": "gone"})
    assert Person.objects.get(pk=family.sam.pk).date_of_birth == date(1995, 4, 3)
    assert not TwoPeople.objects.exists()
