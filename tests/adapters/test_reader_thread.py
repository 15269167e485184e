from __future__ import annotations

import asyncio
import subprocess
import sys
import threading

import pytest

from jupyter_envsnap.adapters.reader_thread import ReaderThread, Stuck


@pytest.fixture
def stuck():
    """A call that does not return before the test ends, as one on a dead mount."""
    end = threading.Event()
    yield end.wait
    end.set()


@pytest.fixture
def reader():
    return ReaderThread("test", limit_s=0.2)


async def test_who_asks_meanwhile_shares_the_answer(reader):
    calls, go = [], threading.Event()

    def call():
        calls.append(1)
        go.wait()
        return object()

    asked = [asyncio.ensure_future(reader.run("p", "read", call)) for _ in range(20)]
    await asyncio.sleep(0)
    go.set()
    answers = await asyncio.gather(*asked)
    assert (len(calls), len(set(map(id, answers)))) == (1, 1)
    await reader.run("p", "read", call)
    assert len(calls) == 2


async def test_a_caller_that_leaves_does_not_take_the_answer_away(reader):
    go = threading.Event()

    def call():
        go.wait()
        return "answer"

    first, second = (asyncio.ensure_future(reader.run("p", "read", call)) for _ in range(2))
    await asyncio.sleep(0)
    first.cancel()
    await asyncio.sleep(0)
    go.set()
    assert await second == "answer"


async def test_an_error_reaches_every_caller(reader):
    def call():
        raise KeyError("x")

    asked = [reader.run("p", "read", call) for _ in range(3)]
    answers = await asyncio.gather(*asked, return_exceptions=True)
    assert [type(answer) for answer in answers] == [KeyError] * 3


async def test_a_stuck_read_is_given_up_and_later_ones_go_on(reader, stuck):
    dead = asyncio.ensure_future(reader.run("dead", "read", stuck))
    await asyncio.sleep(0)
    behind = asyncio.ensure_future(reader.run("alive", "read", lambda: "behind"))
    with pytest.raises(Stuck):
        await dead
    assert await behind == "behind"
    assert await reader.run("alive", "read", lambda: "later") == "later"


async def test_the_stuck_read_of_a_caller_that_left_is_given_up_too(reader, stuck):
    dead = asyncio.ensure_future(reader.run("dead", "read", stuck))
    await asyncio.sleep(0)
    dead.cancel()
    assert await reader.run("alive", "read", lambda: "answer") == "answer"


async def test_what_is_stuck_costs_one_thread_and_is_not_waited_for_again(reader, stuck):
    with pytest.raises(Stuck):
        await reader.run("dead", "read", stuck)
    threads = threading.active_count()
    for key in ("read", "fingerprint") * 5:
        with pytest.raises(Stuck):
            await asyncio.wait_for(reader.run("dead", key, stuck), 0.1)
    assert threading.active_count() == threads


async def test_few_threads_are_ever_left_behind(stuck):
    reader = ReaderThread("test", limit_s=0.01)
    before = threading.active_count()
    for subject in range(30):
        with pytest.raises(Stuck):
            await reader.run(subject, subject, stuck)
    assert threading.active_count() - before <= 9


async def test_what_was_stuck_can_be_read_once_it_answers(reader):
    go, left = threading.Event(), threading.Event()

    def call():
        left_thread.append(threading.current_thread())
        go.wait()
        left.set()

    left_thread: list[threading.Thread] = []
    with pytest.raises(Stuck):
        await reader.run("p", "read", call)
    go.set()
    left.wait()
    left_thread[0].join()
    assert await reader.run("p", "read", lambda: "answer") == "answer"


def test_a_stuck_read_does_not_keep_the_process_from_ending():
    code = (
        "import asyncio, threading\n"
        "from jupyter_envsnap.adapters.reader_thread import ReaderThread, Stuck\n"
        "async def main():\n"
        "    try:\n"
        "        await ReaderThread('x', limit_s=0.05).run('p', 'p', threading.Event().wait)\n"
        "    except Stuck:\n"
        "        print('given up')\n"
        "asyncio.run(main())\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=20, check=True
    )
    assert done.stdout == "given up\n"
