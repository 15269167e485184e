"""The extension inside a real server application: how it is loaded, watched by and let go."""

from __future__ import annotations

import asyncio
import subprocess
import sys
import time
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
import pytest_asyncio
from jupyter_server.serverapp import ServerApp
from msgspec.structs import replace
from tornado.httpserver import HTTPServer
from tornado.testing import bind_unused_port
from traitlets.config import Config

import jupyter_envsnap
from jupyter_envsnap import lifecycle
from jupyter_envsnap.server import app as app_module
from jupyter_envsnap.server import wiring
from jupyter_envsnap.server.app import EnvSnapApp
from tests.server.conftest import TOKEN, Client, body_of

session_loop = pytest_asyncio.fixture(loop_scope="session")


@asynccontextmanager
async def _loaded(folder, monkeypatch, **config):
    """A server application that loaded our extension by its entry points."""
    for name in ("CONFIG", "DATA", "RUNTIME"):
        monkeypatch.setenv(f"JUPYTER_{name}_DIR", str(folder / name.lower()))
    monkeypatch.setenv("JUPYTER_NO_CONFIG", "1")
    monkeypatch.setenv("IPYTHONDIR", str(folder / "ipython"))
    (folder / "root").mkdir()
    server = ServerApp(
        root_dir=str(folder / "root"),
        allow_root=True,
        config=Config(
            ServerApp={"jpserver_extensions": {"jupyter_envsnap": True}},
            IdentityProvider={"token": TOKEN},
            # Who is killed stays dead.
            KernelManager={"autorestart": False},
            **config,
        ),
    )
    server.initialize(argv=[], find_extensions=False, new_httpserver=False)
    try:
        yield server
    finally:
        await server._cleanup()


@pytest.fixture
def only_events(monkeypatch):
    """The list of kernels is looked at once, at the start, and not again."""
    monkeypatch.setattr(lifecycle, "RECONCILE_S", 3_600)


@session_loop
async def server(tmp_path, monkeypatch):
    async with _loaded(tmp_path, monkeypatch) as made:
        yield made


@session_loop
async def client(server):
    http = HTTPServer(server.web_app)
    socket, port = bind_unused_port()
    http.add_socket(socket)
    yield Client(port=port, base_url="/", settings=server.web_app.settings)
    http.stop()
    await http.close_all_connections()


def _extension(server) -> EnvSnapApp:
    return server.extension_manager.extension_points["envsnap"].app


@session_loop
async def kernel_id(server):
    return await server.kernel_manager.start_kernel(kernel_name="python3")


async def _until(condition, limit_s=20):
    end = time.monotonic() + limit_s
    while not condition():
        assert time.monotonic() < end
        await asyncio.sleep(0.01)


async def test_the_server_loads_us_without_touching_the_disk(server, tmp_path):
    assert _extension(server).name == "envsnap"
    assert not (tmp_path / "data/envsnap").exists()


async def test_the_configuration_is_named_after_the_application(server):
    assert _extension(server).config_file_name == "jupyter_envsnap_config"


def test_the_page_is_installed_under_the_name_of_its_package():
    assert jupyter_envsnap._jupyter_labextension_paths() == [
        {"src": "labextension", "dest": "jupyter-envsnap"}
    ]


async def test_a_snapshot_of_a_real_kernel_is_kept_in_the_data_directory(
    client, kernel_id, tmp_path
):
    taken = await client.fetch("snapshots", "POST", json={"kernel_id": kernel_id})

    assert taken.code == 201
    listed = body_of(await client.fetch("snapshots", query={"reason": "manual"}))["snapshots"]
    assert [row["id"] for row in listed] == [body_of(taken)["snapshot"]["id"]]
    assert (tmp_path / "data/envsnap/history.sqlite").is_file()


async def test_the_history_lies_where_the_operator_wants_it(tmp_path, monkeypatch):
    path = tmp_path / "elsewhere" / "history.sqlite"
    async with _loaded(tmp_path, monkeypatch, EnvSnapApp={"history_path": str(path)}) as server:
        assert _extension(server)._path_of_history() == path


async def test_the_history_may_lie_in_the_home_folder(monkeypatch):
    monkeypatch.setenv("HOME", "/home/ada")
    assert EnvSnapApp(history_path="~/h.sqlite")._path_of_history() == Path("/home/ada/h.sqlite")


