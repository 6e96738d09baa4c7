"""Before the room: who is here, is this the right family, what can be shown. Then it opens."""

from __future__ import annotations

import uuid
from typing import Any

from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from accounts.actions import cover
from accounts.clock import is_navigation
from accounts.middleware import see_other
from accounts.models import Permission
from accounts.request import Request
from clips import reviews
from clips.actions.refusal import Refused
from clips.cycles import upload_address
from clips.models import SharedReview
from clips.review_forms import OpenRoom
from clips.reviews import reading
from clips.views.room import set_cookie
from families.forms.fields import add_action_error
from families.queries import in_a_row, members
from families.views.reach import case_for, person_asking


def review_for(request: Request, pk: uuid.UUID) -> SharedReview:
    """The review, if this person leads shared reviews with this family: 404 for strangers, 403 for other work."""
    rows = SharedReview.objects.visible_to(person_asking(request)).select_related(
        "cycle__case__family", "cycle__wording"
    )
    review = rows.filter(pk=pk).first()
    if review is None:
        raise Http404
    case_for(request, review.cycle.case_id, permission=Permission.ANALYSE_FILM)
    return review


@require_http_methods(["GET", "POST"])
def review(request: Request, review: uuid.UUID) -> HttpResponse:
    """Say who is present and that this is the right family; the room opens and the desk is covered."""
    found = review_for(request, review)
    if found.cycle.closed_at is not None:
        return redirect("clips:words", review=found.pk)
    form = OpenRoom(request.POST if request.method == "POST" else None, case=found.cycle.case, review=found)
    form.cancel_url = reverse("clips:choose", args=[found.cycle_id])
    if request.method == "POST" and form.is_valid():
        try:
            _lease, token = reviews.open_room(
                by=person_asking(request),
                review=found,
                present=form.cleaned_data["present"],
                others_present=form.cleaned_data["others_present"],
                confirmed=form.cleaned_data["confirmed"],
            )
        except ValidationError as error:
            add_action_error(form, error)
        except Refused as refused:
            form.add_error(None, list(refused.reasons))
        else:
            cover(request, then=reverse("clips:words", args=[found.pk]))
            room = reverse("clips:room")
            response = see_other(room) if is_navigation(request) else JsonResponse({"to": room})
            set_cookie(response, token)
            return response
    status = 400 if form.errors else 200
    return render(request, "clips/review.html", _context(request, found, form), status=status)


def _context(request: Request, found: SharedReview, form: OpenRoom) -> dict[str, Any]:
    chosen = reviews.chosen_moments(found)
    case = found.cycle.case
    people = members(case)
    return {
        "case": case,
        "tab": "clips:cycles",
        "review": found,
        "cycle": found.cycle,
        "question": reading.question(found, reading.hidden_in(found)),  # the family may look on
        "form": form,
        "chosen": chosen,
        "shows": [each for each in chosen if each.shows],
        "first": next((each.moment.clip for each in chosen if each.shows), None),
        "waiting": [each for each in chosen if not each.reasons and not each.cut],
        "names": in_a_row([member.person.short_name for member in people]),
        "today": timezone.localdate(),
        "films": sorted({each.moment.clip.recording for each in chosen}, key=lambda film: film.filmed_on),
        "upload_url": upload_address(case.pk, kind="review", cycle=found.cycle_id),
    }
