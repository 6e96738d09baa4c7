"""The queue as a file for a spreadsheet. It leaves the service, so that it names nobody of a family.

Whatever stands in a cell opens as text: a cell that begins as a formula would run what a stranger typed.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator

from django.utils import timezone
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell

from referrals.queue import Row

MOST_ROWS = 10_000
HEADINGS = (
    "Reference", "Received", "How it came", "From", "Role", "Priority", "Same day", "State", "Since", "Decide by",
    "Working days waited", "Target", "Ages of the babies", "Looked at by",
)  # fmt: skip
STARTS_A_FORMULA = ("=", "+", "-", "@", "|", "%", "\t", "\r", "\n")


def as_text(value: object) -> str:
    """What a cell holds, so that a spreadsheet shows it and runs nothing: no control characters, and an apostrophe
    before what would begin a formula."""
    words = "".join(" " if ord(letter) < 32 else letter for letter in str(value)).replace("\ufeff", "")
    raw = str(value)
    return f"'{words}" if raw.startswith(STARTS_A_FORMULA) or words.lstrip().startswith(STARTS_A_FORMULA) else words


def cells(row: Row) -> tuple[str, ...]:
    """One referral, without a name of anybody in the family."""
    referral = row.referral
    return tuple(
        map(
            as_text,
            (
                referral.reference.text,
                f"{timezone.localdate(referral.received_at):%Y-%m-%d}",
                referral.get_channel_display(),
                referral.get_source_display(),
                referral.referrer_role,
                referral.get_priority_display(),
                "Yes" if referral.same_day else "No",
                referral.get_state_display(),
                f"{timezone.localdate(referral.state_since):%Y-%m-%d}",
                f"{referral.decide_by:%Y-%m-%d}",
                row.wait.waited,
                row.wait.words,
                row.ages,
                referral.triager.name if referral.triager else "",
            ),
        )
    )


def as_csv(rows: Iterable[Row]) -> bytes:
    """UTF-8 with the mark by which Excel knows it."""
    written = io.StringIO()
    writer = csv.writer(written, quoting=csv.QUOTE_ALL)
    writer.writerows(_table(rows))
    return b"\xef\xbb\xbf" + written.getvalue().encode()


def as_xlsx(rows: Iterable[Row]) -> bytes:
    """One sheet, every cell of the type text."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet("Referrals")
    sheet.freeze_panes = "A2"
    for values in _table(rows):
        written = []
        for value in values:
            cell = WriteOnlyCell(sheet, value=value)
            cell.data_type, cell.number_format = "s", "@"
            written.append(cell)
        sheet.append(written)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _table(rows: Iterable[Row]) -> Iterator[tuple[str, ...]]:
    yield HEADINGS
    for row in rows:
        yield cells(row)
