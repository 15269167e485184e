"""A commit of exactly one file, in every state that a real repository can be in."""

from __future__ import annotations

import asyncio
import os
import shutil
import subprocess
from pathlib import Path

import psutil
import pytest

from jupyter_envsnap.adapters.git import Git
from jupyter_envsnap.core.errors import (
    CommitError,
    CommitFailed,
    CommitTimedOut,
    DubiousOwnership,
    GitMissing,
    HookFailed,
    IndexLocked,
    NoIdentity,
    NoRepository,
    NothingToCommit,
    OperationInProgress,
    SigningFailed,
    TargetIgnored,
)

NAME = "environment.yml"
OLD, STAGED, NEW = "a: 1\n", "a: 2\n", "a: 3\nb: 4\n"


def isolate(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A home with an identity, and nothing of this machine's settings."""
    for name in [name for name in os.environ if name.startswith("GIT_")]:
        monkeypatch.delenv(name)
    folder.mkdir()
    (folder / ".gitconfig").write_text(
        "[user]\n\tname = Ada\n\temail = ada@example.org\n[init]\n\tdefaultBranch = main\n"
    )
    monkeypatch.setenv("HOME", str(folder))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(folder / "config"))
    monkeypatch.setenv("GIT_CONFIG_NOSYSTEM", "1")


@pytest.fixture(autouse=True)
def home(tmp_path, monkeypatch):
    isolate(tmp_path / "home", monkeypatch)


class Repository:
    """A work tree, with a user's other work in it: staged, partly staged, changed, untracked."""

    def __init__(self, top: Path, *, like: Path | None = None) -> None:
        self.top = top
        if like:
            shutil.copytree(like, top)
        else:
            top.mkdir(parents=True)
            self.git("init", "-q")

    def git(self, *arguments: str, stdin: str | None = None, check: bool = True) -> str:
        done = subprocess.run(
            ["git", "--literal-pathspecs", *arguments],
            cwd=self.top, input=stdin, capture_output=True, text=True, check=False,
        )  # fmt: skip
        if check and done.returncode:
            raise AssertionError(done.stderr)
        return done.stdout

    def write(self, path: str, text: str) -> Path:
        file = self.top / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
        return file

    def begin(self) -> Repository:
        """A first commit, and on top of it work of every kind."""
        names = ("kept.txt", "staged.txt", "partly.txt", "changed.txt", "gone.txt")
        for name in names:
            self.write(name, "one\n")
        self.git("add", "--", *names)
        self.git("commit", "-q", "-m", "first")
        self.write("staged.txt", "two\n")
        self.write("partly.txt", "two\n")
        self.write("new.txt", "two\n")
        self.git("add", "--", "staged.txt", "partly.txt", "new.txt")
        self.write("partly.txt", "three\n")
        self.write("changed.txt", "two\n")
        self.write("untracked.txt", "one\n")
        self.git("rm", "-q", "--", "gone.txt")
        return self

    def track(self, name: str = NAME, text: str = OLD) -> None:
        self.write(name, text)
        self.git("add", "--", name)
        self.git("commit", "-q", "-m", "environment", "--", name)

    def hook(self, name: str, script: str) -> None:
        hook = self.write(f".git/hooks/{name}", f"#!/bin/sh\n{script}\n")
        hook.chmod(0o755)

    def head(self) -> str:
        return self.git("rev-parse", "-q", "--verify", "HEAD", "--", check=False).strip()

    def index(self) -> dict[str, str]:
        rows = self.git("ls-files", "-s", "-z").split("\0")
        return {row.split("\t", 1)[1]: row.split("\t", 1)[0] for row in rows if row}

    def files(self) -> dict[str, bytes]:
        found = (path for path in self.top.rglob("*") if ".git" not in path.parts)
        return {
            str(path.relative_to(self.top)): path.read_bytes() for path in found if path.is_file()
        }

    def config(self) -> bytes:
        return (self.top / ".git" / "config").read_bytes()

    def committed(self) -> list[str]:
        shown = self.git("show", "--format=", "--name-only", "--no-renames", "-z", "HEAD", "--")
        return [path for path in shown.split("\0") if path]


