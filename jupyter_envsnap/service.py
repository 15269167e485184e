"""What can be asked of an environment: see it, write it, keep it, find it again."""

from __future__ import annotations

import asyncio
import secrets

from jupyter_envsnap.core import documents, wire
from jupyter_envsnap.core.documents import Document
from jupyter_envsnap.core.errors import (
    HistoryError,
    KernelNotFound,
    PrefixError,
    PrefixRefused,
    ReadTimedOut,
    ReferenceInvalid,
    SnapshotNotFound,
)
from jupyter_envsnap.core.model import (
    IN_PASSING,
    Candidate,
    Environment,
    KernelFacts,
    Prefix,
    Progress,
    Reason,
    Snapshot,
)
from jupyter_envsnap.core.ports import (
    Clock,
    Environments,
    History,
    Journal,
    Location,
    Locations,
    News,
    Prefixes,
    Sourced,
    Told,
)
from jupyter_envsnap.core.prefix import choose, resolve
from jupyter_envsnap.core.snapshots import snapshot_of
from jupyter_envsnap.core.whereabouts import described, nowhere
from jupyter_envsnap.flights import Flights
from jupyter_envsnap.listing import Listing
from jupyter_envsnap.writing import Writing

FINGERPRINT_TIMEOUT_S = 0.6
"""How long a list of kernels waits for one prefix, after at most 1.2 s of looking for it."""
HISTORY_TIMEOUT_S = 1.0
"""How long a list of environments waits for those of the history."""
LOOKED_AT = 100
"""How many snapshots are looked at for the one before."""
LONGEST_ID = 200
"""No id is longer; a longer one is not looked for."""


