from __future__ import annotations

import json
import os
import secrets
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.request import Request, urlopen

import pytest

from jupyter_envsnap.cli import main
from tests.conda_fixture import ONLY_HERE

KERNEL = "5b2e3c1e-0000-4000-8000-000000000001"
NOT_FOUND = {"code": "kernel-not-found", "message": "No.", "detail": {}}
BUSY = {"code": "prefix-unreadable", "message": "It may not be read.", "detail": {"path": "/p"}}


@pytest.fixture
def runtime(tmp_path, monkeypatch) -> Path:
    folder = tmp_path / "runtime"
    folder.mkdir()
    monkeypatch.setenv("JUPYTER_RUNTIME_DIR", str(folder))
    return folder


def register(runtime: Path, url: str, token: str = "secret", name: str = "1") -> None:
    record = {"url": url, "token": token, "pid": os.getpid(), "version": "2.0"}
    (runtime / f"jpserver-{name}.json").write_text(json.dumps(record))


@pytest.fixture
def serve():
    """Start servers that answer `envsnap/…` and `api/…` as told; they note what they were asked."""
    servers = []

    def start(envsnap: tuple[int, object], api: int = 404) -> tuple[str, list[tuple[str, str]]]:
        asked: list[tuple[str, str]] = []

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                asked.append((self.path, self.headers["Authorization"]))
                status, body = envsnap if "/envsnap/" in self.path else (api, {})
                data = json.dumps(body).encode()
                self.send_response(status)
                if status == 302:
                    self.send_header("Location", "/stolen")
                self.send_header("Content-Length", str(len(data)))
                self.end_headers()
                self.wfile.write(data)

            def log_message(self, *_: object) -> None:
                pass

        server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        servers.append((server, thread))
        return f"http://127.0.0.1:{server.server_port}/base/", asked

    yield start
    for server, thread in servers:
        server.shutdown()
        server.server_close()
        thread.join()


def export(capsys, *argv: str) -> tuple[int, str, str]:
    with pytest.raises(SystemExit) as ended:
        main(["export", "--kernel-id", KERNEL, *argv])
    out, err = capsys.readouterr()
    return ended.value.code, out, err


@pytest.mark.parametrize(
    ("envsnap", "api", "code", "words"),
    [
        ((404, NOT_FOUND), 404, "kernel-not-found", "None of your running Jupyter servers has"),
        ((404, "<html>"), 404, "kernel-not-found", "None of your running Jupyter servers has"),
        ((404, "<html>"), 200, "kernel-without-environment", "has no envsnap"),
        ((503, BUSY), 200, "prefix-unreadable", "It may not be read."),
        ((403, {}), 200, "kernel-not-found", "refused its token"),
        ((302, {}), 404, "kernel-not-found", "None of your running Jupyter servers has"),
        ((200, {"of": "later"}), 200, "kernel-not-found", "another version of envsnap"),
        ((500, {"code": "new", "message": "Oh."}), 200, "kernel-not-found", "says: Oh."),
    ],
)
def test_what_a_server_answers_is_told(  # noqa: PLR0917
    runtime, serve, capsys, envsnap, api, code, words
):
    url, asked = serve(envsnap, api)
    register(runtime, url)
    status, out, err = export(capsys)
    assert (status, out) == (2, "")
    assert words in err
    assert err.endswith(f" [{code}]\n")
    assert err.count("\n") == 1
    assert asked[0] == (f"/base/envsnap/kernels/{KERNEL}/environment", "token secret")
    assert not [path for path, _ in asked if "stolen" in path]


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("http://127.0.0.1:9/", "does not answer"),
        ("http://192.0.2.1:8888/", "may be on another machine"),
        ("http://somewhere.invalid/", "may be on another machine"),
        ("http+unix://%2Frun%2Fserver.sock/", "does not listen on a port"),
    ],
)
def test_a_server_that_cannot_be_asked_is_named(runtime, capsys, url, words):
    register(runtime, url)
    status, _, err = export(capsys)
    assert status == 2
    assert f"Could not ask: {url} {words}." in err


def test_a_record_that_is_no_servers_is_told(runtime, capsys):
    (runtime / "jpserver-1.json").write_text(json.dumps({"pid": os.getpid()}))
    status, _, err = export(capsys)
    assert status == 2
    assert "cannot be listed" in err


