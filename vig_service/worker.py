"""Start a worker of one kind, or beat: ``python -m vig_service.worker clips|films|messages|beat``.

The queues, their concurrency and their priority are written here once, and ``make run``, compose and systemd all
start the same. ``clips`` is what someone is waiting for (seconds); ``films`` is what takes minutes: one at a time,
at the lowest priority, so that a cut is never behind a film. ``messages`` is the only one that may reach the world
outside (a mail server), and opens no film.
"""

import logging
import os
import sys
import warnings
from typing import Any

# Read by billiard when it is first imported, so it must stand before Celery's import: SIGTERM then ends the worker
# in seconds and puts an unfinished message back, where by default it would wait for the end of a film.
os.environ.setdefault("REMAP_SIGTERM", "SIGQUIT")

import django
from celery.exceptions import CPendingDeprecationWarning, SecurityWarning
from celery.signals import worker_ready

from vig_service.celery import app
from vig_service.processes import end_after_parent

#: What stays the same for every worker. Gossip and mingle talk to other workers at the start and are of no use here.
COMMON = ["worker", "--concurrency=1", "--without-gossip", "--without-mingle", "--loglevel=INFO"]
KINDS: dict[str, list[str]] = {
    "clips": [*COMMON, "--queues=clips,default", "--hostname=clips@%h"],
    "films": [*COMMON, "--queues=films", "--hostname=films@%h"],
    "messages": [*COMMON, "--queues=messages", "--hostname=messages@%h"],
    "beat": ["beat", "--loglevel=WARNING", "--pidfile="],
}
FILMS_NICENESS = 19


@worker_ready.connect
def _say_ready(sender: Any, **_: Any) -> None:
    # Celery asks at every lost connection whether tasks should be cancelled then. No: they may run twice unharmed.
    warnings.filterwarnings("ignore", category=CPendingDeprecationWarning)
    logging.getLogger("vig_service.worker").info("%s is ready", sender.hostname)


def main(arguments: list[str]) -> int:
    """Run the worker named in ``arguments`` until a signal ends it; 2 when there is no such kind."""
    if len(arguments) != 1 or arguments[0] not in KINDS:
        sys.stderr.write(f"Say which worker to start: {', '.join(KINDS)}.\n")
        return 2
    django.setup()  # before Celery's own start, so that whatever it has to say goes into our log
    logging.captureWarnings(True)
    if os.environ.get("VIG_MODE") != "production":  # there it is right to say that a worker runs as root
        warnings.filterwarnings("ignore", category=SecurityWarning)
    if arguments[0] == "films":
        os.nice(FILMS_NICENESS)
    end_after_parent(grace=2 * app.conf.worker_soft_shutdown_timeout)
    app.start(["--quiet", *KINDS[arguments[0]]])
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
