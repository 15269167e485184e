"""Every state that a repository can be in, and that a commit of one file harms nothing in any.

After each row: the saved file is whole, every other file and index entry is as it was, HEAD moved
by one commit of exactly that file or not at all, nobody was asked, nothing runs any more.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from jupyter_envsnap.adapters.git import Git
from jupyter_envsnap.core import findings
from jupyter_envsnap.core.errors import (
    BrokenRepository,
    CommitError,
    CommitFailed,
    CommitTimedOut,
    HookFailed,
    IndexLocked,
    NoIdentity,
    NoRepository,
    NothingToCommit,
    OperationInProgress,
    SigningFailed,
    TargetIgnored,
    TargetSkipped,
)
from tests.adapters.git_repository import NAME, NEW, OLD, STAGED, Repository, commit, isolate

FOREVER = "100000"


@pytest.fixture(autouse=True)
def home(tmp_path, monkeypatch):
    isolate(tmp_path / "home", monkeypatch)
    monkeypatch.setenv("GNUPGHOME", str(tmp_path / "home"))
    yield
    if (tmp_path / "gnupg").exists():
        subprocess.run(["gpgconf", "--kill", "all"], check=True)


@pytest.fixture(scope="module")
def begun(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("begun")
    with pytest.MonkeyPatch.context() as monkeypatch:
        isolate(folder / "home", monkeypatch)
        repository = Repository(folder / "project")
        repository.first()
        repository.work()
        return repository.top


@pytest.fixture
def repository(tmp_path, begun) -> Repository:
    return Repository(tmp_path / "project", like=begun)


@dataclass(frozen=True)
class Inner:
    """A repository in another one, or another work tree of it."""

    repository: Repository


@dataclass(frozen=True)
class State:
    arrange: Callable[[Repository], Inner | None]
    error: type[CommitError] | None = None
    """Why no commit is made; None: it is."""
    words: str = ""
    """In the error's message."""
    early: bool = True
    """The preview tells the error, too."""
    findings: tuple[str, ...] = ()
    also: frozenset[str] = field(default_factory=frozenset)
    """Files that a hook adds to the commit."""
    hook_writes: bool = False
    """A hook changes the saved file."""
    left_out: bool = False
    """A hook takes the saved file out of the commit."""
    name: str = NAME
    limit_s: float = 20.0


# --- the file itself --------------------------------------------------------------------------


def untracked(_repository):
    pass


def tracked(repository):
    repository.track()


def clean(repository):
    repository.track(text=NEW)


def committed_and_staged_otherwise(repository):
    repository.track(text=NEW)
    repository.stage()


def modified_before(repository):
    repository.track()
    repository.write(NAME, STAGED)


def staged_new(repository):
    repository.stage()


def partly_staged(repository):
    repository.track()
    repository.stage()


def intended(repository):
    repository.write(NAME, OLD)
    repository.git("add", "-N", "--", NAME)


def executable(repository):
    repository.track()
    (repository.top / NAME).chmod(0o755)
    repository.git("commit", "-q", "-m", "mode", "--", NAME)


def ignored(repository):
    repository.write(".git/info/exclude", "*.yml")


def ignored_but_tracked(repository):
    tracked(repository)
    ignored(repository)


def removed_from_the_index(repository):
    repository.track()
    repository.git("rm", "-q", "--cached", "--", NAME)


def removed(repository):
    repository.track()
    repository.git("rm", "-q", "--", NAME)


def removed_from_the_index_and_ignored(repository):
    removed_from_the_index(repository)
    ignored(repository)


def deleted_on_disk(repository):
    repository.track()
    (repository.top / NAME).unlink()


def a_link_before(repository):
    (repository.top / NAME).symlink_to("kept.txt")
    repository.git("add", "--", NAME)
    repository.git("commit", "-q", "-m", "link", "--", NAME)
    (repository.top / NAME).unlink()


def assumed_unchanged(repository):
    repository.track()
    repository.git("update-index", "--assume-unchanged", "--", NAME)


def skipped(repository):
    repository.track()
    repository.git("update-index", "--skip-worktree", "--", NAME)


def others_with_bits(repository):
    repository.git("update-index", "--assume-unchanged", "--", "changed.txt")
    repository.git("update-index", "--skip-worktree", "--", "kept.txt")
    repository.git("add", "-N", "--", "untracked.txt")


