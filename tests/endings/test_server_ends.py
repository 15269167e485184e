"""However a server ends, its kernels' environments are in the history at the next start at last."""

from __future__ import annotations

import os
import signal
from datetime import timedelta

import pytest

from tests.endings.real_server import Home, Server, now, time_of, until

USUALLY_S = 0.5
AT_MOST_S = 3.0


def _ended(serve, session, reason, begun, home=None):
    """The one end that a later server knows."""
    later = serve(**({"at": home} if home else {}))
    end = later.end_of(session.kernel_id)
    assert (end["reason"], end["notebook"]) == (reason, "a.ipynb")
    assert begun <= time_of(end) <= now()
    until(lambda: not later.home.journal, "put away")


@pytest.mark.parametrize("name", ["SIGTERM", "SIGINT", "SIGHUP", "SIGKILL"])
def test_a_server_that_gets_a_signal(serve, name):
    server = serve()
    session = server.notebook("a.ipynb").captured()
    begun = now()
    # Of a server that says nothing at its end, the last sign of life counts.
    said = name == "SIGTERM"

    server.signal(getattr(signal, name))

    if not said:
        begun -= timedelta(seconds=30)
    _ended(serve, session, "server-stop" if said else "recovered", begun)


def test_a_server_that_is_told_to_stop(serve):
    server = serve()
    session = server.notebook("a.ipynb").captured()
    begun = now()

    server.ask("POST", "api/shutdown")
    server.process.wait(20)

    _ended(serve, session, "server-stop", begun)


def test_a_server_in_a_terminal_whose_user_presses_ctrl_c_twice(serve):
    terminal, end_of_server = os.openpty()
    server = serve(stdin=end_of_server, start_new_session=True)
    session = server.notebook("a.ipynb").captured()
    begun = now()

    server.process.send_signal(signal.SIGINT)
    until(lambda: "Shut down this Jupyter server" in server.log.read_text(), "asked")
    server.process.send_signal(signal.SIGINT)
    server.process.wait(20)

    os.close(terminal)
    os.close(end_of_server)
    _ended(serve, session, "server-stop", begun)


def test_a_second_sigterm_changes_nothing(serve):
    server = serve()
    session = server.notebook("a.ipynb").captured()
    begun = now()

    server.signal(signal.SIGTERM, signal.SIGTERM)

    _ended(serve, session, "server-stop", begun)


def test_of_two_servers_in_one_home_each_records_its_own_and_one_recovers_the_other(serve):
    one, other = serve(), serve()
    killed, deleted = one.notebook("a.ipynb").captured(), other.notebook("b.ipynb").captured()

    one.signal(signal.SIGKILL)
    other.ask("DELETE", f"api/sessions/{deleted.id}")
    third = serve()

    assert other.end_of(deleted.kernel_id)["notebook"] == "b.ipynb"
    assert third.end_of(killed.kernel_id)["reason"] == "recovered"
    assert len(other.ends_of(killed.kernel_id)) == 1


def test_a_server_that_lives_is_not_recovered_by_another(serve):
    one = serve()
    session = one.notebook("a.ipynb").captured()

    other = serve()
    until(lambda: "envsnap" in other.log.read_text(), "loaded")
    other.signal(signal.SIGTERM)

    assert one.ends_of(session.kernel_id) == []
    one.ask("DELETE", f"api/sessions/{session.id}")
    assert one.end_of(session.kernel_id)["reason"] == "kernel-shutdown"


def test_a_journal_that_cannot_be_understood_harms_nobody(serve, home):
    server = serve()
    session = server.notebook("a.ipynb").captured()
    (entry,) = (home.data / "envsnap/journal").glob("*/[!S]*.json")
    for name, text in {"0-cut": entry.read_text()[:40], "1-newer": '{"version": 99}'}.items():
        entry.with_name(f"{name}.json").write_text(text)

    server.signal(signal.SIGKILL)
    later = serve()

    assert later.end_of(session.kernel_id)["reason"] == "recovered"
    kept = {path.name for path in (home.data / "envsnap/journal/unreadable").iterdir()}
    assert kept == {f"{entry.parent.name}-{name}.json" for name in ("0-cut", "1-newer")}


