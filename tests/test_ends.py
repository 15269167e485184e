"""Which ends are told, and that none is lost between journal, history and file."""

from __future__ import annotations

import asyncio

from jupyter_envsnap.core.errors import HistoryUnavailable
from jupyter_envsnap.core.lives import Pulse
from jupyter_envsnap.core.model import Prefix, Reason
from jupyter_envsnap.ends import CRASH_LOOP_S
from tests.fakes import candidate, environment, kernel
from tests.test_recording import AT, HAND_WRITTEN, World, _with_polars


def _dies(world: World, pid: int) -> None:
    """Its restarter tells, and starts it again."""
    world.pulses.deaths["k-1"]()
    world.pulses.kernels["k-1"] = Pulse(launched_pid=pid, alive=True, shutting_down=False)


def _is_restarted(world: World, pid: int) -> None:
    world.pulses.kernels["k-1"] = Pulse(launched_pid=pid, alive=True, shutting_down=False)


async def _refuse(*_: object) -> None:
    raise HistoryUnavailable("It is locked.")


async def test_a_crash_long_after_another_is_told_however_short_its_kernel_lived():
    world = World("k-1")
    await world.pass_time(3)
    world.pulses.kernels["k-1"] = Pulse(launched_pid=1, alive=False, shutting_down=False)
    await world.pass_time(CRASH_LOOP_S - 5)
    world.pulses.kernels["k-1"] = Pulse(launched_pid=2, alive=True, shutting_down=False)
    await world.pass_time(CRASH_LOOP_S - 5)
    _dies(world, 3)
    await world.pass_time(2)

    assert world.ends() == [("kernel-died", "k-1.ipynb")] * 2


async def test_a_crash_right_after_a_restart_that_somebody_wanted_is_told():
    world = World("k-1")
    await world.pass_time(3)
    _dies(world, 2)
    await world.pass_time(2)
    _is_restarted(world, 3)
    await world.pass_time(2)
    _dies(world, 4)
    await world.pass_time(2)

    assert [reason for reason, _ in world.ends()] == [
        "kernel-died",
        "kernel-restart",
        "kernel-died",
    ]


async def test_a_crash_in_another_environment_is_told_at_once():
    world = World("k-1")
    await world.pass_time(3)
    _dies(world, 2)
    await world.pass_time(2)
    world.environments.prefixes[AT] = _with_polars(environment())
    _dies(world, 3)
    await world.pass_time(2)

    assert world.ends() == [("kernel-died", "k-1.ipynb")] * 2


async def test_a_process_that_was_never_seen_alive_has_died_where_its_kernelspec_says():
    world = World("k-1")
    guess = candidate(AT, confidence="unsure")
    world.locations.kernels["k-1"] = kernel("k-1", guess, state="dead")
    world.pulses.kernels["k-1"] = Pulse(launched_pid=1, alive=False, shutting_down=False)
    await world.pass_time(6)

    assert world.ends() == [("kernel-died", "k-1.ipynb")]


async def test_a_process_that_ended_and_was_started_again_between_two_looks_has_died_once():
    world = World("k-1")
    world.pulses.kernels["k-1"] = Pulse(launched_pid=1, alive=False, shutting_down=False)
    await world.pass_time(1)
    for pid in (2, 3):
        world.pulses.kernels["k-1"] = Pulse(launched_pid=pid, alive=False, shutting_down=False)
        await world.pass_time(1)
    await world.pass_time(3)

    assert world.ends() == [("kernel-died", "k-1.ipynb")]


async def test_an_owed_end_keeps_its_reason_where_the_server_stops_before_it_is_taken():
    world = World("k-1", on_change="off")
    await world.pass_time(3)
    add, world.history.add_all = world.history.add_all, _refuse
    write, world.journal.write = world.journal.write, _nothing
    del world.pulses.kernels["k-1"]
    await world.pass_time(2)
    world.journal.write = write
    await world.recorder.stop()

    (left,) = world.journal.lives.values()
    assert left.ending.reason is Reason.KERNEL_SHUTDOWN
    later = World(orphans=(left,))
    later.journal.environments.update(world.journal.environments)
    later.environments.prefixes.clear()
    await later.pass_time(2)
    assert later.rows() == [("kernel-shutdown", "k-1.ipynb")]
    world.history.add_all = add


async def _nothing(*_: object) -> None:
    """As a disk that is full: what is written is not there."""


async def test_an_owed_end_is_taken_at_the_stop_where_the_history_takes_it_again():
    world = World("k-1", on_change="off")
    await world.pass_time(3)
    add, world.history.add_all = world.history.add_all, _refuse
    del world.pulses.kernels["k-1"]
    await world.pass_time(2)
    world.history.add_all = add

    await world.recorder.stop()

    assert world.rows() == [("kernel-shutdown", "k-1.ipynb")]
    assert world.journal.lives == {}


