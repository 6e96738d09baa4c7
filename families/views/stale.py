"""A form about somebody whom a colleague changed meanwhile: said before it is written over, nothing typed is lost."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django import forms
from django.http import HttpRequest
from django.utils import timezone

from families import person_history
from families.models import Case, Person
from families.protection import guarded_in
from families.views.reach import person_asking

READ = "read"  # when the page that is sent back was made


def watch(form: Any) -> None:
    """Have the form say when its page was made. Before it is cleaned."""
    form.fields[READ] = forms.DateTimeField(widget=forms.HiddenInput, required=False, initial=_now)
    form.fields[READ].widget.attrs["autocomplete"] = "off"  # a browser that comes back must not bring an older one


def _now() -> str:
    return timezone.now().isoformat()


def written_over(request: HttpRequest, form: Any, *, case: Case, person: Person) -> bool:
    """Whether a colleague changed something of ``person`` since the page was made: then the form says who and what, and
    saving once more keeps what was typed. After it is cleaned; takes its own field out."""
    read: datetime | None = form.cleaned_data.pop(READ, None)
    if read is None:
        return False
    from families.views.protection import are_open

    open_now = not guarded_in(case).covers(person, person.addresses.all()) or are_open(request, case, person)
    mine = person_asking(request).name
    found = person_history.changes(case, person, whereabouts=open_now)
    others = [change for change in found if change.at > read and change.by not in (mine, person_history.ITSELF)]
    if not others:
        return False
    for change in others:
        said = "; ".join(change.said)
        at = f"{timezone.localtime(change.at):%H:%M}"
        form.add_error(
            None, f"{change.by} changed this at {at}: {said}. Look at it, and save again to keep what you typed"
        )
    form.data = form.data.copy()
    form.data[form.add_prefix(READ)] = _now()
    return True
