"""The tab of VIG cycles, choosing the moments, and the end of a cycle."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from accounts.models import Permission
from accounts.request import Request
from clips import cycles as reading
from clips import marks, queries, reviews
from clips.actions.refusal import Refused
from clips.marks.reading import with_parts
from clips.models import Clip, Recording, SharedReview
from clips.review_forms import NextQuestion
from families.forms.fields import add_action_error
from families.views.reach import case_for, person_asking
from outcomes.actions import add_question, reword_question
from outcomes.models import HelpingQuestionWording
from sessions.actions import close_cycle
from sessions.models import Cycle


@require_GET
def cycles(request: Request, case: uuid.UUID) -> HttpResponse:
    """One row a cycle; the one thing to do next is the only primary button of each."""
    found = case_for(request, case)
    user = person_asking(request)
    rows = reading.rows_of_case(found, user)
    return render(
        request,
        "clips/cycles.html",
        {
            "case": found,
            "tab": "clips:cycles",
            "rows": rows,
            "may_work": user.can(Permission.ANALYSE_FILM) and not found.is_closed,
            "may_edit": user.can(Permission.EDIT_CASES) and not found.is_closed,
            "upload_url": reading.upload_address(found.pk),
            "live": any(row.being_made for row in rows),
        },
    )


def cycle_for(request: Request, pk: uuid.UUID) -> Cycle:
    """The cycle, if this person works on films with this family."""
    cycle = Cycle.objects.visible_to(person_asking(request)).select_related("case__family", "wording").filter(pk=pk)
    found = cycle.first()
    if found is None:
        raise Http404
    case_for(request, found.case_id, permission=Permission.ANALYSE_FILM)
    return found


# --- Choosing ------------------------------------------------------------------------------------------------


@require_http_methods(["GET", "POST"])
def choose(request: Request, cycle: uuid.UUID) -> HttpResponse:
    """The moments of the cycle's films: which are shown, in which order, and why (for the practitioner alone)."""
    found = cycle_for(request, cycle)
    if request.method == "POST":
        anchor = _chosen(request, found)
        return redirect(reverse("clips:choose", args=[found.pk]) + anchor)
    return render(request, "clips/choose.html", _choosing(request, found))


def _choosing(request: Request, found: Cycle) -> dict[str, Any]:
    user = person_asking(request)
    review = SharedReview.objects.visible_to(user).filter(cycle=found).first()
    chosen = reviews.chosen_moments(review) if review else []
    clips = list(
        with_parts(Clip.objects.visible_to(user).kept())
        .filter(recording__cycle=found, recording__kind=Recording.Kind.INTERACTION)
        .select_related("recording")
        .order_by("recording__filmed_on", "recording__created_at", "first_us")
    )
    playing: dict[Any, queries.Playing] = {}
    for clip in clips:
        if clip.recording_id not in playing:
            playing[clip.recording_id] = queries.may_play(user, clip.recording)
    shown = {clip.pk: _shown(clip, playing[clip.recording_id]) for clip in clips}
    taken = {each.moment.clip_id for each in chosen}
    return {
        "case": found.case,
        "tab": "clips:cycles",
        "cycle": found,
        "review": review,
        "settled": found.closed_at is not None or (review is not None and review.state == SharedReview.State.HELD),
        "chosen": [{"row": each, "clip": shown.get(each.moment.clip_id)} for each in chosen],
        "others": [shown[clip.pk] for clip in clips if clip.pk not in taken],
        "films": Recording.objects.visible_to(user).filter(cycle=found, kind=Recording.Kind.INTERACTION).kept(),
        "waits": any(clip.state in {Clip.State.MARKED, Clip.State.CUTTING} for clip in clips),
        "why_length": 2000,
    }


def _shown(clip: Clip, playing: queries.Playing) -> dict[str, Any]:
    """A mark as the page shows it: its own file once it is cut, else the film from its first to its last frame."""
    film, source, poster = clip.recording, "", ""
    if playing.allowed:
        own = queries.clip_file_url(clip)
        if own:
            source = own
            poster = reverse("clips:clip-media", args=[clip.pk, "poster"]) + f"?v={clip.edges_version}"
        elif film.proxy or film.plays_directly:
            start = film.facts.get("start_us", 0) if not film.proxy else 0
            source = (
                queries.media_url(film, "play")
                + f"#t={(clip.first_us - start) / 1e6:.3f},{(clip.last_us - start) / 1e6:.3f}"
            )
    return {
        "clip": clip,
        "source": source,
        "poster": poster,
        "reasons": playing.reasons,
        "seconds": (clip.last_us - clip.first_us) / 1e6,
        "at": _clock(clip.first_us),
        "error": queries.clip_error(clip),
        "workspace": reverse("clips:workspace", args=[film.pk]),
    }


