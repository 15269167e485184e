"""More requests than can be answered are refused at once; none waits without an end."""

from __future__ import annotations

import asyncio
from collections import Counter

import pytest

from jupyter_envsnap.server.in_flight import MOST
from tests.fakes import environment
from tests.server.conftest import TOKEN, body_of

SLOW = "kernels/k-1/environment"


class Gate:
    """Readings of a prefix that wait until the test lets them go."""

    def __init__(self, environments):
        self._found = environments.prefixes["/envs/climate"]
        self._open = asyncio.Event()
        self._arrived = asyncio.Condition()
        self.waiting = 0
        environments.read = self.read

    async def read(self, prefix):  # noqa: ARG002 - the port's
        async with self._arrived:
            self.waiting += 1
            self._arrived.notify_all()
        await self._open.wait()
        return self._found

    async def holds(self, count):
        async with self._arrived:
            await self._arrived.wait_for(lambda: self.waiting >= count)

    def open(self):
        self._open.set()


@pytest.fixture
def gate(world):
    return Gate(world.environments)


async def _fill(client, gate):
    requests = [asyncio.ensure_future(client.fetch(SLOW)) for _ in range(MOST)]
    await gate.holds(MOST)
    return requests


async def test_a_flood_is_refused_in_words_and_what_was_let_in_is_answered(client, gate):
    requests = await _fill(client, gate)

    refused = await asyncio.gather(*(client.fetch(SLOW) for _ in range(50)))
    gate.open()
    answered = await asyncio.gather(*requests)

    assert Counter(reply.code for reply in refused) == {429: 50}
    assert body_of(refused[0])["code"] == "too-many-requests"
    assert refused[0].headers["Retry-After"] == "1"
    assert Counter(reply.code for reply in answered) == {200: MOST}
    assert (await client.fetch("kernels")).code == 200


@pytest.mark.parametrize("verb", ["GET", "POST", "PUT", "DELETE"])
async def test_in_a_flood_every_route_answers_alike(client, gate, verb):
    requests = await _fill(client, gate)

    paths = ("kernels", "snapshots", "save", "kernels/k-1/prefix", "nope", "openapi.json")
    codes = [(await client.fetch(path, verb)).code for path in paths]
    gate.open()
    await asyncio.gather(*requests)

    assert codes == [429] * len(paths)


async def test_who_is_not_signed_in_takes_no_place(client, gate):
    stranger = type(client)(**{**vars(client), "headers": {}})
    replies = await asyncio.gather(*(stranger.fetch(SLOW) for _ in range(MOST + 50)))
    gate.open()

    assert {reply.code for reply in replies} <= {403, 429}
    assert gate.waiting == 0
    assert (await client.fetch(SLOW)).code == 200


async def test_strangers_whose_bodies_never_come_keep_nobody_out(client):
    head = "GET /envsnap/kernels HTTP/1.1\r\nContent-Length: 10\r\n"
    writers = [await _send(client, head, token="") for _ in range(MOST + 50)]

    assert (await client.fetch("kernels")).code == 200

    await _leave(writers)


async def test_a_client_that_leaves_keeps_its_place_until_its_work_is_done(client, gate):
    writers = [await _send(client, f"GET /envsnap/{SLOW} HTTP/1.1\r\n") for _ in range(MOST)]
    await gate.holds(MOST)
    await _leave(writers)

    refused = (await client.fetch(SLOW)).code
    gate.open()

    assert refused == 429
    await _comes_back(client)


async def test_a_client_that_leaves_in_the_middle_of_its_body_gives_its_place_back(client):
    head = "POST /envsnap/snapshots HTTP/1.1\r\nContent-Length: 100\r\n"
    writers = [await _send(client, head, body='{"kernel_id"') for _ in range(MOST)]
    assert (await client.fetch("kernels")).code == 429

    await _leave(writers)

    await _comes_back(client)


async def test_a_request_that_fails_gives_its_place_back(client, world):
    world.environments.prefixes["/envs/climate"] = "no environment"
    for _ in range(3):
        failed = await asyncio.gather(*(client.fetch(SLOW) for _ in range(MOST)))
        assert {reply.code for reply in failed} == {500}

    world.environments.prefixes["/envs/climate"] = environment("climate")
    assert (await client.fetch(SLOW)).code == 200


async def _send(client, head, body="", token=TOKEN):
    _, writer = await asyncio.open_connection("127.0.0.1", client.port)
    fields = f"Host: 127.0.0.1\r\nAuthorization: token {token}\r\n\r\n"
    writer.write((head + fields + body).encode())
    await writer.drain()
    return writer


async def _leave(writers):
    for writer in writers:
        writer.close()
    await asyncio.gather(*(writer.wait_closed() for writer in writers))


async def _comes_back(client):
    async def answered():
        # A reply is all there is: nothing tells when the server has noticed.
        while (await client.fetch("kernels")).code == 429:  # noqa: ASYNC110
            await asyncio.sleep(0.01)

    await asyncio.wait_for(answered(), 10)
