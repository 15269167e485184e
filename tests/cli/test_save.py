"""`jupyter envsnap save` as a process of its own, in a real repository."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import msgspec
import psutil
import pytest
from msgspec import structs

from jupyter_envsnap.cli import arguments, main
from jupyter_envsnap.cli.save import _shown
from jupyter_envsnap.core.wire import DiffLine, SavePreview, SaveReply
from tests.conda_fixture import ONLY_HERE

NAME = "environment.yml"
COMMAND = (sys.executable, "-m", "jupyter_envsnap.cli", "save", "--replace")
REAL_GIT = shutil.which("git")
OURS = str(Path(__file__).parents[2])


@pytest.fixture
def environ(tmp_path) -> dict[str, str]:
    home = tmp_path / "home"
    home.mkdir()
    (home / ".gitconfig").write_text(
        "[user]\n\tname = Ada\n\temail = ada@example.org\n[init]\n\tdefaultBranch = main\n"
    )
    kept = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    kept.pop("PYTHONUNBUFFERED", None)  # buffered, as users run it
    return kept | {
        "HOME": str(home),
        "XDG_CONFIG_HOME": str(home),
        "GIT_CONFIG_NOSYSTEM": "1",
        "JUPYTER_DATA_DIR": str(home / "data"),
        "JUPYTER_CONFIG_DIR": str(home / "config"),
        "PYTHONPATH": OURS,
    }


@pytest.fixture
def folder(tmp_path) -> Path:
    place = tmp_path / "work"
    place.mkdir()
    return place


@pytest.fixture
def git(folder, environ):
    """The folder as a repository with one commit and one file staged."""

    def run(*arguments: str) -> str:
        done = subprocess.run(
            ["git", *arguments], cwd=folder, env=environ, capture_output=True, check=True
        )
        return done.stdout.decode()

    run("init", "-q")
    (folder / "kept.txt").write_text("one\n")
    run("add", "kept.txt")
    run("commit", "-q", "-m", "first")
    (folder / "staged.txt").write_text("one\n")
    run("add", "staged.txt")
    return run


@pytest.fixture
def save(folder, environ, venv):
    """Run the command; its status, standard output and standard error."""

    def run(*argv: object, cwd: Path = folder, prefix: Path = venv) -> tuple[int, str, str]:
        done = subprocess.run(
            [*COMMAND, "--prefix", prefix, *argv],
            cwd=cwd,
            env=environ,
            capture_output=True,
            check=False,
            timeout=60,
        )
        return done.returncode, done.stdout.decode(), done.stderr.decode()

    return run


@pytest.fixture(scope="session")
def text(venv) -> str:
    """What is to stand in the file."""
    done = subprocess.run(
        [*COMMAND[:-2], "export", "--prefix", venv],
        env={**os.environ, "PYTHONPATH": OURS},
        capture_output=True,
        check=True,
        timeout=60,
    )
    return done.stdout.decode()


def files(folder: Path) -> dict[str, str]:
    return {
        path.relative_to(folder).as_posix(): path.read_text()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and ".git" not in path.parts
    }


# --- 0: done, or nothing to do ----------------------------------------------------------------


def test_a_bare_save_makes_the_file_at_the_repositorys_top(save, git, folder, text):
    (folder / "deep/er").mkdir(parents=True)
    status, out, err = save(cwd=folder / "deep/er")
    assert (status, out) == (0, "")
    assert err == f"envsnap: wrote ../../{NAME}: +{text.count(chr(10))} -0 lines\n"
    assert (folder / NAME).read_text() == text
    assert git("log", "--format=%s") == "first\n"
    assert git("status", "--porcelain", NAME) == f"?? {NAME}\n"


@pytest.mark.parametrize(
    ("there", "found"),
    [
        ("deep/environment.yaml environment.yml", "deep/environment.yaml"),
        ("environment.yml binder/environment.yml", "binder/environment.yml"),
        ("environment.yml .binder/environment.yml", ".binder/environment.yml"),
        ("../environment.yml", "environment.yml"),
    ],
)
@pytest.mark.usefixtures("git")
def test_a_bare_save_finds_the_file_from_here(save, folder, text, there, found):
    (folder / "deep/er").mkdir(parents=True)
    for path in there.split():
        (folder / path).parent.mkdir(exist_ok=True)
        (folder / path).write_text("a: 1\n")
    assert save(cwd=folder / "deep/er")[0] == 0
    saved = [path for path, content in files(folder.parent).items() if content == text]
    assert saved == [f"work/{found}"]


def test_outside_a_repository_a_bare_save_stays_in_the_folder(save, folder, text):
    (folder / "deep").mkdir()
    (folder / NAME).write_text("a: 1\n")
    assert save(cwd=folder / "deep")[0] == 0
    assert files(folder) == {NAME: "a: 1\n", f"deep/{NAME}": text}


@pytest.mark.parametrize("path", ["x.yml", "../x.YAML", ".hidden/x.yml", "a b/ü.yml", "ABSOLUTE"])
def test_a_path_is_taken_as_the_shell_means_it(save, folder, text, path):
    for name in (".hidden", "a b"):
        (folder / name).mkdir()
    path = str(folder / "abs.yml") if path == "ABSOLUTE" else path
    status, _, err = save(path)
    assert (status, (folder / path).read_text()) == (0, text)
    assert f"wrote {path}: " in err


def test_what_is_up_to_date_is_not_written_again(save, folder):
    save(NAME)
    os.utime(folder / NAME, ns=(1, 1))
    assert save(NAME) == (0, "", f"envsnap: {NAME} is up to date: nothing was written\n")
    assert (folder / NAME).stat().st_mtime_ns == 1


@pytest.mark.parametrize("link", ["file", "folder", "dangling"])
def test_a_link_is_followed_wherever_it_leads(save, folder, tmp_path, text, link):
    (tmp_path / "elsewhere").mkdir()
    if link != "dangling":
        (tmp_path / "elsewhere" / NAME).write_text("a: 1\n")
    path = NAME
    if link == "folder":
        (folder / "link").symlink_to(tmp_path / "elsewhere")
        path = f"link/{NAME}"
    else:
        (folder / NAME).symlink_to(f"../elsewhere/{NAME}")
    assert save(path)[0] == 0
    assert (tmp_path / "elsewhere" / NAME).read_text() == text
    assert (folder / path.partition("/")[0]).is_symlink()


def test_a_commit_holds_that_file_and_says_so(save, git):
    status, out, err = save("--commit")
    assert (status, out) == (0, "")
    head = git("rev-parse", "--short", "HEAD").strip()
    subject = "env: record environment of small (1 pip package)"
    assert err.endswith(f"envsnap: committed {head} on main: {subject}\n")
    assert git("show", "--format=%s", "--name-only") == f"{subject}\n\n{NAME}\n"
    assert git("diff", "--cached", "--name-only") == "staged.txt\n"


def test_a_commits_message_may_be_given(save, git):
    assert save("--commit", "-m", "Änderung\n\nwarum")[0] == 0
    assert git("log", "-1", "--format=%B").strip() == "Änderung\n\nwarum"


def test_what_is_saved_and_not_committed_is_committed(save, git):
    save()
    status, _, err = save("--commit")
    assert status == 0
    assert "is up to date" in err
    assert git("log", "-1", "--name-only", "--format=") == f"{NAME}\n"


def test_nothing_to_commit_is_no_failure(save, git):
    save("--commit")
    status, _, err = save("--commit")
    assert status == 0
    assert "[git-nothing-to-commit]" in err
    assert git("rev-list", "--count", "HEAD") == "2\n"


def test_a_detached_head_is_told(save, git):
    git("checkout", "-q", "--detach")
    status, _, err = save("--commit")
    assert status == 0
    assert "on no branch" in err


def test_what_a_hook_added_is_named(save, git, folder):
    hook = folder / ".git/hooks/pre-commit"
    hook.write_text("#!/bin/sh\ngit add -A\n")
    hook.chmod(0o755)
    (folder / "stray.txt").touch()
    status, _, err = save("--commit")
    assert status == 0
    assert "a hook added more to this commit: staged.txt, stray.txt" in err
    assert git("show", "--format=", "--name-only").split() == [NAME, "staged.txt", "stray.txt"]


def test_json_tells_what_was_done(save, git, folder):
    status, out, err = save("--commit", "--json")
    reply = msgspec.json.decode(out, type=SaveReply)
    assert status == 0
    assert (reply.path, reply.written, reply.snapshot) == (NAME, True, None)
    assert reply.commit.id == git("rev-parse", "HEAD").strip()
    assert "committed" in err
    assert not (folder.parent / "home/data").exists()


def test_an_installed_kernels_environment_is_saved(environ, folder, climate_jupyter_path):
    done = subprocess.run(
        [*COMMAND, "--kernel", "climate", "climate.yml"],
        cwd=folder,
        env=environ | {"JUPYTER_PATH": str(climate_jupyter_path)},
        check=False,
        timeout=60,
    )
    assert done.returncode == 0
    assert ONLY_HERE in (folder / "climate.yml").read_text()


# --- a file that is there is updated ----------------------------------------------------------


@pytest.fixture
def update(folder, environ, venv):
    """Run the command without ``--replace``."""

    def run(*argv: object) -> tuple[int, str, str]:
        done = subprocess.run(
            [*COMMAND[:-1], "--prefix", venv, *argv],
            cwd=folder,
            env=environ,
            capture_output=True,
            check=False,
            timeout=60,
        )
        return done.returncode, done.stdout.decode(), done.stderr.decode()

    return run


WRITTEN = (
    b"# mine\ndependencies:\n- python=2.7  # old\n- pip\n- pip:\n  - gone==1  # bye\nx-y: [1,2]"
)


def test_a_file_that_is_there_is_updated_line_by_line(update, git, folder):
    target = folder / NAME
    target.write_bytes(WRITTEN)
    git("add", NAME)
    git("commit", "-q", "-m", "second", "--", NAME)
    status, patch, _ = update("--dry-run")
    assert (status, target.read_bytes()) == (1, WRITTEN)
    assert update("--commit")[0] == 0
    lines = target.read_bytes().split(b"\n")
    python = ".".join(map(str, sys.version_info[:3])).encode()
    assert lines[:3] == [b"# mine", b"channels:", b"  - conda-forge"]
    assert b"- python=" + python + b"  # old" in lines
    assert lines[-1] == b"x-y: [1,2]"
    assert b"gone" not in target.read_bytes()
    assert git("show", f"HEAD:{NAME}").encode() == target.read_bytes()
    assert update()[2].endswith(f"{NAME} is up to date: nothing was written\n")
    made = target.read_bytes()
    target.write_bytes(WRITTEN)
    (folder / "patch").write_text(patch)
    git("apply", "-p0", "patch")
    assert target.read_bytes() == made


def test_what_a_file_leaves_open_is_pinned_where_that_is_asked_for(update, folder):
    (folder / NAME).write_text("channels: [conda-forge]\ndependencies:\n  - python\n  - pip\n")
    update()
    assert "  - python\n" in (folder / NAME).read_text()
    update("--pin")
    assert re.search(r"  - python==\d+\.\d+\.\d+\n", (folder / NAME).read_text())


def test_a_file_that_cannot_be_updated_is_left_alone_until_it_is_to_be_replaced(
    update, folder, text
):
    template = "dependencies:\n  - python={{ python }}\n"
    (folder / NAME).write_text(template)
    status, _, err = update()
    assert (status, (folder / NAME).read_text()) == (2, template)
    assert "Replace the file, or cancel. [cannot-update]" in err
    assert update("--replace")[0] == 0
    assert (folder / NAME).read_text() == text


# --- 1: a dry run shows that the file would change --------------------------------------------


@pytest.mark.parametrize("before", [None, "", "a: 1\nname: other\n"], ids=["new", "empty", "other"])
def test_a_dry_run_shows_what_would_change_and_writes_nothing(save, git, folder, text, before):
    if before is not None:
        (folder / NAME).write_text(before)
    was = files(folder)
    status, out, err = save("--dry-run")
    assert status == 1
    assert ("would be made" if before is None else "would change") in err
    assert files(folder) == was
    (folder / "patch").write_text(out)
    git("apply", "-p0", "patch")
    assert (folder / NAME).read_text() == text


def test_a_dry_run_of_what_is_up_to_date_differs_in_nothing(save):
    save(NAME)
    assert save(NAME, "--dry-run") == (0, "", f"envsnap: {NAME} would stay as it is\n")


def test_a_dry_run_in_json_is_the_preview(save, git, text):
    status, out, _ = save("--dry-run", "--json", "--commit")
    preview = msgspec.json.decode(out, type=SavePreview)
    assert status == 1
    assert (preview.text, preview.exists) == (text, False)
    assert preview.repository.branch == "main"
    assert git("status", "--porcelain") == "A  staged.txt\n"


@pytest.mark.usefixtures("git")
def test_a_dry_run_of_a_commit_tells_its_message(save):
    assert "it would be committed: env: record environment" in save("--dry-run", "--commit")[2]
    err = save("--dry-run", "--commit", "-m", "why")[2]
    assert err.endswith("it would be committed: why\n")


def test_a_dry_run_of_a_commit_tells_which_hooks_would_run(save, git, folder):  # noqa: ARG001
    hook = folder / ".git/hooks/pre-commit"
    hook.write_text("#!/bin/sh\n")
    hook.chmod(0o755)
    assert save("--dry-run", "--commit")[2].endswith("hooks would run: pre-commit\n")


@pytest.mark.parametrize(("edits", "words"), [(1, "1 line of"), (2, "2 lines of")])
@pytest.mark.usefixtures("git")
def test_a_dry_run_of_a_commit_tells_what_the_repository_says(save, capsys, edits, words):
    preview = msgspec.json.decode(save("--dry-run", "--json")[1], type=SavePreview)
    edit = DiffLine(sign="+", text="mine", old=None, new=1)
    state = structs.replace(preview.repository, signs=True, own_edits=(edit,) * edits)
    asked = arguments.parse(["save", "--dry-run", "--commit"])
    _shown(structs.replace(preview, repository=state), asked)
    err = capsys.readouterr().err
    assert "the commit would be signed\n" in err
    assert f"{words} your own edits would go along\n" in err


def test_a_dry_run_of_a_commit_tells_why_there_would_be_none(save):
    status, _, err = save("--dry-run", "--commit")
    assert status == 1
    assert "it would not be committed: " in err
    assert "[git-no-repository]" in err


def test_a_reader_who_has_seen_enough_changes_no_status(folder, environ, venv):
    reader, writer = os.pipe()
    os.close(reader)
    command = [*COMMAND, "--prefix", venv, "--dry-run"]
    done = subprocess.run(
        command, cwd=folder, env=environ, stdout=writer, stderr=-1, check=False, timeout=60
    )
    os.close(writer)
    assert (done.returncode, done.stderr.count(b"\n")) == (1, 1)


# --- 2: it could not be done ------------------------------------------------------------------


@pytest.mark.parametrize(
    ("argv", "code", "words"),
    [
        (["x.toml"], "target-refused", ".yml, .yaml"),
        (["--local", "mylib=git"], "option-refused", "runs from no folder outside"),
        (["."], "target-refused", "is a folder"),
        (["folder.yml"], "target-refused", "is a folder"),
        (["pipe.yml"], "target-refused", "no plain file|not a plain file"),
        (["nowhere/x.yml"], "target-refused", "There is no folder"),
        (["old.yml/x.yml"], "target-refused", "There is no folder"),
        ([".git/x.yml"], "target-refused", ".git"),
        (["link.yml"], "target-refused", ".git"),
        (["loop.yml"], "target-refused", "cannot be read"),
        (["latin.yml"], "target-not-text", "UTF-8"),
        (["x" * 300 + ".yml"], "target-refused", "cannot be read"),
        (["--format", "docx"], "format-unknown", "environment-yaml"),
        (["--profile", "vague"], "profile-unknown", "versions"),
        (["--prefix", "/nowhere"], "prefix-missing", "There is no folder"),
        (["-m", "why"], "bad-usage", "goes with --commit"),
        (["--bogus"], "bad-usage", "--bogus"),
    ],
)
@pytest.mark.parametrize("dry", [[], ["--dry-run"]], ids=["save", "dry run"])
@pytest.mark.usefixtures("git")
def test_what_cannot_be_done_is_told(save, folder, argv, code, words, dry):  # noqa: PLR0917
    (folder / "folder.yml").mkdir()
    os.mkfifo(folder / "pipe.yml")
    (folder / "loop.yml").symlink_to("loop.yml")
    (folder / "link.yml").symlink_to(".git/x.yml")
    (folder / "latin.yml").write_bytes(b"a: \xe9\n")
    (folder / "old.yml").write_text("a: 1\n")
    was = sorted(path for path in folder.rglob("*") if ".git" not in path.parts)
    status, out, err = save(*argv, *dry)
    assert (status, out) == (2, "")
    assert re.search(words, err)
    assert f"[{code}]" in err
    assert sorted(path for path in folder.rglob("*") if ".git" not in path.parts) == was


def refusing(_git, folder):
    hook = folder / ".git/hooks/pre-commit"
    hook.write_text("#!/bin/sh\necho line one >&2\necho line two >&2\nexit 1\n")
    hook.chmod(0o755)


def nameless(_git, folder):
    (folder.parent / "home/.gitconfig").write_text("")


def ignoring(_git, folder):
    (folder / ".git/info/exclude").write_text("*.yml\n")


def locking(_git, folder):
    (folder / ".git/index.lock").touch()


def without_repository(_git, folder):
    (folder / ".git").rename(folder.parent / "not-git")


@pytest.mark.parametrize(
    ("prepare", "code"),
    [
        (refusing, "git-hook-failed"),
        (nameless, "git-no-identity"),
        (ignoring, "git-target-ignored"),
        (locking, "git-index-locked"),
        (without_repository, "git-no-repository"),
    ],
)
def test_a_commit_that_was_not_made_is_told_and_the_file_is_saved(  # noqa: PLR0917
    save, git, folder, text, prepare, code
):
    prepare(git, folder)
    status, out, err = save("--commit", "--json")
    assert status == 2
    assert (folder / NAME).read_text() == text
    assert f"envsnap: {NAME} is saved, but not committed: " in err
    assert f"[{code}]" in err
    reply = msgspec.json.decode(out, type=SaveReply)
    assert (reply.written, reply.commit, reply.commit_problem.code) == (True, None, code)


def test_without_git_the_file_is_saved_and_a_commit_is_not_made(save, environ, folder, text):
    environ["PATH"] = str(folder.parent / "nothing")
    assert save()[0] == 0
    status, _, err = save("--commit")
    assert status == 2
    assert "[git-missing]" in err
    assert (folder / NAME).read_text() == text


@pytest.fixture
def tools(folder, environ) -> Path:
    """A folder with a `git` of its own, the first on the PATH."""
    place = folder.parent / "tools"
    place.mkdir()
    write_git(place, ":")
    environ["PATH"] = f"{place}:{environ['PATH']}"
    return place


def write_git(tools: Path, first: str) -> None:
    """Let `git` do something first."""
    (tools / "git").write_text(f"#!/bin/sh\n{first} 2>&-\nexec '{REAL_GIT}' \"$@\"\n")
    (tools / "git").chmod(0o755)


@pytest.mark.usefixtures("git")
def test_a_file_that_changes_while_it_is_looked_at_is_not_written(save, tools, folder):
    """`git` is asked between the look at the file and the write."""
    (folder / NAME).write_text("a: 1\n")
    write_git(tools, f"echo 'mine: 1' > '{folder / NAME}'")
    status, out, err = save()
    assert (status, out) == (2, "")
    assert "[target-changed]" in err
    assert (folder / NAME).read_text() == "mine: 1\n"


def test_of_processes_that_save_at_once_none_leaves_half_a_file(
    environ, folder, venv, conda_env, text
):
    (folder / NAME).write_text("a: 1\n")
    running = [
        subprocess.Popen(
            [*COMMAND, "--prefix", prefix], cwd=folder, env=environ, stderr=subprocess.PIPE
        )
        for prefix in (venv, conda_env) * 2
    ]
    errors = [process.communicate(timeout=60)[1] for process in running]
    statuses = [process.returncode for process in running]
    assert 0 in statuses
    for status, error in zip(statuses, errors, strict=True):
        assert status == 0 or (status == 2 and b"[target-changed]" in error)
    saved = (folder / NAME).read_text()
    assert saved == text or ("\nname: climate\n" in saved and ONLY_HERE in saved)
    assert [path.name for path in folder.iterdir()] == [NAME]


def test_a_disk_that_refuses_leaves_the_file_as_it_was(environ, folder, venv):
    (folder / NAME).write_text("a: 1\n")
    line = (
        f'ulimit -f 0; "{sys.executable}" -m jupyter_envsnap.cli save --replace --prefix "{venv}"'
    )
    done = subprocess.run(
        ["bash", "-c", line], cwd=folder, env=environ, capture_output=True, check=False, timeout=60
    )
    assert done.returncode == 2
    assert b"[save-failed]" in done.stderr
    assert files(folder) == {NAME: "a: 1\n"}


# --- signals, and what is closed or gone ------------------------------------------------------


@pytest.fixture
def heeded_signals():
    """What is started is not deaf, as it would be where the tests run in the background."""
    numbers = (signal.SIGINT, signal.SIGHUP, signal.SIGTERM)
    before = {number: signal.signal(number, signal.SIG_DFL) for number in numbers}
    yield
    for number, handler in before.items():
        signal.signal(number, handler)


@pytest.fixture
def at_the_hook(folder, git, environ, venv, heeded_signals, tools):  # noqa: ARG001, PLR0917
    """A save whose commit waits in a hook, and the hook's process id."""
    reached = folder.parent / "reached"
    os.mkfifo(reached)
    hook = folder / ".git/hooks/pre-commit"
    hook.write_text(f"#!/bin/sh\necho $$ > '{reached}'\nexec sleep {100_000 + os.getpid()}\n")
    hook.chmod(0o755)
    index = git("ls-files", "-s")
    process = subprocess.Popen(
        [*COMMAND, "--prefix", venv, "--commit"],
        cwd=folder,
        env=environ,
        stderr=subprocess.PIPE,
        start_new_session=True,
    )
    hook_id = int(reached.read_text())
    yield process, hook_id
    assert process.returncode is not None
    assert git("ls-files", "-s") == index
    assert git("log", "--format=%s") == "first\n"
    assert not (folder / ".git/index.lock").exists()