@pytest.fixture(scope="module")
def begun(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("begun")
    with pytest.MonkeyPatch.context() as monkeypatch:
        isolate(folder / "home", monkeypatch)
        return Repository(folder / "project").begin().top


@pytest.fixture
def repository(tmp_path, begun) -> Repository:
    return Repository(tmp_path / "project", like=begun)


def family() -> set[int]:
    return {child.pid for child in psutil.Process().children(recursive=True)}


async def commit(repository: Repository, name: str = NAME, message: str = "env: x", **options):
    """Commit, and hold everything else to what it was before."""
    index, files, head = repository.index(), repository.files(), repository.head()
    config, processes = repository.config(), family()
    error = made = None
    try:
        made = await Git(**options).commit(str(repository.top / name), message)
    except CommitError as raised:
        error = raised
    other = {key: value for key, value in repository.index().items() if key != name}
    assert other == {key: value for key, value in index.items() if key != name}
    assert repository.files() == files
    assert repository.config() == config
    assert family() <= processes
    if error is not None:
        assert repository.head() == head
        assert repository.index() == index
        raise error
    assert repository.git("rev-parse", "HEAD^@", "--").replace("--", "").split() == (
        [head] if head else []
    )
    assert made.id == repository.head()
    assert made.id.startswith(made.short_id)
    assert repository.git("show", f"HEAD:{name}").encode() == files[name]
    return made


# --- states in which a commit is made ---------------------------------------------------------


def untracked(_repository):
    pass


def tracked(repository):
    repository.track()


def modified_before(repository):
    repository.track()
    repository.write(NAME, STAGED)


def staged_new(repository):
    repository.write(NAME, STAGED)
    repository.git("add", "--", NAME)


def partly_staged(repository):
    repository.track()
    repository.write(NAME, STAGED)
    repository.git("add", "--", NAME)


def intended(repository):
    repository.write(NAME, OLD)
    repository.git("add", "-N", "--", NAME)


def removal_staged(repository):
    repository.track()
    repository.git("rm", "-q", "--cached", "--", NAME)


def detached(repository):
    repository.git("checkout", "-q", "--detach")


def with_hooks(repository):
    repository.hook("pre-commit", "exit 0")


def ignored_but_tracked(repository):
    repository.track()
    repository.write(".git/info/exclude", NAME)


def verbose(repository):
    repository.git("config", "commit.verbose", "true")
    repository.git("config", "commit.cleanup", "strip")
    repository.git("config", "log.showSignature", "true")
    repository.git("config", "core.editor", "false")


COMMITTED = (
    untracked, tracked, modified_before, staged_new, partly_staged, intended, removal_staged,
    detached, with_hooks, ignored_but_tracked, verbose,
)  # fmt: skip


@pytest.mark.parametrize("arrange", COMMITTED, ids=lambda arrange: arrange.__name__)
async def test_head_moves_by_one_commit_with_exactly_that_file(repository, arrange):
    arrange(repository)
    repository.write(NAME, NEW)
    made = await commit(repository)
    assert repository.committed() == [NAME]
    assert made.message == "env: x"
    assert made.other_files == ()
    assert made.branch == (None if arrange is detached else "main")


NAMES = (
    "-f", "--all", "a b/c d.yml", "ünï/文.yml", ":(top)x.yml", ":!x.yml", "*.yml", "[a].yml",
    "new\nline.yml", "'quote\".yml", "back\\slash.yml", "HEAD", "$(x).yml", "sub/.yml",
)  # fmt: skip


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("arrange", ["new", "tracked"])
async def test_a_name_means_only_itself(repository, name, arrange):
    repository.write("x.yml", "other\n")
    if arrange == "tracked":
        repository.track(name)
    repository.write(name, NEW)
    assert (await Git().state(str(repository.top / name), NEW)).target == (
        "modified" if arrange == "tracked" else "untracked"
    )
    await commit(repository, name)
    assert repository.committed() == [name]


async def test_a_branch_without_a_commit_gets_its_first(tmp_path):
    repository = Repository(tmp_path / "empty")
    repository.write("staged.txt", "one\n")
    repository.git("add", "--", "staged.txt")
    repository.write(NAME, NEW)
    state = await Git().state(str(repository.top / NAME), NEW)
    assert (state.branch, state.target, state.staged_others) == ("main", "untracked", 1)
    await commit(repository)
    assert repository.committed() == [NAME]


async def test_a_refused_first_commit_leaves_no_trace_in_the_index(tmp_path):
    repository = Repository(tmp_path / "empty")
    repository.hook("pre-commit", "exit 1")
    repository.write(NAME, NEW)
    with pytest.raises(HookFailed):
        await commit(repository)
    assert repository.index() == {}


@pytest.mark.parametrize(
    ("message", "kept"),
    [
        ("env: + x 1", "env: + x 1"),
        ("# 1 is not a comment\n\n# nor is 2", "# 1 is not a comment\n\n# nor is 2"),
        ("env: numpy 1 → 2\n", "env: numpy 1 → 2"),
        ("-m trick", "-m trick"),
        ("a\n\n\n\nb  \n\n", "a\n\nb"),
    ],
)
async def test_the_message_is_the_users(repository, message, kept):
    repository.git("config", "commit.cleanup", "strip")
    repository.write(NAME, NEW)
    assert (await commit(repository, message=message)).message == kept
    assert repository.git("log", "-1", "--format=%B").strip("\n") == kept


async def test_an_empty_message_is_refused(repository):
    repository.write(NAME, NEW)
    with pytest.raises(CommitFailed, match="message is empty"):
        await commit(repository, message=" \n\t")


# --- states in which none is made -------------------------------------------------------------


def merge(repository):
    repository.git("update-ref", "MERGE_HEAD", "HEAD")


def rebase(repository):
    repository.write(".git/rebase-merge/head-name", "refs/heads/main\n")


def cherry_pick(repository):
    repository.git("update-ref", "CHERRY_PICK_HEAD", "HEAD")


def revert(repository):
    repository.git("update-ref", "REVERT_HEAD", "HEAD")


def bisect(repository):
    repository.git("bisect", "start")


def conflict(repository):
    blob = repository.head() and repository.git("rev-parse", "HEAD:kept.txt").strip()
    rows = "".join(f"100644 {blob} {stage}\tkept.txt\n" for stage in (1, 2, 3))
    repository.git("update-index", "--index-info", stdin=rows)


def no_identity(_repository):
    Path(os.environ["HOME"], ".gitconfig").write_text("")


def no_address(_repository):
    Path(os.environ["HOME"], ".gitconfig").write_text("[user]\n\tname = Ada\n")


def locked(repository):
    repository.write(".git/index.lock", "")


def dubious(repository):
    os.chown(repository.top, 65534, 65534)
    os.chown(repository.top / ".git", 65534, 65534)


KNOWN_BEFORE = (
    (merge, OperationInProgress), (rebase, OperationInProgress),
    (cherry_pick, OperationInProgress), (revert, OperationInProgress),
    (bisect, OperationInProgress), (conflict, OperationInProgress), (no_identity, NoIdentity),
    (no_address, NoIdentity), (locked, IndexLocked),
)  # fmt: skip


@pytest.mark.parametrize("is_tracked", [True, False], ids=["tracked", "untracked"])
@pytest.mark.parametrize(("arrange", "error"), KNOWN_BEFORE, ids=lambda value: value.__name__)
async def test_what_stands_in_the_way_is_known_at_the_preview(
    repository, arrange, error, is_tracked
):
    if is_tracked:
        repository.track()
    arrange(repository)
    repository.write(NAME, NEW)
    with pytest.raises(error) as at_preview:
        await Git().state(str(repository.top / NAME), NEW)
    with pytest.raises(error) as at_save:
        await commit(repository)
    assert at_save.value.message == at_preview.value.message
    if arrange is locked:
        assert (repository.top / ".git/index.lock").exists()


def failing_hook(repository):
    repository.hook(
        "pre-commit", "echo first; echo 'error: line 3 is \033[31mtoo long\033[0m' >&2; exit 1"
    )


def failing_message_hook(repository):
    repository.hook("commit-msg", "echo 'no ticket number'; exit 1")


def failing_signature(repository):
    repository.git("config", "commit.gpgSign", "true")
    repository.git("config", "gpg.program", "false")


def failing_key(repository):
    repository.git("config", "commit.gpgSign", "true")
    repository.git("config", "gpg.format", "ssh")
    repository.git("config", "user.signingKey", "/nowhere/key.pub")


def read_only_refs(repository):
    repository.write(".git/refs/heads/main.lock", "")


REFUSED = (
    (failing_hook, HookFailed, "pre-commit hook refused the commit: error: line 3 is too long"),
    (failing_message_hook, HookFailed, "commit-msg hook refused the commit: no ticket number"),
    (failing_signature, SigningFailed, "could not be signed"),
    (failing_key, SigningFailed, "could not be signed"),
    (read_only_refs, IndexLocked, "refs/heads/main.lock"),
)


@pytest.mark.parametrize("is_tracked", [True, False], ids=["tracked", "untracked"])
@pytest.mark.parametrize(
    ("arrange", "error", "words"), REFUSED, ids=[arrange.__name__ for arrange, *_ in REFUSED]
)
async def test_a_refusal_is_told_and_leaves_index_and_head(
    repository, arrange, error, words, is_tracked
):
    if is_tracked:
        repository.track()
        repository.write(NAME, STAGED)
        repository.git("add", "--", NAME)
    arrange(repository)
    repository.write(NAME, NEW)
    with pytest.raises(error) as told:
        await commit(repository)
    assert words in told.value.message


async def test_a_hook_of_another_repository_is_not_blamed(repository, begun, tmp_path):
    other = Repository(tmp_path / "other", like=begun)
    other.hook("pre-commit", "exit 1")
    inner = f"env -u GIT_DIR -u GIT_INDEX_FILE git -C '{other.top}' commit -q -m x"
    repository.hook("pre-commit", f"{inner} || true")
    failing_signature(repository)
    repository.write(NAME, NEW)
    with pytest.raises(SigningFailed):
        await commit(repository)


async def test_a_refusal_keeps_a_staged_removal(repository):
    removal_staged(repository)
    failing_hook(repository)
    repository.write(NAME, NEW)
    with pytest.raises(HookFailed):
        await commit(repository)
    assert repository.git("diff", "--cached", "--name-status", "--", NAME) == f"D\t{NAME}\n"


@pytest.mark.parametrize(
    "script",
    [
        "sleep SECONDS",
        "sleep SECONDS & sleep SECONDS",
        "trap '' TERM; while :; do sleep SECONDS; done",
        "setsid sleep SECONDS & sleep SECONDS",
        "( (trap '' TERM; exec sleep SECONDS) & ); sleep SECONDS",
    ],
    ids=["waits", "with a child", "deaf", "in a session of its own", "a deaf orphan"],
)
async def test_a_hook_that_hangs_is_stopped_with_its_children(repository, script):
    seconds = str(100_000 + os.getpid())  # tells these processes from those of other test runs
    repository.hook("pre-commit", script.replace("SECONDS", seconds))
    repository.write(NAME, NEW)
    with pytest.raises(CommitTimedOut):
        await commit(repository, limit_s=0.5)
    assert not (repository.top / ".git/index.lock").exists()
    running = psutil.process_iter(["cmdline"])
    left = [one for one in running if seconds in (one.info["cmdline"] or ())]
    assert not psutil.wait_procs(left, timeout=5)[1]


async def test_a_hook_that_hangs_after_the_commit_does_not_hide_it(repository):
    repository.hook("post-commit", f"sleep {100_000 + os.getpid()}")
    repository.write(NAME, NEW)
    await commit(repository, limit_s=0.5)
    assert repository.committed() == [NAME]


@pytest.mark.parametrize(("hook", "made"), [("pre-commit", False), ("post-commit", True)])
async def test_a_commit_that_is_cancelled_leaves_the_index_right(repository, tmp_path, hook, made):
    fifo = tmp_path / "reached"
    os.mkfifo(fifo)
    repository.hook(hook, f"echo > '{fifo}'; sleep {100_000 + os.getpid()}")
    repository.write("fresh.yml", NEW)
    running = asyncio.ensure_future(
        Git(limit_s=20).commit(str(repository.top / "fresh.yml"), "env: x")
    )
    await asyncio.to_thread(fifo.read_text)
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running
    assert repository.git("status", "--porcelain", "--", "fresh.yml").strip() == (
        "" if made else "?? fresh.yml"
    )


async def test_a_process_that_a_hook_leaves_behind_is_not_waited_for(repository, tmp_path):
    fifo = tmp_path / "fifo"
    os.mkfifo(fifo)
    repository.hook("post-commit", f"cat '{fifo}' &")
    repository.write(NAME, NEW)
    made = await Git(limit_s=10).commit(str(repository.top / NAME), "env: x")
    assert made.id == repository.head()
    fifo.open("w").close()  # lets the cat end


async def test_files_that_a_hook_adds_are_told(repository):
    repository.hook("pre-commit", "git add -A")
    repository.write(NAME, NEW)
    made = await Git().commit(str(repository.top / NAME), "env: x")
    assert set(made.other_files) == set(repository.committed()) - {NAME}
    assert "untracked.txt" in made.other_files


async def test_an_ignored_file_is_told(repository):
    repository.write(".git/info/exclude", "*.yml")
    for at in ("absent", "there"):
        if at == "there":
            repository.write(NAME, NEW)
        assert (await Git().state(str(repository.top / NAME), NEW)).target == "ignored"
    with pytest.raises(TargetIgnored):
        await commit(repository)


async def test_nothing_to_commit_is_told(repository):
    repository.track()
    with pytest.raises(NothingToCommit):
        await commit(repository)


async def test_nothing_to_commit_keeps_a_staged_version(repository):
    partly_staged(repository)
    repository.write(NAME, OLD)
    with pytest.raises(NothingToCommit):
        await commit(repository)


async def test_a_folder_without_a_repository_is_told(tmp_path):
    file = tmp_path / NAME
    file.write_text(NEW)
    for call in (Git().state(str(file), NEW), Git().commit(str(file), "x")):
        with pytest.raises(NoRepository):
            await call


async def test_a_bare_repository_is_none_to_commit_in(tmp_path):
    Repository(tmp_path / "outer").git("init", "-q", "--bare", str(tmp_path / "bare"))
    with pytest.raises(NoRepository):
        await Git().state(str(tmp_path / "bare" / NAME), NEW)


@pytest.mark.parametrize(
    "script", [None, "echo git version 2.24.9", "echo hello"], ids=["absent", "old", "strange"]
)
async def test_a_git_that_cannot_be_used_is_told(repository, tmp_path, monkeypatch, script):
    folder = tmp_path / "bin"
    folder.mkdir()
    if script:
        (folder / "git").write_text(f"#!/bin/sh\n{script}\n")
        (folder / "git").chmod(0o755)
    monkeypatch.setenv("PATH", str(folder))
    with pytest.raises(GitMissing):
        await Git().state(str(repository.top / NAME), NEW)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a folder to another user")
async def test_a_repository_of_another_user_is_told(repository):
    dubious(repository)
    repository.write(NAME, NEW)
    for call in (lambda path: Git().state(path, NEW), lambda path: Git().commit(path, "x")):
        with pytest.raises(DubiousOwnership) as told:
            await call(str(repository.top / NAME))
        assert f"safe.directory '{repository.top}'" in told.value.message


# --- the state --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("arrange", "target"),
    [
        (untracked, "absent"),
        (tracked, "unchanged"),
        (modified_before, "modified"),
        (staged_new, "staged"),
        (partly_staged, "staged"),
        (removal_staged, "staged"),
    ],
    ids=lambda value: getattr(value, "__name__", value),
)
async def test_the_state_tells_what_git_says_of_the_file(repository, arrange, target):
    arrange(repository)
    state = await Git().state(str(repository.top / NAME), NEW)
    assert state.target == target
    assert (state.top, state.branch) == ("project", "main")
    assert state.staged_others == 4


