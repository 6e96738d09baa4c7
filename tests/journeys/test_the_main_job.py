"""The main job in one go: from a filmed interaction to the shared review, as a practitioner does it.

In real Chromium, through gunicorn, Redis and two Celery workers: a real film at a desk, by keyboard; a film of truly
variable rate on a telephone, by touch; one in HEVC that this browser cannot play.
"""

from __future__ import annotations

import hashlib
import random
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.clips.media import films, numbered
from tests.journeys.practising import NEXT, PATIENCE, QUESTION, Practitioner, shows_these_frames_of
from tests.stack import Stack

pytestmark = [pytest.mark.journey, pytest.mark.film]
# Twenty seconds of sending at the least: what players skip, behind the film.
_NOISE = 6 * 10**6
DONE = ("case.opened", "consent.recorded", "cycle.opened", "film.arrived", "film.prepared", "review.opened")


def heavy(film: Path) -> Path:
    """The same film with six megabytes behind it that players skip, so that sending takes its time."""
    with film.open("ab") as end:
        end.write((_NOISE + 8).to_bytes(4, "big") + b"free" + random.Random(1).randbytes(_NOISE))
    return film


def numbers_in(found: dict[str, object], clip: dict[str, str]) -> list[int]:
    """The numbers painted in the pictures of a clip's file."""
    return [number for _, number in numbered.numbers(Path(str(found["folder"])) / clip["file"])]


@pytest.fixture
def film(tmp_path: Path) -> Path:
    """Faces and voices where real films lie beside the project, else one that is made."""
    real = films.SHARED / "sintel-trailer-720p.mp4"
    return real if real.exists() else heavy(films.make(tmp_path / "made.mp4", frames=864, rate=24, size=(320, 240)))


def test_from_a_filmed_interaction_to_the_shared_review(stack: Stack, page: Page, film: Path) -> None:
    asha = Practitioner(stack, page, "job")
    asha.sign_in()
    asha.open_case()
    asha.begin_cycle()
    asha.ask_and_choose_film()

    # Three moments by keyboard, while the film is still on its way.
    quick = asha.send(film, seconds=300)
    looking = asha.look_while_it_is_sent()
    sent = asha.film()
    for seconds in (13, 9, 9):
        asha.press(*["Shift+ArrowRight"] * seconds)
        looking.still()
        asha.press("i", "l")
        page.wait_for_timeout(900)
        asha.press("k")
        looking.still()
        asha.press("o", "1")
        looking.saved()
    expect(page.locator("[data-moments] li")).to_have_count(3)
    assert len(looking.marks(sent)) == 3
    assert asha.still_sending(), "the moments were marked before the film had arrived"
    asha.here("marked-while-sent", whole=False)
    quick()
    asha.arrived()

    # The worker cuts them; each file holds the frames that were marked.
    found = asha.cut(3)
    assert (found["state"], found["upload"], found["people"]) == ("ready", "complete", ["Rowan", "Sam"])
    assert found["sha256"] == found["sent"] == hashlib.sha256(film.read_bytes()).hexdigest()
    assert found["erased"]
    assert found["consents"] == [
        f"{who}:{purpose}:Sam:spoken" for who in ("Rowan", "Sam") for purpose in ("film", "shared_review")
    ]
    for clip in found["clips"]:
        assert clip["last"] > clip["first"]
        assert len(clip["tags"]) == 1
        shows_these_frames_of(film, Path(found["folder"]) / clip["file"], clip["first"], clip["last"])
    first, second, third = (clip["id"] for clip in found["clips"])
    asha.row.get_by_role("link", name="Look at it and mark moments").click()
    expect(page.locator("[data-badge]")).to_have_text("exact")
    expect(page.locator("[data-moments] li")).to_have_count(3)
    asha.here("workspace", whole=False)

    # Chosen, in an order of the practitioner's own.
    asha.choose(3)
    page.locator("[data-choices] > li").nth(2).get_by_role("button", name="Move up").click()
    expect(page.locator("[data-choices] > li").nth(1)).to_contain_text("0:3")
    page.get_by_label("Why this moment, moment 1").fill("Rowan looks up, and Sam waits.")
    page.get_by_role("button", name="Save note").first.click()
    expect(page.get_by_text("Your note is saved.")).to_be_visible()
    asha.prepare_review(3)

    # Together.
    asha.open_room(others="Ines, interpreter")
    assert asha.on_screen() == "Moment 1 of 3"
    asha.plays_through()
    asha.press("1", "a")
    page.wait_for_function("() => (v => v.playbackRate === 0.25 && !v.paused)(document.querySelector('[data-video]'))")
    page.locator("[data-do=play]").click()
    page.wait_for_timeout(400)
    asha.press("s")
    expect(page.locator("[data-says]")).to_have_text("Kept")
    frame = int(page.locator("[data-video]").get_attribute("data-frame") or -1)
    asha.notice(Sam="She looks at me before she laughs.", Asha="You waited for her.")
    asha.press("3", "n")
    asha.plays_through()
    assert asha.on_screen() == "Moment 2 of 3"
    asha.press("n")
    asha.we_have_seen_them(idea="Wait, and she comes by herself.", step="Sing at bath time.")
    asha.rate_and_hand_back(7)
    asha.write_afterwards(2, "I did not know that I do that.")
    asha.close_cycle("Sam saw how Rowan looks to her, and that waiting helps.", NEXT)

    # What the record holds.
    found = asha.record()
    review = found["review"]
    assert (review["state"], review["present"]) == ("held", ["Rowan", "Sam"])
    assert "Ines" in review["others"]
    assert review["moments"] == [
        {"clip": first, "seen": True, "why": "Rowan looks up, and Sam waits."},
        {"clip": third, "seen": True, "why": ""},
        {"clip": second, "seen": True, "why": ""},
    ]
    said = [(each["who"].split()[0], each["text"], each["clip"], each["after"]) for each in review["words"]]
    assert said == [
        ("Sam", "She looks at me before she laughs.", first, False),
        ("Asha", "You waited for her.", first, False),
        ("Sam", "I did not know that I do that.", third, True),
    ]
    assert [each["staff"] for each in review["words"]] == [False, True, False]
    (still,) = found["stills"]
    clip = found["clips"][0]
    assert still["frame"] == clip["first"] + frame
    assert all(clip["first_us"] <= each["frame_us"] <= clip["last_us"] for each in review["words"][:2])
    assert (review["new_ideas"], review["next_step"]) == ("Wait, and she comes by herself.", "Sing at bath time.")
    assert review["leases"] == [True]
    assert found["ratings"] == [["Sam", 7]]
    (cycle,) = found["cycles"]
    assert cycle["closed"]
    assert cycle["summary"].startswith("Sam saw")
    assert (cycle["question"], cycle["next"]) == (QUESTION, NEXT)
    asha.nothing_is_left_over(found)
    asha.audit_holds(*DONE, "moment.shown", "review.held", "question.rated", "room.left", "cycle.closed")
    asha.every_page_was_right()


