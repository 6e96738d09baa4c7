"""What runs inside the sandbox: `python child.py clips.media.module:function`, JSON in, JSON out.

It runs as a script, because in there this folder may be all that can be read of the project. The function takes
the payload's fields as keyword arguments and returns something that JSON can hold. Lines that it says on the way
(`say`) reach the parent at once; the last line is the result. Standard output belongs to us alone: whatever a
library prints goes to standard error.
"""

from __future__ import annotations

import importlib
import importlib.util
import json
import os
import sys
from pathlib import Path
from types import ModuleType
from typing import TextIO

RESULT = "result:"

_out: TextIO = sys.stdout


def say(line: str) -> None:
    """Send one line to the parent's `on_line`."""
    _out.write(line.replace("\n", " ") + "\n")
    _out.flush()


def _find_the_package() -> None:
    """Make `clips.media` importable from this folder alone, without looking at the folders above it."""
    here = Path(__file__).resolve().parent
    parent = ModuleType("clips")
    parent.__path__ = []
    sys.modules["clips"] = parent
    spec = importlib.util.spec_from_file_location(
        "clips.media", here / "__init__.py", submodule_search_locations=[str(here)]
    )
    if spec is None or spec.loader is None:
        sys.exit(f"There is no package in {here}.")
    package = importlib.util.module_from_spec(spec)
    sys.modules["clips.media"] = package
    spec.loader.exec_module(package)
    # This module is `__main__`: functions that import `say` must find this very one.
    sys.modules["clips.media.child"] = sys.modules[__name__]


def main(argv: list[str]) -> int:
    """Run the function named by the one argument on the JSON object of standard input."""
    global _out
    module, _, name = argv[0].partition(":")
    if not module.startswith("clips.media."):
        sys.exit(f"{module} is not for the sandbox.")
    _out = os.fdopen(os.dup(1), "w", encoding="utf-8", errors="backslashreplace")
    os.dup2(2, 1)
    payload = json.load(sys.stdin)
    _find_the_package()
    result = getattr(importlib.import_module(module), name)(**payload)
    say(RESULT + json.dumps(result, separators=(",", ":")))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
