"""For administrators: what did not leave, and why. Ids and reasons; no address, no name."""

from __future__ import annotations

import uuid

from django.contrib import messages as notices
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from accounts.access import requires
from accounts.models import Permission
from accounts.request import Request
from outbox import actions, queries
from outbox.models import Message
from outbox.registry import label_of

ON_A_PAGE = 50


@require_safe
@requires(Permission.MANAGE_SETTINGS)
def messages(request: Request) -> HttpResponse:
    """The messages of one state, newest first."""
    show = request.GET.get("show", "")
    if show not in queries.LISTS:
        show = "look"
    found = Message.objects.visible_to(request.user).filter(queries.LISTS[show][1])
    page = Paginator(found, ON_A_PAGE).get_page(request.GET.get("page"))
    return render(
        request,
        "outbox/messages.html",
        {
            "page": page,
            "rows": [(message, label_of(message.kind)) for message in page],
            "show": show,
            "lists": [(key, label) for key, (label, _) in queries.LISTS.items()],
            "standing": queries.standing(),
            "nowhere": [
                (channel.label, sentence)
                for channel in Message.Channel
                if (sentence := queries.why_nothing_leaves(channel))
            ],
        },
    )


@require_POST
@requires(Permission.MANAGE_SETTINGS)
def message_decide(request: Request, message: uuid.UUID) -> HttpResponse:
    """Send a message again, or leave it."""
    found = get_object_or_404(Message.objects.visible_to(request.user), pk=message)
    again = request.POST.get("do") == "again"
    try:
        if again:
            actions.send_again(by=request.user, message=found)
        else:
            actions.give_up(by=request.user, message=found)
    except ValidationError as error:
        notices.warning(request, " ".join(error.messages))
    else:
        notices.success(request, "It is sent again." if again else "It is not sent any more, and its address is gone.")
    return redirect("outbox:messages")
