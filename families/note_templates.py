"""The first templates of notes, which the service then edits as it likes.

A VIG note begins with what the family is managing, in the order that the work itself has (strengths, then new ideas);
risk has a page of its own and no heading here, so that it is neither missed in a note nor shown beside a film.
"""

from __future__ import annotations

from dataclasses import dataclass

EVERYONE, THIRD_PARTY = "everyone", "third_party"


@dataclass(frozen=True)
class Part:
    heading: str
    hint: str = ""
    audience: str = EVERYONE


@dataclass(frozen=True)
class Pattern:
    name: str
    hint: str
    parts: tuple[Part, ...]


FIRST: tuple[Pattern, ...] = (
    Pattern(
        "VIG session",
        "After filming, a shared review or another VIG session",
        (
            Part(
                "What the family is managing",
                "What is going well between them now, and what they said of it themselves.",
            ),
            Part(
                "Attuned moments",
                "What you saw each of them do, and what the other did then. What it looked like, not what it meant.",
            ),
            Part("In the caregiver’s own words", "What they noticed, said or asked. Quote them."),
            Part(
                "New ideas and the helping question",
                "What is changing in how they see it. Whether the question still helps.",
            ),
            Part("One small next step", "What they will try, what you will do, and by when."),
            Part(
                "About somebody else",
                "What a person outside this family told you, or what is about them. Left out of a copy for the family.",
                THIRD_PARTY,
            ),
        ),
    ),
    Pattern(
        "Home visit",
        "What you saw and did in the family’s home",
        (
            Part("Who was there", "By the names they use, and who came or left."),
            Part("What the family is managing", "What is going well in their days."),
            Part("What we did", "What happened, in the order it happened. Facts first; say so when it is your view."),
            Part("What was agreed", "What they will do, what you will do, and when you meet next."),
            Part("About somebody else", "Left out of a copy for the family.", THIRD_PARTY),
        ),
    ),
    Pattern(
        "Telephone call",
        "A call that needs more words than the contact log",
        (
            Part("Who called whom, and why"),
            Part("What was said", "Their words where you can."),
            Part("What was agreed"),
        ),
    ),
    Pattern(
        "After supervision",
        "What you take back to a family from supervision or intervision",
        (
            Part("What I brought", "The question you asked your supervisor, and which moments you showed."),
            Part("What I saw anew", "Strengths of the family’s, and of your own, that you had not seen."),
            Part("What I will do next", "With this family, and by when."),
        ),
    ),
    Pattern("Blank note", "Your own words, without headings", (Part("Note"),)),
)
