"""Lives on a real disk, and those that a killed server leaves behind."""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
import time
from datetime import datetime, timedelta, timezone
from pathlib import Path

import psutil
import pytest
from msgspec.structs import replace

from jupyter_envsnap.adapters import journal as journal_module
from jupyter_envsnap.adapters import journal_files, journal_owner
from jupyter_envsnap.adapters.journal import FolderJournal
from jupyter_envsnap.adapters.journal_owner import Owner
from jupyter_envsnap.core.lives import Ending, Life
from jupyter_envsnap.core.model import Prefix, Reason
from tests.fakes import NOON, environment

CLIMATE = environment()
MANY, MOST_S = 50, 0.5


def life(id: str = "l1", **changes: object) -> Life:
    full = Life(
        id=id,
        kernel_id="k-1",
        kernel_name="python3",
        notebook="a.ipynb",
        started_at=NOON,
        prefix=Prefix(path="/envs/climate", kind="conda"),
        digest=CLIMATE.digest,
    )
    return replace(full, **changes)


def gone_process() -> int:
    process = subprocess.Popen([sys.executable, "-S", "-c", ""])
    process.wait()
    return process.pid


def dead(**changes: object) -> Owner:
    """A server of this machine that runs no more."""
    return replace(journal_owner.this_process(), pid=gone_process(), **changes)


def files(folder):
    return sorted(p.name for p in folder.rglob("*") if p.is_file() and p.name != "SERVER.json")


async def test_what_a_killed_server_was_watching_is_found_once(tmp_path):
    killed = FolderJournal(tmp_path, owner=dead())
    ended = life("l2", ending=Ending(reason=Reason.KERNEL_DIED, at=NOON))
    await killed.write(life(), CLIMATE)
    await killed.write(ended)
    await killed.beat()
    one, other = FolderJournal(tmp_path), FolderJournal(tmp_path)

    found = await asyncio.gather(one.orphans(), other.orphans())

    lives = [*found[0], *found[1]]
    assert [replace(each, last_seen=None) for each in lives] == [life(), ended]
    assert abs(lives[0].last_seen - datetime.now(timezone.utc)) < timedelta(seconds=30)
    assert lives[1].last_seen is None
    finder = one if found[0] else other
    assert await finder.environment(CLIMATE.digest) == CLIMATE
    assert await finder.orphans() == ()


async def test_a_server_that_is_killed_while_it_recovers_is_recovered_with_all_it_had(tmp_path):
    first = FolderJournal(tmp_path, owner=dead())
    await first.write(life("l1"), CLIMATE)
    second = FolderJournal(tmp_path, owner=dead())
    await second.write(life("l2"))
    assert [each.id for each in await second.orphans()] == ["l1"]

    third = FolderJournal(tmp_path)
    found = await third.orphans()

    assert {each.id for each in found} == {"l1", "l2"}
    assert await third.environment(CLIMATE.digest) == CLIMATE
    for each in found:
        await third.remove(each.id)
    await third.close()
    assert list(tmp_path.iterdir()) == []


async def test_a_server_that_runs_keeps_its_own(tmp_path):
    running = FolderJournal(tmp_path)
    await running.write(life(), CLIMATE)

    assert await FolderJournal(tmp_path).orphans() == ()


@pytest.mark.parametrize("age_s", [10, journal_module.SILENT_S + 10])
async def test_a_server_of_another_machine_is_gone_when_it_is_silent(tmp_path, age_s):
    elsewhere = FolderJournal(tmp_path, owner=dead(host="another"))
    await elsewhere.write(life(), CLIMATE)
    (folder,) = tmp_path.iterdir()
    os.utime(folder, (time.time() - age_s,) * 2)

    found = await FolderJournal(tmp_path).orphans()

    assert bool(found) == (age_s > journal_module.SILENT_S)


async def test_a_number_that_another_process_has_now_is_no_sign_of_life(tmp_path):
    reused = replace(journal_owner.this_process(), started=psutil.boot_time() - 1)
    await FolderJournal(tmp_path, owner=reused).write(life())

    assert len(await FolderJournal(tmp_path).orphans()) == 1


