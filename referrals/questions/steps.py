"""The pages of the form, in their order."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from referrals.models import Door
from referrals.questions import asking, beginning, people
from referrals.questions.base import QuestionForm

EVERY_DOOR = frozenset(Door.values)


@dataclass(frozen=True)
class Step:
    """One page, or one page for each of several people.

    ``repeats``: there may be several, each with a number of its own that is never given again, at least ``least``
    (the staff door asks for none). ``of``: asked once for each item of that other step. ``titles``: door → heading
    where it differs; ``more``: heading from the second item on. ``gate``: nothing after it is shown before it is
    answered.
    """

    key: str
    title: str
    form: type[QuestionForm]
    doors: frozenset[str] = EVERY_DOOR
    titles: Mapping[str, str] = field(default_factory=dict)
    forms: Mapping[str, type[QuestionForm]] = field(default_factory=dict)
    more: str = ""
    one: str = ""  # what an item is called: "baby"
    many: str = ""
    repeats: bool = False
    least: int = 0
    most: int = 12
    of: str = ""
    gate: bool = False
    group: str = ""

    def heading(self, door: str, item: int = 1) -> str:
        if item > 1 and self.more:
            return self.more
        return self.titles.get(door, self.title)

    def form_for(self, door: str) -> type[QuestionForm]:
        return self.forms.get(door, self.form)

    def at_least(self, door: str) -> int:
        return 0 if door == Door.STAFF else self.least

    @property
    def numbered(self) -> bool:
        """Whether its address names an item."""
        return self.repeats or bool(self.of)


PROFESSIONALS = frozenset({Door.PROFESSIONAL.value, Door.STAFF.value})

STEPS: tuple[Step, ...] = (
    Step("start", "Is this the right service?", beginning.StartForm, gate=True, group="Before you begin"),
    Step(
        "agreement",
        "Does the family know, and do they agree?",
        beginning.AgreementForm,
        PROFESSIONALS,
        gate=True,
        group="Before you begin",
    ),
    Step(
        "emergency",
        "We are not an emergency service",
        beginning.EmergencyForm,
        frozenset({Door.PROFESSIONAL.value, Door.SELF.value}),
        gate=True,
        group="Before you begin",
    ),
    Step(
        "you",
        "About you",
        beginning.ReferrerForm,
        PROFESSIONALS,
        titles={"staff": "Who refers, and how it came"},
        forms={"staff": beginning.KeyedInForm},
        group="About you",
    ),
    Step(
        "babies",
        "About the baby",
        people.BabyForm,
        titles={"self": "About your baby"},
        more="About another baby",
        one="baby",
        many="Babies",
        repeats=True,
        least=1,
        most=6,
        group="The baby",
    ),
    Step(
        "caregivers",
        "Who looks after the baby?",
        people.CaregiverForm,
        titles={"self": "About you"},
        more="Somebody else who looks after the baby",
        one="parent or carer",
        many="Parents and carers",
        repeats=True,
        least=1,
        most=8,
        group="Parents and carers",
    ),
    Step(
        "reaching",
        "How can we reach them safely?",
        people.ReachingForm,
        titles={"self": "How can we reach you safely?"},
        more="How can we reach them safely?",
        of="caregivers",
        group="Parents and carers",
    ),
    Step(
        "needs",
        "Language, and what they need",
        people.NeedsForm,
        titles={"self": "Language, and what you need"},
        more="Language, and what they need",
        of="caregivers",
        group="Parents and carers",
    ),
    Step(
        "children",
        "About a child",
        people.ChildForm,
        more="About another child",
        one="child",
        many="Other children",
        repeats=True,
        group="Around the family",
    ),
    Step(
        "professionals",
        "Somebody who works with them",
        people.ProfessionalForm,
        titles={"self": "Somebody who works with you"},
        more="Somebody else",
        one="professional",
        many="Who else works with the family?",
        repeats=True,
        group="Around the family",
    ),
    Step("reasons", "Why do you refer?", asking.ReasonsForm, titles={"self": "What is it about?"}, group="Why"),
    Step("hopes", "What they hope for", asking.HopesForm, titles={"self": "What you hope for"}, group="Why"),
    Step("background", "What else is going on", asking.BackgroundForm, group="Why"),
    Step("social-care", "Children’s social care", asking.SocialCareForm, group="Why"),
    Step("risk", "Is anybody at risk?", asking.RiskForm, titles={"self": "Are you safe?"}, group="Risk"),
    Step("place", "Where and when, and who hears from us", asking.PlaceForm, group="Meeting"),
    Step("files", "Reports and letters", asking.FilesForm, group="Meeting"),
)
DECLARATION = Step("declaration", "Before you send it", asking.DeclarationForm, group="Sending")

_by_key = {step.key: step for step in (*STEPS, DECLARATION)}


def steps_for(door: str) -> list[Step]:
    """The pages of a door, in order, without the declaration."""
    return [step for step in STEPS if door in step.doors]


def step_of(key: str, door: str) -> Step | None:
    found = _by_key.get(key)
    return found if found is not None and door in found.doors else None
