"""What the tests of real kernels share."""

import asyncio
import json
import stat
import sysconfig
import venv
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path

from jupyter_envsnap.adapters.kernels import ServerKernels
from jupyter_envsnap.core.model import KernelFacts

IPYKERNEL = ("-m", "ipykernel_launcher", "-f", "{connection_file}")
LIMIT_S = 40.0


class Specs:
    """Writes kernelspecs and the scripts they name."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def write(self, name: str, argv: Sequence[str], **fields) -> str:
        folder = self.folder / name
        folder.mkdir()
        spec = {"argv": [*argv], "display_name": f"Test {name}", "language": "python", **fields}
        (folder / "kernel.json").write_text(json.dumps(spec))
        return name

    def script(self, name: str, text: str) -> str:
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
        path.chmod(path.stat().st_mode | stat.S_IXUSR)
        return str(path)


def make_venv(folder: Path, packages: str = sysconfig.get_path("purelib")) -> Path:
    """A venv without pip whose kernel imports ipykernel from elsewhere."""
    venv.create(folder, symlinks=True, with_pip=False)
    return lend_packages(folder, packages)


def lend_packages(prefix: Path, packages: str) -> Path:
    (site,) = prefix.glob("lib/python*/site-packages")
    (site / "lent.pth").write_text(f"{packages}\n")
    return prefix


def python_of(prefix: Path) -> str:
    return str(prefix / "bin/python")


async def until(
    look: Callable[[], Awaitable[KernelFacts]], true: Callable[[KernelFacts], bool]
) -> KernelFacts:
    """The first look of which something is true."""

    async def again() -> KernelFacts:
        # A look is all there is: nothing tells when a process begins to listen.
        while not true(facts := await look()):  # noqa: ASYNC110
            await asyncio.sleep(0.02)
        return facts

    return await asyncio.wait_for(again(), LIMIT_S)


async def listening(kernels: ServerKernels, kernel_id: str) -> KernelFacts:
    return await until(lambda: kernels.facts(kernel_id), lambda facts: facts.listening)


async def lateness_of(work: Awaitable[object]) -> float:
    """How many seconds the loop came late, at most, while something was awaited."""
    loop = asyncio.get_running_loop()
    worst = 0.0

    async def probe() -> None:
        nonlocal worst
        while True:
            due = loop.time() + 0.001
            await asyncio.sleep(0.001)
            worst = max(worst, loop.time() - due)

    probing = asyncio.create_task(probe())
    await work
    probing.cancel()
    return worst
