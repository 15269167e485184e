"""A real repository with a user's other work in it, and what a commit must leave as it is."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path

import psutil
import pytest

from jupyter_envsnap.adapters.git import Git
from jupyter_envsnap.core.errors import CommitError

NAME = "environment.yml"
OLD, STAGED, NEW = "a: 1\n", "a: 2\n", "a: 3\nb: 4\n"
_MARK = "ENVSNAP_TEST_OF"


def isolate(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A home with an identity, nothing of this machine's settings, and prompts that leave a mark.

    The mark is a line in ``prompted``.
    """
    for name in [name for name in os.environ if name.startswith(("GIT_", "GPG_", "GNUPG"))]:
        monkeypatch.delenv(name)
    folder.mkdir()
    (folder / ".gitconfig").write_text(
        "[user]\n\tname = Ada\n\temail = ada@example.org\n[init]\n\tdefaultBranch = main\n"
        "\ttemplateDir =\n[commit]\n\ttemplate = ~/template\n"
    )
    (folder / "template").write_text("# a template\n")
    prompt = folder / "prompt"
    prompt.write_text(f"#!/bin/sh\necho \"$0 $*\" >> '{folder}/prompted'\nexit 1\n")
    prompt.chmod(0o755)
    for name in ("EDITOR", "VISUAL", "GIT_EDITOR", "GIT_ASKPASS", "SSH_ASKPASS", "GIT_PAGER"):
        monkeypatch.setenv(name, str(prompt))
    monkeypatch.setenv("DISPLAY", ":9")
    monkeypatch.setenv("HOME", str(folder))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(folder / "config"))
    monkeypatch.setenv("GIT_CONFIG_NOSYSTEM", "1")
    monkeypatch.setenv(_MARK, str(folder))


def family() -> set[int]:
    """The processes that this test started, wherever they went."""
    mark = os.environ[_MARK]
    found = set()
    for process in psutil.process_iter():
        try:
            if process.status() != psutil.STATUS_ZOMBIE and process.environ().get(_MARK) == mark:
                found.add(process.pid)
        except psutil.Error:  # it is gone, or not ours  # noqa: PERF203
            continue
    return found


class Repository:
    """A work tree."""

    def __init__(self, top: Path, *, like: Path | None = None) -> None:
        self.top = top
        if like:
            shutil.copytree(like, top, symlinks=True)
        elif not top.exists():
            top.mkdir(parents=True)
            self.git("init", "-q")

    def git(self, *arguments: str, stdin: str | None = None, check: bool = True) -> str:
        done = subprocess.run(
            ["git", "--literal-pathspecs", "-c", "core.fsmonitor=", *arguments],
            cwd=self.top,
            input=None if stdin is None else stdin.encode(errors="surrogateescape"),
            capture_output=True,
            check=False,
        )
        if check and done.returncode:
            raise AssertionError(done.stderr.decode())
        return os.fsdecode(done.stdout)

    def fails(self, *arguments: str) -> None:
        """Run a git command that stops half-way, as a conflict makes it."""
        with pytest.raises(AssertionError):
            self.git(*arguments)

    def write(self, path: str, text: str) -> Path:
        file = self.top / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
        return file

    def first(self) -> None:
        """A first commit."""
        names = ("kept.txt", "staged.txt", "partly.txt", "changed.txt", "gone.txt")
        for name in names:
            self.write(name, "one\n")
        self.git("add", "--", *names)
        self.git("commit", "-q", "-m", "first")

    def work(self) -> None:
        """A user's work of every kind: staged, partly staged, changed, untracked."""
        self.write("staged.txt", "two\n")
        self.write("partly.txt", "two\n")
        self.write("new.txt", "two\n")
        self.git("add", "--", "staged.txt", "partly.txt", "new.txt")
        self.write("partly.txt", "three\n")
        self.write("changed.txt", "two\n")
        self.write("untracked.txt", "one\n")
        self.git("rm", "-q", "--", "gone.txt")

    def set_aside(self) -> None:
        """Undo ``work``."""
        self.git("reset", "-q", "--hard")
        (self.top / "untracked.txt").unlink()

    def track(self, name: str = NAME, text: str = OLD) -> None:
        self.write(name, text)
        self.git("add", "--", name)
        self.git("commit", "-q", "-m", "environment", "--", name)

    def stage(self, name: str = NAME, text: str = STAGED) -> None:
        self.write(name, text)
        self.git("add", "--", name)

    def hook(self, name: str, script: str, shell: str = "/bin/sh") -> None:
        hook = self.write(f".git/hooks/{name}", f"#!{shell}\n{script}\n")
        hook.chmod(0o755)

    def head(self) -> str:
        return self.git("rev-parse", "-q", "--verify", "HEAD", "--", check=False).strip()

    def branch(self) -> str:
        return self.git("symbolic-ref", "-q", "HEAD", check=False).strip()

    def index(self) -> dict[str, str]:
        """Stage, mode, blob and flags of every entry."""
        listed = self.git("ls-files", "-s", "-v", "-z", "--debug", check=False)
        rows = re.findall(r"(\S+ \d+ \w+ \d)\t(.*?)\0  ctime.*?flags: (\w+)\n", listed, re.DOTALL)
        entries: dict[str, str] = {}
        for row, path, flags in rows:
            entries[path] = f"{entries.get(path, '')}{row} {flags};"
        return entries

    def refs(self) -> dict[str, str]:
        listed = self.git("for-each-ref", "--format=%(refname) %(objectname)", check=False)
        return dict(line.split(" ") for line in listed.splitlines())

    def files(self) -> dict[str, bytes | str]:
        """The work tree: what every file holds, where every link leads."""
        found = {}
        for path in self.top.rglob("*"):
            name = str(path.relative_to(self.top))
            if ".git" in path.relative_to(self.top).parts:
                continue
            if path.is_symlink():
                found[name] = str(path.readlink())
            elif path.is_file():
                found[name] = path.read_bytes()
        return found

    def git_folder(self) -> dict[str, bytes]:
        """What git keeps besides index, refs and objects: settings, locks, operations, messages."""
        place = self.top / self.git("rev-parse", "--git-common-dir", check=False).strip()
        if place == self.top:  # git cannot tell
            place = self.top / ".git"
        passed_over = re.compile(
            r"(?:^|/)(?:objects|logs|refs)/|(?:^|/)(?:index|HEAD|COMMIT_EDITMSG|packed-refs)$"
            r"|^sharedindex\."
        )
        found = {}
        for path in place.rglob("*") if place.is_dir() else [place]:
            name = path.relative_to(place).as_posix()
            is_lock = name.endswith(".lock")
            if path.is_file() and (is_lock or not passed_over.search(name)):
                found[name] = path.read_bytes()
        return found

    def stashed(self) -> str:
        return self.git("stash", "list", "--format=%H", check=False)

    def committed(self) -> list[str]:
        shown = self.git("show", "--format=", "--name-only", "--no-renames", "-z", "HEAD", "--")
        return [path for path in shown.split("\0") if path]


