"""Eight made-up families: what a service like this meets, in every standing that the pages show."""

from __future__ import annotations

from dataclasses import dataclass

from accounts.models import Team, User
from desk.demo.builder import DemoFamily, at, day, synthetic_nhs_number
from desk.demo.watching import answered_today, follow_up, judge, remember
from desk.demo.writing import advise, write_about
from families import actions
from families.actions import CaregiverFacts, InfantFacts
from families.consent import Purpose
from families.models import Case, Membership, Person
from outcomes import actions as questions
from sessions.models import Cycle, VigSession

Who = Membership.Relationship
Responsible = Membership.ParentalResponsibility
Kind, Place = VigSession.Kind, VigSession.Place
Stage = Case.Stage

TO_BEGIN = (Purpose.FILM, Purpose.SHARED_REVIEW)
AND_SUPERVISION = (*TO_BEGIN, Purpose.SUPERVISION)


@dataclass(frozen=True)
class Film:
    """A demonstration film to make and to send through the real pipeline."""

    case: Case
    cycle: Cycle
    session: VigSession
    people: tuple[Person, ...]
    by: User


@dataclass(frozen=True)
class Staff:
    """Those of the demonstration who work with families, and their teams."""

    riverside: Team
    hilltop: Team
    asha: User
    ben: User
    tess: User
    sue: User
    ina: User


def carer(
    first: str, last: str, relationship: str, word: str = "", pr: str = Responsible.YES, **more: object
) -> CaregiverFacts:
    return CaregiverFacts(
        first_name=first,
        last_name=last,
        relationship=relationship,
        relationship_word=word,
        parental_responsibility=pr,
        lives_with_infant=more.pop("lives", True),  # type: ignore[arg-type]
        **more,  # type: ignore[arg-type]
    )


def thistledown(staff: Staff) -> Film:
    """In the middle of it: one cycle behind them, the second one filmed yesterday, the review today."""
    family = DemoFamily.open(
        by=staff.ina,
        team=staff.riverside,
        lead=staff.asha,
        days_ago=61,
        infants={
            "Juniper": InfantFacts(
                first_name="Juniper",
                last_name="Thistledown",
                date_of_birth=day(-11 * 7 - 2),
                nhs_number=synthetic_nhs_number(100101),
            )
        },
        caregivers={
            "Robin": carer("Robin", "Thistledown", Who.BIRTH_PARENT, "Mama", pronouns="she/her"),
            "Alex": carer("Alex", "Thistledown", Who.NON_BIRTH_PARENT, "Baba", pronouns="they/them"),
        },
    )
    family.stage(Stage.ENGAGING, 54)
    family.known(
        "Robin",
        contact={"phone": "+447700900101", "email": "robin@family.example", "may_call": "yes", "may_text": "yes"},
        about={"ethnicity": "A", "disability": "no"},
    )
    family.known(
        "Alex", contact={"phone": "+447700900102", "may_text": "yes", "safe_times": "after 5, when work is over"}
    )
    family.lives_at("3 Thistle Row\nRiverside", "ZZ99 3CZ", note="the green door, bell does not ring")
    family.professional(role="gp", organisation="Riverside Surgery (made up)", ods_code="Z99001", phone="+441632960201")
    family.professional(
        role="health_visitor", name="Jay Larchfield", organisation="Riverside Family Hub", said_by="Robin", days_ago=54
    )
    came = {"Juniper": "5", "Robin": "5", "Alex": "5"}
    family.session(Kind.ENGAGEMENT, at(-54, 14), came={"Robin": "5", "Juniper": "5"})
    for name in ("Robin", "Alex"):
        family.agree(name, AND_SUPERVISION, days_ago=47)
        family.agree("Juniper", AND_SUPERVISION, days_ago=47, decided_by=name)
    family.session(Kind.HELPING_QUESTION, at(-47, 14), came=came)
    question = family.ask("How do I know what she wants?", whose="Robin", days_ago=47)
    first = family.cycle(question.wordings.get(version=1), days_ago=47)
    family.session(Kind.FILMING, at(-40, 10), cycle=first, came=came, minutes=60)
    family.session(Kind.SHARED_REVIEW, at(-33, 10), cycle=first, came=came)
    family.rate(question.wordings.get(version=1), "Robin", 3, days_ago=33)
    second_words = family.reword(
        question, "What am I already doing that helps Juniper tell me what she wants?", days_ago=32
    )
    family.close(
        first,
        "Robin saw how she waits while Juniper looks away, and that Juniper comes back each time. Alex noticed that "
        "their own voice goes quiet just before Juniper smiles. New idea: count to three before doing anything.",
        second_words,
        days_ago=32,
    )
    bath = family.aim("Enjoy bath time, all three of us", days_ago=47)
    family.nearer(bath, "Robin", (47, 2), (33, 4), (12, 6))
    family.nearer(bath, "Alex", (47, 3), (12, 5))
    family.answered("phq-9", "Robin", [2, 2, 2, 2, 1, 2, 1, 0, 0], days_ago=54, occasion="baseline")
    family.answered("phq-9", "Robin", [1, 1, 1, 1, 1, 0, 0, 0, 0], days_ago=12, occasion="review")
    family.answered("gad-7", "Robin", [2, 2, 1, 1, 1, 2, 1], days_ago=54, occasion="baseline")
    second = family.cycle(second_words, days_ago=12)
    family.rate(second_words, "Robin", 5, days_ago=12)
    family.rate(second_words, "Alex", 4, days_ago=12)
    filming = family.session(Kind.FILMING, at(-1, 10), cycle=second, came=came, minutes=60)
    family.session(Kind.SHARED_REVIEW, at(0, 15, 30), cycle=second, place=Place.HUB, detail="Riverside Family Hub")
    write_about(family)
    advise(staff.asha)
    return Film(family.case, second, filming, tuple(family.people.values()), staff.asha)


