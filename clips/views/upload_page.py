"""The page that sends films: who is in them, consent that is still to be asked, and then the films themselves."""

from __future__ import annotations

import uuid
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.contrib import messages
from django.db.models import prefetch_related_objects
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.formats import date_format
from django.views.decorators.http import require_http_methods

from accounts.models import Permission, User
from clips import actions, queries
from clips.media.probe.reasons import size_in_words
from clips.models import Recording, Upload
from clips.upload_form import AboutTheFilm, first_answers
from clips.views.workspace import NOBODY
from families.consent import PersonStanding, Purpose, ask, decides_alone
from families.consent_forms import ConsentOnTheSpotForm, OnTheSpot, missing
from families.models import Case, Person
from families.queries import in_a_row
from families.responsibility import holders, unsettled
from families.views.reach import case_for, person_asking


@require_http_methods(["GET", "POST"])
def film_upload(request: HttpRequest, case: uuid.UUID) -> HttpResponse:
    """First the questions; then, once everybody in the film agrees (``ready`` in the address), the film."""
    found = case_for(request, case, permission=Permission.ANALYSE_FILM)
    user = person_asking(request)
    if found.is_closed:
        return _page(request, found, closed=True)
    if request.method == "POST":
        return _answered(request, found, user)
    if "ready" in request.GET:
        form = AboutTheFilm(request.GET, case=found)
        if form.is_valid():
            verdict = ask(form.cleaned_data["people"], Purpose.FILM)
            if verdict.allowed:
                return _page(request, found, form=form, ready=_ready(form, found))
            for reason in verdict.reasons:  # withdrawn since the question was answered
                form.add_error("people", reason)
        return _questions(request, found, form, OnTheSpot(form.everybody, by=user))
    first = first_answers(found, request.GET)
    if "change" in request.GET and (before := AboutTheFilm(request.GET, case=found)).is_valid():
        first = before.about | {"filmed_on": before.cleaned_data["filmed_on"]}
    form = AboutTheFilm(case=found, initial=first)
    return _questions(request, found, form, OnTheSpot(form.everybody, by=user))


def _answered(request: HttpRequest, case: Case, user: User) -> HttpResponse:
    """Keep what was decided on the spot, then go on to the film, or say what is still in the way."""
    form = AboutTheFilm(request.POST, case=case)
    everybody = OnTheSpot(form.everybody, by=user)
    answered = form.is_valid()
    in_shot: list[Person] = list(form.cleaned_data.get("people") or [])
    asked = OnTheSpot(in_shot, by=user, data=request.POST)
    # What was decided is kept even where something else on the page is still to be mended: it was said.
    if asked.is_valid(in_shot) and asked.save(in_shot, case=case) is not None:
        recorded = [each.person.short_name for each in asked if each.answers()]
        if recorded:
            messages.success(request, f"Recorded what was decided: {in_a_row(recorded)}.")
        if answered:
            verdict = ask(in_shot, Purpose.FILM)
            if verdict.allowed:
                query = urlencode([*form.as_query, ("ready", "1")])
                return redirect(f"{reverse('clips:film-upload', args=[case.pk])}?{query}")
            for reason in verdict.reasons:
                form.add_error("people", f"{reason} The film cannot be sent while they are in it and do not agree.")
        # Decisions that are written down are not asked again with the same answer.
        fresh = OnTheSpot(form.everybody, by=user)
        _keep(fresh, [each for each in asked if not each.answers()])
        return _questions(request, case, form, fresh)
    _keep(everybody, list(asked))
    return _questions(request, case, form, everybody)


def _keep(shown: OnTheSpot, typed: list[ConsentOnTheSpotForm]) -> None:
    """Show the forms of these people as they were filled in, the others as they are."""
    by_person = {each.person.pk: each for each in typed}
    shown.forms = [by_person.get(each.person.pk, each) for each in shown.forms]


