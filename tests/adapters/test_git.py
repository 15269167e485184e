"""What a preview tells of a repository, and commits that something happens to on the way."""

from __future__ import annotations

import asyncio
import os
import re
import shutil
from pathlib import Path

import msgspec
import pytest

from jupyter_envsnap.adapters.git import Git
from jupyter_envsnap.core import findings
from jupyter_envsnap.core.errors import (
    CommitFailed,
    CommitTimedOut,
    DubiousOwnership,
    GitMissing,
    HookFailed,
    IndexLocked,
    NoIdentity,
    NoRepository,
    SigningFailed,
)
from tests.adapters.git_repository import (
    NAME,
    NEW,
    OLD,
    STAGED,
    Repository,
    commit,
    family,
    isolate,
)


@pytest.fixture(autouse=True)
def home(tmp_path, monkeypatch):
    isolate(tmp_path / "home", monkeypatch)


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


async def state(repository: Repository, name: str = NAME, text: str = NEW):
    return await Git().state(str(repository.top / name), text)


# --- what the preview tells -------------------------------------------------------------------


def untracked(repository):
    repository.write(NAME, NEW)


def tracked(repository):
    repository.track()


def modified(repository):
    repository.track()
    repository.write(NAME, STAGED)


def deleted(repository):
    repository.track()
    (repository.top / NAME).unlink()


def staged(repository):
    repository.stage()


def partly_staged(repository):
    repository.track()
    repository.stage()


def intended(repository):
    repository.write(NAME, OLD)
    repository.git("add", "-N", "--", NAME)


def removal_staged(repository):
    repository.track()
    repository.git("rm", "-q", "--cached", "--", NAME)


def ignored(repository):
    repository.write(".git/info/exclude", "*.yml")


def ignored_and_there(repository):
    ignored(repository)
    repository.write(NAME, NEW)


def converted(repository):
    repository.git("config", "core.autocrlf", "true")
    repository.track()
    (repository.top / NAME).write_bytes(OLD.replace("\n", "\r\n").encode())


@pytest.mark.parametrize(
    ("arrange", "target"),
    [
        (lambda _: None, "absent"),
        (untracked, "untracked"),
        (tracked, "unchanged"),
        (converted, "unchanged"),
        (modified, "modified"),
        (deleted, "modified"),
        (staged, "staged"),
        (partly_staged, "staged"),
        (intended, "staged"),
        (removal_staged, "staged"),
        (ignored, "ignored"),
        (ignored_and_there, "ignored"),
    ],
    ids=lambda value: getattr(value, "__name__", value).strip("<>"),
)
async def test_the_preview_tells_what_git_says_of_the_file(repository, arrange, target):
    arrange(repository)
    told = await state(repository)
    assert told.target == target
    assert (told.top, told.branch) == ("project", "main")
    assert told.staged_others == 4


async def test_no_branch_is_told(repository):
    repository.git("checkout", "-q", "--detach")
    assert (await state(repository)).branch is None


async def test_a_branch_without_a_commit_is_told_by_its_name(tmp_path):
    repository = Repository(tmp_path / "empty")
    repository.stage("staged.txt")
    repository.write(NAME, NEW)
    told = await state(repository)
    assert (told.branch, told.target, told.staged_others) == ("main", "untracked", 1)


@pytest.mark.parametrize("where", ["default", "configured"])
async def test_the_hooks_that_will_run_are_named(repository, where):
    (repository.top / "sub").mkdir()
    for name in ("post-commit", "pre-commit", "pre-push"):
        repository.hook(name, "exit 0")
    (repository.top / ".git/hooks/commit-msg").write_text("not executable")
    if where == "configured":
        (repository.top / ".git/hooks").rename(repository.top / "own\nhooks")
        repository.git("config", "core.hooksPath", "own\nhooks")
    for name in (NAME, f"sub/{NAME}"):
        assert (await state(repository, name)).hooks == ("pre-commit", "post-commit")


