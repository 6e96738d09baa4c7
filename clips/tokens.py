"""The upload token: it lets one film go on arriving while the sender's screen is covered or signed out.

It is good for one upload of one person, for HEAD and PATCH, for 24 hours, and shows nothing of any record.
"""

from __future__ import annotations

import uuid

from django.conf import settings
from django.core.signing import BadSignature, TimestampSigner

from clips.models import Upload

_signer = TimestampSigner(salt="upload")


def issue(upload: Upload) -> str:
    """A fresh token for an upload."""
    return _signer.sign(f"{upload.user_id}:{upload.pk}")


def holder(token: str, upload_id: uuid.UUID) -> str | None:
    """The id of the person whose token for this very upload it is; None when it is not, or too old."""
    try:
        said = _signer.unsign(token, max_age=settings.UPLOAD_TOKEN_LIFE)
    except BadSignature:
        return None
    user_id, _, for_upload = said.partition(":")
    return user_id if for_upload == str(upload_id) else None
