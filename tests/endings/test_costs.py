"""What watching costs, and what many ends at once do. The figures are printed."""

from __future__ import annotations

import statistics
import sys
import time

import psutil
import pytest

from tests.endings.real_server import Home, until

MANY = 50
PAIRS = 20
MOST_DELAY_S = 0.020
MOST_OF_A_CORE = 0.01
OBSERVED_S = 20

# Answers nobody; a real kernel would need 50 MB, and minutes to start 50 times.
IDLE = """
import json, socket, sys, time
connection = json.load(open(sys.argv[1]))
with socket.socket() as shell:
    shell.bind((connection["ip"], connection["shell_port"]))
    shell.listen()
    time.sleep(3600)
"""


@pytest.fixture
def say(capsys):
    def told(text):
        with capsys.disabled():
            print(f"\n{text}", end=" ")  # noqa: T201 - the figure is asked for

    return told


def _cheap(home: Home) -> str:
    script = home.path / "idle.py"
    script.write_text(IDLE)
    return home.spec("idle", sys.executable, "-S", str(script), "{connection_file}")


def test_a_kernels_shutdown_is_not_delayed(serve, tmp_path, say):
    servers = {}
    for extension in (False, True):
        home = Home(tmp_path / f"with-{extension}")
        _cheap(home)
        servers[extension] = serve(at=home, extension=extension)
    took = {False: [], True: []}
    for number in range(PAIRS):
        for extension, server in servers.items():
            session = server.notebook(f"{number}.ipynb", kernel="idle")
            until(session.listens, "started")
            if extension:
                session.captured()
            begun = time.perf_counter()
            server.ask("DELETE", f"api/kernels/{session.kernel_id}")
            took[extension].append(time.perf_counter() - begun)

    medians = {extension: statistics.median(each) for extension, each in took.items()}
    delay_s = medians[True] - medians[False]
    say(f"DELETE: {medians[False] * 1e3:.1f} ms without, {delay_s * 1e3:+.1f} ms with envsnap")
    assert delay_s <= MOST_DELAY_S


def _spent(server, kernels: int) -> float:
    """Processor time of the server in a second, once nothing starts any more."""
    process = psutil.Process(server.process.pid)
    time.sleep(5)
    before = process.cpu_times()
    time.sleep(OBSERVED_S)
    after = process.cpu_times()
    assert len(server.ask("GET", "api/kernels")) == kernels
    return (after.user + after.system - before.user - before.system) / OBSERVED_S


def test_fifty_idle_kernels_cost_a_hundredth_of_a_core_and_end_at_once(serve, tmp_path, say):
    spent = {}
    for extension in (False, True):
        home = Home(tmp_path / f"with-{extension}")
        _cheap(home)
        server = serve(at=home, extension=extension)
        sessions = [server.notebook(f"{number}.ipynb", kernel="idle") for number in range(MANY)]
        if extension:
            until(lambda at=home: len(at.journal) == MANY, "watched", 60)
        spent[extension] = _spent(server, MANY)
    say(
        f"{MANY} idle kernels: {spent[False]:.2%} of a core without, {spent[True]:.2%} with envsnap"
    )

    begun = time.monotonic()
    for session in sessions:
        server.ask("DELETE", f"api/kernels/{session.kernel_id}")
    ends = until(
        lambda: len(ends := server.snapshots(reason="kernel-shutdown")) == MANY and ends, "ended"
    )
    say(f"{MANY} ends: {time.monotonic() - begun:.1f} s")
    assert {end["kernel_id"] for end in ends} == {session.kernel_id for session in sessions}
    assert len({end["digest"] for end in ends}) == 1
    until(lambda: not home.journal, "put away")
    assert spent[True] - spent[False] <= MOST_OF_A_CORE