@pytest.mark.parametrize(
    ("number", "status"), [(signal.SIGINT, 130), (signal.SIGTERM, 143), (signal.SIGHUP, 129)]
)
def test_an_interruption_leaves_the_file_whole_and_the_index_as_it_was(
    at_the_hook, folder, text, number, status
):
    process, hook_id = at_the_hook
    process.send_signal(number)
    err = process.communicate(timeout=30)[1].decode()
    assert process.returncode == status
    assert err == f"envsnap: interrupted; {NAME} is saved\n"
    assert (folder / NAME).read_text() == text
    with suppress(psutil.NoSuchProcess):
        psutil.Process(hook_id).wait(10)  # until whoever inherited it has taken note of its end


def test_impatience_does_not_keep_the_index_from_being_put_back(tools, at_the_hook):
    """Another Ctrl-C, and a third, while git puts the index back."""
    process, _ = at_the_hook
    cleaning, go = tools / "cleaning", tools / "go"
    for pipe in (cleaning, go):
        os.mkfifo(pipe)
    write_git(tools, f"if rm '{tools}/flag'; then echo > '{cleaning}'; read x < '{go}'; fi")
    (tools / "flag").touch()
    process.send_signal(signal.SIGINT)
    cleaning.read_text()
    for _ in range(2):
        process.send_signal(signal.SIGINT)
    go.write_text("on\n")
    err = process.communicate(timeout=30)[1].decode()
    assert (process.returncode, err) == (130, f"envsnap: interrupted; {NAME} is saved\n")


