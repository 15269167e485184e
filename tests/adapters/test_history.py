from __future__ import annotations

import asyncio
import os
import sqlite3
import stat
import subprocess
import sys
import threading
import time
from contextlib import closing
from datetime import datetime, timedelta, timezone
from pathlib import Path

import msgspec
import pytest

from jupyter_envsnap.adapters import history_place
from jupyter_envsnap.adapters.history import SqliteHistory
from jupyter_envsnap.adapters.history_schema import MIGRATIONS
from jupyter_envsnap.core.errors import HistoryUnavailable, SnapshotNotFound
from jupyter_envsnap.core.model import (
    ArchiveSource,
    CondaPackage,
    Environment,
    Finding,
    How,
    LocalSource,
    PypiPackage,
    Reason,
    Snapshot,
    VcsSource,
)
from jupyter_envsnap.core.ports import Retention
from jupyter_envsnap.core.wire import SnapshotQuery

NOON = datetime(2026, 5, 4, 12, 0, 0, 123456, tzinfo=timezone.utc)


def conda(name: str, version: str = "1.0") -> CondaPackage:
    return CondaPackage(
        name=name,
        version=version,
        build="py311_0",
        build_number=3,
        channel="conda-forge",
        subdir="linux-64",
        url=f"https://channel.invalid/conda-forge/linux-64/{name}-{version}-py311_0.conda",
        md5="0" * 32,
        sha256="1" * 64,
        depends=("python >=3.11,<3.12.0a0", "libgcc >=14"),
        requested=(name,),
    )


def environment(digest: str = "d1", **changes: object) -> Environment:
    full = Environment(
        digest=digest,
        name="analysis",
        kind="conda",
        platform="linux-64",
        python="3.11.9",
        channels=("conda-forge", "bioconda"),
        conda=(conda("numpy"), conda("python", "3.11.9")),
        pypi=(
            PypiPackage(name="a", version="1", source=VcsSource(vcs="git", url="u", commit="c")),
            PypiPackage(name="b", version="2", source=ArchiveSource(url="u", hashes=("sha256=0",))),
            PypiPackage(name="c", version="3", source=LocalSource(path="/src", editable=True)),
            PypiPackage(name="d", version="4", requested=True, installer="pip", user_site=True),
        ),
        variables={"A": "1", "ü": "ä"},
        pins=("numpy 2.*",),
        findings=(Finding(code="conda-and-pip", message="Both.", package="numpy"),),
    )
    return msgspec.structs.replace(full, **changes)


def snapshot(id: str, env: Environment, **changes: object) -> Snapshot:
    full = Snapshot(
        id=id,
        taken_at=NOON,
        reason=Reason.MANUAL,
        digest=env.digest,
        name=env.name,
        kind=env.kind,
        prefix="/envs/analysis",
        python=env.python,
        conda_count=len(env.conda),
        pypi_count=len(env.pypi),
        kernel_id="k1",
        kernel_name="python3",
        notebook="work/a.ipynb",
        note="before the upgrade",
        how=How.PROCESS,
    )
    return msgspec.structs.replace(full, **changes)


BARE = {
    "kernel_id": None,
    "kernel_name": None,
    "notebook": None,
    "note": None,
    "how": None,
    "prefix": None,
}


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "data" / "envsnap" / "history.sqlite"


@pytest.fixture
async def history(path: Path):
    history = SqliteHistory(path)
    yield history
    await history.close()


def rows(path: Path, table: str) -> int:
    with closing(sqlite3.connect(path)) as connection:
        return connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0]


async def ids(history: SqliteHistory, **query: object) -> list[str]:
    page = await history.page(SnapshotQuery(**query))
    return [snapshot.id for snapshot in page]


async def all_ids(history: SqliteHistory) -> list[str]:
    found: list[str] = []
    while page := await ids(history, limit=500, before=found[-1] if found else None):
        found += page
    return found


@pytest.mark.parametrize(
    ("env", "changes"),
    [
        (environment(), {}),
        (environment(), BARE),
        (environment(conda=(), pypi=(), channels=(), variables={}, pins=(), findings=()), {}),
        (environment(python=None, kind="system", name="bäse"), {"note": "a\nb '; --"}),
        (environment(conda=tuple(conda(f"p{n:04}") for n in range(1_500))), {}),
    ],
    ids=["full", "bare", "empty", "odd", "large"],
)
async def test_what_was_added_comes_back_equal(history, path, env, changes):
    kept = snapshot("s1", env, **changes)
    await history.add(kept, env)
    assert await history.get("s1") == (kept, env)
    await history.close()
    again = SqliteHistory(path)
    assert await again.get("s1") == (kept, env)
    await again.close()