@pytest.mark.parametrize(
    ("value", "signs"), [(None, False), ("false", False), ("true", True), ("1", True), ("", False)]
)
async def test_signing_is_told_as_git_understands_the_setting(repository, value, signs):
    if value is not None:
        repository.git("config", "commit.gpgSign", value)
    assert (await state(repository)).signs is signs


async def test_the_preview_takes_no_lock_and_changes_nothing(repository):
    repository.track()
    index = (repository.top / ".git/index").read_bytes()
    os.utime(repository.top / "kept.txt")  # a refresh would rewrite the index
    await state(repository)
    assert (repository.top / ".git/index").read_bytes() == index


# --- the user's own edits ---------------------------------------------------------------------

COMMITTED = "name: x\n\n# why\ndependencies:\n- a 1\n- b 1\n"
EDITED = "name: y\n\n# why not\ndependencies:\n- a 1\n- b 1\n"
WRITTEN = "name: y\n\n# why not\ndependencies:\n- a 2\n- b 1\n"
OWN = ["- name: x", "+ name: y", "- # why", "+ # why not"]


async def own(repository, *, text: str = WRITTEN) -> list[str]:
    return [f"{line.sign} {line.text}" for line in (await state(repository, text=text)).own_edits]


async def test_edits_that_go_along_although_the_diff_does_not_show_them_are_told(repository):
    repository.track(text=COMMITTED)
    repository.write(NAME, EDITED)
    assert await own(repository) == OWN


async def test_own_edits_are_numbered_as_in_the_last_commit_and_in_what_is_written(repository):
    repository.track(text="a\nb\nc\n")
    repository.write(NAME, "new\nb\nc\n")
    told = (await state(repository, text="first\nnew\nb\nc\n")).own_edits
    assert [(line.sign, line.text, line.old, line.new) for line in told] == [
        ("-", "a", 1, None),
        ("+", "new", None, 2),
    ]


@pytest.mark.parametrize(
    ("disk", "text", "told"),
    [
        (COMMITTED, WRITTEN, []),
        (EDITED, COMMITTED, []),
        (EDITED, "all new\n", ["- name: x", "- # why"]),
        (None, COMMITTED, []),
    ],
    ids=["nothing was edited", "they are taken back", "they are written over", "it was deleted"],
)
async def test_edits_that_the_save_does_not_leave_are_none(repository, disk, text, told):
    repository.track(text=COMMITTED)
    if disk is None:
        (repository.top / NAME).unlink()
    else:
        repository.write(NAME, disk)
    assert await own(repository, text=text) == told


async def test_staged_edits_are_own_edits(repository):
    repository.track(text=COMMITTED)
    repository.stage(text=EDITED)
    assert await own(repository) == OWN


async def test_line_ends_are_no_edits(repository):
    repository.track(text=COMMITTED)
    (repository.top / NAME).write_bytes(COMMITTED.replace("\n", "\r\n").encode())
    assert await own(repository, text=COMMITTED) == []


@pytest.mark.parametrize("attribute", ["filter=lfs", "working-tree-encoding=UTF-16LE"])
async def test_a_file_that_git_keeps_as_something_else_has_no_edits(repository, attribute):
    repository.track(text=COMMITTED)
    repository.write(NAME, EDITED)
    repository.write(".gitattributes", f"*.yml {attribute}\n")
    assert await own(repository) == []


@pytest.mark.parametrize("side", ["committed", "on the disk"])
@pytest.mark.parametrize("content", [b"x" * 1_000_001, b"\xff\xfe\0"], ids=["big", "not text"])
async def test_what_is_too_big_or_no_text_is_not_compared(repository, side, content):
    repository.track(text=COMMITTED)
    (repository.top / NAME).write_bytes(content)
    if side == "committed":
        repository.git("commit", "-q", "-m", "odd", "--", NAME)
        repository.write(NAME, EDITED)
    assert await own(repository) == []


async def test_a_new_file_is_no_edit_of_a_committed_one(repository):
    repository.write(NAME, EDITED)
    assert await own(repository) == []


