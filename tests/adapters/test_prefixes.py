"""Folders and executables as they lie on disks, each with the environment that it belongs to."""

import os
import sys
import venv
from pathlib import Path

import pytest

from jupyter_envsnap.adapters import prefixes
from jupyter_envsnap.core.model import Prefix


def _touch(path: Path) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.touch()
    return path


def _conda(folder: Path) -> Path:
    (folder / "conda-meta").mkdir(parents=True)
    _touch(folder / "bin/python3.11")
    (folder / "bin/python").symlink_to("python3.11")
    _touch(folder / "lib/python3.11/os.py")
    return folder


def _plain(folder: Path, library: str = "lib/python3.11") -> Path:
    _touch(folder / library / "os.py")
    _touch(folder / "bin/python3")
    return folder


def _venv(folder: Path, base: Path) -> Path:
    _touch(folder / "pyvenv.cfg").write_text(f"home = {base / 'bin'}\nversion = 3.11.7\n")
    (folder / "bin").mkdir()
    (folder / "bin/python").symlink_to(base / "bin/python3")
    return folder


def test_a_folder_with_conda_meta_is_a_conda_prefix(tmp_path):
    assert prefixes.probe(_conda(tmp_path / "e")) == Prefix(path=str(tmp_path / "e"), kind="conda")


def test_a_folder_with_pyvenv_cfg_is_a_venv_and_names_its_base(tmp_path):
    base = _plain(tmp_path / "python")
    assert prefixes.probe(_venv(tmp_path / "v", base)) == Prefix(
        path=str(tmp_path / "v"), kind="venv", base=str(base)
    )


def test_a_venv_on_a_conda_environment_names_the_conda_prefix(tmp_path):
    base = _conda(tmp_path / "e")
    (base / "bin/python3").symlink_to("python3.11")
    found = prefixes.enclosing(_venv(tmp_path / "v", base) / "bin/python")
    assert found == Prefix(path=str(tmp_path / "v"), kind="venv", base=str(base))


def test_a_venv_made_by_a_venvs_python_names_the_base_where_links_end(tmp_path):
    base = _plain(tmp_path / "python")
    shims = tmp_path / "shims"
    shims.mkdir()
    (shims / "python3").symlink_to(base / "bin/python3")
    _touch(tmp_path / "v/pyvenv.cfg").write_text(f"home={shims}\n")
    assert prefixes.probe(tmp_path / "v") == Prefix(
        path=str(tmp_path / "v"), kind="venv", base=str(base)
    )


@pytest.mark.parametrize(
    ("text", "base"),
    [
        ("home = /gone/bin\n", "/gone"),
        ("HOME=/gone/bin\r\n", "/gone"),
        ("home = /gone/here\n", "/gone/here"),
        ("home =\n", None),
        ("version = 3.11\n", None),
        ("", None),
        ("\udcff\udcfe home", None),
    ],
)
def test_a_venv_whose_base_is_gone_or_unsaid_is_still_a_venv(tmp_path, text, base):
    (tmp_path / "pyvenv.cfg").write_bytes(text.encode("utf-8", "surrogateescape"))
    assert prefixes.probe(tmp_path) == Prefix(path=str(tmp_path), kind="venv", base=base)


@pytest.mark.parametrize("library", ["lib/python3.11", "lib64/python3.13t", "Lib", "lib/pypy3.10"])
def test_a_folder_with_a_standard_library_is_a_system_prefix(tmp_path, library):
    _plain(tmp_path / "usr", library)
    assert prefixes.probe(tmp_path / "usr") == Prefix(path=str(tmp_path / "usr"), kind="system")


@pytest.mark.parametrize("name", ["lib/python3.11/site-packages/x.py", "lib/pythonish/os.py", "x"])
def test_a_folder_with_neither_is_no_environment(tmp_path, name):
    _touch(tmp_path / name)
    assert prefixes.probe(tmp_path) is None