async def test_an_environment_of_the_same_digest_is_stored_once(history, path):
    for n in range(3):
        env = environment(name=f"name{n}", findings=(Finding(code="x", message=str(n)),))
        await history.add(snapshot(f"s{n}", env), env)
    assert (rows(path, "environment"), rows(path, "snapshot")) == (1, 3)
    for n in range(3):
        kept, env = await history.get(f"s{n}")
        assert (kept.name, env.name, env.findings[0].message) == (f"name{n}", f"name{n}", str(n))


async def test_a_package_is_stored_once_whatever_environments_hold_it(history, path):
    one, two = environment("d1"), environment("d2", conda=(conda("numpy"), conda("scipy")))
    await history.add(snapshot("s1", one), one)
    await history.add(snapshot("s2", two), two)
    assert rows(path, "package") == 3 + 4
    assert (await history.get("s2"))[1] == two


async def test_a_snapshot_after_one_change_in_300_packages_costs_at_most_1_kb(history, path):
    packages = [conda(f"package{n:03}") for n in range(300)]
    kept = {}
    for n in range(120):
        packages[n * 7 % 300] = conda(f"package{n * 7 % 300:03}", f"2.{n}")
        kept[f"s{n}"] = environment(f"{n:064x}", conda=tuple(packages))
        await history.add(snapshot(f"s{n}", kept[f"s{n}"]), kept[f"s{n}"])
        if n == 0:
            first = path.stat().st_size
    assert (path.stat().st_size - first) / 119 <= 1_000
    for one, env in kept.items():
        assert (await history.get(one))[1] == env


async def test_a_conda_and_a_pypi_package_of_one_name_are_two(history, path):
    env = environment(conda=(conda("a", "1"),), pypi=(PypiPackage(name="a", version="1"),))
    await history.add(snapshot("s1", env), env)
    assert rows(path, "package") == 2
    assert (await history.get("s1"))[1] == env


async def test_a_page_is_newest_first_even_when_the_clock_went_backwards(history):
    env = environment()
    for n, hours in enumerate((5, 1, 9, 0)):
        await history.add(snapshot(f"s{n}", env, taken_at=NOON + timedelta(hours=hours)), env)
    assert await ids(history) == ["s3", "s2", "s1", "s0"]


async def test_pages_follow_each_other_without_gap_or_double(history):
    env = environment()
    for n in range(7):
        await history.add(snapshot(f"s{n}", env), env)
    pages, before = [], None
    for _ in range(4):
        pages.append(await ids(history, before=before, limit=3))
        before = pages[-1][-1] if pages[-1] else before
    assert pages == [["s6", "s5", "s4"], ["s3", "s2", "s1"], ["s0"], []]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({}, ["s3", "s2", "s1", "s0"]),
        ({"notebook": "a"}, ["s2", "s0"]),
        ({"prefix": "/p"}, ["s1", "s0"]),
        ({"prefix": "/p", "notebook": "a"}, ["s0"]),
        ({"prefix": "/p", "before": "s1"}, ["s0"]),
        ({"notebook": "never"}, []),
        ({"prefix": "/never", "notebook": "a"}, []),
        ({"limit": 1}, ["s3"]),
    ],
)
async def test_a_page_holds_what_the_query_names(history, query, expected):
    env = environment()
    places = [("/p", "a"), ("/p", None), ("/q", "a"), (None, "b")]
    for n, (prefix, notebook) in enumerate(places):
        await history.add(snapshot(f"s{n}", env, prefix=prefix, notebook=notebook), env)
    assert await ids(history, **query) == expected


async def test_every_prefix_that_a_snapshot_was_taken_of_is_named_once(history):
    assert await history.prefixes() == ()
    env = environment()
    places = [("/q", "a"), ("/p", "/q/a"), ("/p", None), (None, "b"), ("/é \n", "a")]
    for n, (prefix, notebook) in enumerate(places):
        await history.add(snapshot(f"s{n}", env, prefix=prefix, notebook=notebook), env)
    assert await history.prefixes() == ("/p", "/q", "/é \n")