# --- the message ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("message", "kept"),
    [
        ("env: + x 1", "env: + x 1"),
        ("# 1 is not a comment\n\n# nor is 2", "# 1 is not a comment\n\n# nor is 2"),
        ("env: numpy 1 → 2\n", "env: numpy 1 → 2"),
        ("env: for Zoé", "env: for Zoé"),
        ("-m trick", "-m trick"),
        ("\n\na\t\r\n\n \n\nb  \n\n", "a\n\nb"),
    ],
)
async def test_the_message_is_the_users(repository, message, kept):
    repository.git("config", "commit.cleanup", "strip")
    repository.git("config", "i18n.commitEncoding", "latin1")
    repository.write(NAME, NEW)
    made = await commit(repository, message=message)
    assert made.message == kept
    assert made.findings == ()
    assert repository.git("log", "-1", "--encoding=UTF-8", "--format=%B").strip("\n") == kept


async def test_an_empty_message_is_refused(repository):
    repository.write(NAME, NEW)
    with pytest.raises(CommitFailed, match="message is empty"):
        await commit(repository, message=" \n\t")


# --- hooks ------------------------------------------------------------------------------------


async def test_a_hook_of_another_repository_is_not_blamed(repository, begun, tmp_path):
    other = Repository(tmp_path / "other", like=begun)
    other.hook("pre-commit", "exit 1")
    inner = f"env -u GIT_DIR -u GIT_INDEX_FILE git -C '{other.top}' commit -q -m x"
    repository.hook("pre-commit", f"{inner} || true")
    repository.git("config", "commit.gpgSign", "true")
    repository.git("config", "gpg.program", "false")
    repository.write(NAME, NEW)
    with pytest.raises(SigningFailed):
        await commit(repository)


async def test_files_that_a_hook_adds_are_told_by_name(repository):
    repository.hook("pre-commit", "git add untracked.txt kept.txt")
    repository.write(NAME, NEW)
    made = await commit(repository, also={"untracked.txt"})
    assert [finding.code for finding in made.findings] == [findings.HOOK_ADDED_FILES]
    assert "added to the commit: untracked.txt. " in made.findings[0].message


async def test_names_that_are_no_text_are_told_all_the_same(repository):
    repository.git("checkout", "-q", "-b", os.fsdecode(b"br\xff"))
    repository.hook("pre-commit", "printf x > \"$(printf 'bad\\377.txt')\"; git add -- bad*.txt")
    repository.write(NAME, NEW)
    state = await Git().state(str(repository.top / NAME), NEW)
    made = await Git().commit(str(repository.top / NAME), "env: x")
    assert (state.branch, made.branch) == ("br?", "br?")
    assert made.other_files == ("bad?.txt",)
    assert msgspec.json.encode((state, made))


@pytest.mark.parametrize("is_first", [True, False], ids=["the first", "a later one"])
async def test_a_commit_that_a_hook_added_to_is_taken_back_as_told(repository, is_first):
    if is_first:
        repository.git("checkout", "-q", "--orphan", "new")
    head, index, files = repository.head(), repository.index(), repository.files()
    repository.hook("pre-commit", "git add untracked.txt")
    repository.write(NAME, NEW)
    made = await commit(repository, also={"untracked.txt"})
    (told,) = re.findall(r"run `git (.*?)`", made.findings[0].message)
    repository.git(*told.split())
    assert repository.head() == head
    assert {**repository.index(), NAME: ""} == {**index, NAME: ""}
    assert repository.files() == {**files, NAME: NEW.encode()}


async def test_many_files_that_a_hook_adds_are_counted(repository):
    for number in range(30):
        repository.write(f"many/{number:02}.txt", "x\n")
    repository.hook("pre-commit", "git add many")
    repository.write(NAME, NEW)
    made = await commit(repository, also={f"many/{number:02}.txt" for number in range(30)})
    assert "many/19.txt and 10 more." in made.findings[0].message


async def test_a_message_that_a_hook_changed_is_told(repository):
    repository.hook("commit-msg", 'sed -i "1s/^/[7] /" "$1"')
    repository.write(NAME, NEW)
    made = await commit(repository)
    assert made.message == "[7] env: x"
    assert [finding.message for finding in made.findings] == [
        "A hook of this repository changed the commit message. It is now: “[7] env: x”."
    ]