async def test_before_the_machine_was_started_again_nothing_runs(tmp_path):
    before = replace(journal_owner.this_process(), boot="before")
    await FolderJournal(tmp_path, owner=before).write(life())

    assert len(await FolderJournal(tmp_path).orphans()) == 1


async def test_an_environment_stays_while_a_life_names_it(tmp_path):
    journal = FolderJournal(tmp_path)
    await journal.write(life("l1"), CLIMATE)
    await journal.write(life("l2"))

    await journal.remove("l1")
    assert await journal.environment(CLIMATE.digest) == CLIMATE
    await journal.remove("l2")

    assert await journal.environment(CLIMATE.digest) is None
    assert files(tmp_path) == []


async def test_an_environment_that_changed_takes_the_place_of_the_one_before(tmp_path):
    journal, later = FolderJournal(tmp_path), environment(numpy="2.2.0")
    await journal.write(life(), CLIMATE)
    await journal.write(life(digest=later.digest), later)

    assert files(tmp_path) == sorted(["l1.json", f"{later.digest}.environment"])


@pytest.mark.parametrize(
    "text", ["", "{", "[]", '{"version": 1}', '{"version": 99, "life": {}}', "\xff\x00"]
)
async def test_what_cannot_be_understood_is_set_aside_and_the_rest_recovered(
    tmp_path, text, caplog
):
    killed = FolderJournal(tmp_path, owner=dead())
    await killed.write(life(), CLIMATE)
    (folder,) = tmp_path.iterdir()
    (folder / "broken.json").write_bytes(text.encode("latin-1"))
    journal = FolderJournal(tmp_path)

    found = await journal.orphans()

    assert [each.id for each in found] == ["l1"]
    assert "broken.json" in caplog.text
    await journal.remove("l1")
    await journal.close()
    (left,) = tmp_path.iterdir()
    assert (left.name, files(left)) == ("unreadable", [f"{folder.name}-broken.json"])


async def test_what_was_set_aside_is_left_alone_however_often_servers_start(tmp_path):
    await FolderJournal(tmp_path, owner=dead()).write(life())
    (folder,) = tmp_path.iterdir()
    (folder / "broken.json").write_text("{")
    for _ in range(5):
        journal = FolderJournal(tmp_path, owner=dead())
        for each in await journal.orphans():
            await journal.remove(each.id)
        aside = tmp_path / "unreadable"
        os.utime(aside, (time.time() - 2 * journal_module.SILENT_S,) * 2)

    assert files(aside) == [f"{folder.name}-broken.json"]
    assert [path for path in tmp_path.glob("*/*") if path.is_dir()] == []


async def test_servers_that_are_killed_one_after_the_other_nest_nothing(tmp_path):
    await FolderJournal(tmp_path, owner=dead()).write(life(), CLIMATE)
    for _ in range(5):
        (found,) = await FolderJournal(tmp_path, owner=dead()).orphans()

    (folder,) = tmp_path.iterdir()
    assert found.id == "l1"
    assert files(folder) == sorted(["l1.json", f"{CLIMATE.digest}.environment"])
    assert [path for path in folder.iterdir() if path.is_dir()] == []


async def test_when_a_server_was_last_there_is_known_however_many_died_since(tmp_path):
    await FolderJournal(tmp_path, owner=dead()).write(life("l1"), CLIMATE)
    (folder,) = tmp_path.iterdir()
    long_ago = time.time() - 7200
    os.utime(folder, (long_ago, long_ago))
    second = FolderJournal(tmp_path, owner=dead())
    await second.orphans()
    await second.beat()

    (found,) = await FolderJournal(tmp_path).orphans()

    assert abs(found.last_seen.timestamp() - long_ago) < 1


async def test_a_server_that_is_killed_while_it_takes_over_leaves_all_to_the_next(
    tmp_path, monkeypatch
):
    first = FolderJournal(tmp_path, owner=dead())
    await first.write(life("l1"), CLIMATE)
    await first.write(life("l2"))
    (folder,) = tmp_path.iterdir()
    long_ago = time.time() - 7200
    os.utime(folder, (long_ago, long_ago))
    monkeypatch.setattr(journal_module, "absorb", refuse)
    assert await FolderJournal(tmp_path, owner=dead()).orphans() == ()
    monkeypatch.undo()

    journal = FolderJournal(tmp_path)
    found = await journal.orphans()

    assert {each.id for each in found} == {"l1", "l2"}
    assert all(abs(each.last_seen.timestamp() - long_ago) < 1 for each in found)
    assert await journal.environment(CLIMATE.digest) == CLIMATE


