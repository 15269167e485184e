"""The use cases over fakes: which environment is answered for, kept and found again."""

import asyncio

import pytest
from msgspec.structs import replace

from jupyter_envsnap import service as service_module
from jupyter_envsnap.core import wire
from jupyter_envsnap.core.errors import (
    BadRequest,
    FormatUnknown,
    HistoryUnavailable,
    KernelNotFound,
    KernelRemote,
    KernelStarting,
    KernelWithoutEnvironment,
    PrefixMissing,
    PrefixRefused,
    PrefixUnreadable,
    ProfileUnknown,
    ReferenceInvalid,
    SnapshotNotFound,
)
from jupyter_envsnap.core.model import How, Progress, Reason
from jupyter_envsnap.news import Everyone, LatestNews
from jupyter_envsnap.recent import Recent
from jupyter_envsnap.service import Service
from tests.fakes import (
    NOON,
    MemoryEnvironments,
    MemoryHistory,
    MemoryJournal,
    MemoryLocations,
    MemoryPrefixes,
    TickingClock,
    candidate,
    environment,
    kernel,
    writing,
)

CLIMATE = "/envs/climate"
OTHER = "/envs/other"
CLIMATE_NOW = environment("climate")

KERNELS = (
    kernel("k-1", candidate(CLIMATE), notebooks=("a.ipynb", "b.ipynb")),
    kernel("k-dead", candidate(OTHER), state="dead"),
    kernel("k-dead-early", state="dead"),
    kernel("k-gone", candidate("/envs/gone")),
    kernel("k-nowhere"),
    kernel("k-remote", candidate(CLIMATE, How.KERNELSPEC), remote=True),
    kernel("k-starting", state="starting"),
    kernel("k-starting-known", candidate(CLIMATE, How.METADATA), state="starting"),
    kernel("k-two", candidate(CLIMATE), candidate(OTHER, How.METADATA)),
    kernel("k-unreadable", candidate("/envs/damaged")),
)


@pytest.fixture
def locations():
    return MemoryLocations(*KERNELS)


@pytest.fixture
def environments():
    return MemoryEnvironments(
        {
            CLIMATE: CLIMATE_NOW,
            OTHER: environment("other"),
            "/envs/damaged": PrefixUnreadable("The folder may not be read."),
        }
    )


@pytest.fixture
def history():
    return MemoryHistory()


@pytest.fixture
def service(locations, environments, history):
    return Service(
        locations=locations,
        environments=environments,
        prefixes=MemoryPrefixes(),
        history=history,
        clock=TickingClock(),
        news=LatestNews(),
        told=Everyone(),
        journal=MemoryJournal(),
        writing=writing(environments),
    )


def _take(service, kernel_id="k-1", **fields):
    return service.take_snapshot(wire.SnapshotRequest(kernel_id=kernel_id, **fields))


async def test_each_kernel_is_listed_with_its_prefix_or_its_problem(service):
    listed = {row.kernel_id: row for row in (await service.kernels()).kernels}

    told = {
        kernel_id: (row.prefix and row.prefix.path, row.how, row.problem and row.problem.code)
        for kernel_id, row in listed.items()
    }
    assert told == {
        "k-1": (CLIMATE, How.PROCESS, None),
        "k-dead": (OTHER, How.PROCESS, None),
        "k-dead-early": (None, How.UNKNOWN, "kernel-without-environment"),
        "k-gone": ("/envs/gone", How.PROCESS, "prefix-missing"),
        "k-nowhere": (None, How.UNKNOWN, "kernel-without-environment"),
        "k-remote": (None, How.REMOTE, "kernel-remote"),
        "k-starting": (None, How.UNKNOWN, "kernel-starting"),
        "k-starting-known": (CLIMATE, How.METADATA, None),
        "k-two": (CLIMATE, How.PROCESS, None),
        "k-unreadable": ("/envs/damaged", How.PROCESS, "prefix-unreadable"),
    }
    with_fingerprint = {kernel_id for kernel_id, row in listed.items() if row.fingerprint}
    assert with_fingerprint == {"k-1", "k-dead", "k-starting-known", "k-two"}


