"""In-memory stand-ins for the ports, and the values they hold."""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta, timezone
from hashlib import sha256
from typing import Any

import msgspec
from msgspec.structs import replace

from jupyter_envsnap.core.documents.as_conda import CondaRecord, CondaView
from jupyter_envsnap.core.errors import (
    CommitError,
    EnvSnapError,
    KernelNotFound,
    NoRepository,
    PrefixMissing,
    SnapshotNotFound,
    TargetChanged,
)
from jupyter_envsnap.core.listing import Extent
from jupyter_envsnap.core.lives import Life
from jupyter_envsnap.core.local_sources import Checkout
from jupyter_envsnap.core.model import (
    Candidate,
    CondaPackage,
    Confidence,
    Environment,
    Finding,
    How,
    KernelFacts,
    Prefix,
    Progress,
    PypiPackage,
    Snapshot,
)
from jupyter_envsnap.core.ports import Earlier, Environments, Files, FileState, Location, Retention
from jupyter_envsnap.core.snapshots import is_id
from jupyter_envsnap.core.wire import (
    CommitMade,
    KnownPrefix,
    RepositoryState,
    Settings,
    SnapshotQuery,
)
from jupyter_envsnap.placing import Placing
from jupyter_envsnap.writing import Writing

NOON = datetime(2026, 1, 2, 12, 0, tzinfo=timezone.utc)


def conda(name: str, version: str = "1.0", build: str = "0") -> CondaPackage:
    return CondaPackage(
        name=name, version=version, build=build, channel="conda-forge", subdir="noarch"
    )


def environment(name: str = "climate", *, numpy: str = "2.1.0", packages: int = 0) -> Environment:
    """A small conda environment; ``packages`` more make it a big one."""
    records = [conda("numpy", numpy), conda("python", "3.11.9")]
    records += [conda(f"package-{number:05}", f"1.{number}") for number in range(packages)]
    content = Environment(
        digest="",
        name=name,
        kind="conda",
        platform="linux-64",
        python="3.11.9",
        channels=("conda-forge",),
        conda=tuple(sorted(records)),
        pypi=(PypiPackage(name="seaborn", version="0.13.2"),),
    )
    digest = sha256(msgspec.json.encode(content)).hexdigest()
    return msgspec.structs.replace(content, digest=digest)


def candidate(path: str, how: How = How.PROCESS, confidence: Confidence = "certain") -> Candidate:
    return Candidate(prefix=Prefix(path=path, kind="conda"), how=how, confidence=confidence)


def kernel(
    kernel_id: str,
    *candidates: Candidate,
    state: str = "idle",
    notebooks: tuple[str, ...] = (),
    remote: bool = False,
) -> KernelFacts:
    return KernelFacts(
        kernel_id=kernel_id,
        kernel_name="python3",
        display_name="Python 3",
        state=state,
        notebooks=notebooks,
        remote=remote,
        candidates=candidates,
        pid=4242,
        listening=state != "starting",
    )


class TickingClock:
    """One second later at every look."""

    def __init__(self, start: datetime = NOON) -> None:
        self.now = start

    def __call__(self) -> datetime:
        self.now += timedelta(seconds=1)
        return self.now


class MemoryLocations:
    """Kernels that are where the test puts them."""

    def __init__(self, *kernels: KernelFacts) -> None:
        self.kernels = {facts.kernel_id: facts for facts in kernels}
        self.answers: dict[str, Candidate | EnvSnapError] = {
            facts.kernel_id: replace(facts.candidates[0], how=How.KERNEL)
            for facts in kernels
            if facts.candidates
        }

    def ids(self) -> tuple[str, ...]:
        return tuple(sorted(self.kernels))

    def known(self, kernel_id: str) -> Location | None:
        facts = self.kernels.get(kernel_id)
        return None if facts is None else Location(facts=facts, captured_at=NOON)

    async def locate(self, kernel_id: str) -> Location:
        if kernel_id not in self.kernels:
            raise KernelNotFound("There is no such kernel.", kernel_id=kernel_id)
        facts = self.kernels[kernel_id]
        return Location(facts=facts, captured_at=NOON if facts.candidates else None)

    async def all(self) -> tuple[Location, ...]:
        return tuple([await self.locate(kernel_id) for kernel_id in self.ids()])

    async def ask(self, kernel_id: str) -> Location:
        location = await self.locate(kernel_id)
        answer = self.answers[kernel_id]
        if isinstance(answer, EnvSnapError):
            raise answer
        self._tell(location.facts, answer)
        return await self.locate(kernel_id)

    async def choose(self, kernel_id: str, prefix: Prefix | None) -> Location:
        facts = (await self.locate(kernel_id)).facts
        others = tuple(each for each in facts.candidates if each.how is not How.CHOSEN)
        chosen = Candidate(prefix=prefix, how=How.CHOSEN, confidence="certain") if prefix else None
        self.kernels[kernel_id] = replace(facts, candidates=others)
        self._tell(self.kernels[kernel_id], chosen)
        return await self.locate(kernel_id)

    def _tell(self, facts: KernelFacts, told: Candidate | None) -> None:
        if told is not None:
            candidates = (told, *facts.candidates)
            self.kernels[facts.kernel_id] = replace(facts, candidates=candidates)