def marrowby(staff: Staff) -> None:
    """Twins, two who decide and do not agree, and a grandmother who has not been asked."""
    family = DemoFamily.open(
        by=staff.asha,
        team=staff.riverside,
        lead=staff.asha,
        days_ago=30,
        infants={
            "Ida": InfantFacts(first_name="Ida", last_name="Marrowby", date_of_birth=day(-19 * 7)),
            "Bo": InfantFacts(first_name="Bo", last_name="Marrowby", date_of_birth=day(-19 * 7)),
        },
        caregivers={
            "Jo": carer("Joanna", "Marrowby", Who.BIRTH_PARENT, "Mum", known_as="Jo"),
            "Fen": carer("Fen", "Lockett", Who.NON_BIRTH_PARENT, "Dad", lives=False),
            "Nan": carer("Patricia", "Marrowby", Who.GRANDPARENT, "Nan", Responsible.NO, known_as="Nan Pat"),
        },
    )
    family.stage(Stage.ENGAGING, 23)
    family.known(
        "Jo",
        contact={
            "phone": "+447700900103",
            "may_call": "yes",
            "may_voicemail": "no",
            "may_post": "no",
            "safe_times": "mornings, when the twins sleep",
            "discreet_words": "It is about the baby group",
            "hide_caller": True,
            "address_confidential": True,
        },
    )
    family.lives_at("Flat 2, The Old Mill", "ZZ99 3CZ", whose="Jo")
    family.lives_at("18 Lockett Terrace", "ZZ99 3CZ", whose="Fen")
    family.session(Kind.ENGAGEMENT, at(-16, 11), came={"Ida": "5", "Bo": "5", "Jo": "6"})
    family.agree("Jo", AND_SUPERVISION, days_ago=16)
    family.agree("Fen", TO_BEGIN, days_ago=9)
    for twin in ("Ida", "Bo"):
        family.agree(twin, TO_BEGIN, days_ago=16, decided_by="Jo")
        family.agree(twin, (Purpose.FILM,), days_ago=9, decided_by="Fen")
        family.refuse(twin, (Purpose.SHARED_REVIEW,), days_ago=9, decided_by="Fen")
    family.ask("How can I be there for both of them at once?", whose="Jo", days_ago=16)
    family.session(Kind.HELPING_QUESTION, at(0, 10), came=None)
    family.session(Kind.FILMING, at(3, 10), came=None, minutes=60)
    judge(family, "none", "Asked and observed at the first visit. Both homes are calm.", days_ago=16, due_in=40)
    remember(
        family,
        "Ring Fen about the shared review",
        due_in=-2,
        detail="He said no to looking at it together. Ask what he would need, and do not press.",
    )
    remember(family, "Ask Jo which of the Monday groups she would like", due_in=6)


