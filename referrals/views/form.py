"""The form itself: one group of questions a page, without script. Every POST is kept and answered by a redirect."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.datastructures import MultiValueDict
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.middleware import see_other
from accounts.request import Request
from families import files
from referrals import actions, eligibility, texts
from referrals.addresses import address, address_of_page
from referrals.models import Door, Draft, GuideText, Signpost
from referrals.questions import QuestionForm
from referrals.questions.steps import DECLARATION
from referrals.views.doors import keep_details, remembered, urgent_signposts
from referrals.views.reach import too_often, writing
from referrals.written import Page, Written, written_by

Key = GuideText.Key
FROM_CHECK = "check"  # ?from=check: back there when the page is finished
MOST_FILES_AN_HOUR = {"address": 300, "device": 60}
FILE_BYTES = 10 * 1024**2
SENDS: dict[str, str] = {
    Door.PROFESSIONAL: "Send this referral",
    Door.SELF: "Send this to the team",
    Door.STAFF: "Save this referral",
}


def _show(request: Request, draft: Draft, template: str, context: dict[str, Any]) -> HttpResponseBase:
    staff = draft.door == Door.STAFF
    more = {"draft": draft, "staff": staff, "save_url": "" if staff else address(draft, "save")}
    return render(request, f"referrals/form/{template}.html", {**more, **context})


def _back(draft: Draft, written: Written, page: Page) -> str:
    before = written.before(page)
    if before is not None:
        return address_of_page(draft, before)
    return reverse("referrals:key-in" if draft.door == Door.STAFF else "referrals:doors")


def _on(request: Request, draft: Draft, page: Page) -> HttpResponseBase:
    """To whatever comes after a page that is finished."""
    written = written_by(draft)
    said = written.said_at(page.step.key, page.item)
    if page.step.key == "start" and not written.asked_anyway and eligibility.why_not(said):
        return see_other(address(draft, "not-this-time"))
    if page.step.key == "agreement" and said.get("agreed") == "no":
        return see_other(address(draft, "no-agreement"))
    if page.step.key == "risk" and said.get("immediate") == "yes":
        return see_other(address(draft, "help-now"))
    return see_other(_next(request, draft, written, page))


def _next(request: Request, draft: Draft, written: Written, page: Page) -> str:
    if request.GET.get("from") == FROM_CHECK:
        waiting = written.unfinished()
        return address_of_page(draft, waiting[0]) + "?from=check" if waiting else address(draft, "check")
    following = written.after(page)
    return address_of_page(draft, following) if following else address(draft, "check")


def _gate(draft: Draft, written: Written, page: Page) -> HttpResponseBase | None:
    """Lead back to a question that everything after it depends on."""
    begun = page.step.key != "start" and written.said_at("start")
    if begun and not written.asked_anyway and eligibility.why_not(begun):
        return see_other(address(draft, "not-this-time"))
    if page.step.key not in ("start", "agreement") and written.said_at("agreement").get("agreed") == "no":
        return see_other(address(draft, "no-agreement"))
    shut = written.shut_at(page)
    return see_other(address_of_page(draft, shut)) if shut is not None else None


@require_http_methods(["GET", "HEAD", "POST"])
@writing
def question(request: Request, draft: Draft, step: str, item: int | None = None) -> HttpResponseBase:
    """One page of questions, or the page on which several people stand under one another."""
    written = written_by(draft)
    page = written.page(step, item)
    if page is None:
        raise Http404
    if away := _gate(draft, written, page):
        return away
    if page.step.key == "files":
        return _files(request, draft, written, page)
    if page.is_list:
        return _list(request, draft, written, page)
    if request.method == "POST":
        return _keep(request, draft, page)
    form = written.form(page)
    if not form.is_bound and page.step.key == "you" and draft.door == Door.PROFESSIONAL:
        known = remembered(request)
        form.initial.update(known, remember=bool(known))
    form.submit_label = "Continue"
    context = {
        "form": form,
        "page": page,
        "heading": page.step.heading(draft.door, _ordinal(written, page)),
        "whose": written.name_of(page.step, page.item) if page.step.of else "",
        "back_url": _back(draft, written, page),
        "emergency": texts.words(Key.EMERGENCY) if page.step.key == "emergency" else None,
        "urgent": urgent_signposts() if page.step.key in ("emergency", "risk") else (),
    }
    return _show(request, draft, "question", context)


def _ordinal(written: Written, page: Page) -> int:
    numbers = written.numbers(next(each for each in written.steps if each.key == (page.step.of or page.step.key)))
    if not page.step.numbered or not numbers:
        return 1
    return numbers.index(page.item) + 1 if page.item in numbers else len(numbers) + 1


def _keep(request: Request, draft: Draft, page: Page) -> HttpResponseBase:
    posted = {name: values for name, values in request.POST.lists()}  # noqa: C416 - a plain dict of lists
    draft = actions.keep(draft=draft, step=page.step, item=page.item, posted=posted)
    form = written_by(draft).form(page)
    if not form.is_valid():
        kept = request.GET.get("from") == FROM_CHECK
        return see_other(address_of_page(draft, page) + ("?from=check" if kept else ""))
    response = _on(request, draft, page)
    if page.step.key == "you" and draft.door == Door.PROFESSIONAL:
        keep_details(response, form.cleaned_data)
    return response


def _list(request: Request, draft: Draft, written: Written, page: Page) -> HttpResponseBase:
    step = page.step
    if request.method == "POST":
        draft = actions.go_on(draft=draft, key=step.key)
        return see_other(_next(request, draft, written_by(draft), page))
    numbers = written.numbers(step)
    items = [
        {
            "name": written.name_of(step, number),
            "line": written.line_of(step, number),
            "finished": all(
                written.finished(each)
                for each in written.pages
                if each.item == number and (each.step is step or each.step.of == step.key)
            ),
            "url": address(draft, "item", step.key, number),
            "remove_url": address(draft, "item-remove", step.key, number),
        }
        for number in numbers
    ]
    context = {
        "page": page,
        "step": step,
        "items": items,
        "add_url": address(draft, "item", step.key, written.next_number(step)) if len(numbers) < step.most else "",
        "may_remove": len(numbers) > step.at_least(draft.door),
        "back_url": _back(draft, written, page),
        "heading": step.many,
    }
    return _show(request, draft, "list", context)


@require_http_methods(["GET", "HEAD", "POST"])
@writing
def item_remove(request: Request, draft: Draft, step: str, item: int) -> HttpResponseBase:
    """Take somebody out again, asked once."""
    written = written_by(draft)
    together = written.page(step, None)
    if together is None or not together.is_list:
        raise Http404
    back = address(draft, "step", step)
    page = Page(together.step, item)
    if item not in written.numbers(page.step):
        return see_other(back)  # taken out already
    if len(written.numbers(page.step)) <= page.step.at_least(draft.door):
        return see_other(back)
    if request.method == "POST":
        actions.remove(draft=draft, step=page.step, item=item)
        return see_other(back)
    context = {"name": written.name_of(page.step, item), "one": page.step.one, "back_url": back}
    return _show(request, draft, "remove", context)


def _files(request: Request, draft: Draft, written: Written, page: Page) -> HttpResponseBase:
    form = page.step.form(door=draft.door)
    if request.method == "POST":
        upload = request.FILES.get("file")
        if upload is None and request.POST.get("go") == "on":
            draft = actions.go_on(draft=draft, key="files")
            return see_other(_next(request, draft, written_by(draft), page))
        problem = ""
        if upload is None:
            problem = "Choose a file"
        elif too_often(request, "file", MOST_FILES_AN_HOUR):
            problem = "That were many files within an hour. Try again later, or send the referral without them"
        else:
            try:
                actions.add_file(draft=draft, accepted=files.accept(upload, most_bytes=FILE_BYTES))
            except ValidationError as error:
                problem = " ".join(error.messages)
        if not problem:
            return see_other(address(draft, "step", "files"))
        # the one POST that is answered by a page: a file cannot be kept that may not be
        form = page.step.form(MultiValueDict(), door=draft.door)
        form.add_error("file", problem)
    context = {
        "form": form,
        "page": page,
        "heading": page.step.title,
        "attachments": draft.attachments.all(),
        "kinds": files.names_of_kinds(),
        "most": files.size_in_words(FILE_BYTES),
        "back_url": _back(draft, written, page),
    }
    return _show(request, draft, "files", context)


@require_POST
@writing
def file_remove(request: Request, draft: Draft, attachment: UUID) -> HttpResponseBase:
    """Take a file out again."""
    actions.drop_file(draft=draft, attachment=attachment)
    return see_other(address(draft, "step", "files"))


@require_safe
@writing
def resume(request: Request, draft: Draft) -> HttpResponseBase:
    """To where somebody left off: the first page that is not finished, else check answers."""
    waiting = written_by(draft).unfinished()
    return see_other(address_of_page(draft, waiting[0]) if waiting else address(draft, "check"))


@require_http_methods(["GET", "HEAD", "POST"])
@writing
def not_this_time(request: Request, draft: Draft) -> HttpResponseBase:
    """It does not fit, by the service's own rules: why, who else can help, and asking the team anyway."""
    written = written_by(draft)
    why = eligibility.why_not(written.said_at("start"))
    start = next(page for page in written.pages if page.step.key == "start")
    following = written.after(start)
    if not why or written.asked_anyway:
        onward = following is not None and written.finished(start)
        return see_other(address_of_page(draft, following) if following and onward else address(draft, "resume"))
    may_ask = eligibility.rules().outside_may_ask or draft.door == Door.STAFF
    if request.method == "POST" and may_ask:
        actions.go_on(draft=draft, key="anyway")
        return see_other(address_of_page(draft, following) if following else address(draft, "check"))
    if request.method == "POST":
        return see_other(address(draft, "not-this-time"))
    context = {
        "why": why,
        "may_ask": may_ask,
        "words": texts.words(Key.NOT_ELIGIBLE),
        "signposts": Signpost.objects.filter(active=True),
        "back_url": address(draft, "step", "start"),
    }
    return _show(request, draft, "not_this_time", context)