OF_THE_FILE = {
    "an untracked file": State(untracked),
    "a tracked file": State(tracked),
    "a file that is committed as it is": State(clean, NothingToCommit, "nothing to commit"),
    "a file that is committed as it is, and staged otherwise": State(
        committed_and_staged_otherwise, NothingToCommit, early=False
    ),
    "a file that the user had changed": State(modified_before),
    "a new file that is staged": State(staged_new),
    "a file of which another version is staged": State(partly_staged),
    "a file that the user means to add": State(intended),
    "an executable file": State(executable),
    "an ignored file": State(ignored, TargetIgnored, "Take it out of .gitignore", early=False),
    "an ignored file that is tracked all the same": State(ignored_but_tracked),
    "a file removed from the index": State(removed_from_the_index),
    "a file removed with git rm": State(removed),
    "a file removed from the index and ignored": State(
        removed_from_the_index_and_ignored, TargetIgnored, early=False
    ),
    "a file deleted on the disk": State(deleted_on_disk),
    "a file that was a link": State(a_link_before),
    "a file assumed to be unchanged": State(
        assumed_unchanged,
        TargetSkipped,
        "git update-index --no-assume-unchanged -- environment.yml",
    ),
    "a file marked skip-worktree": State(
        skipped, TargetSkipped, "git update-index --no-skip-worktree -- environment.yml"
    ),
    "other files with such marks": State(others_with_bits),
}

NAMES = (
    "-f", "--all", "a b/c d.yml", "ünï/文.yml", ":(top)x.yml", ":!x.yml", "*.yml", "[a].yml",
    "new\nline.yml", "'quote\".yml", "back\\slash.yml", "HEAD", "$(x).yml", "sub/.yml", "a,b\t.yml",
    os.fsdecode(b"latin-\xe9.yml"),
)  # fmt: skip


def named(name: str, *, is_tracked: bool) -> Callable[[Repository], None]:
    def arrange(repository):
        repository.write("x.yml", "other\n")
        if is_tracked:
            repository.track(name)

    return arrange


OF_THE_NAME = {
    f"{'a tracked' if is_tracked else 'a new'} file named {name!r}": State(
        named(name, is_tracked=is_tracked), name=name
    )
    for name in NAMES
    for is_tracked in (True, False)
}

# --- where it lies ----------------------------------------------------------------------------


def in_a_worktree(repository):
    side = repository.top.parent / "side"
    repository.git("worktree", "add", "-q", "-b", "side", str(side))
    return Inner(Repository(side))


def in_a_worktree_beside_a_merge(repository):
    inner = in_a_worktree(repository)
    repository.git("update-ref", "MERGE_HEAD", "HEAD")
    return inner


def in_a_submodule(repository):
    library = repository.top.parent / "library"
    Repository(library, like=repository.top)
    allow = ("-c", "protocol.file.allow=always")
    repository.git(*allow, "submodule", "add", "-q", str(library), "lib")
    inner = Repository(repository.top / "lib")
    inner.work()
    return Inner(inner)


def in_a_repository_in_another(repository):
    return Inner(Repository(repository.top / "inner", like=repository.top))


def a_worktree_elsewhere(repository):
    repository.git("config", "core.worktree", str(repository.top.parent / "home"))


def with_a_separate_git_folder(repository):
    repository.git("init", "-q", "--separate-git-dir", str(repository.top.parent / "store"))


def bare(repository):
    repository.git("config", "core.bare", "true")


def garbage_for_a_repository(repository):
    (repository.top / ".git").rename(repository.top.parent / "away")
    repository.write(".git", "garbage\n")


def no_head(repository):
    (repository.top / ".git/HEAD").unlink()


def garbage_for_head(repository):
    repository.write(".git/HEAD", "garbage\n")


def a_corrupt_index(repository):
    index = repository.top / ".git/index"
    index.write_bytes(b"x" * 40 + index.read_bytes()[40:])


def a_truncated_index(repository):
    index = repository.top / ".git/index"
    index.write_bytes(index.read_bytes()[:8])


def objects(repository, name: str) -> Path:
    blob = repository.git("rev-parse", name).strip()
    return repository.top / ".git/objects" / blob[:2] / blob[2:]


