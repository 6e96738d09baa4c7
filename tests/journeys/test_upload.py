"""Films sent from a real browser to the real service: whatever breaks on the way, what arrives is what was sent."""

from __future__ import annotations

import contextlib
import hashlib
import os
import random
import re
import sqlite3
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser import PHONE, axe, offline, screenshot
from tests.cast import PASSWORD, PIN
from tests.clips.media import films
from tests.stack import Stack, running

ROUNDS = int(os.environ.get("VIG_SOAK", "3"))
MB = 10**6
PATIENCE = 60_000
pytestmark = [pytest.mark.journey, pytest.mark.film]

_FAMILY = """
from tests.cast import consent_to_everything, make_cast, make_family
cast = make_cast()
family = make_family(cast.asha)
consent_to_everything(family, by=cast.asha)
unasked = make_family(cast.asha)
result = {"case": str(family.case.pk), "unasked": str(unasked.case.pk),
          "people": [str(family.rowan.pk), str(family.sam.pk)]}
"""
_READY = (
    "/cases/{case}/films/new/?ready=1&kind=interaction&people={0}&people={1}"
    "&filmed_on_day=5&filmed_on_month=1&filmed_on_year=2026"
)


class House:
    """The service, a family, and what arrived on its disk."""

    def __init__(self, stack: Stack) -> None:
        self.stack = stack
        self.said: dict[str, Any] = stack.python(_FAMILY)
        self.ready = stack.base_url + _READY.format(*self.said["people"], case=self.said["case"])
        self.cookies: list[Any] = []

    def sign_in(self, page: Page) -> Page:
        """Sign in once; later pages are the same sign-in in another browser's hands."""
        if not self.cookies:
            page.goto(f"{self.stack.base_url}/account/login/")
            page.get_by_label("Email").fill("asha@service.example")
            page.get_by_label("Password", exact=True).fill(PASSWORD)
            page.get_by_role("button", name="Sign in").first.click()
            page.wait_for_url(lambda url: "/login/" not in url)
            return page
        page.context.add_cookies(self.cookies)
        return page

    def open(self, page: Page) -> Page:
        """The page, where films can be chosen."""
        self.sign_in(page)
        page.goto(self.ready)
        expect(page.locator("[data-drop]")).to_be_visible()
        return page

    def rows(self, question: str, *values: object) -> list[tuple[Any, ...]]:
        with contextlib.closing(sqlite3.connect(self.stack.data_dir / "vig.sqlite3", timeout=20)) as database:
            return database.execute(question, values).fetchall()

    def unfinished(self) -> int:
        return int(self.rows("SELECT count(*) FROM clips_upload WHERE state = 'receiving'")[0][0])

    def arrived(self) -> list[str]:
        """The hashes of the films on disk."""
        originals = (self.stack.data_dir / "media" / "films").glob("*/original")
        return [hashlib.sha256(each.read_bytes()).hexdigest() for each in originals]

    def clear(self) -> None:
        """No test meets another's films."""
        self.stack.python(
            "from clips.models import Upload\nfrom clips import actions\n"
            "for upload in Upload.objects.filter(state__in=['receiving', 'mismatch']):\n"
            "    try:\n"
            "        actions.cancel_upload(by=None, upload=upload)\n"
            "    except actions.Refused:\n"
            "        pass  # it arrived meanwhile\n"
        )


@pytest.fixture(scope="module")
def shared_house() -> Iterator[House]:
    with running(VIG_UPLOAD_CHUNK_BYTES=str(1 << 20)) as stack:  # small, so that a fault meets one of many
        yield House(stack)


@pytest.fixture
def house(shared_house: House) -> Iterator[House]:
    yield shared_house
    shared_house.clear()


