"""What somebody sent while the screen was covered, or after their sign-in had ended: kept until they are back.

It is kept here, encrypted, and not on the covered page: neither that page nor its address may tell what it hides.
Only the person who wrote it gets it back. Secrets and files are never kept.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from datetime import timedelta

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.crypto import get_random_string
from django.utils.http import url_has_allowed_host_and_scheme

from accounts import locker
from accounts.models import HeldForm, User
from accounts.public import COVERED_VIEWS

LIFE = timedelta(hours=24)
MOST_CHARACTERS = 1_000_000
MOST_FORMS = 20  # of one person
MARK = "_held"  # the field that says which held form this one is, so that it is forgotten once it has arrived
SECRET = re.compile(r"password|passcode|\bpin\d?\b|(^|_)(code|credential|secret|token)s?($|_)", re.IGNORECASE)
NEVER = {"csrfmiddlewaretoken", MARK}
FORMS = {"application/x-www-form-urlencoded", "multipart/form-data"}


@dataclass(frozen=True)
class Held:
    """A kept form, readable."""

    token: str
    path: str
    fields: list[tuple[str, str]]
    files_left_out: int


def hold(request: HttpRequest, user_id: int | None) -> HeldForm | None:
    """Keep the posted form for that person; None when there is nothing to keep, or nothing that may be kept."""
    if request.method != "POST" or request.content_type not in FORMS or user_id is None:
        return None
    fields = [(name, value) for name, values in request.POST.lists() if name not in NEVER for value in values]
    if any(SECRET.search(name) for name, _ in fields):
        return None
    body, path = json.dumps(fields), request.get_full_path()
    if len(path) > 500 or len(body) > MOST_CHARACTERS or not User.objects.filter(pk=user_id, is_active=True).exists():
        return None
    forget_old()
    for old in HeldForm.objects.filter(user_id=user_id).order_by("-created_at")[MOST_FORMS - 1 :]:
        old.delete()
    return HeldForm.objects.create(
        token=get_random_string(32),
        user_id=user_id,
        path=path,
        body=locker.lock(body),
        files_left_out=sum(len(files) for _, files in request.FILES.lists()),
    )


def take(user: User, token: str) -> Held | None:
    """The form of that token, if this person wrote it and it can still be read."""
    row = HeldForm.objects.filter(token=token, user=user, created_at__gt=timezone.now() - LIFE).first()
    if row is None:
        return None
    try:
        fields = [(str(name), str(value)) for name, value in json.loads(locker.unlock(row.body))]
    except locker.Unreadable:
        return None
    return Held(row.token, row.path, fields, row.files_left_out)


def forget(user: User, token: str) -> None:
    """It has arrived."""
    HeldForm.objects.filter(token=token[:40], user=user).delete()


def forget_old() -> None:
    """Forget what nobody came back for."""
    HeldForm.objects.filter(created_at__lte=timezone.now() - LIFE).delete()


# --- Places kept out of the address ------------------------------------------------------------------------


def seal(path: str) -> str:
    """A path of this service as a text that tells nobody anything."""
    return locker.lock(path)


def unseal(sealed: str) -> str:
    """The path again, or nothing when it is too old, not ours, or leads elsewhere."""
    try:
        path = locker.unlock(sealed, max_age=int(LIFE.total_seconds()))
    except locker.Unreadable:
        return ""
    return safe(path)


def safe(path: str) -> str:
    """``path`` if it is an address of this service without a host, else nothing."""
    if not path.startswith("/") or len(path) > 2000 or not url_has_allowed_host_and_scheme(path, allowed_hosts=None):
        return ""
    return path


def way_back(request: HttpRequest, user_id: int | None) -> str:
    """Where to go on once the person is back: the page asked for, or the page that sends the kept form again."""
    if request.resolver_match and request.resolver_match.view_name in COVERED_VIEWS:
        return ""
    if kept := hold(request, user_id):
        return reverse("accounts:held", args=[kept.token])
    if request.method in {"GET", "HEAD"} or request.content_type in FORMS:
        return safe(request.get_full_path())
    return ""
