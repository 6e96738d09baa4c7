"""One timeline of everything that happened in a case, whichever app it comes from."""

from families.timeline.reading import Asked, Cursor, TimelinePage, kinds, read

__all__ = ["Asked", "Cursor", "TimelinePage", "kinds", "read"]