def test_a_film_of_variable_rate_on_a_telephone(stack: Stack, phone: Page, tmp_path: Path) -> None:
    film = heavy(numbered.make(tmp_path / "variable.mp4", *numbered.variable(160)).path)
    asha = Practitioner(stack, phone, "job-phone", wide=390)
    asha.sign_in()
    asha.open_case()
    asha.begin_cycle()
    asha.ask_and_choose_film()
    quick = asha.send(film, seconds=300)
    asha.here("sending")
    looking = asha.look_while_it_is_sent()
    looking.go(0.3)
    spans = [asha.mark_by_touch(looking, steps=6)]
    assert asha.still_sending(), "the moment was marked before the film had arrived"
    quick()
    expect(phone.locator("[data-badge]")).to_have_text("exact", timeout=PATIENCE)
    looking.go(0.7)
    assert looking.number() == looking.frame()
    spans.append(asha.mark_by_touch(looking, steps=9))
    asha.here("workspace", whole=False)
    asha.arrived()

    found = asha.cut(2)
    assert found["sha256"] == hashlib.sha256(film.read_bytes()).hexdigest()
    assert [(clip["first"], clip["last"]) for clip in found["clips"]] == spans
    for clip in found["clips"]:
        assert numbers_in(found, clip) == list(range(clip["first"], clip["last"] + 1))

    asha.choose(2)
    asha.prepare_review(2)
    asha.open_room()
    asha.plays_through()
    asha.notice(Sam="She looks at me.")
    asha.we_have_seen_them(idea="Wait.", step="Sing.")
    asha.rate_and_hand_back(5)
    asha.close_cycle("Waiting helps.", NEXT)
    found = asha.record()
    assert (found["review"]["state"], found["cycles"][0]["closed"]) == ("held", True)
    assert [(each["text"], each["clip"]) for each in found["review"]["words"]] == [
        ("She looks at me.", found["clips"][0]["id"])
    ]
    asha.nothing_is_left_over(found)
    asha.audit_holds(*DONE, "review.held", "question.rated", "room.left", "cycle.closed")
    asha.every_page_was_right()


def test_an_hevc_film_that_this_browser_cannot_play(stack: Stack, page: Page, tmp_path: Path) -> None:
    recipe = numbered.Recipe(
        codec="libx265",
        options={"preset": "ultrafast", "x265-params": "keyint=25:bframes=3:log-level=none:pools=none"},
        pix_fmt="yuv420p10le",
    )
    film = heavy(numbered.make(tmp_path / "hevc.mp4", *numbered.constant(150, 25), recipe).path)
    asha = Practitioner(stack, page, "job-hevc")
    asha.sign_in()
    asha.open_case()
    asha.begin_cycle()
    asha.ask_and_choose_film()
    quick = asha.send(film, seconds=300)
    looking = asha.look_while_it_is_sent()
    veil = page.locator("[data-veil]")
    expect(veil).to_be_visible()
    expect(veil).not_to_contain_text("Opening the film", timeout=PATIENCE)
    asha.here("not-playable-here", whole=False)
    assert asha.still_sending()
    quick()
    # The copy that is made of it, or its first pieces, take over by themselves.
    expect(page.locator("[data-badge]")).to_have_text("exact", timeout=PATIENCE)
    for _ in range(3):
        looking.step("ArrowRight", 1)
    first = looking.number()
    asha.press("i")
    for _ in range(8):
        looking.step("ArrowRight", 1)
    last = looking.number()
    asha.press("o", "1", "c")
    looking.saved()
    assert (first, last) == (3, 11)
    found = asha.cut(1)
    (clip,) = found["clips"]
    assert not found["plays_directly"]
    assert found["sha256"] == hashlib.sha256(film.read_bytes()).hexdigest()
    assert (clip["first"], clip["last"]) == (first, last)
    assert numbers_in(found, clip) == list(range(first, last + 1))
    asha.arrived()

    page.goto(f"{stack.base_url}/reviews/{found['review']['id']}/")
    asha.open_room()
    asha.plays_through()
    asha.notice(Sam="She waits for me.")
    asha.we_have_seen_them(idea="", step="Sing.")
    asha.rate_and_hand_back(3)
    found = asha.record()
    assert found["review"]["state"] == "held"
    assert [each["clip"] for each in found["review"]["words"]] == [clip["id"]]
    asha.nothing_is_left_over(found)
    asha.audit_holds(*DONE, "review.held", "room.left")
    asha.every_page_was_right()
