"""The door: closed by default; the clock of a sign-in; a second factor where one is required."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.models import AnonymousUser
from django.contrib.auth.views import redirect_to_login
from django.http import HttpResponse, HttpResponseRedirect, JsonResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode

from accounts import held
from accounts.clock import by_a_person, is_navigation, session_key, touch
from accounts.models import SignIn, User
from accounts.public import CLOCK_VIEWS, COVERED_VIEWS, SET_UP_VIEWS, is_public
from accounts.request import Request

# Says whose words a form holds that arrives after its sign-in has ended. It opens nothing.
WRITER_COOKIE = "__Host-vig_writer" if settings.PRODUCTION else "vig_writer"
WRITER_SALT = "accounts.writer"


class Door:
    """Nobody without a sign-in sees anything but the pages listed in ``accounts.public``.

    While the screen is covered ``request.user`` is nobody, so that no view, template or error page can show
    anything; ``request.person_behind_cover`` is who it is.
    """

    def __init__(self, get_response: Callable[[Request], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: Request) -> HttpResponse:
        recognise(request)
        was_in = request.sign_in is not None
        response = self.get_response(request)
        match = request.resolver_match
        if was_in and request.method == "POST" and match is not None and match.view_name == "account_logout":
            leave_nothing(response)
        else:
            remember_writer(request, response)
        return response

    def process_view(
        self,
        request: Request,
        view: Callable[..., HttpResponse],
        args: tuple[object, ...],
        kwargs: dict[str, object],
    ) -> HttpResponse | None:
        name = request.resolver_match.view_name if request.resolver_match else ""
        if request.person_behind_cover is not None:
            if name in COVERED_VIEWS:
                request.user = request.person_behind_cover
                return None
            return None if is_public(request) else answer_covered(request, request.person_behind_cover)
        if not request.user.is_authenticated:
            return None if is_public(request) else answer_signed_out(request)
        if lacks_factor(request) and name not in SET_UP_VIEWS and not is_public(request):
            return answer_set_up(request)
        if name not in CLOCK_VIEWS and by_a_person(request):
            touch(request.sign_in)
        return None


# --- Who is there, and whether the clock has run out -------------------------------------------------------


def recognise(request: Request) -> None:
    """Set ``sign_in``, ``person_behind_cover`` and ``was_signed_in`` on the request; end what is over."""
    request.sign_in = None
    request.person_behind_cover = None
    request.was_signed_in = None
    if settings.SESSION_COOKIE_NAME not in request.COOKIES or not request.user.is_authenticated:
        return
    now = timezone.now()
    sign_in = sign_in_of(request)
    if sign_in is None or sign_in.is_over(now):
        end(request, sign_in)
        return
    request.sign_in = sign_in
    if sign_in.is_covered(now):
        request.person_behind_cover = request.user
        request.user = AnonymousUser()  # type: ignore[assignment]  # no view sees it


def sign_in_of(request: Request) -> SignIn | None:
    """The sign-in that this session belongs to, if it is still this person's."""
    return SignIn.objects.filter(pk=session_key(request), user_id=request.user.pk).first()


def end(request: Request, sign_in: SignIn | None) -> None:
    """Sign out because the absolute limit has come, or because it was ended from elsewhere."""
    request.was_signed_in = request.user.pk
    request.why_signed_out = "time" if sign_in is not None else "elsewhere"
    logout(request)
    if is_navigation(request):
        hours = f"{settings.ABSOLUTE_TIMEOUT.total_seconds() / 3600:g}"
        messages.info(
            request,
            f"You were signed out after {hours} hours. Sign in again to go on where you were."
            if sign_in is not None
            else "This sign-in was ended. Sign in again to go on where you were.",
        )


def lacks_factor(request: Request) -> bool:
    return settings.MFA_REQUIRED and request.sign_in is not None and not request.sign_in.has_factor


# --- What a closed door answers ----------------------------------------------------------------------------


def answer_covered(request: Request, person: User) -> HttpResponse:
    """The covered page, by an address that tells nothing; 401 for a piece of a page."""
    if not is_navigation(request):
        return JsonResponse({"covered": True}, status=401)
    back = held.way_back(request, person.pk)
    query = f"?{urlencode({'to': held.seal(back)})}" if back else ""
    return see_other(reverse("accounts:covered") + query)


def answer_signed_out(request: Request) -> HttpResponse:
    """The sign-in page with the way back; 401 for a piece of a page."""
    if not is_navigation(request):
        return JsonResponse({"signed_out": True}, status=401)
    if request.method in {"GET", "HEAD"}:
        return redirect_to_login(request.get_full_path())
    back = held.way_back(request, writer_of(request))
    return see_other(redirect_to_login(back or settings.LOGIN_REDIRECT_URL).url)


def answer_set_up(request: Request) -> HttpResponse:
    if not is_navigation(request):
        return JsonResponse({"set_up": True}, status=403)
    return see_other(reverse("mfa_index"))


def see_other(url: str) -> HttpResponse:
    """303: go there with GET, whatever the method was."""
    response = HttpResponseRedirect(url)
    response.status_code = 303
    return response


# --- Whose words a late form holds -------------------------------------------------------------------------


def writer_of(request: Request) -> int | None:
    """Who was signed in here last, for a form that arrives after the sign-in has ended; None when unknown."""
    if request.was_signed_in is not None:
        return request.was_signed_in
    kept = request.get_signed_cookie(WRITER_COOKIE, "", salt=WRITER_SALT)
    return int(kept) if kept and kept.isdigit() else None


def leave_nothing(response: HttpResponse) -> None:
    """After signing out on purpose the browser keeps nothing of ours; the device may be somebody else's next."""
    response.headers["Clear-Site-Data"] = '"cache", "storage"'
    response.delete_cookie(WRITER_COOKIE, samesite="Lax")


def remember_writer(request: Request, response: HttpResponse) -> None:
    """Keep the cookie that names the writer in step with who is signed in; forget a form that has arrived."""
    user = request.user
    if not user.is_authenticated:
        return
    if is_navigation(request) and writer_of(request) != user.pk:
        response.set_signed_cookie(
            WRITER_COOKIE,
            str(user.pk),
            salt=WRITER_SALT,
            secure=settings.SESSION_COOKIE_SECURE,
            httponly=True,
            samesite="Lax",
        )
    if request.method == "POST" and response.status_code < 400 and request.content_type in held.FORMS:
        token = request.POST.get(held.MARK, "")
        if token:
            held.forget(user, token)
