"""People who sign in, for administrators."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from accounts import actions, letters, queries
from accounts.access import requires
from accounts.forms.people import PersonForm, TeamForm
from accounts.models import Permission, Team, User
from accounts.request import Request
from nhsuk_forms.forms import NhsForm

ACCOUNTS = requires(Permission.MANAGE_ACCOUNTS)


@require_safe
@ACCOUNTS
def people(request: Request) -> HttpResponse:
    return render(request, "accounts/people.html", {"people": queries.people(), "teams": queries.teams()})


@require_http_methods(["GET", "HEAD", "POST"])
@ACCOUNTS
def person_add(request: Request) -> HttpResponse:
    form = PersonForm(request.POST or None)
    form.cancel_url = reverse("accounts:people")
    if request.method == "POST" and form.is_valid():
        user = _tried(form, lambda: actions.add_person(by=request.user, **form.cleaned_data))
        if user is not None:
            _send_link(request, user, f"{user.name} is added.")
            return redirect("accounts:person", user.pk)
    return render(
        request,
        "accounts/person_form.html",
        {"form": form, "heading": "Add somebody who signs in", "roles": queries.roles_in_words()},
    )


@require_http_methods(["GET", "HEAD", "POST"])
@ACCOUNTS
def person(request: Request, pk: int) -> HttpResponse:
    """One person: what they may do, and the form that changes it."""
    user = get_object_or_404(User.objects.select_related("team", "supervisor"), pk=pk)
    form = PersonForm(request.POST or None, user=user)
    form.cancel_url = reverse("accounts:people")
    if request.method == "POST" and form.is_valid():
        fresh = get_object_or_404(User, pk=pk)
        if _tried(form, lambda: actions.change_person(by=request.user, user=fresh, **form.cleaned_data)):
            messages.success(request, "The changes are saved. They hold from now on.")
            return redirect("accounts:person", pk)
    return render(
        request,
        "accounts/person.html",
        {
            "person": user,
            "form": form,
            "facts": queries.person_facts(user),
            "steps": [step for step in STEPS.values() if step.offered(user, request.user)],
            "own": user.pk == request.user.pk,
            "roles": queries.roles_in_words(),
        },
    )


# --- One thing done to one account, asked once more ---------------------------------------------------------


@dataclass(frozen=True)
class Step:
    """A thing an administrator does to an account; ``do`` returns what to say afterwards."""

    key: str
    label: str
    question: str
    explanation: str
    do: Callable[[Request, User], str]
    offered: Callable[[User, User], bool]
    warning: bool = False


def _close(request: Request, user: User) -> str:
    actions.close_account(by=request.user, user=user)
    return f"{user.name}’s account is closed. Every sign-in of theirs has ended."


def _reopen(request: Request, user: User) -> str:
    actions.reopen_account(by=request.user, user=user)
    return f"{user.name} can sign in again."


def _reset(request: Request, user: User) -> str:
    actions.reset_second_step(by=request.user, user=user)
    told = letters.tell_second_step_reset(user=user)
    return f"{user.name}’s second step is reset." + ("" if told else " The letter that tells them could not be sent.")


def _sign_out(request: Request, user: User) -> str:
    count = actions.sign_out_everywhere(by=request.user, user=user)
    return f"{user.name} was signed out in {count} place{'' if count == 1 else 's'}."


def _link(request: Request, user: User) -> str:
    _send_link(request, user, "")
    return ""


def _others(user: User, by: User) -> bool:
    return user.pk != by.pk


STEPS: dict[str, Step] = {
    step.key: step
    for step in (
        Step(
            "link",
            "Send a link to choose a password",
            "Send {name} a link to choose a password?",
            "It goes to {email}, works once, for 24 hours. Their password stays as it is until they use it.",
            _link,
            lambda user, by: user.is_active and _others(user, by),
        ),
        Step(
            "second-step",
            "Reset the second step",
            "Reset {name}’s second step?",
            "Make sure first that it is really {name} who asks, by phone or face to face. Their passkeys, app and "
            "recovery codes stop working, and they are signed out. A letter tells them.",
            _reset,
            lambda user, by: user.is_active and _others(user, by),
            warning=True,
        ),
        Step(
            "sign-out",
            "Sign out everywhere",
            "Sign {name} out everywhere?",
            "Every sign-in of theirs ends at once. They can sign in again.",
            _sign_out,
            lambda user, by: user.is_active and _others(user, by),
            warning=True,
        ),
        Step(
            "close",
            "Close the account",
            "Close {name}’s account?",
            "They cannot sign in any more, and every sign-in of theirs ends at once. What they wrote stays in the "
            "records under their name. Families that they lead need another lead: a manager sees to that.",
            _close,
            lambda user, by: user.is_active and _others(user, by),
            warning=True,
        ),
        Step(
            "reopen",
            "Open the account again",
            "Open {name}’s account again?",
            "They sign in with the password and second step that they had.",
            _reopen,
            lambda user, by: not user.is_active,
        ),
    )
}


@require_http_methods(["GET", "HEAD", "POST"])
@ACCOUNTS
def person_step(request: Request, pk: int, step: str) -> HttpResponse:
    """Asked once more, then done."""
    user = get_object_or_404(User, pk=pk)
    what = STEPS.get(step)
    if what is None or not what.offered(user, request.user):
        raise Http404
    problem = ""
    if request.method == "POST":
        try:
            said = what.do(request, user)
        except ValidationError as refused:
            problem = " ".join(refused.messages)
        else:
            if said:
                messages.success(request, said)
            return redirect("accounts:person", pk)
    words = {"name": user.name, "email": user.email}
    return render(
        request,
        "accounts/person_step.html",
        {
            "person": user,
            "step": what,
            "question": what.question.format(**words),
            "explanation": what.explanation.format(**words),
            "problem": problem,
        },
        status=409 if problem else 200,
    )


def _send_link(request: Request, user: User, before: str) -> None:
    if not letters.send_link(by=request.user, user=user, absolute=request.build_absolute_uri):
        messages.warning(
            request,
            f"{before} The letter could not be sent. Check the mail settings, then send the link again.".strip(),
        )
        return
    where = f" Demonstration: the letter is the newest file in {settings.EMAIL_FILE_PATH}." if _in_a_file() else ""
    messages.success(request, f"{before} A link to choose a password is on its way to {user.email}.{where}".strip())


def _in_a_file() -> bool:
    return settings.EMAIL_BACKEND.endswith("filebased.EmailBackend") and not settings.PRODUCTION


def _tried(form: NhsForm, act: Callable[[], Any]) -> Any:
    """What the action returns; None, with the refusal in the form, when it refuses."""
    try:
        return act()
    except ValidationError as refused:
        form.add_error(None, refused)
        return None


# --- Teams --------------------------------------------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
@ACCOUNTS
def team_add(request: Request) -> HttpResponse:
    form = TeamForm(request.POST or None)
    form.cancel_url = reverse("accounts:people")
    if request.method == "POST" and form.is_valid():
        team = _tried(form, lambda: actions.add_team(by=request.user, **form.cleaned_data))
        if team is not None:
            messages.success(request, f"The team {team.name} is added.")
            return redirect("accounts:people")
    return _team_page(request, form, "Add a team")


@require_http_methods(["GET", "HEAD", "POST"])
@ACCOUNTS
def team(request: Request, pk: int) -> HttpResponse:
    found = get_object_or_404(Team, pk=pk)
    form = TeamForm(request.POST or None, team=found)
    form.cancel_url = reverse("accounts:people")
    if (
        request.method == "POST"
        and form.is_valid()
        and _tried(form, lambda: actions.rename_team(by=request.user, team=found, **form.cleaned_data))
    ):
        messages.success(request, "The name is saved.")
        return redirect("accounts:people")
    return _team_page(request, form, "Rename a team")


def _team_page(request: Request, form: TeamForm, heading: str) -> HttpResponse:
    return render(
        request,
        "form.html",
        {
            "form": form,
            "heading": heading,
            "trail": [("People who sign in", reverse("accounts:people"))],
        },
    )
