"""The frame: what a family sees and fills in on the practitioner's device, and nothing besides.

Signing consent and answering questionnaires happen in a living room, on a device whose desk is open on the family's
own record and has others behind it. So whatever is handed over runs on a lease of its own (ADR 0009): the desk's
sign-in is covered for that browser, one cookie opens one thing for an hour, every page has the same title
("Together") and an address under ``/together/`` that holds no id. Leaving asks for the practitioner's PIN or password.

An app that wants a page in the frame::

    # apps.py, in ready()
    frame.register_kind(frame.FrameKind("questionnaire", questionnaire.in_frame))

    # the desk's view that hands the device over, on POST of a form that says data-hand-over
    # (and loads families/frame/hand_over.js, so that Back from the frame does not lead to the desk's page)
    return frame.hand_over(request, case=case, kind="questionnaire", subject_id=row.pk, back=request.path)

    # the page itself: GET and POST of /together/ and /together/<step>/, with no sign-in; nobody is request.user
    def in_frame(request: Request, lease: FrameLease, step: str) -> HttpResponseBase:
        row = Row.objects.get(pk=lease.subject_id)       # lease.case, lease.user (who does what is done here)
        if request.method == "POST":
            frame.keep(lease, answer=3)                  # between the steps, in lease.draft
            ...
            return frame.finish(request, lease)          # thank you, and hand it back
        return frame.render(request, lease, "app/page.html", {...})

The template extends ``families/frame/base.html`` and fills ``content`` (one h1). Its forms post to
``{% url 'families:frame' %}`` (or ``'families:frame-step' 'autosave'``); after a POST answer with
``frame.again()``, which leads to the same address. Put nothing into it that the family should not read, and no link
out of it. A view of one's own under ``/together/…`` (named in ``accounts.public.FRAME_VIEWS``) asks
``frame.frame_for(request, kind)`` first, and answers ``frame.closed(request)`` when that is None.
"""

from families.frame.kinds import FrameKind, register_kind
from families.frame.leases import end_frames_of, is_open, keep, open_frame
from families.frame.pages import COOKIE, again, closed, finish, frame_for, hand_over, render

__all__ = [
    "COOKIE",
    "FrameKind",
    "again",
    "closed",
    "end_frames_of",
    "finish",
    "frame_for",
    "hand_over",
    "is_open",
    "keep",
    "open_frame",
    "register_kind",
    "render",
]
