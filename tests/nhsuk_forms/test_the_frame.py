"""What stands round every page, by who looks at it."""

import re
from pathlib import Path

import pytest
from django.contrib import messages
from django.contrib.auth.models import AnonymousUser
from django.contrib.messages.storage.cookie import CookieStorage
from django.core.paginator import Paginator
from django.http import HttpRequest
from django.template import engines
from django.template.loader import render_to_string
from django.test import RequestFactory
from django.urls import ResolverMatch, reverse

from accounts.models import Role, User
from tests.nhsuk_forms.dom import Node, by_id, parse
from tests.nhsuk_forms.sample import PersonForm
from vig_service.context import PLACES, navigation, service

ROOT = Path(__file__).resolve().parents[2]
INCLUDES = sorted(path for path in (ROOT / "templates/includes").glob("*.html"))


def request_of(user: User | AnonymousUser | None = None, path: str = "/") -> HttpRequest:
    request = RequestFactory().get(path)
    request.user = user or AnonymousUser()
    request._messages = CookieStorage(request)
    return request


def someone(role: str) -> User:
    return User(name="Asha Practitioner", email="asha@service.example", role=role)


def frame(request: HttpRequest, template: str = "{% extends 'base.html' %}", **context: object) -> Node:
    return parse(engines["django"].from_string(template).render(context, request))


def test_a_page_is_named_after_where_you_are_and_the_service(settings):
    settings.SERVICE_NAME = "Lark & Wren"
    page = frame(request_of(), "{% extends 'base.html' %}{% block title %}People{% endblock %}")
    assert page.one("title").text == "People – Lark & Wren"
    assert page.one("html").attrs["lang"] == "en-GB"


def test_the_title_says_error_when_the_form_has_one():
    source = "{% extends 'form.html' %}"
    assert frame(request_of(), source, form=PersonForm({}), heading="Who?").one("title").text.startswith("Error: Who?")
    assert frame(request_of(), source, form=PersonForm(), heading="Who?").one("title").text.startswith("Who?")


def test_the_summary_stands_above_the_only_heading():
    page = frame(request_of(), "{% extends 'form.html' %}", form=PersonForm({}), heading="Who?")
    order = [node for node in page.walk() if node.tag == "h1" or "nhsuk-error-summary" in node.classes]
    assert [node.tag for node in order] == ["div", "h1"]


def test_the_first_link_skips_to_the_content():
    page = frame(request_of(someone(Role.PRACTITIONER)))
    link = page.all("a")[0]
    assert by_id(page, link.attrs["href"].removeprefix("#")).tag == "main"


def test_signed_out_the_frame_gives_nothing_away():
    page = frame(request_of())
    assert not page.all("nav")
    assert not page.all("search")
    assert not page.all(data_cover_now="")
    assert not [script for script in page.all("script") if "session" in script.attrs["src"]]


@pytest.mark.parametrize("role", Role.values)
def test_signed_in_the_screen_can_be_covered_from_every_page(role: str):
    page = frame(request_of(someone(role)))
    button = page.one("button", data_cover_now="")
    assert button.attrs["aria-keyshortcuts"] == "F2"
    assert [script for script in page.all("script") if script.attrs["src"].endswith("accounts/session.js")]


def test_signing_out_is_a_post_with_a_token():
    form = frame(request_of(someone(Role.PRACTITIONER))).one("form", data_sign_out="")
    assert form.attrs["method"] == "post"
    assert form.one("input", name="csrfmiddlewaretoken")


def test_nothing_but_its_own_name_of_the_person_is_read_for_the_frame(db, django_assert_num_queries, cast):
    request = request_of(User.objects.get(pk=cast.asha.pk))
    with django_assert_num_queries(0):
        service(request)


def test_the_demonstration_says_that_it_is_one_and_the_real_service_does_not(settings):
    def said() -> bool:
        return bool(frame(request_of()).all(class_="app-demonstration"))

    settings.VIG_MODE = "demo"
    assert said()
    settings.VIG_MODE = "production"
    assert not said()


