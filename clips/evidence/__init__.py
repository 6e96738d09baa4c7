"""Keeping a film as evidence.

A safeguarding lead (``accounts.safeguarding``) keeps a film; from that moment ``Recording.ended`` is true: nobody plays
it, no moment or still of it is shown, cut or kept, no room shows it. A withdrawal of consent stops it as it always
does, and the deletion that follows waits until the film is released. The leads look at it on a page of its own.

UK GDPR article 17(3)(b) and (e): erasure does not have to follow where what is kept is needed for a task in the public
interest laid down by law, or for legal claims. Working Together to Safeguard Children 2023 on what is shared and kept.
"""

from clips.evidence.actions import hold, keep_on, release, tell
from clips.evidence.reading import hold_on, said

__all__ = ["hold", "hold_on", "keep_on", "release", "said", "tell"]
