"""Running a program on a stranger's bytes: the strongest walls that the host allows, limits, and an end.

Every run has one job directory, which is all that the program may write and holds the one file that it may
read (named `in`). It runs in that directory, so that command lines name files relative to it (`in`, `out.mp4`)
and hold at every level.
"""

from __future__ import annotations

import contextlib
import enum
import errno
import fcntl
import functools
import io
import json
import os
import selectors
import shutil
import signal
import stat
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextvars import ContextVar
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from clips.media import child, confine

_CODE = Path(__file__).resolve().parent
_CODE_IN_BUBBLEWRAP = Path("/app/clips/media")
_TEMPORARY_BYTES = 64 * 2**20
_STDERR_KEPT = 64 * 2**10
_STDOUT_MOST = 64 * 2**20
_POLL_S = 0.2
_PATH = "/usr/local/bin:/usr/bin:/bin"
_ENVIRONMENT = {"PATH": _PATH, "LC_ALL": "C.UTF-8", "PYTHONDONTWRITEBYTECODE": "1", "PYTHONNOUSERSITE": "1"}
_FICLONE = 0x40049409


class Level(enum.Enum):
    """How strong the walls are, strongest first. The value is a sentence for the health page."""

    BUBBLEWRAP = (
        "Films are opened in a bubblewrap sandbox: no network, no other file in reach, limits on time and memory."
    )
    CONTAINER = (
        "Films are opened inside this container, which has no way out to the network, a read-only file system "
        "and no privileges, with limits on time and memory."
    )
    LANDLOCK = (
        "Films are opened under Landlock: no other file in reach, limits on time and memory. The network is shut "
        "by the lists of allowed protocols, not by a wall. Install bubblewrap or allow user namespaces."
    )
    LIMITS = (
        "Films are opened with limits on time and memory and lists of allowed formats only: there is no wall "
        "between them and the other films. Install bubblewrap, or run in a container without network and "
        "privileges."
    )

    @property
    def sentence(self) -> str:
        """What this level means, for the health page."""
        return self.value


@dataclass(frozen=True)
class Limits:
    """What one run may use."""

    address_space: int = 4 * 2**30
    """Bytes of address space."""
    cpu_seconds: int = 600
    file_bytes: int = 2 * 2**30
    """Bytes of the largest file that may be written."""
    wall_seconds: float = 600.0
    nice: int = 10
    open_files: int = 64


@dataclass(frozen=True)
class Completed:
    """How a run ended: exit code, and what it wrote (standard error: its last 64 KiB)."""

    returncode: int
    stdout: str
    stderr: str


class SandboxError(Exception):
    """A run did not come to a good end."""


class TimedOut(SandboxError):
    """The run took more wall time or processor time than it was given; it was ended."""


class Cancelled(SandboxError):
    """The caller asked for the end of the run; it was ended."""


class Failed(SandboxError):
    """The program ended badly. `completed` holds its exit code and output."""

    def __init__(self, message: str, completed: Completed) -> None:
        super().__init__(message)
        self.completed = completed


# ---------------------------------------------------------------- levels

_forced: ContextVar[Level | None] = ContextVar("sandbox_level", default=None)


@contextlib.contextmanager
def at(level: Level) -> Iterator[None]:
    """Use this level inside the `with`, whatever the host allows: for tests and for comparing."""
    token = _forced.set(level)
    try:
        yield
    finally:
        _forced.reset(token)


def level() -> Level:
    """Return the strongest level that this host allows, tried out once per process."""
    return _forced.get() or _detect()


def explain() -> str:
    """Say in a sentence how films are walled in on this host."""
    return level().sentence


@functools.cache
def _detect() -> Level:
    if _proc_arguments() is not None:
        return Level.BUBBLEWRAP
    if _in_tight_container():
        return Level.CONTAINER
    if confine.landlock_version():
        return Level.LANDLOCK
    return Level.LIMITS


def _bwrap() -> str | None:
    """Return where bubblewrap is: the system's own, whatever PATH says."""
    return shutil.which("bwrap", path=_PATH)