@pytest.fixture
def kept(monkeypatch):
    """What is remembered of each kernel, by its id."""
    remembered = {}
    located = lifecycle.located

    def recorded(before, facts, *, now):
        remembered[facts.kernel_id] = location = located(before, facts, now=now)
        return location

    monkeypatch.setattr(lifecycle, "located", recorded)
    return remembered


@pytest.mark.usefixtures("only_events")
async def test_a_prefix_is_captured_at_the_start_and_outlives_the_kernel(server, client, kept):
    kernel_id = await server.kernel_manager.start_kernel(kernel_name="python3")
    await _until(lambda: kernel_id in kept and kept[kernel_id].facts.listening)

    provisioner = server.kernel_manager.get_kernel(kernel_id).provisioner
    await provisioner.kill()
    await provisioner.wait()
    [row] = body_of(await client.fetch("kernels"))["kernels"]
    environment = await client.fetch(f"kernels/{kernel_id}/environment")

    assert (row["state"], row["how"]) == ("dead", "process")
    assert environment.code == 200
    assert body_of(environment)["python"]


async def test_a_real_kernel_is_asked_and_its_environment_chosen(server, client, kernel_id):
    kernel = server.kernel_manager.get_kernel(kernel_id)
    notebook = kernel.client()
    notebook.start_channels()
    await notebook.wait_for_ready(timeout=40)
    # The server hears of the kernel only once its own subscription stands.
    while kernel.execution_state != "idle":
        await notebook.kernel_info(reply=True, timeout=40)
    notebook.stop_channels()

    asked = await client.fetch(f"kernels/{kernel_id}/ask", "POST", body=b"")
    listed = body_of(await client.fetch("prefixes"))["prefixes"]
    own = next(each for each in listed if each["prefix"]["path"] == sys.prefix)
    path = f"kernels/{kernel_id}/prefix"
    refused = await client.fetch(path, "PUT", json={"path": str(Path(sys.prefix).parent)})
    chosen = await client.fetch(path, "PUT", json={"path": sys.prefix})
    taken_back = await client.fetch(path, "PUT", json={"path": None})

    assert (asked.code, body_of(asked)["how"]) == (200, "kernel")
    assert body_of(asked)["prefix"] == own["prefix"]
    assert body_of(asked)["findings"] == []
    assert (refused.code, body_of(refused)["code"]) == (403, "prefix-refused")
    assert [body_of(reply)["how"] for reply in (chosen, taken_back)] == ["chosen", "kernel"]


async def test_stopping_lets_go_of_everything_and_may_be_repeated(server, client, kernel_id):
    await client.fetch(f"kernels/{kernel_id}/environment")
    extension = _extension(server)
    listeners = server.event_logger._modified_listeners[wiring.KERNEL_ACTIONS]

    await extension.stop_extension()
    await extension.stop_extension()

    assert not listeners
    refused = await client.fetch("snapshots")
    assert (refused.code, body_of(refused)["code"]) == (503, "history-unavailable")


async def test_stopping_never_raises_and_never_waits_for_long(server, monkeypatch, caplog):
    extension = _extension(server)
    monkeypatch.setattr(app_module, "RECORD_LIMIT_S", 0.05)
    monkeypatch.setattr(app_module, "CLOSE_LIMIT_S", 0.05)
    ended = []

    async def fails():
        raise OSError("disk full")

    async def hangs():
        await asyncio.Event().wait()

    async def ends():
        ended.append(True)

    wired = extension._wired
    extension._wired = replace(
        wired, record_ends=hangs, closers=(*wired.closers, fails, hangs, ends)
    )
    start = time.monotonic()
    await extension.stop_extension()
    await extension.stop_extension()

    assert time.monotonic() - start < 3
    assert ended == [True]
    assert "disk full" in caplog.text


def test_the_server_starts_without_what_only_later_use_needs():
    script = (
        "import sys, jupyter_envsnap.server.app;"
        "print([name for name in ('ruamel.yaml', 'psutil') if name in sys.modules])"
    )
    command = [sys.executable, "-c", script]
    done = subprocess.run(
        command, cwd=Path(__file__).parents[2], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"