def refuse(*_: object) -> None:
    raise OSError(5, "Input/output error")


@pytest.mark.parametrize("text", [None, "{"])
async def test_what_was_only_begun_is_no_second_life(tmp_path, monkeypatch, text, caplog):
    """A process that is killed inside a write leaves the file that it began."""
    killed = FolderJournal(tmp_path, owner=dead())
    await killed.write(life(), CLIMATE)
    with monkeypatch.context() as cut:
        cut.setattr(Path, "replace", killed_there)
        cut.setattr(Path, "unlink", killed_there)
        with pytest.raises(KeyboardInterrupt):
            killed._write(life(ending=Ending(reason=Reason.KERNEL_DIED, at=NOON)), None)
    (begun,) = (path for path in tmp_path.rglob("*") if path.name.startswith("."))
    if text is not None:
        begun.write_text(text)

    journal = FolderJournal(tmp_path)
    found = await journal.orphans()

    assert [(each.id, each.ending) for each in found] == [("l1", None)]
    assert caplog.text == ""
    await journal.remove("l1")
    await journal.close()
    assert list(tmp_path.iterdir()) == []


def killed_there(*_: object, **__: object) -> None:
    raise KeyboardInterrupt


async def test_a_life_that_two_folders_tell_of_is_one_and_the_later_word_counts(tmp_path):
    await FolderJournal(tmp_path, owner=dead()).write(life(), CLIMATE)
    (first,) = tmp_path.iterdir()
    second = FolderJournal(tmp_path, owner=dead())
    await second.write(life(ending=Ending(reason=Reason.RECOVERED, at=NOON)))
    (folder,) = (each for each in tmp_path.iterdir() if each != first)
    first.rename(folder / f"adopted-{first.name}")

    found = await FolderJournal(tmp_path).orphans()

    assert [(each.id, each.ending.reason) for each in found] == [("l1", Reason.RECOVERED)]


async def test_a_life_of_another_version_is_set_aside(tmp_path, monkeypatch):
    monkeypatch.setattr(journal_files, "VERSION", 2)
    await FolderJournal(tmp_path, owner=dead()).write(life())
    (folder,) = tmp_path.iterdir()
    monkeypatch.undo()

    assert await FolderJournal(tmp_path).orphans() == ()
    assert files(tmp_path) == [f"{folder.name}-l1.json"]


async def test_a_captured_environment_that_is_cut_off_is_no_environment(tmp_path):
    journal = FolderJournal(tmp_path)
    await journal.write(life(), CLIMATE)
    (path,) = tmp_path.rglob("*.environment")
    path.write_bytes(path.read_bytes()[:20])

    assert await journal.environment(CLIMATE.digest) is None


async def test_a_folder_that_takes_no_file_turns_the_journal_off_and_says_so(tmp_path, caplog):
    (tmp_path / "file").write_text("")
    journal = FolderJournal(tmp_path / "file" / "journal")

    await journal.write(life(), CLIMATE)
    await journal.write(life(), CLIMATE)

    assert [each.code for each in journal.findings()] == ["journal-off"]
    assert caplog.text.count("cannot be used") == 1
    (tmp_path / "file").unlink()
    await journal.write(life(), CLIMATE)
    assert journal.findings() == ()


async def test_many_lives_are_written_at_once(tmp_path, capsys):
    """Of three, as other programs may have the disk for a moment."""
    journal = FolderJournal(tmp_path)
    await journal.write(life(), CLIMATE)
    took = []
    for _ in range(3):
        begun = time.perf_counter()
        await asyncio.gather(*(journal.write(life(f"l{n}")) for n in range(MANY)))
        took.append(time.perf_counter() - begun)

    with capsys.disabled():
        print(f"\n{MANY} lives: {min(took) * 1e3:.0f} ms", end=" ")  # noqa: T201
    assert len(files(tmp_path)) == MANY + 1
    assert min(took) < MOST_S


