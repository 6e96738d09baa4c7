"""Plain text, and nothing that pretends to be."""

from __future__ import annotations

import re

_PAGE = re.compile(
    r"<\s*(!doctype|html|head|body|script|svg|iframe|object|embed|style|link|meta|form|img|\?xml|\?php)\b|javascript:",
    re.IGNORECASE,
)
_PROGRAM = ("#!", "MZ", "%PDF", "{\\rtf", "@echo", "<%")


def is_plain(data: bytes) -> bool:
    """Whether these bytes are words and nothing else: UTF-8, or Windows' own letters; no page, no script."""
    try:
        words = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        try:
            words = data.decode("cp1252")
        except UnicodeDecodeError:
            return False
    if any(letter < " " and letter not in "\t\n\r\f" for letter in words):
        return False
    start = words.lstrip()
    return bool(start) and not start.lower().startswith(tuple(p.lower() for p in _PROGRAM)) and not _PAGE.search(words)
