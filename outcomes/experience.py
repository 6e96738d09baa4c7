"""What families are asked about the service at the ending. Our own words, about us and not about them.

The keys are kept with the answers, so that a sentence may be put better without losing what was said to it.
"""

from __future__ import annotations

STATEMENTS: dict[str, str] = {
    "listened": "I felt listened to.",
    "together": "We decided together what to look at and what to work on.",
    "pace": "We went at my pace.",
    "where": "The times and places suited us.",
    "helped": "What we did together helped.",
    "friend": "I would tell a friend in the same place to come here.",
}
ANSWERS: dict[int, str] = {
    5: "Yes, very much",
    4: "Mostly",
    3: "Partly",
    2: "Not really",
    1: "Not at all",
}
BEST = "What helped most?"
BETTER = "What could we do better?"
LONGEST = 2000  # letters of an answer in one's own words
