"""Wiring only: settings, addresses, the Celery application. Nothing here knows a family."""

from vig_service.celery import app as celery_app

__all__ = ["celery_app"]
