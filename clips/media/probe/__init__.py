"""Checking a film: is it one that we can work with, and when is each of its frames shown?

`probe` is the one way in. The bytes are opened in the sandbox alone (`examine`, with PyAV); what comes back is
a `Film`, or a `Rejected` that says what is wrong and what to do, in a practitioner's words.
"""

from clips.media.probe.film import Film, microseconds
from clips.media.probe.reasons import Rejected

__all__ = ["Film", "Rejected", "microseconds"]
