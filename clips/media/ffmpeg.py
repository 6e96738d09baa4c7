"""Finding an ffmpeg that is good enough, saying which one it is, and the arguments that harden its input."""

from __future__ import annotations

import functools
import os
import re
import shutil
import subprocess
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

from clips.media import formats as fmt
from clips.media.formats import Family

OVERRIDE = "VIG_FFMPEG"
"""Environment variable that names the ffmpeg to use, whatever its version."""

MAX_STREAMS = 16
MAX_PIXELS = 36_000_000
"""Pixels of one picture: a little over 8K UHD (33.2 million)."""
PROBE_BYTES = 10_000_000
ANALYSE_US = 20_000_000

# The first releases of each branch without CVE-2026-8461 (a heap write by a crafted picture).
_PATCHED = {(5, 1): 10, (6, 1): 6, (7, 1): 5, (8, 1): 2}


class NotFound(Exception):
    """There is no ffmpeg on this machine that can be run."""


@dataclass(frozen=True, order=True)
class Version:
    """A release of ffmpeg; all zero when it is a build without a release number."""

    major: int = 0
    minor: int = 0
    patch: int = 0

    def __str__(self) -> str:
        return f"{self.major}.{self.minor}.{self.patch}" if self.major else "unknown"

    @property
    def patched(self) -> bool:
        """Whether this release has the known holes mended."""
        branch = (self.major, self.minor)
        if branch in _PATCHED:
            return self.patch >= _PATCHED[branch]
        return branch > max(_PATCHED)


@dataclass(frozen=True)
class Verdict:
    """Which ffmpeg is used and whether it may be trusted, for the health page."""

    path: Path
    version: Version
    patched: bool
    sentence: str


def parse(text: str) -> Version:
    """Read the release out of the first line of `ffmpeg -version`."""
    found = re.match(r"ffmpeg version n?(\d+)\.(\d+)(?:\.(\d+))?", text)
    if not found:
        return Version()
    return Version(*(int(part or 0) for part in found.groups()))


@functools.cache
def version(path: Path | None = None) -> Version:
    """Return the release of the ffmpeg at `path` (of the one in use by default); NotFound if it does not run."""
    path = path or binary()
    try:
        done = subprocess.run(
            [path, "-hide_banner", "-version"],
            capture_output=True,
            timeout=20,
            check=True,
            stdin=subprocess.DEVNULL,
        )
    except (OSError, subprocess.SubprocessError) as error:
        raise NotFound(f"{path} does not run as ffmpeg: {error}") from error
    return parse(done.stdout.decode("utf-8", "replace"))


def _bundled() -> Path | None:
    """Return the ffmpeg inside the imageio-ffmpeg wheel, without obeying that package's own variables."""
    try:
        import imageio_ffmpeg
    except ImportError:
        return None
    found = sorted((Path(imageio_ffmpeg.__file__).parent / "binaries").glob("ffmpeg-*"))
    return found[-1] if found else None


@functools.cache
def _choose() -> Path:
    system = shutil.which("ffmpeg")
    candidates = [Path(system)] if system else []
    if bundled := _bundled():
        candidates.append(bundled)
    running = []
    for candidate in candidates:
        try:
            release = version(candidate)
        except NotFound:
            continue
        if release.patched:
            return candidate
        running.append((release, candidate))
    if not running:
        raise NotFound(
            "No ffmpeg was found. Install the packages of requirements.txt (imageio-ffmpeg brings one), "
            f"or name one in {OVERRIDE}."
        )
    return max(running)[1]


def binary(path: Path | str | None = None) -> Path:
    """Return the ffmpeg to run: the one asked for, else that of VIG_FFMPEG, else the best that is installed.

    The system's own is preferred when it is patched, else the one of the imageio-ffmpeg wheel, else the newest
    that runs. Raises NotFound.
    """
    asked = path or os.environ.get(OVERRIDE)
    if not asked:
        return _choose()
    found = shutil.which(asked)
    if not found:
        raise NotFound(f"{asked} is not a program that can be run. Mend or remove {OVERRIDE}.")
    return Path(found).absolute()


def verdict(path: Path | str | None = None) -> Verdict:
    """Say which ffmpeg is in use and whether its known holes are mended."""
    chosen = binary(path)
    release = version(chosen)
    if release.patched:
        sentence = f"ffmpeg {release} has the security updates that we know of."
    elif release == Version():
        sentence = "This build of ffmpeg has no release number, so we cannot tell whether it has its security updates."
    else:
        sentence = (
            f"ffmpeg {release} lacks security updates. Install 5.1.10, 6.1.6, 7.1.5, 8.1.2 or newer, "
            "or the imageio-ffmpeg package."
        )
    return Verdict(chosen, release, release.patched, sentence)


def input_args(
    formats: Collection[Family] = fmt.ALL, *, container: str | None = None, max_pixels: int = MAX_PIXELS
) -> list[str]:
    """Return the arguments to put before `-i` of every input whose bytes are not our own.

    Only plain files may be opened, only the families in `formats` may be read. `container` is the film's own
    (`Film.container`): with it ffmpeg does not guess, so that bytes which look like two formats are read as the
    one that was checked.
    """
    forced = ["-f", container.split(",")[0]] if container else []
    return [
        "-nostdin",
        "-protocol_whitelist",
        "file",
        "-format_whitelist",
        fmt.format_whitelist(formats),
        "-codec_whitelist",
        fmt.codec_whitelist(formats),
        "-max_streams",
        str(MAX_STREAMS),
        "-max_pixels",
        str(max_pixels),
        "-probesize",
        str(PROBE_BYTES),
        "-analyzeduration",
        str(ANALYSE_US),
        *forced,
    ]
