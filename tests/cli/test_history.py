"""`jupyter envsnap snapshot`, `history` and `show` as processes of their own."""

from __future__ import annotations

import json
import shutil

import pytest


def test_what_is_kept_is_listed_and_written_again(envsnap, venv):
    status, out, err = envsnap("snapshot", "--prefix", venv, "--note", "before CUDA 12")
    (snapshot_id,) = out.split()
    assert (status, err) == (0, "envsnap: kept small: 0 conda, 1 PyPI packages\n")

    status, out, err = envsnap("history")
    assert (status, err.count("\n")) == (0, err.count("[history-not-kept]"))
    (row,) = out.splitlines()
    assert row.startswith(snapshot_id[:18])
    assert "from the command line  small  1 packages" in row
    assert row.endswith("before CUDA 12")

    exported = envsnap("export", "--prefix", venv)[1]
    for name in (snapshot_id, snapshot_id[:15], "latest"):
        assert envsnap("show", name)[:2] == (0, exported)
    assert envsnap("show", "latest", "--format", "requirements")[1].endswith("tiny==1.0\n")
    detail = json.loads(envsnap("show", "latest", "--json")[1])
    assert detail["snapshot"]["reason"] == "cli"
    assert detail["environment"]["pypi"][0]["name"] == "tiny"


def test_the_same_again_says_since_when(envsnap, venv):
    envsnap("snapshot", "--prefix", venv)
    status, out, err = envsnap("snapshot", "--prefix", venv, "--json")

    assert status == 0
    assert "unchanged since 20" in err
    assert json.loads(out)["unchanged_since"]["digest"] == json.loads(out)["snapshot"]["digest"]


def test_the_list_is_narrowed(envsnap, venv, tmp_path):
    other = shutil.copytree(venv, tmp_path / "other", symlinks=True)
    (info,) = other.glob("lib/python*/site-packages/tiny-1.0.dist-info")
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: tiny\nVersion: 2.0\n")
    info.rename(info.with_name("tiny-2.0.dist-info"))
    for prefix in (venv, other, venv):
        envsnap("snapshot", "--prefix", prefix)

    def rows(*options):
        return len(envsnap("history", *options)[1].splitlines())

    assert rows() == 3
    assert rows("--prefix", venv) == 2
    assert rows("--prefix", "other") == 1
    assert rows("--package", "Tiny") == 3
    assert rows("--package", "tiny", "--version", "2.0") == 1
    assert rows("--reason", "cli", "--limit", "1") == 1
    assert rows("--reason", "manual") == 0
    assert rows("--notebook", "a.ipynb") == 0
    assert len(json.loads(envsnap("history", "--json")[1])["snapshots"]) == 3


@pytest.mark.parametrize(
    ("argv", "code"),
    [
        (["history"], "snapshot-not-found"),
        (["show", "latest"], "snapshot-not-found"),
        (["history", "--reason", "boredom"], "bad-request"),
        (["history", "--version", "1"], "bad-usage"),
        (["history", "--limit", "0"], "bad-usage"),
        (["history", "--limit", "many"], "bad-usage"),
        (["show"], "bad-usage"),
        (["snapshot", "--prefix", "nowhere"], "prefix-missing"),
    ],
)
def test_what_cannot_be_done_is_one_line_with_a_code_and_makes_nothing(
    envsnap, tmp_path, argv, code
):
    status, out, err = envsnap(*argv)

    assert (status, out) == (2, "")
    assert err.splitlines()[0].endswith(f"[{code}]")
    assert not (tmp_path / "data/envsnap").exists()


def test_a_beginning_that_fits_several_is_told(envsnap, venv):
    for _ in range(2):
        envsnap("snapshot", "--prefix", venv)

    assert "[snapshot-ambiguous]" in envsnap("show", "0")[2]
    assert "[snapshot-not-found]" in envsnap("show", "zzz")[2]


def test_a_history_of_another_program_is_left_alone(envsnap, tmp_path, venv):
    (tmp_path / "data/envsnap").mkdir(parents=True)
    (tmp_path / "data/envsnap/history.sqlite").write_text("not a database" * 100)

    status, _, err = envsnap("snapshot", "--prefix", venv)

    assert status == 2
    assert err.rstrip().endswith("[history-unavailable]")
