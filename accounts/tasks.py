"""What the worker does for accounts."""

from __future__ import annotations

from celery import shared_task
from django.conf import settings
from django.core.management import call_command
from django.utils import timezone

from accounts import held
from accounts.models import SignIn


@shared_task(ignore_result=True)
def forget() -> None:
    """Forget sessions and sign-ins that are over, and forms that nobody came back for."""
    SignIn.objects.filter(started_at__lte=timezone.now() - settings.ABSOLUTE_TIMEOUT).delete()
    held.forget_old()
    call_command("clearsessions")
