"""Choosing a kernel's environment and asking the kernel, over HTTP."""

from __future__ import annotations

from urllib.parse import quote

import pytest

from jupyter_envsnap.core.errors import (
    KernelBusy,
    KernelDidNotAnswer,
    KernelRemote,
    KernelStarting,
    KernelWithoutEnvironment,
)
from tests.server.conftest import body_of

CHOOSE, ASK = "kernels/k-1/prefix", "kernels/k-1/ask"


async def _choose(fetch, path, kernel_id="k-1"):
    return await fetch(f"kernels/{kernel_id}/prefix", "PUT", json={"path": path})


async def test_what_is_listed_can_be_chosen_and_the_choice_taken_back(fetch):
    listed = body_of(await fetch("prefixes"))["prefixes"]
    paths = [each["prefix"]["path"] for each in listed]
    assert paths == ["/envs/b", "/envs/climate", "/envs/damaged", "/envs/other"]

    for each in listed:
        chosen = await _choose(fetch, each["prefix"]["path"])
        assert chosen.code == 200
        assert chosen.headers["Cache-Control"] == "no-store"
        row = body_of(await fetch("kernels"))["kernels"][0]
        assert body_of(chosen) == row
        assert (row["prefix"], row["how"]) == (each["prefix"], "chosen")

    taken_back = body_of(await _choose(fetch, None))
    assert (taken_back["prefix"]["path"], taken_back["how"]) == ("/envs/climate", "process")


@pytest.mark.parametrize(
    "path",
    [
        *("/etc", "/", "", "envs/other", "C:\\envs", "/envs/other\0"),
        *("/envs/other/", "/envs/./other", "/envs/x/../other", "//envs/other"),
    ],
)
async def test_any_other_folder_is_refused_and_never_looked_at(fetch, world, path):
    refused = await _choose(fetch, path)

    assert (refused.code, body_of(refused)["code"]) == (403, "prefix-refused")
    assert path not in world.environments.asked
    assert body_of(await fetch("kernels"))["kernels"][0]["how"] == "process"


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"null",
        b"[]",
        b"{}",
        b'{"path": 5}',
        b'{"path": ["/envs/other"]}',
        b'{"path": "%s"}' % (b"/envs/" + b"x" * 5_000),
        b'{"path": "/envs/other", "force": true}',
        b'{"path": "/envs/b", "path": "/envs/other"}',
    ],
)
async def test_a_body_that_is_no_choice_changes_nothing(fetch, body):
    refused = await fetch(CHOOSE, "PUT", body=body)

    assert (refused.code, body_of(refused)["code"]) == (400, "bad-request")
    assert body_of(await fetch("kernels"))["kernels"][0]["how"] == "process"


@pytest.mark.parametrize("kernel_id", ["nope", quote("../k-1", safe=""), "%00", "x" * 1_000])
async def test_nothing_is_chosen_for_a_kernel_that_the_server_does_not_have(fetch, kernel_id):
    for reply in (
        await _choose(fetch, "/envs/other", kernel_id),
        await _choose(fetch, None, kernel_id),
        await fetch(f"kernels/{kernel_id}/ask", "POST", body=b""),
    ):
        assert (reply.code, body_of(reply)["code"]) == (404, "kernel-not-found")


async def test_a_kernel_that_is_asked_is_where_it_says(fetch):
    told = await fetch(ASK, "POST", body=b"")

    assert told.code == 200
    assert body_of(told)["how"] == "kernel"
    assert body_of(told) == body_of(await fetch("kernels"))["kernels"][0]


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (KernelBusy, 409),
        (KernelStarting, 409),
        (KernelRemote, 422),
        (KernelWithoutEnvironment, 422),
        (KernelDidNotAnswer, 504),
    ],
)
async def test_why_a_kernel_cannot_be_asked_has_a_status_and_a_code(fetch, world, error, status):
    world.locations.answers["k-1"] = error("In words.")

    reply = await fetch(ASK, "POST", body=b"")

    assert reply.code == status
    assert body_of(reply) == {"code": error.code, "message": "In words.", "detail": {}}
    assert body_of(await fetch("kernels"))["kernels"][0]["how"] == "process"
