"""What is remembered of a kernel through its life, death and restart."""

import asyncio
from datetime import datetime, timedelta, timezone

import pytest
from msgspec.structs import replace

from jupyter_envsnap.core.errors import KernelNotFound, KernelRemote
from jupyter_envsnap.core.model import Candidate, How, KernelFacts, Prefix
from jupyter_envsnap.core.ports import Location
from jupyter_envsnap.lifecycle import KernelLocations, located

NOON = datetime(2026, 11, 22, 12, tzinfo=timezone.utc)
LATER = NOON + timedelta(minutes=5)


def _says(how: str, path: str) -> Candidate:
    return Candidate(prefix=Prefix(path=path, kind="conda"), how=How(how), confidence="certain")


GUESS = _says("kernelspec", "/guess")
SEEN = _says("process", "/env")
NAMED = _says("metadata", "/env")

STARTING = KernelFacts(
    kernel_id="k",
    kernel_name="n",
    display_name="N",
    state="starting",
    notebooks=("a.ipynb",),
    candidates=(GUESS,),
    pid=1,
    launched_pid=1,
)
RUNNING = replace(STARTING, state="idle", candidates=(SEEN, GUESS), pid=2, listening=True)
DEAD = replace(STARTING, state="dead", pid=1, notebooks=())
RESTARTED = replace(STARTING, pid=7, launched_pid=7)
UNSURE = tuple(replace(candidate, confidence="unsure") for candidate in (SEEN, GUESS))
ANSWERED = _says("kernel", "/env")
CHOSEN = _says("chosen", "/envs/mine")
ELSEWHERE = _says("process", "/envs/elsewhere")


@pytest.mark.parametrize(
    ("before", "now", "candidates", "captured_at"),
    [
        pytest.param(None, STARTING, (GUESS,), LATER, id="first look"),
        pytest.param(None, replace(STARTING, candidates=()), (), None, id="nothing found yet"),
        pytest.param(STARTING, RUNNING, (SEEN, GUESS), NOON, id="what is seen beats a guess"),
        pytest.param(
            STARTING, replace(RUNNING, candidates=()), (), None, id="what runs refutes the guess"
        ),
        pytest.param(
            STARTING, replace(STARTING, candidates=()), (GUESS,), NOON, id="a look given up"
        ),
        pytest.param(RUNNING, DEAD, (SEEN, GUESS), NOON, id="dead"),
        pytest.param(
            RUNNING, replace(RESTARTED, state="dead"), (SEEN, GUESS), NOON, id="restarted and dead"
        ),
        pytest.param(STARTING, DEAD, (GUESS,), NOON, id="dead before it listened"),
        pytest.param(
            RUNNING,
            replace(RUNNING, candidates=(_says("process", "/usr"),)),
            (SEEN, GUESS),
            NOON,
            id="the folder is gone: a running process does not move",
        ),
        pytest.param(
            replace(RUNNING, candidates=(NAMED,)),
            replace(RUNNING, candidates=()),
            (NAMED,),
            NOON,
            id="the folder that metadata named is gone",
        ),
        pytest.param(RUNNING, RESTARTED, (GUESS,), LATER, id="restarted"),
        pytest.param(
            RUNNING,
            replace(RESTARTED, candidates=()),
            UNSURE,
            NOON,
            id="restarted, nothing named: as before, until the process tells",
        ),
        pytest.param(
            replace(RESTARTED, candidates=UNSURE),
            replace(RESTARTED, candidates=(ELSEWHERE,), listening=True),
            (ELSEWHERE,),
            NOON,
            id="restarted into another environment",
        ),
        pytest.param(
            RUNNING,
            replace(RESTARTED, candidates=(), listening=True),
            (),
            None,
            id="restarted into none",
        ),
    ],
)  # fmt: skip
def test_the_best_answer_so_far_is_kept(before, now, candidates, captured_at):
    kept = Location(facts=before, captured_at=NOON) if before else None
    after = located(kept, now, now=LATER)
    assert after.facts.candidates == candidates
    assert after.captured_at == captured_at
    assert after.facts.state == now.state


def test_a_dead_kernel_keeps_its_notebooks_and_a_living_one_has_those_of_now():
    before = Location(facts=RUNNING, captured_at=NOON)
    assert located(before, DEAD, now=LATER).facts.notebooks == ("a.ipynb",)
    moved = replace(RUNNING, notebooks=())
    assert located(before, moved, now=LATER).facts.notebooks == ()


