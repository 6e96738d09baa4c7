"""Views of the queue that somebody keeps."""

from __future__ import annotations

from django.db import transaction

from accounts.models import User
from referrals.models import QueueView


@transaction.atomic
def keep_view(*, by: User, name: str, query: str, first: bool, view: QueueView | None = None) -> QueueView:
    """Keep a view, or change one; of all of somebody's at most one is shown first."""
    kept = view or QueueView(owner=by)
    if first:
        QueueView.objects.visible_to(by).exclude(pk=kept.pk).filter(first=True).update(first=False)
    kept.name, kept.query, kept.first = name, query, first
    kept.full_clean()
    kept.save()
    return kept


def remove_view(*, by: User, view: QueueView) -> None:
    QueueView.objects.visible_to(by).filter(pk=view.pk).delete()
