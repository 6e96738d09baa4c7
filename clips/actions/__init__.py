"""What people do with films. (Marking is ``clips.marks``, shared reviews are ``clips.reviews``.)"""

from clips.actions.films import (
    destroy_film,
    mark_device_copy_erased,
    move_film,
    not_wrong_after_all,
    resume,
    retry_clip,
    retry_film,
    stop_for_consent,
    stop_wrong_film,
)
from clips.actions.refusal import Refused
from clips.actions.uploads import (
    MISMATCH,
    STALE_UPLOAD,
    cancel_upload,
    complete_if_whole,
    purge_stale_uploads,
    received,
    send_again,
    start_recording,
    state_hash,
    worked_out_hash,
)

__all__ = [
    "MISMATCH",
    "STALE_UPLOAD",
    "Refused",
    "cancel_upload",
    "complete_if_whole",
    "destroy_film",
    "mark_device_copy_erased",
    "move_film",
    "not_wrong_after_all",
    "purge_stale_uploads",
    "received",
    "resume",
    "retry_clip",
    "retry_film",
    "send_again",
    "start_recording",
    "state_hash",
    "stop_for_consent",
    "stop_wrong_film",
    "worked_out_hash",
]