async def test_a_tracked_file_that_was_deleted_is_modified(repository):
    repository.track()
    (repository.top / NAME).unlink()
    assert (await Git().state(str(repository.top / NAME), NEW)).target == "modified"


@pytest.mark.parametrize("where", ["default", "configured"])
async def test_the_hooks_that_will_run_are_named(repository, where):
    for name in ("post-commit", "pre-commit", "pre-push"):
        repository.hook(name, "exit 0")
    (repository.top / ".git/hooks/commit-msg").write_text("not executable")
    if where == "configured":
        (repository.top / ".git/hooks").rename(repository.top / "hooks")
        repository.git("config", "core.hooksPath", "hooks")
    state = await Git().state(str(repository.top / NAME), NEW)
    assert state.hooks == ("pre-commit", "post-commit")


async def test_the_state_takes_no_lock_and_changes_nothing(repository):
    repository.track()
    index = (repository.top / ".git/index").read_bytes()
    os.utime(repository.top / "kept.txt")  # a refresh would rewrite the index
    await Git().state(str(repository.top / NAME), NEW)
    assert (repository.top / ".git/index").read_bytes() == index


async def test_variables_of_another_repository_are_not_followed(
    repository, begun, tmp_path, monkeypatch
):
    other = Repository(tmp_path / "other", like=begun)
    head = other.head()
    repository.write(NAME, NEW)
    monkeypatch.setenv("GIT_DIR", str(other.top / ".git"))
    monkeypatch.setenv("GIT_WORK_TREE", str(other.top))
    monkeypatch.setenv("GIT_INDEX_FILE", str(tmp_path / "index"))
    await Git().commit(str(repository.top / NAME), "env: x")
    for name in ("GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE"):
        monkeypatch.delenv(name)
    assert repository.committed() == [NAME]
    assert other.head() == head