class Before:
    """Everything as it was, and the claim that a commit of one file harms nothing of it."""

    def __init__(self, repository: Repository, name: str, *, around: Repository | None) -> None:
        self.repository, self.name = repository, name
        self.around = around
        """The repository that holds this one as a submodule, or whose other work tree it is."""
        self.head, self.branch = repository.head(), repository.branch()
        self.index, self.files = repository.index(), repository.files()
        self.refs = self._other_refs()
        self.git_folder = repository.git_folder()
        self.stashed, self.settings = repository.stashed(), _own_settings()
        self.around_index = around and around.index()
        self.around_files = around and around.files()
        self.around_head = around and around.head()
        self.processes = family()

    def check(self, *, committed: bool, also: set[str], hook_writes: bool, left_out: bool) -> None:
        """Unless a hook did this: added ``also``, wrote to the file, left it out of the commit."""
        now, name = self.repository, self.name
        files = now.files()
        if hook_writes:
            files[name] = self.files[name]
        assert files == self.files
        index = now.index()
        assert _without(index, name) == _without(self.index, name)
        assert self._other_refs() == self.refs
        assert now.branch() == self.branch
        assert now.git_folder() == self.git_folder
        assert now.stashed() == self.stashed
        assert _own_settings() == self.settings
        if self.around:
            assert self.around.index() == self.around_index
            assert self.around.head() == self.around_head
            assert _outside(self.around, self.around.files(), now) == _outside(
                self.around, self.around_files, now
            )
        assert family() <= self.processes
        assert not Path(os.environ["HOME"], "prompted").exists()
        if committed:
            parents = now.git("rev-parse", "HEAD^@", "--").replace("--", "").split()
            assert parents == ([self.head] if self.head else [])
            assert set(now.committed()) == (also if left_out else {name} | also)
            blob = (
                now.git("hash-object", "--", name)
                if left_out
                else now.git("rev-parse", f"HEAD:{name}")
            )
            blob = blob.strip()
            assert re.fullmatch(rf"H \d+ {blob} 0 \w+;", index[name])
        else:
            assert now.head() == self.head
            assert index == self.index

    def _other_refs(self) -> dict[str, str]:
        return _without(self.repository.refs(), self.branch)


def _own_settings() -> str:
    return Path(os.environ["HOME"], ".gitconfig").read_text()


def _without(rows: dict[str, str], name: str) -> dict[str, str]:
    return {key: value for key, value in rows.items() if key != name}


def _outside(around: Repository, files: dict[str, bytes | str], inner: Repository) -> object:
    inside = os.path.relpath(inner.top, around.top)
    return {name: value for name, value in files.items() if not name.startswith(f"{inside}/")}


async def commit(
    repository: Repository,
    name: str = NAME,
    message: str = "env: x",
    *,
    also: set[str] | None = None,
    hook_writes: bool = False,
    left_out: bool = False,
    around: Repository | None = None,
    git: Git | None = None,
):
    """Commit, and hold everything else to what it was before; the commit made, or its error."""
    before = Before(repository, name, around=around)
    error = made = None
    try:
        made = await (git or Git()).commit(str(repository.top / name), message)
    except CommitError as raised:
        error = raised
    before.check(
        committed=made is not None, also=also or set(), hook_writes=hook_writes, left_out=left_out
    )
    if error is not None:
        raise error
    assert made.id == repository.head()
    assert made.id.startswith(made.short_id)
    assert set(made.other_files) == (also or set())
    return made
