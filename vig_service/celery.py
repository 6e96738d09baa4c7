"""The Celery application: what a worker starts and what a task is sent through.

The settings are ``CELERY_*`` in ``vig_service.settings``. Workers are started by ``vig_service.worker``, which
knows the queues.
"""

import os
from typing import Any

from celery import Celery, signals

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "vig_service.settings")

app = Celery("vig_service")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
# Told to end, a worker gives its task this long (seconds) and then puts the message back on the queue. Without it
# a film of an hour would hold up every restart. It works only with REMAP_SIGTERM: see vig_service.worker.
app.conf.worker_soft_shutdown_timeout = 5.0


@signals.setup_logging.connect
def _leave_logging_to_the_settings(**_: Any) -> None:
    """Being connected at all keeps Celery from putting handlers of its own, which quote results and errors."""