# --- more than one work tree ------------------------------------------------------------------


async def test_a_worktree_commits_to_its_own_branch(repository, tmp_path):
    head = repository.head()
    repository.git("worktree", "add", "-q", "-b", "side", str(tmp_path / "side"))
    file = tmp_path / "side" / NAME
    file.write_text(NEW)
    made = await Git().commit(str(file), "env: x")
    assert made.branch == "side"
    assert repository.head() == head
    assert repository.git("show", "--format=", "--name-only", "side").split() == [NAME]


async def test_a_merge_in_another_worktree_is_not_in_the_way(repository, tmp_path):
    repository.git("worktree", "add", "-q", "-b", "side", str(tmp_path / "side"))
    merge(repository)
    assert (await Git().state(str(tmp_path / "side" / NAME), NEW)).branch == "side"


async def test_a_file_in_a_submodule_is_committed_there(repository, begun, tmp_path):
    Repository(tmp_path / "library", like=begun)
    library = str(tmp_path / "library")
    allow = ("-c", "protocol.file.allow=always")
    repository.git(*allow, "submodule", "add", "-q", library, "lib")
    head = repository.head()
    file = repository.write(f"lib/{NAME}", NEW)
    made = await Git().commit(str(file), "env: x")
    shown = repository.git("-C", "lib", "show", "--format=%H", "--name-only", "HEAD").split()
    assert shown == [made.id, NAME]
    assert repository.head() == head


async def test_a_file_in_a_subfolder_is_named_from_the_top(repository):
    name = f"a/b/{NAME}"
    repository.write(name, NEW)
    await commit(repository, name)
    assert repository.committed() == [name]


async def test_line_ends_that_git_converts_are_no_change(repository):
    repository.git("config", "core.autocrlf", "true")
    repository.track()
    (repository.top / NAME).write_bytes(OLD.replace("\n", "\r\n").encode())
    assert (await Git().state(str(repository.top / NAME), NEW)).target == "unchanged"
