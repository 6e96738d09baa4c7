"""Who somebody is, as far as they wish to say. Nothing here is ever required.

The codes are those of the NHS Data Dictionary, so that a national return needs no translation.
"""

from __future__ import annotations

from django.db import models


class About(models.Model):
    """The columns of a person that describe them.

    ``SHOWN_TO_NOBODY`` are read on that person's own page for changing them, and otherwise only counted: never on a
    list, in a search, or in a letter.
    """

    SHOWN_TO_NOBODY = ("sexual_orientation", "gender_identity", "gender_same_as_at_birth")

    class NhsNumberStatus(models.TextChoices):
        """NHS NUMBER STATUS INDICATOR CODE."""

        VERIFIED = "01", "Present and verified"
        NOT_TRACED = "02", "Present but not traced"
        TRACE_REQUIRED = "03", "Trace required"
        NO_MATCH = "04", "Trace attempted: no match, or more than one"
        CONFLICT = "05", "Trace to be resolved: number and details conflict"
        IN_PROGRESS = "06", "Trace in progress"
        NOT_REQUIRED = "07", "Not present, and trace not required"
        POSTPONED = "08", "Trace postponed: baby under six weeks"

    class Ethnicity(models.TextChoices):
        """ETHNIC CATEGORY; T, U and V are in use beside the sixteen of 2001."""

        BRITISH = "A", "White: British"
        IRISH = "B", "White: Irish"
        TRAVELLER = "T", "White: Gypsy or Irish Traveller"
        ROMA = "U", "White: Roma"
        OTHER_WHITE = "C", "White: any other background"
        WHITE_CARIBBEAN = "D", "Mixed: White and Black Caribbean"
        WHITE_AFRICAN = "E", "Mixed: White and Black African"
        WHITE_ASIAN = "F", "Mixed: White and Asian"
        OTHER_MIXED = "G", "Mixed: any other background"
        INDIAN = "H", "Asian or Asian British: Indian"
        PAKISTANI = "J", "Asian or Asian British: Pakistani"
        BANGLADESHI = "K", "Asian or Asian British: Bangladeshi"
        OTHER_ASIAN = "L", "Asian or Asian British: any other background"
        CARIBBEAN = "M", "Black or Black British: Caribbean"
        AFRICAN = "N", "Black or Black British: African"
        OTHER_BLACK = "P", "Black or Black British: any other background"
        CHINESE = "R", "Chinese"
        ARAB = "V", "Arab"
        OTHER = "S", "Any other ethnic group"
        NOT_STATED = "Z", "Prefers not to say"
        NOT_KNOWN = "99", "Not known"

    class SexualOrientation(models.TextChoices):
        """PERSON STATED SEXUAL ORIENTATION CODE."""

        STRAIGHT = "1", "Heterosexual or straight"
        GAY = "2", "Gay or lesbian"
        BISEXUAL = "3", "Bisexual"
        OTHER = "4", "Another word"
        UNSURE = "U", "Not sure"
        NOT_STATED = "Z", "Prefers not to say"

    class GenderIdentity(models.TextChoices):
        """GENDER IDENTITY CODE."""

        MALE = "1", "Man (trans man included)"
        FEMALE = "2", "Woman (trans woman included)"
        NON_BINARY = "3", "Non-binary"
        OTHER = "4", "Another word"
        NOT_STATED = "Z", "Prefers not to say"

    class SameAsAtBirth(models.TextChoices):
        """GENDER IDENTITY SAME AT BIRTH INDICATOR."""

        YES = "Y", "Yes"
        NO = "N", "No"
        NOT_STATED = "Z", "Prefers not to say"

    class Religion(models.TextChoices):
        """RELIGIOUS OR OTHER BELIEF SYSTEM AFFILIATION GROUP CODE."""

        BAHAI = "A", "Baha’i"
        BUDDHIST = "B", "Buddhist"
        CHRISTIAN = "C", "Christian"
        HINDU = "D", "Hindu"
        JAIN = "E", "Jain"
        JEWISH = "F", "Jewish"
        MUSLIM = "G", "Muslim"
        PAGAN = "H", "Pagan"
        SIKH = "I", "Sikh"
        ZOROASTRIAN = "J", "Zoroastrian"
        OTHER = "K", "Another"
        NONE = "L", "None"
        NOT_STATED = "M", "Prefers not to say"

    class Disability(models.TextChoices):
        YES = "yes", "Yes"
        NO = "no", "No"
        NOT_STATED = "not_stated", "Prefers not to say"

    pronouns = models.CharField(max_length=40, blank=True)
    nhs_number_status = models.CharField(
        "trace of the NHS number", max_length=2, blank=True, choices=NhsNumberStatus.choices
    )
    language = models.CharField(
        "first language", max_length=60, blank=True
    )  # as listed in families.languages, or typed
    interpreter_needed = models.BooleanField(default=False)
    interpreter_note = models.CharField(max_length=200, blank=True)  # "a woman, not from the same town"
    communication_needs = models.CharField(max_length=1000, blank=True)  # the flag: kept by actions.needs
    needs_asked_on = models.DateField("asked about needs", null=True, blank=True)
    ethnicity = models.CharField(max_length=2, blank=True, choices=Ethnicity.choices)
    religion = models.CharField(max_length=1, blank=True, choices=Religion.choices)
    disability = models.CharField(max_length=10, blank=True, choices=Disability.choices)
    disability_words = models.CharField(max_length=300, blank=True)
    sexual_orientation = models.CharField(max_length=1, blank=True, choices=SexualOrientation.choices)
    gender_identity = models.CharField(max_length=1, blank=True, choices=GenderIdentity.choices)
    gender_same_as_at_birth = models.CharField(max_length=1, blank=True, choices=SameAsAtBirth.choices)

    class Meta:
        abstract = True
