"""What runs inside the sandbox: `python -m clips.media.child module:function`, JSON in, JSON out.

The function takes the payload's fields as keyword arguments and returns something that JSON can hold. Lines
that it says on the way (`say`) reach the parent at once; the last line is the result. Standard output belongs
to us alone: whatever a library prints goes to standard error.
"""

from __future__ import annotations

import importlib
import json
import os
import sys
from typing import TextIO

RESULT = "result:"

_out: TextIO = sys.stdout


def say(line: str) -> None:
    """Send one line to the parent's `on_line`."""
    _out.write(line.replace("\n", " ") + "\n")
    _out.flush()


def main(argv: list[str]) -> int:
    """Run the function named by the one argument on the JSON object of standard input."""
    global _out
    module, _, name = argv[0].partition(":")
    if not module.startswith("clips.media."):
        sys.exit(f"{module} is not for the sandbox.")
    _out = os.fdopen(os.dup(1), "w", encoding="utf-8", errors="backslashreplace")
    os.dup2(2, 1)
    payload = json.load(sys.stdin)
    # Running as a script, this module is `__main__`: functions that import `say` must find this very one.
    sys.modules.setdefault("clips.media.child", sys.modules[__name__])
    result = getattr(importlib.import_module(module), name)(**payload)
    say(RESULT + json.dumps(result, separators=(",", ":")))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
