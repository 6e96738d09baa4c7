"""A film that is kept as evidence, in Chromium: named, kept, looked at by the lead alone, withdrawn, released, gone."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser import PHONE
from tests.clips.media import films
from tests.journeys.at_the_desk import fill_date, look
from tests.journeys.looking import Desk
from tests.stack import Stack

pytestmark = [pytest.mark.journey, pytest.mark.film]

_LOOKS = """
from audit.models import AuditEvent
verbs = ("evidence.held", "evidence.opened", "evidence.played", "evidence.told", "evidence.released")
result = {verb: AuditEvent.objects.filter(verb=verb, actor_role="manager").count() for verb in verbs}
"""


def test_a_film_is_kept_for_the_lead_alone_until_it_is_released(
    house: Stack, new_page: Callable[..., Page], tmp_path: Path
) -> None:
    desk = Desk(house)
    case = desk.family["case"]
    film = desk.film(films.make(tmp_path / "film.mp4", rate=25, size=(320, 240), frames=60))
    folder = house.data_dir / "media" / "films" / film
    administrator, asha, carol = new_page(), new_page(), new_page()
    for page, name in ((administrator, "dev"), (asha, "asha"), (carol, "carol")):
        desk.sign_in(page, name)

    # the administrator names who it is, with keys alone
    administrator.goto(f"{house.base_url}/settings/")
    administrator.get_by_role("link", name="Safeguarding lead").press("Enter")
    administrator.get_by_label("Safeguarding lead").focus()
    administrator.keyboard.type("Carol")
    administrator.get_by_role("button", name="Save").press("Enter")
    expect(administrator.get_by_text("Saved. It counts from now on")).to_be_visible()

    # until now the practitioner plays the film, and knows whom to ask
    media = f"{house.base_url}/films/{film}/media/play"
    assert asha.request.get(media).status == 200
    asha.goto(f"{house.base_url}/films/{film}/")
    expect(asha.get_by_role("link", name="Look at it and mark moments")).to_be_visible()
    expect(asha.get_by_text("ask the safeguarding lead: Carol Manager")).to_be_visible()

    # the lead keeps it
    carol.goto(f"{house.base_url}/films/{film}/")
    carol.get_by_role("link", name="Keep as evidence").press("Enter")
    carol.get_by_role("button", name="Keep this film as evidence").press("Enter")
    expect(carol.get_by_role("alert")).to_contain_text("Enter why it is kept")
    look(carol, "evidence-hold-errors")
    carol.get_by_label("Why is it kept?", exact=True).fill("Asked for by the police, reference 12/345.")
    carol.get_by_label("Yes, I will tell them").check()
    carol.get_by_label("What are they told of why it is kept?").fill("The police asked us to keep this film safe.")
    look(carol, "evidence-hold")
    carol.get_by_role("button", name="Keep this film as evidence").press("Enter")
    expect(carol.get_by_text("The film is kept.")).to_be_visible()

    # the practitioner's open page shows so by itself, and nothing of the film can be had any more
    expect(asha.get_by_text("This film is kept as evidence by Carol Manager.")).to_be_visible()
    expect(asha.get_by_role("link", name="Look at it and mark moments")).to_have_count(0)
    expect(asha.get_by_text("police")).to_have_count(0)
    look(asha, "evidence-film-closed")
    for what in ("play", "original", "poster", "storyboard"):
        assert asha.request.get(f"{house.base_url}/films/{film}/media/{what}").status == 410, what
    asha.goto(f"{house.base_url}/films/{film}/analyse/")
    expect(asha.get_by_role("heading", name="This film cannot be shown")).to_be_visible()
    asha.goto(f"{house.base_url}/cases/{case}/risk/")
    expect(asha.get_by_text("Kept as evidence by Carol Manager since")).to_be_visible()
    asha.goto(f"{house.base_url}/cases/{case}/")
    expect(asha.get_by_text("kept as evidence by Carol Manager")).to_be_visible()

    # the lead plays it, and writes down that they were told
    video = carol.locator("video")
    video.evaluate("video => { video.muted = true; return video.play(); }")
    expect(video).not_to_have_js_property("currentTime", 0)
    look(carol, "evidence-film")
    address = video.get_attribute("src")
    assert asha.request.get(f"{house.base_url}{address}").status == 403
    page_of_lead = carol.url
    carol.get_by_role("link", name="The note to print for them").press("Enter")
    expect(carol.get_by_text("The police asked us to keep this film safe.")).to_be_visible()
    expect(carol.get_by_text("12/345")).to_have_count(0)
    look(carol, "evidence-note")
    carol.goto(page_of_lead)
    carol.get_by_role("link", name="Write down that they were told").press("Enter")
    carol.get_by_label("Who was told, and how?").fill("Sam, at home, with the note")
    look(carol, "evidence-told")
    carol.get_by_role("button", name="Save that they were told").press("Enter")
    expect(carol.get_by_text("Sam, at home, with the note")).to_be_visible()

    # Sam takes the agreement back: what is kept stays for the lead, who is asked to tell her so
    asha.goto(f"{house.base_url}/cases/{case}/consent/stop/")
    asha.get_by_role("checkbox", name=re.compile("^Sam: .*film", re.I)).first.check()
    asha.get_by_role("radio", name="Sam Example").check()
    asha.get_by_role("button", name="Stop now").click()
    asha.wait_for_url(lambda url: "stop" not in url)
    assert (folder / "original").exists()
    phone = new_page(**PHONE)
    desk.sign_in(phone, "carol")
    phone.goto(f"{house.base_url}/")
    expect(
        phone.get_by_role("link", name="Tell the people in a film that it is kept as evidence again")
    ).to_be_visible()
    phone.get_by_role("link", name="Films kept as evidence").click()
    look(phone, "evidence-list-phone")
    row = phone.get_by_role("row").last.bounding_box()
    assert row is not None
    assert row["width"] > 300  # a row is as wide as the telephone: its facts stand under one another
    phone.goto(page_of_lead)
    expect(phone.get_by_text("It is deleted when you release it.")).to_be_visible()
    look(phone, "evidence-film-phone")
    phone.get_by_role("link", name="It is still needed").click()
    fill_date(phone, "When do you look at it again?", 30)
    look(phone, "evidence-keep-on-phone")
    phone.get_by_role("button", name="Keep it until then").click()
    expect(phone.get_by_text("You are asked again on that day.")).to_be_visible()

    # released: gone, with its certificate
    phone.get_by_role("link", name="Release it").click()
    look(phone, "evidence-release-phone")
    phone.get_by_label("Why is it not needed any more?").fill("The police closed the case.")
    phone.get_by_role("button", name="Release and delete this film").click()
    expect(phone.get_by_text("The film and everything made of it is destroyed.")).to_be_visible()
    assert not folder.exists()
    asha.goto(f"{house.base_url}/films/{film}/certificate/")
    expect(asha.get_by_text("Sam no longer agrees to being filmed. It had been kept as evidence")).to_be_visible()
    assert carol.request.get(page_of_lead).status == 404
    looks = house.python(_LOOKS)
    assert all(looks.values()), looks
