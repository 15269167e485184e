"""What many ask for at once is done once."""

import asyncio
import gc

import pytest

from jupyter_envsnap.flights import Flights


class Work:
    """Begins when it is asked for, and ends when it is let go."""

    def __init__(self) -> None:
        self.begun = 0
        self.go = asyncio.Event()

    async def __call__(self) -> int:
        self.begun += 1
        mine = self.begun
        await self.go.wait()
        return mine


@pytest.fixture
def flights() -> Flights[int]:
    return Flights()


@pytest.fixture
def ask(flights):
    """Asks, and is under way."""

    async def asked(work, key="k"):
        waiting = asyncio.ensure_future(flights.join(key, work))
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        return waiting

    return asked


async def test_who_asks_meanwhile_shares_the_answer_and_who_asks_later_begins_anew(ask):
    work = Work()
    first, second = await ask(work), await ask(work)
    work.go.set()
    assert (await first, await second) == (1, 1)
    assert await (await ask(work)) == 2


async def test_other_keys_are_other_work(ask):
    work = Work()
    first, second = await ask(work, "a"), await ask(work, "b")
    work.go.set()
    assert (await first, await second) == (1, 2)


async def test_who_goes_away_takes_the_answer_from_nobody(ask):
    work = Work()
    first, second = await ask(work), await ask(work)
    first.cancel()
    work.go.set()
    assert await second == 1


async def test_after_a_change_the_answer_on_its_way_is_for_those_who_asked_before(ask, flights):
    work = Work()
    before = await ask(work)
    flights.close()
    after, with_it = await ask(work), await ask(work)
    work.go.set()
    assert (await before, await after, await with_it) == (1, 2, 2)


async def test_an_answer_of_before_a_change_ends_nothing_that_began_after_it(ask, flights):
    before, after = Work(), Work()
    early = await ask(before)
    flights.close()
    late = await ask(after)
    before.go.set()
    await early
    later = await ask(after)
    after.go.set()
    assert (await late, await later) == (1, 1)


async def test_a_failure_reaches_all_who_asked_and_is_not_kept(ask):
    work = Work()

    async def fail() -> int:
        await work.go.wait()
        raise LookupError

    first, second = await ask(fail), await ask(fail)
    work.go.set()
    for waiting in (first, second):
        with pytest.raises(LookupError):
            await waiting
    assert await (await ask(work)) == 1


async def test_a_failure_that_nobody_waits_for_disturbs_nobody(ask):
    complaints = []
    asyncio.get_running_loop().set_exception_handler(lambda _, about: complaints.append(about))
    work = Work()

    async def fail() -> int:
        await work.go.wait()
        raise LookupError

    waiting = await ask(fail)
    waiting.cancel()
    work.go.set()
    await asyncio.wait({waiting})
    await asyncio.sleep(0)
    gc.collect()
    assert complaints == []


async def test_what_is_under_way_ends_with_the_server(ask, flights):
    before = await ask(Work())
    flights.close()
    after = await ask(Work())
    await flights.stop()
    for waiting in (before, after):
        with pytest.raises(asyncio.CancelledError):
            await waiting
    await flights.stop()