def no_commit_object(repository):
    objects(repository, "HEAD").unlink()


def no_tree_object(repository):
    objects(repository, "HEAD^{tree}").unlink()


def an_empty_commit_object(repository):
    file = objects(repository, "HEAD")
    file.chmod(0o644)
    file.write_bytes(b"")


def a_bad_setting(repository):
    config = repository.top / ".git/config"
    config.write_text(f"{config.read_text()}[broken\n")


def a_bad_switch(repository):
    repository.git("config", "commit.gpgSign", "perhaps")


WHERE = {
    "a file in a subfolder": State(untracked, name=f"a/b/{NAME}"),
    "a file in a worktree": State(in_a_worktree),
    "a worktree, while there is a merge in another": State(in_a_worktree_beside_a_merge),
    "a file in a submodule": State(in_a_submodule),
    "a file in a repository inside another": State(in_a_repository_in_another),
    "a git folder elsewhere": State(with_a_separate_git_folder),
    "a work tree elsewhere": State(a_worktree_elsewhere, NoRepository, "keeps its files elsewhere"),
    "a bare repository": State(bare, NoRepository, "Choose a folder of a repository's work tree"),
    "garbage for .git": State(garbage_for_a_repository, BrokenRepository, "invalid gitfile"),
    "no HEAD": State(no_head, BrokenRepository, ".git is damaged"),
    "garbage for HEAD": State(garbage_for_head, BrokenRepository, ".git is damaged"),
    "a corrupt index": State(a_corrupt_index, BrokenRepository, "index file corrupt"),
    "a truncated index": State(a_truncated_index, BrokenRepository, "index file smaller"),
    "no object for HEAD": State(no_commit_object, BrokenRepository, "git cannot read"),
    "no object for HEAD's tree": State(no_tree_object, BrokenRepository, "git cannot read"),
    "an empty object for HEAD": State(an_empty_commit_object, BrokenRepository, "git cannot read"),
    "a line in the settings that is none": State(a_bad_setting, CommitFailed, "bad config line"),
    "a setting that is neither true nor false": State(
        a_bad_switch, CommitFailed, "bad boolean config value 'perhaps' for 'commit.gpgsign'"
    ),
}

# --- where HEAD is ----------------------------------------------------------------------------


def detached(repository):
    repository.git("checkout", "-q", "--detach")


def unborn(repository):
    repository.git("checkout", "-q", "--orphan", "new")


def head_is_a_link(repository):
    head = repository.top / ".git/HEAD"
    head.unlink()
    head.symlink_to("refs/heads/main")


def packed(repository):
    repository.git("pack-refs", "--all")


def of_sha256(repository):
    top = repository.top.parent / "sha256"
    top.mkdir()
    inner = Repository(top)
    inner.git("init", "-q", "--object-format=sha256")
    inner.first()
    inner.work()
    inner.track()
    return Inner(inner)


OF_HEAD = {
    "HEAD on no branch": State(detached),
    "a branch without a commit": State(unborn),
    "HEAD as a link": State(head_is_a_link),
    "a packed branch": State(packed),
    "object names of SHA-256": State(of_sha256),
}

# --- what is under way ------------------------------------------------------------------------


def diverged(repository) -> None:
    """Two branches that changed the same line, and nothing else under way."""
    repository.set_aside()
    repository.git("checkout", "-q", "-b", "other")
    for text in ("theirs\n", "theirs, too\n"):
        repository.write("kept.txt", text)
        repository.git("commit", "-q", "-m", text, "--", "kept.txt")
    repository.git("checkout", "-q", "main")
    repository.write("kept.txt", "ours\n")
    repository.git("commit", "-q", "-m", "ours", "--", "kept.txt")


def stopped_in(*command: str, resolved: bool = True) -> Callable[[Repository], None]:
    def arrange(repository):
        diverged(repository)
        repository.fails(*command)
        if resolved:
            repository.write("kept.txt", "both\n")
            repository.git("add", "--", "kept.txt")
        repository.work()

    return arrange


def between_two_picks(repository):
    diverged(repository)
    repository.fails("cherry-pick", "other~1", "other")
    repository.stage("kept.txt")
    repository.git("commit", "-q", "-m", "picked")
    repository.stage("staged.txt")