@functools.cache
def _proc_arguments() -> tuple[str, ...] | None:
    """Return how bubblewrap can give a /proc here, or None when bubblewrap does not work here.

    It is really tried: containers may forbid namespaces, or only a fresh /proc (then there is none).
    """
    if not _bwrap():
        return None
    for proc in (("--proc", "/proc"), ("--dir", "/proc")):
        with tempfile.TemporaryDirectory() as empty:
            argv = [*_bubblewrap(Path(empty), proc, ()), sys.executable, "-I", "-S", "-c", "print('inside')"]
            try:
                done = subprocess.run(argv, capture_output=True, timeout=20, stdin=subprocess.DEVNULL)
            except (OSError, subprocess.SubprocessError):
                return None
        if done.returncode == 0 and done.stdout.strip() == b"inside":
            return proc
    return None


def _in_tight_container() -> bool:
    """Say whether this process has no route out, no writable system and no capability: as compose.yaml sets up."""
    try:
        lines = Path("/proc/self/status").read_text().splitlines()
        status = dict(line.split(":\t", 1) for line in lines if ":\t" in line)
        no_capabilities = int(status["CapEff"], 16) == 0 and status["NoNewPrivs"].strip() == "1"
        return no_capabilities and bool(os.statvfs("/").f_flag & os.ST_RDONLY) and not _has_way_out()
    except (OSError, KeyError, ValueError):
        return False


def _has_way_out() -> bool:
    """Say whether there is a default route, of either Internet protocol; OSError when that cannot be known."""
    fourth = [line.split() for line in Path("/proc/net/route").read_text().splitlines()[1:]]
    if any(len(words) > 1 and words[1] == "0" * 8 for words in fourth):
        return True
    sixth = Path("/proc/net/ipv6_route")
    routes = [line.split() for line in sixth.read_text().splitlines()] if sixth.exists() else []
    return any(words[:2] == ["0" * 32, "00"] and words[-1] != "lo" for words in routes)


# ---------------------------------------------------------------- walls


def _outside_usr(paths: Sequence[Path]) -> list[Path]:
    """Return what must be bound besides /usr: existing, each once, nothing that lies inside another."""
    wanted: list[Path] = []
    for path in sorted({Path(os.path.normpath(p)) for p in paths}):
        if path == Path("/") or path.is_relative_to("/usr") or not path.exists():
            continue
        if not any(path.is_relative_to(other) for other in wanted):
            wanted.append(path)
    return wanted


def _interpreter() -> list[Path]:
    """Return the folders that this Python needs: the virtual environment and the Python under it."""
    return [Path(sys.prefix), Path(sys.base_prefix)]


def _bubblewrap(job: Path, proc: Sequence[str], read_only: Sequence[Path]) -> list[str]:
    argv = [
        _bwrap() or "bwrap", "--unshare-all", "--die-with-parent", "--new-session", "--cap-drop", "ALL", "--clearenv",
        "--ro-bind", "/usr", "/usr",
    ]  # fmt: skip
    for name in ("bin", "sbin", "lib", "lib32", "lib64", "libx32"):
        path = Path("/", name)
        if path.is_symlink():
            argv += ["--symlink", str(path.readlink()), str(path)]
        elif path.is_dir():
            argv += ["--ro-bind", str(path), str(path)]
    for name in ("/etc/alternatives", "/etc/ld.so.cache"):
        argv += ["--ro-bind-try", name, name]
    argv += [*proc, "--dev", "/dev", "--size", str(_TEMPORARY_BYTES), "--tmpfs", "/tmp"]  # noqa: S108
    for path in _outside_usr([*_interpreter(), *read_only]):
        argv += ["--ro-bind", str(path), str(path)]
    argv += ["--ro-bind", str(_CODE), str(_CODE_IN_BUBBLEWRAP)]
    for key, value in _ENVIRONMENT.items():
        argv += ["--setenv", key, value]
    argv += ["--bind", str(job), "/job", "--chdir", "/job"]
    if held := _inputs.get(job):
        # The input is a second name of the film itself: it must not be writable from inside.
        argv += ["--ro-bind", str(held.source), f"/job/{held.name}"]
    return argv


def _code() -> Path:
    """Return where the code of this folder stands for what runs inside."""
    return _CODE_IN_BUBBLEWRAP if level() is Level.BUBBLEWRAP else _CODE


