"""Notes: saved while they are typed, signed once, added to; nothing that anybody typed is lost on the way."""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from accounts.models import User
from audit.models import AuditEvent
from families import actions, registry
from families.actions import Typed
from families.models import Audience, Note, NoteAside, NoteTemplate
from families.notes import note_shown
from sessions.models import VigSession
from tests.cast import Cast, FamilyInTests, make_cast, make_family

SignedIn = Callable[[User], Client]
PHONE, LAPTOP = uuid.UUID(int=1), uuid.UUID(int=2)


def begin(by: User, family: FamilyInTests, template: str = "Blank note", **fields: Any) -> Note:
    fields = {"happened_at": timezone.now()} | fields
    return actions.begin_note(by=by, case=family.case, template=NoteTemplate.objects.get(name=template), **fields)


def save(by: User, note: Note, text: str, *, base: int, window: uuid.UUID = PHONE, **fields: Any) -> Any:
    part = note.sections.first()
    assert part is not None
    return actions.save_note(by=by, note=note, typed=[Typed(part.pk, text, base)], window=window, **fields)


def words(note: Note) -> str:
    part = note.sections.first()
    assert part is not None
    return part.text


@pytest.fixture
def note(cast: Cast, family: FamilyInTests) -> Note:
    return begin(cast.asha, family)


def address(note: Note, what: str = "note") -> str:
    return reverse(f"families:{what}", kwargs={"case": note.case_id, "note": note.pk})


# --- The templates that ship ---------------------------------------------------------------------------------


def test_a_vig_note_begins_with_what_the_family_is_managing_and_has_no_heading_for_risk(
    cast: Cast, family: FamilyInTests
) -> None:
    headings = [part.heading for part in begin(cast.asha, family, "VIG session").sections.all()]
    assert headings[0] == "What the family is managing"
    every = [part.heading.lower() for each in NoteTemplate.objects.all() for part in each.sections.all()]
    assert not [heading for heading in every if "risk" in heading or "concern" in heading]


def test_a_note_keeps_the_headings_it_was_begun_with_when_the_template_changes(
    cast: Cast, signed_in: SignedIn, note: Note
) -> None:
    template = NoteTemplate.objects.get(name="Blank note")
    page = reverse("families:note-template-edit", kwargs={"template": template.pk})
    form = {
        "name": "Short note",
        "hint": "",
        "active": "on",
        "part-TOTAL_FORMS": "3",
        "part-INITIAL_FORMS": "1",
        "part-0-heading": "In a few words",
        "part-0-audience": "everyone",
        "part-1-heading": "Next",
        "part-1-audience": "restricted",
        "part-2-heading": "",
        "part-2-audience": "everyone",
    }
    assert signed_in(cast.carol).post(page, form).status_code == 302
    assert [(p.heading, p.audience) for p in template.sections.all()] == [
        ("In a few words", "everyone"),
        ("Next", "restricted"),
    ]
    assert [part.heading for part in note.sections.all()] == ["Note"]
    assert signed_in(cast.carol).post(page, form | {"part-0-heading": "", "part-1-heading": ""}).status_code == 200


# --- Two windows ---------------------------------------------------------------------------------------------


def test_the_second_of_two_windows_overwrites_nothing_and_loses_nothing(cast: Cast, note: Note) -> None:
    assert not save(cast.asha, note, "On the phone.", base=0).conflicts
    lost = save(cast.asha, note, "On the laptop.", base=0, window=LAPTOP)
    assert words(note) == "On the phone."
    assert lost.conflicts[0].section.text == "On the phone."
    assert [(aside.text, aside.window) for aside in NoteAside.objects.all()] == [("On the laptop.", LAPTOP)]
    seen = lost.conflicts[0].section.version
    assert not save(cast.asha, note, "On the phone. On the laptop.", base=seen, window=LAPTOP).conflicts
    assert words(note) == "On the phone. On the laptop."
    assert not NoteAside.objects.exists()