def reverting(repository):
    diverged(repository)
    repository.fails("revert", "--no-edit", "other")
    repository.write("kept.txt", "both\n")
    repository.git("add", "--", "kept.txt")
    repository.work()


def applying_mail(repository):
    diverged(repository)
    mail = repository.git("format-patch", "-1", "--stdout", "other")
    repository.write("../mail", mail)
    repository.fails("am", "-q", "../mail")
    repository.work()


def squashed(repository):
    repository.set_aside()
    repository.git("checkout", "-q", "-b", "other")
    repository.track("theirs.txt")
    repository.git("checkout", "-q", "main")
    repository.git("merge", "-q", "--squash", "other")
    repository.work()


def picked_without_a_commit(repository):
    repository.set_aside()
    repository.git("checkout", "-q", "-b", "other")
    repository.track("theirs.txt")
    repository.git("checkout", "-q", "main")
    repository.git("cherry-pick", "--no-commit", "other")
    repository.work()


def bisecting(repository):
    diverged(repository)
    repository.git("bisect", "start", "HEAD", "HEAD~1")
    repository.work()


def conflict_alone(repository):
    blob = repository.git("rev-parse", "HEAD:kept.txt").strip()
    rows = "".join(f"100644 {blob} {stage}\tkept.txt\n" for stage in (1, 2, 3))
    repository.git("update-index", "--index-info", stdin=rows)


def conflict_of_the_file(repository):
    repository.track()
    repository.set_aside()
    repository.git("checkout", "-q", "-b", "other", "HEAD")
    repository.track(text=STAGED)
    repository.git("checkout", "-q", "main")
    repository.track(text="a: 5\n")
    repository.fails("merge", "other")
    repository.work()


def editing_a_commit(repository):
    diverged(repository)
    editor = Path(os.environ["HOME"], "editor")
    editor.write_text('#!/bin/sh\nsed -i 1s/pick/edit/ "$1"\n')
    editor.chmod(0o755)
    repository.git("-c", f"sequence.editor={editor}", "rebase", "-q", "-i", "HEAD~1")
    repository.work()


UNDER_WAY = {
    "a conflict of the file itself": State(
        conflict_of_the_file, OperationInProgress, "A merge is in progress"
    ),
    "a rebase that waits for an edit": State(
        editing_a_commit, OperationInProgress, "A rebase is in progress"
    ),
    "a conflict": State(conflict_alone, OperationInProgress, "unresolved conflicts"),
    "a merge with conflicts": State(
        stopped_in("merge", "other", resolved=False), OperationInProgress, "A merge is in progress"
    ),
    "a merge to be concluded": State(
        stopped_in("merge", "other"), OperationInProgress, "A merge is in progress"
    ),
    "a squashed merge": State(squashed, OperationInProgress, "A commit is prepared"),
    "a rebase": State(
        stopped_in("rebase", "other"), OperationInProgress, "A rebase is in progress"
    ),
    "a rebase by patches": State(
        stopped_in("rebase", "--apply", "other"), OperationInProgress, "A rebase is in progress"
    ),
    "a cherry-pick": State(
        stopped_in("cherry-pick", "other"), OperationInProgress, "A cherry-pick is in progress"
    ),
    "a cherry-pick between two commits": State(
        between_two_picks, OperationInProgress, "A cherry-pick or revert is in progress"
    ),
    "a cherry-pick without a commit": State(
        picked_without_a_commit, OperationInProgress, "A commit is prepared"
    ),
    "a revert": State(reverting, OperationInProgress, "A revert is in progress"),
    "a bisect": State(bisecting, OperationInProgress, "A bisect is in progress"),
    "mail being applied": State(
        applying_mail, OperationInProgress, "A series of patches (git am) is in progress"
    ),
}

# --- who and what is in the way -----------------------------------------------------------------


def identity(text: str) -> Callable[[Repository], None]:
    def arrange(_repository):
        Path(os.environ["HOME"], ".gitconfig").write_text(text)

    return arrange


def locked(repository):
    repository.write(".git/index.lock", "")


def branch_locked(repository):
    repository.write(".git/refs/heads/main.lock", "")


def head_locked(repository):
    repository.write(".git/HEAD.lock", "")


def owned_by_another(repository):
    for path in (repository.top, repository.top / ".git"):
        os.chown(path, 65534, 65534)


