"""Numbered films with their check and their proxy, each made once for all tests that look at them."""

from __future__ import annotations

import functools
import tempfile
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from statistics import median

from clips.media import playable, probe
from tests.clips.media import numbered

_folder = tempfile.TemporaryDirectory(prefix="numbered-")


@dataclass(frozen=True)
class Prepared:
    """A film as a test finds it: made, checked, with its proxy."""

    made: numbered.Numbered
    film: probe.Film
    proxy: playable.Proxy
    lag: Fraction | None
    """Seconds by which the sound of the film as it came in follows its picture; None when it is silent."""

    @property
    def path(self) -> Path:
        """The film as it came in."""
        return self.made.path


@functools.cache
def prepared(name: str) -> Prepared:
    """Make, check and prepare one of `numbered.FILMS`."""
    made = numbered.film(name, Path(_folder.name))
    film = probe.probe(made.path)
    proxy = playable.make_proxy(film, made.path, made.path.with_name(f"{made.path.stem}-proxy.mp4"))
    lag = None
    if numbered.FILMS[name][2].sound is not None:
        due = [film.time(index) for index in made.ticking()]
        lag = median(min((heard - tick for heard in numbered.ticks(made.path)), key=abs) for tick in due)
    return Prepared(made, film, proxy, lag)
