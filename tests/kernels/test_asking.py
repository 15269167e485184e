"""A kernel that its user wants asked: the answer is right, and nothing of the question stays."""

import asyncio
import json
import os
from contextlib import asynccontextmanager

import pytest

from jupyter_envsnap.core.errors import (
    KernelBusy,
    KernelDidNotAnswer,
    KernelWithoutEnvironment,
)
from jupyter_envsnap.core.model import How
from jupyter_envsnap.core.prefix import resolve
from tests.kernels.real import IPYKERNEL, LIMIT_S, python_of, until

TRACES = """
import builtins as _b, json as _j, sys as _s
print(_j.dumps({
    "In": In, "Out": {str(k): v for k, v in Out.items()}, "count": get_ipython().execution_count,
    "names": sorted(n for n in get_ipython().user_ns if not n[2:].isdigit()),
    "builtins": sorted(vars(_b)),
    "history": get_ipython().history_manager.input_hist_raw,
}))"""

pytestmark = pytest.mark.parametrize("ipykernel", ["ipykernel>=6,<7", "ipykernel>=7,<8"])


@pytest.fixture
async def asked(start, manager, lent, plain_venv, ipykernel):
    """A kernel of that ipykernel in a venv, and a client on it as a notebook has one."""
    variables = {"PYTHONPATH": lent(ipykernel)}
    kernel_id = await start([python_of(plain_venv), *IPYKERNEL], env=variables)
    async with _client(manager, kernel_id) as client:
        version = await _print(client, "import ipykernel; print(ipykernel.__version__)")
        assert version.partition(".")[0] in ipykernel
        yield kernel_id, client


async def test_it_names_its_environment(asked, locations, kernels, plain_venv):
    kernel_id, _ = asked

    answer = resolve((await _ask(locations, kernel_id, kernels)).facts)

    assert (answer.prefix.path, answer.how, answer.confidence) == (
        str(plain_venv),
        How.KERNEL,
        "certain",
    )
    assert answer.prefix.kind == "venv"
    assert answer.alternatives == ()


async def test_nothing_of_the_question_stays(asked, kernels):
    kernel_id, client = asked
    await _print(client, "a = 41")
    await _print(client, "a + 1")
    before = json.loads(await _print(client, TRACES))

    for _ in range(5):
        await _ask(kernels, kernel_id)

    after = json.loads(await _print(client, TRACES))
    assert after["count"] == before["count"] + 1
    for grown in ("In", "history"):
        assert after[grown][:-1] == before[grown]
    for untouched in ("Out", "names", "builtins"):
        assert after[untouched] == before[untouched]
    assert await _print(client, "print(_ + 1)") == "43"


async def test_the_users_next_input_is_answered_by_the_user(asked, kernels):
    kernel_id, client = asked
    await _ask(kernels, kernel_id)

    client.execute("print('Hello', input('Who? '))", allow_stdin=True)
    question = await client.get_stdin_msg(timeout=LIMIT_S)
    client.input("Ada")

    assert question["content"]["prompt"] == "Who? "
    assert "Hello Ada" in await _output(client)


async def test_a_busy_kernel_is_not_asked_and_works_on(asked, kernels, tmp_path):
    kernel_id, client = asked
    gate = tmp_path / "gate"
    os.mkfifo(gate)
    client.execute(f"print(open({str(gate)!r}).read())")
    await until(lambda: kernels.facts(kernel_id), lambda facts: facts.state == "busy")

    with pytest.raises(KernelBusy):
        await kernels.ask(kernel_id)
    await asyncio.to_thread(gate.write_text, "went on")

    assert await _output(client) == "went on"


async def test_a_kernel_that_begins_to_work_meanwhile_is_left_to_it(
    asked, kernels, manager, tmp_path
):
    kernel_id, client = asked
    gate = tmp_path / "gate"
    os.mkfifo(gate)
    client.execute(f"print(open({str(gate)!r}).read())")
    await until(lambda: kernels.facts(kernel_id), lambda facts: facts.state == "busy")
    manager.get_kernel(kernel_id).execution_state = "idle"  # as told a moment before

    with pytest.raises(KernelDidNotAnswer):
        await kernels.ask(kernel_id)
    await asyncio.to_thread(gate.write_text, "went on")

    assert await _output(client) == "went on"
    client.execute("print(input('Who? '))", allow_stdin=True)
    await client.get_stdin_msg(timeout=LIMIT_S)
    client.input("Ada")
    assert "Ada" in await _output(client)
    assert (await _ask(kernels, kernel_id)).how is How.KERNEL


async def test_a_kernel_whose_folder_is_another_here_is_not_believed(asked, kernels, tmp_path):
    kernel_id, client = asked
    for elsewhere in (tmp_path / "missing", tmp_path):
        await _print(client, f"import sys; sys.prefix = {str(elsewhere)!r}")
        with pytest.raises((KernelDidNotAnswer, KernelWithoutEnvironment)):
            await _ask(kernels, kernel_id)


@pytest.mark.parametrize(
    "disguise",
    ["sys.prefix = 7", "sys.prefix = 'x' * 1_000_000", "__import__ = None", "del sys"],
)
async def test_a_kernel_in_disguise_is_told_and_harms_nothing(asked, kernels, disguise):
    kernel_id, client = asked
    await _print(client, f"import sys; {disguise}")
    if disguise == "del sys":
        assert (await _ask(kernels, kernel_id)).how is How.KERNEL
        return
    with pytest.raises(KernelDidNotAnswer):
        await _ask(kernels, kernel_id)


async def test_after_a_restart_the_answer_of_the_process_before_is_forgotten(
    asked, locations, kernels, manager
):
    kernel_id, _ = asked
    assert resolve((await _ask(locations, kernel_id, kernels)).facts).how is How.KERNEL

    await manager.restart_kernel(kernel_id, now=True)
    locations.notice(kernel_id)
    facts = await until(lambda: _facts(locations, kernel_id), lambda facts: facts.listening)

    assert resolve(facts).how is How.PROCESS


@asynccontextmanager
async def _client(manager, kernel_id):
    client = manager.get_kernel(kernel_id).client()
    client.start_channels()
    try:
        await client.wait_for_ready(timeout=LIMIT_S)
        yield client
    finally:
        client.stop_channels()


async def _print(client, code) -> str:
    client.execute(code)
    return await _output(client)


async def _output(client) -> str:
    """What the cell printed that ends next."""
    printed = ""
    begun = False
    while True:
        message = await client.get_iopub_msg(timeout=LIMIT_S)
        content = message["content"]
        begun = begun or message["msg_type"] == "execute_input"
        printed += content.get("text", "") if message["msg_type"] == "stream" else ""
        assert message["msg_type"] != "error", content
        if begun and content.get("execution_state") == "idle":
            return printed.strip()


async def _ask(whom, kernel_id, kernels=None):
    """Ask, once the server knows that the cell before has ended."""
    looks = kernels or whom
    await until(lambda: looks.facts(kernel_id), lambda facts: facts.state == "idle")
    return await whom.ask(kernel_id)


async def _facts(locations, kernel_id):
    return (await locations.locate(kernel_id)).facts
