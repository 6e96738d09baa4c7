"""The queue, and one screen for each referral: everything that was sent, who is known beside it, what was said."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.access import requires
from accounts.models import Permission
from accounts.request import Request
from audit.actions import record as audit
from families import files
from families.forms.fields import add_action_error
from families.models import Case
from outbox.queries import why_nothing_leaves
from referrals import actions, copies, meetings, queue
from referrals.beside import ASK_THE_LEAD, Beside, known_people
from referrals.carrying import facts_for_matching, key_of
from referrals.forms.meeting import read_query
from referrals.forms.triage import AllocateForm, AskForm, NoteForm, PriorityForm, QueueFilter
from referrals.models import Attachment, Exchange, QueueView, Referral
from referrals.written import written_by

TAKES_IN = Permission.TRIAGE_REFERRALS


def referral_for(request: Request, pk: UUID) -> Referral:
    """The referral, if this person may see it; else 404, whether or not there is one."""
    rows = Referral.objects.visible_to(request.user).select_related("reference", "triager", "team", "case__family")
    return get_object_or_404(rows, pk=pk)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(TAKES_IN)
def referral_queue(request: Request) -> HttpResponse:
    """What waits to be decided. Chosen ones are given to somebody together."""
    views = list(QueueView.objects.visible_to(request.user))
    if request.method != "POST" and not request.GET and (first := next((each for each in views if each.first), None)):
        return redirect(f"{reverse('referrals:queue')}?{first.query}")
    allocate = AllocateForm(request.POST or None, prefix="give")
    if request.method == "POST":
        chosen = _chosen(request)
        if not chosen:
            allocate.add_error(None, "Select the referrals that you would like to give to somebody")
        elif allocate.is_valid():
            try:
                count = actions.allocate(by=request.user, referrals=chosen, to=allocate.cleaned_data["to"])
            except ValidationError as error:
                add_action_error(allocate, error)
            else:
                said = f"{count} referral{'' if count == 1 else 's'} given to {allocate.cleaned_data['to'].name}."
                messages.success(request, said)
                return redirect(request.get_full_path())
    form = QueueFilter(request.GET or None)
    show, by, query = read_query(request.GET)
    page = queue.page_of(request.user, show=show, by=by, number=request.GET.get("page", "1"))
    context = {
        "page": page,
        "show": show,
        "shows": queue.Show.choices,
        "form": form,
        "narrowed": by.any,
        "allocate": allocate,
        "chosen": {str(each) for each in _chosen(request)} if request.method == "POST" else set(),
        "waiting": queue.waiting_for(request.user),
        "decided": show == queue.Show.DECIDED,
        "query": query,
        "views": views,
        "view": next((each for each in views if each.query == query), None),
    }
    return render(request, "referrals/triage/queue.html", context)


def _chosen(request: Request) -> list[UUID]:
    found = []
    for text in request.POST.getlist("referral")[:200]:
        try:
            found.append(UUID(text))
        except ValueError:
            continue
    return found


@require_safe
def referral(request: Request, referral: UUID) -> HttpResponse:
    """Everything that was sent, and who of it is known."""
    found = referral_for(request, referral)
    user = request.user
    decides = user.can(TAKES_IN)
    beside = known_people(user, facts_for_matching(found)) if decides and found.is_open else Beside()
    if beside.ask_the_lead:
        actions.ask_the_lead(by=user, referral=found, kept_back=beside.kept_back)
    unread = set(
        found.exchanges.filter(direction=Exchange.Direction.FROM_REFERRER, read_at__isnull=True).values_list(
            "pk", flat=True
        )
    )
    actions.read(by=user, referral=found)
    audit(by=user, verb="referral.opened", subject=found)
    (row,) = queue.rows_of([found])
    undoable = actions.may_undo(user, found)
    meeting = meetings.minuted_by(user, found)
    agenda = meetings.agenda_of(user, meeting) if meeting else None
    context = {
        "meeting": meeting,
        "meeting_place": agenda.place_of(found) if agenda else 0,
        "meeting_length": len(agenda.items) if agenda else 0,
        "referral": found,
        "row": row,
        "decides": decides,
        "sections": [
            {
                "heading": section.heading,
                "rows": [{"key": each.question, "value": each.answer, "lines": True} for each in section.rows],
            }
            for section in written_by(found).sections()
            if section.rows
        ],
        "attachments": list(found.attachments.all()),
        "exchanges": list(found.exchanges.select_related("by")),
        "unread": unread,
        "events": list(found.events.select_related("by")),
        "decision": found.decisions.select_related("by", "decline_reason", "passed_to").first(),
        "may_undo": undoable,
        "undo_until": undoable.at + actions.UNDO_FOR if undoable else None,
        "beside": _beside_in_words(found, beside) if decides else [],
        "ask_the_lead": ASK_THE_LEAD if beside.ask_the_lead else "",
        "earlier_cases": _earlier_cases(user, beside),
        "earlier": _earlier(user, found),
    }
    return render(request, "referrals/triage/referral.html", context)


def _beside_in_words(referral: Referral, beside: Beside) -> list[dict[str, Any]]:
    names = {key_of(each): each.short_name for each in referral.people.all()}
    return [{"name": names.get(str(key), "Somebody"), "found": found} for key, found in beside.people.items() if found]


def _earlier_cases(user: Any, beside: Beside) -> list[Case]:
    families = {pk for found in beside.people.values() for each in found for pk, _ in each.families}
    if not families:
        return []
    rows = Case.objects.visible_to(user).filter(family__in=families)
    return list(rows.select_related("family", "lead", "place").order_by("-opened_on"))


def _earlier(user: Any, found: Referral) -> list[Referral]:
    """Other referrals that name somebody with the same NHS number, phone or e-mail: the same family, perhaps."""
    people = list(found.people.all())
    same = Q(pk__in=[])
    for name in ("nhs_number", "phone", "email"):
        values = {getattr(each, name) for each in people} - {""}
        if values:
            same |= Q(**{f"people__{name}__in": values})
    others = Referral.objects.visible_to(user).filter(same).exclude(pk=found.pk).distinct()
    return list(others.select_related("reference").order_by("-received_at")[:10])


@require_safe
def attachment(request: Request, referral: UUID, attachment: UUID) -> HttpResponseBase:
    """A file that came with it, to be saved and never shown in a page of ours."""
    found = referral_for(request, referral)
    rows: Any = Attachment.objects.visible_to(request.user)
    row: Attachment = get_object_or_404(rows, referral=found, pk=attachment)
    if not files.exists(row.stored):
        raise Http404("The file is not there any more.")
    audit(by=request.user, verb="referral.file-opened", subject=row)
    return files.attachment(row.stored, kind=row.file_kind, name=row.file_name)


# --- Before it is decided -----------------------------------------------------------------------------------------


@require_POST
@requires(TAKES_IN)
def take_on(request: Request, referral: UUID) -> HttpResponse:
    found = referral_for(request, referral)
    try:
        actions.take_on(by=request.user, referral=found)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, "You look at this referral now.")
    return redirect("referrals:referral", referral=found.pk)


def _form_page(
    request: Request, found: Referral, form: Any, heading: str, lead: str, save: Any, said: str
) -> HttpResponse:
    back = reverse("referrals:referral", args=[found.pk])
    form.cancel_url = back
    if request.method == "POST" and form.is_valid():
        try:
            save(**form.cleaned_data)
        except ValidationError as error:
            add_action_error(form, error)
        else:
            messages.success(request, said)
            return redirect(back)
    context = {
        "form": form,
        "heading": heading,
        "caption": found.reference.text,
        "lead": lead,
        "back_url": back,
        "back_label": "The referral",
    }
    return render(request, "form.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(TAKES_IN)
def ask(request: Request, referral: UUID) -> HttpResponse:
    """Ask whoever referred for something."""
    found = referral_for(request, referral)
    lead = _how_they_hear(found)
    return _form_page(
        request,
        found,
        AskForm(request.POST or None),
        "Ask for more information",
        lead,
        lambda text: actions.ask(by=request.user, referral=found, text=text),
        "Your question is kept with the referral.",
    )


def _how_they_hear(found: Referral) -> str:
    if not found.from_outside:
        phone = f" ({found.referrer_phone})" if found.referrer_phone else ""
        return f"No e-mail address of whoever referred was checked, so nothing is sent: ring them{phone}."
    if why := why_nothing_leaves("email"):
        return f"They can read it on their page. Nothing is sent to them: {why[0].lower()}{why[1:]}"
    return "An e-mail tells them that something is asked, without saying what. They read it on their page."


@require_http_methods(["GET", "HEAD", "POST"])
@requires(TAKES_IN)
def note(request: Request, referral: UUID) -> HttpResponse:
    """Keep something among ourselves."""
    found = referral_for(request, referral)
    return _form_page(
        request,
        found,
        NoteForm(request.POST or None, referral=found),
        "Keep a note",
        "",
        lambda text, answered=False: actions.note(by=request.user, referral=found, text=text, answered=answered),
        "Saved.",
    )


@require_http_methods(["GET", "HEAD", "POST"])
@requires(TAKES_IN)
def priority(request: Request, referral: UUID) -> HttpResponse:
    """How soon it is to be decided."""
    found = referral_for(request, referral)
    initial = {"priority": found.priority, "same_day": found.same_day}
    return _form_page(
        request,
        found,
        PriorityForm(request.POST or None, initial=initial),
        "How soon is this to be decided?",
        "The target is counted in working days from the day on which it came.",
        lambda **said: actions.set_priority(by=request.user, referral=found, **said),
        "Saved.",
    )


@require_safe
def letter(request: Request, referral: UUID, to: str) -> HttpResponse:
    """What was written to whoever referred, or to the family, as a letter to print."""
    found = referral_for(request, referral)
    decision = found.decisions.select_related("by").filter(undone_at__isnull=True).first()
    words = {"referrer": decision.to_referrer, "family": decision.to_family}.get(to, "") if decision else ""
    if decision is None or not words:
        raise Http404("No such letter was written.")
    audit(by=request.user, verb="referral.letter-opened", subject=found, to=to)
    context = {"referral": found, "decision": decision, "words": words, "to_family": to == "family"}
    return render(request, "referrals/triage/letter.html", context)


@require_safe
@requires(TAKES_IN)
def what_was_sent(request: Request, referral: UUID) -> HttpResponse:
    """What was sent, as a file to pass on with a referral that goes to another service. That it was made is written
    down."""
    found = referral_for(request, referral)
    audit(by=request.user, verb="referral.exported", subject=found)
    return copies.response(found)
