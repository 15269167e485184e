"""A real server process with the extension, and what is in its history."""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from datetime import datetime, timezone
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.request import Request, urlopen

from jupyter_client.blocking.client import BlockingKernelClient

PROJECT = Path(__file__).parents[2]
LIMIT_S = 30.0
TOKEN = "a-token-for-tests"
OTHERS = ("jupyterlab", "jupyter_lsp", "notebook", "notebook_shim", "jupyter_server_terminals")
_STOPPING = re.compile(r"\[I ([-\d]+ [:.\d]+) ServerApp\] Shutting down \d+ (?:extension|kernel)")
EMPTY = {"cells": [], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}


def until(true: Callable[[], Any], what: str, limit_s: float = LIMIT_S) -> Any:
    """The first truth; requests that fail meanwhile are made again."""
    end = time.monotonic() + limit_s
    while True:
        with suppress(OSError, HTTPError):
            if found := true():
                return found
        assert time.monotonic() < end, f"in {limit_s:g} s not {what}"
        time.sleep(0.05)


def _heed_signals() -> None:
    """A shell's background job, and all that it starts, would ignore them."""
    for each in (signal.SIGINT, signal.SIGHUP, signal.SIGTERM):
        signal.signal(each, signal.SIG_DFL)


class Home:
    """What outlasts a server: its folders."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.root = path / "root"
        self.data = path / "data"
        self.specs = self.data / "kernels"
        for folder in (self.root, self.specs):
            folder.mkdir(parents=True)
        (path / "modules").mkdir()

    @property
    def lives(self) -> list[dict[str, Any]]:
        """Those that are not in the history yet, as the journal has them."""
        return [json.loads(text)["life"] for text in self._entries()]

    @property
    def journal(self) -> list[str]:
        """The kernels of these lives."""
        return sorted(life["kernel_id"] for life in self.lives)

    def _entries(self) -> Iterator[str]:
        for path in (self.data / "envsnap/journal").glob("*/*.json"):
            # Neither what is being written, nor what nobody understood.
            if path.name[0] not in ".S" and path.parent.name != "unreadable":
                with suppress(FileNotFoundError):  # put away meanwhile
                    yield path.read_text()

    def spec(self, name: str, *argv: str) -> str:
        folder = self.specs / name
        folder.mkdir()
        spec = {"argv": argv, "display_name": name, "language": "python"}
        (folder / "kernel.json").write_text(json.dumps(spec))
        return name

    def configure(self, text: str) -> None:
        """What a server runs as it starts, and its kernels do not."""
        (self.path / "config").mkdir()
        (self.path / "config" / "jupyter_server_config.py").write_text(text)

    def module(self, name: str, text: str) -> None:
        """One that the server can import."""
        (self.path / "modules" / f"{name}.py").write_text(text)


class Server:
    """A process, asked over HTTP."""

    def __init__(self, home: Home, *options: str, extension: bool = True, **started: Any) -> None:
        self.home = home
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.log = home.path / f"server-{self.port}.log"
        environ = {
            **{k: v for k, v in os.environ.items() if not k.startswith(("JUPYTER", "PYTEST"))},
            "PYTHONPATH": os.pathsep.join([str(PROJECT), str(home.path / "modules")]),
            "JUPYTER_CONFIG_DIR": str(home.path / "config"),
            "JUPYTER_DATA_DIR": str(home.data),
            "JUPYTER_RUNTIME_DIR": str(home.path / f"runtime-{self.port}"),
            "JUPYTER_PREFER_ENV_PATH": "0",
            "HOME": str(home.path),
        }
        extensions = {**dict.fromkeys(OTHERS, False), "jupyter_envsnap": extension}
        arguments = [
            *(sys.executable, "-m", "jupyter_server", "--allow-root", "--no-browser"),
            *("--ip=127.0.0.1", f"--port={self.port}", f"--ServerApp.root_dir={home.root}"),
            f"--IdentityProvider.token={TOKEN}",
            f"--ServerApp.jpserver_extensions={extensions}",
            *options,
        ]
        started.setdefault("stdin", subprocess.DEVNULL)
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(
                arguments,
                env=environ,
                stdout=log,
                stderr=log,
                cwd=home.path,
                preexec_fn=_heed_signals,  # noqa: PLW1509 - no thread of ours holds a lock
                **started,
            )
        try:
            until(self._is_ready, "ready", 2 * LIMIT_S)
        except AssertionError as error:
            self.process.kill()
            raise AssertionError(f"{error}\n{self.log.read_text()}") from None

    def _is_ready(self) -> bool:
        assert self.process.poll() is None, f"it ended with {self.process.returncode}"
        return bool(self.ask("GET", "api/status"))

    def ask(self, method: str, path: str, body: Any = None) -> Any:
        request = Request(
            f"http://127.0.0.1:{self.port}/{path}",
            method=method,
            data=None if body is None else json.dumps(body).encode(),
            headers={"Authorization": f"token {TOKEN}", "Content-Type": "application/json"},
        )
        with urlopen(request, timeout=LIMIT_S) as reply:
            return json.loads(reply.read() or "null")

    def notebook(
        self, path: str, *, kernel: str = "python3", kind: str = "notebook", on: str | None = None
    ) -> Session:
        """A session with a kernel that is starting, or ``on`` one that runs."""
        if kind == "notebook":
            (self.home.root / path).write_text(json.dumps(EMPTY))
        wanted = {"name": kernel} if on is None else {"id": on}
        body = {"path": path, "name": path, "type": kind, "kernel": wanted}
        model = self.ask("POST", "api/sessions", body)
        return Session(self, model["id"], model["kernel"]["id"])

    def snapshots(self, **query: str) -> list[dict[str, Any]]:
        parts = "&".join(f"{name}={value}" for name, value in query.items())
        return self.ask("GET", f"envsnap/snapshots?limit=500&{parts}")["snapshots"]

    def ends_of(self, kernel_id: str) -> list[dict[str, Any]]:
        """Its snapshots but those of while it lived, newest first."""
        return [
            each
            for each in self.snapshots()
            if each["kernel_id"] == kernel_id and each["reason"] not in {"kernel-start", "changed"}
        ]

    def end_of(self, kernel_id: str, limit_s: float = LIMIT_S) -> dict[str, Any]:
        """The one snapshot of its end."""
        (end,) = until(lambda: self.ends_of(kernel_id), f"an end of {kernel_id}", limit_s)
        return end

    def signal(self, *signals: int, wait_s: float = 20.0) -> float:
        """Send them; the seconds until the process was gone."""
        begun = time.monotonic()
        for each in signals:
            self.process.send_signal(each)
        self.process.wait(wait_s)
        return time.monotonic() - begun

    @property
    def stop_s(self) -> float:
        """How long its extensions held its stop, by its own log."""
        begun, ended = _STOPPING.findall(self.log.read_text())[:2]
        return (datetime.fromisoformat(ended) - datetime.fromisoformat(begun)).total_seconds()

    def end(self) -> None:
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            try:
                self.process.wait(10)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()


class Session:
    """A notebook's or a console's, with its kernel."""

    def __init__(self, server: Server, session_id: str, kernel_id: str) -> None:
        self.server = server
        self.id = session_id
        self.kernel_id = kernel_id

    def captured(self) -> Session:
        """Wait until its environment was captured under its notebook's name."""

        def is_captured() -> bool:
            return any(
                life["kernel_id"] == self.kernel_id and life["digest"] and life["notebook"]
                for life in self.server.home.lives
            )

        until(is_captured, f"captured: {self.kernel_id}")
        return self

    @property
    def row(self) -> dict[str, Any]:
        """How the server tells of the kernel."""
        kernels = self.server.ask("GET", "envsnap/kernels")["kernels"]
        return next(each for each in kernels if each["kernel_id"] == self.kernel_id)

    @property
    def pid(self) -> int:
        """Of the process that answers."""
        with self.client() as client:
            return client.pid()

    def listens(self) -> bool:
        """Whether its shell port takes connections; HTTP tells only of kernels that answer."""
        connection = json.loads(self._connection_file.read_text())
        with socket.create_connection((connection["ip"], connection["shell_port"]), 1):
            return True

    @property
    def _connection_file(self) -> Path:
        runtime = self.server.home.path / f"runtime-{self.server.port}"
        return runtime / f"kernel-{self.kernel_id}.json"

    def client(self, *, waits: bool = True) -> Client:
        """``waits``: until the kernel answers."""
        return Client(self._connection_file, waits=waits)


