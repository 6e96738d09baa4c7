"""A case's cycles as its tab shows them: one row a cycle, left to right as the practice goes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from django.db.models import Count, Q
from django.urls import NoReverseMatch, reverse

from accounts.models import Permission, User
from clips.models import Clip, Recording, ReviewMoment, SharedReview, Words
from families.models import Case
from families.protection import anybody_in
from families.queries import members, name_of, with_members
from families.registry import Task
from sessions.models import Cycle, VigSession

State = Recording.State
BEING_MADE = {State.UPLOADING, State.CHECKING, State.PREPARING}
MOST_TASKS = 50


@dataclass(frozen=True)
class NextStep:
    """The one thing to do next in a cycle."""

    label: str
    url: str
    why: str = ""


@dataclass(frozen=True)
class CycleRow:
    """One cycle with everything in it."""

    cycle: Cycle
    filming: tuple[VigSession, ...] = ()
    films: tuple[Recording, ...] = ()
    review_films: tuple[Recording, ...] = ()
    marks: int = 0
    review: SharedReview | None = None
    chosen: int = 0
    words: int = 0
    playable: frozenset[Any] = field(default=frozenset())  # ids of the review films that this person may play

    @property
    def next_step(self) -> NextStep | None:
        """What comes next; None when the cycle is closed."""
        cycle = self.cycle
        if cycle.closed_at is not None:
            return None
        if self.review is not None and self.review.state == SharedReview.State.HELD:
            words = reverse("clips:words", args=[self.review.pk])
            if not self.words or not self.review.next_step:
                return NextStep("Complete the words", words, "Who said what, the new ideas and the next step.")
            return NextStep("Close the cycle", reverse("clips:cycle-close", args=[cycle.pk]), "With a written summary.")
        if self.review is not None and self.chosen:
            label = "Prepare the shared review"
            if self.review.state == SharedReview.State.PAUSED:
                label = "Go on with the shared review"
            elif self.review.state == SharedReview.State.OPEN:
                label = "Open the shared review again"
            url = reverse("clips:review", args=[self.review.pk])
            return NextStep(label, url, "Say who is present, then open the room.")
        if self.marks:
            return NextStep("Choose moments", reverse("clips:choose", args=[cycle.pk]), "For the shared review.")
        usable = [film for film in self.films if not film.ended and film.state not in {State.REJECTED, State.FAILED}]
        if usable:
            film = usable[0]
            return NextStep("Look for moments", reverse("clips:workspace", args=[film.pk]), "Mark what goes well.")
        if not self.filming:
            url = reverse("vig_sessions:log", args=[cycle.case_id])
            return NextStep("Plan the filming", url, "Or upload a film that is there already.")
        return NextStep("Upload the film", upload_address(cycle.case_id, cycle=cycle.pk, session=self.filming[-1].pk))

    @property
    def being_made(self) -> bool:
        return any(film.state in BEING_MADE for film in self.films)


def upload_address(case: Any, **asked: Any) -> str:
    """The page that sends a film of this case; nothing in a build that leaves it out."""
    try:
        return reverse("clips:film-upload", args=[case]) + (f"?{urlencode(asked)}" if asked else "")
    except NoReverseMatch:
        return ""


def rows_of(cycles: Sequence[Cycle], user: User) -> list[CycleRow]:
    """The rows of these cycles, in six or seven queries whatever their number."""
    films: dict[Any, list[Recording]] = defaultdict(list)
    for film in Recording.objects.visible_to(user).filter(cycle__in=cycles).order_by("filmed_on", "created_at"):
        films[film.cycle_id].append(film)
    reviews = {
        review.cycle_id: review
        for review in SharedReview.objects.visible_to(user)
        .filter(cycle__in=cycles)
        .annotate(chosen=Count("moments", filter=Q(moments__clip__deleted_at__isnull=True)))
    }
    sessions: dict[Any, list[VigSession]] = defaultdict(list)
    for session in VigSession.objects.visible_to(user).standing().filter(cycle__in=cycles).order_by("starts_at"):
        if session.kind == VigSession.Kind.FILMING:
            sessions[session.cycle_id].append(session)
    kept = Clip.objects.visible_to(user).kept().filter(recording__cycle__in=cycles)
    kept = kept.filter(recording__kind=Recording.Kind.INTERACTION)
    marks = dict(kept.order_by().values_list("recording__cycle").annotate(Count("pk")))
    spoken = Words.objects.filter(review__in=[review.pk for review in reviews.values()], speaker__isnull=False)
    words = dict(spoken.order_by().values_list("review__cycle").annotate(Count("pk")))
    of_reviews = [film.pk for some in films.values() for film in some if film.kind == Recording.Kind.REVIEW]
    playable = frozenset(
        Recording.objects.playable_by(user).filter(pk__in=of_reviews).values_list("pk", flat=True) if of_reviews else []
    )
    return [
        CycleRow(
            cycle=cycle,
            filming=tuple(sessions[cycle.pk]),
            films=tuple(film for film in films[cycle.pk] if film.kind == Recording.Kind.INTERACTION),
            review_films=tuple(film for film in films[cycle.pk] if film.kind == Recording.Kind.REVIEW),
            marks=marks.get(cycle.pk, 0),
            review=reviews.get(cycle.pk),
            chosen=reviews[cycle.pk].chosen if cycle.pk in reviews else 0,
            words=words.get(cycle.pk, 0),
            playable=playable,
        )
        for cycle in cycles
    ]


def rows_of_case(case: Case, user: User) -> list[CycleRow]:
    """All cycles of a case, the latest first."""
    return rows_of(list(case.cycles.select_related("wording", "next_wording").order_by("-number")), user)


# --- What cycles ask of somebody -----------------------------------------------------------------------------


def steps_to_take(user: User) -> Iterator[Task]:
    """Moments to choose, a shared review that is ready, words to complete, a cycle to close: of the cases one leads."""
    if not user.can(Permission.ANALYSE_FILM):
        return
    open_ones = Cycle.objects.visible_to(user).open().filter(case__lead=user, case__closed_on__isnull=True)
    rows = open_ones.annotate(guarded=anybody_in("case__family")).select_related("case__family", "wording")
    cycles = list(rows.order_by("opened_at")[:MOST_TASKS])
    guarded = {cycle.pk: cycle.guarded for cycle in cycles}
    cases = with_members(Case.objects.filter(pk__in={cycle.case_id for cycle in cycles}))
    names = {case.pk: name_of(members(case)) for case in cases}
    said = {
        "Choose moments": ("Choose moments for {}’s shared review", "choose", 35),
        "Prepare the shared review": ("The shared review with {} is ready to hold", "review", 34),
        "Go on with the shared review": ("Go on with the shared review with {}", "review", 34),
        "Open the shared review again": ("The shared review with {} was not ended: go on with it", "review", 33),
        "Complete the words": ("Complete the words of {}’s shared review", "words", 30),
        "Close the cycle": ("Close {}’s cycle with a summary", "cycle", 45),
    }
    for row in rows_of(cycles, user):
        step = row.next_step
        if step is None or step.label not in said:
            continue
        title, kind, order = said[step.label]
        yield Task(
            title.format(names[row.cycle.case_id]),
            step.url,
            kind,
            order=order,
            detail=f"Cycle {row.cycle.number}" + ("" if guarded[row.cycle.pk] else f": “{row.cycle.wording.text}”"),
            case_id=str(row.cycle.case_id),
        )


def review_films_to_look_at(user: User) -> Iterator[Task]:
    """A supervisor's: films of shared reviews of those they supervise, while everyone in them agrees."""
    from clips.queries import may_play

    if not user.can(Permission.SUPERVISE):
        return
    seen = Clip.objects.filter(created_by=user).values("recording")
    films = (
        Recording.objects.playable_by(user)
        .filter(kind=Recording.Kind.REVIEW, uploaded_by__supervisor=user, state=State.READY)
        .exclude(pk__in=seen)
        .select_related("uploaded_by")
        .order_by("created_at")
    )
    for film in films[:MOST_TASKS]:
        if may_play(user, film).allowed:
            yield Task(
                f"Look at {film.uploaded_by.get_short_name()}’s film of a shared review",
                reverse("clips:workspace", args=[film.pk]),
                "film",
                order=50,
                detail=f"filmed on {film.filmed_on:%-d %b %Y}",
                case_id=str(film.case_id),
            )


def moments_of(review: SharedReview) -> list[ReviewMoment]:
    """The chosen moments in their order, with clip, film and principles."""
    rows = review.moments.select_related("clip__recording").prefetch_related("clip__principles", "words")
    return list(rows.order_by("position", "pk"))