async def test_what_a_hook_made_of_the_file_is_not_staged_the_other_way_round(repository):
    repository.track()
    repository.hook("pre-commit", f"echo 'c: 5' >> {NAME}; git add {NAME}")
    repository.write(NAME, NEW)
    made = await commit(repository, hook_writes=True)
    assert made.findings[0].code == findings.HOOK_CHANGED_FILE
    assert repository.git("status", "--porcelain", "--", NAME) == ""
    assert repository.git("show", f"HEAD:{NAME}") == f"{NEW}c: 5\n"


async def test_a_stash_that_a_hook_leaves_is_told(repository):
    repository.track()
    repository.hook("pre-commit", "git stash push -q; exit 1")
    repository.write(NAME, NEW)
    with pytest.raises(HookFailed) as told:
        await Git().commit(str(repository.top / NAME), "env: x")
    assert "`git stash pop` brings back what is in it" in told.value.message
    assert "The hook changed the file" in told.value.message


@pytest.mark.parametrize(
    "script",
    [
        "sleep 100000",
        "sleep 100000 & sleep 100000",
        "trap '' INT TERM; while :; do sleep 100000; done",
        "setsid sleep 100000 & sleep 100000",
        "( (trap '' INT TERM; exec sleep 100000) & ); sleep 100000",
    ],
    ids=["waits", "with a child", "deaf", "in a session of its own", "a deaf orphan"],
)
async def test_a_hook_that_hangs_is_stopped_with_its_children(repository, script):
    repository.hook("pre-commit", script)
    repository.write(NAME, NEW)
    with pytest.raises(CommitTimedOut):
        await commit(repository, git=Git(limit_s=0.5))


@pytest.mark.parametrize(("hook", "made"), [("pre-commit", False), ("post-commit", True)])
async def test_a_commit_that_is_cancelled_leaves_the_index_right(repository, tmp_path, hook, made):
    fifo = tmp_path / "reached"
    os.mkfifo(fifo)
    repository.hook(hook, f"echo > '{fifo}'; sleep 100000")
    repository.write("fresh.yml", NEW)
    processes = family()
    running = asyncio.ensure_future(Git().commit(str(repository.top / "fresh.yml"), "env: x"))
    await asyncio.to_thread(fifo.read_text)
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running
    assert family() <= processes
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
    assert made.findings == ()
    fifo.open("w").close()  # lets the cat end


# --- a lock that goes away --------------------------------------------------------------------


@pytest.mark.parametrize("is_tracked", [True, False], ids=["tracked", "new"])
async def test_a_lock_that_goes_away_is_waited_for(repository, is_tracked):
    if is_tracked:
        repository.track()
    lock = repository.write(".git/index.lock", "")
    repository.write(NAME, NEW)
    asyncio.get_running_loop().call_later(0.3, lock.unlink)
    await Git().state(str(repository.top / NAME), NEW)
    lock.touch()
    asyncio.get_running_loop().call_later(1.0, lock.unlink)
    made = await Git().commit(str(repository.top / NAME), "env: x")
    assert repository.committed() == [NAME]
    assert made.id == repository.head()


async def test_a_lock_that_stays_is_told_in_time(repository):
    repository.write(".git/index.lock", "")
    repository.write(NAME, NEW)
    loop = asyncio.get_running_loop()
    for call, at_least, at_most in (
        (lambda: Git().state(str(repository.top / NAME), NEW), 0.5, 2.0),
        (lambda: Git().commit(str(repository.top / NAME), "x"), 2.0, 5.0),
    ):
        begun_at = loop.time()
        with pytest.raises(IndexLocked) as told:
            await call()
        assert at_least <= loop.time() - begun_at < at_most
        assert str(repository.top / ".git/index.lock") in told.value.message
    assert (repository.top / ".git/index.lock").exists()


