"""Writing about a family in a real browser: on a phone in a living room, on a laptop afterwards, without a mouse."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser import PHONE, axe, offline, screenshot
from tests.cast import PASSWORD
from tests.families import uploads
from tests.journeys.at_the_desk import fill_date
from tests.stack import Stack, running

pytestmark = pytest.mark.journey
FAMILY = """
from datetime import timedelta
from django.utils import timezone
from sessions.models import VigSession
from tests.cast import make_cast, make_family
from accounts.models import User
asha = User.objects.filter(email="asha@service.example").first() or make_cast().asha
family = make_family(asha)
VigSession.objects.create(case=family.case, kind="filming", place="home", practitioner=asha,
                          starts_at=timezone.now() - timedelta(hours=2))
result = str(family.case.pk)
"""
NOTE = """
from families.models import Note
note = Note.objects.get(case_id=case)
result = {"first": note.sections.first().text, "signed": note.signed_at is not None, "version": note.version}
"""


@pytest.fixture(scope="module")
def calm() -> Iterator[Stack]:
    with running(beat=False, workers=()) as stack:
        yield stack


def sign_in(page: Page, stack: Stack, to: str) -> None:
    page.goto(f"{stack.base_url}/account/login/?next={to}")
    page.get_by_label("Email address").fill("asha@service.example")
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.keyboard.press("Enter")
    expect(page).to_have_url(stack.base_url + to)


def look(page: Page, name: str) -> None:
    """A picture; no barrier that axe knows of; nothing that scrolls sideways."""
    screenshot(page, f"notes-{name}", whole=True)
    width = page.viewport_size["width"] if page.viewport_size else 0
    assert page.evaluate("document.documentElement.scrollWidth") <= width, f"{name} scrolls sideways"
    axe(page)


def test_what_is_typed_before_the_page_is_whole_is_saved_too(calm: Stack, new_page: Callable[..., Page]) -> None:
    case = calm.python(FAMILY)
    phone = new_page(**PHONE)
    held: list[Route] = []
    # a slow line: the script comes last
    phone.route(re.compile(r"/families/note[^/]*\.js$"), lambda route: held.append(route))
    sign_in(phone, calm, f"/cases/{case}/notes/")
    phone.get_by_role("link", name="Write a note").click()
    phone.get_by_role("button", name="Begin this note").click(no_wait_after=True)
    phone.get_by_role("textbox", name="What the family is managing").fill("Sam waits until Rowan looks.")
    while not held:
        phone.wait_for_timeout(50)
    held[0].continue_()
    expect(phone.locator("[data-note-state]")).to_contain_text("Saved ")
    assert calm.python(NOTE, case=case)["first"] == "Sam waits until Rowan looks."


def test_a_note_begun_on_a_phone_survives_a_lost_line_and_a_second_window_and_is_signed_on_a_laptop(
    calm: Stack, new_page: Callable[..., Page]
) -> None:
    case = calm.python(FAMILY)
    phone, laptop = new_page(**PHONE), new_page()
    sign_in(phone, calm, f"/cases/{case}/notes/")
    look(phone, "empty")
    phone.get_by_role("link", name="Write a note").click()
    expect(phone.get_by_role("radio", name="Filming", exact=False)).to_be_checked()
    look(phone, "begin")
    phone.get_by_role("button", name="Begin this note").click()
    first = phone.get_by_role("textbox", name="What the family is managing")
    state = phone.locator("[data-note-state]")
    first.fill("Sam waits until Rowan looks.")
    expect(state).to_contain_text("Saved ")
    offline(phone)
    first.press_sequentially(" Rowan smiles back.")
    expect(state).to_contain_text("the line is lost")
    offline(phone, False)
    expect(state).to_contain_text("Saved ")
    assert calm.python(NOTE, case=case)["first"] == "Sam waits until Rowan looks. Rowan smiles back."

    sign_in(laptop, calm, f"/cases/{case}/notes/")
    laptop.get_by_role("link", name="Filming").click()
    expect(laptop.get_by_role("textbox", name="What the family is managing")).to_have_value(
        "Sam waits until Rowan looks. Rowan smiles back."
    )
    laptop.get_by_role("textbox", name="What the family is managing").fill("Sam waits until Rowan looks. Twice.")
    expect(laptop.locator("[data-note-state]")).to_contain_text("Saved ")
    first.press_sequentially(" Then she sings.")
    box = phone.get_by_role("group", name="Changed in another window")
    expect(box).to_contain_text("Sam waits until Rowan looks. Twice.")
    look(phone, "two-windows")
    box.get_by_role("button", name="Keep both").click()
    expect(state).to_contain_text("Saved ")
    both = calm.python(NOTE, case=case)["first"]
    assert "Twice." in both
    assert "Then she sings." in both

    laptop.reload()
    look(laptop, "write")
    laptop.get_by_role("textbox", name="One small next step").fill("Wait, and count to three.")
    laptop.get_by_role("button", name="Sign this note").click()
    expect(laptop.get_by_text("The note is signed.")).to_be_visible()
    expect(laptop.get_by_text("Then she sings.")).to_be_visible()
    expect(laptop.get_by_text("Wait, and count to three.")).to_be_visible()
    laptop.get_by_role("link", name="Add to this note").click()
    laptop.get_by_label("What do you add?").fill("Sam rang: it works at night too.")
    laptop.get_by_role("button", name="Add to the note").click()
    expect(laptop.get_by_text("Sam rang: it works at night too.")).to_be_visible()
    look(laptop, "signed")
    first.press_sequentially(" Too late.")
    expect(state).to_contain_text("signed in another window")


def test_a_contact_is_logged_and_a_document_added_on_a_phone_without_a_mouse(calm: Stack, phone: Page) -> None:
    case = calm.python(FAMILY)
    sign_in(phone, calm, f"/cases/{case}/")
    phone.get_by_role("link", name="Log a contact").focus()
    phone.keyboard.press("Enter")
    expect(phone.get_by_role("radio", name="Sam Example")).to_be_checked()
    look(phone, "contact")
    phone.get_by_role("button", name="Save this contact").focus()
    phone.keyboard.press("Enter")
    expect(phone.get_by_role("heading", name="There is a problem")).to_be_visible()
    look(phone, "contact-problem")
    phone.get_by_role("radio", name="Telephone call").focus()
    phone.keyboard.press("Space")
    phone.get_by_role("radio", name="We were in touch").focus()
    for _ in range(3):  # to "No answer"
        phone.keyboard.press("ArrowDown")
    phone.get_by_label("What was said or agreed?").focus()
    phone.keyboard.type("Will try again tomorrow.")
    phone.get_by_role("button", name="Save this contact").focus()
    phone.keyboard.press("Enter")
    expect(phone.get_by_text("Telephone call: saved.")).to_be_visible()
    expect(phone.get_by_text("No answer")).to_be_visible()
    look(phone, "contact-logged")

    phone.goto(f"{calm.base_url}/cases/{case}/documents/")
    phone.get_by_role("link", name="Add documents").focus()
    phone.keyboard.press("Enter")
    bad = {"name": "letter.pdf", "mimeType": "application/pdf", "buffer": b"MZ\x90\0" + b"\0" * 300}
    phone.get_by_label("Choose the files").set_input_files([bad])
    phone.get_by_role("radio", name="Letter").focus()
    phone.keyboard.press("Space")
    fill_date(phone, "Date on the document", 0)
    phone.get_by_role("button", name="Add to the record").focus()
    phone.keyboard.press("Enter")
    expect(phone.get_by_text("is not a kind that can be kept here").first).to_be_visible()
    look(phone, "document-refused")
    good = [
        {"name": "Letter from the GP.pdf", "mimeType": "application/pdf", "buffer": uploads.pdf()},
        {"name": "Drawing of the garden.jpg", "mimeType": "image/jpeg", "buffer": uploads.jpeg(900, 600)},
    ]
    phone.get_by_label("Choose the files").set_input_files(good)  # type: ignore[arg-type]
    phone.get_by_role("button", name="Add to the record").focus()
    phone.keyboard.press("Enter")
    expect(phone.get_by_text("2 documents are added.")).to_be_visible()
    picture = phone.get_by_role("img", name="Drawing of the garden")
    picture.scroll_into_view_if_needed()
    phone.wait_for_function("() => document.querySelector('.app-document__picture').naturalWidth > 0")
    look(phone, "documents")
    with phone.expect_download() as started:
        phone.get_by_role("link", name="Letter from the GP", exact=True).click()
    assert started.value.suggested_filename == "Letter from the GP.pdf"

    phone.goto(f"{calm.base_url}/consultations/new/")
    look(phone, "consultation")
    phone.goto(f"{calm.base_url}/cases/{case}/")
    look(phone, "timeline")