class MemoryPrefixes:
    """Those that the test names, and those that were met."""

    def __init__(self, *paths: str) -> None:
        self.paths = paths

    async def known(self, also: tuple[str, ...]) -> tuple[KnownPrefix, ...]:
        paths = sorted({*self.paths, *also})
        return tuple(
            KnownPrefix(prefix=Prefix(path=path, kind="conda"), name=path.rpartition("/")[2])
            for path in paths
        )


class MemoryEnvironments:
    """Prefixes by path: an environment, an error to raise, or None to answer never."""

    def __init__(self, prefixes: Mapping[str, Environment | EnvSnapError | None]) -> None:
        self.prefixes = dict(prefixes)
        self.asked: list[str] = []
        self.first_readings: dict[str, Progress] = {}

    async def read(self, prefix: Prefix) -> Environment:
        self.asked.append(prefix.path)
        if prefix.path not in self.prefixes:
            raise PrefixMissing("The environment's folder is gone.", prefix=prefix.path)
        found = self.prefixes[prefix.path]
        if found is None:
            await asyncio.Event().wait()
        if isinstance(found, EnvSnapError):
            raise found
        assert found is not None
        return found

    def first_reading(self, prefix: Prefix) -> Progress | None:
        return self.first_readings.get(prefix.path)

    async def as_conda(self, prefix: Prefix) -> CondaView:
        environment = await self.read(prefix)
        records = (
            CondaRecord(name=p.name, version=p.version, build=p.build) for p in environment.conda
        )
        return CondaView(
            name=environment.name,
            prefix=prefix.path,
            platform=environment.platform,
            records=tuple(records),
        )

    async def glance(self, prefix: Prefix) -> str:
        return f"glance at {(await self.read(prefix)).digest}"

    async def fingerprint(self, prefix: Prefix) -> str:
        return f"fingerprint of {(await self.read(prefix)).digest}"


class NoCheckouts:
    """A machine without repositories."""

    async def of(self, folder: str, *, only_place: bool = False) -> Checkout | None:
        """None, wherever it lies."""


def writing(environments: Environments | None = None, files: Files | None = None) -> Writing:
    return Writing(
        environments=environments or MemoryEnvironments({}),
        placing=Placing(NoCheckouts()),
        files=files,
    )


class MemoryHistory:
    """Snapshots in the order in which they were added."""

    def __init__(self) -> None:
        self.rows: list[tuple[Snapshot, Environment]] = []

    async def add(self, snapshot: Snapshot, environment: Environment) -> None:
        await self.add_all([(snapshot, environment)])

    async def add_all(self, rows: Sequence[tuple[Snapshot, Environment]]) -> None:
        known = {snapshot.id for snapshot, _ in self.rows}
        self.rows += [row for row in rows if row[0].id not in known]

    async def delete(self, snapshot_id: str) -> None:
        del self.rows[self._index(snapshot_id)]

    async def prune(self, retention: Retention, now: datetime) -> int:
        assert retention.days is None or retention.days > 0
        assert now.tzinfo is not None
        return 0

    async def findings(self) -> tuple[Finding, ...]:
        return ()

    async def get(self, snapshot_id: str) -> tuple[Snapshot, Environment]:
        return self.rows[self._index(snapshot_id)]

    async def page(self, query: SnapshotQuery) -> tuple[Snapshot, ...]:
        end = len(self.rows) if query.before is None else self._place(query.before)
        newest_first = (snapshot for snapshot, _ in reversed(self.rows[:end]))
        matching = [
            snapshot
            for snapshot in newest_first
            if (not query.reason or snapshot.reason in query.reason)
            and query.notebook in {None, snapshot.notebook}
            and query.prefix in {None, snapshot.prefix}
        ]
        return tuple(matching[: query.limit])

    async def extent(self, query: SnapshotQuery) -> Extent:
        every = await self.page(SnapshotQuery(notebook=query.notebook, prefix=query.prefix))
        return Extent(count=len(every), since=every[-1].taken_at if every else None)

    async def earlier(self, ids: Sequence[str]) -> dict[str, Earlier]:
        found = {}
        for snapshot_id in ids:
            index = self._index(snapshot_id)
            own = self.rows[index][0]
            for each, _ in self.rows[:index]:
                of_notebook = own.notebook is not None and each.notebook == own.notebook
                if of_notebook or (own.notebook is None and each.prefix == own.prefix):
                    found[snapshot_id] = Earlier(id=each.id, digest=each.digest)
        return found

    async def contents(self, digests: Collection[str]) -> dict[str, Environment]:
        return {each.digest: each for _, each in self.rows if each.digest in digests}

    async def annotate(self, snapshot_id: str, note: str | None) -> Snapshot:
        index = self._index(snapshot_id)
        snapshot, kept = self.rows[index]
        self.rows[index] = (replace(snapshot, note=note), kept)
        return self.rows[index][0]

    async def prefixes(self) -> tuple[str, ...]:
        return tuple(sorted({row.prefix for row, _ in self.rows if row.prefix is not None}))

    def _place(self, snapshot_id: str) -> int:
        if not is_id(snapshot_id):
            return self._index(snapshot_id)
        return sum(snapshot.id < snapshot_id for snapshot, _ in self.rows)

    def _index(self, snapshot_id: str) -> int:
        for index, (snapshot, _) in enumerate(self.rows):
            if snapshot.id == snapshot_id:
                return index
        raise SnapshotNotFound("There is no such snapshot.", snapshot_id=snapshot_id)