def wrapped(tmp_path: Path, monkeypatch, script: str) -> None:
    """Put a program before git on the PATH; in it, ``"$git" "$@"`` is the real one."""
    folder = tmp_path / "bin"
    folder.mkdir(exist_ok=True)
    program = folder / "git"
    program.write_text(f"#!/bin/sh\ngit='{shutil.which('git')}'\n{script}\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{folder}:{os.environ['PATH']}")


@pytest.mark.parametrize("is_tracked", [True, False], ids=["tracked", "new"])
@pytest.mark.parametrize("command", ["commit", "add", "update-index"])
async def test_a_race_for_the_lock_that_git_loses_is_run_again(
    repository, tmp_path, monkeypatch, command, is_tracked
):
    if is_tracked:
        repository.track()
    if command == "update-index":
        repository.hook("pre-commit", "exit 1")
    repository.write(NAME, NEW)
    lock, lost = repository.top / ".git/index.lock", tmp_path / "lost"
    # Another command takes the lock just before git does, and lets it go a moment later.
    wrapped(
        tmp_path, monkeypatch,
        f"""case " $* " in *" {command} "*) if [ ! -e '{lost}' ]; then
            touch '{lost}' '{lock}'; "$git" "$@"; status=$?
            (sleep 0.3; rm '{lock}') & exit $status
        fi;; esac
        exec "$git" "$@" """,
    )  # fmt: skip
    index = repository.index()
    committing = Git().commit(str(repository.top / NAME), "env: x")
    if command == "update-index":
        with pytest.raises(HookFailed):
            await committing
        assert repository.index() == index
    else:
        await committing
        assert repository.committed() == [NAME]
    assert lost.exists() or (is_tracked and command != "commit")


OTHERS = """
blob=$(echo theirs | "$git" -C '{top}' hash-object -w --stdin)
theirs() {{
    ( export GIT_INDEX_FILE='{top}/../theirs'; unset GIT_LITERAL_PATHSPECS
    "$git" -C '{top}' read-tree HEAD
    "$git" -C '{top}' update-index --add --cacheinfo "100644,$blob,theirs.txt"
    "$git" -C '{top}' update-ref HEAD "$("$git" -C '{top}' commit-tree -p HEAD -m theirs \\
        "$("$git" -C '{top}' write-tree)")" )
}}
case " $* " in
    *" commit "*) {before}; "$git" "$@"; status=$?; {after}; exit $status;;
esac
exec "$git" "$@"
"""
"""Another process commits another file at the same time."""


@pytest.mark.parametrize(("before", "after"), [("theirs", ":"), (":", "theirs")])
async def test_a_commit_of_somebody_else_at_the_same_time_is_not_taken_for_ours(
    repository, tmp_path, monkeypatch, before, after
):
    repository.write(NAME, NEW)
    script = OTHERS.format(top=repository.top, before=before, after=after)
    wrapped(tmp_path, monkeypatch, script)
    made = await Git().commit(str(repository.top / NAME), "env: x")
    assert (made.message, made.other_files, made.findings) == ("env: x", (), ())
    shown = repository.git("log", "-2", "--format=%H %s").splitlines()
    assert f"{made.id} env: x" == shown[1 if before == ":" else 0]
    assert shown[0 if before == ":" else 1].endswith(" theirs")


@pytest.mark.parametrize("script", ["exit 1", "sleep 100000"], ids=["refused", "stopped"])
async def test_a_commit_of_somebody_else_does_not_hide_that_ours_was_not_made(
    repository, tmp_path, monkeypatch, script
):
    repository.hook("pre-commit", script)
    repository.write(NAME, NEW)
    index = repository.index()
    wrapped(tmp_path, monkeypatch, OTHERS.format(top=repository.top, before="theirs", after=":"))
    with pytest.raises(HookFailed if script == "exit 1" else CommitTimedOut):
        await Git(limit_s=1).commit(str(repository.top / NAME), "env: x")
    assert repository.git("log", "-1", "--format=%s") == "theirs\n"
    assert repository.index() == index


