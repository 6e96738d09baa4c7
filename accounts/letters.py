"""Letters to the people who work here: a link to choose a password, and notice of what was done to their account."""

from __future__ import annotations

import logging
from collections.abc import Callable
from smtplib import SMTPException
from typing import Any

from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.urls import reverse

from accounts.models import User
from audit.actions import record

logger = logging.getLogger(__name__)


def send_link(*, by: User, user: User, absolute: Callable[[str], str]) -> bool:
    """Send the link with which a person chooses a password; False when the letter could not be sent.

    ``absolute`` makes an address of this service whole, as ``request.build_absolute_uri`` does. The link works once.
    """
    path = reverse(
        "account_reset_password_from_key",
        kwargs={"uidb36": user_pk_to_url_str(user), "key": default_token_generator.make_token(user)},
    )
    sent = _send("welcome", user, {"link": absolute(path), "sign_in": absolute(reverse("account_login"))})
    if sent:
        record(by=by, verb="account.link-sent", subject=user)
    return sent


def tell_second_step_reset(*, user: User) -> bool:
    """Tell somebody that an administrator took their second step away: if it was not at their wish, they must know."""
    return _send("second_step_reset", user, {})


def _send(name: str, user: User, context: dict[str, Any]) -> bool:
    context = {
        "user": user,
        "service_name": settings.SERVICE_NAME,
        "service_phone": settings.SERVICE_PHONE,
        "hours": settings.PASSWORD_RESET_TIMEOUT // 3600,
    } | context
    subject = render_to_string(f"accounts/letters/{name}_subject.txt", context).strip()
    body = render_to_string(f"accounts/letters/{name}.txt", context).strip() + "\n"
    try:
        EmailMessage(subject, body, settings.DEFAULT_FROM_EMAIL, [user.email]).send()
    except (SMTPException, OSError):
        logger.exception("a letter could not be sent")
        return False
    return True