def pepperwood(staff: Staff) -> None:
    """A baby to come, an interpreter, and a partner of whom one question is still open."""
    family = DemoFamily.open(
        by=staff.ina,
        team=staff.riverside,
        lead=staff.asha,
        days_ago=14,
        infants={"Baby": InfantFacts(last_name="Pepperwood", expected_on=day(5 * 7 + 1))},
        caregivers={
            "Mila": carer(
                "Mila",
                "Pepperwood",
                Who.BIRTH_PARENT,
                "Mama",
                language="Polish",
                interpreter_needed=True,
                date_of_birth=day(-29 * 365),
                nhs_number=synthetic_nhs_number(100201),
            ),
            "Kit": carer("Kit", "Sorrel", Who.NON_BIRTH_PARENT, pr=Responsible.UNKNOWN),
        },
    )
    family.stage(Stage.ENGAGING, 7)
    family.session(Kind.ENGAGEMENT, at(-7, 13), place=Place.CLINIC, detail="Willow Clinic", came={"Mila": "5"})
    family.agree("Mila", TO_BEGIN, days_ago=7)
    family.session(Kind.ENGAGEMENT, at(1, 13), place=Place.CLINIC, detail="Willow Clinic")
    remember(family, "Book the Polish interpreter for tomorrow", due_in=0)
    answered_today(family, "Mila")


def featherstone(staff: Staff) -> None:
    """A foster family; the local authority decides for the baby. Tess leads, under Sue's supervision."""
    family = DemoFamily.open(
        by=staff.ina,
        team=staff.riverside,
        lead=staff.tess,
        days_ago=40,
        infants={"Wren": InfantFacts(first_name="Wren", last_name="Featherstone", date_of_birth=day(-226))},
        caregivers={
            "Maggie": carer("Margaret", "Quill", Who.FOSTER_CARER, "Maggie", Responsible.NO, known_as="Maggie"),
        },
    )
    family.stage(Stage.ENGAGING, 33)
    actions.add_legal_status(
        by=staff.tess,
        case=family.case,
        child=family.people["Wren"],
        kind="ico",
        from_on=day(-60),
        authority="Exampleshire County Council",
        note="D. Ashgrove decides about filming, after speaking with Wren’s parents.",
    )
    family.professional(
        role="social_worker",
        name="D. Ashgrove",
        organisation="Exampleshire County Council",
        said_by="Maggie",
        days_ago=33,
    )
    family.agree("Maggie", AND_SUPERVISION, days_ago=26)
    family.agree("Wren", AND_SUPERVISION, days_ago=24, authority="D. Ashgrove, social worker", evidence="paper")
    question = family.ask("What helps Wren to feel safe with me?", whose="Maggie", days_ago=26)
    cycle = family.cycle(question.wordings.get(version=1), days_ago=20)
    family.session(Kind.FILMING, at(-6, 9, 30), cycle=cycle, came={"Wren": "5", "Maggie": "5"}, minutes=60)
    family.session(Kind.SHARED_REVIEW, at(2, 9, 30), cycle=cycle)
    worry = actions.add_concern(
        by=staff.tess,
        case=family.case,
        text="Wren was very still while the vacuum cleaner ran, and did not look for Maggie for about a minute.",
        discussed_with="Sue Kowalska, in supervision",
        action="Maggie and I spoke about loud sounds. To look at together with the health visitor next week.",
    )
    follow_up(
        worry,
        ("decision", "Not a sign of harm by itself. To be seen again at home, with sounds that Wren knows.", staff.sue),
        ("action", "Rang D. Ashgrove, who knew of it and had asked for a hearing test.", staff.tess),
        days_ago=5,
    )
    judge(
        family,
        "low",
        "Wren is safe with Maggie. What came before is not known in full; the court’s papers are awaited.",
        days_ago=31,
        due_in=-3,
    )


def bramblewick(staff: Staff) -> None:
    """A grandmother who is special guardian and hears with an aid; one thing she does not want."""
    family = DemoFamily.open(
        by=staff.asha,
        team=staff.riverside,
        lead=staff.asha,
        days_ago=21,
        infants={"Otis": InfantFacts(first_name="Otis", last_name="Bramblewick", date_of_birth=day(-14 * 7 - 3))},
        caregivers={
            "Pearl": carer(
                "Pearl",
                "Bramblewick",
                Who.SPECIAL_GUARDIAN,
                "Nana Pearl",
                communication_needs="hears with an aid: face her, no music",
            ),
        },
    )
    family.stage(Stage.ENGAGING, 14)
    hearing = family.people["Pearl"].needs.get()
    actions.change_need(
        by=staff.asha,
        case=family.case,
        need=hearing,
        changes={
            "kind": "support",
            "may_be_shared": "yes",
            "met_how": "We sit by the window, and turn the radio off before we begin.",
            "review_on": day(180),
        },
    )
    family.agree("Pearl", TO_BEGIN, days_ago=14)
    family.agree("Otis", TO_BEGIN, days_ago=14, decided_by="Pearl")
    family.refuse("Pearl", (Purpose.TRAINING,), days_ago=14)
    family.refuse("Otis", (Purpose.TRAINING,), days_ago=14, decided_by="Pearl")
    family.session(Kind.ENGAGEMENT, at(-14, 15), came={"Pearl": "5", "Otis": "5"})
    family.session(Kind.FILMING, at(-3, 11), minutes=60)  # nobody has said yet how it went


