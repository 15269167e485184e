"""``GET envsnap/diff`` over HTTP."""

from __future__ import annotations

import pytest

from tests.server.conftest import body_of


async def test_a_kernel_is_compared_with_a_file(fetch, world):
    world.files.files["environment.yml"] = "channels: [conda-forge]\ndependencies:\n  - gone=1.0\n"
    query = {"before": "file:environment.yml", "after": "kernel:k-1"}
    reply = body_of(await fetch("diff", query=query))
    assert reply["same"] is False
    assert ("gone", "removed") in {(c["name"], c["change"]) for c in reply["changes"]["packages"]}


@pytest.mark.parametrize(
    ("query", "status", "code"),
    [
        ({}, 400, "bad-request"),
        ({"before": "kernel:k-1"}, 400, "bad-request"),
        ({"before": "kernel:k-1", "after": "x"}, 400, "reference-invalid"),
        ({"before": "kernel:k-1", "after": "kernel:x"}, 404, "kernel-not-found"),
        ({"before": "kernel:k-1", "after": "snapshot:x"}, 404, "snapshot-not-found"),
        ({"before": "kernel:k-1", "after": "file:x.yml"}, 400, "reference-invalid"),
        ({"before": "kernel:k-1", "after": "file:words.yml"}, 422, "file-not-understood"),
        ({"before": "kernel:k-1", "after": "k" * 6_000}, 400, "bad-request"),
    ],
)
async def test_what_cannot_be_compared_is_told(fetch, world, query, status, code):
    world.files.files["words.yml"] = "words\n"
    response = await fetch("diff", query=query)
    assert (response.code, body_of(response)["code"]) == (status, code)
