from __future__ import annotations

import pytest

from jupyter_envsnap import __version__
from jupyter_envsnap.cli.arguments import Export, Save, Usage, parse

NOTHING = {
    "prefix": None,
    "kernel": None,
    "kernel_id": None,
    "format": None,
    "profile": None,
    "exclude": (),
    "without": (),
    "builds": True,
    "from_history": False,
    "channels": True,
    "json": False,
}
NOT_SAVED = {
    "path": None,
    "commit": False,
    "message": None,
    "dry_run": False,
    "replace": False,
    "pin": False,
    "local": (),
}
NOT_EXPORTED = {"output": None, "sidecar": None}


@pytest.mark.parametrize(
    ("argv", "asked"),
    [
        ([], {}),
        (["--prefix", "/p"], {"prefix": "/p"}),
        (["--kernel=climate"], {"kernel": "climate"}),
        (["--kernel-id", "k"], {"kernel_id": "k"}),
        (["--format", "f", "--profile", "p"], {"format": "f", "profile": "p"}),
        (["-o", "file"], {"output": "file"}),
        (["--exclude", "a", "--exclude=b"], {"exclude": ("a", "b")}),
        (["--without", "jupyter", "--without", "dev"], {"without": ("jupyter", "dev")}),
        (["--no-builds"], {"builds": False}),
        (["--from-history", "--ignore-channels"], {"from_history": True, "channels": False}),
        (["--output=file", "--json"], {"output": "file", "json": True}),
    ],
)
def test_what_is_asked_for_is_understood(argv, asked):
    assert parse(["export", *argv]) == Export(**(NOTHING | NOT_EXPORTED | asked))


@pytest.mark.parametrize(
    ("argv", "asked"),
    [
        ([], {}),
        (["a.yml"], {"path": "a.yml"}),
        (["--commit", "a.yml"], {"path": "a.yml", "commit": True}),
        (["a.yml", "--commit", "-m", "why"], {"path": "a.yml", "commit": True, "message": "why"}),
        (["--message=why", "--commit"], {"commit": True, "message": "why"}),
        (["--dry-run", "--json"], {"dry_run": True, "json": True}),
        (["--json", "--profile", "p"], {"json": True, "profile": "p"}),
        (["--prefix", "/p", "--", "-a.yml"], {"prefix": "/p", "path": "-a.yml"}),
        (
            ["--local", "My_Lib=git", "--local=b=folder"],
            {"local": (("my-lib", "git"), ("b", "folder"))},
        ),
    ],
)
def test_what_is_to_be_saved_is_understood(argv, asked):
    assert parse(["save", *argv]) == Save(**(NOTHING | NOT_SAVED | asked))


@pytest.mark.parametrize(
    ("argv", "words"),
    [
        ([], "Say what to do: export, save, diff, check, snapshot, history, show."),
        (["exprot"], "invalid choice: 'exprot'"),
        (["--json"], "Say what to do"),
        (["save", "--local", "mylib"], "git|folder|comment"),
        (["save", "--local", "=git"], "it is empty"),
        (["export", "--unknown"], "Unknown: --unknown"),
        (["export", "extra"], "Unknown: extra"),
        (["export", "--pref", "/p"], "Unknown: --pref"),
        (["export", "--channel", "c"], "Unknown: --channel"),
        (["export", "--override-channels"], "Unknown: --override-channels"),
        (["export", "--EnvSnapCommand.log_level=10"], "Unknown: --EnvSnapCommand"),
        (["export", "--prefix"], "expected one argument"),
        (["export", "--prefix", ""], "--prefix: it is empty"),
        (["export", "--prefix", "/p", "--kernel", "k"], "not allowed with"),
        (["export", "--kernel", "k", "--kernel-id", "i"], "not allowed with"),
        (["export", "--json", "--profile", "exact"], "--json"),
        (["export", "--json", "--exclude", "numpy"], "--json"),
        (["export", "--exclude", ""], "--exclude: it is empty"),
        (["export", "--json", "--format", "environment-yaml"], "--json"),
        (["save", "a.yml", "b.yml"], "Unknown: b.yml"),
        (["save", "-o", "a.yml"], "Unknown: -o"),
        (["save", "--comm"], "Unknown: --comm"),
        (["save", ""], "PATH: it is empty"),
        (["save", "a\0.yml"], "PATH: it is empty"),
        (["save", "\udcff.yml"], "PATH: it is not UTF-8"),
        (["save", "-m", "why"], "goes with --commit"),
        (["save", "--commit", "-m"], "expected one argument"),
        (["save", "--commit", "-m", " \n"], "-m/--message: it is empty"),
        (["save", "--commit=yes"], "ignored explicit argument"),
    ],
)
def test_bad_usage_is_told_and_never_passes(argv, words):
    with pytest.raises(Usage) as told:
        parse(argv)
    assert words in str(told.value)


@pytest.mark.parametrize(
    ("argv", "words"),
    [
        (["--help"], "export  "),
        (["--help"], "save  "),
        (["save", "--help"], "jupyter envsnap save --commit -m"),
        (["export", "--help"], "jupyter envsnap export --prefix"),
        (["--version"], __version__),
    ],
)
def test_help_and_version_go_to_standard_output(argv, words, capsys):
    with pytest.raises(SystemExit) as ended:
        parse(argv)
    assert ended.value.code == 0
    assert words in capsys.readouterr().out
