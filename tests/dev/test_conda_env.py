from __future__ import annotations

import json
import os
import subprocess
import zipfile
from pathlib import Path

import pytest
from jupyter_client.kernelspec import KernelSpecManager
from jupyter_client.manager import KernelManager

from dev.conda_env import CondaEnvError, make_env
from tests.conda_fixture import CHANNEL_NAME, local_channel_url, local_env, own_local_env


def records(prefix: Path) -> dict[str, dict]:
    found = [json.loads(path.read_text()) for path in (prefix / "conda-meta").glob("*.json")]
    return {record["name"]: record for record in found}


def test_environment_has_the_records_that_a_real_one_has(conda_env):
    found = records(conda_env)

    assert len(found) >= 25
    assert {"python", "ipykernel", "pip", "climate-tools", "jupyter_client"} <= set(found)
    assert found["climate-tools"]["requested_specs"] == ["climate-tools"]
    assert CHANNEL_NAME in found["pyzmq"]["channel"]


def test_every_recorded_file_is_there(conda_env):
    missing = [
        file
        for record in records(conda_env).values()
        for file in record["files"]
        if not (conda_env / file).exists() and "__pycache__" not in file
    ]

    assert missing == []


def test_history_names_what_was_asked_for_and_what_was_linked(conda_env):
    history = (conda_env / "conda-meta" / "history").read_text()

    assert history.startswith("==> ")
    assert "::climate-tools-1.2.0-py_0\n" in history
    assert "'climate-tools'" in history.splitlines()[-1]


def test_second_request_makes_nothing(conda_env):
    before = (conda_env / "conda-meta").stat().st_mtime_ns

    assert local_env() == conda_env
    assert (conda_env / "conda-meta").stat().st_mtime_ns == before


async def test_kernel_runs_in_the_environment(climate_jupyter_path, conda_env):
    specs = KernelSpecManager(kernel_dirs=[str(climate_jupyter_path / "kernels")])
    manager = KernelManager(kernel_name="climate", kernel_spec_manager=specs)
    manager.start_kernel()
    client = manager.client()
    try:
        client.start_channels()
        client.wait_for_ready(timeout=60)
        reply = client.execute(
            "", user_expressions={"prefix": "__import__('sys').prefix"}, reply=True, timeout=30
        )
        value = reply["content"]["user_expressions"]["prefix"]["data"]["text/plain"]
        assert value == repr(str(conda_env))
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=True)


def test_pip_installs_a_local_wheel_into_an_own_environment_without_a_network(tmp_path):
    prefix = own_local_env(tmp_path / "envs" / "climate")
    wheel = make_wheel(tmp_path)

    subprocess.run(
        [prefix / "bin" / "python", "-m", "pip", "install", "--no-index", "--no-deps", wheel],
        check=True,
        env={"PATH": os.environ["PATH"], "HOME": str(tmp_path)},
        capture_output=True,
    )

    assert list(prefix.glob("lib/python3*/site-packages/rain_gauge-0.1.dist-info/RECORD"))


def test_unknown_package_is_told_in_the_solvers_words(conda_env, tmp_path):
    with pytest.raises(CondaEnvError, match="no-such-package"):
        make_env(
            tmp_path / "env",
            channels=[local_channel_url(conda_env)],
            specs=["no-such-package"],
        )


def make_wheel(folder: Path) -> Path:
    wheel = folder / "rain_gauge-0.1-py3-none-any.whl"
    info = "rain_gauge-0.1.dist-info"
    with zipfile.ZipFile(wheel, "w") as archive:
        archive.writestr("rain_gauge.py", "LITRES = 3\n")
        archive.writestr(
            f"{info}/METADATA", "Metadata-Version: 2.1\nName: rain-gauge\nVersion: 0.1\n"
        )
        archive.writestr(
            f"{info}/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
        )
        archive.writestr(f"{info}/RECORD", "")
    return wheel