@pytest.fixture(scope="module")
def film(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A film of two seconds that browsers play."""
    return films.make(tmp_path_factory.mktemp("film") / "small.mp4", frames=50, rate=25, size=(320, 240))


@pytest.fixture
def big(film: Path, tmp_path: Path) -> Callable[..., Path]:
    """``big(30)``: a playable film with so many megabytes of noise in a box that players skip."""

    def make(megabytes: int, name: str = "big", seed: int = 1) -> Path:
        noise = random.Random(seed).randbytes(megabytes * MB)
        path = tmp_path / f"{name}.mp4"
        path.write_bytes(film.read_bytes() + (len(noise) + 8).to_bytes(4, "big") + b"free" + noise)
        return path

    return make


def sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def slow(page: Page, bytes_a_second: int) -> Callable[[], None]:
    """A slow line; returns what makes it quick again."""
    session = page.context.new_cdp_session(page)
    session.send("Network.enable")

    def limit(rate: int) -> None:
        session.send(
            "Network.emulateNetworkConditions",
            {"offline": False, "latency": 5, "downloadThroughput": -1, "uploadThroughput": rate},
        )

    limit(bytes_a_second)
    return lambda: limit(-1)


def choose(page: Page, *paths: Path) -> None:
    page.locator("[data-file]").set_input_files([str(path) for path in paths])


def row(page: Page, name: str = "") -> Locator:
    found = page.locator("[data-rows] [data-row]")
    return found.filter(has_text=name) if name else found.first


def proven(page: Page, name: str = "") -> None:
    expect(row(page, name)).to_contain_text("Arrived whole", timeout=PATIENCE)


def reaches(page: Page, share: float, name: str = "") -> None:
    """Wait until a row's bar shows so much."""
    page.wait_for_function(
        "([name, share]) => [...document.querySelectorAll('[data-rows] [data-row]')].some("
        "row => row.textContent.includes(name) && row.querySelector('[data-bar]').value >= 100 * share)",
        arg=[name, share],
        timeout=PATIENCE,
    )


KEPT = """
async () => {
  const kept = [JSON.stringify({...localStorage}), JSON.stringify({...sessionStorage}), document.cookie];
  for (const {name, version} of await indexedDB.databases()) {
    const database = await new Promise((resolve, reject) => {
      const asked = indexedDB.open(name, version);
      asked.onsuccess = () => resolve(asked.result);
      asked.onerror = () => reject(asked.error);
    });
    for (const store of database.objectStoreNames) {
      const all = await new Promise((resolve) => {
        const transaction = database.transaction(store);
        const values = transaction.objectStore(store).getAll();
        const keys = transaction.objectStore(store).getAllKeys();
        transaction.oncomplete = () => resolve([keys.result, values.result]);
      });
      kept.push(`${name}.${store}`, JSON.stringify(all[0]), ...all[1].map((each) => each.constructor.name));
    }
    database.close();
  }
  for (const name of await caches.keys()) kept.push(name);
  return kept;
}
"""


def leave(page: Page, go: Callable[[], object]) -> None:
    """Go although the page warns; it must warn."""
    asked: list[str] = []

    def yes(dialog: Any) -> None:
        asked.append(dialog.type)
        dialog.accept()

    page.on("dialog", yes)
    go()
    page.remove_listener("dialog", yes)
    assert asked == ["beforeunload"]


# --- The whole way ----------------------------------------------------------------------------------------------


def test_a_film_is_sent_proven_whole_and_the_copy_on_the_device_ticked_off(
    house: House, page: Page, big: Callable[..., Path]
) -> None:
    path = big(12, "Sam and Rowan at bath time")
    house.open(page)
    axe(page)
    screenshot(page, "upload-ready")
    quick = slow(page, MB)
    choose(page, path)
    expect(row(page)).to_contain_text(re.compile(r"\d+% \(.* of 12 MB\), .* a second, .* left"), timeout=PATIENCE)
    assert re.match(r"\(\d+%\) Send a film", page.title())
    axe(page)
    screenshot(page, "upload-sending")
    kept = page.evaluate(KEPT)
    assert not [each for each in kept if re.search(r"bath|Sam|Rowan|\.mp4", each)], kept
    quick()
    proven(page)
    assert sha256(path) in house.arrived()
    expect(row(page)).to_contain_text("It is ready.", timeout=PATIENCE)
    expect(row(page).get_by_role("link", name="Look at it and mark moments")).to_be_visible()
    axe(page)
    screenshot(page, "upload-arrived", whole=True)
    row(page).get_by_label("The copy on this device is erased").check()
    expect(row(page)).to_contain_text("Noted: the copy on this device is erased")
    found = house.rows("SELECT device_copy_erased_at FROM clips_recording ORDER BY created_at DESC LIMIT 1")
    assert found[0][0] is not None
    row(page).get_by_role("link", name="Look at it and mark moments").click()
    page.wait_for_url("**/analyse/")


def test_several_films_are_sent_one_after_the_other(house: House, page: Page, big: Callable[..., Path]) -> None:
    paths = [big(6, f"film {number}", seed=number) for number in (1, 2, 3)]
    house.open(page)
    quick = slow(page, MB)
    choose(page, *paths)
    choose(page, paths[0])
    expect(page.locator("[data-errors]")).to_contain_text("is in the list already")
    reaches(page, 0.05, "film 1")
    states = page.locator("[data-rows] [data-row]").evaluate_all("rows => rows.map(row => row.dataset.state)")
    assert states.count("sending") == 1
    quick()
    for path in paths:
        proven(page, path.name)
    assert {sha256(path) for path in paths} <= set(house.arrived())


def test_what_is_no_film_or_too_large_is_said_before_a_byte_leaves(
    house: House, page: Page, tmp_path: Path, film: Path
) -> None:
    house.open(page)
    sent: list[str] = []
    page.on(
        "request",
        lambda request: sent.append(request.url) if "/uploads/" in request.url and request.method == "POST" else None,
    )
    for name, data in {"empty.mp4": b"", "letter.pdf": b"%PDF-1.4", "photo.jpg": b"\xff\xd8\xff"}.items():
        (tmp_path / name).write_bytes(data)
    choose(page, *(tmp_path / name for name in ("empty.mp4", "letter.pdf", "photo.jpg")))
    errors = page.locator("[data-errors]")
    expect(errors).to_contain_text("“empty.mp4” is empty")
    expect(errors).to_contain_text("“letter.pdf” is a document, not a film")
    expect(errors).to_contain_text("“photo.jpg” is a picture, not a film")
    page.route("**/films/new/**", lambda route: route.continue_())
    large = page.evaluate(
        """async () => {
          const field = document.querySelector('[data-file]');
          const file = new File(['x'], 'huge.mov', {type: 'video/quicktime'});
          Object.defineProperty(file, 'size', {value: 9e9});
          const {unfit} = await import('/static/clips/upload/words.js');
          return unfit(file, {mostBytes: 8 * 1024 ** 3, mostWords: '8.6 GB'});
        }"""
    )
    assert large.startswith("“huge.mov” is 9 GB, and the largest that we take is 8.6 GB.")
    assert sent == []
    axe(page)


def test_pause_and_go_on_and_cancel_which_asks_first(house: House, page: Page, big: Callable[..., Path]) -> None:
    path = big(16)
    house.open(page)
    quick = slow(page, MB)
    choose(page, path)
    reaches(page, 0.1)
    row(page).get_by_role("button", name="Pause").click()
    expect(row(page)).to_contain_text("Paused.")
    before = house.rows('SELECT "offset" FROM clips_upload WHERE state = ?', "receiving")
    time.sleep(1)
    assert house.rows('SELECT "offset" FROM clips_upload WHERE state = ?', "receiving") == before
    row(page).get_by_role("button", name="Go on").click()
    reaches(page, 0.3)
    row(page).get_by_role("button", name="Cancel").click()
    ask = page.get_by_role("dialog", name="Stop sending this film?")
    expect(ask).to_be_visible()
    axe(page)
    ask.get_by_role("button", name="Go on sending").click()
    expect(ask).to_be_hidden()
    assert house.unfinished() == 1
    row(page).get_by_role("button", name="Cancel").click()
    ask.get_by_role("button", name="Stop, and erase what arrived").click()
    expect(row(page)).to_contain_text("Cancelled. What had arrived was erased.")
    assert house.unfinished() == 0
    quick()
    row(page).get_by_role("button", name="Take off the list").click()
    choose(page, path)  # and begun anew
    proven(page)
    assert sha256(path) in house.arrived()


# --- After a reload ---------------------------------------------------------------------------------------------


def test_after_a_reload_the_same_film_goes_on_and_another_is_kindly_refused(
    house: House, page: Page, big: Callable[..., Path]
) -> None:
    path, other = big(20, "right", seed=1), big(20, "wrong", seed=2)
    house.open(page)
    quick = slow(page, MB)
    choose(page, path)
    reaches(page, 0.4)
    leave(page, page.reload)
    quick()
    waiting = page.locator("[data-waiting-rows] [data-row]")
    expect(waiting).to_contain_text("Film of 5 Jan 2026: Rowan and Sam")
    expect(waiting).to_contain_text(re.compile(r"[1-9]\d?% has arrived"))
    axe(page)
    screenshot(page, "upload-waiting", whole=True)
    before = house.rows('SELECT "offset" FROM clips_upload WHERE state = ?', "receiving")[0][0]
    assert before > 0
    waiting.locator("[data-again-file]").set_input_files(str(other))
    expect(waiting).to_contain_text("This is another film")
    assert house.rows('SELECT "offset" FROM clips_upload WHERE state = ?', "receiving")[0][0] == before
    offsets: list[int] = []
    page.on(
        "request",
        lambda request: offsets.append(int(request.headers["upload-offset"])) if request.method == "PATCH" else None,
    )
    waiting.locator("[data-again-file]").set_input_files(str(path))
    proven(page, "right")
    assert min(offsets) == before  # nothing was sent twice
    assert sha256(path) in house.arrived()
    expect(page.locator("[data-waiting]")).to_be_hidden()


def test_the_same_film_chosen_afresh_is_known_again(house: House, page: Page, big: Callable[..., Path]) -> None:
    path = big(20)
    house.open(page)
    quick = slow(page, MB)
    choose(page, path)
    reaches(page, 0.3)
    leave(page, page.reload)
    quick()
    expect(page.locator("[data-waiting-rows] [data-row]")).to_be_visible()
    choose(page, path)
    proven(page)
    assert house.unfinished() == 0
    assert sha256(path) in house.arrived()


def test_an_iphones_new_copy_of_the_same_moment_can_be_sent_from_the_start(
    house: House, page: Page, big: Callable[..., Path]
) -> None:
    def of_a_moment(path: Path) -> Path:
        data = path.read_bytes()
        place = data.index(b"mvhd") + 8  # version and flags, then the time of making
        path.write_bytes(data[:place] + (3_800_000_000).to_bytes(4, "big") + data[place + 4 :])
        return path

    first, second = of_a_moment(big(20, "IMG_1", seed=1)), of_a_moment(big(4, "IMG_2", seed=2))
    house.open(page)
    quick = slow(page, MB)
    choose(page, first)
    reaches(page, 0.3)
    leave(page, page.reload)
    quick()
    waiting = page.locator("[data-waiting-rows] [data-row]")
    waiting.locator("[data-again-file]").set_input_files(str(second))
    expect(waiting).to_contain_text("another copy of it")
    screenshot(page, "upload-another-copy", whole=True)
    waiting.get_by_role("button", name="start again with this copy").click()
    proven(page, "IMG_2")
    assert sha256(second) in house.arrived()
    assert house.unfinished() == 0


def test_in_chromium_a_kept_handle_gives_the_film_back_on_one_click(
    house: House, page: Page, big: Callable[..., Path]
) -> None:
    house.open(page)
    # The browser's own dialog cannot be worked by a test: a file of its private file system stands for what it gives.
    page.evaluate(
        """async () => {
          const folder = await navigator.storage.getDirectory();
          const handle = await folder.getFileHandle('bath-time.mp4', {create: true});
          const writer = await handle.createWritable();
          const noise = new Uint8Array(65536);
          for (let at = 0; at < 20e6; at += noise.length) { crypto.getRandomValues(noise); await writer.write(noise); }
          await writer.close();
          window.showOpenFilePicker = async () => [handle];
        }"""
    )
    quick = slow(page, MB)
    page.get_by_text("Choose films", exact=True).click()
    reaches(page, 0.3)
    kept = page.evaluate(KEPT)
    assert "FileSystemFileHandle" in kept
    assert not [each for each in kept if "bath" in each]
    leave(page, page.reload)
    quick()
    waiting = page.locator("[data-waiting-rows] [data-row]")
    waiting.get_by_role("button", name="Go on").click()
    proven(page)
    gone = f"async () => !(await ({KEPT})()).includes('FileSystemFileHandle')"
    deadline = time.monotonic() + 10
    while not page.evaluate(gone):
        assert time.monotonic() < deadline, "the handle is still kept"
        time.sleep(0.2)


# --- The screen is covered, the sign-in runs out -----------------------------------------------------------------


def test_sending_goes_on_while_the_screen_is_covered(house: House, page: Page, big: Callable[..., Path]) -> None:
    path = big(24)
    house.open(page)
    quick = slow(page, MB)
    choose(page, path)
    reaches(page, 0.1)
    page.keyboard.press("F2")
    expect(page.locator("#vig-cover")).to_be_visible()
    assert page.title() == "Paused"
    before = house.rows('SELECT "offset" FROM clips_upload WHERE state = ?', "receiving")[0][0]
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        found = house.rows('SELECT "offset" FROM clips_upload ORDER BY created_at DESC LIMIT 1')[0][0]
        if found > before + 2 * MB:
            break
        time.sleep(0.2)
    else:
        pytest.fail("nothing arrived while the screen was covered")
    assert page.title() == "Paused"
    quick()
    deadline = time.monotonic() + 30
    while house.unfinished() and time.monotonic() < deadline:
        time.sleep(0.2)
    assert house.unfinished() == 0  # all of it, behind the cover
    page.locator("#vig-cover-pin").fill(PIN)
    page.keyboard.press("Enter")
    expect(page.locator("#vig-cover")).to_be_hidden()
    proven(page)
    assert sha256(path) in house.arrived()


def test_a_sign_in_that_ran_out_together_with_the_token_is_asked_for_and_sending_goes_on(
    house: House, page: Page, big: Callable[..., Path]
) -> None:
    path = big(20)
    house.open(page)
    quick = slow(page, MB)
    choose(page, path)
    reaches(page, 0.1)
    refused: list[str] = []

    def refuse(route: Any) -> None:
        refused.append(route.request.method)
        route.fulfill(status=401, json={"message": "Sign in again to go on sending.", "signed_out": True})

    page.keyboard.press("F2")  # covered: what asks by session must wait
    expect(page.locator("#vig-cover")).to_be_visible()
    pattern = re.compile(r"/uploads/[0-9a-f-]{36}/$")
    page.route(pattern, refuse)  # the token is too old
    expect(page.locator("[data-rows] [data-row]")).to_have_attribute("data-state", "signing-in", timeout=PATIENCE)
    assert refused
    page.unroute(pattern)
    quick()
    page.locator("#vig-cover-pin").fill(PIN)
    page.keyboard.press("Enter")
    proven(page)
    assert sha256(path) in house.arrived()


@pytest.mark.parametrize(
    ("status", "message", "says"),
    [
        (507, "There is no room left on the server.", "There is no room left on the server. Trying again in"),
        (423, "Another page is sending this film at this moment.", "Another page is sending this film"),
        (460, "This piece was damaged on its way and is sent again.", "This piece was damaged on its way"),
        (503, "", "The line is lost. Nothing that arrived is lost."),
    ],
)
def test_what_stands_in_the_way_for_a_while_is_said_and_tried_again(
    house: House, page: Page, big: Callable[..., Path], status: int, message: str, says: str
) -> None:
    house.open(page)
    refusing = True

    def answer(route: Any) -> None:
        if refusing and route.request.method == "PATCH":
            route.fulfill(status=status, json={"message": message} if message else {})
        else:
            route.continue_()

    page.route(re.compile(r"/uploads/[0-9a-f-]{36}/$"), answer)
    path = big(1, seed=status)
    choose(page, path)
    expect(row(page)).to_contain_text(says)
    refusing = False
    again = row(page).get_by_role("button", name="Try again now")
    if again.is_visible():
        with contextlib.suppress(Exception):  # it may just have gone on by itself
            again.click(timeout=2000)
    proven(page)
    assert sha256(path) in house.arrived()


_WITHDRAW = """
from clips.models import Upload
from families import actions
from families.models import Person
person = Upload.objects.latest("created_at").recording.people.get(first_name="Sam")
actions.withdraw_consent(by=Upload.objects.latest("created_at").user, person=person, purpose="film", said_by=person)
"""
_AGREE = """
from accounts.models import User
from families.models import Person
from tests.cast import give_consent
for pk in people:
    person = Person.objects.get(pk=pk)
    sam = Person.objects.get(pk=people[1])
    give_consent(person, "film", by=User.objects.get(email__startswith="asha"), decided_by=sam)
"""


def test_an_agreement_taken_back_ends_the_sending_and_says_why(
    house: House, page: Page, big: Callable[..., Path]
) -> None:
    house.open(page)
    quick = slow(page, MB)
    choose(page, big(16))
    reaches(page, 0.1)
    house.stack.python(_WITHDRAW)
    try:
        expect(row(page)).to_have_attribute("data-state", "failed", timeout=PATIENCE)
        expect(row(page)).to_contain_text("This film is not taken any more.")
        axe(page)
        screenshot(page, "upload-withdrawn", whole=True)
    finally:
        quick()
        house.stack.python(_AGREE, people=house.said["people"])


# --- Looking while it is sent -------------------------------------------------------------------------------------


def test_marking_begins_while_the_film_is_still_being_sent(house: House, page: Page, big: Callable[..., Path]) -> None:
    path = big(24)
    house.open(page)
    quick = slow(page, MB)
    choose(page, path)
    reaches(page, 0.05)
    row(page).get_by_role("button", name="Start looking now").click()
    expect(page.locator("[data-workspace]")).to_be_visible(timeout=PATIENCE)
    page.wait_for_function("() => document.querySelector('[data-workspace] video')?.readyState >= 2", timeout=PATIENCE)
    expect(page.locator("[data-slim-says]")).to_contain_text(re.compile(r"\d+% sent"))
    screenshot(page, "upload-looking")
    assert "/films/new/" in page.url  # a reload now leads to where the sending goes on
    page.keyboard.press("i")
    page.keyboard.press("Shift+ArrowRight")
    expect(page.locator("[data-time]")).not_to_have_text("00:00.000")
    page.keyboard.press("o")
    expect(page.locator("[data-moments] li").first).to_be_visible()
    axe(page)
    quick()
    expect(page.locator("[data-slim-says]")).to_contain_text("Arrived whole", timeout=PATIENCE)
    page.wait_for_url("**/analyse/")
    page.reload()
    expect(page.locator("[data-moments] li").first).to_be_visible()
    assert sha256(path) in house.arrived()


def test_back_from_looking_the_page_is_as_it_was(house: House, page: Page, big: Callable[..., Path]) -> None:
    house.open(page)
    quick = slow(page, MB)
    choose(page, big(16))
    reaches(page, 0.05)
    row(page).get_by_role("button", name="Start looking now").click()
    expect(page.locator("[data-workspace]")).to_be_visible(timeout=PATIENCE)
    page.get_by_role("button", name="Films being sent").click()
    expect(page.locator("[data-workspace]")).to_have_count(0)
    expect(page.get_by_role("heading", level=1, name="Send a film")).to_be_visible()
    quick()
    proven(page)


# --- Hands and screens --------------------------------------------------------------------------------------------


def test_consent_on_the_spot_by_keyboard_shows_only_who_is_in_the_film(house: House, page: Page) -> None:
    house.sign_in(page)
    page.goto(f"{house.stack.base_url}/cases/{house.said['unasked']}/films/new/")
    for name in ("Rowan", "Sam", "Nan"):
        expect(page.get_by_role("heading", name=f"Ask about {name}")).to_be_hidden()
    page.get_by_role("checkbox", name="Sam Example").focus()
    page.keyboard.press("Space")
    block = page.get_by_role("region", name="Ask about Sam")
    expect(block).to_be_visible()
    expect(page.get_by_role("heading", name="Ask about Nan")).to_be_hidden()
    axe(page)
    screenshot(page, "upload-questions", whole=True)
    page.get_by_role("button", name="Continue to the film").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="There is a problem")).to_be_visible()
    axe(page)
    screenshot(page, "upload-problem", whole=True)
    for radio in block.get_by_role("radio", name="Sam agrees").all():
        radio.focus()
        page.keyboard.press("Space")
    page.get_by_role("button", name="Continue to the film").focus()
    page.keyboard.press("Enter")
    expect(page.locator("[data-drop]")).to_be_visible()
    expect(page.get_by_text("Everybody agrees to being filmed")).to_be_visible()