def test_other_parts_of_the_same_note_are_no_conflict(cast: Cast, family: FamilyInTests) -> None:
    note = begin(cast.asha, family, "Home visit")
    first, second, *_ = note.sections.all()
    for part, window in ((first, PHONE), (second, LAPTOP)):
        saved = actions.save_note(by=cast.asha, note=note, typed=[Typed(part.pk, "Words.", 0)], window=window)
        assert not saved.conflicts
    assert [part.text for part in note.sections.all()[:2]] == ["Words.", "Words."]


def test_a_save_whose_answer_was_lost_on_the_line_may_be_sent_again(cast: Cast, note: Note) -> None:
    save(cast.asha, note, "Rowan smiles", base=0, turn=1)
    again = save(cast.asha, note, "Rowan smiles, and waits.", base=0, turn=2)
    assert not again.conflicts
    assert words(note) == "Rowan smiles, and waits."


def test_a_save_that_arrives_after_a_later_one_of_the_same_page_changes_nothing(cast: Cast, note: Note) -> None:
    save(cast.asha, note, "Later words", base=0, turn=2)
    save(cast.asha, note, "Earl", base=0, turn=1)
    assert words(note) == "Later words"


def test_a_note_is_not_signed_while_words_of_another_window_wait_beside_it(cast: Cast, note: Note) -> None:
    save(cast.asha, note, "On the phone.", base=0)
    save(cast.asha, note, "On the laptop.", base=0, window=LAPTOP)
    with pytest.raises(ValidationError, match="another window"):
        actions.sign_note(by=cast.asha, note=note)
    done = [aside.pk for aside in NoteAside.objects.all()]
    save(cast.asha, note, "On the phone.", base=1, done_with=done)
    assert actions.sign_note(by=cast.asha, note=note).signed_at


STEPS = st.lists(st.tuples(st.sampled_from("AB"), st.sampled_from(["type", "save", "lose", "look"])), max_size=14)


class TwoWindows(TestCase):
    @settings(max_examples=30, deadline=None)
    @given(STEPS)
    def test_whatever_two_windows_do_every_word_is_in_the_note_or_beside_it_or_was_replaced_knowingly(
        self, steps: list[tuple[str, str]]
    ) -> None:
        """Each window types words of its own, saves, loses the answer, or looks at what the server has and takes it
        in. A word may vanish only when its own window, or one that had seen it, wrote without it: no window does."""
        cast = make_cast()
        note = begin(cast.asha, make_family(cast.asha))
        part = note.sections.get()
        windows = {name: {"id": uuid.uuid4(), "typed": Typed(part.pk, "", 0), "turn": 0} for name in "AB"}
        saved_words: set[str] = set()
        for number, (name, what) in enumerate(steps):
            window = windows[name]
            typed = window["typed"]
            if what == "type":
                window["typed"] = replace(typed, text=f"{typed.text} {name}{number}".strip())
            elif what == "look":
                part.refresh_from_db()
                merged = [*part.text.split(), *(w for w in typed.text.split() if w not in part.text.split())]
                window["typed"] = replace(typed, text=" ".join(merged), base=part.version)
            else:
                window["turn"] += 1
                result = actions.save_note(
                    by=cast.asha, note=note, typed=[typed], window=window["id"], turn=window["turn"]
                )
                saved_words |= set(typed.text.split())
                if what == "save" and result.written:
                    window["typed"] = replace(typed, base=result.written[0].version)
        part.refresh_from_db()
        kept = set(part.text.split()) | {w for aside in part.asides.all() for w in aside.text.split()}
        assert saved_words <= kept


# --- The page that saves itself --------------------------------------------------------------------------------


