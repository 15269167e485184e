"""The list of snapshots says of each row what changed since the one before it."""

from __future__ import annotations

import asyncio
import time

import pytest
from msgspec.structs import replace

from jupyter_envsnap import listing
from jupyter_envsnap.adapters.history import SqliteHistory
from jupyter_envsnap.core.errors import HistoryUnavailable
from jupyter_envsnap.core.model import PypiPackage, Reason
from jupyter_envsnap.core.ports import Sourced
from jupyter_envsnap.core.snapshots import snapshot_of
from jupyter_envsnap.core.wire import SnapshotQuery
from jupyter_envsnap.listing import Listing
from tests.fakes import MemoryHistory, MemoryJournal, TickingClock, conda, environment


class Counting(MemoryHistory):
    """Counts the environments that are read, of which none can be while it is torn."""

    def __init__(self):
        super().__init__()
        self.read = []
        self.is_torn = False

    async def contents(self, digests):
        self.read.append(set(digests))
        return {} if self.is_torn else await super().contents(digests)


@pytest.fixture
def history():
    return Counting()


@pytest.fixture
def keep(history):
    clock = TickingClock()

    async def keep(name, *, asked=(), pulled=(), pypi=(), reason=Reason.CHANGED, **where):
        base = environment()
        env = replace(
            base,
            conda=(
                *(replace(conda(*each), requested=(each[0],)) for each in asked),
                *(conda(*each) for each in pulled),
            ),
            pypi=tuple(PypiPackage(name=n, version=v, requested=True) for n, v in pypi),
            channels=where.pop("channels", base.channels),
        )
        env = replace(env, digest=str(hash((env.conda, env.pypi, env.channels))))
        where = {"notebook": "a.ipynb", "prefix": "/one", **where}
        sourced = Sourced(environment=env, how=None, **where)
        row = snapshot_of(sourced, reason, taken_at=clock(), token=name)
        await history.add(replace(row, id=name), env)

    return keep


@pytest.fixture
def pages(history):
    return Listing(history=history, journal=MemoryJournal())


async def changes(pages, **query):
    page = await pages.page(SnapshotQuery(**query))
    return {
        row.id: row.change
        and (
            row.change.since,
            row.change.first
            and (
                row.change.first.name,
                row.change.first.change,
                row.change.first.before,
                row.change.first.after,
            ),
            row.change.more,
        )
        for row in page.snapshots
    }


NUMPY = ("numpy", "1.26.4")


async def test_a_row_names_what_somebody_asked_for_first_and_counts_the_rest(pages, keep):
    await keep("s1", asked=[NUMPY], pulled=[("aaa", "1")])
    await keep("s2", asked=[NUMPY], pulled=[("aaa", "1")])
    await keep("s3", asked=[("numpy", "2.0.1")], pulled=[("aaa", "2"), ("bbb", "1")])
    await keep("s4", asked=[("numpy", "2.0.1")], pulled=[("aaa", "2")], pypi=[("polars", "1.9")])
    await keep("s5", pulled=[("aaa", "2")], pypi=[("polars", "1.9")])

    assert await changes(pages) == {
        "s5": ("s4", ("numpy", "removed", "2.0.1", None), 0),
        "s4": ("s3", ("polars", "added", None, "1.9"), 1),
        "s3": ("s2", ("numpy", "upgraded", "1.26.4", "2.0.1"), 2),
        "s2": ("s1", None, 0),
        "s1": (None, None, 0),
    }


async def test_what_cannot_be_compared_is_not_read_for_every_page(
    pages, keep, history, monkeypatch
):
    await keep("s1", asked=[NUMPY])
    await keep("s2", asked=[("numpy", "2")])
    history.is_torn = True

    for _ in range(3):
        assert (await changes(pages))["s2"] is None
    assert len(history.read) == 1

    history.is_torn = False
    monkeypatch.setattr(listing, "AGAIN_S", 0.0)
    assert (await changes(pages))["s2"] == ("s1", ("numpy", "upgraded", "1.26.4", "2"), 0)


async def test_a_setting_is_named_where_no_package_changed(pages, keep):
    await keep("s1", asked=[NUMPY])
    await keep("s2", asked=[NUMPY], channels=("defaults",))

    assert (await changes(pages))["s2"] == ("s1", ("channels", "setting", None, None), 0)


