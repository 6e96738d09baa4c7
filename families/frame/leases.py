"""Opening, keeping and ending the frame's lease."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from audit.actions import record
from families.frame import holding
from families.frame.kinds import kind_named
from families.models import Case, FrameLease

if TYPE_CHECKING:
    from accounts.models import User

KNOWN_FOR = timedelta(hours=12)
"""How long after it was opened the practitioner can leave or go on with a frame that ran out."""


@transaction.atomic
def open_frame(
    *, by: User, case: Case, kind: str, subject_id: object, back: str, draft: dict[str, Any] | None = None
) -> tuple[FrameLease, str]:
    """Open the frame for one thing; returns the lease and the token for the browser's cookie.

    ``back`` is the address of the desk that leaving leads to; ``draft`` what the page begins with. An older frame
    about the same thing ends. Raises PermissionDenied when this person's work is not of this kind or not with this
    family.
    """
    if not may_hold(by, case, kind):
        raise PermissionDenied
    now = timezone.now()
    FrameLease.objects.filter(opened_at__lte=now - KNOWN_FOR).exclude(draft={}).update(draft={})  # nobody came back
    FrameLease.objects.filter(kind=kind, subject_id=str(subject_id), ended_at__isnull=True).update(
        ended_at=now, draft={}
    )
    token = holding.new_token()
    lease = FrameLease.objects.create(
        case=case,
        user=by,
        kind=kind,
        subject_id=str(subject_id),
        back=back[:500],
        draft=draft or {},
        token_hash=holding.fingerprint(token),
        expires_at=now + settings.FRAME_LEASE,
    )
    record(
        by=by,
        verb="frame.opened",
        subject=lease,
        family_id=case.family_id,
        case_id=case.pk,
        kind=kind,
        about=str(subject_id),
    )
    return lease, token


def may_hold(user: User, case: Case, kind: str) -> bool:
    """Whether this person does this kind of work with this family."""
    known = kind_named(kind)
    return (
        known is not None and user.can(known.permission) and Case.objects.visible_to(user).filter(pk=case.pk).exists()
    )


def lease_of(token: str) -> FrameLease | None:
    """The lease that a browser's token stands for, open or not; None for a stranger or one that was left."""
    if not token:
        return None
    rows = FrameLease.objects.filter(
        token_hash=holding.fingerprint(token), opened_at__gt=timezone.now() - KNOWN_FOR, ended_at__isnull=True
    )
    return rows.select_related("user", "case__family").first()


def is_open(lease: FrameLease) -> bool:
    """Whether the frame may show anything now: it runs, and its practitioner still works with this family."""
    return lease.ended_at is None and lease.expires_at > timezone.now() and may_hold(lease.user, lease.case, lease.kind)


def practitioner_is_there(lease: FrameLease, secret: str) -> bool:
    """Whether ``secret`` is the PIN or the password of the practitioner who opened this frame; five tries."""
    if holding.proves_to_be_there(lease, lease.user, secret):
        return True
    case = lease.case
    record(by=None, verb="frame.refused", subject=lease, family_id=case.family_id, case_id=case.pk)
    return False


def keep(lease: FrameLease, **draft: Any) -> None:
    """Keep these answers between two steps, over those kept before. Values must be JSON."""
    lease.draft = {**lease.draft, **draft}
    lease.save(update_fields=["draft"])


def finish(lease: FrameLease) -> None:
    """The family has finished: the frame says thank you until it is handed back. Its draft is forgotten."""
    lease.done_at, lease.draft = timezone.now(), {}
    lease.save(update_fields=["done_at", "draft"])


@transaction.atomic
def close_frame(*, lease: FrameLease) -> None:
    """The practitioner leaves; the token opens nothing any more."""
    FrameLease.objects.filter(pk=lease.pk, ended_at__isnull=True).update(ended_at=timezone.now(), draft={})
    case = lease.case
    record(by=lease.user, verb="frame.left", subject=lease, family_id=case.family_id, case_id=case.pk)


def go_on(lease: FrameLease) -> None:
    """A frame that ran out goes on where it was. The caller has checked that its practitioner is there."""
    lease.expires_at = timezone.now() + settings.FRAME_LEASE
    lease.save(update_fields=["expires_at"])


def end_frames_of(user: User) -> int:
    """End every open frame of somebody who was signed out everywhere or works here no longer; how many."""
    return FrameLease.objects.filter(user=user, ended_at__isnull=True).update(ended_at=timezone.now(), draft={})


def on_signed_out_everywhere(sender: Any, user: User, kept: bool, **kwargs: Any) -> None:
    """Receiver of ``accounts.signals.signed_out_everywhere``; a change of one's own that keeps this sign-in keeps the
    frame beside it."""
    if not kept:
        end_frames_of(user)
