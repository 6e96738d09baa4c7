"""The measures that come with the service. They are a beginning: the service edits, adds and turns them off.

Where their wording and their ages come from, and what was compared with what, stands in ``fixtures/README.md``.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from outcomes.definitions import Definition, as_data

FILE = Path(__file__).parent / "fixtures" / "measures.json"


def shipped() -> list[dict[str, Any]]:
    """Each measure as ``key``, ``position``, ``active`` and ``content``, the content checked and whole."""
    rows = json.loads(FILE.read_text(encoding="utf-8"))
    for row in rows:
        row["content"] = as_data(Definition.of(row["content"]))
    return rows


def put_in_place(measure: Any, version: Any) -> None:
    """Write every shipped measure that the database does not know yet; what it knows is the service's own and stays.

    ``measure`` and ``version`` are the model classes, or those of a migration.
    """
    for row in shipped():
        kept, made = measure.objects.get_or_create(
            key=row["key"], defaults={"position": row["position"], "active": row["active"]}
        )
        if made:
            content = row["content"]
            version.objects.create(measure=kept, version=1, short_name=content["short_name"], content=content)
