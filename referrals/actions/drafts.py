"""Writing a referral: every page is kept as it was typed, whether it fits or not."""

from __future__ import annotations

import hashlib
import unicodedata
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from accounts.models import User
from audit.actions import record as audit
from families import files
from referrals.eligibility import rules
from referrals.models import Attachment, Door, Draft
from referrals.questions import Step, step_of
from referrals.written import written_by

# Longer than any answer may be, so that whoever pasted too much is told so and finds all of it again.
MOST_CHARACTERS = 20_000
MOST_VALUES, MOST_FIELDS = 60, 60  # of a field with boxes to tick; of a page
MOST_FILES = 10
KEPT_CONTROLS = "\n\r\t"


class AlreadySent(Exception):
    """The draft became a referral, in another tab or by a second press: there is nothing left to write in."""


def fingerprint(token: str) -> str:
    """What is kept of a secret."""
    return hashlib.sha256(token.encode()).hexdigest()


def begin(*, by: User | None, door: str, secret: str = "") -> Draft:
    """A new draft: a colleague's, or of the browser that holds ``secret``."""
    if door == Door.STAFF:
        return Draft.objects.create(door=door, by=by)
    return Draft.objects.create(door=door, device_hash=fingerprint(secret))


def _clean(text: str) -> str:
    """Without control characters, of which no answer has any and PostgreSQL refuses one."""
    unwanted = {"Cc", "Cs"}
    kept = (letter for letter in text if letter in KEPT_CONTROLS or unicodedata.category(letter) not in unwanted)
    return "".join(kept)[:MOST_CHARACTERS]


def _locked(draft: Draft) -> Draft:
    found = Draft.objects.select_for_update(of=("self",)).get(pk=draft.pk)
    if found.sent_as_id is not None:
        raise AlreadySent
    return found


def _save(found: Draft, typed: dict[str, Any]) -> Draft:
    found.typed, found.saved_at = typed, timezone.now()
    found.save(update_fields=["typed", "saved_at"])
    return found


@transaction.atomic
def keep(*, draft: Draft, step: Step, item: int, posted: Mapping[str, Sequence[str]]) -> Draft:
    """Keep what was posted for one page. The same page again replaces it. Raises AlreadySent.

    Only the page's own fields are kept, a date's three boxes among them.
    """
    found = _locked(draft)
    names = step.form_for(found.door).base_fields
    mine = {
        name: [_clean(each) for each in values[:MOST_VALUES]]
        for name, values in list(posted.items())[: MOST_FIELDS * 2]
        if name in names or any(name == f"{field}_{part}" for field in names for part in ("day", "month", "year"))
    }
    typed = dict(found.typed)
    steps = dict(typed.get("steps", {}))
    steps[step.key] = {**steps.get(step.key, {}), str(item): mine}
    typed["steps"] = steps
    if step.repeats:
        typed["given"] = {**typed.get("given", {}), step.key: max(item, typed.get("given", {}).get(step.key, 0))}
    if step.key == "start" and mine != found.typed.get("steps", {}).get("start", {}).get("1"):
        typed.pop("anyway", None)  # other answers, another question
    return _save(found, typed)


@transaction.atomic
def remove(*, draft: Draft, step: Step, item: int) -> Draft:
    """Take one item out, with what was asked about it. Raises AlreadySent."""
    found = _locked(draft)
    typed = dict(found.typed)
    steps = dict(typed.get("steps", {}))
    for each in (step.key, *(other.key for other in written_by(found).steps if other.of == step.key)):
        steps[each] = {number: raw for number, raw in steps.get(each, {}).items() if number != str(item)}
    typed["steps"] = steps
    return _save(found, typed)


@transaction.atomic
def go_on(*, draft: Draft, key: str) -> Draft:
    """Somebody went on from a page that asks for nothing, or from what does not fit ("anyway"). Raises AlreadySent."""
    found = _locked(draft)
    typed = dict(found.typed)
    if key == "anyway":
        typed["anyway"] = True
    elif step_of(key, found.door) is not None:
        typed["done"] = sorted({*typed.get("done", []), key})
    return _save(found, typed)


def _room_for_a_file(draft: Draft) -> None:
    if draft.attachments.count() >= MOST_FILES:
        raise ValidationError(f"There can be {MOST_FILES} files. Take one out first, or send the rest later.")


def add_file(*, draft: Draft, accepted: files.Accepted) -> Attachment:
    """Keep a file that was accepted. Raises ValidationError when there are enough, AlreadySent."""
    kept = files.keep(accepted, drawer="referrals")
    try:
        with transaction.atomic():
            found = _locked(draft)
            _room_for_a_file(found)
            return Attachment.objects.create(
                draft=found,
                stored=kept.stored,
                file_kind=kept.kind,
                file_name=kept.name,
                size=kept.size,
                sha256=kept.sha256,
            )
    except Exception:
        files.remove(kept.stored)
        raise


@transaction.atomic
def drop_file(*, draft: Draft, attachment: UUID) -> None:
    """Take a file out again. Raises AlreadySent."""
    found = _locked(draft)
    row = found.attachments.filter(pk=attachment).first()
    if row is not None:
        stored = row.stored
        row.delete()
        transaction.on_commit(lambda: files.remove(stored), robust=True)


def forget_old() -> int:
    """Delete drafts that nobody sent or came back to in time, with their files; how many there were."""
    before = timezone.now() - timedelta(days=rules().draft_days)
    count = 0
    for draft in Draft.objects.unsent().filter(saved_at__lt=before).prefetch_related("attachments"):
        with transaction.atomic():
            stored = [each.stored for each in draft.attachments.all()]
            audit(by=None, verb="draft.forgotten", subject=draft, door=draft.door)
            draft.delete()
        for each in stored:
            files.remove(each)
        count += 1
    return count