class FakeKernels:
    """``ports.Kernels`` whose kernels are what the test says."""

    def __init__(self, **kernels: KernelFacts) -> None:
        self.kernels = kernels
        self.looks: list[str] = []
        self.looked = asyncio.Condition()
        self.open = asyncio.Event()
        self.open.set()
        self.begun = asyncio.Event()

    def ids(self) -> tuple[str, ...]:
        return tuple(self.kernels)

    async def ask(self, kernel_id: str) -> Candidate:
        assert self.kernels[kernel_id].state == "idle"
        return ANSWERED

    async def facts(self, kernel_id: str) -> KernelFacts:
        self.looks.append(kernel_id)
        self.begun.set()
        found = self.kernels.get(kernel_id)
        await self.open.wait()
        async with self.looked:
            self.looked.notify_all()
        if found is None:
            raise KernelNotFound("There is no such kernel.", kernel_id=kernel_id)
        return replace(found, kernel_id=kernel_id)

    async def looked_at(self, kernel_id: str, times: int) -> None:
        async with self.looked:
            await asyncio.wait_for(
                self.looked.wait_for(lambda: self.looks.count(kernel_id) >= times), 10
            )


def _locations(kernels: FakeKernels) -> KernelLocations:
    return KernelLocations(kernels, lambda: NOON)


async def test_callers_at_once_share_one_look():
    kernels = FakeKernels(k=RUNNING)
    locations = _locations(kernels)
    answers = await asyncio.gather(*(locations.locate("k") for _ in range(100)))
    assert len(set(map(id, answers))) == 1
    assert kernels.looks == ["k"]


async def test_a_caller_that_goes_away_takes_nothing_from_the_others():
    kernels = FakeKernels(k=RUNNING)
    kernels.open.clear()
    locations = _locations(kernels)
    first = asyncio.ensure_future(locations.locate("k"))
    second = asyncio.ensure_future(locations.locate("k"))
    await asyncio.sleep(0)
    first.cancel()
    kernels.open.set()
    assert (await second).facts == RUNNING


async def test_a_kernel_is_captured_at_start_and_looked_at_until_it_listens():
    kernels = FakeKernels(k=replace(STARTING, candidates=()))
    locations = _locations(kernels)
    locations.notice("k")
    await kernels.looked_at("k", 2)
    kernels.kernels["k"] = RUNNING
    await kernels.looked_at("k", 3)
    await _idle(locations)
    kernels.kernels["k"] = DEAD
    assert (await locations.locate("k")).facts.candidates == (SEEN, GUESS)
    assert len(kernels.looks) == 4


async def test_a_kernel_without_an_event_is_captured_by_the_reconcile():
    kernels = FakeKernels(k=RUNNING)
    locations = _locations(kernels)
    locations.start()
    await kernels.looked_at("k", 1)
    kernels.kernels["late"] = RUNNING
    await kernels.looked_at("late", 1)
    assert kernels.looks == ["k", "late"]
    await locations.stop()


async def test_an_event_during_a_look_is_answered_by_another_look():
    kernels = FakeKernels(k=RUNNING)
    kernels.open.clear()
    locations = _locations(kernels)
    look = asyncio.ensure_future(locations.locate("k"))
    await asyncio.sleep(0)
    kernels.kernels["k"] = replace(RUNNING, launched_pid=7, pid=7, candidates=(NAMED,))
    locations.notice("k")
    kernels.open.set()
    await look
    await kernels.looked_at("k", 2)
    await _idle(locations)
    kernels.kernels["k"] = replace(DEAD, launched_pid=7)
    assert (await locations.locate("k")).facts.candidates == (NAMED,)


async def test_an_event_during_the_look_at_start_is_answered_by_another_look():
    kernels = FakeKernels(k=RUNNING)
    kernels.open.clear()
    locations = _locations(kernels)
    locations.notice("k")
    await kernels.begun.wait()
    locations.notice("k")
    kernels.open.set()
    await _idle(locations)
    assert kernels.looks == ["k", "k"]


async def test_a_kernel_that_left_the_server_is_forgotten():
    kernels = FakeKernels(k=RUNNING)
    locations = _locations(kernels)
    await locations.locate("k")
    facts = kernels.kernels.pop("k")
    with pytest.raises(KernelNotFound):
        await locations.locate("k")
    kernels.kernels["k"] = replace(facts, candidates=(), state="dead")
    assert (await locations.locate("k")).captured_at is None


