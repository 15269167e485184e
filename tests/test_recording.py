"""What is done without being asked, over fakes that the test moves."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import timedelta

import pytest
from msgspec.structs import replace

from jupyter_envsnap.comparison import Comparison
from jupyter_envsnap.core.errors import HistoryUnavailable, PrefixMissing
from jupyter_envsnap.core.findings import BEING_CHANGED, finding
from jupyter_envsnap.core.lives import Ending, Life, Pulse
from jupyter_envsnap.core.model import Prefix, PypiPackage, Reason
from jupyter_envsnap.core.ports import AtWork
from jupyter_envsnap.core.wire import SettingsChoice
from jupyter_envsnap.drift import DriftWatch
from jupyter_envsnap.ends import Ends
from jupyter_envsnap.following import Following
from jupyter_envsnap.news import Everyone, LatestNews
from jupyter_envsnap.preferences import Preferences
from jupyter_envsnap.recording import Recorder
from jupyter_envsnap.saving import Saving
from jupyter_envsnap.service import Service
from jupyter_envsnap.watching import MOST_WAIT_S, SETTLE_S, UNSURE_WAIT_S, PrefixWatch
from tests.fakes import (
    NOON,
    SETTINGS,
    MemoryEnvironments,
    MemoryFiles,
    MemoryHistory,
    MemoryJournal,
    MemoryLocations,
    MemoryPrefixes,
    MemoryRepositories,
    MemorySettings,
    TickingClock,
    candidate,
    environment,
    kernel,
    writing,
)

AT = "/envs/climate"
PREFIX = Prefix(path=AT, kind="conda")
HAND_WRITTEN = "dependencies:\n  - python=3.11.9\n  - numpy=1.0  # by hand\n"


def _with_polars(env):
    polars = PypiPackage(name="polars", version="1.9", requested=True)
    return replace(env, digest="with polars", pypi=(*env.pypi, polars))


class Pulses:
    """The kernels that the test lets live and die."""

    def __init__(self, *ids: str) -> None:
        self.kernels = {
            each: Pulse(launched_pid=number, alive=True, shutting_down=False)
            for number, each in enumerate(ids, start=1)
        }
        self.paths = {each: (f"{each}.ipynb",) for each in ids}
        self.deaths: dict[str, Callable[[], None]] = {}

    def ids(self):
        return tuple(self.kernels)

    async def pulse(self, kernel_id):
        return self.kernels.get(kernel_id)

    async def notebooks(self):
        return self.paths

    def on_death(self, kernel_id, tell):
        self.deaths[kernel_id] = tell


class Installers:
    at, sure = None, True

    async def at_work(self, prefix):
        assert prefix == PREFIX
        return None if self.at is None else AtWork(name=self.at, sure=self.sure)


class Stamps:
    def __init__(self, files):
        self.files = files

    async def of(self, paths):
        return {path: self.files.get(path.removeprefix("/srv/"), "none") for path in paths}


class Heard:
    def __init__(self):
        self.snapshots, self.changes = [], []

    def snapshot_taken(self, snapshot):
        self.snapshots.append(snapshot)

    def kernel_changed(self, kernel_id, change, drift, summary):
        self.changes.append((kernel_id, change, drift, summary))


class World:
    """A recorder and all that it sees."""

    def __init__(self, *ids: str, files=None, create_file=False, orphans=(), **settings) -> None:
        self.pulses = Pulses(*ids)
        self.locations = MemoryLocations(*(kernel(each, candidate(AT)) for each in ids))
        self.environments = MemoryEnvironments({AT: environment()})
        self.history = MemoryHistory()
        self.journal = MemoryJournal(*orphans)
        self.files = MemoryFiles(files)
        self.notices = MemorySettings()
        self.installers, self.heard, self.seconds = Installers(), Heard(), 0.0
        self.told, self.news = Everyone(), LatestNews()
        clock = TickingClock()
        written_by = writing(self.environments, self.files)
        service = Service(
            locations=self.locations,
            environments=self.environments,
            prefixes=MemoryPrefixes(),
            history=self.history,
            journal=self.journal,
            clock=clock,
            writing=written_by,
            news=self.news,
            told=self.told,
        )
        parts = {"sources": service, "writing": written_by, "files": self.files}
        self.saving = Saving(**parts, repositories=MemoryRepositories())
        self.drift = DriftWatch(
            sources=service,
            comparison=Comparison(**parts, repositories=MemoryRepositories()),
            files=self.files,
            history=self.history,
            news=self.news,
        )
        self.following = Following(
            drift=self.drift,
            news=self.news,
            told=self.told,
            locations=self.locations,
            files=self.files,
            stamps=Stamps(self.files.files),
            saving=self.saving,
            notices=self.notices,
            create_file=create_file,
        )
        self.told.listeners += [self.heard, self.following]
        self.preferences = preferences = Preferences(
            replace(SETTINGS, **settings), MemorySettings()
        )
        watch = PrefixWatch(self.environments, self.installers, lambda: self.seconds)
        shared = {
            "watch": watch,
            "journal": self.journal,
            "preferences": preferences,
            "following": self.following,
            "clock": clock,
            "seconds": lambda: self.seconds,
        }
        ends = Ends(**shared, environments=self.environments, history=self.history, told=self.told)
        self.recorder = Recorder(**shared, pulses=self.pulses, locations=self.locations, ends=ends)
        self.ticks = 0

    async def pass_time(self, seconds: float = 1) -> None:
        """Ticks, one a second, and what they begin."""
        for _ in range(int(seconds)):
            await self.recorder._tick(self.ticks)
            self.ticks += 1
            self.seconds += 1
            await self.rest()

    async def rest(self) -> None:
        """Until nothing is under way any more."""
        while tasks := asyncio.all_tasks() - {asyncio.current_task()}:
            await asyncio.wait(tasks)

    def rows(self):
        return [(row.reason.value, row.notebook) for row, _ in self.history.rows]

    def ends(self):
        early = {"kernel-start", "changed"}
        return [row for row in self.rows() if row[0] not in early]


async def test_the_first_sight_of_an_environment_is_kept_and_the_same_again_is_not():
    world = World("k-1", "k-2")
    await world.pass_time(3)
    world.pulses.kernels["k-3"] = replace(world.pulses.kernels["k-1"], launched_pid=9)
    world.locations.kernels["k-3"] = kernel("k-3", candidate(AT))
    await world.pass_time(3)

    assert [reason for reason, _ in world.rows()] == ["kernel-start"]


async def test_a_change_that_a_person_has_kept_already_is_told_but_not_kept_again():
    world = World("k-1")
    await world.pass_time(3)
    now = world.environments.prefixes[AT] = _with_polars(environment())
    await world.history.add(replace(world.history.rows[0][0], id="mine", digest=now.digest), now)
    await world.pass_time(SETTLE_S + 3)

    assert [reason for reason, _ in world.rows()] == ["kernel-start", "kernel-start"]
    assert "environment" in [change for _, change, _, _ in world.heard.changes]


async def test_what_is_installed_is_kept_and_told_when_the_installer_has_ended():
    world = World("k-1")
    await world.pass_time(3)
    world.environments.prefixes[AT] = _with_polars(environment())
    world.installers.at = "pip"
    await world.pass_time(SETTLE_S + 5)
    during = world.rows(), world.news.of("k-1").changing

    world.installers.at = None
    await world.pass_time(SETTLE_S + 2)

    assert during == ([("kernel-start", "k-1.ipynb")], "pip")
    assert world.rows()[1:] == [("changed", "k-1.ipynb")]
    told = [(change, summary and summary.words) for _, change, _, summary in world.heard.changes]
    assert [each for each in told if each[0] != "file"] == [
        ("changing", None),
        ("changing", None),
        ("environment", "+ polars 1.9 (pip)"),
    ]
    drift = world.news.of("k-1").drift
    assert (drift.file, drift.snapshot.requested) == (None, 1)


async def test_an_installer_that_does_not_end_is_read_in_between():
    world = World("k-1")
    await world.pass_time(3)
    world.environments.prefixes[AT] = _with_polars(environment())
    world.installers.at = "conda"

    await world.pass_time(MOST_WAIT_S + SETTLE_S + 4)

    assert world.rows()[1:] == [("changed", "k-1.ipynb")]


async def test_for_one_that_may_work_elsewhere_nobody_waits_long_and_nothing_is_told():
    world = World("k-1")
    await world.pass_time(3)
    world.environments.prefixes[AT] = _with_polars(environment())
    world.installers.at, world.installers.sure = "uv", False
    await world.pass_time(UNSURE_WAIT_S - 1)
    during = world.rows()

    await world.pass_time(5)

    assert during == [("kernel-start", "k-1.ipynb")]
    assert world.rows()[1:] == [("changed", "k-1.ipynb")]
    assert "changing" not in [change for _, change, *_ in world.heard.changes]


async def test_what_was_read_while_it_changed_is_read_again():
    world = World("k-1")
    await world.pass_time(3)
    half = replace(environment(), digest="half", findings=(finding(BEING_CHANGED),))
    world.environments.prefixes[AT] = half
    await world.pass_time(SETTLE_S + 3)
    # Whatever came last did so within one glance.
    world.environments.prefixes[AT] = _with_polars(environment())

    async def glance(_):
        return f"glance at {half.digest}"

    world.environments.glance = glance
    await world.pass_time(SETTLE_S + 3)

    assert [row.digest for row, _ in world.history.rows[1:]] == ["half", "with polars"]


async def test_with_changes_off_only_ends_are_kept():
    world = World("k-1", on_change="off")
    await world.pass_time(3)
    world.environments.prefixes[AT] = _with_polars(environment())
    await world.pass_time(6)
    del world.pulses.kernels["k-1"]
    await world.pass_time()

    assert world.rows() == [("kernel-shutdown", "k-1.ipynb")]
    assert world.history.rows[0][1].digest == "with polars"


async def test_with_everything_off_nothing_is_kept_anywhere():
    world = World("k-1", on_change="off", on_shutdown="off")
    await world.pass_time(3)
    del world.pulses.kernels["k-1"]
    await world.pass_time()
    await world.recorder.stop()

    assert (world.rows(), world.journal.lives) == ([], {})


@pytest.mark.parametrize(
    ("after", "reason"),
    [
        (None, "kernel-shutdown"),
        (Pulse(launched_pid=2, alive=True, shutting_down=False), "kernel-restart"),
        (Pulse(launched_pid=1, alive=False, shutting_down=False), "kernel-died"),
    ],
)
async def test_without_any_event_a_look_tells_how_a_kernel_ended(after, reason):
    world = World("k-1")
    await world.pass_time(3)
    if after is None:
        del world.pulses.kernels["k-1"]
    else:
        world.pulses.kernels["k-1"] = after
    await world.pass_time(3)

    assert world.ends() == [(reason, "k-1.ipynb")]


async def test_a_process_that_the_server_is_ending_has_not_died():
    world = World("k-1")
    await world.pass_time(3)
    world.pulses.kernels["k-1"] = Pulse(launched_pid=1, alive=False, shutting_down=True)
    await world.pass_time(5)
    assert world.ends() == []

    world.recorder.kernel_acted("k-1", "shutdown")
    await world.rest()

    assert world.ends() == [("kernel-shutdown", "k-1.ipynb")]


async def test_a_restart_that_the_restarter_made_is_a_death():
    world = World("k-1")
    await world.pass_time(3)
    world.pulses.deaths["k-1"]()
    world.pulses.kernels["k-1"] = Pulse(launched_pid=2, alive=True, shutting_down=False)
    world.recorder.kernel_acted("k-1", "restart")
    await world.rest()

    assert world.ends() == [("kernel-died", "k-1.ipynb")]


async def test_a_crash_loop_is_told_once():
    world = World("k-1")
    await world.pass_time(3)
    for pid in (2, 3, 4):
        world.pulses.deaths["k-1"]()
        world.pulses.kernels["k-1"] = Pulse(launched_pid=pid, alive=True, shutting_down=False)
        await world.pass_time(2)

    assert world.ends() == [("kernel-died", "k-1.ipynb")]


async def test_an_environment_that_was_deleted_under_its_kernel_is_kept_as_it_was():
    world = World("k-1")
    await world.pass_time(3)
    world.environments.prefixes[AT] = PrefixMissing("It is gone.", prefix=AT)
    await world.pass_time(4)
    del world.pulses.kernels["k-1"]
    await world.pass_time()

    assert world.ends() == [("kernel-shutdown", "k-1.ipynb")]
    assert world.history.rows[-1][1] == environment()


async def test_an_end_whose_environment_could_never_be_read_waits_for_the_next_start():
    world = World("k-1")
    world.environments.prefixes[AT] = PrefixMissing("It is gone.", prefix=AT)
    await world.pass_time(3)
    del world.pulses.kernels["k-1"]
    await world.pass_time(2)

    (left,) = world.journal.lives.values()
    assert (left.ending.reason, left.notebook) == (Reason.KERNEL_SHUTDOWN, "k-1.ipynb")
    later = World(orphans=(left,))
    await later.pass_time(2)
    assert later.rows() == [("kernel-shutdown", "k-1.ipynb")]


async def test_an_end_that_the_history_does_not_take_is_owed_and_not_lost():
    world = World("k-1", on_change="off")
    await world.pass_time(3)
    add, world.history.add_all = world.history.add_all, _refuse
    del world.pulses.kernels["k-1"]
    await world.pass_time(2)
    assert (len(world.journal.lives), world.rows()) == (1, [])

    world.history.add_all = add
    await world.pass_time(40)

    assert world.rows() == [("kernel-shutdown", "k-1.ipynb")]
    assert world.journal.lives == {}


async def _refuse(_):
    raise HistoryUnavailable("It is locked.")


async def test_the_servers_stop_ends_every_kernel_and_may_be_repeated():
    world = World("k-1", "k-2")
    await world.pass_time(3)

    await world.recorder.stop()
    await world.recorder.stop()

    assert sorted(world.ends()) == [("server-stop", "k-1.ipynb"), ("server-stop", "k-2.ipynb")]
    assert world.journal.lives == {}


async def test_a_prefix_that_hangs_holds_the_stop_for_moments_and_its_kernel_is_not_lost():
    world = World("k-1")
    await world.pass_time(3)
    world.environments.prefixes[AT] = None
    begun = asyncio.get_running_loop().time()

    await world.recorder.stop()

    assert asyncio.get_running_loop().time() - begun < 2.5
    assert world.ends() == [("server-stop", "k-1.ipynb")]


@pytest.mark.parametrize("ending", [None, Ending(reason=Reason.KERNEL_DIED, at=NOON)])
async def test_what_another_server_left_behind_is_recorded_once(ending):
    left = Life(
        id="l1",
        kernel_id="k-9",
        kernel_name="python3",
        notebook="z.ipynb",
        started_at=NOON - timedelta(hours=1),
        prefix=PREFIX,
        digest=environment().digest,
        ending=ending,
        last_seen=None if ending else NOON,
    )
    world = World(orphans=(left,))
    world.journal.environments[environment().digest] = environment()
    world.environments.prefixes.clear()
    await world.pass_time(2)
    world.journal.left = (left,)  # as after a kill between the history and the journal
    await world.pass_time(40)

    assert world.rows() == [("kernel-died" if ending else "recovered", "z.ipynb")]
    assert world.history.rows[0][0].taken_at == NOON
    assert world.journal.lives == {}


async def test_the_clock_may_jump_back():
    world = World("k-1")
    await world.pass_time(3)
    world.recorder._clock = lambda: NOON - timedelta(days=400)
    del world.pulses.kernels["k-1"]
    await world.pass_time()

    assert world.ends() == [("kernel-shutdown", "k-1.ipynb")]


async def test_at_the_end_the_file_is_updated_where_the_user_wants_that():
    world = World("k-1", files={"environment.yml": HAND_WRITTEN}, on_shutdown="file")
    await world.pass_time(3)
    world.environments.prefixes[AT] = _with_polars(environment())
    del world.pulses.kernels["k-1"]
    await world.pass_time()

    text = world.files.files["environment.yml"]
    assert "  - numpy=2.1.0  # by hand\n" in text
    assert "seaborn" in text
    assert "polars" in text


async def test_a_kernel_for_which_nothing_was_installed_leaves_the_file_alone():
    world = World("k-1", files={"environment.yml": HAND_WRITTEN}, on_shutdown="file")
    await world.pass_time(3)
    del world.pulses.kernels["k-1"]
    await world.pass_time()

    assert world.files.files["environment.yml"] == HAND_WRITTEN
    assert world.ends() == [("kernel-shutdown", "k-1.ipynb")]


async def test_a_kernel_restarted_right_after_an_install_has_loaded_what_was_installed():
    world = World("k-1")
    await world.pass_time(3)
    world.environments.prefixes[AT] = replace(environment(numpy="2.2.0"), digest="2.2.0")
    await world.pass_time()
    world.pulses.kernels["k-1"] = replace(world.pulses.kernels["k-1"], launched_pid=77)
    await world.pass_time(SETTLE_S + 4)
    assert world.news.of("k-1").findings == ()

    world.environments.prefixes[AT] = replace(environment(numpy="2.3.0"), digest="2.3.0")
    await world.pass_time(SETTLE_S + 4)
    (told,) = world.news.of("k-1").findings
    assert told.code == "loaded-before-change"
    assert "2.2.0" in told.message


async def test_ends_that_are_wanted_from_now_on_are_in_the_journal_at_once():
    world = World("k-1", on_shutdown="off")
    await world.pass_time(3)
    assert world.journal.lives == {}
    await world.preferences.change(SettingsChoice(on_shutdown="history"))
    await world.pass_time()
    assert [life.kernel_id for life in world.journal.lives.values()] == ["k-1"]


async def test_a_file_that_somebody_changed_is_left_and_that_is_told():
    world = World("k-1", files={"environment.yml": HAND_WRITTEN}, on_shutdown="file")
    await world.pass_time(3)
    theirs = HAND_WRITTEN + "  - dask\n"
    world.files.files["environment.yml"] = theirs
    world.environments.prefixes[AT] = _with_polars(environment())
    del world.pulses.kernels["k-1"]
    await world.pass_time()

    assert world.files.files["environment.yml"] == theirs
    assert world.ends() == [("kernel-shutdown", "k-1.ipynb")]
    world.pulses.kernels["k-2"] = Pulse(launched_pid=5, alive=True, shutting_down=False)
    world.pulses.paths["k-2"] = ("k-1.ipynb",)
    world.locations.kernels["k-2"] = kernel("k-2", candidate(AT), notebooks=("k-1.ipynb",))
    await world.pass_time(3)
    assert [each.code for each in world.news.of("k-2").findings] == ["file-not-updated"]

    world.recorder.file_saved("environment.yml", "digest")
    await world.rest()
    assert world.news.of("k-2").findings == ()


@pytest.mark.parametrize("create_file", [False, True])
async def test_no_file_is_made_where_there_was_none_unless_that_is_wanted(create_file):
    world = World("k-1", on_shutdown="file", create_file=create_file)
    await world.pass_time(3)
    del world.pulses.kernels["k-1"]
    await world.pass_time()

    assert bool(world.files.files) == create_file


async def test_a_file_that_is_changed_by_any_program_is_compared_again():
    world = World("k-1", files={"environment.yml": HAND_WRITTEN})
    await world.pass_time(3)
    before = world.news.of("k-1").drift.file
    world.files.files["environment.yml"] = HAND_WRITTEN.replace("1.0", "2.1.0")
    await world.pass_time(6)

    after = world.news.of("k-1").drift.file
    assert after.requested + after.indirect == before.requested + before.indirect - 1
    assert ("k-1", "file") in {(each, change) for each, change, *_ in world.heard.changes}


async def test_a_file_that_the_user_saved_meanwhile_is_no_conflict():
    world = World("k-1", files={"environment.yml": HAND_WRITTEN}, on_shutdown="file")
    await world.pass_time(3)
    world.files.files["environment.yml"] = HAND_WRITTEN + "  - dask\n"
    saved = (await world.files.read("environment.yml")).digest
    world.recorder.file_saved("environment.yml", saved)
    await world.rest()
    world.environments.prefixes[AT] = _with_polars(environment())
    del world.pulses.kernels["k-1"]
    await world.pass_time()

    assert "numpy=2.1.0" in world.files.files["environment.yml"]


async def test_a_restart_brings_what_was_installed_and_what_was_loaded_is_told_before():
    world = World("k-1")
    await world.pass_time(3)
    newer = replace(environment(numpy="2.2.0"), digest="newer")
    world.environments.prefixes[AT] = newer
    await world.pass_time(SETTLE_S + 4)
    told = [each.code for each in world.news.of("k-1").findings]

    world.pulses.kernels["k-1"] = Pulse(launched_pid=2, alive=True, shutting_down=False)
    await world.pass_time(3)

    assert told == ["loaded-before-change"]
    assert world.news.of("k-1").findings == ()