IN_THE_WAY = {
    "no identity": State(identity(""), NoIdentity, "git config --global user.name"),
    "an identity without an address": State(identity("[user]\n\tname = Ada\n"), NoIdentity),
    "a lock left behind": State(locked, IndexLocked, "if no git command is running, delete"),
    "a branch locked": State(branch_locked, IndexLocked, "refs/heads/main.lock", early=False),
    "HEAD locked": State(head_locked, IndexLocked, "HEAD.lock", early=False),
}

# --- hooks --------------------------------------------------------------------------------------


def hook(name: str, script: str, shell: str = "/bin/sh") -> Callable[[Repository], None]:
    def arrange(repository):
        repository.track()
        repository.stage()
        repository.hook(name, script, shell)

    return arrange


def hook_of_a_new_file(name: str, script: str) -> Callable[[Repository], None]:
    return lambda repository: repository.hook(name, script)


def hook_elsewhere(repository):
    repository.hook("pre-commit", "echo no; exit 1")
    (repository.top / ".git/hooks").rename(repository.top / "own hooks")
    repository.git("config", "core.hooksPath", "own hooks")


STASHING = """
import pathlib, subprocess, sys, time
git = lambda *arguments: subprocess.run(["git", *arguments], check=True, capture_output=True)
patch = pathlib.Path(".git/kept.patch")
patch.write_bytes(git("diff", "--binary", "--no-ext-diff").stdout)
if not patch.stat().st_size:
    sys.exit("there is nothing to put aside")
git("checkout", "--", ".")
try:
    assert pathlib.Path("changed.txt").read_text() == "one\\n"
    {check}
finally:
    git("apply", "--whitespace=nowarn", str(patch))
    patch.unlink()
"""
"""As pre-commit does it: changes that are not staged are put aside, and brought back."""


def stashing(check: str) -> Callable[[Repository], None]:
    return hook("pre-commit", STASHING.format(check=check), sys.executable)