def post_save(client: Client, note: Note, text: str, base: int, window: uuid.UUID, **more: Any) -> Any:
    part = note.sections.get()
    body = {"window": str(window), "turn": 1, "parts": [{"section": part.pk, "text": text, "base": base}]}
    body |= more.get("instead", {})
    return client.post(address(note, "note-save"), json.dumps(body), content_type="application/json")


def test_the_page_is_told_the_version_the_time_and_what_another_window_wrote(
    cast: Cast, note: Note, signed_in: SignedIn
) -> None:
    client = signed_in(cast.asha)
    first = post_save(client, note, "On the phone.\r\nTwice.", 0, PHONE).json()
    part = note.sections.get()
    assert first["written"] == {str(part.pk): 1}
    assert first["at"] == f"{timezone.localtime(Note.objects.get(pk=note.pk).saved_at):%H:%M}"
    assert part.text == "On the phone.\nTwice."
    second = post_save(client, note, "On the laptop.", 0, LAPTOP).json()
    assert (second["written"], second["conflicts"][0]["text"]) == ({}, "On the phone.\nTwice.")
    page = client.get(address(note, "note-write")).content.decode()
    assert "On the laptop." in page
    assert "Typed in another window" in page


@pytest.mark.parametrize(
    "more",
    [{"window": "no"}, {"turn": "x"}, {"turn": 2**40}, {"parts": [{"section": 0, "text": "x", "base": 0}]},
     {"parts": "x"}, {"parts": [{"section": None}]}],
)  # fmt: skip
def test_what_is_no_save_is_refused(more: dict[str, Any], cast: Cast, note: Note, signed_in: SignedIn) -> None:
    assert post_save(signed_in(cast.asha), note, "x", 0, PHONE, instead=more).status_code == 400


def test_a_part_that_is_too_long_is_refused_with_the_reason(cast: Cast, note: Note, signed_in: SignedIn) -> None:
    answer = post_save(signed_in(cast.asha), note, "a" * 20_001, 0, PHONE)
    assert (answer.status_code, "20,000" in answer.json()["error"]) == (400, True)


def test_a_page_left_open_hears_that_the_note_was_signed_elsewhere(cast: Cast, note: Note, signed_in: SignedIn) -> None:
    save(cast.asha, note, "Words.", base=0)
    actions.sign_note(by=cast.asha, note=note)
    answer = post_save(signed_in(cast.asha), note, "Other words.", 1, LAPTOP)
    assert (answer.status_code, answer.json()["signed"]) == (409, True)
    assert words(note) == "Words."


def test_without_a_script_save_and_sign_do_the_same_and_a_conflict_shows_both(
    cast: Cast, note: Note, signed_in: SignedIn
) -> None:
    client = signed_in(cast.asha)
    part = note.sections.get()
    save(cast.asha, note, "On the phone.", base=0)
    form = {
        "window": str(LAPTOP),
        "turn": "0",
        f"text_{part.pk}": "On the laptop.",
        f"base_{part.pk}": "0",
        f"audience_{part.pk}": "everyone",
    }
    page = client.post(address(note, "note-write"), form | {"sign": "1"})
    html = page.content.decode()
    assert page.status_code == 200
    assert "On the phone." in html
    assert "On the laptop." in html
    assert words(note) == "On the phone."
    assert f'name="base_{part.pk}" value="1"' in html
    again = form | {f"base_{part.pk}": "1", f"text_{part.pk}": "On the phone. On the laptop.", "sign": "1"}
    assert client.post(address(note, "note-write"), again).headers["Location"] == address(note)
    note.refresh_from_db()
    assert note.signed_at
    assert words(note) == "On the phone. On the laptop."


# --- Who, and when -----------------------------------------------------------------------------------------------


def test_a_draft_is_its_authors_alone_and_others_hear_only_that_there_is_one(
    cast: Cast, note: Note, signed_in: SignedIn
) -> None:
    save(cast.asha, note, "Between us.", base=0)
    other = signed_in(cast.carol)
    for what in ("note", "note-write"):
        assert other.get(address(note, what)).status_code == 404
    tab = other.get(reverse("families:notes", kwargs={"case": note.case_id})).content.decode()
    assert "Asha Practitioner is writing a note" in tab
    assert "Between us" not in tab
    with pytest.raises(PermissionDenied):
        save(cast.carol, note, "Not mine.", base=1)


