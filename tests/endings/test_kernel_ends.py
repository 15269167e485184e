"""However a kernel ends while its server runs, its environment is in the history."""

from __future__ import annotations

import os
import signal
import sys

import pytest

from tests.endings.real_server import now, time_of, until

SOON = "--KernelRestarter.time_to_dead=0.5"


def check(end, session, reason, notebook, begun):
    assert (end["reason"], end["notebook"]) == (reason, notebook)
    assert end["kernel_id"] == session.kernel_id
    assert begun <= time_of(end) <= now()
    assert end["pypi_count"] > 0


def _gone(server, session):
    ids = [kernel["id"] for kernel in server.ask("GET", "api/kernels")]
    return session.kernel_id not in ids


def test_a_kernel_that_is_deleted(shared):
    session = shared.notebook("deleted.ipynb").captured()
    begun = now()

    shared.ask("DELETE", f"api/kernels/{session.kernel_id}")

    check(shared.end_of(session.kernel_id), session, "kernel-shutdown", "deleted.ipynb", begun)


def test_a_session_that_is_deleted(shared):
    session = shared.notebook("session.ipynb").captured()
    begun = now()

    shared.ask("DELETE", f"api/sessions/{session.id}")

    check(shared.end_of(session.kernel_id), session, "kernel-shutdown", "session.ipynb", begun)


def test_a_session_that_gets_another_kernel(shared):
    session = shared.notebook("patched.ipynb").captured()
    begun = now()

    shared.ask("PATCH", f"api/sessions/{session.id}", {"kernel": {"name": "python3"}})

    check(shared.end_of(session.kernel_id), session, "kernel-shutdown", "patched.ipynb", begun)


def test_a_kernel_that_is_restarted_ends_and_begins_again(shared):
    session = shared.notebook("restarted.ipynb").captured()
    begun = now()

    shared.ask("POST", f"api/kernels/{session.kernel_id}/restart")
    check(shared.end_of(session.kernel_id), session, "kernel-restart", "restarted.ipynb", begun)
    session.captured()
    shared.ask("DELETE", f"api/sessions/{session.id}")

    ends = until(
        lambda: len(shared.ends_of(session.kernel_id)) == 2 and shared.ends_of(session.kernel_id),
        "a second end",
    )
    assert [end["reason"] for end in ends] == ["kernel-shutdown", "kernel-restart"]


def test_a_kernel_that_is_killed(shared):
    session = shared.notebook("killed.ipynb").captured()
    begun = now()

    os.kill(session.pid, signal.SIGKILL)

    check(shared.end_of(session.kernel_id), session, "kernel-died", "killed.ipynb", begun)
    shared.ask("DELETE", f"api/sessions/{session.id}")


def test_a_kernel_whose_cell_says_exit(shared):
    session = shared.notebook("exit.ipynb").captured()
    begun = now()

    with session.client() as client:
        client.send("exit()")

    check(shared.end_of(session.kernel_id), session, "kernel-died", "exit.ipynb", begun)
    shared.ask("DELETE", f"api/sessions/{session.id}")


def test_a_kernel_that_is_culled(serve):
    server = serve(
        "--MappingKernelManager.cull_idle_timeout=2",
        "--MappingKernelManager.cull_interval=1",
        "--MappingKernelManager.cull_connected=True",
    )
    session = server.notebook("culled.ipynb")
    begun = now()

    # From its first answer on it is idle: who waited for that might come too late.
    with session.client(waits=False) as client:
        client.send("1")
        end = server.end_of(session.kernel_id)

    check(end, session, "kernel-shutdown", "culled.ipynb", begun)


def test_a_kernel_that_nobody_starts_again(serve):
    server = serve("--KernelManager.autorestart=False")
    session = server.notebook("left.ipynb").captured()
    begun = now()

    os.kill(session.pid, signal.SIGKILL)

    check(server.end_of(session.kernel_id), session, "kernel-died", "left.ipynb", begun)


def test_a_kernel_that_is_killed_again_after_its_user_restarted_it(shared):
    session = shared.notebook("again.ipynb").captured()
    for number, end in enumerate((_kill, _restart, _kill), start=1):
        end(session)
        until(lambda n=number: len(shared.ends_of(session.kernel_id)) == n, f"end {number}")
        session.captured()

    reasons = [end["reason"] for end in shared.ends_of(session.kernel_id)]
    assert reasons == ["kernel-died", "kernel-restart", "kernel-died"]
    shared.ask("DELETE", f"api/sessions/{session.id}")