OTHERS = frozenset(
    {"untracked.txt", "changed.txt", "partly.txt", "staged.txt", "new.txt", "gone.txt"}
)
RED = "\\033[31mtoo long\\033[0m"
HOOKS = {
    "a hook that agrees": State(hook("pre-commit", "exit 0")),
    "a hook that fails": State(
        hook("pre-commit", f"echo first; printf 'error: line 3 is {RED}\\n' >&2; exit 1"),
        HookFailed,
        "pre-commit hook refused the commit: error: line 3 is too long. The file is saved.",
        early=False,
    ),
    "a hook that fails as pre-commit does": State(
        hook(
            "pre-commit",
            "echo 'tidy.....Failed'; echo '- hook id: tidy'; echo '- files were modified by this"
            " hook'; echo; echo '[INFO] Restored changes from /somewhere.'; exit 1",
        ),
        HookFailed,
        "pre-commit hook refused the commit: files were modified by this hook. The file",
        early=False,
    ),
    "a hook that fails over a new file": State(
        hook_of_a_new_file("pre-commit", "exit 1"), HookFailed, "hook refused", early=False
    ),
    "a hook that fails over a file removed from the index": State(
        lambda repository: (
            removed_from_the_index(repository),
            repository.hook("pre-commit", "exit 1"),
        )[1],
        HookFailed,
        early=False,
    ),
    "a hook that fails over the first commit": State(
        lambda repository: (unborn(repository), repository.hook("pre-commit", "exit 1"))[1],
        HookFailed,
        early=False,
    ),
    "a hook that fails over the message": State(
        hook("commit-msg", "echo 'no ticket number'; exit 1"),
        HookFailed,
        "commit-msg hook refused the commit: no ticket number.",
        early=False,
    ),
    "a hook that fails at the branch": State(
        hook("reference-transaction", '[ "$1" != prepared ] || { echo frozen; exit 1; }'),
        HookFailed,
        "reference-transaction hook refused the commit: frozen.",
        early=False,
    ),
    "a hook in another folder": State(hook_elsewhere, HookFailed, "pre-commit hook", early=False),
    "a hook that fails after the commit": State(hook("post-commit", "exit 1")),
    "a hook that is not executable": State(
        lambda repository: repository.write(".git/hooks/pre-commit", "exit 1") and None
    ),
    "a hook that hangs": State(
        hook("pre-commit", f"sleep {FOREVER}"),
        CommitTimedOut,
        "did not finish within",
        early=False,
        limit_s=0.5,
    ),
    "a hook that hangs over a new file": State(
        hook_of_a_new_file("pre-commit", f"sleep {FOREVER}"),
        CommitTimedOut,
        early=False,
        limit_s=0.5,
    ),
    "a hook that hangs after the commit": State(
        hook("post-commit", f"sleep {FOREVER}"), findings=(findings.HOOK_STOPPED,), limit_s=0.5
    ),
    "a hook that rewrites the message": State(
        hook("commit-msg", 'echo "ticket 7" > "$1"'), findings=(findings.HOOK_CHANGED_MESSAGE,)
    ),
    "a hook that adds to the message": State(
        hook("prepare-commit-msg", 'echo "Ticket: 7" >> "$1"'),
        findings=(findings.HOOK_CHANGED_MESSAGE,),
    ),
    "a hook that adds every file": State(
        hook("pre-commit", "git add -A"),
        findings=(findings.HOOK_ADDED_FILES,),
        also=frozenset(
            {"untracked.txt", "changed.txt", "partly.txt", "staged.txt", "new.txt", "gone.txt"}
        ),
    ),
    "a hook that puts the user's changes aside": State(stashing("pass")),
    "a hook that fails with the user's changes aside": State(
        stashing("sys.exit('no')"), HookFailed, "hook refused the commit: no.", early=False
    ),
    "a hook that hangs with the user's changes aside": State(
        stashing("time.sleep(100_000)"), CommitTimedOut, early=False, limit_s=2
    ),
    "a hook that stashes and restores": State(
        hook("pre-commit", "git stash push -q --keep-index && git stash pop -q; rm .git/ORIG_HEAD")
    ),
    "a hook that changes the file and adds it": State(
        hook("pre-commit", f"echo 'c: 5' >> {NAME}; git add {NAME}"),
        findings=(findings.HOOK_CHANGED_FILE,),
        hook_writes=True,
    ),
    "a hook that changes what is committed": State(
        hook(
            "pre-commit",
            "blob=$(echo 'c: 5' | git hash-object -w --stdin);"
            f" git update-index --cacheinfo 100644,$blob,{NAME}",
        ),
        findings=(findings.HOOK_CHANGED_FILE,),
    ),
    "a hook that changes the file only": State(
        hook("pre-commit", f"echo 'c: 5' >> {NAME}"),
        findings=(findings.HOOK_CHANGED_FILE,),
        hook_writes=True,
    ),
    "a hook that changes the file after the commit": State(
        hook("post-commit", f"echo 'c: 5' >> {NAME}"),
        findings=(findings.HOOK_CHANGED_FILE,),
        hook_writes=True,
    ),
    "a hook that changes the file and fails": State(
        hook("pre-commit", f"echo 'c: 5' >> {NAME}; exit 1"),
        HookFailed,
        "The hook changed the file: look at it again",
        early=False,
        hook_writes=True,
    ),
    "a hook that takes the file out of the commit": State(
        hook("pre-commit", f"git reset -q -- {NAME}"),
        findings=(findings.HOOK_CHANGED_FILE,),
        left_out=True,
    ),
    "a hook that opens an editor": State(hook("prepare-commit-msg", '$(git var GIT_EDITOR) "$1"')),
    "a hook that asks for a password": State(
        hook("pre-commit", "printf 'protocol=https\\nhost=x.invalid\\n' | git credential fill"),
        HookFailed,
        "hook refused the commit",
        early=False,
    ),
    "a hook with patterns of its own": State(
        hook("pre-commit", "git diff --cached --name-only -- '*.yml' | grep -q . || exit 1")
    ),
}

# --- signing --------------------------------------------------------------------------------------


def signing(**settings: str) -> Callable[[Repository], None]:
    def arrange(repository):
        repository.git("config", "commit.gpgSign", "true")
        for name, value in settings.items():
            repository.git("config", name.replace("_", "."), value)

    return arrange