def _clock(us: int) -> str:
    seconds = us // 1_000_000
    return f"{seconds // 60}:{seconds % 60:02}"


def _chosen(request: Request, found: Cycle) -> str:
    """Do what a button of the page says; where on the page to go on."""
    does, _, which = request.POST.get("do", "").partition(" ")
    try:
        if does in {"choose", "leave-out"}:
            return _choose_clip(request, found, which, chosen=does == "choose")
        return _arrange(request, found, does, which)
    except Refused as refused:
        messages.error(request, str(refused))
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    return ""


def _choose_clip(request: Request, found: Cycle, which: str, *, chosen: bool) -> str:
    user, key = person_asking(request), _uuid(which)
    clip = Clip.objects.visible_to(user).kept().filter(pk=key, recording__cycle=found).first() if key else None
    if clip is None:
        raise Refused("That moment is not there any more.")
    marks.choose_moment(by=user, clip=clip, chosen=chosen)
    return f"#clip-{clip.pk}"


def _arrange(request: Request, found: Cycle, does: str, which: str) -> str:
    user = person_asking(request)
    review = SharedReview.objects.visible_to(user).filter(cycle=found).first()
    if review is None or found.closed_at is not None:
        raise Refused("There is nothing to put in order.")
    if does == "order":
        ids = [int(one) for one in request.POST.getlist("moment") if one.isascii() and one.isdigit()]
        reviews.order_moments(by=user, review=review, moments=ids)
        return "#chosen"
    moment = review.moments.filter(pk=int(which)).first() if which.isascii() and which.isdigit() else None
    if moment is None:
        raise Refused("That moment is not there any more.")
    if does in {"up", "down"}:
        reviews.move_moment(by=user, moment=moment, places=-1 if does == "up" else 1)
    elif does == "why":
        reviews.set_why(by=user, moment=moment, why=request.POST.get("why", "").replace("\r\n", "\n"))
        messages.success(request, "Your note is saved.")
    return f"#moment-{moment.pk}"


def _uuid(text: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(text)
    except ValueError:
        return None


# --- The end of a cycle ----------------------------------------------------------------------------------------


@require_http_methods(["GET", "POST"])
def cycle_close(request: Request, cycle: uuid.UUID) -> HttpResponse:
    """A written summary, then the next helping question. What was said lies beside it to draw on."""
    found = cycle_for(request, cycle)
    user = person_asking(request)
    back = reverse("clips:cycles", args=[found.case_id])
    if found.closed_at is not None:
        messages.info(request, f"Cycle {found.number} is closed already.")
        return redirect(back)
    latest = found.wording.question.wordings.order_by("-version").first() or found.wording
    form = NextQuestion(request.POST if request.method == "POST" else None, cycle=found, latest=latest)
    form.submit_label = "Close this cycle"
    form.cancel_url = back
    if request.method == "POST" and form.is_valid():
        try:
            with transaction.atomic():
                close_cycle(
                    by=user,
                    cycle=found,
                    summary=form.cleaned_data["summary"],
                    next_wording=_next_wording(request, found, latest, form),
                )
        except ValidationError as error:
            add_action_error(form, error)
        else:
            messages.success(request, f"Cycle {found.number} is closed.")
            return redirect(back)
    review = SharedReview.objects.visible_to(user).filter(cycle=found).first()
    films = Recording.objects.visible_to(user).filter(cycle=found).exclude(state=Recording.State.DESTROYED)
    context = {
        "case": found.case,
        "tab": "clips:cycles",
        "cycle": found,
        "form": form,
        "review": review,
        "moments": reading.moments_of(review) if review else [],
        "said": review.words.select_related("speaker", "staff_speaker") if review else [],
        "films": films.count(),
    }
    return render(request, "clips/cycle_close.html", context, status=400 if form.errors else 200)


def _next_wording(
    request: Request, cycle: Cycle, latest: HelpingQuestionWording, form: NextQuestion
) -> HelpingQuestionWording | None:
    user, choice = person_asking(request), form.cleaned_data["question"]
    if choice == NextQuestion.KEEP:
        return latest
    if choice == NextQuestion.REWORD:
        return reword_question(by=user, question=cycle.wording.question, text=form.cleaned_data["reworded"])
    if choice == NextQuestion.NEW:
        question = add_question(by=user, case=cycle.case, text=form.cleaned_data["new"])
        return question.wordings.get(version=1)
    return None