async def test_what_an_owed_end_is_of_is_named_in_the_journal():
    world = World("k-1", on_change="off")
    await world.pass_time(3)
    now = world.environments.prefixes[AT] = _with_polars(environment())
    world.history.add_all = _refuse
    del world.pulses.kernels["k-1"]
    await world.pass_time(2)

    (left,) = world.journal.lives.values()
    assert world.journal.environments[left.digest] == now


async def test_as_the_server_stops_the_journal_knows_all_ends_before_any_disk_is_asked():
    world = World("k-1", "k-2")
    await world.pass_time(3)
    glance, known = world.environments.glance, []

    async def asked(prefix: Prefix) -> str:
        known.append([life.ending for life in world.journal.lives.values()])
        return await glance(prefix)

    world.environments.glance = asked
    await world.recorder.stop()

    assert {len(endings) for endings in known} == {2}
    assert {ending and ending.reason for endings in known for ending in endings} == {
        Reason.SERVER_STOP
    }


async def test_an_end_that_is_being_recorded_when_the_server_stops_is_awaited():
    world = World("k-1", on_change="off")
    await world.pass_time(3)
    add, reached, released = world.history.add_all, asyncio.Event(), asyncio.Event()

    async def slowly(rows: list[object]) -> None:
        if rows:
            reached.set()
            await released.wait()
        await add(rows)

    world.history.add_all = slowly
    del world.pulses.kernels["k-1"]
    await world.recorder._tick(world.ticks)
    await reached.wait()
    asyncio.get_running_loop().call_later(0.1, released.set)

    await world.recorder.stop()

    assert world.ends() == [("kernel-shutdown", "k-1.ipynb")]
    assert world.journal.lives == {}


def _with_files(count: int) -> World:
    """A kernel for each of so many folders, each with its own file."""
    names = [f"k-{number}" for number in range(count)]
    world = World(*names, files={f"{each}.yml": HAND_WRITTEN for each in names}, on_shutdown="file")

    async def environment_file(notebook: str | None) -> str:
        return (notebook or "").replace(".ipynb", ".yml")

    world.files.environment_file = environment_file
    return world


def _stops(world: World) -> int:
    return [reason for reason, _ in world.rows()].count("server-stop")


async def test_files_that_the_stop_leaves_no_time_for_are_updated_at_the_next_start():
    world = _with_files(4)
    await world.pass_time(3)
    world.environments.prefixes[AT] = _with_polars(environment())
    write, written = world.files.write, []

    async def slowly(path: str, text: str, **about: object) -> object:
        if len(written) == 2:
            await asyncio.Event().wait()
        written.append(path)
        return await write(path, text, **about)

    world.files.write = slowly

    await world.recorder.stop()
    await world.saving.stop()

    left = tuple(world.journal.lives.values())
    assert _stops(world) == 4
    assert len(left) == 2
    later = World(orphans=left, files=world.files.files, on_shutdown="file")
    later.journal.environments.update(world.journal.environments)
    later.environments.prefixes.clear()
    later.history.rows = world.history.rows
    await later.pass_time(2)
    assert [path for path, text in later.files.files.items() if "polars" not in text] == []
    assert later.journal.lives == {}
    assert later.notices.chosen in (None, {})
    assert _stops(later) == 4


async def test_a_file_that_was_changed_before_the_next_start_is_left_and_that_is_told():
    world = _with_files(1)
    await world.pass_time(3)
    world.environments.prefixes[AT] = _with_polars(environment())

    async def never(*_: object, **__: object) -> None:
        await asyncio.Event().wait()

    world.files.write = never
    await world.recorder.stop()
    await world.saving.stop()
    theirs = {"k-0.yml": HAND_WRITTEN + "  - dask\n"}

    later = World(orphans=tuple(world.journal.lives.values()), files=theirs, on_shutdown="file")
    later.journal.environments.update(world.journal.environments)
    await later.pass_time(2)

    assert later.files.files == theirs
    assert list(later.notices.chosen) == ["k-0.yml"]
    assert later.journal.lives == {}


async def test_an_update_that_was_made_but_not_noted_is_no_conflict_at_the_next_start():
    world = _with_files(1)
    await world.pass_time(3)
    world.environments.prefixes[AT] = _with_polars(environment())
    write = world.files.write

    async def write_and_hang(path: str, text: str, **about: object) -> None:
        await write(path, text, **about)
        await asyncio.Event().wait()

    world.files.write = write_and_hang
    await world.recorder.stop()
    await world.saving.stop()
    assert "polars" in world.files.files["k-0.yml"]

    left = tuple(world.journal.lives.values())
    later = World(orphans=left, files=world.files.files, on_shutdown="file")
    later.journal.environments.update(world.journal.environments)
    await later.pass_time(2)

    assert later.notices.chosen in (None, {})
    assert (len(left), later.journal.lives) == (1, {})
