"""A setting: the words of the messages that leave, by version, looked at as they arrive before they are saved."""

from __future__ import annotations

from django.contrib import messages as notices
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access import requires
from accounts.models import Permission
from accounts.request import Request
from outbox import actions, registry, wordings
from outbox.forms import WordingForm
from outbox.models import MessageWording


@require_safe
@requires(Permission.MANAGE_SETTINGS)
def wording_list(request: Request) -> HttpResponse:
    """Every message whose words a service may change, with the version in force."""
    newest: dict[str, MessageWording] = {}
    for row in MessageWording.objects.visible_to(request.user).select_related("by"):
        newest.setdefault(row.key, row)
    rows = [(each, newest.get(each.key)) for each in registry.wordables()]
    return render(request, "outbox/wordings.html", {"rows": rows})


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.MANAGE_SETTINGS)
def wording(request: Request, key: str) -> HttpResponse:
    """Look at new words as they will arrive, and save them as a version; or put those that ship back."""
    found = registry.wordable(key)
    if found is None:
        raise Http404("No message has that name.")
    versions = list(MessageWording.objects.visible_to(request.user).filter(key=key).select_related("by"))
    now, ships = wordings.in_force(found), wordings.shipped(found)
    begin = _chosen(request.GET.get("from", ""), versions, ships) or now
    initial = {"subject": begin.subject, "body": begin.body, "sms": begin.sms, "read": now.version}
    form = WordingForm(request.POST or None, wordable=found, initial=initial)
    shown = None
    if request.method == "POST" and form.is_valid():
        words = form.words()
        if "preview" in request.POST:
            shown = wordings.fill(wordings.Words(0, *words), wordings.offered(found))
        else:
            as_ships = words == (ships.subject, ships.body, ships.sms)
            try:
                row = actions.save_wording(
                    by=request.user,
                    key=key,
                    why=form.cleaned_data["why"],
                    words=None if as_ships else words,
                    read_version=form.cleaned_data["read"],
                )
            except ValidationError as error:
                form.add_error(None, error)
            else:
                notices.success(request, f"Version {row.version} is in force for what leaves from now on.")
                return redirect("outbox:wordings")
    context = {
        "wordable": found,
        "form": form,
        "now": now,
        "shown": shown,
        "sms_parts": wordings.sms_parts(shown.sms) if shown else 0,
        "offered": wordings.offered(found).items(),
        "versions": versions,
    }
    return render(request, "outbox/wording.html", context, status=400 if form.errors else 200)


def _chosen(asked: str, versions: list[MessageWording], ships: wordings.Words) -> wordings.Words | None:
    """An earlier version to begin from; "0" is what ships."""
    if asked == "0":
        return ships
    row = next((each for each in versions if str(each.version) == asked), None)
    if row is None:
        return None
    return ships if row.as_shipped else wordings.Words(row.version, row.subject, row.body, row.sms)