def test_messages_are_announced_by_their_weight():
    request = request_of(someone(Role.PRACTITIONER))
    messages.success(request, "Saved <b>")
    messages.error(request, "Not cut")
    messages.info(request, "Being prepared")
    page = frame(request)
    notices = page.all(class_="app-notice")
    assert [notice.attrs["role"] for notice in notices] == ["alert", "alert", "region"]
    assert [by_id(page, notice.attrs["aria-labelledby"]).text for notice in notices] == [
        "Done",
        "There is a problem",
        "Please note",
    ]
    assert notices[0].one(class_="app-notice__text").text == "Saved <b>"


def test_the_version_shown_is_that_of_the_project():
    stated = re.search(r'^version = "(.+)"', (ROOT / "pyproject.toml").read_text(), re.MULTILINE)
    assert stated
    assert f"Version {stated[1]}" in frame(request_of()).one("footer").text


# --- the way round ---
@pytest.fixture
def every_place(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every part of the service has an address, as in the whole service."""
    monkeypatch.setattr("vig_service.context._address", lambda name: f"/{name.replace(':', '/')}")


@pytest.mark.parametrize(
    ("role", "labels"),
    [
        (Role.PRACTITIONER, ["My day", "Families", "Duty"]),
        (Role.TRAINEE, ["My day", "Families", "Duty"]),
        (Role.SUPERVISOR, ["My day", "Families", "Duty"]),
        (Role.INTAKE, ["My day", "Families", "Referrals", "Duty"]),
        (Role.MANAGER, ["My day", "Families", "Referrals", "Duty", "Settings", "Audit"]),
        (Role.ADMINISTRATOR, ["My day", "People who sign in", "Settings", "Audit", "Messages", "Health"]),
    ],
)
def test_each_role_finds_the_parts_it_has_work_in(every_place: None, role: str, labels: list[str]):
    page = frame(request_of(someone(role)))
    assert [link.text for link in page.one("nav", aria_label="Main").all("a")] == labels
    assert bool(page.all("search")) is ("Families" in labels)


@pytest.mark.parametrize(
    ("address", "here", "current"),
    [
        ("desk:my-day", "My day", "page"),
        ("families:list", "Families", "page"),
        ("families:case", "Families", "section"),
        ("clips:workspace", "Families", "section"),
        ("clips:principle-edit", "Settings", "section"),
        ("accounts:audit-log", "Audit", "page"),
    ],
)
def test_the_part_one_is_in_is_marked(every_place: None, address: str, here: str, current: str):
    request = request_of(someone(Role.MANAGER))
    namespace, name = address.split(":")
    route = "principles/<int:principle>/" if "principle" in name else ""
    request.resolver_match = ResolverMatch(lambda: None, (), {}, url_name=name, namespaces=[namespace], route=route)
    assert {place.label: place.current for place in navigation(request) if place.current} == {here: current}


def test_a_persons_page_belongs_to_the_people_who_sign_in(every_place: None):
    request = request_of(someone(Role.ADMINISTRATOR))
    request.resolver_match = ResolverMatch(lambda: None, (), {}, url_name="person", namespaces=["accounts"])
    assert [place.label for place in navigation(request) if place.current] == ["People who sign in"]


def test_ones_own_account_belongs_to_no_part(every_place: None):
    request = request_of(someone(Role.ADMINISTRATOR))
    request.resolver_match = ResolverMatch(lambda: None, (), {}, url_name="account", namespaces=["accounts"])
    assert not [place.label for place in navigation(request) if place.current]


def test_the_search_asks_the_list_of_families(every_place: None):
    form = frame(request_of(someone(Role.PRACTITIONER))).one("search").one("form")
    assert (form.attrs["method"], form.attrs["action"]) == ("get", "/families/list")
    assert form.one("input").attrs["name"] == "q"


def test_no_part_is_named_twice():
    assert len({name for _, name, _, _ in PLACES}) == len(PLACES)


# --- parts of pages ---
def included(name: str, request: HttpRequest | None = None, **context: object) -> Node:
    return parse(render_to_string(f"includes/{name}.html", context, request=request))


@pytest.mark.parametrize("path", INCLUDES, ids=lambda path: path.name)
def test_every_include_says_what_it_takes(path: Path):
    head = path.read_text().split("{% endcomment %}")[0]
    assert "{% comment %}" in head
    assert len(head.split("{% comment %}")[1].strip()) > 20


def test_a_tag_says_its_status_in_words():
    assert included("tag", text="Ready", colour="green", about="Film:").one("strong").text == "Film: Ready"


def test_facts_are_pairs_and_the_link_says_what_it_changes():
    page = included(
        "summary_list", rows=[{"key": "Name", "value": "<Sam>", "url": "/x"}, {"key": "Town", "value": None}]
    )
    assert [value.text for value in page.all("dd", class_="nhsuk-summary-list__value")] == ["<Sam>", "Not known"]
    assert page.one("a").text == "Change name"


def test_a_task_is_described_by_its_hint_and_status():
    page = included("task_list", id="t", tasks=[{"label": "Choose", "url": "/x", "hint": "Film", "status": "Ready"}])
    assert [by_id(page, id_).text for id_ in page.one("a").attrs["aria-describedby"].split()] == ["Film", "Ready"]


def test_progress_is_a_real_progress_bar_named_and_described():
    page = included("progress", id="prepare", label="Preparing", value=42.4, detail="4 minutes left")
    bar = page.one("progress")
    assert (bar.attrs["value"], bar.attrs["max"]) == ("42", "100")
    assert by_id(page, bar.attrs["aria-labelledby"]).text == "Preparing 42%"
    assert by_id(page, bar.attrs["aria-describedby"]).text == "4 minutes left"


def test_progress_that_nobody_can_tell_has_no_value():
    assert "value" not in included("progress", id="p", label="Checking", detail="").one("progress").attrs
    assert included("progress", id="p", label="Starting", value=0, detail="").one("progress").attrs["value"] == "0"


def test_pages_of_a_list_keep_the_rest_of_the_address():
    request = RequestFactory().get("/families/?q=lark&page=2")
    page = included("pagination", request, page=Paginator(range(100), 10).page(2))
    assert page.one("a", aria_current="page").text == "2"
    assert {link.attrs["href"] for link in page.all("a", rel="next")} == {"?q=lark&page=3"}
    assert not included("pagination", request, page=Paginator(range(3), 10).page(1)).all("nav")


def test_the_tab_one_is_on_is_marked():
    page = included("tabs", tabs=[{"label": "Notes", "url": "/n"}, {"label": "People", "url": "/p", "current": True}])
    assert page.one("a", aria_current="page").text == "People"


def test_breadcrumbs_end_at_the_page_above():
    page = included("breadcrumbs", trail=[("Families", "/f"), ("Rowan", "/r")])
    assert [link.text for link in page.one("ol").all("a")] == ["Families", "Rowan"]
    assert page.one(class_="nhsuk-back-link").text == "Back to Rowan"


@pytest.mark.parametrize(
    ("name", "context"),
    [
        ("card", {"heading": "Cycle 2", "url": "/c", "text": "Why"}),
        ("details", {"summary": "More", "text": "Words"}),
        ("warning_callout", {"text": "Mind"}),
        ("inset", {"text": "Words"}),
        ("empty", {"text": "Nothing yet.", "url": "/n", "label": "Write one"}),
        (
            "timeline_item",
            {"when": "Tue 24 Nov", "what": "Filming", "who": "Asha", "text": "One\nTwo", "status": "Done"},
        ),
    ],
)
def test_a_part_says_what_it_is_given(name: str, context: dict[str, str]):
    page = included(name, **context)
    for key, value in context.items():
        if key != "url":
            assert " ".join(value.split()) in page.text


@pytest.mark.parametrize("name", [name for _, name, _, _ in PLACES] + ["accounts:account", "account_logout"])
def test_every_place_that_the_frame_leads_to_has_a_page(name: str):
    assert reverse(name).startswith("/")