class Client:
    """The kernel's own channels."""

    def __init__(self, connection_file: Path, *, waits: bool) -> None:
        self._waits = waits
        self._client = BlockingKernelClient(connection_file=str(connection_file))

    def __enter__(self) -> Client:  # noqa: PYI034 - its own name says it
        self._client.load_connection_file()
        self._client.start_channels()
        if self._waits:
            self._client.wait_for_ready(LIMIT_S)
        return self

    def __exit__(self, *_: object) -> None:
        self._client.stop_channels()

    def run(self, code: str) -> None:
        self._client.execute_interactive(code, timeout=LIMIT_S, output_hook=lambda _: None)

    def send(self, code: str) -> None:
        """Run without waiting: it may be the kernel's last."""
        self._client.execute(code)

    def pid(self) -> int:
        found: list[int] = []

        def take(message: dict[str, Any]) -> None:
            if message["msg_type"] == "stream":
                found.append(int(message["content"]["text"]))

        code = "import os; print(os.getpid(), flush=True)"
        self._client.execute_interactive(code, timeout=LIMIT_S, output_hook=take)
        return found[0]


def now() -> datetime:
    return datetime.now(timezone.utc)


def time_of(snapshot: dict[str, Any]) -> datetime:
    return datetime.fromisoformat(snapshot["taken_at"].replace("Z", "+00:00"))


def arguments(*names: str) -> Sequence[str]:
    return [sys.executable, *names]
