"""Looks at a local kernel from outside: its kernelspec, its processes, the disk. Blocks."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from jupyter_client.kernelspec import KernelSpec
from msgspec import Struct
from msgspec.structs import replace

from jupyter_envsnap.adapters import prefixes
from jupyter_envsnap.adapters.kernelspecs import is_python_language, spec_candidates
from jupyter_envsnap.core.model import Candidate, How, Prefix
from jupyter_envsnap.core.prefix import ranked

if TYPE_CHECKING:
    from jupyter_envsnap.adapters.processes import Sight


class Subject(Struct, frozen=True, kw_only=True):
    """A local kernel, as far as looking at it needs."""

    spec: KernelSpec | None
    launched_pid: int
    has_process: bool
    """False: the server has already seen it end."""
    address: int | str
    """Of the shell socket: a TCP port or the path of a unix socket."""
    starting: bool
    environ: dict[str, str]
    """The server's own variables."""


class Look(Struct, frozen=True, kw_only=True):
    """What a look at the disk and the processes gave."""

    candidates: tuple[Candidate, ...]
    alive: bool
    listening_pid: int | None = None


def look_at(subject: Subject) -> Look:
    """Stats files and reads the process table."""
    # Imported where it is needed: the server starts without psutil.
    from jupyter_envsnap.adapters import processes  # noqa: PLC0415

    spec = subject.spec
    named = spec_candidates(spec, subject.environ) if spec else ()
    alive = subject.has_process and processes.is_alive(subject.launched_pid)
    sight = processes.listening(subject.launched_pid, subject.address) if alive else None
    if sight is None:
        # A wrapper that has not come to its exec yet looks like a kernel of no environment.
        guess = named if alive and subject.starting else tuple(map(_doubted, named))
        return Look(candidates=guess, alive=alive)
    foreign = spec is not None and not is_python_language(spec)
    if sight.python and foreign:
        # bash_kernel and its like: the python belongs to the wrapper, not to what the user runs.
        seen = None
    else:
        inherited = subject.environ.get("CONDA_PREFIX")
        # A Julia or an R may have loaded a python's modules, and is not in its environment.
        seen = _seen(sight, None if foreign else sight.mapped, inherited=inherited)
    if seen is None and sight.readable:
        # The command did not lead to what runs now: it says nothing of it.
        named = tuple(found for found in named if found.how is not How.KERNELSPEC)
    return Look(
        candidates=_distinct(ranked((*named, seen) if seen else named)),
        alive=alive,
        listening_pid=sight.pid,
    )


def _distinct(candidates: tuple[Candidate, ...]) -> tuple[Candidate, ...]:
    """Without other names of the folder that a better candidate names: they agree with it."""
    by_folder: dict[str, str] = {}
    for path in (candidate.prefix.path for candidate in candidates):
        by_folder.setdefault(os.path.realpath(path), path)
    names = set(by_folder.values())
    return tuple(candidate for candidate in candidates if candidate.prefix.path in names)


def _doubted(candidate: Candidate) -> Candidate:
    return replace(candidate, confidence="unsure") if candidate.how is How.KERNELSPEC else candidate


def _seen(sight: Sight, mapped: Prefix | None, *, inherited: str | None) -> Candidate | None:
    if sight.prefix is not None:
        return Candidate(prefix=sight.prefix, how=How.PROCESS, confidence="certain")
    if mapped is not None:
        return Candidate(prefix=mapped, how=How.PROCESS, confidence="likely")
    # What the server itself was started with is handed down to every kernel and says nothing.
    if sight.conda_prefix is None or str(sight.conda_prefix) == inherited:
        return None
    prefix = prefixes.probe(sight.conda_prefix)
    if prefix is None or prefix.kind != "conda":
        return None
    return Candidate(prefix=prefix, how=How.ENVIRON, confidence="likely")