def test_the_draft_of_somebody_who_left_is_shown_to_the_teams_manager(
    cast: Cast, note: Note, signed_in: SignedIn
) -> None:
    save(cast.asha, note, "Unfinished.", base=0)
    cast.asha.is_active = False
    cast.asha.save()
    assert "Unfinished." in signed_in(cast.carol).get(address(note)).content.decode()
    assert signed_in(cast.ina).get(address(note)).status_code == 404


def test_signed_words_never_change_and_what_is_added_says_who_and_when(
    cast: Cast, note: Note, signed_in: SignedIn
) -> None:
    with pytest.raises(ValidationError, match="Nothing is written"):
        actions.sign_note(by=cast.asha, note=note)
    with pytest.raises(ValidationError, match="Only a signed note"):
        actions.add_to_note(by=cast.asha, note=note, text="More.")
    save(cast.asha, note, "Rowan waits.", base=0)
    note = actions.sign_note(by=cast.asha, note=note)
    with pytest.raises(ValidationError, match="signed"):
        save(cast.asha, note, "Changed.", base=1)
    assert signed_in(cast.carol).post(address(note, "note-add"), {"text": "Sam rang.", "audience": "everyone"})
    html = signed_in(cast.asha).get(address(note)).content.decode()
    assert "Rowan waits." in html
    assert "Sam rang." in html
    assert "Carol Manager" in html
    verbs = set(AuditEvent.objects.filter(case_id=str(note.case_id)).values_list("verb", flat=True))
    assert {"note.begun", "note.signed", "note.added_to", "note.read"} <= verbs


def test_a_note_written_long_after_what_it_is_about_is_shown_as_late(
    cast: Cast, family: FamilyInTests, signed_in: SignedIn
) -> None:
    late = begin(cast.asha, family, happened_at=timezone.now() - timedelta(hours=25), title="Visit of yesterday")
    prompt = begin(cast.asha, family, happened_at=timezone.now() - timedelta(hours=23), title="Call of today")
    for note in (late, prompt):
        save(cast.asha, note, "Words.", base=0)
        actions.sign_note(by=cast.asha, note=note)
    client = signed_in(cast.asha)
    assert "Late entry" in client.get(address(late)).content.decode()
    assert "Late entry" not in client.get(address(prompt)).content.decode()
    timeline = client.get(reverse("families:case", kwargs={"case": family.case.pk})).content.decode()
    assert "Note: Visit of yesterday" in timeline
    assert timeline.count("late entry") == 1


def test_a_note_about_tomorrow_is_not_begun(cast: Cast, family: FamilyInTests) -> None:
    with pytest.raises(ValidationError, match="in the past"):
        begin(cast.asha, family, happened_at=timezone.now() + timedelta(days=1))


def test_a_restricted_part_is_for_lead_co_workers_and_managers(
    cast: Cast, family: FamilyInTests, signed_in: SignedIn
) -> None:
    note = begin(cast.asha, family, "Home visit")
    first, second, third, *_ = note.sections.all()
    typed = [
        Typed(first.pk, "For all.", 0),
        Typed(second.pk, "For few.", 0, Audience.RESTRICTED),
        Typed(third.pk, "Of the neighbour.", 0, Audience.THIRD_PARTY),
    ]
    actions.save_note(by=cast.asha, note=note, typed=typed, window=PHONE)
    note = actions.sign_note(by=cast.asha, note=note)
    actions.add_to_note(by=cast.asha, note=note, text="More for few.", audience=Audience.RESTRICTED)
    colleague = signed_in(cast.ina).get(address(note)).content.decode()
    assert "For all." in colleague
    assert "Of the neighbour." in colleague
    assert "or few." not in colleague
    assert "2 parts of this note are restricted" in colleague
    for reader in (cast.asha, cast.carol):
        assert note_shown(note, reader).hidden == 0
    family.case.co_workers.add(cast.ina)
    assert note_shown(note, cast.ina).hidden == 0