def _questions(request: HttpRequest, case: Case, form: AboutTheFilm, asked: OnTheSpot) -> HttpResponse:
    return _page(
        request,
        case,
        form=form,
        asked=asked,
        blocks=[{"form": each, "person": each.person, "stuck": _stuck(each.person)} for each in asked],
        unborn=[person for person in case.people.all() if person.unborn],
    )


def _stuck(person: Person) -> str:
    """Why nobody of the family can decide for a child at this moment; empty when somebody can."""
    if decides_alone(person) or holders(person):
        return ""
    waiting = [adult.short_name for adult in unsettled(person)]
    known = (
        f"it is not known yet whether {' or '.join(waiting)} has it"
        if waiting
        else "nobody in the record has been written down as having it"
    )
    return (
        f"Consent for {person.short_name} is given by somebody with parental responsibility, and {known}. "
        "Settle that under People, then come back; or record what the local authority decides if it shares it."
    )


def _ready(form: AboutTheFilm, case: Case) -> dict[str, Any]:
    """The second half of the page: what was answered, and what holds for the shared review."""
    said = form.cleaned_data
    lacking: list[PersonStanding] = missing(said["people"], (Purpose.SHARED_REVIEW,))
    about = form.about
    again = reverse("clips:film-upload", args=[case.pk])
    return {
        "people": in_a_row([person.short_name for person in said["people"]]),
        "filmed_on": said["filmed_on"],
        "review": said["kind"] == Recording.Kind.REVIEW,
        "cycle": said.get("cycle"),
        "lacking": lacking if said["kind"] == Recording.Kind.INTERACTION else [],
        "about": about | {"case": str(case.pk)},
        "change_url": f"{again}?{urlencode(form.as_query)}&change=1",
    }


def _page(request: HttpRequest, case: Case, *, ready: dict[str, Any] | None = None, **more: Any) -> HttpResponse:
    """The page in any of its states, with the films that are still on their way."""
    on_their_way = _on_their_way(person_asking(request), case)
    facts = {
        "about": ready["about"] if ready else None,
        "label": _label(ready["filmed_on"], ready["people"]) if ready else "",
        "most_bytes": settings.UPLOAD_MAX_BYTES,
        "most_words": size_in_words(settings.UPLOAD_MAX_BYTES),
        "chunk_bytes": settings.UPLOAD_CHUNK_BYTES,
        "unfinished": {str(each["id"]): each["label"] for each in on_their_way},
        "urls": {
            "uploads": reverse("clips:uploads"),
            "case_uploads": f"{reverse('clips:uploads')}?case={case.pk}",
            "nobody": str(NOBODY),
            "workspace": reverse("clips:workspace", args=[NOBODY]),
            "fragment": reverse("clips:workspace-fragment", args=[NOBODY]),
            "erased": reverse("clips:film-erased", args=[NOBODY]),
        },
    }
    context = {
        "case": case,
        "tab": "clips:cycles",
        "ready": ready,
        "most": facts["most_words"],
        "on_their_way": on_their_way,
        "facts": facts,
        "cycle_url": reverse("vig_sessions:cycle-open", args=[case.pk]),
        **more,
    }
    return render(request, "clips/upload.html", context)


def _label(filmed_on: Any, people: str) -> str:
    return f"Film of {date_format(filmed_on, 'j M Y')}: {people}"


def _on_their_way(user: User, case: Case) -> list[dict[str, Any]]:
    """This person's films of this case that stopped on the way, in words; two queries."""
    uploads = queries.unfinished_uploads(user, case.pk)
    prefetch_related_objects(uploads, "recording__people")
    return [
        {
            "id": upload.pk,
            "label": _label(upload.recording.filmed_on, in_a_row([each.short_name for each in _in_shot(upload)])),
            "percent": round(100 * upload.offset / upload.length),
            "broken": upload.state == Upload.State.MISMATCH,
            "until": upload.updated_at + actions.STALE_UPLOAD,
        }
        for upload in uploads
    ]


def _in_shot(upload: Upload) -> list[Person]:
    order = list(Person.Kind.values)
    return sorted(upload.recording.people.all(), key=lambda person: (order.index(person.kind), person.created_at))