async def test_a_row_is_compared_with_the_one_before_in_time_whatever_the_filter(pages, keep):
    await keep("s1", asked=[NUMPY])
    await keep("s2", asked=[("numpy", "2")], reason=Reason.KERNEL_DIED)
    await keep("s3", asked=[("numpy", "3")])

    filtered = await changes(pages, reason=(Reason.CHANGED,))

    assert filtered["s3"] == ("s2", ("numpy", "upgraded", "2", "3"), 0)
    assert set(filtered) == {"s3", "s1"}


async def test_another_notebook_in_between_is_not_the_one_before(pages, keep):
    await keep("s1", asked=[NUMPY])
    await keep("b1", asked=[("other", "1")], notebook="b.ipynb")
    await keep("s2", asked=[NUMPY])

    assert (await changes(pages))["s2"] == ("s1", None, 0)


async def test_the_last_row_of_a_page_is_compared_with_one_on_the_next(pages, keep):
    await keep("s1", asked=[NUMPY])
    await keep("s2", asked=[("numpy", "2")])

    assert await changes(pages, limit=1) == {"s2": ("s1", ("numpy", "upgraded", "1.26.4", "2"), 0)}


async def test_an_environment_is_read_only_where_it_changed_and_only_once(pages, keep, history):
    await keep("s1", asked=[NUMPY])
    await keep("s2", asked=[NUMPY])
    await changes(pages)
    assert history.read == []

    await keep("s3", asked=[("numpy", "2")])
    first, second = await asyncio.gather(changes(pages), changes(pages))

    assert first == second == await changes(pages)
    assert len(history.read) == 1


async def test_what_is_remembered_has_an_end(pages, keep, history, monkeypatch):
    monkeypatch.setattr(listing, "REMEMBERED", 1)
    for version in "123":
        await keep(f"s{version}", asked=[("numpy", version)])
    await changes(pages)
    await changes(pages)

    assert len(history.read) == 2


async def test_rows_that_are_not_compared_in_time_say_nothing(pages, keep, monkeypatch):
    monkeypatch.setattr(listing, "COMPARING_S", -1.0)
    await keep("s1", asked=[NUMPY])
    await keep("s2", asked=[("numpy", "2")])

    assert await changes(pages) == {"s2": None, "s1": (None, None, 0)}


async def test_rows_whose_content_cannot_be_read_are_listed_all_the_same(
    pages, keep, history, monkeypatch
):
    async def damaged(_):
        raise HistoryUnavailable("The file is damaged.")

    monkeypatch.setattr(history, "contents", damaged)
    await keep("s1", asked=[NUMPY])
    await keep("s2", asked=[("numpy", "2")])

    assert (await changes(pages))["s2"] is None


async def test_only_the_first_page_tells_how_much_there_is(pages, keep):
    await keep("s1")
    await keep("s2")

    first = await pages.page(SnapshotQuery(limit=1, reason=(Reason.CLI,)))
    second = await pages.page(SnapshotQuery(limit=1, before="s2"))

    assert first.kept is not None
    assert first.kept.count == 2
    assert second.kept is None


async def test_the_loop_goes_on_while_50_changes_of_300_packages_are_compared(tmp_path):
    history = SqliteHistory(tmp_path / "history.sqlite")
    clock = TickingClock()
    for n in range(51):
        env = environment(numpy=f"2.{n}", packages=300)
        env = replace(env, digest=f"d{n}")
        sourced = Sourced(environment=env, prefix="/one", how=None, notebook="a.ipynb")
        row = snapshot_of(sourced, Reason.CHANGED, taken_at=clock(), token=str(n))
        await history.add(row, env)
    pages = Listing(history=history, journal=MemoryJournal())
    longest = 0.0

    async def beat():
        nonlocal longest
        while True:
            at = time.perf_counter()
            await asyncio.sleep(0)
            longest = max(longest, time.perf_counter() - at)

    beating = asyncio.ensure_future(beat())
    started = time.perf_counter()
    page = await pages.page(SnapshotQuery(limit=50))
    cold = time.perf_counter() - started
    started = time.perf_counter()
    await pages.page(SnapshotQuery(limit=50))
    warm = time.perf_counter() - started
    beating.cancel()
    await history.close()

    assert all(row.change and row.change.first for row in page.snapshots)
    assert cold < listing.COMPARING_S + 1
    assert warm < cold
    # Python lets another thread run after 5 ms; a loaded machine some more.
    assert longest < 0.1