@require_safe
@writing
def no_agreement(request: Request, draft: Draft) -> HttpResponseBase:
    """The family does not know, or does not agree: nothing that names them is asked."""
    if written_by(draft).said_at("agreement").get("agreed") != "no":
        return see_other(address(draft, "resume"))
    return _show(request, draft, "no_agreement", {"back_url": address(draft, "step", "agreement")})


@require_http_methods(["GET", "HEAD", "POST"])
@writing
def help_now(request: Request, draft: Draft) -> HttpResponseBase:
    """Somebody is in danger: what to do now, before going on."""
    written = written_by(draft)
    page = next(each for each in written.pages if each.step.key == "risk")
    if written.said_at("risk").get("immediate") != "yes":
        return see_other(address_of_page(draft, page))
    if request.method == "POST":
        return see_other(_next(request, draft, written, page))
    context = {"urgent": urgent_signposts(), "back_url": address(draft, "step", "risk")}
    return _show(request, draft, "help_now", context)


@require_safe
@writing
def check(request: Request, draft: Draft) -> HttpResponseBase:
    """Everything once more, with what is not finished on top."""
    written = written_by(draft)
    away = _gate(draft, written, written.pages[-1])
    if away:
        return away
    sections = [
        {
            "heading": section.heading,
            "finished": section.finished,
            "url": address_of_page(draft, section.page) + "?from=check",
            "rows": [{"key": row.question, "value": row.answer, "lines": True} for row in section.rows],
        }
        for section in written.sections()
    ]
    waiting = (
        []
        if draft.door == Door.STAFF
        else [
            {"label": _title(written, draft, page), "url": address_of_page(draft, page) + "?from=check"}
            for page in written.unfinished()
        ]
    )
    context = {
        "sections": sections,
        "waiting": waiting,
        "attachments": draft.attachments.all(),
        "files_url": address(draft, "step", "files") + "?from=check",
        "lists": [
            {"label": step.many, "url": address(draft, "step", step.key) + "?from=check"}
            for step in written.steps
            if step.repeats
        ],
        "next_url": address(draft, "declaration"),
        "back_url": address_of_page(draft, written.pages[-1]),
    }
    return _show(request, draft, "check", context)


