"""The main job over HTTP: a real server process, kernel, conda environment and repository."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.error import HTTPError, URLError
from urllib.request import Request, urlopen

import pytest
from tornado.testing import bind_unused_port

from tests.conda_fixture import ONLY_HERE

TOKEN = "a-token-for-tests"
BASE_URL = "/user/x/"
LIMIT_S = 60


class Server:
    """A server process on a folder, reached as a browser would."""

    def __init__(self, folder: Path, root: Path, jupyter_path: Path) -> None:
        socket, port = bind_unused_port()
        socket.close()
        self.url = f"http://127.0.0.1:{port}{BASE_URL}"
        self.log = folder / "server.log"
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(
                [
                    sys.executable,
                    *("-m", "jupyter_server", "--no-browser", "--allow-root"),
                    f"--ServerApp.port={port}",
                    "--ServerApp.port_retries=0",
                    f"--ServerApp.base_url={BASE_URL}",
                    f"--ServerApp.root_dir={root}",
                    f"--IdentityProvider.token={TOKEN}",
                    "--ServerApp.jpserver_extensions=jupyter_envsnap=True",
                ],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                cwd=root,
                env={
                    **os.environ,
                    **{
                        f"JUPYTER_{name}_DIR": str(folder / name.lower())
                        for name in ("CONFIG", "DATA", "RUNTIME")
                    },
                    "JUPYTER_PATH": str(jupyter_path),
                    "IPYTHONDIR": str(folder / "ipython"),
                    # No other extension: loading JupyterLab takes longer than the test.
                    "JUPYTER_NO_CONFIG": "1",
                    "PYTHONPATH": str(Path(__file__).parents[2]),
                },
            )

    def ask(self, path, body=None, headers=None):
        """Status, headers and text of the reply."""
        request = Request(
            self.url + path,
            data=None if body is None else json.dumps(body).encode(),
            headers={"Authorization": f"token {TOKEN}", **(headers or {})},
        )
        try:
            with urlopen(request, timeout=30) as reply:
                return reply.status, reply.headers, reply.read().decode()
        except HTTPError as error:
            with error:
                return error.code, error.headers, error.read().decode()

    def wait(self, path, condition):
        """The first text at an address for which the condition holds."""
        end = time.monotonic() + LIMIT_S
        while time.monotonic() < end and self.process.poll() is None:
            try:
                status, _, text = self.ask(path)
            except URLError:
                status = 0
            if status == 200 and condition(text):
                return text
            time.sleep(0.05)
        pytest.fail(self.log.read_text())

    def stop(self):
        self.process.terminate()
        return self.process.wait(timeout=LIMIT_S)


def _git(folder, *arguments):
    done = subprocess.run(
        ["git", "-C", str(folder), *arguments], check=True, capture_output=True, text=True
    )
    return done.stdout


@pytest.fixture
def repository(tmp_path):
    """A repository with a notebook and a foreign file that is staged."""
    top = tmp_path / "root" / "climate-paper"
    (top / "notebooks").mkdir(parents=True)
    _git(top, "init", "--quiet", "--initial-branch=main")
    _git(top, "config", "user.name", "Ada")
    _git(top, "config", "user.email", "ada@example.org")
    _git(top, "config", "commit.gpgsign", "false")
    (top / "notebooks/a.ipynb").write_text(
        json.dumps({"cells": [], "metadata": {}, "nbformat": 4, "nbformat_minor": 5})
    )
    _git(top, "add", ".")
    _git(top, "commit", "--quiet", "--message", "Begin")
    (top / "data.csv").write_text("a,b\n")
    _git(top, "add", "data.csv")
    return top


@pytest.fixture
def server(tmp_path, repository, climate_jupyter_path):
    made = Server(tmp_path, repository.parent, climate_jupyter_path)
    made.wait("api/status", bool)
    yield made
    if made.process.poll() is None:
        made.stop()


SESSION = {
    "path": "climate-paper/notebooks/a.ipynb",
    "name": "a.ipynb",
    "type": "notebook",
    "kernel": {"name": "climate"},
}


def test_a_server_that_is_stopped_during_a_commit_ends_and_leaves_the_index_as_it_was(
    server, repository, conda_env, tmp_path
):
    _, _, text = server.ask("api/sessions", SESSION)
    kernel_id = json.loads(text)["kernel"]["id"]
    server.wait("envsnap/kernels", lambda text: str(conda_env) in text)
    reached = tmp_path / "reached"
    os.mkfifo(reached)
    hook = repository / ".git/hooks/pre-commit"
    hook.write_text(f"#!/bin/sh\necho > '{reached}'\nsleep {100_000 + os.getpid()}\n")
    hook.chmod(0o755)
    before = _git(repository, "ls-files", "-s")
    request = {"source": f"kernel:{kernel_id}", "commit": {"message": "env: x"}}
    with ThreadPoolExecutor() as client:
        answer = client.submit(server.ask, "envsnap/save", request)
        reached.read_text()
        start = time.monotonic()
        assert server.stop() == 0
        assert time.monotonic() - start < 10
        problem = json.loads(answer.result()[2])["commit_problem"]
        assert problem["message"].startswith("The server is stopping.")
    assert _git(repository, "ls-files", "-s") == before
    assert (repository / "environment.yml").is_file()


def test_a_kernels_environment_is_kept_read_saved_and_committed(
    server, repository, conda_env, tmp_path
):
    _, _, text = server.ask("api/sessions", SESSION)
    kernel_id = json.loads(text)["kernel"]["id"]
    listed = server.wait("envsnap/kernels", lambda text: '"how":"process"' in text)
    [kernel] = json.loads(listed)["kernels"]
    assert kernel["kernel_id"] == kernel_id
    assert kernel["prefix"] == {"path": str(conda_env), "kind": "conda", "base": None}
    assert kernel["notebooks"] == ["climate-paper/notebooks/a.ipynb"]

    status, headers, text = server.ask("envsnap/snapshots", {"kernel_id": kernel_id})
    snapshot = json.loads(text)["snapshot"]
    assert (status, snapshot["name"], snapshot["kind"]) == (201, "climate", "conda")
    assert headers["Location"] == f"{BASE_URL}envsnap/snapshots/{snapshot['id']}"

    document = f"envsnap/kernels/{kernel_id}/document"
    status, headers, written = server.ask(document)
    assert (status, ONLY_HERE in written) == (200, True)
    assert server.ask(document, headers={"If-None-Match": headers["ETag"]})[0] == 304
    assert server.ask(f"envsnap/snapshots/{snapshot['id']}/document")[2] == written

    _, _, text = server.ask("envsnap/save/preview", {"source": f"kernel:{kernel_id}"})
    preview = json.loads(text)
    assert (preview["path"], preview["text"]) == ("climate-paper/environment.yml", written)
    request = {
        "source": f"kernel:{kernel_id}",
        "path": preview["path"],
        "base_digest": preview["base_digest"],
        "document_digest": preview["document_digest"],
        "commit": {"message": preview["message"]},
    }
    status, _, text = server.ask("envsnap/save", request)
    saved = json.loads(text)
    assert (status, saved["written"], saved["commit_problem"]) == (200, True, None)

    assert _git(repository, "show", "--name-status", "--format=%H") == (
        f"{saved['commit']['id']}\n\nA\tenvironment.yml\n"
    )
    assert (repository / "environment.yml").read_text(encoding="utf-8") == written
    assert _git(repository, "diff", "--cached", "--name-only") == "data.csv\n"
    again, _, text = server.ask("envsnap/save", request)
    assert (again, json.loads(text)["code"]) == (409, "target-changed")

    start = time.monotonic()
    assert server.stop() == 0
    assert time.monotonic() - start < 10
    assert (tmp_path / "data/envsnap/history.sqlite").is_file()
    assert "Traceback" not in server.log.read_text()
