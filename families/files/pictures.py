"""Pictures: decoded within limits, and made anew for showing."""

from __future__ import annotations

import io
import warnings

from PIL import Image, ImageOps, UnidentifiedImageError

from families.files.kinds import FileKind
from families.files.refusal import Refused

MOST_PIXELS = 60_000_000  # a phone's 48-megapixel camera and some; decoded, three bytes each
LONGEST_SIDE = 2000  # of what is shown, in pixels: a letter can be read at that
_WRONG = (UnidentifiedImageError, OSError, ValueError, SyntaxError, EOFError, MemoryError)


def made_anew(data: bytes, kind: FileKind, called: str) -> bytes:
    """A JPEG of what the picture shows, the right way up, without what a camera wrote beside it. Raises Refused."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)  # our own limit is below, and is an error
            with Image.open(io.BytesIO(data), formats=[kind.value.upper()]) as unread:
                if unread.width * unread.height > MOST_PIXELS:
                    raise Refused(f"{called} has too many pixels to be shown. Send a smaller picture.", "too_large")
                unread.verify()
            with Image.open(io.BytesIO(data), formats=[kind.value.upper()]) as read:
                read.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))
                return _shown(read)
    except Image.DecompressionBombError as error:
        raise Refused(f"{called} has too many pixels to be shown. Send a smaller picture.", "too_large") from error
    except _WRONG as error:
        raise Refused(
            f"{called} is damaged: it cannot be opened as a picture. Take or scan it again.", "damaged"
        ) from error


def _shown(picture: Image.Image) -> bytes:
    upright = ImageOps.exif_transpose(picture) or picture
    upright.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    pixels = upright.convert("RGBA")
    page = Image.new("RGB", pixels.size, "white")
    page.paste(pixels, mask=pixels.getchannel("A"))
    made = io.BytesIO()
    page.save(made, "JPEG", quality=85)
    return made.getvalue()
