"""After the room: the words completed by speaker, new ideas, the next step."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from accounts.models import User
from accounts.request import Request
from clips import cycles, queries, reviews
from clips.actions.refusal import Refused
from clips.models import ReviewMoment, SharedReview, Words
from clips.review_forms import IdeasForm, WordsForm
from clips.views.review import review_for
from families.forms.fields import add_action_error
from families.models import Person
from families.views.reach import person_asking
from nhsuk_forms.forms import NhsForm

STAFF = "staff"


@dataclass
class Said:
    """Words with their earlier wordings, the first of them beside the last."""

    words: Words
    frame: str

    @property
    def who(self) -> str:
        return self.words.speaker.short_name if self.words.speaker else self.words.staff_speaker.name  # type: ignore[union-attr]

    @property
    def earlier(self) -> list[dict[str, Any]]:
        return [{"text": one["text"], "at": datetime.fromisoformat(one["at"])} for one in self.words.earlier]


@require_http_methods(["GET", "POST"])
def words(request: Request, review: uuid.UUID) -> HttpResponse:
    """What everybody said, moment by moment; more can be written down, and what is there put better."""
    found = review_for(request, review)
    user = person_asking(request)
    closed = found.cycle.closed_at is not None
    speakers = _speakers(found, user)
    context: dict[str, Any] = {}
    if request.method == "POST":
        if closed:
            messages.error(request, "This cycle is closed, so what was said stays as it is.")
            return redirect("clips:words", review=found.pk)
        outcome = _keep(request, found, user, speakers)
        if isinstance(outcome, str):
            return redirect(reverse("clips:words", args=[found.pk]) + outcome)
        context = outcome
    ideas = context.get("ideas_form") or IdeasForm(
        initial={"new_ideas": found.new_ideas, "next_step": found.next_step, "version": found.version}, prefix="ideas"
    )
    moments = cycles.moments_of(found)
    rows = found.words.select_related("speaker", "staff_speaker", "moment__clip")
    said = [Said(one, _place(one)) for one in rows]
    status = context.pop("status", 400 if context else 200)
    allowed = {film: queries.may_play(user, film).allowed for film in {moment.clip.recording for moment in moments}}
    parts = [
        {
            "moment": moment,
            "poster": reverse("clips:clip-media", args=[moment.clip_id, "poster"])
            if moment.clip.file and moment.clip.deleted_at is None and allowed[moment.clip.recording]
            else "",
            "said": [one for one in said if one.words.moment_id == moment.pk],
        }
        for moment in moments
    ]
    return render(
        request,
        "clips/words.html",
        {
            "case": found.cycle.case,
            "tab": "clips:cycles",
            "review": found,
            "cycle": found.cycle,
            "parts": parts,
            "unpinned": [one for one in said if one.words.moment_id is None],
            "speakers": speakers,
            "closed": closed,
            "ideas_form": ideas,
            **context,
        },
        status=status,
    )


def _place(words: Words) -> str:
    """Where in the moment it was said."""
    if words.moment is None or words.frame_us is None:
        return ""
    return f"{max(words.frame_us - words.moment.clip.first_us, 0) / 1e6:.1f} s into it"


def _speakers(review: SharedReview, user: User) -> list[tuple[str, str]]:
    """Those of the family who speak, caregivers first, and the practitioner."""
    people = review.cycle.case.people.exclude(kind=Person.Kind.INFANT)
    ordered = sorted(people, key=lambda each: (each.kind != Person.Kind.CAREGIVER, each.created_at))
    return [*((str(each.pk), each.short_name) for each in ordered), (STAFF, f"{user.name} (practitioner)")]


def _keep(request: Request, review: SharedReview, user: User, speakers: list[tuple[str, str]]) -> str | dict[str, Any]:
    """Do what was asked: where on the page to go on, or what the page must say."""
    does, _, which = request.POST.get("do", "").partition(" ")
    try:
        if does == "held":
            reviews.hold_without_room(by=user, review=review)
            messages.success(request, "The shared review is written down as held.")
            return ""
        if does == "ideas":
            return _keep_ideas(request, review, user)
        if does == "remove":
            words = _words(review, which)
            if words is not None:
                reviews.remove_words(by=user, words=words)
                messages.success(request, "These words are taken back.")
            return ""
        return _keep_words(request, review, user, speakers, does, which)
    except Refused as refused:
        messages.error(request, str(refused))
        return ""


def _keep_ideas(request: Request, review: SharedReview, user: User) -> str | dict[str, Any]:
    form = IdeasForm(request.POST, prefix="ideas")
    if not form.is_valid():
        return {"ideas_form": form}
    try:
        reviews.keep_ideas(by=user, review=review, **form.cleaned_data)
    except reviews.Changed as changed:
        stands = cast(SharedReview, changed.now)
        was = tuple(request.POST.get(f"was_{name}", "").replace("\r\n", "\n") for name in ("new_ideas", "next_step"))
        if was == (stands.new_ideas, stands.next_step):  # something else of the review changed meanwhile
            reviews.keep_ideas(by=user, review=review, **form.cleaned_data | {"version": stands.version})
        else:
            again = IdeasForm(initial=form.cleaned_data | {"version": stands.version}, prefix="ideas")
            return {"ideas_form": again, "ideas_now": stands, "status": 409}
    except ValidationError as error:
        add_action_error(form, error)
        return {"ideas_form": form}
    messages.success(request, "Ideas and next step: saved.")
    return "#ideas"


def _words(review: SharedReview, key: str) -> Words | None:
    try:
        return review.words.filter(pk=uuid.UUID(key)).first()
    except ValueError:
        return None


def _keep_words(
    request: Request,
    review: SharedReview,
    user: User,
    speakers: list[tuple[str, str]],
    does: str,
    which: str,
) -> str | dict[str, Any]:
    before = _words(review, which) if does == "change" else None
    moment: ReviewMoment | None = before.moment if before else None
    if does == "add" and which.isascii() and which.isdigit():
        moment = review.moments.filter(pk=int(which)).first()
    form = WordsForm(request.POST, speakers=speakers)
    if not form.is_valid():
        return _page_again(form, before, moment)
    who = form.cleaned_data["speaker"]
    version = request.POST.get("version", "")
    try:
        reviews.keep_words(
            by=user,
            review=review,
            text=form.cleaned_data["text"],
            speaker=None if who == STAFF else Person.objects.visible_to(user).filter(pk=who).first(),
            staff_speaker=user if who == STAFF else None,
            moment=moment,
            frame_us=before.frame_us if before else None,
            words=before,
            version=int(version) if version.isascii() and version.isdigit() else None,
            after=True,
        )
    except reviews.Changed as changed:
        return _page_again(form, before, moment) | {"words_now": changed.now, "status": 409}
    except ValidationError as error:
        add_action_error(form, error)
        return _page_again(form, before, moment)
    messages.success(request, "These words are saved.")
    return f"#moment-{moment.pk}" if moment else "#all"


def _page_again(form: NhsForm, before: Words | None, moment: ReviewMoment | None) -> dict[str, Any]:
    return {"form": form, "again": before, "again_moment": moment}