class MemoryJournal:
    """Lives, and the environments that were captured in them."""

    def __init__(self, *orphans: Life) -> None:
        self.lives: dict[str, Life] = {}
        self.environments: dict[str, Environment] = {}
        self.left = orphans
        self.beats = 0

    async def write(self, life: Life, environment: Environment | None = None) -> None:
        self.lives[life.id] = life
        if environment is not None:
            self.environments[environment.digest] = environment

    async def environment(self, digest: str) -> Environment | None:
        return self.environments.get(digest)

    async def remove(self, life_id: str) -> None:
        self.lives.pop(life_id, None)

    async def orphans(self) -> tuple[Life, ...]:
        left, self.left = self.left, ()
        return left

    async def beat(self) -> None:
        self.beats += 1

    def findings(self) -> tuple[Finding, ...]:
        return ()


SETTINGS = Settings(on_shutdown="history", on_change="history", keep_days=365, keep_count=1000)


class MemorySettings:
    """What was chosen, until the test ends."""

    def __init__(self) -> None:
        self.chosen: Any = None

    async def read(self) -> Any:
        return self.chosen

    async def write(self, value: Any) -> None:
        self.chosen = value


class MemoryFiles:
    """Files by server path; every one is text."""

    def __init__(self, files: Mapping[str, str] | None = None) -> None:
        self.files = dict(files or {})

    async def read(self, path: str) -> FileState:
        text = self.files.get(path)
        digest = None if text is None else sha256(text.encode()).hexdigest()
        return FileState(path=path, text=text, digest=digest, real_path=f"/srv/{path}")

    async def write(self, path: str, text: str, *, base_digest: str | None) -> FileState:
        if (await self.read(path)).digest != base_digest:
            raise TargetChanged(f"{path} changed since the preview.", path=path)
        self.files[path] = text
        return await self.read(path)

    async def environment_file(self, notebook: str | None) -> str:  # noqa: ARG002 - the port's
        return "environment.yml"


class MemoryRepositories:
    """A repository without files, or the reason why there is none."""

    def __init__(self, problem: CommitError | None = None) -> None:
        self.problem = problem
        self.commits: list[tuple[str, str]] = []

    async def state(self, real_path: str, text: str) -> RepositoryState:  # noqa: ARG002 - the port's
        if self.problem:
            raise self.problem
        return RepositoryState(
            top="work",
            branch="main",
            target="absent",
            staged_others=0,
            hooks=(),
            signs=False,
            own_edits=(),
        )

    async def text_at(self, real_path: str, revision: str) -> str:  # noqa: ARG002 - the port's
        if self.problem:
            raise self.problem
        return "dependencies:\n  - python=3.11.0\n"

    async def commit(self, real_path: str, message: str) -> CommitMade:
        if self.problem:
            raise self.problem
        self.commits.append((real_path, message))
        return CommitMade(
            id="9f3c2e1" + "0" * 33, short_id="9f3c2e1", branch="main", message=message
        )


def no_repository() -> NoRepository:
    return NoRepository("This folder is in no git repository.")