async def test_a_kernel_row_says_what_is_known_of_it(service):
    row = (await service.kernels()).kernels[0]

    assert (row.notebooks, row.captured_at) == (("a.ipynb", "b.ipynb"), NOON)
    assert row.confidence == "certain"


async def test_the_process_wins_over_the_kernelspec_and_the_other_answer_is_listed(service):
    listed = {row.kernel_id: row for row in (await service.kernels()).kernels}

    assert [other.prefix.path for other in listed["k-two"].alternatives] == [OTHER]
    assert listed["k-1"].alternatives == ()
    assert (await service.environment("k-two")).name == "climate"


async def test_a_prefix_that_does_not_answer_holds_up_no_other(service, environments, monkeypatch):
    monkeypatch.setattr(service_module, "FINGERPRINT_TIMEOUT_S", 0.01)
    environments.prefixes[OTHER] = None

    listed = {row.kernel_id: row for row in (await service.kernels()).kernels}

    assert listed["k-dead"].problem.code == "read-timed-out"
    assert listed["k-1"].fingerprint


async def test_a_first_reading_is_no_problem_and_tells_how_far_it_is(
    service, environments, monkeypatch
):
    monkeypatch.setattr(service_module, "FINGERPRINT_TIMEOUT_S", 0.01)
    environments.prefixes[OTHER] = None
    environments.first_readings[OTHER] = Progress(done=88, total=142)

    listed = {row.kernel_id: row for row in (await service.kernels()).kernels}

    assert listed["k-dead"].first_reading == Progress(done=88, total=142)
    assert (listed["k-dead"].problem, listed["k-dead"].fingerprint) == (None, None)
    assert listed["k-1"].first_reading is None


async def test_kernels_in_one_prefix_share_one_look(service, environments):
    await service.kernels()

    assert environments.asked.count(CLIMATE) == 1


async def test_lists_that_are_asked_for_at_once_are_one(service, environments):
    lists = await asyncio.gather(*(service.kernels() for _ in range(100)))

    assert environments.asked.count(CLIMATE) == 1
    assert len(set(map(id, lists))) == 1


@pytest.fixture(params=["locations", "environments"])
async def on_its_way(service, locations, environments, monkeypatch, request):
    """A list, asked for while k-1's is chosen, that waits for the kernels or an environment."""
    await service.choose("k-1", wire.PrefixChoice(path=OTHER))
    reached, go = asyncio.Event(), asyncio.Event()

    def waiting(look):
        async def waited(*about):
            found = await look(*about)
            reached.set()
            await go.wait()
            return found

        return waited

    slow, name = {
        "locations": (locations, "all"),
        "environments": (environments, "fingerprint"),
    }[request.param]
    with monkeypatch.context() as patch:
        patch.setattr(slow, name, waiting(getattr(slow, name)))
        listing = asyncio.ensure_future(service.kernels())
        await reached.wait()
    yield listing
    go.set()
    await asyncio.wait({listing})


@pytest.mark.usefixtures("on_its_way")
async def test_who_asks_after_a_choice_was_taken_back_is_told_so(service):
    await service.choose("k-1", wire.PrefixChoice(path=None))

    assert (await _rows(service))["k-1"].how is How.PROCESS


@pytest.mark.usefixtures("on_its_way")
async def test_who_asks_after_the_kernel_was_asked_is_told_of_its_answer(service):
    await service.ask("k-two")

    assert (await _rows(service))["k-two"].how is How.KERNEL


@pytest.mark.usefixtures("on_its_way")
async def test_who_asks_after_a_kernel_started_is_told_of_it(service, locations):
    locations.kernels["k-new"] = kernel("k-new", candidate(CLIMATE))

    assert "k-new" in await _rows(service)


async def _rows(service):
    """The list, that must not wait for the one on its way."""
    listed = await asyncio.wait_for(service.kernels(), 10)
    return {row.kernel_id: row for row in listed.kernels}


