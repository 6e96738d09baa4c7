"""From what was answered and signed to decisions in the record."""

from __future__ import annotations

import base64
import binascii
import hashlib
import io
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from PIL import Image

from audit.actions import record as audit
from families import files
from families.actions import record_consent
from families.models import Consent, FrameLease, Signature
from families.signing.script import Script

DRAWER = "signatures"
_BEGINS = "data:image/png;base64,"
MOST_BYTES = 512 * 1024
MOST_SIDE = 3000  # pixels
NEEDS = "Sign with your finger, a pen or the mouse, or type your name"


@dataclass(frozen=True)
class Signed:
    """A signature as it came from the page: a drawing, a typed name, or both."""

    drawing: files.Accepted | None
    typed_name: str


def look_at(drawn: str, typed_name: str) -> Signed:
    """What came from the pad and the field under it. Raises ValidationError when neither holds a signature."""
    typed = " ".join(typed_name.split())
    if len(typed) > 150:
        raise ValidationError("The name can have 150 letters at most")
    drawing = _drawing(drawn) if drawn else None
    if drawing is None and not typed:
        raise ValidationError(NEEDS)
    return Signed(drawing, typed)


def _drawing(drawn: str) -> files.Accepted | None:
    """The picture of a pad; None for one on which nothing was drawn. Raises ValidationError for what is none."""
    broken = ValidationError("The signature could not be read. Sign again, or type your name.")
    if not drawn.startswith(_BEGINS) or len(drawn) > MOST_BYTES * 4 // 3 + 100:
        raise broken
    try:
        data = base64.b64decode(drawn.removeprefix(_BEGINS), validate=True)
    except (binascii.Error, ValueError):
        raise broken from None
    try:
        accepted = files.accept(SimpleUploadedFile("signature.png", data), most_bytes=MOST_BYTES)
    except ValidationError:
        raise broken from None
    if accepted.kind != files.FileKind.PNG or accepted.shown is None:
        raise broken
    with Image.open(io.BytesIO(accepted.shown)) as picture:
        if max(picture.size) > MOST_SIDE:
            raise broken
        darkest, _ = picture.convert("L").getextrema()
    return accepted if isinstance(darkest, int) and darkest < 128 else None


def text_of(script: Script) -> str:
    """The very words that are signed: each wording, of whom it is, and the answer."""
    return "\n\n".join(
        f"{asked.wording}\n{asked.wording.text}\n{each.person.display_name}: {each.answer}"
        for asked, each in script.decided
    )


def sign(*, lease: FrameLease, script: Script, signed: Signed) -> Signature | None:
    """Record what was decided, with the signature as its evidence; None when it was already, from another window.

    Whoever opened the frame is who writes it down. Raises ValidationError when somebody may no longer decide what
    they could when the frame was opened; nothing is recorded then.
    """
    kept = files.keep(signed.drawing, drawer=DRAWER) if signed.drawing else None
    try:
        with transaction.atomic():
            fresh = FrameLease.objects.select_for_update().get(pk=lease.pk)
            if fresh.done_at is not None or fresh.ended_at is not None:
                made = None
            else:
                made = _record(lease, script, signed, kept)
    except BaseException:
        if kept:
            files.remove(kept.stored)
        raise
    if made is None and kept:
        files.remove(kept.stored)
    return made


def _record(lease: FrameLease, script: Script, signed: Signed, kept: files.Kept | None) -> Signature:
    case, by = lease.case, lease.user
    signature = Signature.objects.create(
        case=case,
        signed_by=script.signer,
        typed_name=signed.typed_name,
        picture=kept.stored if kept else "",
        picture_sha256=kept.sha256 if kept else "",
        text_sha256=hashlib.sha256(text_of(script).encode()).hexdigest(),
        present=by,
    )
    audit(
        by=by,
        verb="consent.signed",
        subject=signature,
        family_id=case.family_id,
        case_id=case.pk,
        person=str(script.signer.pk),
        decisions=len(script.decided),
        drawn=bool(kept),
    )
    for asked, each in script.decided:
        record_consent(
            by=by,
            person=each.person,
            purpose=asked.purpose,
            decision=each.answer,
            capacity=Consent.Capacity.OWN if each.themselves else Consent.Capacity.PARENTAL,
            decided_by=script.signer,
            evidence=Consent.Evidence.SCREEN,
            wording=asked.wording,
            signature=signature,
            case=case,
        )
    return signature
