"""`jupyter envsnap diff` as a process of its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

COMMAND = (sys.executable, "-m", "jupyter_envsnap.cli", "diff")


@pytest.fixture
def diff(tmp_path):
    """Run the command; its status, standard output and standard error."""

    # The tests of the server run without the user's configuration.
    environ = {name: value for name, value in os.environ.items() if name != "JUPYTER_NO_CONFIG"}
    folders = {
        "PYTHONPATH": str(Path(__file__).parents[2]),
        "JUPYTER_DATA_DIR": str(tmp_path),
        "JUPYTER_CONFIG_DIR": str(tmp_path / "config"),
    }

    def run(*argv: object) -> tuple[int, str, str]:
        done = subprocess.run(
            [*COMMAND, *map(str, argv)],
            cwd=tmp_path,
            env={**environ, **folders},
            capture_output=True,
            check=False,
            timeout=60,
        )
        return done.returncode, done.stdout.decode(), done.stderr.decode()

    return run


def test_two_files_differ_by_package(diff, tmp_path):
    (tmp_path / "a.yml").write_text("dependencies: [numpy=1.26.4, dask=1.0, zlib]\n")
    (tmp_path / "b.yml").write_text("dependencies: [numpy=2.0.1, zlib, pip: [polars==1.9]]\n")
    status, out, err = diff("a.yml", "b.yml")
    assert (status, err) == (1, "")
    assert {"− dask", "~ numpy 1.26.4 → 2.0.1", "+ polars 1.9"} <= set(out.splitlines())
    assert diff("a.yml", "a.yml") == (0, "", "")


def test_an_environment_is_compared_with_its_file(diff, tmp_path, venv):
    (tmp_path / "environment.yml").write_text("dependencies: [python, pip: [tiny>=1]]\n")
    assert diff("environment.yml", venv)[0] == 0
    (tmp_path / "environment.yml").write_text("dependencies: [python, pip: [tiny==0.9]]\n")
    status, out, _ = diff("environment.yml", venv)
    assert (status, out) == (1, "~ tiny 0.9 → 1.0\n")


def test_groups_of_the_users_own_are_left_out(diff, tmp_path, venv):
    (tmp_path / "environment.yml").write_text(
        "# envsnap: profile=minimal without=mine\ndependencies: [python]\n"
    )
    status, out, _ = diff("environment.yml", venv)
    assert (status, out) == (1, "+ tiny 1.0\n")
    config = tmp_path / "config"
    config.mkdir()
    (config / "jupyter_envsnap_config.py").write_text("c.EnvSnapApp.groups = {'mine': ['tiny']}\n")
    assert diff("environment.yml", venv) == (0, "", "")


def test_no_file_writes_to_the_terminal_what_is_no_text(diff, tmp_path):
    (tmp_path / "a.yml").write_text("dependencies: []\n")
    (tmp_path / "b.yml").write_text('dependencies: ["a=\\e]0;b\\a\\u202e1"]\n')
    status, out, _ = diff("a.yml", "b.yml")
    assert (status, out.strip().isprintable()) == (1, True)


def test_json_has_every_detail(diff, tmp_path):
    (tmp_path / "a.yml").write_text("dependencies: [numpy=1.26.4]\n")
    (tmp_path / "b.yml").write_text("dependencies: [numpy=2.0.1]\n")
    status, out, _ = diff("file:a.yml", "b.yml", "--json")
    reply = json.loads(out)
    assert (status, reply["same"]) == (1, False)
    assert [c["change"] for c in reply["changes"]["packages"]] == ["upgraded"]


@pytest.mark.parametrize(
    ("argv", "code"),
    [
        (("a.yml",), "bad-usage"),
        (("a.yml", "absent.yml"), "reference-invalid"),
        (("a.yml", "snapshot:1"), "snapshot-not-found"),
        (("a.yml", "kernel:1"), "kernel-not-found"),
        (("a.yml", "words.yml"), "file-not-understood"),
        (("a.yml", "rev:HEAD:a.yml"), "git-no-repository"),
        (("a.yml", "prefix:."), "not-an-environment"),
    ],
)
def test_what_cannot_be_compared_is_one_line_with_a_code_and_exit_2(diff, tmp_path, argv, code):
    (tmp_path / "a.yml").write_text("dependencies: [numpy]\n")
    (tmp_path / "words.yml").write_text("words\n")
    status, out, err = diff(*argv)
    assert (status, out) == (2, "")
    assert err.startswith("envsnap: ")
    assert f"[{code}]" in err
