"""A family with a film whose moments are chosen, and the room opened at a browser."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from playwright.sync_api import Page, expect

from tests.cast import PASSWORD, PIN
from tests.stack import Stack

_FAMILY = """
import shutil
from django.db import transaction
from clips import frames, jobs, marks, store
from clips.marks import Edges
from clips.models import Principle, Recording
from outcomes.models import HelpingQuestion, HelpingQuestionWording
from sessions.models import Cycle
from tests.cast import consent_to_everything, make_cast, make_family
from tests.clips import filming
from accounts.models import User
asha = User.objects.filter(email="asha@service.example").first() or make_cast().asha
family = make_family(asha)
consent_to_everything(family, by=asha)
question = HelpingQuestion.objects.create(case=family.case, whose=family.sam)
wording = HelpingQuestionWording.objects.create(
    question=question, version=1, text="What am I doing to help Rowan settle?", recorded_by=asha
)
cycle = Cycle.objects.create(case=family.case, number=1, wording=wording)
film = Recording.objects.create(case=family.case, cycle=cycle, uploaded_by=asha, state="checking")
film.people.set([family.rowan, family.sam])
store.make_folder(film.pk)
shutil.copy(path, store.path(film.pk, store.ORIGINAL))
with transaction.atomic():
    jobs.enqueue_check(film)
filming.work("check")
times = frames.load(film.pk)
clips = []
for first, last in spans:
    clip, _ = marks.create_mark(
        by=asha, recording=film, edges=Edges(times.us(first), times.us(last), first, last),
        note="A private note of the desk", principles=[Principle.objects.first().pk],
    )
    review = marks.choose_moment(by=asha, clip=clip, chosen=True, why="A private reason")
    clips.append(str(clip.pk))
filming.work("prepare", "cut")
result = {
    "case": str(family.case.pk), "cycle": str(cycle.pk), "review": str(review.pk), "film": str(film.pk),
    "clips": clips, "sam": str(family.sam.pk), "rowan": str(family.rowan.pk), "reference": family.family.reference,
    "principle": Principle.objects.first().label,
}
"""

WITHDRAW = """
from accounts.models import User
from families.actions import withdraw_consent
from families.models import Person
asha = User.objects.get(email="asha@service.example")
sam = Person.objects.get(pk=sam)
withdraw_consent(by=asha, person=sam, purpose="shared_review", said_by=sam)
result = True
"""


def make(stack: Stack, path: Path, spans: list[tuple[int, int]]) -> dict[str, Any]:
    """A family whose film is cut into these moments (first and last frame), all chosen."""
    made: dict[str, Any] = stack.python(_FAMILY, path=str(path), spans=spans)
    return made


@dataclass
class Together:
    """A browser in which Asha has opened the room."""

    stack: Stack
    page: Page
    family: dict[str, Any]

    def sign_in(self) -> None:
        self.page.goto(f"{self.stack.base_url}/account/login/")
        self.page.fill("input[name=login]", "asha@service.example")
        self.page.fill("input[name=password]", PASSWORD)
        self.page.get_by_role("button", name="Sign in", exact=True).click()
        self.page.wait_for_url(lambda url: "login" not in url)

    def go(self, path: str) -> None:
        self.page.goto(f"{self.stack.base_url}{path}")

    def open_room(self) -> None:
        """From the page that asks who is present to the question."""
        self.go(f"/reviews/{self.family['review']}/")
        self.page.get_by_role("checkbox", name="Sam").check()
        self.page.get_by_role("checkbox", name="Rowan").check()
        self.page.get_by_label("The picture, the first names").check()
        self.page.get_by_role("button", name="Open the room").click()
        self.page.wait_for_url("**/room/")
        expect(self.page.get_by_role("button", name="Begin")).to_be_enabled()

    def begin(self) -> None:
        self.page.get_by_role("button", name="Begin").click()
        expect(self.page.locator("[data-layer=stage]")).to_be_visible()
        expect(self.page.locator("[data-video]")).to_have_js_property("readyState", 4)

    def frame(self) -> int:
        """The frame of the moment that the page says is on screen."""
        return int(self.page.locator("[data-video]").get_attribute("data-frame") or 0)

    def leave(self, secret: str = PIN) -> None:
        """From any layer with a Leave button."""
        self.page.locator("[data-do=leave]:visible").click()
        self.page.fill("[data-secret]", secret)
        self.page.locator("[data-ask-yes]").click()
