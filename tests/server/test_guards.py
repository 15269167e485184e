"""Claims over every route and every verb; a new route cannot be forgotten."""

from __future__ import annotations

import ast
import inspect
import json

import pytest
from jupyter_server.auth import AllowAllAuthorizer, Authorizer

from jupyter_envsnap.core.errors import EnvSnapError, all_errors
from jupyter_envsnap.server import handlers, openapi
from jupyter_envsnap.server.handlers import AUTH_RESOURCE, HANDLERS
from jupyter_envsnap.server.http_errors import STATUS, status_of
from jupyter_envsnap.server.routes import OPERATIONS
from tests.server.conftest import SHIPPED, body_of

VERBS = ("GET", "POST", "PUT", "PATCH", "DELETE", "HEAD")
KNOWN = {(operation.verb.upper(), operation.path) for operation in OPERATIONS}
PATHS = dict.fromkeys(operation.path for operation in OPERATIONS)
BODIES = {
    "snapshots": {"kernel_id": "k-1"},
    "save/preview": {"source": "kernel:k-1"},
    "save": {"source": "kernel:k-1"},
    "kernels/{id}/prefix": {"path": "/envs/climate"},
    "kernels/{id}/ask": {},
    "snapshots/{id}": {"note": None},
    "settings": {
        "on_shutdown": "history",
        "on_change": "off",
        "keep_days": None,
        "keep_count": 100,
    },
}

QUERIES = {"diff": {"before": "kernel:k-1", "after": "kernel:k-2"}}

each_operation = pytest.mark.parametrize(
    "operation", OPERATIONS, ids=[f"{op.verb}-{op.path}" for op in OPERATIONS]
)


def _address(path, id="k-1"):
    return path.replace("{id}", id)


def _ask(client, operation, **options):
    if operation.verb in {"post", "put", "patch"}:
        options["json"] = BODIES[operation.path]
    if operation.path in QUERIES:
        options["query"] = QUERIES[operation.path]
    return client.fetch(_address(operation.path), operation.verb.upper(), **options)


class Recorder(Authorizer):
    """Allows nothing, and remembers what it was asked."""

    def is_authorized(self, handler, user, action, resource):  # noqa: ARG002 - jupyter_server's
        self.asked = (*getattr(self, "asked", ()), (action, resource))
        return False


@each_operation
async def test_no_token_no_answer(client, operation):
    client.headers = {}

    response = await _ask(client, operation)

    assert (response.code, body_of(response)["code"]) == (403, "not-authenticated")


@each_operation
async def test_a_wrong_token_is_none(client, operation):
    client.headers = {"Authorization": "token wrong"}

    assert (await _ask(client, operation)).code == 403


@each_operation
async def test_the_authorizer_is_asked_for_the_action_of_the_route(serve, operation):
    authorizer = Recorder()

    response = await _ask(serve(authorizer=authorizer), operation)

    assert (response.code, body_of(response)["code"]) == (403, "forbidden")
    assert authorizer.asked == ((operation.action, AUTH_RESOURCE),)


async def test_each_route_is_judged_by_its_own_action_in_any_order(serve):
    class ReadOnly(Authorizer):
        def is_authorized(self, handler, user, action, resource):  # noqa: ARG002
            return action == "read" and resource == AUTH_RESOURCE

    client = serve(authorizer=ReadOnly())
    for operation in (*OPERATIONS, *reversed(OPERATIONS)):
        refused = (await _ask(client, operation)).code == 403
        assert refused == (operation.action != "read"), operation.name


async def test_what_is_allowed_is_answered(serve):
    client = serve(authorizer=AllowAllAuthorizer())
    for operation in OPERATIONS:
        if not operation.path.startswith("snapshots/"):
            assert (await _ask(client, operation)).code == operation.status, operation.name


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("verb", [*VERBS, "TRACE", "BREW"])
async def test_a_verb_that_a_route_does_not_have_is_refused(fetch, path, verb):
    if (verb, path) in KNOWN:
        return
    response = await fetch(_address(path), verb)

    assert response.code == 405
    own = {known.upper() for known, where in KNOWN if where == path}
    assert set(response.headers["Allow"].split(", ")) == own | {"OPTIONS"}
    if verb != "HEAD":
        assert body_of(response)["code"] == "method-not-allowed"


@pytest.mark.parametrize("verb", VERBS)
@pytest.mark.parametrize(
    "path", ["", "nope", "kernels/", "kernels/k-1", "kernels/a/b/environment", "save/preview/x"]
)
async def test_any_other_address_is_told_in_our_words(client, path, verb):
    known = await client.fetch(path, verb)
    client.headers = {}
    unknown = await client.fetch(path, verb)

    assert (known.code, unknown.code) == (404, 403)
    if verb != "HEAD":
        assert body_of(known)["code"] == "not-found"
        assert body_of(unknown)["code"] == "not-authenticated"


async def test_a_forged_request_with_only_a_cookie_is_refused(client, world):
    signed_in = await client.fetch("kernels")
    cookies = signed_in.headers["Set-Cookie"].partition(";")[0]
    client.headers = {"Cookie": cookies, "Origin": "http://elsewhere.example"}

    response = await client.fetch("snapshots", "POST", json={"kernel_id": "k-1"})

    assert response.code in {403, 404}
    assert world.history.rows == []


def test_handlers_and_operations_are_the_same_routes():
    assert set(HANDLERS) == set(PATHS)
    implemented = {
        (verb, path)
        for path, handler in HANDLERS.items()
        for verb in (*VERBS, "OPTIONS")
        if verb.lower() in vars(handler)
    }
    assert implemented == KNOWN


def test_every_verb_is_authenticated_and_then_authorized_where_it_is_defined():
    tree = ast.parse(inspect.getsource(handlers))
    classes = {node.name: node for node in tree.body if isinstance(node, ast.ClassDef)}
    actions = {(HANDLERS[op.path].__name__, op.verb): op.action for op in OPERATIONS}
    for (name, verb), action in actions.items():
        [method] = [
            node
            for node in classes[name].body
            if isinstance(node, ast.AsyncFunctionDef) and node.name == verb
        ]
        assert [ast.unparse(decorator) for decorator in method.decorator_list] == [
            "web.authenticated",
            f"authorized('{action}', AUTH_RESOURCE)",
        ]


def test_every_error_of_the_domain_has_a_status_for_failures():
    for kind in all_errors():
        assert 400 <= status_of(kind("what is so")) < 600, kind


def test_every_family_of_errors_has_a_status():
    assert set(EnvSnapError.__subclasses__()) <= set(STATUS)


def test_the_shipped_openapi_document_is_fresh():
    assert openapi.SHIPPED.read_text(encoding="utf-8") == openapi.text()


def test_every_operation_is_in_the_openapi_document_once():
    documented = [(verb, path) for path, verbs in SHIPPED["paths"].items() for verb in verbs]
    assert documented == [(op.verb, f"/envsnap/{op.path}") for op in OPERATIONS]
    assert len({op.name for op in OPERATIONS}) == len(OPERATIONS)


async def test_the_openapi_document_is_served_as_shipped(fetch):
    assert body_of(await fetch("openapi.json")) == json.loads(openapi.text())
