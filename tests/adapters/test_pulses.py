"""Which notebook a kernel belongs to, over the server's own sessions."""

from __future__ import annotations

import pytest
from jupyter_server.services.kernels.kernelmanager import AsyncMappingKernelManager
from jupyter_server.services.sessions.sessionmanager import SessionManager

from jupyter_envsnap.adapters.kernels import ServerKernels
from jupyter_envsnap.adapters.pulses import KernelPulses

SESSIONS = [
    ("a-console", "console"),
    ("z-first.ipynb", "notebook"),
    ("a-later.ipynb", "notebook"),
    ("m.txt", "file"),
]


class Kernels(AsyncMappingKernelManager):
    """Knows every kernel, and starts none."""

    def __contains__(self, kernel_id: str) -> bool:
        return bool(kernel_id)

    def kernel_model(self, kernel_id: str) -> dict[str, str]:
        return {"id": kernel_id}

    def update_env(self, **_: object) -> None:
        """There is no process to tell."""


@pytest.fixture
async def sessions():
    manager = SessionManager(kernel_manager=Kernels())
    for number, (path, kind) in enumerate(SESSIONS):
        await manager.save_session(f"s{number}", path=path, name="", type=kind, kernel_id="k-1")
    await manager.save_session("other", path="b.ipynb", name="", type="notebook", kernel_id="k-2")
    yield manager
    manager.close()


async def test_of_several_notebooks_the_first_that_was_opened_counts(sessions):
    assert await KernelPulses(sessions.kernel_manager, sessions).notebooks() == {
        "k-1": ("z-first.ipynb", "a-later.ipynb", "a-console", "m.txt"),
        "k-2": ("b.ipynb",),
    }


async def test_a_notebook_that_was_renamed_keeps_its_place(sessions):
    await sessions.update_session("s1", path="zz-renamed.ipynb")

    found = await KernelPulses(sessions.kernel_manager, sessions).notebooks()

    assert found["k-1"][0] == "zz-renamed.ipynb"


async def test_a_snapshot_by_hand_goes_to_the_same_notebook(sessions):
    kernels = ServerKernels(sessions.kernel_manager, sessions)

    assert (
        await kernels._notebooks("k-1")
        == (await KernelPulses(sessions.kernel_manager, sessions).notebooks())["k-1"]
    )