def _stopped(server: Server) -> float:
    """The seconds that its stop took in all."""
    took = server.signal(signal.SIGTERM)
    assert "envsnap did not stop cleanly" not in server.log.read_text()
    return took


@pytest.fixture
def say(capsys):
    def told(text):
        with capsys.disabled():
            print(f"\n{text}", end=" ")  # noqa: T201 - the figure is asked for

    return told


def test_the_servers_stop_takes_hardly_longer(serve, tmp_path, say):
    """Of three, as other programs may have the machine for a moment."""
    best_s = float("inf")
    for attempt in range(3):
        server = serve(at=Home(tmp_path / f"{attempt}"))
        for session in [server.notebook(f"{number}.ipynb") for number in range(3)]:
            session.captured()
        whole_s = _stopped(server)
        best_s = min(best_s, server.stop_s)
        say(f"stop: {server.stop_s:.2f} s of {whole_s:.2f} s are envsnap's")
        if best_s <= USUALLY_S:
            break
    assert best_s <= USUALLY_S


# What a mount that is stuck does to whoever reads: it is never answered.
STUCK = """
import os, sys, threading

def hook(event, arguments):
    if event in ("open", "os.scandir") and str(arguments[0]).startswith({prefix!r} + os.sep):
        if os.path.exists({stuck!r}):
            os.makedirs({waits!r}, exist_ok=True)
            threading.Event().wait()

sys.addaudithook(hook)
"""


def test_a_prefix_that_hangs_holds_the_server_for_three_seconds_at_most(serve, home, say):
    from tests.kernels.real import IPYKERNEL, make_venv, python_of  # noqa: PLC0415

    prefix = make_venv(home.path / "stuck")
    home.spec("stuck", python_of(prefix), *IPYKERNEL)
    stuck, waits = home.path / "is-stuck", home.path / "waits"
    home.configure(STUCK.format(prefix=str(prefix), stuck=str(stuck), waits=str(waits)))
    server = serve()
    session = server.notebook("a.ipynb", kernel="stuck").captured()
    begun = now()
    stuck.mkdir()
    (packages,) = prefix.glob("lib/python*/site-packages")
    (packages / "new-1.dist-info").mkdir()

    _stopped(server)

    say(f"stop with a prefix that hangs: {server.stop_s:.2f} s")
    assert waits.exists()
    assert server.stop_s <= AT_MOST_S
    stuck.rmdir()
    _ended(serve, session, "server-stop", begun)


def test_a_full_disk_holds_nobody_and_loses_no_export(serve, home, say):
    """The folder of the history takes no file any more, as root may write anywhere."""
    server = serve()
    session = server.notebook("a.ipynb").captured()
    history = home.data / "envsnap"
    history.rename(home.data / "moved")
    history.write_text("no folder")

    server.ask("DELETE", f"api/sessions/{session.id}")
    second = server.notebook("b.ipynb")
    until(lambda: second.row["prefix"], "found")
    text = server.ask("GET", f"envsnap/kernels/{second.kernel_id}/document?format=environment-json")

    assert text["dependencies"]
    _stopped(server)
    say(f"stop with a full disk: {server.stop_s:.2f} s")
    assert server.stop_s <= AT_MOST_S


def test_an_end_that_nothing_took_keeps_its_reason_where_the_disk_takes_files_again(serve, home):
    server = serve()
    session = server.notebook("a.ipynb").captured()
    history, moved = home.data / "envsnap", home.data / "moved"
    history.rename(moved)
    history.write_text("no folder")
    begun = now()
    server.ask("DELETE", f"api/sessions/{session.id}")
    until(lambda: "is in the journal" in server.log.read_text(), "owed")
    history.unlink()
    moved.rename(history)

    _stopped(server)

    _ended(serve, session, "kernel-shutdown", begun)
