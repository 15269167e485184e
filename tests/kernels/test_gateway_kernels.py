"""Kernels of a real second server, reached as a gateway."""

import json
import subprocess
import sys
import time

import pytest
from jupyter_server.gateway.gateway_client import GatewayClient
from jupyter_server.gateway.managers import GatewayMappingKernelManager, GatewaySessionManager

from jupyter_envsnap.adapters.kernels import ServerKernels
from jupyter_envsnap.core.errors import KernelRemote
from jupyter_envsnap.core.model import How
from jupyter_envsnap.core.prefix import resolve
from tests.kernels.real import IPYKERNEL, python_of

LIMIT_S = 40
TOKEN = "far"


@pytest.fixture
def gateway_url(specs, tmp_path, plain_venv, monkeypatch):
    """A server in a process of its own, on a free port of this host."""
    specs.write("far", [python_of(plain_venv), *IPYKERNEL])
    runtime = tmp_path / "runtime"
    runtime.mkdir()
    monkeypatch.setenv("JUPYTER_RUNTIME_DIR", str(runtime))
    monkeypatch.setenv("JUPYTER_CONFIG_DIR", str(tmp_path / "config"))
    monkeypatch.setenv("JUPYTER_PATH", str(tmp_path))
    monkeypatch.setenv("IPYTHONDIR", str(tmp_path / "ipython"))
    command = [sys.executable, "-m", "jupyter_server", "--no-browser", "--allow-root"]
    options = [
        "--ip=127.0.0.1",
        "--port=0",
        f"--IdentityProvider.token={TOKEN}",
        f"--notebook-dir={tmp_path}",
    ]
    log = (tmp_path / "gateway.log").open("wb")
    with log, subprocess.Popen([*command, *options], stdout=log, stderr=log) as server:
        try:
            yield _url(runtime, server)
        finally:
            server.terminate()
            server.wait(LIMIT_S)


def _url(runtime, server) -> str:
    deadline = time.monotonic() + LIMIT_S
    while time.monotonic() < deadline and server.poll() is None:
        if url := next(filter(None, map(_written_url, runtime.glob("jpserver-*.json"))), None):
            return url
        time.sleep(0.05)
    pytest.fail("the gateway did not start")


def _written_url(path) -> str | None:
    try:
        return json.loads(path.read_text())["url"]
    except ValueError:  # half written
        return None


@pytest.fixture
def gateway(gateway_url):
    GatewayClient.clear_instance()
    GatewayClient.instance(url=gateway_url, auth_token=TOKEN)
    yield GatewayMappingKernelManager()
    GatewayClient.clear_instance()


class NoLooks:
    """In place of the calls that look at disks and processes."""

    async def run(self, subject, call):
        pytest.fail(f"looked at {subject}: {call}")


async def test_a_gateways_kernel_is_remote_and_nothing_here_is_looked_at(gateway):
    kernels = ServerKernels(gateway, GatewaySessionManager(kernel_manager=gateway))
    kernels._looks = NoLooks()
    kernel_id = await gateway.start_kernel(kernel_name="far")
    try:
        facts = await kernels.facts(kernel_id)
        answer = resolve(facts)
        assert kernels.ids() == (kernel_id,)
        assert (facts.remote, facts.candidates, facts.pid) == (True, (), None)
        assert facts.kernel_name == "far"
        assert (answer.prefix, answer.how) == (None, How.REMOTE)
        with pytest.raises(KernelRemote):
            await kernels.ask(kernel_id)
    finally:
        await gateway.shutdown_kernel(kernel_id, now=True)