async def test_nothing_secret_is_readable_by_others(tmp_path):
    await FolderJournal(tmp_path / "journal").write(life(), CLIMATE)

    (folder,) = (tmp_path / "journal").iterdir()
    assert folder.stat().st_mode & 0o077 == 0


async def test_a_file_is_whole_or_not_there(tmp_path, monkeypatch):
    journal = FolderJournal(tmp_path)
    await journal.write(life())

    def fail(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", fail)
    await journal.write(life(notebook="other.ipynb"))
    monkeypatch.undo()

    (path,) = tmp_path.rglob("l1.json")
    assert json.loads(path.read_text())["life"]["notebook"] == "a.ipynb"
    assert files(tmp_path) == ["l1.json"]


async def test_what_cannot_be_read_in_a_journal_does_not_take_the_rest_with_it(tmp_path):
    killed = FolderJournal(tmp_path, owner=dead())
    await killed.write(life(), CLIMATE)
    (folder,) = tmp_path.iterdir()
    (folder / "0000.json").mkdir()

    found = await FolderJournal(tmp_path).orphans()

    assert [each.id for each in found] == ["l1"]


async def test_a_life_that_cannot_be_read_just_now_is_read_the_next_time(tmp_path, monkeypatch):
    await FolderJournal(tmp_path, owner=dead()).write(life(), CLIMATE)
    journal = FolderJournal(tmp_path)
    with monkeypatch.context() as failing:
        failing.setattr(Path, "read_bytes", unless_a_life(Path.read_bytes))
        assert await journal.orphans() == ()

    assert [each.id for each in await journal.orphans()] == ["l1"]
    assert await journal.environment(CLIMATE.digest) == CLIMATE


def unless_a_life(read):
    def read_or_fail(path: Path) -> bytes:
        if path.name == "l1.json":
            raise OSError(5, "Input/output error", str(path))
        return read(path)

    return read_or_fail


async def test_what_a_server_of_before_had_set_aside_is_kept(tmp_path):
    await FolderJournal(tmp_path, owner=dead()).write(life())
    (folder,) = tmp_path.iterdir()
    (folder / "l0.json.unreadable").write_text("{")

    await FolderJournal(tmp_path).orphans()

    assert files(tmp_path / "unreadable") == [f"{folder.name}-l0.json.unreadable"]


async def test_a_folder_that_cannot_be_taken_over_does_not_keep_the_others(tmp_path, monkeypatch):
    for name in ("l1", "l2"):
        await FolderJournal(tmp_path, owner=dead()).write(life(name), CLIMATE)
    fixed, _ = sorted(tmp_path.iterdir())
    rename = Path.rename

    def refused(path: Path, target: Path) -> Path:
        if path == fixed:
            raise PermissionError(13, "Permission denied", str(path))
        return rename(path, target)

    monkeypatch.setattr(Path, "rename", refused)
    journal = FolderJournal(tmp_path)

    assert len(await journal.orphans()) == 1
    assert journal.findings() == ()


WRITER = """
import asyncio, sys
from pathlib import Path
sys.path[:0] = sys.argv[2:]
from jupyter_envsnap.adapters.journal import FolderJournal
from tests.adapters.test_journal import CLIMATE, life

async def main():
    journal = FolderJournal(Path(sys.argv[1]))
    await journal.write(life(), CLIMATE)
    print("written", flush=True)
    while True:
        await journal.write(life())

asyncio.run(main())
"""


async def test_a_process_that_is_killed_while_it_writes_leaves_one_life(tmp_path):
    journal, project = FolderJournal(tmp_path), Path(__file__).parents[2]
    for _ in range(3):
        writer = subprocess.Popen(  # noqa: ASYNC220 - it starts at once
            [sys.executable, "-c", WRITER, str(tmp_path), str(project)], stdout=subprocess.PIPE
        )
        writer.stdout.readline()
        writer.kill()
        writer.communicate()

        assert [each.id for each in await journal.orphans()] == ["l1"]
        assert await journal.environment(CLIMATE.digest) == CLIMATE
        await journal.remove("l1")

    await journal.close()
    assert list(tmp_path.iterdir()) == []
