"""Why a film is refused: what is wrong, and what to do about it, in a practitioner's words."""

from __future__ import annotations

import math
from typing import Any

_SHARE_AGAIN = "Choose the film itself: the one that plays when you open it on the camera, phone or tablet."
_COPY_AGAIN = (
    "Copy it from the camera, phone or tablet again, wait until the copying has ended, and choose the new copy. "
    "If the film does not play to its end on the device itself, it was damaged there."
)
_CONVERT = (
    "Film with the phone’s or camera’s usual setting, or convert this one to MP4 with H.264 picture, and try again."
)


class Rejected(Exception):
    """A film that we cannot or must not take."""

    def __init__(self, code: str, sentence: str, advice: str) -> None:
        super().__init__(code, sentence, advice)
        self.code = code
        """A short name for the reason, for logs and tests."""
        self.sentence = sentence
        """What is wrong."""
        self.advice = advice
        """What to do."""

    def __str__(self) -> str:
        return f"{self.sentence} {self.advice}"

    def to_json(self) -> dict[str, str]:
        """Return it as plain JSON values."""
        return {"code": self.code, "sentence": self.sentence, "advice": self.advice}

    @classmethod
    def from_json(cls, values: dict[str, Any]) -> Rejected:
        """Return the refusal that `to_json` described."""
        return cls(str(values["code"]), str(values["sentence"]), str(values["advice"]))


def size_in_words(number: int) -> str:
    """Return a number of bytes as people say it."""
    for unit, name in ((10**9, "GB"), (10**6, "MB"), (10**3, "KB")):
        if number >= unit:
            return f"{number / unit:.1f}".removesuffix(".0") + f" {name}"
    return f"{number} bytes"


def time_in_words(seconds: float) -> str:
    """Return a length of time as people say it."""
    if seconds >= 5400:
        hours = seconds / 3600
        return f"{hours:.0f} hours" if hours >= 10 else f"{hours:.1f}".removesuffix(".0") + " hours"
    if seconds >= 90:
        return f"{math.floor(seconds / 60 + 0.5)} minutes"
    return "1 second" if round(seconds) == 1 else f"{seconds:.0f} seconds"


# ---------------------------------------------------------------- not a film


def empty() -> Rejected:
    return Rejected("empty", "This file is empty: it has no bytes in it.", _COPY_AGAIN)


def too_large(size: int, most: int) -> Rejected:
    return Rejected(
        "too-large",
        f"This file is {size_in_words(size)}, and the largest that we take is {size_in_words(most)}.",
        "Cut the film on the device to the part that you need, or film with a lower quality setting.",
    )


def text() -> Rejected:
    return Rejected("text", "This file holds text, not a film, whatever its name says.", _SHARE_AGAIN)


def playlist() -> Rejected:
    return Rejected(
        "playlist",
        "This file is a list that points to other files. It holds no film itself.",
        _SHARE_AGAIN,
    )


def image() -> Rejected:
    return Rejected("image", "This file is a photograph or drawing, not a film.", _SHARE_AGAIN)


def document() -> Rejected:
    return Rejected("document", "This file is a document, not a film.", _SHARE_AGAIN)


def archive() -> Rejected:
    return Rejected(
        "archive",
        "This file is an archive with other files packed inside.",
        "Unpack it first and choose the film that was in it.",
    )


def other_format(name: str) -> Rejected:
    return Rejected("other-format", f"This file is in the {name} format, which we do not take.", _CONVERT)


def unknown() -> Rejected:
    return Rejected("unknown", "This file is not a film in any format that we know.", _SHARE_AGAIN)


# ---------------------------------------------------------------- switched off or not known


def container_off(label: str) -> Rejected:
    return Rejected(
        "format-off",
        f"Films in the {label} format have been switched off in this service.",
        "Convert the film to another format, or ask your administrator to allow this one.",
    )


def picture_off(label: str) -> Rejected:
    return Rejected(
        "picture-off",
        f"Films whose picture is in the {label} format have been switched off in this service.",
        "Convert the film to another format, or ask your administrator to allow this one.",
    )


def picture_unknown(codec: str | None) -> Rejected:
    named = f" ({codec})" if codec else ""
    return Rejected("picture-unknown", f"The picture of this film is in a format that we do not take{named}.", _CONVERT)


def compressed_header() -> Rejected:
    return Rejected("old-quicktime", "This is a very old kind of QuickTime film, which we cannot check.", _CONVERT)


# ---------------------------------------------------------------- what is inside


def sound_only() -> Rejected:
    return Rejected(
        "no-picture",
        "This file holds sound but no picture.",
        "Choose the film, not the sound recording that may lie beside it.",
    )


