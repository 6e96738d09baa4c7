"""The hazard log names the test that proves each control: a name that leads nowhere proves nothing."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.conf import settings

LOG = Path(settings.BASE_DIR) / "docs" / "safety" / "hazards.md"
ROWS = [line for line in LOG.read_text(encoding="utf-8").splitlines() if re.match(r"\| H\d+ \|", line)]


def proofs(row: str) -> list[str]:
    """The tests of a row's column "Proved by", with ``…::name`` put back after its file."""
    named: list[str] = []
    for text in re.findall(r"`([^`]+)`", row.split("|")[7]):
        named.append(text.replace("…", named[-1].split("::")[0]) if named else text)
    return named


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.split("|")[1].strip())
def test_every_control_names_a_test_that_is_there(row: str) -> None:
    named = proofs(row)
    assert named
    for name in named:
        place, _, test = name.partition("::")
        found = list((Path(settings.BASE_DIR) / "tests").glob(place.rstrip("/")))
        assert found, f"{place} is not there"
        if test:
            assert any(f"def {test}(" in path.read_text(encoding="utf-8") for path in found), (
                f"{test} is not in {place}"
            )


def test_every_hazard_has_a_number_of_its_own_in_order() -> None:
    """Numbers are never given again and may have gaps: each part of the record has its own tens."""
    numbers = [int(re.match(r"\| H(\d+)", row)[1]) for row in ROWS]  # type: ignore[index]
    assert numbers == sorted(set(numbers))