def test_on_a_telephone(house: House, new_page: Callable[..., Page], big: Callable[..., Path]) -> None:
    phone = house.open(new_page(**PHONE))
    quick = slow(phone, MB)
    choose(phone, big(8, "IMG_0001 with a very long name that somebody gave to it on the way home"))
    reaches(phone, 0.1)
    assert phone.evaluate("document.documentElement.scrollWidth") <= 390
    axe(phone)
    screenshot(phone, "upload-phone", whole=True)
    row(phone).get_by_role("button", name="Start looking now").tap()
    expect(phone.locator("[data-workspace]")).to_be_visible(timeout=PATIENCE)
    screenshot(phone, "upload-phone-looking")
    phone.get_by_role("button", name="Films being sent").tap()
    quick()
    proven(phone)
    screenshot(phone, "upload-phone-arrived", whole=True)


# --- Faults -------------------------------------------------------------------------------------------------------


@pytest.mark.fault
@pytest.mark.parametrize("chance", range(ROUNDS))
def test_a_line_that_drops_again_and_again_loses_nothing(
    house: House, page: Page, big: Callable[..., Path], chance: int
) -> None:
    dice = random.Random(chance)
    path = big(30, seed=chance + 10)
    house.open(page)
    quick = slow(page, 8 * MB)
    choose(page, path)
    for _ in range(3):
        page.wait_for_timeout(dice.uniform(200, 1200))
        offline(page)
        page.wait_for_timeout(dice.uniform(100, 1500))
        offline(page, False)
        slow(page, 8 * MB)
    quick()
    proven(page)
    assert sha256(path) in house.arrived()


