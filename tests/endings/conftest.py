"""Servers that end with their test."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests.endings.real_server import Home, Server


@pytest.fixture
def home(tmp_path) -> Home:
    return Home(tmp_path / "home")


@pytest.fixture
def serve(home: Home) -> Iterator[Callable[..., Server]]:
    servers: list[Server] = []

    def start(*options: str, at: Home = home, **started: Any) -> Server:
        servers.append(Server(at, *options, **started))
        return servers[-1]

    yield start
    for server in servers:
        server.end()


@pytest.fixture(scope="module")
def shared(tmp_path_factory) -> Iterator[Server]:
    """One server for the tests that leave it as it was."""
    server = Server(
        Home(tmp_path_factory.mktemp("shared") / "home"), "--KernelRestarter.time_to_dead=0.5"
    )
    yield server
    server.end()
