"""Answers that a person may not have been asked for yet."""

from django.db import models


class Answer(models.TextChoices):
    """Yes, no, or nobody has asked. Not asked is never taken for a yes."""

    YES = "yes", "Yes"
    NO = "no", "No"
    NOT_ASKED = "not_asked", "Not asked yet"
