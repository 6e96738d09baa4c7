"""Why a film is refused: what is wrong, and what to do about it, in a practitioner's words."""

from __future__ import annotations


class Rejected(Exception):
    """A film that we cannot or must not take."""

    def __init__(self, code: str, sentence: str, advice: str) -> None:
        super().__init__(f"{sentence} {advice}".strip())
        self.code = code
        self.sentence = sentence
        """What is wrong."""
        self.advice = advice
        """What to do."""
