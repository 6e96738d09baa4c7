"""Where the pages of a draft are: the public's under /refer/, a colleague's under /referrals/new/."""

from __future__ import annotations

from django.urls import reverse

from referrals.models import Door, Draft
from referrals.written import Page


def address(draft: Draft, name: str, *more: object) -> str:
    """The address of a page of this draft: ``address(draft, "check")``."""
    prefix = "key-in" if draft.door == Door.STAFF else "refer"
    return reverse(f"referrals:{prefix}-{name}", args=[draft.pk, *more])


def address_of_page(draft: Draft, page: Page) -> str:
    if page.is_list or not page.step.numbered:
        return address(draft, "step", page.step.key)
    return address(draft, "item", page.step.key, page.item)