async def test_a_list_on_its_way_ends_with_the_server(service, on_its_way):
    await service.stop()

    assert on_its_way.cancelled()


async def test_where_sources_disagree_a_finding_says_so_with_the_environment(service):
    row = next(row for row in (await service.kernels()).kernels if row.kernel_id == "k-two")
    taken = await _take(service, "k-two")

    assert [finding.code for finding in row.findings] == ["sources-disagree"]
    assert row.findings[0] in taken.findings
    assert all(path in row.findings[0].message for path in (CLIMATE, OTHER))


async def test_the_user_chooses_among_the_environments_that_the_server_found(service):
    found = {known.prefix.path for known in (await service.prefixes()).prefixes}
    chosen = await service.choose("k-1", wire.PrefixChoice(path=OTHER))
    taken_back = await service.choose("k-1", wire.PrefixChoice(path=None))

    assert {CLIMATE, OTHER} <= found
    assert (chosen.prefix.path, chosen.how, chosen.confidence) == (OTHER, How.CHOSEN, "certain")
    assert (taken_back.prefix.path, taken_back.how) == (CLIMATE, How.PROCESS)


async def test_what_was_chosen_is_read_kept_and_saved(service):
    await service.choose("k-1", wire.PrefixChoice(path=OTHER))

    taken = await _take(service)

    assert (await service.environment("k-1")).name == "other"
    assert (taken.snapshot.prefix, taken.snapshot.how) == (OTHER, How.CHOSEN)
    assert (await service.source("kernel:k-1")).prefix == OTHER


@pytest.mark.parametrize(
    "path",
    ["/etc", "/", "", ".", "../envs/other", "/envs/other/", "/envs/./other", "C:\\envs", "\0"],
)
async def test_an_environment_that_the_server_did_not_find_is_refused(service, environments, path):
    with pytest.raises(PrefixRefused):
        await service.choose("k-1", wire.PrefixChoice(path=path))

    assert path not in environments.asked


@pytest.mark.parametrize("path", [None, OTHER])
async def test_nothing_is_chosen_for_a_kernel_that_is_not_there(service, path):
    for kernel_id in ("unknown", "../../etc", "x" * 10_000):
        with pytest.raises(KernelNotFound):
            await service.choose(kernel_id, wire.PrefixChoice(path=path))


async def test_a_kernel_that_is_asked_names_its_environment(service, locations):
    locations.answers["k-nowhere"] = candidate(OTHER, How.KERNEL)

    row = await service.ask("k-nowhere")

    assert (row.prefix.path, row.how, row.problem) == (OTHER, How.KERNEL, None)
    with pytest.raises(KernelNotFound):
        await service.ask("x" * 10_000)


async def test_environments_are_listed_without_the_history_too(service, history):
    async def unavailable():
        raise HistoryUnavailable("It is damaged.")

    history.prefixes = unavailable

    assert {known.prefix.path for known in (await service.prefixes()).prefixes} >= {OTHER}


async def test_a_prefix_of_the_history_may_be_chosen(service, history, locations):
    await _take(service, "k-dead")
    del locations.kernels["k-dead"], locations.kernels["k-two"]

    assert await history.prefixes() == (OTHER,)
    assert (await service.choose("k-1", wire.PrefixChoice(path=OTHER))).prefix.path == OTHER


@pytest.mark.parametrize(
    ("kernel_id", "name"),
    [("k-1", "climate"), ("k-dead", "other"), ("k-starting-known", "climate")],
)
async def test_the_environment_is_the_one_the_kernel_runs_in(service, kernel_id, name):
    assert (await service.environment(kernel_id)).name == name


@pytest.mark.parametrize(
    ("kernel_id", "error", "word"),
    [
        ("k-remote", KernelRemote, "another computer"),
        ("k-starting", KernelStarting, "starting"),
        ("k-nowhere", KernelWithoutEnvironment, "Python 3"),
        ("k-dead-early", KernelWithoutEnvironment, "Restart"),
        ("k-gone", PrefixMissing, "gone"),
        ("k-unreadable", PrefixUnreadable, "read"),
        ("unknown", KernelNotFound, "no such kernel"),
        ("../../etc", KernelNotFound, "no such kernel"),
        ("\0", KernelNotFound, "no such kernel"),
        ("x" * 10_000, KernelNotFound, "no such kernel"),
    ],
)
async def test_a_kernel_without_an_environment_is_told_in_words(service, kernel_id, error, word):
    with pytest.raises(error, match=word) as raised:
        await service.environment(kernel_id)

    assert len(raised.value.message) < 200


