"""A practitioner at the pages, as one does the work: no step that a person could not take."""

from __future__ import annotations

import itertools
import re
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import av
import numpy as np
from playwright.sync_api import Locator, Page, expect

from tests.browser import axe, screenshot
from tests.cast import PASSWORD, PIN
from tests.journeys.looking import Looking
from tests.stack import Stack

PATIENCE = 90_000
QUESTION = "What am I doing that helps Rowan settle?"
NEXT = "How can I show Rowan that I am waiting?"

# A family whom nobody has asked about film yet, led by Asha.
_FAMILY = """
from accounts.models import User
from tests.cast import make_cast, make_family
asha = User.objects.filter(email="asha@service.example").first() or make_cast().asha
family = make_family(asha)
result = {"case": str(family.case.pk), "reference": family.family.reference, "team": str(family.case.team)}
"""

# Everything that the record holds about the only film of a case.
_RECORD = """
import json
from clips import frames, store
from clips.models import Clip, Recording, ReviewMoment, RoomLease, SharedReview, Still, Upload, VideoJob, Words
from families.models import Consent
from outcomes.models import HelpingQuestionRating
from sessions.models import Cycle
film = Recording.objects.get(case_id=case)
upload = Upload.objects.get(recording=film)
folder = store.folder(film.pk)
clips = list(Clip.objects.kept().filter(recording=film).order_by("first_us"))
stills = list(Still.objects.filter(recording=film))
review = SharedReview.objects.filter(cycle=film.cycle).first()
result = {
    "film": str(film.pk), "state": film.state, "kind": film.kind,
    "people": sorted(p.first_name for p in film.people.all()),
    "sha256": film.sha256, "sent": upload.sha256, "upload": upload.state, "erased": film.device_copy_erased_at,
    "frames": film.frames, "folder": str(folder), "plays_directly": film.plays_directly,
    "clips": [
        {"id": str(c.pk), "first": c.first_frame, "last": c.last_frame, "first_us": c.first_us, "last_us": c.last_us,
         "state": c.state, "file": c.file, "tags": sorted(t.label for t in c.principles.all()), "note": c.note}
        for c in clips
    ],
    "stills": [{"frame": s.frame, "clip": str(s.clip_id), "file": s.file} for s in stills],
    "files": sorted(str(p.relative_to(folder)) for p in folder.rglob("*") if p.is_file()),
    "work": sorted(str(each) for each in store.attempts()),
    "jobs": list(VideoJob.objects.filter(recording=film).exclude(state="done").values_list("kind", "state", "error")),
    "consents": sorted(
        f"{c.person.first_name}:{c.purpose}:{c.decided_by.first_name}:{c.evidence}"
        for c in Consent.objects.filter(person__in=film.people.all())
    ),
    "review": review and {
        "id": str(review.pk), "state": review.state, "new_ideas": review.new_ideas, "next_step": review.next_step,
        "present": sorted(p.first_name for p in review.present.all()), "others": review.others_present,
        "moments": [
            {"clip": str(m.clip_id), "seen": m.shown_at is not None, "why": m.why}
            for m in ReviewMoment.objects.filter(review=review)
        ],
        "words": [
            {"who": str(w.speaker or w.staff_speaker), "staff": w.staff_speaker is not None, "text": w.text,
             "clip": str(w.moment.clip_id) if w.moment else None, "frame_us": w.frame_us, "after": w.added_after}
            for w in Words.objects.filter(review=review).order_by("said_at")
        ],
        "leases": [lease.ended_at is not None for lease in RoomLease.objects.filter(review=review)],
    },
    "ratings": list(
        HelpingQuestionRating.objects.filter(wording__question__case_id=case)
        .values_list("rated_by__first_name", "value")
    ),
    "cycles": [
        {"number": c.number, "closed": c.closed_at is not None, "summary": c.summary,
         "question": c.wording.text,
         "next": c.next_wording.text if c.next_wording else None}
        for c in Cycle.objects.filter(case_id=case)
    ],
}
"""

_AUDIT = """
from audit.models import AuditEvent
result = sorted(set(AuditEvent.objects.filter(case_id=case).values_list("verb", flat=True)))
"""


