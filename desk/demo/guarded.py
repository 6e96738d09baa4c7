"""Made-up families whose records are guarded: a protected mother, named readers, an adoption, one person twice."""

from __future__ import annotations

from accounts.models import User
from desk.demo.builder import DemoFamily, at, day
from desk.demo.families import Kind, Place, Staff, Stage, Who, carer
from desk.demo.people import MANAGER
from desk.demo.watching import answered_already, judge
from families import actions, frame, signing
from families.actions import InfantFacts
from families.consent import Purpose
from families.models import Consent
from families.signing import recording, script

Decision = Consent.Decision


def foxglove(staff: Staff) -> None:
    """Ivy and her baby live where Dan must not find them. Both have parental responsibility, and they do not agree."""
    family = DemoFamily.open(
        by=staff.ina,
        team=staff.riverside,
        lead=staff.asha,
        days_ago=30,
        infants={"Robin": InfantFacts(first_name="Robin", last_name="Foxglove", date_of_birth=day(-17 * 7))},
        caregivers={
            "Ivy": carer("Ivy", "Foxglove", Who.BIRTH_PARENT, "Mum", pronouns="she/her"),
            "Dan": carer("Daniel", "Foxglove", Who.NON_BIRTH_PARENT, "Dad", lives=False, known_as="Dan"),
        },
    )
    family.stage(Stage.ENGAGING, 23)
    family.known(
        "Ivy",
        contact={
            "phone": "+447700900111",
            "may_text": "yes",
            "safe_times": "weekday mornings, when she is alone",
            "discreet_words": "Say it is the library calling",
            "hide_caller": True,
        },
    )
    family.known("Dan", contact={"phone": "+447700900112", "may_call": "yes", "may_text": "yes"})
    family.lives_at("12 Made Up Gardens\nElsewhere", "ZZ99 3WZ", whose="Ivy")
    family.lives_at("9 Foxglove Street\nRiverside", "ZZ99 3CZ", whose="Dan")
    family.professional(
        role="other",
        role_word="Key worker",
        name="R. Marsh",
        organisation="Safe House (made up)",
        phone="+441632960211",
        about=family.people["Ivy"],
    )
    actions.protect(
        by=staff.asha,
        case=family.case,
        person=family.people["Ivy"],
        reason="Dan has looked for her twice. A non-molestation order stands. Nothing of where she is to anybody.",
    )
    came = {"Ivy": "5", "Robin": "5"}
    family.session(Kind.ENGAGEMENT, at(-20, 11), place=Place.OTHER, detail="Safe House (made up)", came=came)
    family.session(Kind.ENGAGEMENT, at(-16, 16), place=Place.HUB, detail="Riverside Family Hub", came={"Dan": "5"})
    _sign(family, "Ivy", Decision.GIVEN)
    _sign(family, "Dan", Decision.REFUSED)
    family.session(Kind.ENGAGEMENT, at(2, 11), place=Place.OTHER, detail="Safe House (made up)", came={"Ivy": "0"})
    actions.share_information(
        by=staff.asha,
        case=family.case,
        what="That Ivy and Robin are well, and that we meet them weekly.",
        with_whom="Exampleshire Children’s Services",
        why="They asked whether the plan holds.",
        basis="safeguarding",
        shared_on=day(-9),
        family_told=True,
    )
    answered_already(family, "Ivy", staff.sue, days_ago=20)
    judge(
        family,
        "medium",
        "A non-molestation order stands, and Dan has looked for Ivy twice. She and Robin are safe where they are.",
        days_ago=16,
        due_in=14,
    )
    actions.raise_flag(
        by=staff.asha,
        case=family.case,
        text="Ring the office before and after every visit",
        review_on=day(30),
    )
    twice = family.written_again("Dan", first_name="Danny", phone="+447700900112")
    actions.merge_people(by=staff.ina, kept=family.people["Dan"], gone=twice, choices={})


def _sign(family: DemoFamily, name: str, decision: str) -> None:
    """What somebody decided for themselves and for Robin about film, with their name under it."""
    signer = family.people[name]
    draft = script.begin([signer, family.people["Robin"]], [Purpose.FILM])
    lease, _token = frame.open_frame(
        by=family.by, case=family.case, kind=signing.KIND, subject_id=signer.pk, back="/", draft=draft
    )
    frame.keep(lease, answers={f"{Purpose.FILM}:{each}": decision for each in draft["people"]}, at=1)
    asked = script.read(lease)
    if asked is not None:
        recording.sign(lease=lease, script=asked, signed=recording.look_at("", signer.display_name))
    frame.end_frames_of(family.by)


def rookwood(staff: Staff) -> None:
    """A colleague's own family: those who work with them and one manager may open the record, nobody else."""
    carol = User.objects.get(email=MANAGER)
    family = DemoFamily.open(
        by=staff.ina,
        team=staff.riverside,
        lead=staff.asha,
        days_ago=18,
        infants={"Linnet": InfantFacts(first_name="Linnet", last_name="Rookwood", date_of_birth=day(-8 * 7))},
        caregivers={"Noor": carer("Noor", "Rookwood", Who.BIRTH_PARENT, "Mama")},
    )
    family.stage(Stage.ENGAGING, 11)
    family.agree("Noor", (Purpose.FILM,), days_ago=11)
    family.session(Kind.ENGAGEMENT, at(-11, 9, 30), came={"Noor": "5", "Linnet": "5"})
    actions.restrict_family(
        by=carol,
        case=family.case,
        named=[staff.asha, carol],
        reason="Noor is the sister of somebody who works here, and asked that colleagues do not read this.",
    )
    actions.refuse_glass(
        by=staff.ben, reason="Noor rang the office and asked for Asha, who was out.", restricted=family.case
    )


def sorrel(staff: Staff) -> None:
    """Adopted by the family who cared for him: the record from before is closed, and only the manager knows of both."""
    carol = User.objects.get(email=MANAGER)
    family = DemoFamily.open(
        by=staff.ina,
        team=staff.riverside,
        lead=staff.asha,
        days_ago=210,
        infants={"Corin": InfantFacts(first_name="Corin", last_name="Sorrel", date_of_birth=day(-58 * 7))},
        caregivers={
            "Tess": carer("Tess", "Sorrel", Who.BIRTH_PARENT, "Mum", lives=False),
            "Marian": carer("Marian", "Teasel", Who.FOSTER_CARER, "Marian"),
        },
    )
    family.stage(Stage.ENGAGING, 190)
    family.known("Marian", contact={"phone": "+447700900141", "may_call": "yes"})
    family.lives_at("4 Teasel Way\nElsewhere", "ZZ99 3WZ", whose="Marian")
    family.session(Kind.ENGAGEMENT, at(-180, 10), came={"Marian": "5", "Corin": "5"})
    actions.begin_after_adoption(
        by=carol,
        case=family.case,
        child=family.people["Corin"],
        new=actions.NewRecord(
            from_on=day(-9),
            authority="Riverside Family Court (made up)",
            first_name="Robin",
            last_name="Teasel",
            adopters=[family.people["Marian"]],
            team=staff.riverside,
            lead=staff.ben,
            named=[staff.asha, carol],
            known_to=[carol],
        ),
    )