def nothing_inside() -> Rejected:
    return Rejected("no-picture", "This file holds neither picture nor sound that we can find.", _SHARE_AGAIN)


def several_pictures(count: int) -> Rejected:
    return Rejected(
        "several-pictures",
        f"This file holds {count} pictures side by side, as from two cameras at once, and we cannot tell which "
        "one is meant.",
        "Export one camera’s picture as a film of its own and choose that.",
    )


def too_many_streams(most: int) -> Rejected:
    return Rejected(
        "too-many-streams",
        f"This file holds more than {most} tracks of picture, sound and text. A camera’s own film has a handful.",
        "Choose the film as the camera made it, or export it again with its picture and one sound track.",
    )


def protected() -> Rejected:
    return Rejected(
        "protected",
        "This film is locked by copy protection, so it cannot be opened here.",
        "Choose a film that you made yourself. A bought or hired film cannot be used.",
    )


def points_outside() -> Rejected:
    return Rejected(
        "points-outside",
        "This file does not hold its own picture: it points to another file for it.",
        "On the computer where it was made, export it as one self-contained film and choose that.",
    )


def text_track() -> Rejected:
    return Rejected(
        "text-track",
        "This AVI film carries a text track, which could point to other files. Cameras do not write one.",
        "Choose the film as the camera made it, or convert this one to MP4 without subtitles.",
    )


def no_frames() -> Rejected:
    return Rejected("no-frames", "There is not one picture in this film.", _COPY_AGAIN)


def all_hidden() -> Rejected:
    return Rejected(
        "no-frames",
        "An edit made on the device hides every picture of this film.",
        "Undo the trimming on the device, or choose the untrimmed film.",
    )


# ---------------------------------------------------------------- limits


def too_long(seconds: float, most: float) -> Rejected:
    return Rejected(
        "too-long",
        f"This film says that it is {time_in_words(seconds)} long. The longest that we take is {time_in_words(most)}.",
        "Cut it on the device to the part that you need. If it is really much shorter, the file is damaged: "
        "copy it from the device again.",
    )


def too_many_pixels(width: int, height: int, most: int) -> Rejected:
    return Rejected(
        "too-many-pixels",
        f"The picture of this film is {width} by {height}: more detail than we can work with (at most "
        f"{most / 1_000_000:.0f} million pixels in a picture).",
        "Film with a lower setting, such as 1080p, or convert this film to a smaller picture.",
    )


def no_size() -> Rejected:
    return Rejected("no-size", "This film does not say how large its picture is.", _COPY_AGAIN)


def too_fast(rate: float, most: float) -> Rejected:
    return Rejected(
        "too-fast",
        f"This film has {rate:.0f} pictures in a second. The most that we take is {most:.0f}.",
        "Film at an ordinary speed or ordinary slow motion (30 to 240 pictures in a second).",
    )


# ---------------------------------------------------------------- damage


def unfinished() -> Rejected:
    return Rejected(
        "unfinished",
        "This film was never finished: the part that says where its pictures are is missing. That happens when "
        "a copy was cut short, or the battery ran out while filming.",
        _COPY_AGAIN,
    )


def breaks_off() -> Rejected:
    return Rejected("breaks-off", "This film breaks off: the end of the file is missing.", _COPY_AGAIN)


def damaged() -> Rejected:
    return Rejected("damaged", "This file looks like a film, but it is damaged and cannot be read.", _COPY_AGAIN)


def damaged_start() -> Rejected:
    return Rejected("damaged-start", "The first picture of this film is damaged.", _COPY_AGAIN)


def damaged_inside() -> Rejected:
    return Rejected("damaged-inside", "Many of the pictures in this film are damaged.", _COPY_AGAIN)


def jumbled_times() -> Rejected:
    return Rejected(
        "jumbled-times",
        "The clock inside this film jumps back, as when several recordings were stuck together into one file.",
        "Choose the single recordings as the camera made them, or convert this film to MP4.",
    )


def crashes() -> Rejected:
    return Rejected(
        "crashes",
        "This film is so badly formed that the check of it broke down, so it is not let in.",
        "Convert it to MP4 with H.264 picture and try again. Tell your administrator when it comes from a camera of "
        "your own.",
    )


def too_much_memory() -> Rejected:
    return Rejected(
        "too-much-memory",
        "This film needs more memory to open than any honest film should.",
        "Film with a lower setting, such as 1080p, or convert this film to MP4 with H.264 picture.",
    )


def took_too_long() -> Rejected:
    return Rejected(
        "took-too-long",
        "Checking this film took longer than any honest film should, so it was stopped.",
        "Convert it to MP4 with H.264 picture and try again.",
    )