def _command(argv: Sequence[str], job: Path, limits: Limits, read_only: Sequence[Path]) -> list[str]:
    """Return the whole command line: walls, then limits, then the program."""
    chosen = level()
    program = shutil.which(argv[0])
    if program is None:
        raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), str(argv[0]))
    program = str(Path(program).absolute())
    needed = [*read_only, Path(program), Path(program).resolve()]
    orders: dict[str, Any] = {
        "nice": limits.nice,
        "open_files": limits.open_files,
        "file_bytes": limits.file_bytes,
        "cpu_seconds": limits.cpu_seconds,
        "address_space": limits.address_space,
    }
    walls: list[str] = []
    if chosen is Level.BUBBLEWRAP:
        walls = _bubblewrap(job, _proc_arguments() or ("--dir", "/proc"), needed)
    else:
        orders["parent"] = os.getpid()
        if chosen is not Level.LIMITS and confine.landlock_version():
            system = ["/usr", "/bin", "/sbin", "/lib", "/lib32", "/lib64", "/etc/alternatives", "/etc/ld.so.cache"]
            orders["readable"] = [*system, *(str(p) for p in (*_interpreter(), _CODE, *needed))]
            orders["readable"] += ["/dev/urandom", "/dev/zero"]
            orders["writable"] = [str(job), "/dev/null"]
    return [
        *walls,
        sys.executable,
        "-I",
        "-S",
        str(_code() / "confine.py"),
        json.dumps(orders),
        program,
        *map(str, argv[1:]),
    ]


# ---------------------------------------------------------------- the job directory


@dataclass(frozen=True)
class _Input:
    name: str
    source: Path
    """The film itself, by its real path."""
    linked: bool
    """Whether `name` in the job directory is the film (a hard link or a copy) or an empty stand-in."""


_inputs: dict[Path, _Input] = {}


@contextlib.contextmanager
def job(source: Path, name: str = "in", *, root: Path | None = None) -> Iterator[Path]:
    """Give a fresh job directory (mode 0700) that holds `source` as its one file, `in`; removed afterwards.

    The film is hard-linked, else cloned or copied; never a symbolic link. Where it cannot be linked and the
    sandbox is bubblewrap, it is bound read-only over an empty stand-in at each run, which costs no copy: read
    the input inside the sandbox only. `root` is where the directory is made (the system's temporary directory
    by default): on the film's own file system it can always be linked. Raises OSError.
    """
    real = Path(os.path.realpath(source))
    if not stat.S_ISREG(real.stat().st_mode):
        kind = IsADirectoryError if real.is_dir() else OSError
        raise kind(errno.EISDIR if real.is_dir() else errno.EINVAL, "Not a regular file", str(source))
    directory = Path(tempfile.mkdtemp(prefix="film-", dir=root)).resolve()
    try:
        held = directory / name
        try:
            os.link(real, held)
            linked = True
        except OSError:
            linked = level() is not Level.BUBBLEWRAP
            if linked:
                _copy(real, held)
            else:
                held.touch(mode=0o600)
        _inputs[directory] = _Input(name, real, linked)
        yield directory
    finally:
        _inputs.pop(directory, None)
        shutil.rmtree(directory, ignore_errors=True)


def _copy(source: Path, destination: Path) -> None:
    """Clone a file where the file system can share its blocks, else copy it."""
    with source.open("rb") as reader, destination.open("xb") as writer:
        try:
            fcntl.ioctl(writer.fileno(), _FICLONE, reader.fileno())
        except OSError:
            shutil.copyfileobj(reader, writer, 2**20)


# ---------------------------------------------------------------- running


def run(
    argv: Sequence[str | Path],
    *,
    job: Path,
    limits: Limits | None = None,
    on_line: Callable[[str], None] | None = None,
    cancelled: Callable[[], bool] | None = None,
    read_only: Sequence[Path] = (),
    check: bool = True,
    stdin: IO[bytes] | None = None,
) -> Completed:
    """Run a program inside the sandbox, in the job directory, and wait for it.

    `on_line` gets each line of standard output as it comes; `cancelled` is asked a few times a second;
    `read_only` are further files or folders that the program may read, at their own paths. Raises TimedOut,
    Cancelled, Failed (a bad exit code, unless `check` is off; or too much output), FileNotFoundError when
    there is no such program.
    """
    limits = limits or Limits()
    job = job.resolve()
    held = _inputs.get(job)
    if held and not held.linked and level() is not Level.BUBBLEWRAP:
        (job / held.name).unlink()
        _copy(held.source, job / held.name)
        _inputs[job] = _Input(held.name, held.source, linked=True)
    process = subprocess.Popen(
        _command([str(part) for part in argv], job, limits, read_only),
        stdin=stdin or subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        cwd=job,
        env=_ENVIRONMENT,
        start_new_session=True,
    )
    try:
        completed = _follow(process, limits.wall_seconds, on_line, cancelled)
    finally:
        _end(process)
    if check and completed.returncode != 0:
        # Bubblewrap tells of a signal as 128 + its number, a plain child as its negative.
        if completed.returncode in (-signal.SIGXCPU, 128 + signal.SIGXCPU):
            raise TimedOut(f"The program used more than {limits.cpu_seconds} s of processor time.")
        last = completed.stderr.strip().splitlines()[-1:] or ["it said nothing"]
        raise Failed(f"The program ended with {completed.returncode}: {last[0][:500]}", completed)
    return completed


