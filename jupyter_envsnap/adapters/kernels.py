"""The server's kernels, looked at from outside; one is asked only where its user wants it."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Awaitable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from jupyter_client.kernelspec import KernelSpec
from jupyter_client.manager import KernelManager
from jupyter_client.multikernelmanager import MultiKernelManager
from jupyter_client.provisioning.local_provisioner import LocalProvisioner
from jupyter_server.gateway.managers import GatewayKernelManager
from msgspec import Struct
from msgspec.structs import replace

from jupyter_envsnap.adapters import asking, prefixes
from jupyter_envsnap.adapters.kernelspecs import is_python_language, spec_candidates
from jupyter_envsnap.adapters.reader_thread import ReaderThread, Stuck
from jupyter_envsnap.core.errors import (
    KernelBusy,
    KernelDidNotAnswer,
    KernelNotFound,
    KernelRemote,
    KernelStarting,
    KernelWithoutEnvironment,
)
from jupyter_envsnap.core.model import Candidate, How, KernelFacts, Prefix
from jupyter_envsnap.core.prefix import ranked

if TYPE_CHECKING:
    from jupyter_envsnap.adapters.processes import Sight

_LOOK_LIMIT_S = 1.2
"""For sessions and processes, side by side; what reads the prefix then has time left of 2 s."""
_ANSWER_LIMIT_S = 1.0


class Sessions(Protocol):
    """The part of jupyter_server's SessionManager that is used."""

    def list_sessions(self) -> Awaitable[list[dict[str, Any]]]:
        """The sessions as the REST API has them."""


class _Subject(Struct, frozen=True, kw_only=True):
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


class _Look(Struct, frozen=True, kw_only=True):
    """What a look at the disk and the processes gave."""

    candidates: tuple[Candidate, ...]
    alive: bool
    listening_pid: int | None = None


class ServerKernels:
    """``ports.Kernels`` over the managers of a jupyter_server."""

    def __init__(
        self,
        kernel_manager: MultiKernelManager,
        session_manager: Sessions,
        environ: Mapping[str, str] | None = None,
    ) -> None:
        self._manager = kernel_manager
        self._sessions = session_manager
        self._environ = os.environ if environ is None else environ
        self._looks = ReaderThread("envsnap-kernels", limit_s=_LOOK_LIMIT_S)
        self._listing: asyncio.Task[list[dict[str, Any]]] | None = None

    def ids(self) -> tuple[str, ...]:
        """The kernels that the server has now, sorted."""
        return tuple(sorted(self._manager.list_kernel_ids()))

    async def facts(self, kernel_id: str) -> KernelFacts:
        """What can be known of one kernel without asking it."""
        kernel = self._kernel(kernel_id)
        # First: behind a gateway, kernel_spec is this server's own python's.
        if _is_remote(kernel):
            return _remote_facts(kernel_id, kernel, await self._notebooks(kernel_id))
        notebooks, look = await asyncio.gather(
            self._notebooks(kernel_id), self._look_at(kernel_id, kernel)
        )
        return _facts(kernel_id, self._kernel(kernel_id), notebooks, look)

    async def ask(self, kernel_id: str) -> Candidate:
        """Ask the kernel itself, where it is idle; nothing of that stays in it."""
        kernel = self._kernel(kernel_id)
        _check_can_be_asked(kernel)
        answer = await asking.ask(kernel, limit_s=_ANSWER_LIMIT_S)
        if answer is None:
            raise KernelDidNotAnswer(
                "The kernel did not say where it runs. It may have begun to work, or it does not"
                " understand the question.",
                kernel_id=kernel_id,
            )
        prefix = await self._here(kernel_id, answer)
        if prefix is None:
            raise KernelWithoutEnvironment(
                "The kernel runs in a folder that is not one of this computer's environments.",
                kernel_id=kernel_id,
            )
        return Candidate(prefix=prefix, how=How.KERNEL, confidence="certain")

    async def stop(self) -> None:
        """End what runs in the background."""
        if self._listing is not None:
            self._listing.cancel()
            await asyncio.wait({self._listing})

    async def _here(self, kernel_id: str, answer: asking.Answer) -> Prefix | None:
        """The environment that a kernel named; None where it is none, or on another computer."""
        known = [found.prefix for found in (await self.facts(kernel_id)).candidates]
        looking = self._looks.run(answer.prefix, answer, partial(_same_folder, answer, known))
        try:
            return await asyncio.wait_for(looking, _LOOK_LIMIT_S)
        except (Stuck, asyncio.TimeoutError):
            return None

    async def _look_at(self, kernel_id: str, kernel: KernelManager) -> _Look | None:
        """None where it takes too long; it goes on, and the next to ask joins it."""
        subject = _subject(kernel, self._environ)
        if subject is None:
            return None
        # By process: a look at the one before a restart answers nothing about the one after.
        looking = self._looks.run(kernel_id, subject.launched_pid, partial(_look, subject))
        try:
            return await asyncio.wait_for(looking, _LOOK_LIMIT_S)
        except (Stuck, asyncio.TimeoutError):
            return None

    def _kernel(self, kernel_id: str) -> KernelManager:
        if kernel_id not in self._manager:
            raise KernelNotFound(
                "The server has no such kernel; it may have been shut down.", kernel_id=kernel_id
            )
        return self._manager.get_kernel(kernel_id)

    async def _notebooks(self, kernel_id: str) -> tuple[str, ...]:
        """Server paths of the sessions on a kernel; none where they cannot be listed in time."""
        listing = self._listing
        if listing is None or listing.done():
            self._listing = listing = asyncio.ensure_future(_list(self._sessions))
        done, _ = await asyncio.wait({listing}, timeout=_LOOK_LIMIT_S)
        if not done or listing.cancelled() or listing.exception() is not None:
            return ()
        return tuple(
            sorted(
                session["path"]
                for session in listing.result()
                if session.get("kernel", {}).get("id") == kernel_id and session.get("path")
            )
        )