def test_a_note_in_the_wrong_record_is_struck_out_hidden_and_kept(cast: Cast, note: Note, signed_in: SignedIn) -> None:
    save(cast.asha, note, "Of another family.", base=0)
    actions.sign_note(by=cast.asha, note=note)
    client = signed_in(cast.asha)
    page = address(note, "note-strike")
    assert "Enter why" in client.post(page, {"reason": " "}).content.decode()
    assert client.post(page, {"reason": "Written in the wrong record."}).status_code == 302
    html = client.get(address(note)).content.decode()
    assert "Of another family." not in html
    assert "Written in the wrong record." in html
    assert words(note) == "Of another family."
    with pytest.raises(ValidationError, match="already"):
        actions.strike_out(by=cast.asha, entry=note, reason="Twice.")


def test_a_draft_in_which_nothing_was_written_simply_goes(cast: Cast, note: Note, signed_in: SignedIn) -> None:
    assert signed_in(cast.asha).post(address(note, "note-strike"), {}).status_code == 302
    assert not Note.objects.exists()


def test_an_unsigned_note_waits_on_its_authors_day_after_two_days(cast: Cast, note: Note) -> None:
    def waiting(user: User) -> list[str]:
        return [task.title for task in registry.tasks_for(user) if task.kind == "note"]

    assert waiting(cast.asha) == []
    note.created_at = timezone.now() - timedelta(hours=49)
    note.save()
    assert len(waiting(cast.asha)) == 1
    assert waiting(cast.carol) == []
    save(cast.asha, note, "Words.", base=0)
    actions.sign_note(by=cast.asha, note=note)
    assert waiting(cast.asha) == []


def test_a_note_begins_from_the_session_it_is_about(cast: Cast, family: FamilyInTests, signed_in: SignedIn) -> None:
    start = timezone.now() - timedelta(hours=2)
    session = VigSession.objects.create(
        case=family.case, kind="filming", place="home", starts_at=start, practitioner=cast.asha
    )
    client = signed_in(cast.asha)
    page = client.get(reverse("vig_sessions:session", kwargs={"session": session.pk})).content.decode()
    new = reverse("families:note-new", kwargs={"case": family.case.pk})
    assert f"{new}?about={session.pk}" in page
    template = NoteTemplate.objects.get(name="VIG session")
    answer = client.post(new, {"template": template.pk, "about": str(session.pk)})
    note = Note.objects.get()
    assert answer.headers["Location"] == address(note, "note-write")
    assert (note.occasion_id, note.happened_at, note.title) == (session.pk, start, "Filming")
    assert (
        address(note, "note-write")
        in client.get(reverse("vig_sessions:session", kwargs={"session": session.pk})).content.decode()
    )


def test_the_tab_costs_the_same_however_much_is_written(
    cast: Cast, family: FamilyInTests, signed_in: SignedIn, django_assert_max_num_queries: Any
) -> None:
    client = signed_in(cast.asha)
    page = reverse("families:notes", kwargs={"case": family.case.pk})
    for number in range(6):
        begin(cast.asha, family)
        actions.log_contact(by=cast.asha, case=family.case, kind="call", person=family.sam, note=f"Call {number}")
    client.get(page)
    with django_assert_max_num_queries(24):
        html = client.get(page).content.decode()
    assert html.count("app-notes__line") == 12
    assert client.get(page, {"show": "contacts"}).content.decode().count("app-notes__line") == 6
    assert client.get(page, {"show": "notes"}).content.decode().count("app-notes__line") == 6