def _end(process: subprocess.Popen[bytes]) -> None:
    """Leave nothing of the run behind: its whole process group goes, bubblewrap takes its own with it."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    for pipe in (process.stdout, process.stderr):
        if pipe:
            pipe.close()


def _follow(
    process: subprocess.Popen[bytes],
    wall_seconds: float,
    on_line: Callable[[str], None] | None,
    cancelled: Callable[[], bool] | None,
) -> Completed:
    """Read both pipes until they close, minding the clock and the caller's wish to stop."""
    assert process.stdout is not None  # noqa: S101
    assert process.stderr is not None  # noqa: S101
    until = time.monotonic() + wall_seconds
    out, kept, unread = io.BytesIO(), bytearray(), bytearray()
    with selectors.DefaultSelector() as selector:
        for pipe in (process.stdout, process.stderr):
            os.set_blocking(pipe.fileno(), False)
            selector.register(pipe, selectors.EVENT_READ)
        while selector.get_map():
            left = until - time.monotonic()
            if left <= 0:
                raise TimedOut(f"The program took more than {wall_seconds:g} s.")
            if cancelled and cancelled():
                raise Cancelled("The run was stopped.")
            for key, _ in selector.select(min(_POLL_S, left)):
                data = os.read(key.fd, 2**16)
                if not data:
                    selector.unregister(key.fileobj)
                elif key.fileobj is process.stderr:
                    kept += data
                    del kept[:-_STDERR_KEPT]
                else:
                    out.write(data)
                    if out.tell() > _STDOUT_MOST:
                        raise Failed("The program wrote too much.", _completed(-signal.SIGKILL, b"", kept))
                    if on_line:
                        unread += data
                        *lines, rest = unread.split(b"\n")
                        unread = bytearray(rest)
                        for line in lines:
                            on_line(line.decode("utf-8", "replace"))
    if on_line and unread:
        on_line(unread.decode("utf-8", "replace"))
    try:
        returncode = process.wait(max(0.1, until - time.monotonic()))
    except subprocess.TimeoutExpired:
        raise TimedOut(f"The program took more than {wall_seconds:g} s.") from None
    return _completed(returncode, out.getvalue(), kept)


def _completed(returncode: int, stdout: bytes, stderr: bytes | bytearray) -> Completed:
    return Completed(returncode, stdout.decode("utf-8", "replace"), bytes(stderr).decode("utf-8", "replace"))


def python(
    function: str,
    payload: dict[str, Any],
    *,
    job: Path,
    limits: Limits | None = None,
    on_line: Callable[[str], None] | None = None,
    cancelled: Callable[[], bool] | None = None,
    read_only: Sequence[Path] = (),
) -> Any:
    """Call `module:function` of this folder inside the sandbox, with `payload` as its keyword arguments.

    Payload and result travel as JSON. What the function says with `child.say` reaches `on_line` line by line.
    Raises as `run` does; an exception inside is a Failed with the traceback in `completed.stderr`.
    """
    results: list[str] = []

    def line(text: str) -> None:
        if text.startswith(child.RESULT):
            results.append(text.removeprefix(child.RESULT))
        elif on_line:
            on_line(text)

    with tempfile.TemporaryFile() as stdin:
        stdin.write(json.dumps(payload).encode())
        stdin.seek(0)
        completed = run(
            [sys.executable, "-I", _code() / "child.py", function],
            job=job,
            limits=limits,
            on_line=line,
            cancelled=cancelled,
            read_only=read_only,
            stdin=stdin,
        )
    if len(results) != 1:
        raise Failed("The child gave no result.", completed)
    return json.loads(results[0])
