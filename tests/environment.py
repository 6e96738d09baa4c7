"""The environment for a process of the service that a test starts."""

import os

# What the shell, the run on PostgreSQL or another test may have set, and what would make the process another service.
_NOT_HANDED_ON = {
    "DATABASE_URL",
    "DJANGO_ALLOW_ASYNC_UNSAFE",  # set beside a browser, and refused by production's checks
    "REDIS_URL",
    "VIG_MEDIA_DIR",
    "VIG_MODE",
    "VIG_RUN_ID",
    "VIG_WORK_DIR",
    "VIG_XACCEL_PREFIX",
}


def clean(**settings: str) -> dict[str, str]:
    """This process's environment without what makes a service, and with ``settings``."""
    return {name: value for name, value in os.environ.items() if name not in _NOT_HANDED_ON} | settings
