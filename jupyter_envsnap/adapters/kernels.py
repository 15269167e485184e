"""The server's kernels, looked at from outside; one is asked only where its user wants it."""

from __future__ import annotations

import asyncio
import operator
import os
from collections.abc import Awaitable, Iterable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any, Protocol

from jupyter_client.kernelspec import KernelSpec
from jupyter_client.manager import KernelManager
from jupyter_client.multikernelmanager import MultiKernelManager
from jupyter_client.provisioning.local_provisioner import LocalProvisioner
from jupyter_server.gateway.managers import GatewayKernelManager

from jupyter_envsnap.adapters import asking, prefixes
from jupyter_envsnap.adapters.kernelspecs import is_python_language
from jupyter_envsnap.adapters.looking import Look, Subject, look_at
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

_LOOK_LIMIT_S = 1.2
"""For sessions and processes, side by side; what reads the prefix then has time left of 2 s."""
_ANSWER_LIMIT_S = 1.0


class Sessions(Protocol):
    """The part of jupyter_server's SessionManager that is used."""

    def list_sessions(self) -> Awaitable[list[dict[str, Any]]]:
        """The sessions as the REST API has them, in the order in which they were opened."""


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
        if is_remote(kernel):
            return _remote_facts(kernel_id, kernel, await self._notebooks(kernel_id))
        notebooks, look = await asyncio.gather(
            self._notebooks(kernel_id), self._look(kernel_id, kernel)
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

    async def _look(self, kernel_id: str, kernel: KernelManager) -> Look | None:
        """None where it takes too long; it goes on, and the next to ask joins it."""
        subject = _subject(kernel, self._environ)
        if subject is None:
            return None
        # By process: a look at the one before a restart answers nothing about the one after.
        looking = self._looks.run(kernel_id, subject.launched_pid, partial(look_at, subject))
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
        return notebooks_of(listing.result()).get(kernel_id, ())


def notebooks_of(sessions: Iterable[dict[str, Any]]) -> dict[str, tuple[str, ...]]:
    """Their paths by kernel: notebooks first, and of these the first that was opened."""
    found: dict[str, list[tuple[bool, str]]] = {}
    for session in sessions:
        kernel_id = (session.get("kernel") or {}).get("id")
        if kernel_id and session.get("path"):
            is_other = session.get("type") != "notebook"
            found.setdefault(kernel_id, []).append((is_other, session["path"]))
    by_kind = operator.itemgetter(0)
    return {
        kernel_id: tuple(path for _, path in sorted(paths, key=by_kind))
        for kernel_id, paths in found.items()
    }


async def _list(sessions: Sessions) -> list[dict[str, Any]]:
    return await sessions.list_sessions()


def is_remote(kernel: KernelManager) -> bool:
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
    if is_remote(kernel):
        raise KernelRemote(
            "The kernel runs on another computer. Its environment cannot be read from here.",
            **about,
        )
    spec = _spec(kernel)
    if spec is not None and not is_python_language(spec):
        raise KernelWithoutEnvironment(
            "Only a kernel of Python can be asked where it runs.", **about
        )
    state = _state(kernel)
    if spec is None or state in {"starting", "restarting", "unknown"}:
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


def _subject(kernel: KernelManager, environ: Mapping[str, str]) -> Subject | None:
    """None where nothing was launched yet."""
    provisioner = kernel.provisioner
    if not isinstance(provisioner, LocalProvisioner) or provisioner.pid is None:
        return None
    port = kernel.shell_port
    return Subject(
        spec=kernel.kernel_spec,
        launched_pid=provisioner.pid,
        has_process=provisioner.has_process,
        address=port if kernel.transport == "tcp" else f"{kernel.ip}-{port}",
        starting=_state(kernel) == "starting",
        environ=dict(environ),
    )


def _facts(
    kernel_id: str, kernel: KernelManager, notebooks: tuple[str, ...], look: Look | None
) -> KernelFacts:
    provisioner = kernel.provisioner
    launched = provisioner.pid if isinstance(provisioner, LocalProvisioner) else None
    gone = look is not None and not look.alive and not kernel.shutting_down
    spec = _spec(kernel)
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


def _spec(kernel: KernelManager) -> KernelSpec | None:
    """None until the kernel is launched: it would be looked up on disk."""
    provisioner = kernel.provisioner
    launched = isinstance(provisioner, LocalProvisioner) and provisioner.pid is not None
    return kernel.kernel_spec if launched else None


def _state(kernel: KernelManager) -> str:
    # Set by jupyter_server; the managers of jupyter_client alone do not track it.
    return str(getattr(kernel, "execution_state", None) or "unknown")
