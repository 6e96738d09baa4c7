"""A restricted record: who is not named finds nothing and asks in vain; her own copy tells nothing of the other."""

from __future__ import annotations

import io
import json
import re
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from pypdf import PdfReader

from tests.browser import PHONE
from tests.journeys.at_the_desk import fill_date, look
from tests.journeys.looking import Desk
from tests.stack import Stack, running

pytestmark = pytest.mark.journey

_WHERE = """
from families import actions
from families.models import Case
from accounts.models import User
case = Case.objects.get(pk=pk)
asha = User.objects.get(email="asha@service.example")
nan = case.people.get(known_as="Nan")
actions.change_contact(by=asha, case=case, person=nan, changes={"phone": "+447700900456", "may_call": "yes"})
actions.add_address(by=asha, case=case, person=nan, lines="7 Quiet Lane", postcode="ZZ99 3WZ")
actions.log_contact(by=asha, case=case, kind="call", person=nan, note="Nan rang from Quiet Lane.")
actions.log_contact(by=asha, case=case, kind="call", person=case.people.get(first_name="Sam"), note="Sam rang.")
result = {"reference": case.family.reference, "nan": str(nan.pk), "sam": str(case.people.get(first_name="Sam").pk)}
"""


@pytest.fixture(scope="module")
def house() -> Iterator[Stack]:
    """A service whose worker gathers copies."""
    with running(workers=("messages",), beat=False) as stack:
        yield stack


def test_a_record_is_kept_for_named_people_and_her_copy_tells_nothing_of_the_other(
    house: Stack, new_page: Callable[..., Page], tmp_path: Path
) -> None:
    desk = Desk(house)
    case = desk.family["case"]
    known = house.python(_WHERE, pk=case)
    base = f"{house.base_url}/cases/{case}"
    carol, ben, asha = new_page(), new_page(), new_page(**PHONE)
    for page, name in ((carol, "carol"), (ben, "ben"), (asha, "asha")):
        desk.sign_in(page, name)

    # Nan must not be found by the others: written down by the practitioner, on a phone
    asha.goto(f"{base}/people/{known['nan']}/")
    asha.get_by_role("link", name="If Nan must not be found by somebody in the family").click()
    asha.get_by_role("radio", name="Everybody else in the family").check()
    asha.get_by_label("Why?").fill("Somebody in the family has looked for her.")
    look(asha, "protect")
    asha.get_by_role("main").get_by_role("button", name=re.compile("^Protect|^Save")).click()
    expect(asha.get_by_text("Nan is protected")).to_be_visible()

    # the manager restricts the record, with keys alone
    carol.goto(f"{base}/access/")
    carol.get_by_role("link", name="Restrict this record to named people").press("Enter")
    carol.get_by_label("Carol Manager (manager, North)").press("Space")
    carol.get_by_label("Why only they?").focus()
    carol.keyboard.type("The family of a colleague.")
    look(carol, "restrict")
    carol.get_by_role("button", name="Restrict this record").press("Enter")
    expect(carol.get_by_text("For everybody else this record is not there any more")).to_be_visible()

    # who is not named finds nothing, and a written reason does not open it
    ben.goto(f"{house.base_url}/families/?q=Rowan")
    expect(ben.get_by_role("link", name="Rowan")).to_have_count(0)
    assert ben.request.get(f"{base}/").status == 404
    ben.goto(f"{house.base_url}/families/another-team/")
    ben.get_by_label("Reference of the record").fill(known["reference"])
    ben.get_by_role("main").get_by_role("textbox").nth(1).fill("Sam rang me and said that it is urgent tonight.")
    ben.get_by_role("radio", name=re.compile("^No")).check()
    ben.get_by_role("main").get_by_role("button").first.click()
    expect(ben.get_by_role("alert")).to_contain_text("There is no record of that reference")
    look(ben, "glass-refused")
    carol.goto(f"{house.base_url}/")
    expect(
        carol.get_by_text(f"Ben Practitioner asked to open {known['reference']}, which is restricted")
    ).to_be_visible()
    asha.goto(f"{house.base_url}/families/?q=Rowan")
    expect(asha.get_by_role("link", name=re.compile("Rowan")).first).to_be_visible()

    # Sam asks for a copy of their own record
    carol.goto(f"{base}/access/")
    carol.get_by_role("link", name="Somebody asks for a copy of their record").press("Enter")
    carol.get_by_role("button", name="Gather the record").press("Enter")
    expect(carol.get_by_role("alert")).to_contain_text("Enter the day on which they asked")
    look(carol, "copy-errors")
    carol.get_by_role("radio", name=re.compile("^Sam Example")).press("Space")
    carol.get_by_role("group", name="Who asks?").get_by_role("radio").first.press("Space")
    fill_date(carol, "When did they ask?", 0)
    carol.get_by_label("How did you make sure who asks?").fill("Known to us; showed a passport.")
    carol.get_by_role("button", name="Gather the record").press("Enter")
    expect(carol.get_by_role("heading", name="Read it through")).to_be_visible(timeout=60_000)
    expect(carol.get_by_text("Sam rang.")).to_be_visible()
    for hidden in ("7 Quiet Lane", "07700 900456", "07700 900 456", "ZZ99 3WZ"):
        expect(carol.get_by_role("main").get_by_text(hidden)).to_have_count(0)
    look(carol, "copy-read")
    carol.get_by_role("button", name="Put the copy together").press("Enter")
    save = carol.get_by_role("link", name=re.compile("^Save the copy"))
    expect(save).to_be_visible(timeout=60_000)
    look(carol, "copy-ready")
    with carol.expect_download() as started:
        save.press("Enter")
    copy = tmp_path / "copy.zip"
    started.value.save_as(copy)
    with zipfile.ZipFile(copy) as packed:
        names = packed.namelist()
        pdf = next(name for name in names if name.endswith(".pdf"))
        read = " ".join(page.extract_text() for page in PdfReader(io.BytesIO(packed.read(pdf))).pages)
        machines = packed.read(next(name for name in names if name.endswith(".json"))).decode()
    assert json.loads(machines)
    assert "Sam rang." in read
    for hidden in ("Quiet Lane", "07700 900456", "07700 900 456", "+447700900456", "ZZ99 3WZ", "looked for her"):
        assert hidden not in read, hidden
        assert hidden not in machines, hidden
    carol.get_by_role("button", name="Sam has the copy").press("Enter")
    expect(carol.get_by_text("What was gathered for this copy is deleted")).to_be_visible()
    expect(carol.get_by_role("link", name=re.compile("^Save the copy"))).to_have_count(0)