def test_a_folder_that_is_not_there_is_no_environment(tmp_path):
    assert prefixes.probe(tmp_path / "gone") is None


def test_a_link_to_a_conda_environments_python_leads_to_it(tmp_path):
    _conda(tmp_path / "e")
    (tmp_path / "home/bin").mkdir(parents=True)
    (tmp_path / "home/bin/py").symlink_to(tmp_path / "e/bin/python")
    assert prefixes.enclosing(tmp_path / "home/bin/py") == prefixes.probe(tmp_path / "e")


def test_a_relative_link_beside_another_python_leads_to_the_environment(tmp_path):
    _conda(tmp_path / "e")
    _plain(tmp_path / "local")
    (tmp_path / "local/bin/python").symlink_to("../../e/bin/python")
    assert prefixes.enclosing(tmp_path / "local/bin/python") == prefixes.probe(tmp_path / "e")


def test_a_link_to_a_venvs_python_is_its_base_as_python_itself_has_it(tmp_path):
    base = Path(sys.base_prefix)
    venv.create(tmp_path / "v", symlinks=True, with_pip=False)
    (tmp_path / "py").symlink_to(tmp_path / "v/bin/python")
    assert prefixes.enclosing(tmp_path / "py") == Prefix(path=str(base), kind="system")
    assert prefixes.enclosing(tmp_path / "v/bin/python") == Prefix(
        path=str(tmp_path / "v"), kind="venv", base=str(base)
    )


def test_a_compiled_kernel_belongs_to_the_conda_environment_above_it(tmp_path):
    _conda(tmp_path / "e")
    assert prefixes.enclosing(_touch(tmp_path / "e/lib/R/bin/exec/R")) == prefixes.probe(
        tmp_path / "e"
    )


def test_a_compiled_kernel_outside_any_environment_has_none(tmp_path):
    _plain(tmp_path / "usr")
    assert prefixes.enclosing(_touch(tmp_path / "usr/bin/julia")) is None


def test_a_marker_far_above_an_interpreter_is_not_its_own(tmp_path):
    _touch(tmp_path / "pyvenv.cfg")
    python = _plain(tmp_path / "opt/python")
    assert prefixes.enclosing(python / "bin/python3") == prefixes.probe(python)


def test_the_nearest_environment_wins(tmp_path):
    _conda(tmp_path / "e")
    inner = _conda(tmp_path / "e/envs/inner")
    assert prefixes.enclosing(_touch(inner / "lib/R/bin/exec/R")) == prefixes.probe(inner)


def test_links_in_a_circle_lead_nowhere(tmp_path):
    (tmp_path / "python").symlink_to("python3")
    (tmp_path / "python3").symlink_to("python")
    assert prefixes.enclosing(tmp_path / "python") is None


def test_a_folder_that_may_not_be_searched_is_no_environment(tmp_path):
    # The suite may run as root, whom no mode stops: a file in the folder's place does.
    _touch(tmp_path / "file")
    assert prefixes.probe(tmp_path / "file") is None
    assert prefixes.enclosing(tmp_path / "file/bin/python") is None


def test_a_folder_whose_name_is_not_text_is_no_environment(tmp_path):
    # No reply, row or document could name it.
    folder = Path(os.fsdecode(os.fsencode(tmp_path) + b"/caf\xe9"))
    _conda(folder)
    assert prefixes.probe(folder) is None
    assert prefixes.enclosing(folder / "bin/python") is None


def test_a_nul_leads_nowhere(tmp_path):
    venv_folder = tmp_path / "venv"
    _touch(venv_folder / "pyvenv.cfg").write_text("home = /x\0y/bin\n")
    assert prefixes.probe(venv_folder) == Prefix(path=str(venv_folder), kind="venv")
    assert prefixes.probe(Path("/x\0y")) is None
    assert prefixes.enclosing(Path("/x\0y/bin/python")) is None
