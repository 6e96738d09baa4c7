"""What the service begins with; each of it is the service's own to change on its settings pages.

Reasons for referring: the tags of a published referral form of a UK parent-infant service (Wigan BABS), in plain words.
"""

from __future__ import annotations

from typing import Any

from django.apps.registry import Apps

from referrals.models.service import GuideText

Key = GuideText.Key

# (label, hint, NHS REASON FOR REFERRAL code)
REASONS: tuple[tuple[str, str, str], ...] = (
    ("The bond with the baby is slow to grow", "Before or after the birth", "21"),
    ("Finding the pregnancy or being a parent very hard", "", "13"),
    ("Mixed feelings about the baby", "Before or after the birth", "19"),
    ("Hard to read what the baby needs", "", "19"),
    ("Harsh words or feelings towards the baby, or the baby to come", "", "19"),
    ("A relationship with an earlier child was hard", "", "19"),
    ("The baby is tense, frightened, or hard to settle", "", "21"),
    ("The baby came early, was ill, or develops slowly", "", "19"),
    ("Hard experiences of the parent’s own childhood", "", "21"),
    ("Earlier trauma has come back with the baby", "A birth, a loss, violence, or something else", "13"),
    ("Children were looked after elsewhere before", "", "19"),
    ("A young parent", "", "19"),
    ("The partner struggles", "", "29"),
    ("The baby came to a new family", "Adoption, fostering, or family who care for them", "21"),
    ("Something else", "", ""),
)

# (label, what the referrer reads)
DECLINE_REASONS: tuple[tuple[str, str], ...] = (
    ("Too old when referred", "The baby is older than those whom we can take on."),
    ("Outside our area", "The family live outside the area that we work in."),
    ("The family do not want this", "The family told us that they do not want this help at present."),
    ("Another service fits better", "We think that another service fits better what this family needs."),
    ("Other help has to come first", "We think that something else has to be made safe or settled first."),
    ("The family could not be reached", "We tried several times and could not reach the family."),
    ("Already with us", "We are already working with this family."),
)

# (name, words, phone, url, urgent)
SIGNPOSTS: tuple[tuple[str, str, str, str, bool], ...] = (
    ("Emergency services", "If somebody is in danger now, or a child may be hurt.", "999", "", True),
    (
        "NHS 111",
        "Urgent help with health, day and night. Choose the mental health option if you are in crisis.",
        "111",
        "https://111.nhs.uk/",
        True,
    ),
    ("Samaritans", "Somebody to talk to, day and night.", "116 123", "https://www.samaritans.org/", True),
    (
        "National Domestic Abuse Helpline",
        "For women who are hurt or frightened by somebody close to them, day and night.",
        "0808 2000 247",
        "https://www.nationaldahelpline.org.uk/",
        True,
    ),
    (
        "NSPCC Helpline",
        "If you are worried about a child.",
        "0808 800 5000",
        "https://www.nspcc.org.uk/",
        False,
    ),
    ("Your health visitor, midwife or GP", "They know what there is where you live.", "111", "", False),
    (
        "Family Lives",
        "Support for parents, step-parents and grandparents with anything about family life.",
        "0808 800 2222",
        "https://www.familylives.org.uk/",
        False,
    ),
)

TEXTS: dict[str, str] = {
    Key.GUIDE: """Video interaction guidance (VIG) helps a parent or carer and their baby to enjoy being together, by \
looking closely at what already goes well between them.

# Who it is for
Anybody who is the main person, or one of the main people, in a baby’s life: mothers, fathers and other parents, \
grandparents, foster carers, adoptive parents, and whoever else is in that role. Babies not yet born are welcome too.
There should be something in the relationship that is hard, and a wish to make it stronger.
We want to hear from dads, from LGBTQ+ parents and carers, and from families who find services hard to reach. If it \
feels like a big step, there can be some sessions before the video work begins.

# What happens
- You say what you would like to be different. Together we make one question of it, a helping question.
- We make a film of a few minutes of you and your baby together.
- Your practitioner looks at it closely and chooses moments in which things go well.
- You watch these moments together, find out what you do that makes a difference, and think about what comes next.
This can happen several times. How many is up to you and your practitioner.

# Where
One to one, for an hour to an hour and a half, in a place that you choose: at home, in a family hub, or in our clinic.

# What matters to us
- What goes well comes first.
- In every conversation there are two equally important people.
- People change what they themselves decide to change.
- We go at the pace of the parent or carer.

# More about it
The Association for Video Interaction Guidance UK has introductions on its website: \
https://www.videointeractionguidance.net/""",
    Key.INTRODUCTION: """This form is for professionals who know a family. It takes about 20 minutes, and you can stop \
and come back.

# Before you begin
- The family has to know about this and agree to it.
- You need the baby’s date of birth, or the date on which it is expected.
- You need the names of the people who look after the baby, and how we can reach one of them safely.
- Ask the family what they hope for. We ask for their own words.""",
    Key.SELF_INTRODUCTION: """This form is for parents and carers who would like our help. Nobody has to ask for you. \
It takes about 15 minutes, and you can stop and come back.

You need not answer everything. Somebody of our team talks with you about it afterwards.""",
    Key.EMERGENCY: """Nobody reads this form at night or at the weekend. If somebody needs help before our next \
working day, please do not wait for us.""",
    Key.NOT_ELIGIBLE: """From what you say we are probably not the right service at this moment. That does not mean \
that help is not needed, and there are others who may be able to give it.""",
    Key.PRIVACY: """We use what you write here to decide, with the family, how we can help. If we work together it \
becomes part of the family’s record. If we do not, we keep it for as long as the law asks of us, and then delete it.
Only people who work for this service and need to read it do so. We share it with somebody else only if the family \
agrees, or if we have to because somebody may be harmed.
Everybody may ask to see what is written about them.""",
    Key.SUCCESS: """Somebody of our team reads this on the next working day. We then get in touch with the family, \
or with you if something is not clear, and tell you what we decided.""",
    Key.TALK: """Not sure whether this is right? Leave your number, and somebody of our team rings you back to think \
it through with you.
Please do not tell us who the family is. We do not open a record for a conversation.""",
}


def ship(apps: Apps) -> None:
    """Write all of it that is not there yet; ``apps`` as a migration has them."""
    reason, decline = apps.get_model("referrals", "Reason"), apps.get_model("referrals", "DeclineReason")
    for position, (label, hint, code) in enumerate(REASONS, start=1):
        defaults: dict[str, Any] = {"hint": hint, "nhs_code": code, "position": position}
        reason._default_manager.get_or_create(label=label, defaults=defaults)
    for position, (label, words) in enumerate(DECLINE_REASONS, start=1):
        defaults = {"public_words": words, "position": position}
        decline._default_manager.get_or_create(label=label, defaults=defaults)
    signpost = apps.get_model("referrals", "Signpost")
    for position, (name, words, phone, url, urgent) in enumerate(SIGNPOSTS, start=1):
        defaults = {"words": words, "phone": phone, "url": url, "urgent": urgent, "position": position}
        signpost._default_manager.get_or_create(name=name, defaults=defaults)
    text = apps.get_model("referrals", "GuideText")
    for key, words in TEXTS.items():
        text._default_manager.get_or_create(key=key, version=1, defaults={"text": words})
    apps.get_model("referrals", "IntakeRules")._default_manager.get_or_create(pk=1)
