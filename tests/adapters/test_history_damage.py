"""A history in which single rows cannot be read, and one that changes under its server."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from jupyter_envsnap.adapters.history import SqliteHistory
from jupyter_envsnap.adapters.history_schema import MIGRATIONS, connect, transaction
from jupyter_envsnap.core.errors import HistoryUnavailable, SnapshotNotFound
from jupyter_envsnap.core.ports import Retention
from jupyter_envsnap.core.wire import SnapshotQuery
from tests.adapters.test_history import NOON, conda, environment, ids, snapshot

BASE = environment("d0", conda=tuple(conda(f"p{n:03}") for n in range(300)))
NEAR = environment("d1", conda=(*BASE.conda, conda("polars")))
NEXT = environment("d2", conda=(*NEAR.conda, conda("scipy")))


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "history.sqlite"


@pytest.fixture
async def history(path: Path):
    history = SqliteHistory(path)
    yield history
    await history.close()


def change(path: Path, statement: str) -> None:
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute(statement)


async def codes(history: SqliteHistory) -> list[str]:
    return [each.code for each in await history.findings() if each.code != "history-not-kept"]


DAMAGE = ["x'00112233'", "17", "substr(body, 1, length(body) - 8)"]


@pytest.mark.parametrize("body", DAMAGE)
async def test_beside_an_environment_that_cannot_be_read_the_next_is_kept(history, path, body):
    await history.add(snapshot("s0", BASE), BASE)
    change(path, f"UPDATE environment SET body = {body}")

    await history.add(snapshot("s1", NEAR), NEAR)

    assert (await history.get("s1"))[1] == NEAR
    assert await ids(history) == ["s1", "s0"]


@pytest.mark.parametrize("body", DAMAGE)
async def test_an_environment_that_is_kept_again_can_be_read_again(history, path, body):
    await history.add(snapshot("s0", BASE), BASE)
    await history.add(snapshot("s1", NEAR), NEAR)
    change(path, f"UPDATE environment SET body = {body}")
    assert await codes(history) == ["not-captured"]

    await history.add(snapshot("s2", BASE), BASE)
    await history.add(snapshot("s3", NEAR), NEAR)

    for each, held in (("s0", BASE), ("s1", NEAR), ("s2", BASE), ("s3", NEAR)):
        assert (await history.get(each))[1] == held
    assert await codes(history) == []


WHERE = "WHERE id = (SELECT max(id) FROM package WHERE name = 'p007')"
TORN = [
    *(f"UPDATE package SET body = {body} {WHERE}" for body in DAMAGE),
    *(f"UPDATE findings SET body = {body}" for body in DAMAGE),
    f"DELETE FROM package {WHERE}",
]


@pytest.mark.parametrize("torn", TORN)
async def test_what_a_torn_row_belongs_to_is_told_and_whole_when_it_is_kept_again(
    history, path, torn
):
    await history.add(snapshot("s0", BASE), BASE)
    await history.add(snapshot("s1", NEAR), NEAR)
    change(path, torn)
    assert await codes(history) == ["not-captured"]
    assert await ids(history, package="polars", version="1.0") == ["s1"]

    await history.add(snapshot("s2", BASE), BASE)
    await history.add(snapshot("s3", NEAR), NEAR)

    for each, held in (("s0", BASE), ("s1", NEAR), ("s2", BASE), ("s3", NEAR)):
        assert (await history.get(each))[1] == held
    assert await codes(history) == []
    assert await ids(history, package="p007", version="1.0") == ["s3", "s2", "s1", "s0"]


@pytest.mark.parametrize("torn", TORN)
async def test_what_is_kept_over_a_torn_row_can_be_read(history, path, torn):
    await history.add(snapshot("s0", BASE), BASE)
    change(path, torn)

    await history.add(snapshot("s1", NEAR), NEAR)

    assert (await history.get("s1"))[1] == NEAR


async def test_one_that_others_are_written_against_is_made_whole_without_harm_to_them(
    history, path
):
    other = environment("d3", conda=tuple(each for each in NEAR.conda if each.name != "p007"))
    await history.add(snapshot("s0", BASE), BASE)
    await history.add(snapshot("s1", other), other)
    change(path, f"DELETE FROM package {WHERE}")

    await history.add(snapshot("s2", BASE), BASE)

    for each, held in (("s0", BASE), ("s1", other), ("s2", BASE)):
        assert (await history.get(each))[1] == held


async def test_that_some_cannot_be_read_is_told_beside_the_list(history, path):
    await history.add(snapshot("s0", BASE), BASE)
    assert await codes(history) == []
    change(path, "UPDATE environment SET body = x'00112233'")

    assert await codes(history) == ["not-captured"]
    assert await ids(history) == ["s0"]
    with pytest.raises(HistoryUnavailable, match="damaged"):
        await history.get("s0")


async def test_a_search_passes_over_what_cannot_be_read(history, path):
    await history.add(snapshot("s0", BASE), BASE)
    await history.add(snapshot("s1", NEAR, prefix="/other"), NEAR)
    change(path, "UPDATE environment SET body = x'00112233' WHERE digest = 'd0'")

    assert await ids(history, package="p001") == ["s1"]


async def test_what_cannot_be_read_can_be_deleted_and_pruned(history, path):
    for number, env in enumerate((BASE, NEAR, NEXT)):
        await history.add(snapshot(f"s{number}", env, prefix=f"/{number}"), env)
    change(path, "UPDATE environment SET body = x'00112233' WHERE digest != 'd2'")

    await history.delete("s0")
    await history.prune(Retention(count=1), NOON)

    assert await ids(history) == ["s2"]
    assert (await history.get("s2"))[1] == NEXT


async def test_nothing_is_written_into_a_schema_that_became_newer(history, path):
    await history.add(snapshot("s0", BASE), BASE)
    change(path, f"PRAGMA user_version = {len(MIGRATIONS) + 1}")

    for _ in range(2):
        with pytest.raises(HistoryUnavailable, match="newer jupyter-envsnap made it"):
            await history.add(snapshot("s1", NEAR), NEAR)

    change(path, f"PRAGMA user_version = {len(MIGRATIONS)}")
    assert await ids(history) == ["s0"]


async def test_a_schema_is_newer_for_all_that_writes(history, path):
    await history.add(snapshot("s0", BASE), BASE)
    change(path, f"PRAGMA user_version = {len(MIGRATIONS) + 1}")
    with pytest.raises(HistoryUnavailable, match="newer"):
        await history.delete("s0")
    change(path, f"PRAGMA user_version = {len(MIGRATIONS)}")
    assert await ids(history) == ["s0"]
    change(path, f"PRAGMA user_version = {len(MIGRATIONS) + 1}")
    with pytest.raises(HistoryUnavailable, match="newer"):
        await history.prune(Retention(count=1), NOON)


def test_who_begins_to_write_is_alone_before_it_has_read_anything(path):
    """Of two that had read already, SQLite would let neither write."""
    with (
        closing(connect(path)) as one,
        closing(sqlite3.connect(path, timeout=0, isolation_level=None)) as other,
        transaction(one),
        pytest.raises(sqlite3.OperationalError, match="locked"),
    ):
        other.execute("BEGIN IMMEDIATE")


async def test_a_file_that_is_replaced_under_us_takes_what_comes(history, path):
    await history.add(snapshot("s0", BASE), BASE)
    another = SqliteHistory(path.with_name("another.sqlite"))
    await another.add(snapshot("s1", BASE), BASE)
    await another.close()
    path.with_name("another.sqlite").replace(path)

    await history.add(snapshot("s2", BASE), BASE)

    assert await ids(history) == ["s2", "s1"]


async def test_a_file_that_is_replaced_is_looked_at_anew(history, path):
    await history.add(snapshot("s0", BASE), BASE)
    reader = SqliteHistory(path)
    for body in ("body", "x'00112233'"):
        another = path.with_name("another.sqlite")
        another.write_bytes(path.read_bytes())
        change(another, f"UPDATE environment SET body = {body}")
        another.replace(path)
        await ids(reader)
        told = await codes(reader)
    await reader.close()

    assert told == ["not-captured"]


def at(second: int) -> str:
    """An id as they are made: by time."""
    return f"{second:014x}{second:018x}"


@pytest.mark.parametrize("deleted", [[], [4], [4, 3], [4, 5]])
async def test_the_next_page_begins_where_the_last_ended_whatever_was_deleted(history, deleted):
    for number in range(1, 7):
        await history.add(snapshot(at(number), BASE), BASE)
    first = await ids(history, limit=3)
    assert first == [at(6), at(5), at(4)]

    for each in deleted:
        await history.delete(at(each))

    rest = [at(number) for number in (3, 2, 1) if number not in deleted]
    assert await ids(history, before=first[-1], limit=5) == rest


@pytest.mark.parametrize("before", ["nope", "", "f" * 14, at(1).upper().replace("0", "G")])
async def test_what_is_no_snapshots_id_has_no_place(history, before):
    with pytest.raises(SnapshotNotFound):
        await history.page(SnapshotQuery(before=before))
