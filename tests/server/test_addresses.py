"""Every route, under every base URL, with whatever a client writes in an id's place and body."""

from __future__ import annotations

from urllib.parse import quote

import pytest

from jupyter_envsnap.server.handlers import MOST_BODY_BYTES
from jupyter_envsnap.server.routes import OPERATIONS
from tests.server.conftest import body_of
from tests.server.test_guards import BODIES, QUERIES

BASE_URLS = ["/", "/user/x/", quote("/user/é and space/")]
OF_ONE = [operation for operation in OPERATIONS if "{id}" in operation.path]
WITH_BODY = [operation for operation in OPERATIONS if operation.verb in {"post", "put"}]
NOT_AN_ID = {
    "up": "..",
    "up, encoded": "%2E%2E",
    "up and down": "%2E%2E%2F%2E%2E%2Fetc%2Fpasswd",
    "absolute": "%2Fetc%2Fpasswd",
    "a drive": "C%3A%5CWindows",
    "a share": "%5C%5Chost%5Cshare",
    "NUL": "%00",
    "half of UTF-8": "%C3",
    "encoded twice": "%252E%252E",
    "a line feed": "k-1%0D%0AX-Injected%3A%201",
    "a space": "k-1%20",
    "a quote": "'%20OR%20'1'%3D'1",
    "a pattern": "%25",
    "very long": "k" * 20_000,
    "another user's kernel": "9b4f5c0e-0000-4000-8000-000000000000",
}


@pytest.mark.parametrize("base_url", BASE_URLS)
async def test_every_route_answers_under_every_base_url(serve, base_url):
    client = serve(base_url)
    taken = body_of(await client.fetch("snapshots", "POST", json={"kernel_id": "k-1"}))

    for operation in sorted(OPERATIONS, key=lambda each: each.verb == "delete"):
        row = taken["snapshot"]["id"] if operation.path.startswith("snapshots") else "k-1"
        assert (await _ask(client, operation, row)).code == operation.status, operation.name


@pytest.mark.parametrize("written", NOT_AN_ID.values(), ids=list(NOT_AN_ID))
@pytest.mark.parametrize(
    "operation", OF_ONE, ids=[f"{op.verb}-{op.path.replace('{id}', 'ID')}" for op in OF_ONE]
)
async def test_what_is_no_id_is_told_as_such_and_touches_nothing(client, world, operation, written):
    response = await _ask(client, operation, written)

    assert response.code in {400, 404}
    assert body_of(response)["code"] in {
        "bad-request",
        "kernel-not-found",
        "snapshot-not-found",
        "not-found",
    }
    assert len(response.body) < 1_000
    assert "X-Injected" not in response.headers
    assert world.environments.asked == []


@pytest.mark.parametrize("operation", WITH_BODY, ids=[op.path for op in WITH_BODY])
async def test_a_body_that_is_too_large_is_refused_by_every_route(fetch, world, operation):
    address = operation.path.replace("{id}", "k-1")

    response = await fetch(address, operation.verb.upper(), body=b" " * (MOST_BODY_BYTES + 1))

    assert (response.code, body_of(response)["code"]) == (413, "body-too-large")
    assert world.environments.asked == []


async def _ask(client, operation, row):
    options = {"json": BODIES[operation.path]} if operation.path in BODIES else {}
    if operation.path in QUERIES:
        options["query"] = QUERIES[operation.path]
    address = operation.path.replace("{id}", row)
    return await client.fetch(address, operation.verb.upper(), **options)
