"""What films ask of somebody: worked out afresh each time."""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import Exists, F, OuterRef, Q
from django.urls import reverse
from django.utils import timezone

from accounts.models import Permission, User
from clips.models import Clip, Recording
from families.models import Case
from families.queries import members, name_of, with_members
from families.registry import Task

State = Recording.State
MOST = 50  # of one kind: more than that is a list to work through


def _films(user: User, *conditions: Q) -> Iterator[tuple[Recording, str]]:
    """Films of open cases with the family's name, oldest first; none that is kept as evidence asks for anything."""
    rows = Recording.objects.visible_to(user).filter(*conditions, case__closed_on__isnull=True)
    rows = rows.filter(evidence_since__isnull=True)
    rows = rows.select_related("case__family").order_by("created_at")[:MOST]
    films = list(rows)
    cases = with_members(Case.objects.filter(pk__in={film.case_id for film in films}))
    names = {case.pk: name_of(members(case)) for case in cases}
    for film in films:
        yield film, names[film.case_id]


def films_to_mend(user: User) -> Iterator[Task]:
    """Whoever sent a film sees when it cannot be used, could not be prepared, or was stopped as the wrong one."""
    if not user.can(Permission.ANALYSE_FILM):
        return
    wrong = Q(state=State.STOPPED, stopped_cause=Recording.Cause.WRONG)
    broken = Q(upload__state="mismatch", state=State.UPLOADING)
    mine = Q(uploaded_by=user)
    for film, name in _films(user, mine, Q(state__in=[State.REJECTED, State.FAILED]) | wrong | broken):
        title = {
            State.REJECTED: f"The film of {name} cannot be used: see why",
            State.FAILED: f"The film of {name} could not be prepared: try again",
            State.STOPPED: f"The film of {name} is the wrong one: move or destroy it",
            State.UPLOADING: f"The film of {name} arrived broken: send it again",
        }[State(film.state)]
        yield _task(film, title, "film", 15)


def copies_to_erase(user: User) -> Iterator[Task]:
    """Whoever sent a film erases the copy on the device once what arrived is what was sent, and says so."""
    if not user.can(Permission.ANALYSE_FILM):
        return
    proven = Q(upload__sha256=F("sha256")) & ~Q(sha256="")
    kept = Q(device_copy_erased_at__isnull=True) & ~Q(state=State.DESTROYED)
    for film, name in _films(user, Q(uploaded_by=user), proven, kept):
        yield _task(film, f"Erase the film of {name} from the device it was made with", "erase", 10)


def films_to_look_at(user: User) -> Iterator[Task]:
    """Whoever leads a case looks at its films: those that are ready and have no mark yet."""
    if not user.can(Permission.ANALYSE_FILM):
        return
    unmarked = ~Exists(Clip.objects.kept().filter(recording=OuterRef("pk")))
    ready = Q(kind=Recording.Kind.INTERACTION, state=State.READY, cycle__closed_at__isnull=True)
    mine = Q(case__lead=user) | Q(case__lead__isnull=True, uploaded_by=user)
    for film, name in _films(user, Q(unmarked), ready, mine):
        url = reverse("clips:workspace", args=[film.pk])
        yield Task(
            f"Look at the film of {name}",
            url,
            "film",
            order=40,
            detail=f"filmed on {film.filmed_on:%-d %b %Y}",
            case_id=str(film.case_id),
        )


def _task(film: Recording, title: str, kind: str, order: int) -> Task:
    return Task(
        title,
        reverse("clips:film", args=[film.pk]),
        kind,
        order=order,
        detail=f"filmed on {film.filmed_on:%-d %b %Y}, sent {timezone.localtime(film.created_at):%-d %b, %H:%M}",
        case_id=str(film.case_id),
    )
