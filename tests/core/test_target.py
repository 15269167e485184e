from __future__ import annotations

import pytest

from jupyter_envsnap.core import target
from jupyter_envsnap.core.errors import TargetRefused

GOOD = (
    "environment.yml",
    "a/b/environment.yaml",
    "ünï/文 x.yml",
    "a..b/c.YML",
    "-x.yml",
    "a/b.json",
    "requirements.txt",
)
BAD = (
    "", "/", ".", "..", "/environment.yml", "../environment.yml", "a/../environment.yml", "a/..",
    "./environment.yml", "a//b.yml", "environment.yml/", "a\0.yml", "a\\..\\b.yml", "notes.ipynb",
    "C:/environment.yml", "c:", "C:\\environment.yml", "setup.py", "environment",
    "environment.yml.bak",
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


@pytest.mark.parametrize(
    ("path", "text", "name"),
    [
        ("environment.yml", None, "environment-yaml"),
        ("a/environment.YAML", "@EXPLICIT\n", "environment-yaml"),
        ("environment.json", None, "environment-json"),
        ("requirements.txt", None, "requirements"),
        ("requirements-dev.txt", "numpy==2.0\n", "requirements"),
        ("explicit.txt", None, "explicit"),
        ("a/conda-linux-64.txt", None, "explicit"),
        ("explicit.txt", "numpy==2.0\n", "requirements"),
        ("lock.txt", "# a comment\n@EXPLICIT\n", "explicit"),
        ("spec/lock.txt", None, "requirements"),
        ("spec-file.txt", None, "explicit"),
        ("my_Explicit.txt", None, "explicit"),
        ("spec.linux-64.txt", None, "explicit"),
        ("inspect.txt", None, "requirements"),
        ("spectrum.txt", None, "requirements"),
        ("anaconda.txt", None, "requirements"),
        ("requirements-inexplicit.txt", None, "requirements"),
    ],
)
def test_a_files_name_and_text_tell_its_format(path, text, name):
    assert target.format_of(path, text) == name
    target.check_format(path, name)


@pytest.mark.parametrize(
    ("path", "name"),
    [("environment.yml", "requirements"), ("a.txt", "environment-yaml"), ("a.json", "explicit")],
)
def test_a_file_of_another_name_is_refused_for_a_format(path, name):
    with pytest.raises(TargetRefused, match=r"Choose such a name\."):
        target.check_format(path, name)


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
