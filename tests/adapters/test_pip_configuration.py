"""pip's configuration is read as pip itself reads it."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest

from jupyter_envsnap.adapters import pip_configuration
from jupyter_envsnap.adapters.pip_configuration import PipConfiguration
from jupyter_envsnap.core.model import PipIndexes

PIP_SAYS = """
import json, sys
sys.prefix = sys.argv[1]
from pip._internal.commands.install import InstallCommand
options, _ = InstallCommand("install", "").parse_args([])
print(json.dumps([options.index_url, options.extra_index_urls, options.find_links]))
"""
PYPI = "https://pypi.org/simple"
USER, LEGACY, SITE, SYSTEM = (
    ".config/pip/pip.conf",
    ".pip/pip.conf",
    "env/pip.conf",
    "xdg/pip/pip.conf",
)
FULL = "[global]\nindex-url = https://a/simple\nextra-index-url = https://b/s\n    https://c/s\n"
CASES = {
    "nothing": ({}, {}),
    "a user's file": ({USER: FULL}, {}),
    "a legacy file": ({LEGACY: FULL}, {}),
    "the user's before the legacy file": (
        {LEGACY: FULL, USER: "[global]\nindex-url = https://u/simple\n"},
        {},
    ),
    "the environment's before the user's": (
        {USER: FULL, SITE: "[global]\nextra_index_url = https://site/s\n"},
        {},
    ),
    "the command's section before any other file": (
        {SYSTEM: "[install]\nindex-url = https://i/simple\n", SITE: FULL},
        {},
    ),
    "variables before files": (
        {SITE: FULL},
        {"PIP_INDEX_URL": "https://v/simple", "PIP_EXTRA_INDEX_URL": "https://w/s https://x/s"},
    ),
    "an empty variable is none": ({SITE: FULL}, {"PIP_INDEX_URL": ""}),
    "an empty value takes back an earlier one": (
        {USER: FULL, SITE: "[global]\nindex-url =\n"},
        {},
    ),
    "an empty value takes nothing from another section": (
        {USER: f"{FULL}[install]\nindex-url =\n"},
        {},
    ),
    "a file that a variable names": (
        {SITE: FULL, "own.conf": "[global]\nfind-links = https://links/\n"},
        {"PIP_CONFIG_FILE": "{home}/own.conf"},
    ),
    "no file at all": ({SITE: FULL}, {"PIP_CONFIG_FILE": os.devnull}),
    "places to find links": ({USER: "[install]\nfind_links = https://l/\n  /srv/wheels\n"}, {}),
    "another command's section": ({USER: "[download]\nindex-url = https://d/simple\n"}, {}),
    "a proxy of PyPI under another name": ({USER: f"[global]\nindex-url = {PYPI}/\n"}, {}),
}


def environ(home, variables) -> dict[str, str]:
    own = {name: value.replace("{home}", str(home)) for name, value in variables.items()}
    return {"XDG_CONFIG_DIRS": str(home / "xdg"), "HOME": str(home), **own}


def read(home, variables=None) -> pip_configuration.Found:
    configuration = PipConfiguration(environ(home, variables or {}), str(home))
    return configuration.read(configuration.stamps(str(home / "env")))


@pytest.fixture(autouse=True)
def _without_this_machines_own_file(monkeypatch):
    """``/etc/pip.conf`` is read by pip and by us, and tests must not depend on it."""
    stamp = pip_configuration.prefix_files.stamp
    monkeypatch.setattr(
        pip_configuration.prefix_files,
        "stamp",
        lambda path: None if path == "/etc/pip.conf" else stamp(path),
    )


def write(home, files) -> None:
    for path, text in files.items():
        (home / path).parent.mkdir(parents=True, exist_ok=True)
        (home / path).write_text(text)


@pytest.mark.skipif(sys.platform != "linux", reason="the places are those of Linux")
@pytest.mark.parametrize(("files", "variables"), CASES.values(), ids=list(CASES))
def test_it_is_read_as_pip_reads_it(tmp_path, files, variables):
    write(tmp_path, files)
    code = PIP_SAYS.replace(
        "import json, sys",
        (
            "import json, os, sys\n"
            "exists = os.path.exists\n"
            "os.path.exists = lambda path: path != '/etc/pip.conf' and exists(path)"
        ),
    )
    done = subprocess.run(
        [sys.executable, "-c", code, tmp_path / "env"],
        env={"PATH": os.environ["PATH"], **environ(tmp_path, variables)},
        capture_output=True,
        text=True,
        check=True,
    )
    index, extra, links = json.loads(done.stdout)
    assert read(tmp_path, variables).indexes == PipIndexes(
        index_url=None if index.rstrip("/") == PYPI else index,
        extra=tuple(extra),
        find_links=tuple(links),
    )


def test_no_credential_of_an_index_is_kept(tmp_path):
    write(tmp_path, {USER: "[global]\nindex-url = https://me:pw-1@h/simple\n"})
    found = read(tmp_path, {"PIP_EXTRA_INDEX_URL": "https://pw-2@h/s?token=pw-3"})
    assert found.indexes == PipIndexes(index_url="https://h/simple", extra=("https://h/s",))
    assert found.cleaned
    assert not read(tmp_path, {"PIP_CONFIG_FILE": os.devnull}).cleaned


def test_without_an_index_only_links_are_left(tmp_path):
    write(tmp_path, {USER: f"{FULL}no-index = true\nfind-links = /srv/wheels\n"})
    assert read(tmp_path).indexes == PipIndexes(find_links=("/srv/wheels",))


@pytest.mark.parametrize("text", [b"\xff", b"[global", b"index-url = x\n", b"[global]\nindex-url"])
def test_a_file_that_pip_cannot_read_says_nothing(tmp_path, text):
    (tmp_path / ".pip").mkdir()
    (tmp_path / LEGACY).write_bytes(text)
    assert read(tmp_path).indexes == PipIndexes()


def test_a_file_is_read_again_when_it_changed(tmp_path):
    configuration = PipConfiguration(environ(tmp_path, {}), str(tmp_path))

    def index() -> str | None:
        return configuration.read(configuration.stamps("/nowhere")).indexes.index_url

    seen = [index()]
    for number in range(2):
        write(tmp_path, {USER: f"[global]\nindex-url = https://{number}{'x' * number}/\n"})
        seen.append(index())
    (tmp_path / USER).unlink()
    assert [*seen, index()] == [None, "https://0/", "https://1x/", None]