def _title(written: Written, draft: Draft, page: Page) -> str:
    if page.is_list:
        return page.step.many
    heading = page.step.heading(draft.door, _ordinal(written, page))
    return f"{written.name_of(page.step, page.item)}: {heading}" if page.step.numbered else heading


@require_http_methods(["GET", "HEAD", "POST"])
@writing
def declaration(request: Request, draft: Draft) -> HttpResponseBase:
    """What is agreed to, and the button that sends it. Pressing it twice sends it once."""
    written = written_by(draft)
    if draft.door != Door.STAFF and written.unfinished():
        return see_other(address(draft, "check"))
    form: QuestionForm = written.form(Page(DECLARATION))
    if request.method == "POST":
        posted = {name: values for name, values in request.POST.lists()}  # noqa: C416 - a plain dict of lists
        draft = actions.keep(draft=draft, step=DECLARATION, item=1, posted=posted)
        form = written_by(draft).form(Page(DECLARATION))
        if not form.is_valid():
            return see_other(address(draft, "declaration"))
        try:
            actions.send(draft=draft)
        except ValidationError:
            return see_other(address(draft, "step", "you") if draft.door == Door.STAFF else address(draft, "check"))
        return see_other(address(draft, "sent"))
    form.submit_label = SENDS[draft.door]
    context = {
        "form": form,
        "heading": DECLARATION.title,
        "privacy": texts.words(Key.PRIVACY),
        "back_url": address(draft, "check"),
    }
    return _show(request, draft, "declaration", context)
