"""`make bench`: measure what was promised, one JSON object a line on standard output and nothing else there.

Each module of this folder that has ``measurements(only) -> Iterator[dict]`` takes part, in the order of their names.
A line has ``name``; ``issue`` (the piece of work that set the target); ``value`` and its ``unit``; ``reference``
(what the same run measured for comparison, in words); ``ratio`` (value over reference); ``target``; ``holds``.
``ONLY=words`` measures those whose name holds the words. The exit code is 0 whenever something was measured: a target
that does not hold is a finding, which the line states, and no accident.
"""

from __future__ import annotations

import contextlib
import importlib
import json
import os
import pkgutil
import sys
import time
import traceback
from collections.abc import Iterator
from typing import TextIO

import benchmarks

KEYS = ("name", "issue", "value", "unit", "reference", "ratio", "target", "holds")
#: Seconds after which no further module is begun: the whole stays below twenty minutes.
BUDGET = 15 * 60


def lines(only: str | None, complain: TextIO) -> Iterator[dict[str, object]]:
    """All measurements; a module that fails is told to ``complain`` and the others go on."""
    began = time.monotonic()
    for module in sorted(found.name for found in pkgutil.iter_modules(benchmarks.__path__)):
        if module.startswith("_"):
            continue
        if time.monotonic() - began > BUDGET:
            complain.write(f"{module} was left out: {BUDGET} s have passed.\n")
            continue
        try:
            measure = getattr(importlib.import_module(f"benchmarks.{module}"), "measurements", None)
            for line in measure(only) if measure else ():
                if not only or only in str(line["name"]):
                    yield {key: line[key] for key in KEYS}
        except Exception:  # one broken measurement must not hide the others
            complain.write(f"{module} could not be measured:\n{traceback.format_exc()}")


def main() -> int:
    """0 when anything was measured."""
    only = os.environ.get("ONLY") or None
    measured = 0
    out = sys.stdout
    with contextlib.redirect_stdout(sys.stderr):
        for line in lines(only, sys.stderr):
            out.write(json.dumps(line) + "\n")
            out.flush()
            measured += 1
    if not measured:
        sys.stderr.write(f"Nothing was measured{f': there is no {only}' if only else ''}.\n")
    return 0 if measured else 1


if __name__ == "__main__":
    sys.exit(main())
