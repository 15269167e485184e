from __future__ import annotations

import os

import pytest

from jupyter_envsnap.adapters.condarc import CondaConfiguration


def test_files_come_in_condas_order_of_precedence(tmp_path):
    places = {
        "own": tmp_path / "own" / "condarc",
        "prefix": tmp_path / "env" / ".condarc",
        "home": tmp_path / "home" / ".condarc",
        "home-conda": tmp_path / "home" / ".conda" / ".condarc",
        "root": tmp_path / "conda" / ".condarc",
    }
    for name, path in places.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"channels: [{name}, shared]\n")
    environ = {"CONDARC": str(places["own"]), "CONDA_ROOT": str(tmp_path / "conda")}
    configuration = CondaConfiguration(environ, tmp_path / "home")
    assert configuration.channels(str(tmp_path / "env")) == (
        *("own", "shared", "prefix", "home", "home-conda", "root"),
    )


@pytest.mark.parametrize(
    ("text", "channels"),
    [
        (b"channels:\n  - conda-forge\n  - defaults\n", ("conda-forge", "defaults")),
        (b"channels: conda-forge\n", ("conda-forge",)),
        (b"\xef\xbb\xbfchannels: [a]\n", ("a",)),
        (b"channels:\n  - https://me:pw@h/t/tk-1/c\n", ("https://h/c",)),
        (b"channels: [a, 7, true, {b: c}]\n", ("a", "7")),
        (b"channels: 7\n", ()),
        (b"ssl_verify: true\n", ()),
        (b"- a\n", ()),
        (b"", ()),
        (b"channels: [", ()),
        (b"channels: [\xff]\n", ()),
    ],
)
def test_channels_are_read_or_there_are_none(tmp_path, text, channels):
    (tmp_path / ".condarc").write_bytes(text)
    assert CondaConfiguration({}, tmp_path).channels(str(tmp_path / "env")) == channels


def test_a_changed_file_is_read_again(tmp_path):
    configuration = CondaConfiguration({}, tmp_path)
    (tmp_path / ".condarc").write_text("channels: [a]\n")
    assert configuration.channels("x") == ("a",)
    (tmp_path / ".condarc").write_text("channels: [a, b]\n")
    assert configuration.channels("x") == ("a", "b")


def test_what_is_no_file_is_no_configuration(tmp_path):
    os.mkfifo(tmp_path / ".condarc")
    (tmp_path / ".conda" / ".condarc").mkdir(parents=True)
    assert CondaConfiguration({}, tmp_path).channels("x") == ()