def _kill(session):
    os.kill(session.pid, signal.SIGKILL)


def _restart(session):
    session.server.ask("POST", f"api/kernels/{session.kernel_id}/restart")


def test_a_process_that_ends_as_soon_as_it_starts_died_where_its_kernelspec_says(serve, home):
    home.spec("gone", sys.executable, "-S", "-c", "", "{connection_file}")
    server = serve("--KernelManager.autorestart=False")
    begun = now()
    session = server.notebook("gone.ipynb", kernel="gone")

    check(server.end_of(session.kernel_id), session, "kernel-died", "gone.ipynb", begun)


def test_a_kernel_that_dies_again_and_again_is_told_once(serve, home):
    crash = "import time; time.sleep(1); raise SystemExit(1)"
    home.spec("crashing", sys.executable, "-c", crash, "{connection_file}")
    server = serve(SOON, "--KernelRestarter.restart_limit=2")
    session = server.notebook("crashing.ipynb", kernel="crashing")
    begun = now()

    end = server.end_of(session.kernel_id)
    until(lambda: "restart failed" in server.log.read_text(), "given up")

    check(end, session, "kernel-died", "crashing.ipynb", begun)
    assert server.ends_of(session.kernel_id) == [end]


def test_a_kernel_of_a_manager_that_tells_nothing(serve, home):
    home.module(
        "silent",
        "from jupyter_client.ioloop.manager import AsyncIOLoopKernelManager\n"
        "class Silent(AsyncIOLoopKernelManager):\n"
        "    execution_state = 'idle'\n"
        "    reason = ''\n"
        "    last_activity = None\n",
    )
    server = serve("--AsyncMappingKernelManager.kernel_manager_class=silent.Silent")
    session = server.notebook("silent.ipynb").captured()
    begun = now()

    server.ask("DELETE", f"api/kernels/{session.kernel_id}")

    check(server.end_of(session.kernel_id), session, "kernel-shutdown", "silent.ipynb", begun)


def test_a_notebook_that_is_renamed_meanwhile(shared):
    session = shared.notebook("before.ipynb").captured()
    shared.ask("PATCH", "api/contents/before.ipynb", {"path": "after.ipynb"})
    shared.ask("PATCH", f"api/sessions/{session.id}", {"path": "after.ipynb"})
    until(lambda: _notebook_of(session) == "after.ipynb", "noted")
    begun = now()

    shared.ask("DELETE", f"api/sessions/{session.id}")

    check(shared.end_of(session.kernel_id), session, "kernel-shutdown", "after.ipynb", begun)


def _notebook_of(session):
    """As the journal has it."""
    lives = session.server.home.lives
    return next(
        (each["notebook"] for each in lives if each["kernel_id"] == session.kernel_id), None
    )


def test_several_sessions_on_a_kernel_are_one_end_under_the_first_notebooks_name(shared):
    session = shared.notebook("a-console", kind="console")
    for path in ("shared.ipynb", "later.ipynb"):
        shared.notebook(path, on=session.kernel_id)
    until(lambda: _notebook_of(session) == "shared.ipynb", "noted")
    session.captured()
    begun = now()

    shared.ask("DELETE", f"api/kernels/{session.kernel_id}")

    check(shared.end_of(session.kernel_id), session, "kernel-shutdown", "shared.ipynb", begun)


def test_a_console_without_a_notebook(shared):
    session = shared.notebook("console-1", kind="console").captured()
    begun = now()

    shared.ask("DELETE", f"api/sessions/{session.id}")

    check(shared.end_of(session.kernel_id), session, "kernel-shutdown", "console-1", begun)


def test_an_unchanged_environment_is_kept_once(shared):
    ends = []
    for name in ("one.ipynb", "other.ipynb"):
        session = shared.notebook(name).captured()
        shared.ask("DELETE", f"api/sessions/{session.id}")
        ends.append(shared.end_of(session.kernel_id))

    assert ends[0]["digest"] == ends[1]["digest"]
    assert ends[0]["id"] != ends[1]["id"]


@pytest.mark.parametrize("times", [1, 3])
def test_a_kernel_that_ends_at_once_is_recorded_all_the_same(shared, times):
    sessions = [shared.notebook(f"quick-{times}-{n}.ipynb") for n in range(times)]
    for session in sessions:
        shared.ask("DELETE", f"api/sessions/{session.id}")

    for session in sessions:
        assert shared.end_of(session.kernel_id)["reason"] == "kernel-shutdown"