@dataclass
class Practitioner:
    """Asha with one family, at one browser."""

    stack: Stack
    page: Page
    name: str
    """What pictures of the pages are called."""
    wide: int = 1280
    family: dict[str, str] = field(default_factory=dict)
    looked: list[str] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.family = self.stack.python(_FAMILY)

    # --- Looking at pages --------------------------------------------------------------------------------------

    def here(self, what: str, *, whole: bool = True) -> None:
        """Keep a picture of the page as it stands; note what axe finds and whether it scrolls sideways."""
        screenshot(self.page, f"{self.name}-{len(self.looked) + 1:02}-{what}", whole=whole)
        self.looked.append(what)
        across = self.page.evaluate("document.documentElement.scrollWidth")
        if across > self.wide:
            self.faults.append(f"{what} scrolls sideways: {across} px")
        try:
            axe(self.page)
        except AssertionError as found:
            self.faults.append(f"{what}: {found}")

    def every_page_was_right(self) -> None:
        """No page on the way had a barrier or scrolled sideways: told at the end, all of them at once."""
        assert not self.faults, "\n".join(self.faults)

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)

    def record(self) -> dict[str, Any]:
        """What the service keeps of this family's film."""
        found: dict[str, Any] = self.stack.python(_RECORD, case=self.family["case"])
        return found

    def audited(self) -> list[str]:
        verbs: list[str] = self.stack.python(_AUDIT, case=self.family["case"])
        return verbs

    # --- The way in --------------------------------------------------------------------------------------------

    def sign_in(self) -> None:
        page = self.page
        page.goto(self.stack.base_url)
        self.here("sign-in")
        page.get_by_label("Email").fill("asha@service.example")
        page.get_by_label("Password", exact=True).fill(PASSWORD)
        page.get_by_role("button", name="Sign in", exact=True).click()
        expect(page.get_by_role("heading", level=1, name="My day")).to_be_visible()
        self.here("my-day")

    def open_case(self) -> None:
        page = self.page
        page.goto(f"{self.stack.base_url}/families/")
        self.here("families")
        page.get_by_label("Find a family").fill(self.family["reference"])
        page.get_by_role("main").get_by_role("button", name="Search").click()
        page.get_by_role("main").get_by_role("link", name="Rowan").first.click()
        page.wait_for_url(f"**/cases/{self.family['case']}/")
        self.here("case")

    def tab(self, label: str) -> None:
        self.page.get_by_role("navigation", name=re.compile("Parts of")).get_by_role("link", name=label).click()

    def begin_cycle(self) -> None:
        page = self.page
        self.tab("VIG cycles")
        expect(page.get_by_role("heading", level=1, name="VIG cycles")).to_be_visible()
        self.here("cycles-none")
        page.get_by_role("link", name="Begin a cycle").click()
        self.here("cycle-begin")
        page.get_by_label("The new helping question").fill(QUESTION)
        page.get_by_role("button", name="Begin this cycle").click()
        page.goto(f"{self.stack.base_url}/cases/{self.family['case']}/cycles/")
        expect(page.get_by_text(QUESTION).first).to_be_visible()
        self.here("cycles")

    # --- Sending -----------------------------------------------------------------------------------------------

    def ask_and_choose_film(self) -> None:
        """Say who is in the film, ask them on the spot, and come to where films are chosen."""
        page = self.page
        page.get_by_role("link", name="Upload a film").click()
        expect(page.get_by_role("heading", level=1, name="Send a film")).to_be_visible()
        page.get_by_role("checkbox", name="Rowan Example").check()
        page.get_by_role("checkbox", name="Sam Example").check()
        sam = page.get_by_role("region", name="Ask about Sam")
        rowan = page.get_by_role("region", name="Ask about Rowan")
        for radio in sam.get_by_role("radio", name="Sam agrees").all():
            radio.check()
        rowan.get_by_role("radio", name="Sam Example").check()
        for radio in rowan.get_by_role("radio", name="They agree").all():
            radio.check()
        self.here("send-questions")
        page.get_by_role("button", name="Continue to the film").click()
        expect(page.get_by_text("Everybody agrees to being filmed")).to_be_visible()
        expect(page.locator("[data-drop]")).to_be_visible()
        self.here("send")

    @property
    def row(self) -> Locator:
        return self.page.locator("[data-rows] [data-row]").first

    def send(self, path: Path, *, seconds: float | None = None) -> Callable[[], None]:
        """Choose a film; with ``seconds`` the line is so slow that it takes that long, until it is made quick."""
        session = self.page.context.new_cdp_session(self.page)
        session.send("Network.enable")

        def limit(rate: float) -> None:
            conditions = {"offline": False, "latency": 5, "downloadThroughput": -1, "uploadThroughput": rate}
            session.send("Network.emulateNetworkConditions", conditions)

        if seconds:
            limit(path.stat().st_size / seconds)
        self.page.locator("[data-file]").set_input_files(str(path))
        expect(self.row).to_be_visible()
        return lambda: limit(-1)

    def film(self) -> str:
        """The id of the film that is on its way."""
        found: str = self.stack.wait_for(
            "from clips.models import Recording\n"
            "found = Recording.objects.filter(case_id=case).first()\nresult = str(found.pk) if found else ''",
            case=self.family["case"],
            seconds=20,
        )
        return found

    def still_sending(self) -> bool:
        """Whether bytes of the film have yet to come."""
        state = self.stack.python(
            "from clips.models import Upload\n"
            "found = Upload.objects.get(recording__case_id=case)\nresult = [found.state, found.offset < found.length]",
            case=self.family["case"],
        )
        return bool(state == ["receiving", True])

    def look_while_it_is_sent(self) -> Looking:
        button = self.row.get_by_role("button", name="Start looking now")
        expect(button).to_be_visible()
        button.click()
        expect(self.page.locator("[data-workspace]")).to_be_visible()
        return Looking(self.page)

    def mark_by_touch(self, looking: Looking, *, steps: int) -> tuple[int, int]:
        """Mark from the picture on screen to one some frames on, by the buttons; the numbers painted in both."""
        page = self.page
        first = looking.number()
        page.locator("[data-do=mark-in]").tap()
        for _ in range(steps):
            page.locator("[data-do=frame-on]").tap()
            looking.still()
        last = looking.number()
        page.locator("[data-do=mark-out]").tap()
        looking.saved()
        assert last > first
        return first, last

    def arrived(self) -> None:
        """What arrived is what was sent; the copy on the device is ticked off as erased."""
        page = self.page
        expect(page.locator("[data-slim-says]")).to_contain_text("Arrived whole", timeout=PATIENCE)
        page.get_by_role("button", name="Films being sent").click()
        expect(self.row).to_contain_text("Arrived whole")
        self.row.get_by_label("The copy on this device is erased").check()
        expect(self.row).to_contain_text("Noted: the copy on this device is erased")
        self.here("arrived")

    # --- Cut ---------------------------------------------------------------------------------------------------

    def cut(self, moments: int, seconds: float = 120) -> dict[str, Any]:
        """Wait until the worker has cut every moment; the record then."""
        deadline = time.monotonic() + seconds
        while True:
            found = self.record()
            if len(found["clips"]) == moments and {clip["state"] for clip in found["clips"]} == {"ready"}:
                return found
            assert time.monotonic() < deadline, f"{found}\n{self.stack.log_tail(40)}"
            time.sleep(0.5)

    # --- Choosing ----------------------------------------------------------------------------------------------

    def choose(self, moments: int) -> None:
        """Choose all that is marked, on the page for it, and go on to the shared review."""
        page = self.page
        page.goto(f"{self.stack.base_url}/cases/{self.family['case']}/cycles/")
        self.here("cycles-marked")
        page.get_by_role("link", name="Choose moments").click()
        expect(page.get_by_role("heading", level=1, name="Choose moments")).to_be_visible()
        self.here("choose-none")
        for count in range(1, moments + 1):
            page.get_by_role("button", name=re.compile("^Choose")).first.click()
            expect(page.get_by_role("heading", name=f"Chosen for the shared review ({count})")).to_be_visible()

    def prepare_review(self, moments: int) -> None:
        self.here("choose")
        self.page.get_by_role("link", name="Prepare the shared review").click()
        expect(self.page.get_by_text("Will be shown")).to_have_count(moments)
        self.here("review")

    # --- The shared review -------------------------------------------------------------------------------------

    def open_room(self, *, others: str = "") -> None:
        page = self.page
        page.get_by_label("Sam", exact=True).check()
        page.get_by_label("Rowan", exact=True).check()
        if others:
            page.get_by_label("Anybody else in the room").fill(others)
        page.get_by_label("The picture, the first names").check()
        page.get_by_role("button", name="Open the room").click()
        page.wait_for_url("**/room/")
        expect(page.get_by_role("button", name="Begin")).to_be_enabled(timeout=PATIENCE)
        expect(page.locator("[data-question]")).to_contain_text(QUESTION)
        assert page.title() == "Together"
        self.here("room-question", whole=False)
        page.get_by_role("button", name="Begin").click()
        page.wait_for_function("() => document.querySelector('[data-video]').readyState >= 2")
        self.here("room", whole=False)

    def on_screen(self) -> str:
        """Which moment is on the screen: "Moment 1 of 3"."""
        return self.page.locator("[data-video]").get_attribute("aria-label") or ""

    def plays_through(self) -> None:
        """Play the moment on the screen to its end."""
        self.page.locator("[data-do=play]").click()
        self.page.wait_for_function("() => document.querySelector('[data-video]').ended", timeout=PATIENCE)

    def notice(self, **said: str) -> None:
        """Write down, in the room, who noticed what about the picture on the screen."""
        page = self.page
        page.locator("[data-do=words]").click()
        for who, text in said.items():
            page.locator("[data-speakers]").get_by_role("radio", name=who, exact=True).click()
            page.locator("[data-text]").press_sequentially(text)
        self.here("room-words", whole=False)
        page.locator("[data-panel=words] [data-do=close-panel]").click()

    def we_have_seen_them(self, *, idea: str, step: str) -> None:
        """Go from the moments to the end of the sitting."""
        page = self.page
        page.locator("[data-do=moments]").click()
        self.here("room-moments", whole=False)
        page.get_by_role("button", name="We have seen them").click()
        page.get_by_label("New ideas").fill(idea)
        page.get_by_label("One small next step").fill(step)
        self.here("room-ideas", whole=False)
        page.locator("[data-do=to-end]").click()
        expect(page.get_by_role("heading", name="Thank you")).to_be_visible()
        self.here("room-end", whole=False)

    def rate_and_hand_back(self, value: int) -> None:
        """The question, in the caregiver's hand; then the practitioner's PIN."""
        page = self.page
        page.get_by_role("button", name="One last question").click()
        page.wait_for_url("**/room/rate/")
        self.here("room-rate", whole=False)
        page.get_by_role("radio", name=str(value), exact=True).click()
        page.get_by_role("button", name="Done").click()
        expect(page.get_by_text("Please hand the tablet back.")).to_be_visible()
        self.here("room-thanks", whole=False)
        page.locator("#secret").fill(PIN)
        page.get_by_role("button", name="Leave", exact=True).click()
        expect(page.get_by_role("heading", level=1, name="Words of the shared review")).to_be_visible()
        self.here("words")

    def write_afterwards(self, moment: int, text: str) -> None:
        """Words of Sam's that were not written down in the room."""
        part = self.page.get_by_role("region", name=f"Moment {moment}")
        part.get_by_text("Add words").click()
        part.get_by_label("Who said it").locator("visible=true").first.select_option(label="Sam")
        part.get_by_label("In their own words").locator("visible=true").first.fill(text)
        part.get_by_role("button", name="Save these words").first.click()
        expect(self.page.get_by_role("region", name=f"Moment {moment}").get_by_text(text).first).to_be_visible()

    def close_cycle(self, summary: str, reworded: str) -> None:
        page = self.page
        page.get_by_role("link", name="Close the cycle").click()
        expect(page.get_by_role("heading", level=1, name="Close cycle 1")).to_be_visible()
        self.here("close")
        page.get_by_role("button", name="Close this cycle").click()
        expect(page.get_by_role("heading", name="There is a problem")).to_be_visible()
        self.here("close-problem")
        page.get_by_label("Summary of this cycle").fill(summary)
        page.get_by_label("Say it in new words").check()
        page.get_by_label("The question in new words").fill(reworded)
        page.get_by_role("button", name="Close this cycle").click()
        expect(page.get_by_text("Cycle 1 is closed.")).to_be_visible()
        self.here("cycles-closed")

    # --- What must hold at the end -------------------------------------------------------------------------------

    def nothing_is_left_over(self, found: dict[str, Any]) -> None:
        """Every file of the film is spoken of by a row, every row's file is there, no work is left lying."""
        wanted = {"original", "film.json", "frames.json", "proxy.mp4", "proxy.json", "poster.jpg", "storyboard.jpg"}
        wanted |= {"peaks.json"} & set(found["files"])
        for clip in found["clips"]:
            wanted |= {clip["file"], str(Path(clip["file"]).with_suffix(".jpg"))}
        wanted |= {still["file"] for still in found["stills"] if still["file"]}
        assert set(found["files"]) == wanted
        assert (found["work"], found["jobs"]) == ([], [])

    def audit_holds(self, *verbs: str) -> None:
        """The chain is whole when all of it is sealed, and holds what was done and seen."""
        self.stack.manage("seal_audit")
        self.stack.manage("verify_audit")
        missing = set(verbs) - set(self.audited())
        assert not missing, f"{missing} not in {self.audited()}"


def shows_these_frames_of(film: Path, clip: Path, first: int, last: int) -> None:
    """A clip has as many pictures as its mark, and its ends look like those of the film, not like their neighbours."""
    small = _small(clip, 0, 10**9)
    assert len(small) == last - first + 1
    for at, picture in ((first, small[0]), (last, small[-1])):
        begin = max(0, at - 3)
        apart = [float(np.abs(other - picture).mean()) for other in _small(film, begin, at + 3)]
        assert apart[at - begin] <= min(apart) + 0.4, (at, apart)


def _small(film: Path, first: int, last: int) -> list[np.ndarray]:
    """The presented pictures of a film from one to another, small and grey."""
    with av.open(str(film)) as opened:
        opened.streams.video[0].thread_type = "AUTO"
        wanted = itertools.islice(opened.decode(video=0), first, last + 1)
        return [frame.reformat(160, 90, "gray").to_ndarray().astype(np.float32) for frame in wanted]