async def test_an_unknown_snapshot_is_told_by_name(history):
    with pytest.raises(SnapshotNotFound, match="nope") as got:
        await history.get("nope")
    assert got.value.detail == {"snapshot": "nope"}
    with pytest.raises(SnapshotNotFound, match="nope"):
        await history.page(SnapshotQuery(before="nope"))


async def test_nothing_is_opened_or_made_before_the_first_use(path):
    before = threading.active_count()
    history = SqliteHistory(path)
    await history.close()
    assert not path.parent.exists()
    assert threading.active_count() == before


async def test_file_and_new_folders_are_the_users_alone(history, path):
    old = os.umask(0)
    try:
        await history.page(SnapshotQuery())
    finally:
        os.umask(old)
    modes = [stat.S_IMODE(p.stat().st_mode) for p in (path, path.parent, path.parent.parent)]
    assert modes == [0o600, 0o700, 0o700]


async def test_journal_sync_and_version_are_as_the_design_says(history):
    await history.page(SnapshotQuery())
    pragmas = ("journal_mode", "synchronous", "foreign_keys", "user_version")
    found = await history._thread.run(
        lambda: [history._connection.execute(f"PRAGMA {p}").fetchone()[0] for p in pragmas]
    )
    assert found == ["delete", 2, 1, len(MIGRATIONS)]


def folder(path: Path) -> None:
    path.mkdir(parents=True)


def file_above(path: Path) -> None:
    path.parent.parent.mkdir()
    path.parent.write_bytes(b"")


def nonsense(path: Path) -> None:
    path.parent.mkdir(parents=True)
    path.write_bytes(b"not a database at all, but long enough to be looked at" * 40)


def newer(path: Path) -> None:
    nonsense(path)
    path.unlink()
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE snapshot (id)")
        connection.execute(f"PRAGMA application_id = {0x656E7673}")
        connection.execute(f"PRAGMA user_version = {len(MIGRATIONS) + 1}")


def foreign(path: Path) -> None:
    newer(path)
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA application_id = 0")


def foreign_unversioned(path: Path) -> None:
    foreign(path)
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA user_version = 0")


@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        (folder, "not a file"),
        (file_above, "Not a directory|File exists"),
        (nonsense, "not a database; it was left as it is"),
        (newer, "newer jupyter-envsnap made it"),
        (foreign, "another program"),
        (foreign_unversioned, "another program"),
    ],
)
async def test_a_file_that_is_no_history_is_refused_in_words_and_left_alone(path, spoil, words):
    spoil(path)
    before = path.read_bytes() if path.is_file() else None
    history = SqliteHistory(path)
    for _ in range(2):
        with pytest.raises(HistoryUnavailable, match=words) as got:
            await history.page(SnapshotQuery())
    assert got.value.detail == {"path": str(path)}
    assert (path.read_bytes() if path.is_file() else None) == before
    await history.close()


async def test_after_a_failure_the_next_call_tries_again(path):
    nonsense(path)
    history = SqliteHistory(path)
    env = environment()
    with pytest.raises(HistoryUnavailable):
        await history.add(snapshot("s1", env), env)
    path.unlink()
    await history.add(snapshot("s1", env), env)
    assert await ids(history) == ["s1"]
    await history.close()


async def test_a_damaged_history_is_set_aside_and_a_new_one_begun(history, path):
    env = environment(conda=tuple(conda(f"p{n:04}") for n in range(800)))
    await history.add(snapshot("s1", env), env)
    await history.close()
    data = bytearray(path.read_bytes())
    data[8192:] = b"\xff" * (len(data) - 8192)
    path.write_bytes(data)
    damaged = SqliteHistory(path)

    await damaged.add(snapshot("s2", env), env)

    assert await ids(damaged) == ["s2"]
    aside = path.with_name("history.sqlite.damaged-1")
    assert aside.read_bytes() == data
    told = [each for each in await damaged.findings() if each.code == "history-set-aside"]
    assert [str(aside) in each.message for each in told] == [True]
    await damaged.close()


