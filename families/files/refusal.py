"""Why a file cannot be kept."""

from __future__ import annotations


class Refused(Exception):
    """The sentence is for the person who chose the file; ``code`` is for tests and counts."""

    def __init__(self, sentence: str, code: str) -> None:
        super().__init__(sentence)
        self.code = code
