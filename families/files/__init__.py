"""Private files of the record: what a file really is, where it is kept, how it leaves.

``accept`` looks at what arrived and refuses, in kind words, what is not one of the few kinds that the record keeps, or
what carries a program. ``keep`` writes it under a name that the server made; ``open_`` reads it; ``attachment`` sends
it, never for a browser to run. The caller has asked who may, and writes the audit event.
"""

from families.files.accepting import Accepted, accept, names_of_kinds, size_in_words
from families.files.kinds import ACCEPTED_BY_BROWSERS, FileKind
from families.files.serving import attachment, download, picture
from families.files.store import Kept, exists, keep, keep_bytes, open_, remove

__all__ = [
    "ACCEPTED_BY_BROWSERS",
    "Accepted",
    "FileKind",
    "Kept",
    "accept",
    "attachment",
    "download",
    "exists",
    "keep",
    "keep_bytes",
    "names_of_kinds",
    "open_",
    "picture",
    "remove",
    "size_in_words",
]