def applegarth(staff: Staff) -> Film:
    """A dad on his own with his daughter, with the other team."""
    family = DemoFamily.open(
        by=staff.ben,
        team=staff.hilltop,
        lead=staff.ben,
        days_ago=28,
        infants={"Nell": InfantFacts(first_name="Nell", last_name="Applegarth", date_of_birth=day(-9 * 7 - 4))},
        caregivers={
            "Tom": carer("Tomos", "Applegarth", Who.NON_BIRTH_PARENT, "Dad", known_as="Tom", pronouns="he/him")
        },
    )
    family.stage(Stage.ENGAGING, 21)
    family.agree("Tom", AND_SUPERVISION, days_ago=14)
    family.agree("Nell", AND_SUPERVISION, days_ago=14, decided_by="Tom")
    question = family.ask("Am I doing it right when she just looks at me?", whose="Tom", days_ago=14)
    cycle = family.cycle(question.wordings.get(version=1), days_ago=14)
    filming = family.session(Kind.FILMING, at(-2, 16), cycle=cycle, came={"Nell": "5", "Tom": "5"}, minutes=60)
    family.session(Kind.SHARED_REVIEW, at(5, 16), cycle=cycle)
    return Film(family.case, cycle, filming, tuple(family.people.values()), staff.ben)


def willoughby(staff: Staff) -> None:
    """Just accepted: nobody leads yet, which waits on the manager's day."""
    DemoFamily.open(
        by=staff.ina,
        team=staff.riverside,
        lead=None,
        days_ago=2,
        infants={"Fern": InfantFacts(first_name="Fern", last_name="Willoughby", date_of_birth=day(-5 * 7))},
        caregivers={"Sky": carer("Sky", "Willoughby", Who.ADOPTIVE_PARENT, "Mummy", pr=Responsible.UNKNOWN)},
    )


def larkspur(staff: Staff) -> None:
    """Finished well, and closed."""
    family = DemoFamily.open(
        by=staff.asha,
        team=staff.riverside,
        lead=staff.asha,
        days_ago=190,
        infants={"Ash": InfantFacts(first_name="Ash", last_name="Larkspur", date_of_birth=day(-390))},
        caregivers={"Dee": carer("Deepa", "Larkspur", Who.BIRTH_PARENT, "Amma", known_as="Dee")},
    )
    family.stage(Stage.ENGAGING, 180)
    family.agree("Dee", TO_BEGIN, days_ago=170)
    family.agree("Ash", TO_BEGIN, days_ago=170, decided_by="Dee")
    question = family.ask("How can I help him to calm down?", whose="Dee", days_ago=170)
    family.rate(question.wordings.get(version=1), "Dee", 2, days_ago=160)
    family.rate(question.wordings.get(version=1), "Dee", 6, days_ago=110)
    family.rate(question.wordings.get(version=1), "Dee", 8, days_ago=60)
    calm = family.aim("Evenings in which nobody cries, me included", whose="Dee", days_ago=170)
    family.nearer(calm, "Dee", (170, 1), (110, 5), (45, 8))
    questions.end_goal(
        by=staff.asha, goal=calm.goal, how="reached", why="Most evenings. We know what to do on the others."
    )
    family.answered("gad-7", "Dee", [3, 2, 2, 2, 2, 2, 1], days_ago=170, occasion="baseline")
    family.answered("gad-7", "Dee", [1, 1, 1, 0, 1, 1, 0], days_ago=45, occasion="ending")
    family.session(Kind.ENDING, at(-45, 10), came={"Ash": "5", "Dee": "5"})
    actions.close_case(
        by=staff.asha,
        case=family.case,
        closed_on=day(-40),
        reason="Dee says that they have found their way. Three cycles. The door stays open.",
    )
    family.case.stage_changes.filter(stage=Stage.CLOSED).update(at=at(-40, 16))


WITH_FILM = (thistledown, applegarth)
WITHOUT_FILM = (marrowby, pepperwood, featherstone, bramblewick, willoughby, larkspur)
