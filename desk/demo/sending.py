"""Sending a demonstration film the way a browser would, so that the workers prepare it at the first start."""

from __future__ import annotations

import hashlib
import tempfile
from pathlib import Path

from clips import receiving
from clips.actions import start_recording, state_hash
from clips.models import Recording
from desk.demo import film as drawing
from desk.demo.families import Film


def send(film: Film, *, caption: str, seconds: float = drawing.SECONDS) -> Recording:
    """Draw a film and take it in: recording, upload, hash; its check is queued when the transaction holds."""
    with tempfile.TemporaryDirectory(prefix="vig-demo-") as folder:
        path = drawing.make(Path(folder) / "film.mp4", caption=caption, seconds=seconds)
        size = path.stat().st_size
        upload = start_recording(
            by=film.by,
            case=film.case,
            people=film.people,
            filmed_on=film.session.starts_at.date(),
            length=size,
            cycle=film.cycle,
            session=film.session,
        )
        with path.open("rb") as file:
            receiving.receive(upload, file.read, offset=0, length=size)
        upload.refresh_from_db()
        state_hash(upload=upload, sha256=hashlib.sha256(path.read_bytes()).hexdigest())
    return upload.recording
