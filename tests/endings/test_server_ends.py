"""However a server ends, its kernels' environments are in the history at the next start at last."""

from __future__ import annotations

import os
import signal
import time
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
    assert later.home.journal == []


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
    kept = {path.name for path in (home.data / "envsnap/journal").rglob("*.unreadable")}
    assert kept == {"0-cut.json.unreadable", "1-newer.json.unreadable"}


def _stop_s(server: Server) -> float:
    begun = time.monotonic()
    server.process.send_signal(signal.SIGTERM)
    server.process.wait(20)
    return time.monotonic() - begun


def test_the_servers_stop_takes_hardly_longer(serve, tmp_path, capsys):
    took = {}
    for extension in (False, True):
        server = serve(at=Home(tmp_path / f"with-{extension}"), extension=extension)
        for number in range(3):
            session = server.notebook(f"{number}.ipynb")
            if extension:
                session.captured()
            else:
                until(lambda it=session: _answers(it), "started")
        took[extension] = _stop_s(server)
    with capsys.disabled():
        print(  # noqa: T201 - the figure is asked for
            f"\nstop: {took[False]:.2f} s without, {took[True]:.2f} s with envsnap", end=" "
        )
    assert took[True] - took[False] <= USUALLY_S


def _answers(session):
    with session.client() as client:
        return client.pid()


def test_a_prefix_that_hangs_holds_the_server_for_three_seconds_at_most(serve, home, capsys):
    from tests.kernels.real import IPYKERNEL, make_venv, python_of  # noqa: PLC0415

    prefix = make_venv(home.path / "stuck")
    home.spec("stuck", python_of(prefix), *IPYKERNEL)
    server = serve()
    session = server.notebook("a.ipynb", kernel="stuck").captured()
    begun = now()
    (packages,) = prefix.glob("lib/python*/site-packages")
    (packages / "broken-1.dist-info").mkdir()
    os.mkfifo(packages / "broken-1.dist-info/METADATA")

    took = _stop_s(server)

    with capsys.disabled():
        print(  # noqa: T201 - the figure is asked for
            f"\nstop with a prefix that hangs: {took:.2f} s", end=" "
        )
    assert took <= AT_MOST_S
    _ended(serve, session, "server-stop", begun)


def test_a_full_disk_holds_nobody_and_loses_no_export(serve, home):
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
    assert _stop_s(server) <= AT_MOST_S
