"""Real kernels, started by jupyter_server's own manager from kernelspecs made by the test."""

import subprocess
import sys
from collections.abc import Awaitable, Callable, Iterator, Sequence
from datetime import datetime, timezone
from functools import cache
from pathlib import Path

import pytest
from jupyter_client.kernelspec import KernelSpecManager
from jupyter_server.services.kernels.kernelmanager import AsyncMappingKernelManager
from jupyter_server.services.sessions.sessionmanager import SessionManager
from traitlets.config import Config

from jupyter_envsnap.adapters.kernels import ServerKernels
from jupyter_envsnap.lifecycle import KernelLocations
from tests.kernels.real import Specs, lend_packages, make_venv, python_of


@pytest.fixture(scope="session")
def plain_venv(tmp_path_factory) -> Path:
    return make_venv(tmp_path_factory.mktemp("venvs") / "plain")


@pytest.fixture(scope="session")
def venv_on_conda(tmp_path_factory, conda_env) -> Path:
    prefix = tmp_path_factory.mktemp("venvs") / "on-conda"
    subprocess.run(
        [python_of(conda_env), "-m", "venv", "--without-pip", str(prefix)], check=True, timeout=60
    )
    (packages,) = conda_env.glob("lib/python*/site-packages")
    return lend_packages(prefix, str(packages))


@pytest.fixture(scope="session")
def lent(tmp_path_factory) -> Callable[..., str]:
    """Installs packages from the registry, once, into a folder for PYTHONPATH."""

    @cache
    def install(*requirements: str) -> str:
        folder = tmp_path_factory.mktemp("lent")
        pip = (sys.executable, "-m", "pip", "--disable-pip-version-check", "install", "--quiet")
        done = subprocess.run(
            [*pip, "--no-deps", "--only-binary", ":all:", "--target", str(folder), *requirements],
            check=False,
            capture_output=True,
            text=True,
            timeout=120,
        )
        if "No matching distribution" in done.stderr:
            pytest.skip(f"there is no wheel of {requirements[0]} for this Python and platform")
        assert done.returncode == 0, done.stderr
        return str(folder)

    return install


@pytest.fixture
def start(manager, specs) -> Callable[..., Awaitable[str]]:
    """Starts a kernel by a command, and gives its id."""

    async def started(argv: Sequence[str], **fields: object) -> str:
        return await manager.start_kernel(kernel_name=specs.write("tested", argv, **fields))

    return started


@pytest.fixture
def specs(tmp_path) -> Specs:
    (tmp_path / "kernels").mkdir()
    return Specs(tmp_path / "kernels")


@pytest.fixture
async def manager(specs, tmp_path, monkeypatch):
    monkeypatch.setenv("JUPYTER_RUNTIME_DIR", str(tmp_path / "runtime"))
    monkeypatch.setenv("IPYTHONDIR", str(tmp_path / "ipython"))
    (tmp_path / "runtime").mkdir()
    made = AsyncMappingKernelManager(
        kernel_spec_manager=KernelSpecManager(kernel_dirs=[str(specs.folder)]),
        # Who is killed stays dead.
        config=Config(KernelManager={"autorestart": False}),
    )
    yield made
    await made.shutdown_all(now=True)


@pytest.fixture
def kernels(manager) -> Iterator[ServerKernels]:
    sessions = SessionManager(kernel_manager=manager)
    yield ServerKernels(manager, sessions)
    # Here, and not where the garbage collector happens to run: its database is this thread's.
    sessions.close()


@pytest.fixture
async def locations(kernels):
    made = KernelLocations(kernels, lambda: datetime.now(timezone.utc))
    made.start()
    yield made
    await made.stop()
