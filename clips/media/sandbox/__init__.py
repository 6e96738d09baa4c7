"""Running a program on a stranger's bytes: the strongest walls that the host allows, limits, and an end.

Every run has one job directory, which is all that the program may write and holds the one file that it may
read (named `in`). It runs in that directory, so that command lines name files relative to it (`in`, `out.mp4`)
and hold at every level.
"""

from clips.media.sandbox.jobs import job, sweep
from clips.media.sandbox.levels import Level, at, explain, level
from clips.media.sandbox.running import Cancelled, Completed, Failed, SandboxError, TimedOut, python, run
from clips.media.sandbox.walls import Limits

__all__ = [
    "Cancelled",
    "Completed",
    "Failed",
    "Level",
    "Limits",
    "SandboxError",
    "TimedOut",
    "at",
    "explain",
    "job",
    "level",
    "python",
    "run",
    "sweep",
]
