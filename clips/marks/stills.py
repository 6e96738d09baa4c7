"""Stills: one frame of a film, exactly that one, kept as a picture."""

from __future__ import annotations

import json
import uuid
from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.db import transaction

from audit.actions import record
from clips import store
from clips.actions.refusal import Refused
from clips.marks.edges import frame_times
from clips.media import sandbox
from clips.media import still as pictures
from clips.media.playable import Proxy
from clips.media.probe import Film
from clips.media.verify import NotFaithful
from clips.models import Clip, Recording, Still

if TYPE_CHECKING:
    from accounts.models import User

SHORT_SIDE = 720


def take_still(*, by: User, recording: Recording, frame: int, clip: Clip | None = None) -> tuple[Still, bool]:
    """Keep frame ``frame`` of a film, for a moment or for the film. Returns the still, and whether it is new.

    The picture is written before the row, so that a still that is there has its picture; asking twice for the same
    frame gives the same still. Raises ValidationError for a frame that the film has not, Refused while the frames are
    not known or when the frame cannot be shown.
    """
    times = frame_times(recording)
    if times is None:
        raise Refused("Stills can be kept as soon as the film has arrived and been checked.")
    if not 0 <= frame < times.count:
        raise ValidationError(f"This film has {times.count} frames; there is no frame {frame}.")
    there = Still.objects.filter(recording=recording, clip=clip, frame=frame).first()
    if there is not None:
        return there, False
    still = Still(
        pk=uuid.uuid4(),
        recording=recording,
        clip=clip,
        frame=frame,
        time_us=times.us(frame),
        created_by=by,
    )
    still.file = store.still_name(still.pk)
    make_file(still)
    try:
        with transaction.atomic():
            still.save(force_insert=True)
            case = recording.case
            record(
                by=by,
                verb="still.kept",
                subject=still,
                family_id=case.family_id,
                case_id=case.pk,
                film=str(recording.pk),
            )
    except Exception:
        store.remove(recording.pk, still.file)
        raise
    return still, True


def make_file(still: Still) -> None:
    """Write a still's picture: from the proxy, or from the film as it came in while there is no proxy yet.

    Raises Refused with a sentence when the frame cannot be had.
    """
    film = still.recording_id
    destination = store.path(film, still.file)
    destination.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    try:
        if still.recording.proxy:
            facts = json.loads(store.path(film, store.PROXY_FACTS).read_bytes())
            proxy = Proxy.from_json(facts, store.path(film, store.PROXY))
            pictures.still(proxy, still.frame, destination, short_side=SHORT_SIDE)
        else:
            checked = Film.from_json(json.loads(store.path(film, store.FILM).read_bytes()))
            source = store.path(film, store.ORIGINAL)
            pictures.poster(checked, source, destination, index=still.frame, short_side=SHORT_SIDE)
    except (NotFaithful, sandbox.SandboxError, OSError) as error:
        raise Refused("This frame could not be kept as a still just now. Try again in a moment.") from error
    destination.chmod(0o600)
