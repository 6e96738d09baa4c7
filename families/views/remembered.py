"""What the pages about somebody do once that person has died: nobody is asked anything about them any more."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from families.models import Case
from families.queries import Member
from families.views.people import person_url


def asked_no_more(request: HttpRequest, case: Case, member: Member, section: str = "") -> HttpResponse | None:
    """Instead of a form that asks about somebody: their page, and a sentence. None for the living.

    Somebody comes here by a link kept from before, or by Back.
    """
    if not member.person.lost:
        return None
    messages.info(
        request, f"{member.remembered}. Nobody is asked about this any more; what was written down before is kept."
    )
    return redirect(person_url(case, member.person, section))
