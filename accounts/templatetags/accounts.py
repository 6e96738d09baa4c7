"""Small things for the templates of accounts."""

from django import template

register = template.Library()


@register.filter
def in_fours(text: str) -> str:
    """A key as people type it: in groups of four."""
    return " ".join(text[at : at + 4] for at in range(0, len(text), 4))
