"""A real server application, our rules over fakes, and a client that checks every reply."""

from __future__ import annotations

import json
import re
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
import pytest_asyncio
from jsonschema import Draft202012Validator
from jupyter_server.serverapp import ServerApp
from jupyter_server.utils import url_path_join
from tornado.httpclient import AsyncHTTPClient, HTTPRequest, HTTPResponse
from tornado.httpserver import HTTPServer
from tornado.testing import bind_unused_port
from tornado.web import Application

from jupyter_envsnap.comparison import Comparison
from jupyter_envsnap.core.errors import PrefixUnreadable
from jupyter_envsnap.core.model import How
from jupyter_envsnap.drift import DriftWatch
from jupyter_envsnap.news import Everyone, LatestNews
from jupyter_envsnap.preferences import Preferences
from jupyter_envsnap.saving import Saving
from jupyter_envsnap.server import openapi
from jupyter_envsnap.server.handlers import UseCases, rules
from jupyter_envsnap.service import Service
from tests.fakes import (
    SETTINGS,
    MemoryEnvironments,
    MemoryFiles,
    MemoryHistory,
    MemoryJournal,
    MemoryLocations,
    MemoryPrefixes,
    MemoryRepositories,
    MemorySettings,
    TickingClock,
    candidate,
    environment,
    kernel,
    writing,
)

TOKEN = "a-token-for-tests"
SHIPPED = json.loads(openapi.text())


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """One server serves this room's tests, so they share its loop."""
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents and pytest_asyncio.is_async_test(item):
            item.add_marker(pytest.mark.asyncio(loop_scope="session"), append=False)


@cache
def _validator(schema: str) -> Draft202012Validator:
    return Draft202012Validator({**json.loads(schema), "components": SHIPPED["components"]})


def check_reply(response: HTTPResponse, base_url: str) -> None:
    """Hold a reply to what the OpenAPI document says of it."""
    if response.code in {204, 304}:
        assert response.body == b""
        return
    operation = _operation(response.request, base_url)
    error = SHIPPED["paths"]["/envsnap/kernels"]["get"]["responses"]["default"]
    responses = operation["responses"] if operation else {"default": error}
    if response.code < 400:
        assert str(response.code) in responses
    contents = responses.get(str(response.code), error)["content"]
    media_type = response.headers["Content-Type"].partition(";")[0]
    assert media_type in contents
    if media_type == "application/json":
        schema = contents[media_type]["schema"]
        _validator(json.dumps(schema)).validate(json.loads(response.body))


def _operation(request: HTTPRequest, base_url: str) -> dict[str, Any] | None:
    address = re.sub(r"^http://[^/]+", "", request.url).partition("?")[0]
    for path, verbs in SHIPPED["paths"].items():
        pattern = re.escape(url_path_join(base_url, path)).replace(r"\{id\}", "[^/]+")
        if re.fullmatch(pattern, address):
            return verbs.get(request.method.lower())
    return None


@dataclass
class Client:
    """Requests to a server that runs in this loop."""

    port: int
    base_url: str
    settings: dict[str, Any]
    headers: dict[str, str] = field(default_factory=lambda: {"Authorization": f"token {TOKEN}"})

    async def fetch(self, path: str, method: str = "GET", **options: Any) -> HTTPResponse:
        """Any reply, also of an error; ``query`` and ``json`` are encoded."""
        query = options.pop("query", None)
        url = f"http://127.0.0.1:{self.port}{self.base_url}envsnap/{path}"
        if query:
            url += f"?{urlencode(query)}"
        if "json" in options:
            options["body"] = json.dumps(options.pop("json"))
        options["headers"] = {**self.headers, **options.get("headers", {})}
        response = await AsyncHTTPClient(force_instance=True).fetch(
            HTTPRequest(
                url,
                method,
                follow_redirects=False,
                allow_nonstandard_methods=True,
                request_timeout=20,
                **options,
            ),
            raise_error=False,
        )
        if method not in {"HEAD", "OPTIONS"}:
            check_reply(response, self.base_url)
        return response