async def test_a_remote_kernel_is_never_looked_for_on_this_host(service, environments):
    with pytest.raises(KernelRemote):
        await service.environment("k-remote")

    assert environments.asked == []


async def test_a_document_is_the_environment_in_the_format_asked_for(service):
    document = await service.document("k-1", wire.DocumentQuery())

    assert "numpy==2.1.0" in document.text
    assert (document.format, document.profile) == ("environment-yaml", "versions")


@pytest.mark.parametrize(
    ("query", "error"),
    [
        (wire.DocumentQuery(format="nope"), FormatUnknown),
        (wire.DocumentQuery(profile="nope"), ProfileUnknown),
    ],
)
async def test_an_unknown_format_or_profile_is_refused(service, query, error):
    with pytest.raises(error):
        await service.document("k-1", query)


async def test_a_snapshot_keeps_the_environment_with_its_kernel_and_notebook(service, history):
    taken = (await _take(service, note="before the upgrade")).snapshot

    assert (await history.get(taken.id)) == (taken, CLIMATE_NOW)
    assert taken.reason is Reason.MANUAL
    assert (taken.kernel_id, taken.kernel_name, taken.notebook) == ("k-1", "python3", "a.ipynb")
    assert (taken.prefix, taken.how, taken.note) == (CLIMATE, How.PROCESS, "before the upgrade")
    assert (taken.conda_count, taken.pypi_count) == (2, 1)
    assert taken.digest == CLIMATE_NOW.digest


@pytest.mark.parametrize("fields", [{}, {"note": None}, {"note": ""}])
async def test_a_snapshot_without_a_note_has_none(service, fields):
    assert (await _take(service, **fields)).snapshot.note is None


async def test_a_dead_kernel_can_still_be_kept(service):
    assert (await _take(service, "k-dead")).snapshot.name == "other"


async def test_a_snapshot_names_the_one_before_it_when_nothing_changed(service, environments):
    first = await _take(service)
    second = await _take(service)
    environments.prefixes[CLIMATE] = environment("climate", numpy="2.2.0")
    third = await _take(service)

    assert first.unchanged_since is None
    assert second.unchanged_since == first.snapshot
    assert third.unchanged_since is None


async def test_a_snapshot_of_another_notebook_is_not_the_one_before(service, locations):
    await _take(service)
    locations.kernels["k-1"] = kernel("k-1", candidate(CLIMATE), notebooks=("c.ipynb",))

    assert (await _take(service)).unchanged_since is None


async def test_ids_of_snapshots_sort_by_time_and_cannot_be_guessed(service):
    ids = [(await _take(service)).snapshot.id for _ in range(5)]

    assert ids == sorted(ids)
    assert {len(each) for each in ids} == {32}
    assert len({each[14:] for each in ids}) == 5


async def test_pages_of_the_history_meet_without_gap_or_overlap(service):
    ids = [(await _take(service)).snapshot.id for _ in range(5)]

    first = await service.snapshots(wire.SnapshotQuery(limit=2))
    second = await service.snapshots(wire.SnapshotQuery(limit=2, before=first.next))
    third = await service.snapshots(wire.SnapshotQuery(limit=2, before=second.next))

    pages = [[row.id for row in page.snapshots] for page in (first, second, third)]
    assert pages == [[ids[4], ids[3]], [ids[2], ids[1]], [ids[0]]]
    assert third.next is None


async def test_a_page_that_is_just_full_is_the_last(service):
    await _take(service)

    assert (await service.snapshots(wire.SnapshotQuery(limit=1))).next is None