@pytest.mark.fault
@pytest.mark.parametrize("chance", range(ROUNDS))
def test_a_server_that_is_killed_while_it_receives_loses_nothing(
    house: House, page: Page, big: Callable[..., Path], chance: int
) -> None:
    dice = random.Random(100 + chance)
    path = big(30, seed=chance + 50)
    house.open(page)
    quick = slow(page, 8 * MB)
    choose(page, path)
    for _ in range(2):
        page.wait_for_timeout(dice.uniform(200, 1500))
        house.stack.kill_web()
        page.wait_for_timeout(dice.uniform(0, 800))
        house.stack.restart_web()
    quick()
    proven(page)
    assert sha256(path) in house.arrived()


@pytest.mark.fault
@pytest.mark.parametrize("chance", range(ROUNDS))
def test_a_page_that_is_reloaded_at_any_moment_goes_on_from_there(
    house: House, page: Page, big: Callable[..., Path], chance: int
) -> None:
    dice = random.Random(200 + chance)
    path = big(30, seed=chance + 90)
    house.open(page)
    slow(page, 6 * MB)
    choose(page, path)
    reaches(page, 0.02)
    for _ in range(2):
        page.wait_for_timeout(dice.uniform(100, 1200))
        leave(page, page.reload)
        page.locator("[data-waiting-rows] [data-again-file]").set_input_files(str(path))
        expect(row(page)).to_be_visible()
        reaches(page, 0.01)
    proven(page)
    assert sha256(path) in house.arrived()