def ssh_key(passphrase: str) -> Callable[[Repository], None]:
    def arrange(repository):
        key = repository.top.parent / "home/key"
        subprocess.run(
            ["ssh-keygen", "-q", "-t", "ed25519", "-N", passphrase, "-f", key], check=True
        )
        signing(gpg_format="ssh", user_signingKey=str(key))(repository)

    return arrange


def gnupg_key(passphrase: str) -> Callable[[Repository], None]:
    """In a home of its own, whose agent has unlocked nothing and would ask through a window."""

    def arrange(repository):
        home = repository.top.parent / "gnupg"
        home.mkdir(mode=0o700)
        os.environ["GNUPGHOME"] = str(home)
        prompt = Path(os.environ["HOME"], "prompt")
        (home / "gpg-agent.conf").write_text(f"pinentry-program {prompt}\n")
        options = ("--batch", "--quiet", "--pinentry-mode=loopback", "--passphrase", passphrase)
        key = ("--quick-generate-key", "Ada <ada@example.org>", "ed25519", "sign", "never")
        subprocess.run(["gpg", *options, *key], check=True, capture_output=True)
        subprocess.run(
            ["gpg-connect-agent", "reloadagent", "/bye"], check=True, capture_output=True
        )
        signing()(repository)

    return arrange


SIGNING = {
    "a GnuPG key": State(gnupg_key("")),
    "a GnuPG key with a passphrase": State(
        gnupg_key("secret"), SigningFailed, "Unlock the key, or commit in a terminal", early=False
    ),
    "a key that signs": State(ssh_key("")),
    "a key with a passphrase": State(
        ssh_key("secret"), SigningFailed, "Unlock the key, or commit in a terminal", early=False
    ),
    "a signing program that fails": State(
        signing(gpg_program="false"), SigningFailed, "could not be signed", early=False
    ),
    "a signing program that is missing": State(
        signing(gpg_program="/nowhere/gpg"), SigningFailed, early=False
    ),
    "a signing program that hangs": State(
        lambda repository: signing(gpg_program=str(hanging(repository)))(repository),
        CommitTimedOut,
        "a signing key may be waiting for input",
        early=False,
        limit_s=0.5,
    ),
    "a key that is missing": State(
        signing(gpg_format="ssh", user_signingKey="/nowhere/key.pub"), SigningFailed, early=False
    ),
    "no key of this name": State(signing(user_signingKey="nobody"), SigningFailed, early=False),
}


def hanging(repository) -> Path:
    program = repository.write("../hangs", f"#!/bin/sh\nsleep {FOREVER}\n")
    program.chmod(0o755)
    return program


# --- what git makes of a file's bytes -------------------------------------------------------------


def setting(name: str, value: str) -> Callable[[Repository], None]:
    def arrange(repository):
        repository.track()
        repository.git("config", name, value)

    return arrange


def filtered(clean: str, *, required: bool) -> Callable[[Repository], None]:
    """The file is kept as something else, as git-lfs does it."""

    def arrange(repository):
        repository.write(".gitattributes", "*.yml filter=big\n")
        repository.git("config", "filter.big.clean", clean)
        repository.git("config", "filter.big.smudge", "cat")
        repository.git("config", "filter.big.required", str(required).lower())

    return arrange


def filtered_by_a_process(repository):
    filtered("cat", required=True)(repository)
    repository.git("config", "filter.big.process", "/nowhere/filter")


def encoded(repository):
    repository.write(".gitattributes", "*.yml working-tree-encoding=UTF-16\n")


def windows_lines(repository):
    setting("core.autocrlf", "input")(repository)
    repository.git("config", "core.safecrlf", "true")


BYTES = {
    "core.autocrlf": State(setting("core.autocrlf", "true")),
    "core.autocrlf, input": State(setting("core.autocrlf", "input")),
    "core.eol": State(setting("core.eol", "crlf")),
    "lines that git refuses to convert": State(
        windows_lines, CommitFailed, "CRLF would be replaced by LF", early=False, name="crlf.yml"
    ),
    "a filter": State(filtered("sha256sum", required=True)),
    "a filter that is missing": State(
        filtered("/nowhere/filter", required=True), CommitFailed, "The filter “big”"
    ),
    "a filter process that is missing": State(
        filtered_by_a_process, CommitFailed, "The filter “big”"
    ),
    "a filter that is missing and not needed": State(filtered("/nowhere/filter", required=False)),
    "a filter that hangs": State(
        filtered(f"sleep {FOREVER}", required=True), CommitTimedOut, "a filter", limit_s=0.5
    ),
    "another encoding": State(encoded, CommitFailed, "BOM is required", early=False),
}