async def test_a_prefix_is_taken_from_a_client_if_the_server_found_it_itself(
    service, locations, environments
):
    await _take(service, "k-dead")
    del locations.kernels["k-dead"]
    environments.asked.clear()

    for prefix, count in [(OTHER, 1), (CLIMATE, 0), ("/envs/gone", 0)]:
        page = await service.snapshots(wire.SnapshotQuery(prefix=prefix))
        assert len(page.snapshots) == count
    for prefix in ["/", "/etc", "", CLIMATE + "/", CLIMATE + "/../climate", "\0"]:
        with pytest.raises(PrefixRefused):
            await service.snapshots(wire.SnapshotQuery(prefix=prefix))
    assert environments.asked == []


async def test_a_snapshot_gives_back_what_was_installed_then(service, environments):
    taken = (await _take(service)).snapshot
    environments.prefixes[CLIMATE] = environment("climate", numpy="2.2.0")

    detail = await service.snapshot(taken.id)
    document = await service.snapshot_document(taken.id, wire.DocumentQuery())

    assert detail == wire.SnapshotDetail(snapshot=taken, environment=CLIMATE_NOW)
    assert "numpy==2.1.0" in document.text


@pytest.mark.parametrize("snapshot_id", ["unknown", "../x", "x" * 10_000, "\0", ""])
async def test_a_snapshot_that_is_not_there_is_told(service, snapshot_id):
    with pytest.raises(SnapshotNotFound) as raised:
        await service.snapshot(snapshot_id)

    assert len(raised.value.message) < 200


async def test_a_reference_stands_for_a_kernel_or_a_snapshot(service):
    of_kernel = await service.source("kernel:k-1")
    taken = (await _take(service)).snapshot
    of_snapshot = await service.source(f"snapshot:{taken.id}")

    # What is kept lies nowhere any more.
    assert replace(of_kernel, place=None) == of_snapshot
    assert (of_kernel.environment, of_kernel.prefix) == (CLIMATE_NOW, CLIMATE)
    assert (of_kernel.kernel_id, of_kernel.notebook) == ("k-1", "a.ipynb")


@pytest.mark.parametrize("reference", ["", "k-1", "file:/etc/passwd", "rev:HEAD:a", "KERNEL:k-1"])
async def test_any_other_reference_is_refused(service, reference):
    with pytest.raises(ReferenceInvalid):
        await service.source(reference)


async def test_recording_keeps_reason_and_note(service, history):
    sourced = await service.source("kernel:k-1")

    snapshot = await service.record(sourced, Reason.SAVED, "environment.yml")

    assert (snapshot.reason, snapshot.note) == (Reason.SAVED, "environment.yml")
    assert history.rows == [(snapshot, CLIMATE_NOW)]


async def test_recent_values_are_made_once_for_all_who_ask():
    made = []
    recent = Recent(keep=2)

    values = await asyncio.gather(
        *(recent.get("a", lambda: made.append("a") or "value") for _ in range(20))
    )

    assert values == ["value"] * 20
    assert made == ["a"]


async def test_the_value_that_was_not_asked_for_longest_is_dropped():
    made = []
    recent = Recent(keep=2)

    for key in ["a", "b", "a", "c", "a", "b"]:
        await recent.get(key, lambda key=key: made.append(key))

    assert made == ["a", "b", "c", "b"]


async def test_a_failure_is_raised_to_all_and_tried_again_next_time():
    recent = Recent(keep=2)

    def fail():
        raise BadRequest("no")

    results = await asyncio.gather(
        *(recent.get("a", fail) for _ in range(3)), return_exceptions=True
    )

    assert {type(result) for result in results} == {BadRequest}
    assert await recent.get("a", lambda: "value") == "value"


async def test_one_who_gives_up_does_not_take_the_value_from_others():
    recent = Recent(keep=2)
    impatient = asyncio.ensure_future(recent.get("a", lambda: "value"))
    patient = asyncio.ensure_future(recent.get("a", lambda: "other"))
    await asyncio.sleep(0)

    impatient.cancel()

    assert await patient == "value"
