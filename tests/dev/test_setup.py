from __future__ import annotations

import subprocess
import sys

import pytest

from dev import lab_env, venv
from dev.check import main
from dev.steps import CannotGoOn, digest, run_quietly


def test_missing_venv_module_is_named_with_its_package(monkeypatch, tmp_path):
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None if name == "ensurepip" else 1)

    with pytest.raises(CannotGoOn, match="python3-venv is missing"):
        venv.make_venv(tmp_path / "venv")


def test_failed_command_is_told_with_its_last_words(capsys):
    command = [sys.executable, "-c", "import sys; sys.exit('the disk is full')"]

    with pytest.raises(CannotGoOn, match="failed with exit code 1"):
        run_quietly(command, what="test-failing")

    assert "  | the disk is full" in capsys.readouterr().out


def test_digest_follows_content_place_and_words(tmp_path):
    one, other = tmp_path / "a", tmp_path / "b"
    one.write_text("x")
    other.write_text("x")

    seen = {digest([one]), digest([other]), digest([one, other]), digest([one], "word")}
    one.write_text("y")

    assert len(seen | {digest([one])}) == 5


def test_unknown_suite_is_refused(capsys):
    assert main(["lint", "pyhton"]) == 2
    assert "no suite pyhton" in capsys.readouterr().err


def test_channel_that_is_there_answers(conda_env):
    channel = conda_env.parents[1] / "local-channel"

    assert lab_env.answers(channel.as_uri())


def test_channel_that_is_not_there_does_not_answer(tmp_path):
    assert not lab_env.answers(tmp_path.as_uri())


def test_commands_of_the_venv_come_first_on_the_path():
    told = subprocess.run(
        ["/bin/sh", "-c", "command -v python"],
        env=venv.environment(),
        capture_output=True,
        text=True,
        check=True,
    )

    assert told.stdout.strip() == str(venv.PYTHON)