@pytest.mark.parametrize(
    ("redirection", "status"),
    [
        ("<&-", 0),
        ("<&- >&-", 0),
        ("<&- >&- 2>&-", 0),
        ("2>/dev/full", 0),
        (">&- --json", 2),
        (">/dev/full --json", 2),
        (">&- --dry-run", 2),
    ],
)
def test_closed_streams_harm_nothing(git, environ, folder, venv, text, redirection, status):  # noqa: PLR0917
    line = f'"{sys.executable}" -m jupyter_envsnap.cli save --replace --commit --prefix "{venv}"'
    done = subprocess.run(
        ["bash", "-c", f"{line} {redirection}"],
        cwd=folder,
        env=environ,
        capture_output=True,
        check=False,
        timeout=60,
    )
    assert done.returncode == status
    assert b"Traceback" not in done.stderr
    if status == 0:
        assert git("show", f"HEAD:{NAME}") == text
    elif ">&-" in redirection:
        assert not (folder / NAME).exists()


@pytest.mark.parametrize("path", [[], ["x.yml"]])
def test_a_current_folder_that_is_gone_is_told(folder, environ, venv, path):
    script = f"import os; os.rmdir({str(folder)!r}); from jupyter_envsnap.cli import main; main()"
    done = subprocess.run(
        [sys.executable, "-c", script, "save", "--prefix", venv, *path],
        cwd=folder,
        env=environ,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == (
        "envsnap: The current folder was deleted. Go to another one. [target-refused]\n"
    )


def test_a_path_elsewhere_is_saved_from_a_folder_that_is_gone(git, folder, environ, venv, text):
    gone = folder / "gone"
    gone.mkdir()
    script = f"import os; os.rmdir({str(gone)!r}); from jupyter_envsnap.cli import main; main()"
    done = subprocess.run(
        [sys.executable, "-c", script, "save", "--prefix", venv, folder / NAME, "--commit"],
        cwd=gone,
        env=environ,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0
    assert git("show", f"HEAD:{NAME}") == text


def test_a_save_loads_no_jupyter(venv, folder, environ):
    script = (
        "import sys\n"
        "from jupyter_envsnap.cli import main\n"
        "try: main()\n"
        "except SystemExit: pass\n"
        "heavy = {'jupyter_server', 'jupyter_client', 'tornado', 'traitlets', 'psutil'}\n"
        "assert not heavy & set(sys.modules), heavy & set(sys.modules)\n"
    )
    subprocess.run(
        [sys.executable, "-c", script, "save", "--prefix", venv, folder / NAME],
        env=environ,
        check=True,
        timeout=60,
    )


def test_an_error_of_ours_does_not_look_like_a_difference(capsys, monkeypatch):
    def fail(*_):
        raise ZeroDivisionError

    monkeypatch.setattr("jupyter_envsnap.cli.save.run", fail)
    with pytest.raises(SystemExit) as ended:
        main(["save"])
    assert ended.value.code == 2
    assert "ZeroDivisionError" in capsys.readouterr().err
