"""How gunicorn serves the service; read by `make run`, compose and systemd alike."""

import logging
import os

from vig_service import logs

bind = os.environ.get("VIG_BIND", "127.0.0.1:8000").split(",")
wsgi_app = "vig_service.wsgi:application"
# Threads, because a request is mostly waiting: a range of film, a chunk of an upload, a poll for consent. Two
# processes, so that one page busy in Python does not hold up the other people.
worker_class = "gthread"
workers = int(os.environ.get("WEB_CONCURRENCY", "2"))
threads = int(os.environ.get("WEB_THREADS", "12"))
# With threads this is the silence of a whole process, not the length of a request: a slow upload is not cut off.
timeout = 60
graceful_timeout = int(os.environ.get("WEB_GRACEFUL_SECONDS", "20"))  # the longest chunk of an upload
keepalive = 15  # longer than the gap between two polls, so that a player keeps its connection
control_socket_disable = True  # it would open a socket in the home directory
worker_tmp_dir = "/dev/shm" if os.path.isdir("/dev/shm") else None  # noqa: PTH112, S108 - heartbeat file, off the disk
accesslog = None  # nginx logs requests, without their query strings
logging.captureWarnings(True)
logconfig_dict = logs.config(os.environ.get("VIG_MODE") == "production")
