"""What a list of snapshots tells besides the rows: how much there is, and the one before."""

from __future__ import annotations

import sqlite3
import time
from contextlib import closing

import pytest
from msgspec.structs import replace

from jupyter_envsnap.adapters.history import SqliteHistory
from jupyter_envsnap.core.errors import SnapshotNotFound
from jupyter_envsnap.core.wire import SnapshotQuery
from tests.adapters.test_history import conda, environment, snapshot

MANY = 100_000


@pytest.fixture
async def history(tmp_path):
    history = SqliteHistory(tmp_path / "history.sqlite")
    yield history
    await history.close()


async def keep(history, name, digest="d1", **where):
    env = environment(digest, conda=(conda("numpy"),), pypi=())
    row = snapshot(name, env, **where)
    await history.add(row, env)
    return row


async def test_the_one_before_is_of_the_same_notebook_else_of_the_same_prefix(history):
    await keep(history, "a1", "d1", notebook="a.ipynb", prefix="/one")
    await keep(history, "b1", "d2", notebook="b.ipynb", prefix="/one")
    await keep(history, "a2", "d3", notebook="a.ipynb", prefix="/other")
    await keep(history, "c1", "d4", notebook=None, prefix="/one")
    await keep(history, "c2", "d4", notebook=None, prefix="/new")

    earlier = await history.earlier(["c2", "c1", "a2", "b1", "a1", "gone"])

    assert {name: each.id for name, each in earlier.items()} == {"a2": "a1", "c1": "b1"}
    assert earlier["a2"].digest == "d1"


async def test_a_deleted_one_is_no_longer_before(history):
    for name in ["s1", "s2", "s3"]:
        await keep(history, name)
    await history.delete("s2")

    assert (await history.earlier(["s3"]))["s3"].id == "s1"


async def test_how_much_there_is_counts_a_notebook_whatever_else_is_asked_for(history):
    first = await keep(history, "s1", notebook="a.ipynb", prefix="/one")
    await keep(history, "s2", notebook="b.ipynb", prefix="/one")
    await keep(history, "s3", notebook="a.ipynb", prefix="/one")

    of_one = await history.extent(SnapshotQuery(notebook="a.ipynb", package="none", limit=1))
    of_all = await history.extent(SnapshotQuery())
    of_none = await history.extent(SnapshotQuery(notebook="c.ipynb"))

    assert (of_one.count, of_one.since) == (2, first.taken_at)
    assert (of_all.count, of_all.since) == (3, first.taken_at)
    assert (of_none.count, of_none.since) == (0, None)


async def test_contents_come_back_as_they_were_kept(history):
    env = environment("d1")
    await history.add(snapshot("s1", env), env)

    contents = await history.contents({"d1", "unknown"})

    assert contents == {"d1": replace(env, name="", findings=())}


async def test_contents_that_cannot_be_read_are_left_out_beside_those_that_can(history, tmp_path):
    for digest in ("d1", "d2"):
        env = environment(digest)
        await history.add(snapshot(digest, env), env)
    with closing(sqlite3.connect(tmp_path / "history.sqlite")) as connection, connection:
        connection.execute("UPDATE environment SET base = NULL, body = x'00' WHERE digest = 'd2'")

    assert set(await history.contents({"d1", "d2"})) == {"d1"}


async def test_a_note_is_given_changed_and_taken_back(history):
    row = await keep(history, "s1", note=None)

    assert await history.annotate("s1", "before the upgrade") == replace(
        row, note="before the upgrade"
    )
    assert (await history.get("s1"))[0].note == "before the upgrade"
    assert (await history.annotate("s1", None)).note is None
    with pytest.raises(SnapshotNotFound):
        await history.annotate("gone", "x")


@pytest.mark.parametrize("where", [{}, {"notebook": "work/a.ipynb"}, {"prefix": "/one"}])
async def test_the_newest_of_100_000_are_told_within_10_ms_and_soon_counted(
    history, tmp_path, where
):
    for index, digest in enumerate(("d1", "d2")):
        await keep(history, f"s{index}", digest, notebook="work/a.ipynb", prefix="/one")
    with closing(sqlite3.connect(tmp_path / "history.sqlite")) as connection, connection:
        columns = "taken_at, reason, environment, findings, name, prefix, notebook"
        connection.execute(
            f"""WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {MANY})
            INSERT INTO snapshot (id, {columns}) SELECT 'n' || i, {columns}
            FROM n JOIN snapshot ON seq = 1 + i % 2"""
        )
    query = SnapshotQuery(limit=51, **where)

    async def told():
        started = time.perf_counter()
        rows = await history.page(query)
        earlier = await history.earlier([each.id for each in rows])
        assert (len(rows), len(earlier)) == (51, 51)
        return time.perf_counter() - started

    async def counted():
        started = time.perf_counter()
        assert (await history.extent(query)).count == MANY + 2
        return time.perf_counter() - started

    assert min([await told() for _ in range(7)]) < 0.010
    assert min([await counted() for _ in range(7)]) < 0.050
