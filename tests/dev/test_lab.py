from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import urllib.request
from pathlib import Path

import nbformat
import psutil
import pytest

from dev.lab import NOTEBOOK
from dev.steps import REPOSITORY

SERVE = "import sys; from dev import lab; lab.stop_on_signals(); sys.exit(lab.serve([]))"


@pytest.fixture
def lab():
    """The part of `make lab` that comes after the setting up, and the URL that it prints."""
    process = subprocess.Popen(
        [sys.executable, "-c", SERVE],
        cwd=REPOSITORY,
        env={name: value for name, value in os.environ.items() if "DISPLAY" not in name},
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    try:
        yield process, next(line.strip() for line in process.stdout if "http://" in line)
    finally:
        # Not killed: its server, in a session of its own, would live on.
        process.terminate()
        process.wait(timeout=30)
        process.stdout.close()


def ask(url: str, path: str, **options) -> object:
    base, token = re.match(r"(.*?/)lab/.*\?(token=\w+)$", url).groups()
    with urllib.request.urlopen(
        urllib.request.Request(f"{base}{path}?{token}", **options)
    ) as reply:
        return json.load(reply)


def test_printed_url_opens_the_example_notebook(lab):
    _, url = lab

    with urllib.request.urlopen(url) as reply:
        assert reply.status == 200
    assert f"/lab/tree/{NOTEBOOK}?" in url
    assert ask(url, f"api/contents/{NOTEBOOK}")["type"] == "notebook"


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_interrupt_stops_the_server_and_its_kernels(lab, number):
    process, url = lab
    ask(url, "api/kernels", method="POST", data=b'{"name": "python3"}')
    children = psutil.Process(process.pid).children(recursive=True)
    assert len(children) >= 2

    process.send_signal(number)

    assert process.wait(timeout=30) == 0
    assert psutil.wait_procs(children, timeout=10)[1] == []


def test_example_notebook_names_the_climate_kernel_and_has_no_output():
    notebook = nbformat.read(REPOSITORY / NOTEBOOK, as_version=4)

    assert notebook.metadata.kernelspec.name == "climate"
    assert all(
        not cell.get("outputs") and cell.get("execution_count") is None for cell in notebook.cells
    )


def test_example_notebook_runs_in_the_environment(conda_env):
    notebook = nbformat.read(REPOSITORY / NOTEBOOK, as_version=4)
    code = "\n".join(cell.source for cell in notebook.cells if cell.cell_type == "code")

    done = subprocess.run(
        [conda_env / "bin" / "python", "-I", "-c", code], capture_output=True, text=True, check=True
    )

    assert f"in {conda_env}" in done.stdout


@pytest.mark.parametrize(
    ("python", "said"),
    [("no-such-python", "no-such-python is missing"), ("old-python", "is Python 2.7.18")],
)
def test_make_says_in_one_line_which_python_is_needed(tmp_path: Path, python, said):
    old = tmp_path / "old-python"
    old.write_text('#!/bin/sh\n[ "$1" = -V ] && echo "Python 2.7.18"\nexit 1\n')
    old.chmod(0o755)

    done = subprocess.run(
        ["make", "--no-print-directory", "lab", f"PYTHON={python}"],
        cwd=REPOSITORY,
        env={**os.environ, "PATH": f"{tmp_path}:{os.environ['PATH']}", "MAKEFLAGS": ""},
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode != 0
    lines = [line for line in done.stderr.splitlines() if not re.match(r"make.*: \*\*\*", line)]
    assert len(lines) == 1
    assert "Python 3.10 or newer is needed" in lines[0]
    assert said in lines[0]