async def test_a_history_that_goes_with_its_container_is_told(history, path, monkeypatch):
    monkeypatch.setattr(history_place, "fleeting", lambda _: "overlay")
    assert [each.code for each in await history.findings()] == ["history-not-kept"]
    monkeypatch.setattr(history_place, "fleeting", lambda _: None)
    assert await history.findings() == ()
    assert not path.parent.exists()


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({"package": "numpy"}, ["s3", "s2", "s1"]),
        ({"package": "NumPy", "version": "2.0"}, ["s3"]),
        ({"package": "numpy", "version": "1.0"}, ["s2", "s1"]),
        ({"package": "numpy", "version": "2"}, ["s3"]),
        ({"package": "numpy", "version": "9"}, []),
        ({"package": "no-such"}, []),
        ({"package": "typing_extensions"}, ["s2"]),
        ({"package": "numpy", "limit": 2}, ["s3", "s2"]),
        ({"package": "numpy", "before": "s3"}, ["s2", "s1"]),
        ({"reason": (Reason.CHANGED,)}, ["s3"]),
        ({"reason": (Reason.CHANGED,), "package": "typing_extensions"}, []),
        ({"reason": (Reason.CHANGED, Reason.MANUAL), "limit": 2}, ["s3", "s2"]),
        ({"reason": (Reason.RECOVERED,)}, []),
    ],
)
async def test_snapshots_are_found_by_package_version_and_reason(history, query, expected):
    typing = PypiPackage(name="typing-extensions", version="4.1")
    one = environment("d1", conda=(conda("numpy"),), pypi=())
    other = environment("d2", conda=(conda("numpy"),), pypi=(typing,))
    third = environment("d3", conda=(conda("numpy", "2.0"),), pypi=())
    await history.add(snapshot("s1", one), one)
    await history.add(snapshot("s2", other), other)
    await history.add(snapshot("s3", third, reason=Reason.CHANGED), third)

    found = await history.page(SnapshotQuery(**query))

    assert [each.id for each in found] == expected


async def test_a_deleted_snapshot_takes_with_it_what_only_it_held(history, path):
    one, other = environment("d1"), environment("d2", conda=(conda("numpy"), conda("polars")))
    await history.add(snapshot("s1", one), one)
    await history.add(snapshot("s2", other, notebook="other.ipynb"), other)

    await history.delete("s2")

    assert await ids(history) == ["s1"]
    assert (await history.get("s1"))[1] == one
    with closing(sqlite3.connect(path)) as connection:
        named = [row[0] for row in connection.execute("SELECT name FROM package ORDER BY name")]
        paths = [row[0] for row in connection.execute("SELECT path FROM path")]
    assert named == sorted(p.name for p in (*one.conda, *one.pypi))
    assert "other.ipynb" not in paths
    with pytest.raises(SnapshotNotFound):
        await history.delete("s2")


async def test_what_another_is_written_against_stays(history):
    base = environment("d0", conda=tuple(conda(f"p{n:03}") for n in range(300)))
    near = environment("d1", conda=(*base.conda, conda("polars")))
    await history.add(snapshot("s0", base), base)
    await history.add(snapshot("s1", near), near)

    await history.delete("s0")

    assert (await history.get("s1"))[1] == near


@pytest.mark.parametrize(
    ("retention", "kept"),
    [
        (Retention(days=10), ["c3", "b2", "a1"]),
        (Retention(days=45), ["c3", "c1", "b2", "a1"]),
        (Retention(count=2), ["c3", "c2", "b2", "a1"]),
        (Retention(days=10**9, count=10**8), ["c3", "c2", "c1", "b2", "b1", "a1"]),
        (Retention(), ["c3", "c2", "c1", "b2", "b1", "a1"]),
    ],
)
async def test_old_snapshots_go_but_never_the_newest_of_a_notebook(history, retention, kept):
    env = environment()
    # c2 was taken while the clock was wrong.
    ages = {"a1": 400, "b1": 50, "b2": 40, "c1": 20, "c2": 200, "c3": 0}
    for name, age in ages.items():
        taken_at = NOON - timedelta(days=age)
        row = snapshot(name, env, notebook=f"{name[0]}.ipynb", taken_at=taken_at)
        await history.add(row, env)

    gone = await history.prune(retention, NOON)

    assert await ids(history) == kept
    assert gone == len(ages) - len(kept)


async def test_without_a_notebook_the_newest_of_a_prefix_stays(history):
    env = environment()
    for name, prefix in (("s1", "/one"), ("s2", "/one"), ("s3", "/two")):
        await history.add(snapshot(name, env, notebook=None, prefix=prefix), env)

    await history.prune(Retention(count=1), NOON)

    assert await ids(history) == ["s3", "s2"]