async def _list(sessions: Sessions) -> list[dict[str, Any]]:
    return await sessions.list_sessions()


def _is_remote(kernel: KernelManager) -> bool:
    """Whether its process is on another host, as far as the managers tell."""
    if isinstance(kernel, GatewayKernelManager):
        return True
    provisioner = kernel.provisioner
    if provisioner is None:
        # Not launched yet, or made by a manager that launches in its own way.
        return kernel.ready.done() and kernel.owns_kernel
    if not isinstance(provisioner, LocalProvisioner):
        return True
    # Provisioners for containers and clusters inherit from the local one and have no process.
    return provisioner.pid is None and kernel.ready.done()


def _check_can_be_asked(kernel: KernelManager) -> None:
    """Raise why this kernel is not asked now."""
    about = {"kernel_name": kernel.kernel_name}
    if _is_remote(kernel):
        raise KernelRemote(
            "The kernel runs on another computer. Its environment cannot be read from here.",
            **about,
        )
    spec = kernel.kernel_spec
    if spec is None or not is_python_language(spec):
        raise KernelWithoutEnvironment(
            "Only a kernel of Python can be asked where it runs.", **about
        )
    state = _state(kernel)
    if state in {"starting", "restarting", "unknown"}:
        raise KernelStarting("The kernel is starting. Ask it again when it is idle.", **about)
    if state == "dead":
        raise KernelDidNotAnswer("The kernel died. Restart it, then ask it again.", **about)
    if state != "idle":
        raise KernelBusy(
            "The kernel is at work. It is asked only while no cell runs: try again then.", **about
        )


def _same_folder(answer: asking.Answer, known: Sequence[Prefix]) -> Prefix | None:
    """The folder that was named, by the name it has already where it has one."""
    # A path alone would also fit a folder of the same name in a container or on another computer.
    try:
        status = os.stat(answer.prefix)  # noqa: PTH116 - a kernel may name anything
    except (OSError, ValueError):
        return None
    if (status.st_dev, status.st_ino) != (answer.device, answer.inode):
        return None
    named = prefixes.probe(Path(answer.prefix))
    real = os.path.realpath(answer.prefix)
    return next((each for each in known if os.path.realpath(each.path) == real), named)


def _subject(kernel: KernelManager, environ: Mapping[str, str]) -> _Subject | None:
    """None where nothing was launched yet."""
    provisioner = kernel.provisioner
    if not isinstance(provisioner, LocalProvisioner) or provisioner.pid is None:
        return None
    port = kernel.shell_port
    return _Subject(
        spec=kernel.kernel_spec,
        launched_pid=provisioner.pid,
        has_process=provisioner.has_process,
        address=port if kernel.transport == "tcp" else f"{kernel.ip}-{port}",
        starting=_state(kernel) == "starting",
        environ=dict(environ),
    )


def _look(subject: _Subject) -> _Look:
    """On a thread: stats files and reads the process table."""
    # Imported where it is needed: the server starts without psutil.
    from jupyter_envsnap.adapters import processes  # noqa: PLC0415

    spec = subject.spec
    named = spec_candidates(spec, subject.environ) if spec else ()
    alive = subject.has_process and processes.is_alive(subject.launched_pid)
    sight = processes.listening(subject.launched_pid, subject.address) if alive else None
    if sight is None:
        # A wrapper that has not come to its exec yet looks like a kernel of no environment.
        guess = named if alive and subject.starting else tuple(map(_doubted, named))
        return _Look(candidates=guess, alive=alive)
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
    return _Look(
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


def _facts(
    kernel_id: str, kernel: KernelManager, notebooks: tuple[str, ...], look: _Look | None
) -> KernelFacts:
    provisioner = kernel.provisioner
    launched = provisioner.pid if isinstance(provisioner, LocalProvisioner) else None
    gone = look is not None and not look.alive and not kernel.shutting_down
    # kernel_spec is looked up on disk until the kernel is launched.
    spec = kernel.kernel_spec if launched is not None else None
    return KernelFacts(
        kernel_id=kernel_id,
        kernel_name=kernel.kernel_name,
        display_name=_as_text((spec.display_name if spec else "") or kernel.kernel_name),
        state="dead" if gone else _state(kernel),
        notebooks=notebooks,
        candidates=look.candidates if look else (),
        pid=(look.listening_pid if look else None) or launched,
        launched_pid=launched,
        listening=look is not None and look.listening_pid is not None,
    )


def _remote_facts(kernel_id: str, kernel: KernelManager, notebooks: tuple[str, ...]) -> KernelFacts:
    model = getattr(kernel, "kernel", None)
    name = model.get("name") if isinstance(model, dict) else None
    return KernelFacts(
        kernel_id=kernel_id,
        kernel_name=name or kernel.kernel_name,
        display_name=name or kernel.kernel_name,
        state=_state(kernel),
        notebooks=notebooks,
        remote=True,
    )


def _as_text(name: str) -> str:
    # A kernelspec may hold half of a surrogate pair, which no reply can carry.
    return name.encode(errors="replace").decode()


def _state(kernel: KernelManager) -> str:
    # Set by jupyter_server; the managers of jupyter_client alone do not track it.
    return str(getattr(kernel, "execution_state", None) or "unknown")
