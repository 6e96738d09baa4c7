"""A baby who was expected has been born, or more than one."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from families import actions, queries
from families.actions.twins import expected_together
from families.forms.birth import MOST_BABIES, BirthForm, TwinForm, births_of
from families.forms.fields import add_action_error
from families.views.people import member_or_404, people_url
from families.views.reach import editable_case_for, person_asking


def person_born(request: HttpRequest, case: uuid.UUID, person: uuid.UUID) -> HttpResponse:
    """The birth of an expected baby, and of the others of the same pregnancy, known of before or not."""
    found = editable_case_for(request, case)
    expected = member_or_404(found, person).person
    if not expected.unborn:
        if not expected.lost:
            messages.info(request, f"The birth of {expected.short_name} is already recorded.")
        return redirect(people_url(found))
    data, by = request.POST or None, person_asking(request)
    together = expected_together(found, expected)[: MOST_BABIES - 1]
    first = BirthForm(data, by=by, person=expected, expected_on=expected.expected_on)
    others = [
        TwinForm(
            data,
            by=by,
            person=other,
            expected_on=expected.expected_on,
            name=other.short_name if other else "Another baby" if number == 2 else "One more baby",
            number=number,
            prefix=f"baby{number}",
        )
        for number, other in enumerate([*together, *[None] * (MOST_BABIES - 1 - len(together))], start=2)
    ]
    for form in others:
        form.submit_label = ""
    valid = [form.is_valid() for form in (first, *others)]
    if request.method == "POST" and all(valid):
        try:
            babies = actions.record_births(by=by, case=found, births=births_of(first, others))
        except ValidationError as error:
            add_action_error(first, error)
        else:
            names = queries.in_a_row([baby.short_name for baby in babies])
            messages.success(request, f"The birth of {names} is recorded. Consent can be asked for now.")
            return redirect(people_url(found))
    return render(
        request,
        "families/birth.html",
        {
            "case": found,
            "person": expected,
            "form": first,
            "others": others,
            "several": bool(together) or any(form.told for form in others),
            "back": people_url(found),
            "tab": "families:people",
        },
    )
