from __future__ import annotations

import pytest

from jupyter_envsnap.core import target
from jupyter_envsnap.core.errors import TargetRefused

GOOD = ("environment.yml", "a/b/environment.yaml", "ünï/文 x.yml", "a..b/c.YML", "-x.yml")
BAD = (
    "", "/", ".", "..", "/environment.yml", "../environment.yml", "a/../environment.yml", "a/..",
    "./environment.yml", "a//b.yml", "environment.yml/", "a\0.yml", "a\\..\\b.yml", "notes.ipynb",
    "C:/environment.yml", "c:", "C:\\environment.yml", "setup.py", "environment",
    "environment.yml.txt",
)  # fmt: skip
HIDDEN = (".environment.yml", ".binder/environment.yml", "a/.b/c.yml", ".yml")


@pytest.mark.parametrize("path", GOOD)
def test_a_path_below_the_root_is_taken(path):
    target.check(path, allow_hidden=False)


@pytest.mark.parametrize("allow_hidden", [True, False])
@pytest.mark.parametrize("path", [*BAD, ".git/x.yml", "a/.GIT/x.yml"])
def test_a_path_that_is_no_environment_file_is_refused(path, allow_hidden):
    with pytest.raises(TargetRefused):
        target.check(path, allow_hidden=allow_hidden)


@pytest.mark.parametrize("path", HIDDEN)
def test_a_hidden_path_is_refused_where_the_server_hides_it(path):
    target.check(path, allow_hidden=True)
    with pytest.raises(TargetRefused, match="hidden"):
        target.check(path, allow_hidden=False)


@pytest.mark.parametrize(
    ("notebook", "folder"),
    [
        ("a/b/n.ipynb", "a/b"),
        ("/a/n.ipynb", "a"),
        ("n.ipynb", ""),
        ("", ""),
        (None, ""),
        ("../../etc/n.ipynb", ""),
        ("a/../b/n.ipynb", ""),
        ("a//b/n.ipynb", ""),
    ],
)
def test_the_folder_of_a_session(notebook, folder):
    assert target.folder_of(notebook) == folder


def test_folders_go_up_to_the_root():
    assert list(target.folders("a/b/c")) == ["a/b/c", "a/b", "a", ""]
    assert list(target.folders("")) == [""]


def test_binder_comes_before_the_folder_itself():
    assert list(target.candidates("a")) == [
        "a/binder/environment.yml",
        "a/binder/environment.yaml",
        "a/.binder/environment.yml",
        "a/.binder/environment.yaml",
        "a/environment.yml",
        "a/environment.yaml",
    ]
    assert next(target.candidates("")) == "binder/environment.yml"