async def test_a_file_of_the_first_version_is_read_and_written(path):
    """As the first release wrote it: never to be made anew by later code."""
    path.parent.mkdir(parents=True)
    dump = Path(__file__).with_name("history_versions") / "1.sql"
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript(dump.read_text())
        assert connection.execute("PRAGMA user_version").fetchone() == (1,)
    history = SqliteHistory(path)
    env = environment()

    kept, held = await history.get("s1")
    await history.add(snapshot("s2", env), env)

    assert (kept, held) == (snapshot("s1", env), env)
    assert await ids(history) == ["s2", "s1"]
    await history.close()


async def test_a_body_that_cannot_be_decoded_is_told(history, path):
    env = environment()
    await history.add(snapshot("s1", env), env)
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("UPDATE environment SET body = x'00'")
    with pytest.raises(HistoryUnavailable, match="damaged"):
        await history.get("s1")
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("UPDATE environment SET body = 17")
    with pytest.raises(HistoryUnavailable, match="damaged"):
        await history.get("s1")


async def test_a_disk_that_fails_is_told(tmp_path):
    # A link in a circle: the folder cannot even be looked at.
    (tmp_path / "loop").symlink_to("loop")
    history = SqliteHistory(tmp_path / "loop" / "history.sqlite")
    with pytest.raises(HistoryUnavailable):
        await history.page(SnapshotQuery())
    await history.close()


@pytest.mark.parametrize("statement", ["DELETE FROM package", "UPDATE environment SET base = 99"])
async def test_a_row_that_is_gone_is_told(history, path, statement):
    env = environment()
    await history.add(snapshot("s1", env), env)
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute(statement)
    with pytest.raises(HistoryUnavailable, match="damaged"):
        await history.get("s1")


async def test_a_full_disk_keeps_what_was_there_and_nothing_half(history, path):
    env = environment()
    await history.add(snapshot("s1", env), env)

    def limit() -> None:
        pages = history._connection.execute("PRAGMA page_count").fetchone()[0]
        history._connection.execute(f"PRAGMA max_page_count = {pages}")

    await history._thread.run(limit)
    big = environment("d2", conda=tuple(conda(f"p{n:04}") for n in range(400)))
    with pytest.raises(HistoryUnavailable, match="no space left"):
        await history.add(snapshot("s2", big), big)
    assert await ids(history) == ["s1"]
    assert (rows(path, "environment"), rows(path, "package")) == (1, 6)


async def test_a_locked_history_is_told_soon_and_works_afterwards(history, path):
    env = environment()
    await history.add(snapshot("s1", env), env)
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        await history._thread.run(lambda: history._connection.execute("PRAGMA busy_timeout = 50"))
        with pytest.raises(HistoryUnavailable, match="another process keeps it locked"):
            await history.add(snapshot("s2", env), env)
        other.execute("ROLLBACK")
    await history.add(snapshot("s2", env), env)
    assert await ids(history) == ["s2", "s1"]


async def test_the_loop_runs_on_while_the_history_waits_for_a_lock(history, path):
    env = environment()
    await history.add(snapshot("s1", env), env)
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        waiting = asyncio.ensure_future(history.add(snapshot("s2", env), env))
        for _ in range(3):
            started = time.perf_counter()
            await asyncio.sleep(0)
            assert time.perf_counter() - started < 0.5
        assert not waiting.done()
        other.execute("ROLLBACK")
    await waiting
    assert await ids(history) == ["s2", "s1"]


async def test_the_same_id_is_not_kept_twice(history):
    env, other = environment(), environment("d2")
    await history.add(snapshot("s1", env), env)
    await history.add_all(
        [(snapshot("s1", env, note="other"), env), (snapshot("s2", other), other)]
    )
    assert (await history.get("s1"))[0].note == "before the upgrade"
    assert await ids(history) == ["s2", "s1"]


async def test_of_several_at_once_all_are_kept_or_none(history):
    env = environment()
    broken = snapshot("s2", env, taken_at=None)
    with pytest.raises(TypeError):
        await history.add_all([(snapshot("s1", env), env), (broken, env)])
    assert await ids(history) == []


@pytest.mark.skipif(os.geteuid() == 0, reason="nothing is read-only to root")
async def test_a_read_only_file_can_be_read_but_not_written(history, path):
    env = environment()
    await history.add(snapshot("s1", env), env)
    await history.close()
    path.chmod(0o400)
    again = SqliteHistory(path)
    assert await ids(again) == ["s1"]
    with pytest.raises(HistoryUnavailable, match="cannot be written"):
        await again.add(snapshot("s2", env), env)
    await again.close()