# --- how git looks at the work tree ---------------------------------------------------------------


def sparse(*patterns: str, cone: bool) -> Callable[[Repository], None]:
    def arrange(repository):
        repository.set_aside()
        for name in ("in", "out"):
            repository.track(f"{name}/{NAME}")
        mode = "--cone" if cone else "--no-cone"
        repository.git("sparse-checkout", "set", mode, *patterns)
        repository.stage("in/staged.txt")

    return arrange


def watched(repository):
    prompt = Path(os.environ["HOME"], "prompt")
    repository.git("config", "core.fsmonitor", str(prompt))
    repository.git("config", "core.untrackedCache", "true")
    repository.git("update-index", "--untracked-cache")


def split_index(repository):
    repository.track()
    repository.git("config", "core.splitIndex", "true")
    repository.git("update-index", "--split-index")


def verbose(repository):
    for name, value in {
        "commit.verbose": "true", "commit.cleanup": "strip", "log.showSignature": "true",
        "core.editor": "false", "core.askPass": "false", "color.ui": "always",
        "diff.external": "false", "i18n.commitEncoding": "latin1", "core.pager": "false",
        "format.pretty": "oneline", "advice.addIgnoredFile": "false", "core.quotePath": "true",
        "status.branch": "true", "diff.noprefix": "true", "diff.mnemonicPrefix": "true",
    }.items():  # fmt: skip
        repository.git("config", name, value)


LOOKS = {
    "a sparse checkout, inside": State(sparse("in", cone=True), name=f"in/{NAME}"),
    "a sparse checkout, a new file inside": State(sparse("in", cone=True), name="in/new.yml"),
    "a sparse checkout, outside": State(sparse("in", cone=True), name=f"out/{NAME}"),
    "a sparse checkout, a new file outside": State(
        sparse("in", cone=True),
        TargetSkipped,
        "outside of this repository's sparse checkout",
        name="out/new.yml",
        early=False,
    ),
    "a sparse checkout by patterns, inside": State(sparse("/in/", cone=False), name=f"in/{NAME}"),
    "a sparse checkout by patterns, outside": State(sparse("/in/", cone=False), name=f"out/{NAME}"),
    "a sparse checkout by patterns, a new file outside": State(
        sparse("/in/", cone=False), TargetSkipped, name="out/new.yml", early=False
    ),
    "a watcher and an untracked cache": State(watched),
    "an index in two files": State(split_index),
    "settings that change what git says": State(verbose),
}

TABLE = {
    **OF_THE_FILE, **OF_THE_NAME, **WHERE, **OF_HEAD, **UNDER_WAY, **IN_THE_WAY, **HOOKS,
    **SIGNING, **BYTES, **LOOKS,
}  # fmt: skip


@pytest.mark.parametrize("state", TABLE.values(), ids=[ascii(name)[1:-1] for name in TABLE])
async def test_a_commit_takes_one_file_and_harms_nothing(repository, state):
    arranged = state.arrange(repository)
    place = arranged.repository if isinstance(arranged, Inner) else repository
    around = repository if isinstance(arranged, Inner) else None
    place.write(state.name, NEW)
    if state.name == "crlf.yml":
        (place.top / state.name).write_bytes(NEW.replace("\n", "\r\n").encode())
    git = Git(limit_s=state.limit_s)
    told_early = await preview(git, place.top / state.name)
    committing = commit(
        place,
        state.name,
        also=set(state.also),
        hook_writes=state.hook_writes,
        left_out=state.left_out,
        around=around,
        git=git,
    )
    if state.error is None:
        assert told_early is None
        made = await committing
        assert tuple(finding.code for finding in made.findings) == state.findings
        return
    with pytest.raises(state.error) as told:
        await committing
    assert type(told.value) is state.error
    assert state.words in told.value.message
    if state.early and state.error is not NothingToCommit:
        assert told_early is not None
        assert told_early.message == told.value.message


async def preview(git: Git, file: Path) -> CommitError | None:
    try:
        await git.state(str(file), NEW)
    except CommitError as error:
        return error
    return None