def test_a_server_that_is_gone_does_not_hide_another(runtime, serve, capsys):
    register(runtime, "http://127.0.0.1:9/", name="gone")
    for name in ("one", "two"):
        url, _ = serve((404, NOT_FOUND))
        register(runtime, url, name=name)
    url, asked = serve((503, BUSY))
    register(runtime, url, name="last")
    assert "[prefix-unreadable]" in export(capsys)[2]
    assert len(asked) == 1


def test_the_token_goes_to_no_proxy(runtime, serve, capsys, monkeypatch):
    proxy, seen = serve((200, {}))
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy"):
        monkeypatch.setenv(name, proxy)
    url, asked = serve((404, NOT_FOUND))
    register(runtime, url)
    export(capsys)
    assert (len(asked), seen) == (1, [])


def answers(request: Request) -> bool:
    try:
        with urlopen(request, timeout=10) as reply:
            return reply.status == 200
    except OSError:
        return False


@pytest.fixture
def server(runtime, tmp_path, climate_jupyter_path) -> Iterator[tuple[str, dict[str, str]]]:
    """A real server process with the extension: its address and the headers it wants."""
    token = secrets.token_hex()
    headers = {"Authorization": f"token {token}"}
    environ = {
        **os.environ,
        "PYTHONPATH": str(Path(__file__).parents[2]),
        "JUPYTER_DATA_DIR": str(tmp_path / "data"),
        "JUPYTER_CONFIG_DIR": str(tmp_path / "config"),
        "JUPYTER_PATH": str(climate_jupyter_path),
        "IPYTHONDIR": str(tmp_path / "ipython"),
    }
    # Those of the development environment would only cost time.
    others = ("jupyterlab", "notebook", "notebook_shim", "jupyter_lsp", "jupyter_server_terminals")
    extensions = {"jupyter_envsnap": True} | dict.fromkeys(others, False)
    options = (
        "--ServerApp.ip=127.0.0.1",
        "--ServerApp.port=0",
        "--ServerApp.base_url=/user/x/",
        "--ServerApp.open_browser=False",
        f"--ServerApp.jpserver_extensions={extensions}",
        f"--ServerApp.root_dir={tmp_path}",
        f"--IdentityProvider.token={token}",
        "--allow-root",
    )
    log = tmp_path / "log"
    with log.open("wb") as out:
        command = [sys.executable, "-m", "jupyter_server", *options]
        process = subprocess.Popen(command, env=environ, stdout=out, stderr=out)
    try:
        deadline = time.monotonic() + 60
        while True:
            # It is there before the server listens.
            for record in runtime.glob("jpserver-*.json"):
                url = json.loads(record.read_text() or "{}").get("url")
                if url and answers(Request(f"{url}api/status", headers=headers)):
                    yield url, headers
                    return
            assert process.poll() is None, log.read_text()
            assert time.monotonic() < deadline, log.read_text()
            time.sleep(0.05)
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(30)


def test_a_running_kernel_is_exported_and_saved_by_its_id(
    server, capsysbinary, conda_env, tmp_path
):
    url, headers = server
    body = json.dumps({"name": "climate"}).encode()
    with urlopen(Request(f"{url}api/kernels", body, headers), timeout=60) as reply:
        kernel_id = json.load(reply)["id"]
    with pytest.raises(SystemExit) as ended:
        main(["export", "--kernel-id", kernel_id])
    by_id = capsysbinary.readouterr().out
    assert ended.value.code == 0
    assert ONLY_HERE.encode() in by_id
    with pytest.raises(SystemExit):
        main(["export", "--prefix", str(conda_env)])
    assert capsysbinary.readouterr().out == by_id
    file = tmp_path / "climate.yml"
    with pytest.raises(SystemExit) as ended:
        main(["save", "--kernel-id", kernel_id, str(file)])
    assert ended.value.code == 0
    assert file.read_bytes() == by_id
    with pytest.raises(SystemExit) as ended:
        main(["export", "--kernel-id", "no-such"])
    assert ended.value.code == 2
    assert b"[kernel-not-found]" in capsysbinary.readouterr().err