async def test_a_folder_where_nothing_can_be_made_is_told():
    history = SqliteHistory(Path("/proc/envsnap/history.sqlite"))
    with pytest.raises(HistoryUnavailable, match="cannot be used"):
        await history.page(SnapshotQuery())
    await history.close()


async def test_a_file_deleted_under_us_is_made_anew_and_not_written_into_the_void(history, path):
    env = environment()
    await history.add(snapshot("s1", env), env)
    path.unlink()
    await history.add(snapshot("s2", env), env)
    assert rows(path, "snapshot") == 1
    assert await ids(history) == ["s2"]


async def test_many_callers_at_once_are_all_served(history):
    env = environment()
    await asyncio.gather(*(history.add(snapshot(f"s{n}", env), env) for n in range(50)))
    assert await ids(history, limit=500) == [f"s{n}" for n in reversed(range(50))]


async def test_a_caller_who_left_before_its_turn_adds_nothing(history):
    env = environment()
    await history.add(snapshot("s0", env), env)
    gate = threading.Event()
    busy = asyncio.ensure_future(history._thread.run(gate.wait))
    late = asyncio.ensure_future(history.add(snapshot("s1", env), env))
    await asyncio.sleep(0)
    late.cancel()
    with pytest.raises(asyncio.CancelledError):
        await late
    gate.set()
    await busy
    assert await ids(history) == ["s0"]


async def test_closing_twice_is_once_and_a_closed_history_says_so(history):
    env = environment()
    await history.add(snapshot("s1", env), env)
    thread = next(t for t in threading.enumerate() if t.name == "envsnap-history")
    assert thread.daemon
    await history.close()
    await history.close()
    thread.join(5)
    assert not thread.is_alive()
    with pytest.raises(HistoryUnavailable, match="closed"):
        await history.get("s1")


async def test_closing_does_not_wait_for_a_stuck_disk(history):
    gate = threading.Event()
    stuck = asyncio.ensure_future(history._thread.run(gate.wait))
    await asyncio.sleep(0)
    started = time.perf_counter()
    await history.close()
    assert time.perf_counter() - started < 3
    gate.set()
    await stuck


async def test_a_stuck_disk_is_told(history, monkeypatch):
    monkeypatch.setattr("jupyter_envsnap.adapters.history.ANSWER_TIMEOUT_S", 0.05)
    gate = threading.Event()
    stuck = asyncio.ensure_future(history._thread.run(gate.wait))
    with pytest.raises(HistoryUnavailable, match="does not answer"):
        await history.page(SnapshotQuery())
    gate.set()
    await stuck
    monkeypatch.undo()
    assert await ids(history) == []


WRITER = """
import asyncio, sys
from pathlib import Path
sys.path[:0] = sys.argv[3:]
from test_history import environment, snapshot
from jupyter_envsnap.adapters import history_place
from jupyter_envsnap.adapters.history import SqliteHistory
from jupyter_envsnap.core.errors import HistoryUnavailable

async def main(path, name):
    history = SqliteHistory(path)
    for n in range(100_000):
        env = environment(f"{name}{n}")
        try:
            await history.add(snapshot(f"{name}{n}", env), env)
        except HistoryUnavailable:  # the other one held it too long: not acknowledged
            continue
        print(f"{name}{n}", flush=True)

asyncio.run(main(Path(sys.argv[1]), sys.argv[2]))
"""


def writer(path: Path, name: str) -> subprocess.Popen[str]:
    here = Path(__file__).parent
    return subprocess.Popen(
        [sys.executable, "-c", WRITER, str(path), name, str(here), str(here.parent.parent)],
        stdout=subprocess.PIPE,
        text=True,
    )


async def test_two_processes_write_at_once_and_kill_9_loses_nothing_acknowledged(history, path):
    processes = [writer(path, "a"), writer(path, "b")]
    acknowledged = set()
    for process in processes:
        for _ in range(15):
            acknowledged.add(process.stdout.readline().strip())
    for process in processes:
        process.kill()
        acknowledged |= {line.strip() for line in process.stdout if line.endswith("\n")}
        process.wait()
        process.stdout.close()
    kept = set(await all_ids(history))
    assert acknowledged <= kept
    assert len(kept) <= len(acknowledged) + 2
    for one in acknowledged:
        assert (await history.get(one))[1] == environment(one)
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        assert connection.execute("PRAGMA foreign_key_check").fetchall() == []