async def test_what_the_user_chose_stands_before_all_else_until_it_is_taken_back():
    kernels = FakeKernels(k=RUNNING)
    locations = _locations(kernels)

    chosen = await locations.choose("k", CHOSEN.prefix)
    again = await locations.locate("k")
    assert chosen.facts.candidates == again.facts.candidates == (CHOSEN, SEEN, GUESS)

    taken_back = await locations.choose("k", None)
    assert taken_back.facts.candidates == (SEEN, GUESS)


async def test_a_choice_outlives_a_restart_and_the_kernels_death():
    kernels = FakeKernels(k=RUNNING)
    locations = _locations(kernels)
    await locations.choose("k", CHOSEN.prefix)
    for now in (RESTARTED, replace(RUNNING, launched_pid=7), DEAD):
        kernels.kernels["k"] = now
        assert (await locations.locate("k")).facts.candidates[0] == CHOSEN


async def test_a_choice_says_where_a_kernel_is_that_names_no_environment():
    locations = _locations(FakeKernels(k=replace(RUNNING, candidates=())))
    location = await locations.choose("k", CHOSEN.prefix)
    assert (location.facts.candidates, location.captured_at) == ((CHOSEN,), NOON)


async def test_nothing_is_chosen_for_a_remote_kernel():
    locations = _locations(FakeKernels(k=replace(RUNNING, remote=True, candidates=())))
    with pytest.raises(KernelRemote):
        await locations.choose("k", CHOSEN.prefix)


async def test_an_answer_stands_as_long_as_its_process():
    kernels = FakeKernels(k=RUNNING)
    locations = _locations(kernels)
    await locations.locate("k")

    asked = await locations.ask("k")
    assert asked.facts.candidates == (ANSWERED, SEEN, GUESS)

    kernels.kernels["k"] = replace(RUNNING, launched_pid=7)
    assert ANSWERED not in (await locations.locate("k")).facts.candidates


async def test_an_answer_over_a_restart_is_nobodys():
    class Restarting(FakeKernels):
        async def ask(self, kernel_id):
            self.kernels[kernel_id] = replace(RUNNING, launched_pid=7)
            return ANSWERED

    locations = _locations(Restarting(k=RUNNING))
    await locations.locate("k")
    assert ANSWERED not in (await locations.ask("k")).facts.candidates


async def test_what_was_said_of_a_kernel_that_left_is_forgotten():
    kernels = FakeKernels(k=RUNNING)
    locations = _locations(kernels)
    await locations.choose("k", CHOSEN.prefix)
    await locations.ask("k")
    kernels.kernels.pop("k")
    with pytest.raises(KernelNotFound):
        await locations.locate("k")
    kernels.kernels["k"] = RUNNING
    assert (await locations.locate("k")).facts.candidates == (SEEN, GUESS)


async def test_all_kernels_are_told_in_the_order_of_their_ids():
    class Leaving(FakeKernels):
        def ids(self):
            return (*super().ids(), "left")

    locations = _locations(Leaving(b=RUNNING, a=STARTING))
    assert [found.facts.kernel_id for found in await locations.all()] == ["a", "b"]


async def test_one_kernel_that_cannot_be_looked_at_is_logged_and_hides_no_other(caplog):
    class Broken(FakeKernels):
        async def facts(self, kernel_id):
            if kernel_id == "bad":
                raise OSError("no such luck")
            return await super().facts(kernel_id)

    locations = _locations(Broken(bad=RUNNING, good=STARTING))
    assert [found.facts.kernel_id for found in await locations.all()] == ["good"]
    assert "no such luck" in caplog.text
    with pytest.raises(OSError, match="no such luck"):
        await locations.locate("bad")


async def test_what_happens_as_a_look_ends_is_followed_by_another():
    kernels = FakeKernels(k=RUNNING)
    locations = _locations(kernels)
    ended = asyncio.ensure_future(asyncio.sleep(0))
    await ended
    # As it is between a capture's end and its callback.
    locations._captures["k"] = ended
    locations.notice("k")
    await kernels.looked_at("k", 1)
    await locations.stop()


async def test_stopping_ends_every_task():
    kernels = FakeKernels(k=STARTING, slow=STARTING)
    locations = _locations(kernels)
    locations.start()
    await kernels.looked_at("slow", 1)
    kernels.open.clear()
    locations.notice("k")
    await locations.stop()
    await locations.stop()
    assert asyncio.all_tasks() == {asyncio.current_task()}


async def _idle(locations: KernelLocations) -> None:
    await asyncio.wait_for(asyncio.gather(*locations._captures.values()), 10)
