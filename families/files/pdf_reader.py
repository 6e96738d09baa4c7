"""Run by itself, as a child with limits: reads a PDF from its input and says in a word what is in it.

Says ``fine``, ``password``, ``program`` or ``damaged``. It imports nothing of the service's.
"""

from __future__ import annotations

import io
import re
import resource
import sys
from typing import Any

MEMORY = 1024 * 1024**2  # bytes of address space
SECONDS = 15  # of processor time
MOST_OBJECTS = 200_000

# Names in a PDF (ISO 32000-1) of what runs, opens, sends or hides something.
FORBIDDEN = frozenset(
    {"/JS", "/JavaScript", "/EmbeddedFile", "/EmbeddedFiles", "/RichMedia", "/RichMediaContent", "/XFA"}
)
ACTIONS = frozenset(
    {
        "/JavaScript",
        "/Launch",
        "/SubmitForm",
        "/ImportData",
        "/GoToE",
        "/GoToR",
        "/Rendition",
        "/Movie",
        "/RichMediaExecute",
        "/EmbeddedFile",
    }
)
ANNOTATIONS = frozenset({"/FileAttachment", "/RichMedia", "/Screen", "/Movie", "/3D"})
# Also looked for in the bare bytes: an object that the list of objects leaves out is found by other readers all the
# same. Only names too long to come about by chance in compressed bytes.
BARE = re.compile(rb"/(JavaScript|EmbeddedFile|RichMedia|Launch[\s/>\]])")
ESCAPED = re.compile(rb"#([0-9A-Fa-f]{2})")


def said_of(data: bytes) -> str:
    """One word about a PDF."""
    from pypdf import PdfReader
    from pypdf.errors import PyPdfError

    if BARE.search(ESCAPED.sub(lambda found: bytes([int(found[1], 16)]), data)):
        return "program"
    if b"%%EOF" not in data[-2048:]:
        return "damaged"  # cut short, or something else comes after it
    try:
        reader = PdfReader(io.BytesIO(data), strict=False)
        if reader.is_encrypted:
            return "password"
        if not len(reader.pages):
            return "damaged"
        return "program" if any(runs(each) for each in objects(reader)) else "fine"
    except (PyPdfError, RecursionError, MemoryError, ArithmeticError, LookupError, TypeError, ValueError, OSError):
        return "damaged"
    except AttributeError:
        return "damaged"  # the library met an object of another type than the format has there


def objects(reader: Any) -> Any:
    """Every object that the file lists, and its trailer."""
    numbers = {(number, generation) for generation, found in reader.xref.items() for number in found}
    numbers |= {(number, 0) for number in reader.xref_objStm}
    if len(numbers) > MOST_OBJECTS:
        raise MemoryError
    from pypdf.generic import IndirectObject

    yield reader.trailer
    for number, generation in sorted(numbers):
        if generation != 65535 and number:  # a number that is free
            yield reader.get_object(IndirectObject(number, generation, reader))


def runs(found: Any) -> bool:
    """Whether an object, or one written inside it, runs, opens, sends or hides something."""
    waiting = [found]
    while waiting:
        each = waiting.pop()
        if isinstance(each, dict):
            if FORBIDDEN & set(each) or ("/Subtype" in each and each["/Subtype"] in ANNOTATIONS):
                return True
            waiting.extend(dict.values(each))
        elif isinstance(each, list):
            waiting.extend(list.__iter__(each))
        elif isinstance(each, str) and each in ACTIONS:
            return True
    return False


def main() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    print(said_of(sys.stdin.buffer.read()))


if __name__ == "__main__":
    main()