# --- git itself -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("script", "words"),
    [
        (None, "not installed on the server, or not on its PATH"),
        ("echo git version 2.24.9", "git 2.24.9 on the server is too old; 2.25 or newer"),
        ("echo hello", "too old"),
    ],
    ids=["absent", "old", "strange"],
)
async def test_a_git_that_cannot_be_used_is_told_until_it_is_replaced(
    repository, tmp_path, monkeypatch, script, words
):
    folder = tmp_path / "bin"
    folder.mkdir()
    if script:
        (folder / "git").write_text(f"#!/bin/sh\n{script}\n")
        (folder / "git").chmod(0o755)
    repository.write(NAME, NEW)
    git, path = Git(), str(repository.top / NAME)
    with monkeypatch.context() as there:
        there.setenv("PATH", str(folder))
        for call in (git.state(path, NEW), git.commit(path, "x")):
            with pytest.raises(GitMissing) as told:
                await call
            assert words in told.value.message
    assert (await git.state(path, NEW)).target == "untracked"


async def test_the_version_is_asked_once(repository, tmp_path, monkeypatch):
    log = tmp_path / "log"
    wrapped(tmp_path, monkeypatch, f"""echo "$*" >> '{log}'; exec "$git" "$@" """)
    git = Git()
    for _ in range(3):
        await git.state(str(repository.top / NAME), NEW)
    assert sum("--version" in line for line in log.read_text().splitlines()) == 1


async def test_a_commit_that_git_cannot_be_asked_about_is_told_all_the_same(
    repository, tmp_path, monkeypatch
):
    repository.write(NAME, NEW)
    refusing = 'case " $* " in *" show -s "*) exit 128;; esac; exec "$git" "$@"'
    wrapped(tmp_path, monkeypatch, refusing)
    made = await commit(repository)
    assert (made.branch, made.message) == ("main", "env: x")


async def test_a_question_that_fails_leaves_no_other_running(repository, tmp_path, monkeypatch):
    slow = """case " $* " in *" ls-files "*) sleep 1;; *" diff "*) exit 128;; esac"""
    wrapped(tmp_path, monkeypatch, f'{slow}; exec "$git" "$@"')
    processes = family()
    with pytest.raises(CommitFailed, match="git ended with status 128 and said nothing"):
        await state(repository)
    assert family() <= processes


async def test_what_starts_while_its_caller_goes_away_is_ended(repository, tmp_path, monkeypatch):
    wrapped(tmp_path, monkeypatch, "sleep 100000")
    start, started = asyncio.create_subprocess_exec, asyncio.Event()

    async def slowly(*arguments, **options):
        process = await start(*arguments, **options)
        started.set()
        await asyncio.sleep(0.1)
        return process

    monkeypatch.setattr(asyncio, "create_subprocess_exec", slowly)
    processes = family()
    running = asyncio.ensure_future(state(repository))
    await started.wait()
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running
    assert family() <= processes


async def test_a_server_in_another_language_understands_git(tmp_path, monkeypatch):
    monkeypatch.setenv("LANGUAGE", "de")
    monkeypatch.setenv("LC_ALL", "C.UTF-8")
    with pytest.raises(NoRepository):
        await Git().state(str(tmp_path / NAME), NEW)


async def test_a_server_that_cannot_start_processes_says_so(repository, monkeypatch):
    async def refuse(*_arguments, **_options):
        raise NotImplementedError

    monkeypatch.setattr(asyncio, "create_subprocess_exec", refuse)
    with pytest.raises(GitMissing, match="This server cannot start git"):
        await state(repository)


async def test_no_room_for_temporary_files_is_told(repository, tmp_path, monkeypatch):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "nowhere"))
    with pytest.raises(CommitFailed, match="git needs a temporary file, and none could be made"):
        await state(repository)