class Service:
    """The use cases, over ports; also the ``Sources`` that saving takes environments from."""

    def __init__(
        self,
        *,
        locations: Locations,
        environments: Environments,
        prefixes: Prefixes,
        history: History,
        journal: Journal,
        clock: Clock,
        writing: Writing,
        news: News,
        told: Told,
    ) -> None:
        self._locations = locations
        self._environments = environments
        self._prefixes = prefixes
        self._history = history
        self._listing = Listing(history=history, journal=journal)
        self._clock = clock
        self._writing = writing
        self._news = news
        self._told = told
        # A hundred pages that list dozens of kernels at once would be thousands of looks.
        self._located: Flights[tuple[Location, ...]] = Flights()
        self._lists: Flights[wire.KernelList] = Flights()

    async def kernels(self) -> wire.KernelList:
        """Every kernel; one without a readable environment carries its problem."""
        return await self._lists.join(self._locations.ids(), self._list_kernels)

    async def prefixes(self) -> wire.KnownPrefixes:
        """The environments that the server found: what may be chosen for a kernel."""
        locations, kept = await asyncio.gather(self._locate_all(), self._kept_prefixes())
        met = (c.prefix.path for location in locations for c in location.facts.candidates)
        return wire.KnownPrefixes(prefixes=await self._prefixes.known((*met, *kept)))

    async def choose(self, kernel_id: str, choice: wire.PrefixChoice) -> wire.KernelEnvironment:
        """Take the user's word for where a kernel is.

        Raises:
            KernelNotFound, KernelRemote
            PrefixRefused: the server did not find it itself.

        """
        prefix = None
        if choice.path is not None:
            known = (await self.prefixes()).prefixes
            prefix = next((k.prefix for k in known if k.prefix.path == choice.path), None)
            if prefix is None:
                raise PrefixRefused("The server knows no such environment.")
        chosen = await self._locations.choose(_short(kernel_id), prefix)
        self._forget_what_was_told()
        return await self._describe(chosen)

    async def ask(self, kernel_id: str) -> wire.KernelEnvironment:
        """Ask a kernel itself where it is; raises as ``ports.Kernels.ask``."""
        told = await self._locations.ask(_short(kernel_id))
        self._forget_what_was_told()
        return await self._describe(told)

    async def environment(self, kernel_id: str) -> Environment:
        """What is installed where the kernel runs.

        Raises:
            KernelError, PrefixError

        """
        _, candidate = await self._locate(kernel_id)
        return await self._environments.read(candidate.prefix)

    async def document(self, kernel_id: str, query: wire.DocumentQuery) -> Document:
        """The kernel's environment as text."""
        return await self._writing.document(await self._of_kernel(kernel_id), query)

    async def outline(self, kernel_id: str, query: wire.DocumentQuery) -> wire.Outline:
        """What the document of the same query says, line by line, and why."""
        sourced = await self._of_kernel(kernel_id)
        document = await self._writing.document(sourced, query)
        return wire.Outline(
            format=document.format,
            profile=document.profile,
            entries=document.entries,
            findings=document.findings,
            local=document.local,
        )

    def formats(self) -> wire.FormatList:
        """How an environment can be written, and what can be left out of it."""
        return documents.formats(self._writing.groups)

    async def take_snapshot(self, request: wire.SnapshotRequest) -> wire.SnapshotTaken:
        """Keep the kernel's environment in the history."""
        facts, candidate = await self._locate(request.kernel_id)
        sourced = await self._read(facts, candidate)
        before = await self._last_meant(candidate.prefix.path, sourced.notebook)
        snapshot = await self.record(sourced, Reason.MANUAL, request.note or None)
        unchanged = before is not None and before.digest == snapshot.digest
        return wire.SnapshotTaken(
            snapshot=snapshot,
            unchanged_since=before if unchanged else None,
            findings=(*sourced.findings, *sourced.environment.findings),
        )

    async def _last_meant(self, prefix: str, notebook: str | None) -> Snapshot | None:
        """The newest of this notebook but those that were kept in passing while it ran."""
        query = wire.SnapshotQuery(prefix=prefix, notebook=notebook, limit=LOOKED_AT)
        return next(
            (
                each
                for each in await self._history.page(query)
                if each.notebook == notebook and each.reason not in IN_PASSING
            ),
            None,
        )

    async def snapshots(self, query: wire.SnapshotQuery) -> wire.SnapshotPage:
        """A page of the history.

        Raises:
            PrefixRefused: the prefix is neither in the history nor a kernel's.

        """
        if query.prefix is not None:
            await self._accept(query.prefix)
        return await self._listing.page(query)

    async def snapshot(self, snapshot_id: str) -> wire.SnapshotDetail:
        """A snapshot with everything that was installed."""
        snapshot, environment = await self._history.get(_known_length(snapshot_id))
        return wire.SnapshotDetail(snapshot=snapshot, environment=environment)

    async def delete_snapshot(self, snapshot_id: str) -> None:
        """Forget a snapshot; raises SnapshotNotFound, HistoryUnavailable."""
        await self._history.delete(_known_length(snapshot_id))

    async def annotate(self, snapshot_id: str, given: wire.SnapshotNote) -> Snapshot:
        """Give a snapshot another note; raises SnapshotNotFound, HistoryUnavailable."""
        return await self._history.annotate(_known_length(snapshot_id), given.note or None)

    async def snapshot_document(self, snapshot_id: str, query: wire.DocumentQuery) -> Document:
        """A snapshot's environment as text."""
        detail = await self.snapshot(snapshot_id)
        return await self._writing.document(_kept(detail), query)

    async def source(self, reference: str) -> Sourced:
        """What ``kernel:ID`` or ``snapshot:ID`` stands for."""
        scheme, _, name = reference.partition(":")
        if scheme == "kernel":
            return await self._of_kernel(name)
        if scheme == "snapshot":
            return _kept(await self.snapshot(name))
        raise ReferenceInvalid(
            "This does not name an environment. Write kernel:ID or snapshot:ID.",
            reference=reference[:LONGEST_ID],
        )

    async def record(self, sourced: Sourced, reason: Reason, note: str | None) -> Snapshot:
        """Keep an environment that was read; ids sort by time."""
        snapshot = snapshot_of(
            sourced, reason, taken_at=self._clock(), token=secrets.token_hex(9), note=note
        )
        await self._history.add(snapshot, sourced.environment)
        self._told.snapshot_taken(snapshot)
        return snapshot

    async def stop(self) -> None:
        """End what is under way for who went away."""
        await self._writing.stop()
        await self._lists.stop()
        await self._located.stop()

    async def _list_kernels(self) -> wire.KernelList:
        return wire.KernelList(kernels=await self._describe_all(await self._locate_all()))

    async def _locate_all(self) -> tuple[Location, ...]:
        return await self._located.join(self._locations.ids(), self._locations.all)

    def _forget_what_was_told(self) -> None:
        """A list on its way may be of before; who asks from now on gets another."""
        self._located.close()
        self._lists.close()

    async def _locate(self, kernel_id: str) -> tuple[KernelFacts, Candidate]:
        location = await self._locations.locate(_short(kernel_id))
        candidate = choose(location.facts)
        if candidate is None:
            raise nowhere(location.facts)
        return location.facts, candidate

    async def _of_kernel(self, kernel_id: str) -> Sourced:
        return await self._read(*await self._locate(kernel_id))

    async def _read(self, facts: KernelFacts, candidate: Candidate) -> Sourced:
        return Sourced(
            environment=await self._environments.read(candidate.prefix),
            prefix=candidate.prefix.path,
            how=candidate.how,
            kernel_id=facts.kernel_id,
            kernel_name=facts.kernel_name,
            notebook=facts.notebooks[0] if facts.notebooks else None,
            place=candidate.prefix,
            findings=resolve(facts).findings,
        )

    async def _kept_prefixes(self) -> tuple[str, ...]:
        try:
            return await asyncio.wait_for(self._history.prefixes(), HISTORY_TIMEOUT_S)
        except (HistoryError, asyncio.TimeoutError):
            return ()  # there is enough to choose from without it

    async def _describe(self, location: Location) -> wire.KernelEnvironment:
        (described,) = await self._describe_all((location,))
        return described

    async def _describe_all(
        self, locations: tuple[Location, ...]
    ) -> tuple[wire.KernelEnvironment, ...]:
        resolved = (resolve(location.facts).prefix for location in locations)
        prefixes = tuple({prefix: None for prefix in resolved if prefix})
        answers = await asyncio.gather(*(self._look(prefix) for prefix in prefixes))
        looks = dict(zip(prefixes, answers, strict=True))
        return tuple(described(at, looks, self._news.of(at.facts.kernel_id)) for at in locations)

    async def _look(self, prefix: Prefix) -> str | Progress | wire.ErrorReply:
        """Its fingerprint; while it is read for the first time, how far that is."""
        reading = self._environments.first_reading(prefix)
        if reading is not None:
            return reading
        try:
            return await asyncio.wait_for(
                self._environments.fingerprint(prefix), FINGERPRINT_TIMEOUT_S
            )
        except asyncio.TimeoutError:
            return self._environments.first_reading(prefix) or wire.ErrorReply.of(
                ReadTimedOut(
                    "The environment's folder does not answer. Its disk may be gone.",
                    prefix=prefix.path,
                )
            )
        except PrefixError as error:
            return wire.ErrorReply.of(error)

    async def _accept(self, prefix: str) -> None:
        """Let a prefix pass that the server found itself, now or before; nothing is read."""
        if await self._history.page(wire.SnapshotQuery(prefix=prefix, limit=1)):
            return
        for location in await self._locate_all():
            if any(prefix == candidate.prefix.path for candidate in location.facts.candidates):
                return
        raise PrefixRefused(
            "This environment belongs to no kernel and to no snapshot of this server."
        )


def _short(kernel_id: str) -> str:
    if len(kernel_id) > LONGEST_ID:
        raise KernelNotFound("There is no such kernel.")
    return kernel_id


def _known_length(snapshot_id: str) -> str:
    if len(snapshot_id) > LONGEST_ID:
        raise SnapshotNotFound("There is no such snapshot.")
    return snapshot_id


def _kept(detail: wire.SnapshotDetail) -> Sourced:
    snapshot = detail.snapshot
    return Sourced(
        environment=detail.environment,
        prefix=snapshot.prefix,
        how=snapshot.how,
        kernel_id=snapshot.kernel_id,
        kernel_name=snapshot.kernel_name,
        notebook=snapshot.notebook,
    )