def body_of(response: HTTPResponse) -> Any:
    return json.loads(response.body)


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def serverapp(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[ServerApp]:
    """A real server application without extensions and without a socket of its own."""
    folder = tmp_path_factory.mktemp("server")
    with pytest.MonkeyPatch.context() as patch:
        for name in ("CONFIG", "DATA", "RUNTIME"):
            patch.setenv(f"JUPYTER_{name}_DIR", str(folder / name.lower()))
        patch.setenv("JUPYTER_NO_CONFIG", "1")
        app = ServerApp(root_dir=str(folder), allow_root=True, open_browser=False)
        app.initialize(
            argv=[f"--IdentityProvider.token={TOKEN}"],
            find_extensions=False,
            new_httpserver=False,
        )
        yield app
        await app._cleanup()


@dataclass
class World:
    """What the fakes hold; a test changes it at will."""

    locations: MemoryLocations
    environments: MemoryEnvironments
    prefixes: MemoryPrefixes
    history: MemoryHistory
    files: MemoryFiles
    repositories: MemoryRepositories

    def rules(self) -> list[Any]:
        news = LatestNews()
        written_by = writing(self.environments, self.files)
        service = Service(
            locations=self.locations,
            environments=self.environments,
            prefixes=self.prefixes,
            history=self.history,
            clock=TickingClock(),
            writing=written_by,
            news=news,
            told=Everyone(),
            journal=MemoryJournal(),
        )
        saving = Saving(
            sources=service, writing=written_by, files=self.files, repositories=self.repositories
        )
        comparison = Comparison(
            sources=service, writing=written_by, files=self.files, repositories=self.repositories
        )
        drift = DriftWatch(
            sources=service,
            comparison=comparison,
            files=self.files,
            history=self.history,
            news=news,
        )
        return rules(
            UseCases(
                service=service,
                saving=saving,
                comparison=comparison,
                drift=drift,
                preferences=Preferences(SETTINGS, MemorySettings()),
            )
        )


@pytest.fixture
def world() -> World:
    return World(
        locations=MemoryLocations(
            kernel("k-1", candidate("/envs/climate"), notebooks=("a.ipynb",)),
            kernel("k-2", candidate("/envs/climate"), candidate("/envs/b", How.KERNELSPEC)),
            kernel("k-damaged", candidate("/envs/damaged")),
            kernel("k-remote", remote=True),
            kernel("k-starting", state="starting"),
        ),
        environments=MemoryEnvironments(
            {
                "/envs/climate": environment("climate"),
                "/envs/damaged": PrefixUnreadable("It may not be read.", prefix="/envs/damaged"),
            }
        ),
        prefixes=MemoryPrefixes("/envs/other"),
        history=MemoryHistory(),
        files=MemoryFiles(),
        repositories=MemoryRepositories(),
    )


@pytest_asyncio.fixture(loop_scope="session")
async def serve(serverapp: ServerApp, world: World) -> AsyncIterator[Callable[..., Client]]:
    """Our rules behind a socket, with the application's settings and those given."""
    servers = []

    def start(base_url: str = "/", **settings: Any) -> Client:
        application = Application(
            [(url_path_join(base_url, path), *rest) for path, *rest in world.rules()],
            **{**serverapp.web_app.settings, "base_url": base_url, **settings},
        )
        application.settings.pop("api_last_activity", None)
        server = HTTPServer(application)
        socket, port = bind_unused_port()
        server.add_socket(socket)
        servers.append(server)
        return Client(port=port, base_url=base_url, settings=application.settings)

    yield start
    for server in servers:
        server.stop()
        await server.close_all_connections()


@pytest.fixture
def client(serve: Callable[..., Client]) -> Client:
    return serve()


@pytest.fixture
def fetch(client: Client) -> Callable[..., Any]:
    return client.fetch