@pytest.mark.parametrize(
    "variables",
    [
        ("GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_COMMON_DIR", "GIT_PREFIX"),
        ("GIT_TRACE2_PARENT_SID", "GIT_TRACE2_PARENT_NAME"),
        ("GIT_LITERAL_PATHSPECS", "GIT_ICASE_PATHSPECS"),
    ],
    ids=["of another repository", "of another command's trace", "of another command's paths"],
)
async def test_variables_of_another_git_are_not_followed(
    repository, begun, tmp_path, monkeypatch, variables
):
    other = Repository(tmp_path / "other", like=begun)
    head = other.head()
    repository.hook("pre-commit", "exit 1")
    repository.write(NAME, NEW)
    values = {
        "GIT_DIR": str(other.top / ".git"),
        "GIT_COMMON_DIR": str(other.top / ".git"),
        "GIT_WORK_TREE": str(other.top),
        "GIT_INDEX_FILE": str(tmp_path / "index"),
    }
    for name in variables:
        monkeypatch.setenv(name, values.get(name, "1"))
    git = Git()
    with pytest.raises(HookFailed):  # its name is read from the trace
        await git.commit(str(repository.top / NAME), "env: x")
    (repository.top / ".git/hooks/pre-commit").unlink()
    await git.commit(str(repository.top / NAME), "env: x")
    for name in variables:
        monkeypatch.delenv(name)
    assert repository.committed() == [NAME]
    assert other.head() == head


async def test_a_hook_sees_no_settings_made_for_our_own_questions(repository, tmp_path):
    repository.hook("pre-commit", f"env > '{tmp_path / 'env'}'")
    repository.write(NAME, NEW)
    await commit(repository)
    seen = (tmp_path / "env").read_text()
    for name in ("GIT_LITERAL_PATHSPECS", "GIT_OPTIONAL_LOCKS", "GIT_NO_LAZY_FETCH", "DISPLAY="):
        assert name not in seen


# --- whose, and where -------------------------------------------------------------------------


@pytest.mark.parametrize("how", ["told by git", "given away"])
async def test_a_repository_of_another_user_is_told(repository, monkeypatch, how):
    repository.write(NAME, NEW)
    if how == "told by git":
        monkeypatch.setenv("GIT_TEST_ASSUME_DIFFERENT_OWNER", "1")
    elif os.geteuid() != 0:
        pytest.skip("only root can give a folder to another user")
    else:
        for path in (repository.top, repository.top / ".git"):
            os.chown(path, 65534, 65534)
    path = str(repository.top / NAME)
    for call in (Git().state(path, NEW), Git().commit(path, "x")):
        with pytest.raises(DubiousOwnership) as told:
            await call
        assert f"safe.directory '{repository.top}'" in told.value.message


async def test_a_folder_without_a_repository_is_told(tmp_path):
    file = tmp_path / NAME
    file.write_text(NEW)
    for call in (Git().state(str(file), NEW), Git().commit(str(file), "x")):
        with pytest.raises(NoRepository, match="Run `git init` there"):
            await call


async def test_a_bare_repository_is_none_to_commit_in(tmp_path):
    Repository(tmp_path / "outer").git("init", "-q", "--bare", str(tmp_path / "bare"))
    with pytest.raises(NoRepository, match="keeps none"):
        await Git().state(str(tmp_path / "bare" / NAME), NEW)


async def test_an_identity_of_the_environment_is_enough(repository, monkeypatch):
    repository.write("../home/.gitconfig", "")
    repository.write(NAME, NEW)
    with pytest.raises(NoIdentity):
        await state(repository)
    for who in ("AUTHOR", "COMMITTER"):
        monkeypatch.setenv(f"GIT_{who}_NAME", "Ada")
        monkeypatch.setenv(f"GIT_{who}_EMAIL", "ada@example.org")
    await commit(repository)
    assert repository.committed() == [NAME]


async def test_two_commits_at_once_are_made_one_after_the_other(repository):
    names = [f"{letter}.yml" for letter in "abcd"]
    for name in names:
        repository.write(name, NEW)
    git = Git()
    made = await asyncio.gather(
        *(git.commit(str(repository.top / name), f"env: {name}") for name in names)
    )
    shown = repository.git("log", "-4", "--format=%H", "--name-only").split()
    assert set(zip(shown[0::2], shown[1::2], strict=True)) == {
        (one.id, name) for one, name in zip(made, names, strict=True)
    }
