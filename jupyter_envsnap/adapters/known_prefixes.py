"""The environments on this machine, as far as a server comes across them."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Any, Protocol, TypeVar

from jupyter_client.kernelspec import KernelSpec
from jupyter_server.gateway.managers import GatewayKernelSpecManager
from jupyter_server.utils import ensure_async
from msgspec import Struct
from msgspec.structs import replace

from jupyter_envsnap.adapters import conda_meta, prefixes
from jupyter_envsnap.adapters.kernelspecs import spec_candidates
from jupyter_envsnap.adapters.prefix_files import read
from jupyter_envsnap.adapters.reader_thread import ReaderThread, Stuck
from jupyter_envsnap.core import names
from jupyter_envsnap.core.model import Prefix
from jupyter_envsnap.core.wire import KnownPrefix
from jupyter_envsnap.flights import Flights

_LIMIT_S = 0.8
"""For everything; what has not answered by then is left out."""
_FOLDER_LIMIT_S = 0.5
"""For one folder, before it counts as stuck."""
_MOST_BYTES = 1_000_000
_MOST_NEIGHBOURS = 500

T = TypeVar("T")


class SpecManager(Protocol):
    """The part of jupyter_client's KernelSpecManager that is used; it may be async."""

    def get_all_specs(self) -> Any:
        """Resource folder and spec of each installed kernel, by its name."""


class _Found(Struct, frozen=True, kw_only=True):
    """An environment, and the kernels that start in it."""

    prefix: Prefix
    name: str
    kernels: frozenset[str] = frozenset()


class MachinePrefixes:
    """``ports.Prefixes``: by kernelspecs, conda's own list, and what lies beside what was found."""

    def __init__(
        self,
        specs: SpecManager,
        *,
        environ: Mapping[str, str] | None = None,
        home: Path | None = None,
    ) -> None:
        self._specs = specs
        self._environ = os.environ if environ is None else environ
        # Path.home() fails for a user id without a name, as containers have them.
        self._home = Path(os.path.expanduser("~")) if home is None else home  # noqa: PTH111
        self._thread = ReaderThread("envsnap-prefixes", limit_s=_FOLDER_LIMIT_S)
        self._searches: Flights[tuple[KnownPrefix, ...]] = Flights()
        self._listed: tuple[str, ...] = ()
        """Last time: looked at first, so that nothing slow hides what a user may be choosing."""

    async def known(self, also: tuple[str, ...]) -> tuple[KnownPrefix, ...]:
        """Each environment once, by name; the first path that leads to it stands for it."""
        return await self._searches.join(also, partial(self._known, also))

    async def stop(self) -> None:
        """End what is under way."""
        await self._searches.stop()

    async def _known(self, also: tuple[str, ...]) -> tuple[KnownPrefix, ...]:
        found: dict[str, _Found] = {}
        with suppress(asyncio.TimeoutError):  # what was found until then is the answer
            await asyncio.wait_for(self._search(found, also), _LIMIT_S)
        self._listed = tuple(each.prefix.path for each in found.values())
        known = (
            KnownPrefix(prefix=each.prefix, name=each.name, kernels=tuple(sorted(each.kernels)))
            for each in found.values()
        )
        return tuple(sorted(known, key=lambda each: (each.name.lower(), each.prefix.path)))

    async def _search(self, found: dict[str, _Found], also: tuple[str, ...]) -> None:
        await self._add(found, (*also, sys.prefix, *self._listed))
        for spec in await self._all_specs():
            paths = await self._ask(f"kernel {spec.display_name}", partial(self._named_by, spec))
            await self._add(found, paths or (), kernel=spec.display_name)
        listed = await self._ask("environments.txt", partial(_environments_txt, self._home))
        await self._add(found, listed or ())
        for folder in _folders_of_environments(found.values(), self._environ):
            await self._add(found, await self._ask(folder, partial(_folders_in, folder)) or ())

    async def _add(
        self, found: dict[str, _Found], paths: Iterable[str], kernel: str | None = None
    ) -> None:
        """Look at each of these in turn: hundreds at once would keep the loop from all else."""
        for path in dict.fromkeys(paths):
            looked = await self._ask(path, partial(_look, Path(path)))
            if looked is not None:
                real, new = looked
                known = found.setdefault(real, new)
                if kernel is not None:
                    found[real] = replace(known, kernels=known.kernels | {kernel})

    async def _all_specs(self) -> list[KernelSpec]:
        # Behind a gateway these are another machine's.
        if isinstance(self._specs, GatewayKernelSpecManager):
            return []
        answer = await self._ask("kernelspecs", self._specs.get_all_specs)
        specs: dict[str, dict[str, Any]] = {} if answer is None else await ensure_async(answer)
        return [_spec(specs[name]) for name in sorted(specs)]

    def _named_by(self, spec: KernelSpec) -> tuple[str, ...]:
        best = spec_candidates(spec, self._environ)[:1]
        return tuple(each.prefix.path for each in best if each.confidence != "unsure")

    async def _ask(self, subject: str, call: Callable[[], T]) -> T | None:
        """What a look at the disk gives; None where the disk does not answer."""
        try:
            return await self._thread.run(subject, subject, call)
        except (Stuck, OSError, ValueError):
            return None


def _look(path: Path) -> tuple[str, _Found] | None:
    prefix = prefixes.probe(path)
    if prefix is None:
        return None
    is_root = prefix.kind == "conda" and conda_meta.is_root(path)
    name = names.environment(prefix.path, kind=prefix.kind, is_root=is_root)
    return os.path.realpath(prefix.path), _Found(prefix=prefix, name=name)


def _spec(entry: dict[str, Any]) -> KernelSpec:
    known = KernelSpec.class_trait_names()
    fields = {name: value for name, value in entry["spec"].items() if name in known}
    return KernelSpec(resource_dir=entry["resource_dir"], **fields)


def _environments_txt(home: Path) -> tuple[str, ...]:
    """The list that conda keeps of what it made (``conda.core.envs_manager``)."""
    data = read(str(home / ".conda" / "environments.txt"), most=_MOST_BYTES)
    lines = data.decode(errors="replace").splitlines()
    return tuple(line.strip() for line in lines if line.strip() and not line.startswith("#"))


def _folders_of_environments(
    found: Iterable[_Found], environ: Mapping[str, str]
) -> tuple[str, ...]:
    """Where conda keeps environments by name: in ``envs`` of its own, as far as one was met."""
    folders: dict[str, None] = {}
    for path in (each.prefix.path for each in found if each.prefix.kind == "conda"):
        parent = Path(path).parent
        folders[str(parent if parent.name == "envs" else Path(path, "envs"))] = None
    if executable := environ.get("CONDA_EXE"):
        folders[str(Path(executable).parent.parent / "envs")] = None
    return tuple(folders)


def _folders_in(folder: str) -> tuple[str, ...]:
    """The folders beside which conda's own lies, and that one."""
    with os.scandir(folder) as entries:
        inside = [entry.path for entry, _ in zip(entries, range(_MOST_NEIGHBOURS), strict=False)]
    return (*sorted(inside), str(Path(folder).parent))
