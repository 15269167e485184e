"""`jupyter envsnap check` as a process of its own, in git's hooks and beside real prefixes."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

PROJECT = Path(__file__).parents[2]


def _write(path, text):
    path.write_text(text)
    return path.name


def test_what_the_file_says_is_checked_as_far_as_it_can_say_it(envsnap, tmp_path, venv):
    file = _write(tmp_path / "environment.yml", "dependencies: [python, pip: [tiny>=0.5]]\n")

    status, out, err = envsnap("check", file, "--prefix", venv)

    assert (status, out) == (0, "")
    assert err == "envsnap: the environment is what environment.yml says\n"


def test_what_drifted_is_told_and_how_to_write_it_down(envsnap, tmp_path, venv):
    file = _write(tmp_path / "environment.yml", "dependencies: [python, pip: [tiny==0.9, rich]]\n")

    status, out, err = envsnap("check", file, "--prefix", venv)

    assert (status, out) == (1, "− rich\n\n# pulled in\n~ tiny 0.9 → 1.0\n")
    assert "jupyter envsnap save environment.yml" in err


def test_what_a_file_leaves_out_is_not_asked_for(envsnap, tmp_path, venv):
    text = "# envsnap: profile=versions exclude=tiny\ndependencies: [python]\n"
    file = _write(tmp_path / "environment.yml", text)

    assert envsnap("check", file, "--prefix", venv)[0] == 0


def test_a_saved_file_does_not_drift(envsnap, tmp_path, conda_env):
    for profile in ("versions", "minimal", "exact"):
        file = tmp_path / f"environment-{profile}.yml"
        text = envsnap("export", "--prefix", conda_env, "--profile", profile)[1]
        _write(file, text)
        status, out, err = envsnap("check", file.name, "--prefix", conda_env)
        assert (status, out) == (0, ""), (profile, err)


def test_several_files_are_checked_at_once(envsnap, tmp_path, venv):
    good = _write(tmp_path / "environment.yml", "dependencies: [python, pip: [tiny]]\n")
    bad = _write(tmp_path / "environment-prod.yml", "dependencies: [python, pip: [tiny==2]]\n")

    assert envsnap("check", good, bad, "--prefix", venv)[0] == 1
    replies = json.loads(envsnap("check", good, bad, "--json", "--prefix", venv)[1])
    assert {name: reply["same"] for name, reply in replies.items()} == {good: True, bad: False}


def test_without_a_file_it_is_the_one_found_from_here(envsnap, tmp_path, venv):
    _write(tmp_path / "environment.yml", "dependencies: [python, pip: [tiny==2]]\n")

    assert envsnap("check", "--prefix", venv)[0] == 1


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (None, "reference-invalid"),
        ("{% set v = 1 %}\ndependencies: [{{ v }}]\n", "file-not-understood"),
        ("dependencies: [\n", "file-not-understood"),
    ],
)
def test_what_cannot_be_compared_is_no_drift(envsnap, tmp_path, venv, text, code):
    if text is not None:
        _write(tmp_path / "environment.yml", text)

    status, out, err = envsnap("check", "environment.yml", "--prefix", venv)

    assert (status, out) == (2, "")
    assert err.rstrip().endswith(f"[{code}]")


def test_as_a_hook_of_pre_commit_it_stops_a_commit_whose_file_is_not_true(tmp_path, venv):
    """With a real pre-commit, in a real repository."""
    repository = tmp_path / "work"
    repository.mkdir()
    bin_ = tmp_path / "bin"
    bin_.mkdir()
    (bin_ / "jupyter").write_text(
        f'#!/bin/sh\nshift\nexec "{sys.executable}" -m jupyter_envsnap.cli "$@" --prefix "{venv}"\n'
    )
    (bin_ / "jupyter").chmod(0o755)
    environ = {
        **os.environ,
        "HOME": str(tmp_path),
        "PATH": f"{bin_}{os.pathsep}{os.environ['PATH']}",
        "PRE_COMMIT_HOME": str(tmp_path / "cache"),
        "PYTHONPATH": str(PROJECT),
        "GIT_CONFIG_COUNT": "2",
        "GIT_CONFIG_KEY_0": "user.name",
        "GIT_CONFIG_VALUE_0": "Ada",
        "GIT_CONFIG_KEY_1": "user.email",
        "GIT_CONFIG_VALUE_1": "ada@example.org",
    }

    def run(*command, cwd=repository):
        return subprocess.run(
            command, cwd=cwd, env=environ, capture_output=True, text=True, check=False, timeout=60
        )

    hooks = tmp_path / "hooks"
    hooks.mkdir()
    (hooks / ".pre-commit-hooks.yaml").write_text((PROJECT / ".pre-commit-hooks.yaml").read_text())
    for folder in (hooks, repository):
        assert run("git", "init", "-q", cwd=folder).returncode == 0
    run("git", "add", "-A", cwd=hooks)
    assert run("git", "commit", "-qm", "Hooks", cwd=hooks).returncode == 0
    rev = run("git", "rev-parse", "HEAD", cwd=hooks).stdout.strip()
    (repository / ".pre-commit-config.yaml").write_text(
        f"repos:\n- repo: {hooks}\n  rev: {rev}\n  hooks:\n  - id: envsnap-check\n"
    )
    _write(repository / "environment.yml", "dependencies: [python, pip: [tiny==0.9]]\n")
    run("git", "add", "-A")
    command = (sys.executable, "-m", "pre_commit", "run")

    drifted = run(*command)
    _write(repository / "environment.yml", "dependencies: [python, pip: [tiny==1.0]]\n")
    run("git", "add", "-A")
    true = run(*command)

    assert drifted.returncode == 1, drifted.stdout + drifted.stderr
    assert "~ tiny 0.9 → 1.0" in drifted.stdout
    assert true.returncode == 0, true.stdout + true.stderr
