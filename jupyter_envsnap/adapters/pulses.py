"""The server's kernels at a glance: no process is looked into and no disk is touched."""

from __future__ import annotations

from collections.abc import Callable

from jupyter_client.manager import KernelManager
from jupyter_client.multikernelmanager import MultiKernelManager
from jupyter_client.provisioning.local_provisioner import LocalProvisioner

from jupyter_envsnap.adapters.kernels import Sessions, is_remote, notebooks_of
from jupyter_envsnap.core.lives import Pulse

_RESTARTER_SAYS = ("restart", "dead")


class KernelPulses:
    """``ports.Pulses`` over the managers of a jupyter_server."""

    def __init__(self, kernel_manager: MultiKernelManager, session_manager: Sessions) -> None:
        self._manager = kernel_manager
        self._sessions = session_manager

    def ids(self) -> tuple[str, ...]:
        return tuple(self._manager.list_kernel_ids())

    async def pulse(self, kernel_id: str) -> Pulse | None:
        if kernel_id not in self._manager:
            return None
        kernel: KernelManager = self._manager.get_kernel(kernel_id)
        provisioner = kernel.provisioner
        if is_remote(kernel) or not isinstance(provisioner, LocalProvisioner):
            return None
        pid = provisioner.pid
        return Pulse(
            launched_pid=pid,
            alive=pid is None or await provisioner.poll() is None,
            shutting_down=kernel.shutting_down,
        )

    async def notebooks(self) -> dict[str, tuple[str, ...]]:
        return notebooks_of(await self._sessions.list_sessions())

    def on_death(self, kernel_id: str, tell: Callable[[], None]) -> None:
        kernel: KernelManager = self._manager.get_kernel(kernel_id)
        add = getattr(kernel, "add_restart_callback", None)
        if add is not None:
            for event in _RESTARTER_SAYS:
                add(tell, event)
