"""What templates of the case pages need: the header with its tabs, ages, NHS numbers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import template
from django.urls import NoReverseMatch, reverse
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString

from accounts.models import Permission
from families import nhs, phones, placements, registry
from families.ages import PRETERM_DAYS, age_of, gestation_days, gestation_in_words
from families.models import Case, LegalStatus, Person, RiskConcern
from families.queries import case_header as read_header

register = template.Library()
BIRTH_ORDERS = {1: "first", 2: "second", 3: "third"}


@register.inclusion_tag("families/_case_header.html", takes_context=True)
def case_header(context: dict[str, Any], case: Case, tab: str = "") -> dict[str, Any]:
    """``{% case_header case %}`` on every page of a case, in the block ``case_header``.

    ``tab`` is the address name of the tab that the page belongs to ("clips:cycles") where that is not the
    page itself. A page that read the header itself hands it on as ``header``.
    """
    request = context["request"]
    here = request.resolver_match.view_name if request.resolver_match else ""
    tabs = [
        {
            "label": each.label,
            "url": reverse(each.url_name, kwargs={"case": case.pk}),
            "current": "page" if each.url_name == here else "true" if each.url_name == tab else "",
        }
        for each in registry.tabs_for(request.user)
    ]
    may_edit = request.user.can(Permission.EDIT_CASES)
    actions = [
        {"label": each.label, "url": reverse(each.url_name, kwargs={"case": case.pk})}
        for each in registry.actions_for(request.user)
        if not case.is_closed and each.url_name != here
    ]
    return {
        "header": context.get("header") or read_header(case, request.user),
        "case": case,
        "tabs": tabs,
        "actions": actions,
        "may_edit": may_edit,
        "may_break_glass": request.user.can(Permission.BREAK_GLASS) and not request.user.can(Permission.PLAY_FILM),
        "here": here,
    }


@register.filter
def age(person: Person) -> str:
    """ "11 weeks", "due in 5 weeks"; empty when nothing is known."""
    return age_of(person)


@register.filter
def gestation(person: Person) -> str:
    """ "34 weeks and 2 days" for a baby born early; empty for others, of whom it matters less."""
    days = gestation_days(person)
    return gestation_in_words(days) if days is not None and days < PRETERM_DAYS else ""


@register.filter
def birth_order(number: int) -> str:
    """ "the first born", for twins and more."""
    return f"the {BIRTH_ORDERS.get(number, f'{number}th')} born"


@register.filter
def of_key(found: Mapping[Any, Any], key: Any) -> Any:
    """What a mapping has under a key; nothing when it has none."""
    return found.get(key, ())


@register.filter
def nhs_number(number: str) -> str:
    """An NHS number in threes and fours, as it is read aloud."""
    return nhs.shown(number)


@register.filter
def phone(number: str) -> str:
    """A telephone number as one dials it."""
    return phones.shown(number)


@register.filter
def what_it_means(status: LegalStatus) -> str:
    """What a legal status means for parental responsibility."""
    return placements.MEANS[status.kind]


@register.simple_tag
def film_link(concern: RiskConcern) -> SafeString:
    """Where on film a concern was seen: a link into the workspace of that film, at that time."""
    seconds = (concern.film_time_us or 0) / 1_000_000
    words = f"Seen on film at {int(seconds // 60)}:{seconds % 60:04.1f}"
    try:
        url = reverse("clips:workspace", kwargs={"film": concern.film_id})
    except NoReverseMatch:  # a build without films still shows where it was seen
        return conditional_escape(words)
    return format_html('<a class="nhsuk-link" href="{}?at={}">{}</a>', url, concern.film_time_us or 0, words)
