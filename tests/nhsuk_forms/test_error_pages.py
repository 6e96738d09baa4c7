"""What people see when a page cannot be shown."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied, RequestDataTooBig, SuspiciousOperation
from django.http import Http404, HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from django.urls import path

from accounts.models import Role, User
from tests.nhsuk_forms.dom import Node, parse
from vig_service import errors
from vig_service import urls as service_urls


def request_of(
    method: str = "get", data: dict[str, object] | None = None, user: object = None, **headers: str
) -> HttpRequest:
    request = getattr(RequestFactory(), method)("/families/1?tab=notes", data or {}, headers=headers)
    request.user = user or AnonymousUser()
    return request


def page_of(response: HttpResponse) -> Node:
    page = parse(response.content.decode())
    assert len(page.all("h1")) == 1
    assert page.one("title").text
    return page


ASHA = User(name="Asha", email="asha@service.example", role=Role.PRACTITIONER)


@pytest.mark.parametrize(
    ("response", "status", "words"),
    [
        (lambda: errors.bad_request(request_of(), SuspiciousOperation("x")), 400, "Nothing has been changed"),
        (lambda: errors.forbidden(request_of(user=ASHA), PermissionDenied()), 403, "ask your manager"),
        (lambda: errors.not_found(request_of(user=ASHA), Http404("Family 7")), 404, "may belong to another team"),
        (lambda: errors.too_large(request_of(), 10 * 1024**2), 413, "At most 10.0 MB"),
        (lambda: errors.too_many(request_of(), 130), 429, "Try again in 3 minutes"),
        (lambda: errors.too_many(request_of()), 429, "Try again in 1 minute."),
        (lambda: errors.server_error(request_of()), 500, "try again"),
        (lambda: errors.csrf_failure(request_of()), 403, "load the page again"),
    ],
)
def test_an_error_page_says_what_happened_and_what_to_do(response, status: int, words: str, settings):
    answer = response()
    page = page_of(answer)
    assert answer.status_code == status
    assert words.replace("\xa0", " ") in page.one("main").text.replace("\xa0", " ")
    assert settings.SERVICE_PHONE in page.one("main").text


def test_a_request_too_large_for_the_service_is_told_the_limit(settings):
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024**2
    answer = errors.bad_request(request_of(), RequestDataTooBig())
    assert answer.status_code == 413
    assert "2.0 MB" in page_of(answer).text.replace("\xa0", " ")


def test_a_refusal_says_its_reason_when_it_has_one_and_never_as_markup():
    answer = errors.forbidden(request_of(user=ASHA), PermissionDenied("Managers <b>play no film</b>."))
    page = page_of(answer)
    assert "Managers <b>play no film</b>." in page.text
    assert not page.all("b")


def test_a_missing_page_never_says_whether_a_record_is_there():
    one = errors.not_found(request_of(user=ASHA), Http404("No Family matches the given query."))
    other = errors.not_found(request_of(user=ASHA), None)
    assert page_of(one).one("main").text == page_of(other).one("main").text
    assert "Family matches" not in one.content.decode()


def test_when_to_try_again_is_said_to_programs_too():
    assert errors.too_many(request_of(), 130).headers["Retry-After"] == "130"


@pytest.mark.parametrize("handler", [errors.server_error, errors.bad_request])
def test_the_page_of_a_broken_service_asks_nothing_of_it(handler):
    page_of(handler(None))  # no request; and without the fixture `db` any query would fail


# --- a form whose token is out of date ---
def typed(page: Node) -> dict[str, str]:
    return {
        box.attrs["name"]: "".join(str(child) for child in box.children).strip("\n") for box in page.all("textarea")
    }


def test_what_was_typed_is_offered_back_when_the_form_was_ours():
    words = 'She said "look" </textarea><script>x</script>\nand waited'
    request = request_of(
        "post",
        {"note": words, "days": ["mon", "tue"], "csrfmiddlewaretoken": "old"},
        ASHA,
        **{"Sec-Fetch-Site": "same-origin"},
    )
    page = page_of(errors.csrf_failure(request))
    again = next(form for form in page.one("main").all("form"))
    assert again.attrs["action"] == "/families/1?tab=notes"
    assert typed(again)["note"] == words
    assert [box.text for box in again.all("textarea", name="days")] == ["mon", "tue"]
    assert again.one("input", name="csrfmiddlewaretoken").attrs["value"] != "old"


@pytest.mark.parametrize("site", ["cross-site", "same-site", "none", ""])
def test_a_form_from_elsewhere_is_never_offered_back(site: str):
    request = request_of("post", {"note": "words"}, ASHA, **{"Sec-Fetch-Site": site})
    assert not page_of(errors.csrf_failure(request)).one("main").all("form")


@pytest.mark.parametrize("name", ["password", "pin", "otp_code", "new_password1"])
def test_a_secret_is_never_written_back_into_a_page(name: str):
    request = request_of("post", {"note": "words", name: "31415926"}, ASHA, **{"Sec-Fetch-Site": "same-origin"})
    assert "31415926" not in errors.csrf_failure(request).content.decode()


def test_someone_signed_out_is_offered_nothing_back():
    request = request_of("post", {"email": "sam@home.example"}, **{"Sec-Fetch-Site": "same-origin"})
    assert "sam@home.example" not in errors.csrf_failure(request).content.decode()


# --- wired in ---
def _break(request: HttpRequest) -> HttpResponse:
    raise RuntimeError("broken")


def _huge(request: HttpRequest) -> HttpResponse:
    raise RequestDataTooBig


urlpatterns = [path("broken", _break), path("huge", _huge)]
handler400, handler403 = service_urls.handler400, service_urls.handler403
handler404, handler500 = service_urls.handler404, service_urls.handler500


@pytest.mark.parametrize(
    ("address", "status", "title"), [("/broken", 500, "Something went wrong"), ("/huge", 413, "too large")]
)
def test_the_service_uses_these_pages(settings, address: str, status: int, title: str):
    settings.ROOT_URLCONF = __name__
    settings.MIDDLEWARE = ["django.middleware.common.CommonMiddleware"]
    answer = Client(raise_request_exception=False).get(address)
    assert answer.status_code == status
    assert title in page_of(answer).one("title").text


def test_a_host_that_is_not_ours_is_answered_without_reading_the_request(settings):
    answer = Client(raise_request_exception=False).get("/", headers={"host": "evil.example"})
    assert answer.status_code == 400
    assert "could not understand" in page_of(answer).one("h1").text


def test_the_accessibility_statement_is_open_to_everybody(db):
    answer = Client().get("/accessibility")
    assert answer.status_code == 200
    assert page_of(answer).one("h1").text == "Accessibility statement"
    assert Client().post("/accessibility").status_code == 405
