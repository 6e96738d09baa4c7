"""Make the database ready and say what a person should know before the start; `make run` runs it each time.

Standard output is one JSON object: ``sign_ins`` (what ``seed_demo`` says, to be shown as it is) and ``warnings``
(sentences about what is not as strong as it should be).
"""

from __future__ import annotations

import io
import json
import os
import sys
from typing import Any

import django


def prepare() -> dict[str, Any]:
    """Migrate, load the demonstration's data into an empty database, and look at ffmpeg and the sandbox."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "vig_service.settings")
    django.setup()
    from django.conf import settings
    from django.contrib.auth import get_user_model
    from django.core.management import call_command

    from clips.media import ffmpeg, sandbox

    call_command("migrate", interactive=False, verbosity=0)
    sign_ins = io.StringIO()
    if settings.PRODUCTION:
        call_command("collectstatic", interactive=False, verbosity=0)
    else:
        settings.STATIC_ROOT.mkdir(exist_ok=True)  # whitenoise warns when it is not there
        if not get_user_model().objects.exists():
            sys.stderr.write("Making up families and films for the demonstration (half a minute, once) …\n")
        call_command("seed_demo", "--if-empty", stdout=sign_ins)
    warnings = []
    try:
        verdict = ffmpeg.verdict()
        if not verdict.patched:
            warnings.append(verdict.sentence)
    except ffmpeg.NotFound as missing:
        warnings.append(str(missing))
    if sandbox.level() is not sandbox.Level.BUBBLEWRAP:
        warnings.append(sandbox.explain())
    return {"sign_ins": sign_ins.getvalue().strip(), "warnings": warnings}


if __name__ == "__main__":
    said, sys.stdout = sys.stdout, sys.stderr  # nothing but the answer on standard output
    json.dump(prepare(), said)
