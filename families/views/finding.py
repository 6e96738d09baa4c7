"""People who are in the record twice: warned of, found, brought together, taken apart again."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from accounts.access import requires
from accounts.models import Permission
from families.actions.merge import merge_people, older_first, tell_apart, undo_merge, why_not
from families.case_list import cleaned_search
from families.finding import duplicates, search
from families.finding.likeness import compare
from families.forms.fields import add_action_error
from families.forms.merge import MergeForm
from families.forms.people import FORMS
from families.forms.same import caregivers_of, facts_from, in_words
from families.merging.fields import differences
from families.models import Case, Family, Merge, Person
from families.views.reach import person_asking

MOST_PEOPLE = 25  # found for one search


@require_POST
@requires(Permission.EDIT_CASES)
def likely(request: HttpRequest) -> HttpResponse:
    """Who seems to be the person that is being typed, as far as the writer may see; by POST, so that no name is in an
    address. ``kind`` and ``prefix`` say which form it is, ``case`` whose family a child joins."""
    user = person_asking(request)
    kind = request.POST.get("kind", "")
    if kind not in Person.Kind.values:
        return JsonResponse({"found": []})
    prefix = request.POST.get("prefix", "")[:20] or None
    form: Any = FORMS[Person.Kind(kind)](request.POST, by=user, prefix=prefix)
    around, own = [], None
    if case := _case_of(request):
        around, own = caregivers_of(case.family), case.family_id
    elif prefix in {"infant", "twin"}:
        adults = [FORMS[Person.Kind.CAREGIVER](request.POST, by=user, prefix=each) for each in ("first", "second")]
        around = [facts_from(adult, Person.Kind.CAREGIVER) for adult in adults]
    facts = facts_from(form, kind, caregivers=around)
    found = [
        {"who": in_words(match.person), "why": match.why, "where": [reference for _, reference in match.families]}
        for match in duplicates.likely_same(user, facts)[:5]
        if not (facts.child and own in {family for family, _ in match.families})
    ]
    return JsonResponse({"found": found})


def _case_of(request: HttpRequest) -> Case | None:
    try:
        pk = uuid.UUID(request.POST.get("case", ""))
    except ValueError:
        return None
    return Case.objects.visible_to(person_asking(request)).select_related("family").filter(pk=pk).first()


@requires(Permission.MERGE_PEOPLE)
def duplicate_list(request: HttpRequest) -> HttpResponse:
    """The people who seem to be in the record twice, the likeliest first."""
    user = person_asking(request)
    rows = [(pair, in_words(pair.one), in_words(pair.other)) for pair in duplicates.pairs(user)]
    return render(request, "families/duplicates.html", {"rows": rows, "may_undo": user.can(Permission.UNDO_MERGES)})


def _visible(request: HttpRequest, pk: uuid.UUID) -> Person:
    return get_object_or_404(Person.objects.visible_to(person_asking(request)), pk=pk)


@requires(Permission.MERGE_PEOPLE)
def same_as(request: HttpRequest, person: uuid.UUID) -> HttpResponse:
    """Look for the other record of somebody: those who are alike by themselves, or by a search."""
    user = person_asking(request)
    one = _visible(request, person)
    text = cleaned_search(request.GET.get("q", ""))
    if text:
        ids = [pk for pk in search.people(user, text) if pk != one.pk][:MOST_PEOPLE]
        found = Person.objects.visible_to(user).in_bulk(ids)
        facts = duplicates.facts_of([one, *found.values()])
        alike = [(found[pk], compare(facts[one.pk], facts[pk])) for pk in ids if pk in found]
        matches = duplicates.with_families(user, alike)
    else:
        matches = duplicates.likely_same(user, duplicates.facts_of([one])[one.pk])
    return render(
        request,
        "families/same_as.html",
        {
            "person": one,
            "who": in_words(one),
            "text": text,
            "rows": [(each, in_words(each.person)) for each in matches],
        },
    )


@requires(Permission.MERGE_PEOPLE)
def merge(request: HttpRequest, person: uuid.UUID, other: uuid.UUID) -> HttpResponse:
    """Two records side by side, and what to keep of each."""
    user = person_asking(request)
    if person == other:
        raise Http404("One record, not two.")
    kept, gone = older_first(_visible(request, person), _visible(request, other))
    if request.method == "POST" and "two_people" in request.POST:
        tell_apart(by=user, one=kept, other=gone)
        messages.success(request, "Noted: they are two people. Nobody is asked about them again.")
        return redirect("families:duplicates")
    ours, theirs = (
        list(Family.objects.visible_to(user).filter(memberships__person=each).order_by("created_at"))
        for each in (kept, gone)
    )
    households = [(a, b) for a in ours for b in theirs if a not in theirs and b not in ours]
    form = MergeForm(request.POST or None, differences=differences(kept, gone), households=households)
    form.cancel_url = reverse("families:duplicates")
    reasons = why_not(kept, gone)
    if reasons:
        form.submit_label = ""
    if request.method == "POST" and form.is_valid():
        try:
            done = merge_people(by=user, kept=kept, gone=gone, choices=form.choices(), household=form.household())
        except ValidationError as error:
            add_action_error(form, error)
        else:
            messages.success(request, f"One record now: {done.kept.display_name}. For 30 days this can be undone.")
            case = Case.objects.visible_to(user).filter(family__memberships__person=done.kept).first()
            return redirect("families:people", case=case.pk) if case else redirect("families:duplicates")
    facts = duplicates.facts_of([kept, gone])
    return render(
        request,
        "families/merge.html",
        {
            "form": form,
            "reasons": reasons,
            "sides": [(in_words(kept), kept, ours), (in_words(gone), gone, theirs)],
            "alike": ", ".join(compare(facts[kept.pk], facts[gone.pk]).reasons),
        },
    )


@requires(Permission.MERGE_PEOPLE, Permission.UNDO_MERGES)
def merge_list(request: HttpRequest) -> HttpResponse:
    """What was brought together in the last 30 days, and can be taken apart again."""
    user = person_asking(request)
    return render(
        request,
        "families/merges.html",
        {
            "merges": Merge.objects.visible_to(user).undoable().select_related("kept", "by")[:100],
            "may_undo": user.can(Permission.UNDO_MERGES),
            "names": user.can(Permission.SEE_CASES),
            "may_merge": user.can(Permission.MERGE_PEOPLE),
        },
    )


@requires(Permission.UNDO_MERGES)
def merge_undo(request: HttpRequest, merge: uuid.UUID) -> HttpResponse:
    """Take two records apart again."""
    user = person_asking(request)
    found = get_object_or_404(Merge.objects.visible_to(user).select_related("kept", "by"), pk=merge)
    if request.method == "POST":
        try:
            undo_merge(by=user, merge=found)
        except ValidationError as error:
            messages.error(request, " ".join(error.messages))
        else:
            messages.success(request, "Undone: there are two records again, as they were.")
        return redirect("families:merges")
    return render(request, "families/merge_undo.html", {"merge": found, "names": user.can(Permission.SEE_CASES)})
