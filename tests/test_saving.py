"""What a save previews and what it then does, over a real folder and a real repository."""

from __future__ import annotations

import asyncio
import os
import subprocess
from datetime import datetime, timezone
from functools import partial
from hashlib import sha256
from pathlib import Path

import msgspec
import pytest
from jupyter_server.services.contents.largefilemanager import AsyncLargeFileManager
from jupyter_server.services.contents.manager import ContentsManager
from msgspec.structs import replace

from jupyter_envsnap.adapters.checkouts import GitCheckouts
from jupyter_envsnap.adapters.contents import Contents
from jupyter_envsnap.adapters.git import Git
from jupyter_envsnap.core import documents
from jupyter_envsnap.core.errors import (
    BadRequest,
    CannotUpdate,
    DocumentChanged,
    FormatUnknown,
    HistoryUnavailable,
    ModeUnknown,
    ProfileUnknown,
    ReferenceInvalid,
    SaveFailed,
    TargetChanged,
    TargetNoSpace,
    TargetRefused,
)
from jupyter_envsnap.core.model import (
    CondaPackage,
    Environment,
    Finding,
    How,
    LocalSource,
    Prefix,
    PypiPackage,
    Reason,
    Snapshot,
)
from jupyter_envsnap.core.ports import FileState, Sourced
from jupyter_envsnap.core.wire import Commit, PreviewRequest, SaveRequest
from jupyter_envsnap.placing import Placing
from jupyter_envsnap.saving import Saving
from jupyter_envsnap.writing import Writing
from tests.fakes import MemoryEnvironments

REF = "kernel:one"
FINDING = Finding(code="editable-install", message="`mylib` runs from a folder.", package="mylib")


def conda(name: str, version: str) -> CondaPackage:
    return CondaPackage(
        name=name,
        version=version,
        build="h0_0",
        channel="conda-forge",
        subdir="linux-64",
        requested=(name,),
    )


def environment(numpy: str = "1.26.4") -> Environment:
    return Environment(
        digest=numpy,
        name="climate",
        kind="conda",
        platform="linux-64",
        python="3.12.1",
        channels=("conda-forge",),
        conda=(conda("numpy", numpy), conda("python", "3.12.1")),
        pypi=(PypiPackage(name="polars", version="1.9.0"),),
        findings=(FINDING,),
    )


class Kernel:
    """``ports.Sources`` of one kernel, whose environment changes when told to."""

    def __init__(self) -> None:
        self.environment = environment()
        self.notebook: str | None = "work/n.ipynb"
        self.history: list[tuple[Reason, str | None]] = []
        self.history_works = True
        self.place: Prefix | None = None

    async def source(self, reference: str) -> Sourced:
        if reference != REF:
            raise ReferenceInvalid("There is no such environment.")
        return Sourced(
            environment=self.environment,
            prefix="/envs/climate",
            how=How.PROCESS,
            kernel_id="one",
            kernel_name="python3",
            notebook=self.notebook,
            place=self.place,
        )

    async def record(self, sourced: Sourced, reason: Reason, note: str | None) -> Snapshot:
        if not self.history_works:
            raise HistoryUnavailable("The history cannot be opened.")
        self.history.append((reason, note))
        return Snapshot(
            id=str(len(self.history)),
            taken_at=datetime(2026, 1, 1, tzinfo=timezone.utc),
            reason=reason,
            digest=sourced.environment.digest,
            name="climate",
            kind="conda",
            prefix=sourced.prefix,
            python="3.12.1",
            conda_count=2,
            pypi_count=1,
            note=note,
        )


@pytest.fixture
def identity(tmp_path, monkeypatch):
    for name in [name for name in os.environ if name.startswith("GIT_")]:
        monkeypatch.delenv(name)
    home = tmp_path / "home"
    home.mkdir()
    (home / ".gitconfig").write_text(
        "[user]\n\tname = Ada\n\temail = ada@example.org\n[init]\n\tdefaultBranch = main\n"
    )
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(home))
    monkeypatch.setenv("GIT_CONFIG_NOSYSTEM", "1")
    return home


@pytest.fixture
def root(tmp_path) -> Path:
    folder = tmp_path / "server"
    (folder / "work").mkdir(parents=True)
    return folder


@pytest.fixture(autouse=True)
def git(root, identity):  # noqa: ARG001
    def run(*arguments: str) -> str:
        done = subprocess.run(["git", *arguments], cwd=root, capture_output=True, check=True)
        return done.stdout.decode()

    run("init", "-q")
    (root / "kept.txt").write_text("one\n")
    run("add", "kept.txt")
    run("commit", "-q", "-m", "first")
    (root / "staged.txt").write_text("one\n")
    run("add", "staged.txt")
    return run


@pytest.fixture
def kernel() -> Kernel:
    return Kernel()


@pytest.fixture
def saving(root, kernel) -> Saving:
    manager = AsyncLargeFileManager(root_dir=str(root))
    return Saving(sources=kernel, writing=writing(), files=Contents(manager), repositories=Git())


def writing() -> Writing:
    return Writing(environments=MemoryEnvironments({}), placing=Placing(GitCheckouts()))


def text(numpy: str = "1.26.4") -> str:
    return documents.write(environment(numpy)).text


def digest(content: str) -> str:
    return sha256(content.encode()).hexdigest()


def request(**fields) -> SaveRequest:
    return SaveRequest(**{"source": REF, "mode": "replace", **fields})


# --- preview ----------------------------------------------------------------------------------


async def test_a_preview_shows_all_that_a_first_save_would_do(saving, git, root):
    before = sorted(root.rglob("*"))
    preview = await saving.preview(PreviewRequest(source=REF, mode="replace"))
    assert preview.path == "environment.yml"
    assert (preview.exists, preview.base_digest) == (False, None)
    assert (preview.mode, preview.format, preview.profile) == (
        "replace", "environment-yaml", "versions",
    )  # fmt: skip
    assert preview.text == text()
    assert preview.document_digest == digest(text())
    assert "".join(f"{line.text}\n" for line in preview.diff) == text()
    assert (preview.added, preview.removed) == (text().count("\n"), 0)
    assert preview.message == "env: record environment of climate (2 conda, 1 pip packages)"
    assert preview.repository.top == "server"
    assert preview.repository.branch == "main"
    assert preview.repository.target == "absent"
    assert preview.repository.staged_others == 1
    assert preview.commit_problem is None
    assert preview.findings == (FINDING,)
    assert sorted(root.rglob("*")) == before
    assert git("log", "--format=%s") == "first\n"


async def test_a_preview_shows_what_changes_in_the_file(saving, git, root, kernel):
    (root / "environment.yml").write_text(text())
    git("add", "environment.yml")
    git("commit", "-q", "-m", "second")
    kernel.environment = environment("2.0.1")
    preview = await saving.preview(PreviewRequest(source=REF, mode="replace"))
    changed = [(line.sign, line.text.strip()) for line in preview.diff if line.sign != " "]
    assert changed == [("-", "- numpy==1.26.4"), ("+", "- numpy==2.0.1")]
    assert (preview.exists, preview.added, preview.removed) == (True, 1, 1)
    assert preview.message == "env: numpy 1.26.4 → 2.0.1"
    assert preview.base_digest == digest(text())
    assert preview.repository.target == "unchanged"


async def test_a_preview_finds_the_file_by_the_notebook(saving, root, kernel):
    (root / "work/environment.yaml").write_text("a: 1\n")
    assert (
        await saving.preview(PreviewRequest(source=REF, mode="replace"))
    ).path == "work/environment.yaml"
    kernel.notebook = None
    assert (
        await saving.preview(PreviewRequest(source=REF, mode="replace"))
    ).path == "environment.yml"


async def test_a_path_that_is_asked_for_is_taken(saving):
    preview = await saving.preview(
        PreviewRequest(source=REF, mode="replace", path="work/other.yml")
    )
    assert (preview.path, preview.exists) == ("work/other.yml", False)


async def test_an_explicit_null_is_no_path(saving):
    assert (
        await saving.preview(PreviewRequest(source=REF, mode="replace", path=None))
    ).path == "environment.yml"


def in_no_repository(_git, root):
    (root / ".git").rename(root / "not-git")


def without_identity(_git, root):
    (root.parent / "home/.gitconfig").write_text("")


def locked(_git, root):
    (root / ".git/index.lock").touch()


def merging(git, _root):
    git("update-ref", "MERGE_HEAD", "HEAD")


def ignored(_git, root):
    (root / ".git/info/exclude").write_text("*.yml\n")


PROBLEMS = {
    "git-no-repository": in_no_repository,
    "git-no-identity": without_identity,
    "git-index-locked": locked,
    "git-operation-in-progress": merging,
    "git-target-ignored": ignored,
}


@pytest.mark.parametrize("code", PROBLEMS)
async def test_a_commit_problem_is_in_the_preview_and_the_file_is_saved_all_the_same(
    saving, git, root, kernel, code
):
    PROBLEMS[code](git, root)
    path = "work/environment.yml"
    preview = await saving.preview(PreviewRequest(source=REF, mode="replace", path=path))
    assert preview.commit_problem.code == code
    reply = await saving.save(request(path=path, commit=Commit(message="env: x")))
    assert reply.written
    assert (root / path).read_text() == text()
    assert reply.commit is None
    assert reply.commit_problem == preview.commit_problem
    assert kernel.history == [(Reason.SAVED, path)]


async def test_a_committed_unchanged_file_is_told_at_the_preview(saving, git, root):
    (root / "environment.yml").write_text(text())
    assert (await saving.preview(PreviewRequest(source=REF, mode="replace"))).commit_problem is None
    git("add", "environment.yml")
    git("commit", "-q", "-m", "second")
    preview = await saving.preview(PreviewRequest(source=REF, mode="replace"))
    assert preview.commit_problem.code == "git-nothing-to-commit"
    assert preview.repository is not None


# --- a file that is there is updated ----------------------------------------------------------

WRITTEN = (
    b"# the climate model\r\nchannels: [conda-forge]\r\ndependencies:\r\n  - python >=3.10\r\n"
    b"  - numpy=1.26.4  # below 3\r\n  - pip:\r\n    - polars\r\nplatforms: [linux-64]"
)


async def test_a_file_that_is_there_is_updated_byte_by_byte_and_committed(
    saving, git, root, kernel
):
    target = root / "environment.yml"
    target.write_bytes(WRITTEN)
    git("add", "environment.yml")
    git("commit", "-q", "-m", "second")
    kernel.environment = environment("2.0.1")
    preview = await saving.preview(PreviewRequest(source=REF))
    assert (preview.mode, preview.profile) == ("update", "minimal")
    changed = [(line.sign, line.text.strip()) for line in preview.diff if line.sign != " "]
    assert changed == [("-", "- numpy=1.26.4  # below 3"), ("+", "- numpy=2.0.1  # below 3")]
    assert preview.loose == ("polars", "python")
    assert preview.message == "env: numpy 1.26.4 → 2.0.1"
    reply = await saving.save(
        SaveRequest(
            source=REF,
            base_digest=preview.base_digest,
            document_digest=preview.document_digest,
            commit=Commit(message=preview.message),
        )
    )
    expected = WRITTEN.replace(b"numpy=1.26.4", b"numpy=2.0.1")
    assert (reply.written, target.read_bytes()) == (True, expected)
    assert git("show", "HEAD:environment.yml").encode() == expected
    again = await saving.preview(PreviewRequest(source=REF))
    assert (again.added, again.removed, again.commit_problem.code) == (
        0,
        0,
        "git-nothing-to-commit",
    )


async def test_what_a_file_leaves_open_is_pinned_where_that_is_asked_for(saving, root):
    (root / "environment.yml").write_bytes(WRITTEN)
    preview = await saving.preview(PreviewRequest(source=REF, loose="pin"))
    assert preview.loose == ()
    assert "  - python==3.12.1\r\n" in preview.text
    assert "    - polars==1.9.0\r\n" in preview.text


async def test_profile_and_exclusions_are_those_that_the_file_records(saving, root):
    head = "# envsnap: profile=minimal exclude=polars without=dev\n"
    (root / "environment.yml").write_text(head + "dependencies:\n  - python\n")
    for mode in ("update", "replace"):
        made = await saving.preview(PreviewRequest(source=REF, mode=mode))
        assert (made.profile, made.exclude, made.without) == ("minimal", ("polars",), ("dev",))
        assert made.text.startswith(head)
        assert "polars" not in made.text.removeprefix(head)
    other = await saving.preview(PreviewRequest(source=REF, exclude=(), without=()))
    assert other.text.startswith("# envsnap: profile=minimal\n")
    assert "polars==1.9.0" in other.text


@pytest.mark.parametrize("mode", ["update", "replace"])
async def test_what_a_file_records_and_nobody_knows_is_as_good_as_nothing(saving, root, mode):
    head = "# envsnap: profile=of-tomorrow without=nobody\n"
    (root / "environment.yml").write_text(head + "dependencies:\n  - python\n")
    made = await saving.preview(PreviewRequest(source=REF, mode=mode))
    assert (made.profile, made.without) == ("minimal" if mode == "update" else "versions", ())


@pytest.mark.parametrize(
    ("there", "fields", "reason"),
    [
        ("dependencies:\n  - python={{ python }}\n", {}, "template"),
        ("dependencies: []\ndependencies: []\n", {}, "key"),
        ('{"dependencies": []}\n', {"path": "environment.json"}, "format"),
        ("numpy==1.26.4\n", {"path": "requirements.txt"}, "format"),
        ("dependencies: []\n", {"profile": "conda"}, "profile"),
        ("dependencies: []\n", {"profile": "conda", "mode": "update"}, "profile"),
    ],
)
async def test_what_cannot_be_updated_is_not_replaced_unasked(saving, root, there, fields, reason):
    target = root / fields.get("path", "environment.yml")
    target.write_text(there)
    for call in (
        saving.preview(PreviewRequest(source=REF, **fields)),
        saving.save(SaveRequest(source=REF, base_digest=digest(there), **fields)),
    ):
        with pytest.raises(CannotUpdate, match="Replace the file, or cancel") as caught:
            await call
        assert caught.value.detail["reason"] == reason
    assert target.read_text() == there


@pytest.mark.parametrize(
    ("fields", "path", "format", "begins"),
    [
        ({"path": "requirements.txt"}, "requirements.txt", "requirements", "# envsnap: profile="),
        ({"path": "explicit.txt"}, "explicit.txt", "explicit", "# "),
        ({"path": "environment.json"}, "environment.json", "environment-json", "{\n"),
        ({"format": "requirements"}, "requirements.txt", "requirements", "# envsnap: profile="),
        ({"format": "environment-yaml"}, "environment.yml", "environment-yaml", "# envsnap: "),
    ],
)
async def test_the_files_name_is_that_of_its_format(saving, fields, path, format, begins):
    preview = await saving.preview(PreviewRequest(source=REF, **fields))
    assert (preview.path, preview.format) == (path, format)
    assert preview.text.startswith(begins)


async def test_a_file_that_lists_addresses_is_one_whatever_its_name(saving, root):
    (root / "lock.txt").write_text("@EXPLICIT\n")
    asked = PreviewRequest(source=REF, path="lock.txt", mode="replace")
    assert (await saving.preview(asked)).format == "explicit"


async def test_a_file_is_not_written_in_a_format_that_its_name_denies(saving, root):
    asked = PreviewRequest(source=REF, path="environment.yml", format="requirements")
    with pytest.raises(TargetRefused, match=r"ends in \.txt"):
        await saving.preview(asked)
    assert not (root / "environment.yml").exists()


async def test_a_template_is_replaced_where_that_is_asked_for(saving, root):
    (root / "environment.yml").write_text("dependencies:\n  - python={{ python }}\n")
    assert (await saving.preview(PreviewRequest(source=REF, mode="replace"))).text == text()


@pytest.mark.parametrize("there", [None, "", "\n"])
async def test_where_nothing_is_to_be_kept_the_file_is_written_anew(saving, root, there):
    if there is not None:
        (root / "environment.yml").write_text(there)
    preview = await saving.preview(PreviewRequest(source=REF))
    assert (preview.mode, preview.text) == ("replace", text())


@pytest.fixture
def mylib(tmp_path, identity, kernel):  # noqa: ARG001
    """A package that runs from another repository, whose commit others can clone."""
    folder = tmp_path / "mylib"
    run = partial(subprocess.run, check=True, capture_output=True)
    run(["git", "init", "-q", "--bare", str(tmp_path / "remote")])
    run(["git", "init", "-q", str(folder)])
    (folder / "setup.py").write_text("")
    for words in (
        ["add", "."],
        ["commit", "-q", "-m", "first"],
        ["remote", "add", "origin", str(tmp_path / "remote")],
        ["push", "-q", "origin", "HEAD"],
        # As if it had been another machine's.
        ["remote", "set-url", "origin", "https://git.example.org/lab/mylib.git"],
    ):
        run(["git", *words], cwd=folder)
    package = PypiPackage(
        name="mylib", version="0.1", source=LocalSource(path=str(folder), editable=True)
    )
    kernel.environment = replace(environment(), pypi=(package,))
    kernel.place = Prefix(path="/envs/climate", kind="conda")
    return folder


async def saved_with(saving, **fields):
    """Save what a preview shows; what it showed of the package."""
    asked = {"source": REF, **fields}
    preview = await saving.preview(PreviewRequest(**asked))
    await saving.save(SaveRequest(**asked, base_digest=preview.base_digest))
    return preview.local[0]


async def test_a_package_is_named_as_is_asked_for_and_the_file_remembers(saving, root, mylib):
    file = root / "environment.yml"
    by_git = f"      - -e git+https://git.example.org/lab/mylib.git@{head(mylib)}#egg=mylib\n"
    by_folder = f"      - -e {mylib}\n"
    usual = await saved_with(saving)
    assert (usual.named, usual.options) == ("git", ("git", "folder"))
    assert by_git in file.read_text()
    for asked, named, line, other in (
        ({"local": {"mylib": "folder"}}, "folder", by_folder, "git+"),
        ({}, "folder", by_folder, "git+"),
        ({"local": {"mylib": "git"}}, "git", by_git, by_folder),
        ({}, "git", by_git, by_folder),
    ):
        for mode in ("update", "replace"):
            assert (await saved_with(saving, mode=mode, **asked)).named == named
            assert file.read_text().count(line) == 1
            assert other not in file.read_text()


async def test_a_commit_that_is_pushed_can_be_named_without_what_is_not_committed(
    saving, root, mylib
):
    (mylib / "setup.py").write_text("changed")
    usual = await saved_with(saving)
    assert (usual.named, usual.git.clean) == ("comment", False)
    assert "# mylib==0.1: runs from a folder" in (root / "environment.yml").read_text()
    asked = await saved_with(saving, local={"mylib": "git"})
    assert asked.named == "git"
    assert f"mylib.git@{head(mylib)}#egg=mylib" in (root / "environment.yml").read_text()


async def test_a_choice_that_is_gone_at_the_save_is_told_and_nothing_is_written(
    saving, root, mylib
):
    asked = {"source": REF, "local": {"mylib": "git"}}
    preview = await saving.preview(PreviewRequest(**asked))
    run = partial(subprocess.run, check=True, cwd=mylib)
    run(["git", "commit", "-q", "--allow-empty", "-m", "not pushed"])
    with pytest.raises(DocumentChanged):
        await saving.save(SaveRequest(**asked, document_digest=preview.document_digest))
    assert not (root / "environment.yml").exists()


def head(repository: Path) -> str:
    done = subprocess.run(
        ["git", "rev-parse", "HEAD"], cwd=repository, capture_output=True, check=True, text=True
    )
    return done.stdout.strip()


# --- save -------------------------------------------------------------------------------------


async def test_a_save_does_what_the_preview_showed(saving, git, root, kernel):
    preview = await saving.preview(PreviewRequest(source=REF, mode="replace"))
    reply = await saving.save(
        request(
            path=preview.path,
            format=preview.format,
            profile=preview.profile,
            mode=preview.mode,
            base_digest=preview.base_digest,
            document_digest=preview.document_digest,
            commit=Commit(message=preview.message),
        )
    )
    assert reply.written
    assert reply.path == "environment.yml"
    assert reply.digest == preview.document_digest
    assert (root / "environment.yml").read_text() == preview.text
    assert reply.commit.id == git("rev-parse", "HEAD").strip()
    assert reply.commit.message == preview.message
    assert git("show", "--format=%s", "--name-only") == f"{preview.message}\n\nenvironment.yml\n"
    assert git("diff", "--cached", "--name-only") == "staged.txt\n"
    assert reply.commit_problem is None
    assert reply.snapshot.reason is Reason.SAVED
    assert kernel.history == [(Reason.SAVED, f"environment.yml, {reply.commit.short_id}")]


async def test_a_save_with_nothing_but_a_source_is_the_same_as_its_preview(saving):
    preview = await saving.preview(PreviewRequest(source=REF, mode="replace"))
    reply = await saving.save(request())
    assert (reply.path, reply.digest) == (preview.path, preview.document_digest)


@pytest.mark.parametrize("asked", [{}, {"commit": None}])
async def test_no_commit_is_made_unless_it_is_asked_for(saving, git, asked):
    reply = await saving.save(request(**asked))
    assert reply.written
    assert (reply.commit, reply.commit_problem) == (None, None)
    assert git("log", "--format=%s") == "first\n"
    assert git("status", "--porcelain", "environment.yml") == "?? environment.yml\n"


@pytest.mark.parametrize("base", [None, digest("another\n")], ids=["no file", "another file"])
async def test_a_file_that_moved_on_is_not_written(saving, git, root, kernel, base):
    (root / "environment.yml").write_text("mine: 1\n")
    with pytest.raises(TargetChanged):
        await saving.save(request(base_digest=base, commit=Commit(message="env: x")))
    assert (root / "environment.yml").read_text() == "mine: 1\n"
    assert git("log", "--format=%s") == "first\n"
    assert kernel.history == []


async def test_a_stale_preview_is_refused_even_where_the_text_is_already_there(saving, root):
    (root / "environment.yml").write_text(text())
    with pytest.raises(TargetChanged):
        await saving.save(request(base_digest=digest("mine: 1\n")))


async def test_an_environment_that_moved_on_is_not_written(saving, root, kernel):
    preview = await saving.preview(PreviewRequest(source=REF, mode="replace"))
    kernel.environment = environment("2.0.1")
    with pytest.raises(DocumentChanged):
        await saving.save(request(document_digest=preview.document_digest))
    assert not (root / "environment.yml").exists()
    assert kernel.history == []


@pytest.mark.parametrize(
    ("fields", "error"),
    [
        ({"mode": "merge"}, ModeUnknown),
        ({"format": "tarball"}, FormatUnknown),
        ({"profile": "loose"}, ProfileUnknown),
        ({"path": "../environment.yml"}, TargetRefused),
        ({"path": "n.ipynb"}, TargetRefused),
        ({"path": ""}, TargetRefused),
    ],
)
async def test_what_cannot_be_is_refused_alike_by_preview_and_save(saving, root, fields, error):
    before = sorted(root.rglob("*"))
    for call in (
        saving.preview(PreviewRequest(**{"source": REF, "mode": "replace", **fields})),
        saving.save(request(**fields)),
    ):
        with pytest.raises(error):
            await call
    assert sorted(root.rglob("*")) == before


async def test_a_source_that_is_none_is_refused(saving):
    with pytest.raises(ReferenceInvalid):
        await saving.save(SaveRequest(source="kernel:two"))


async def test_an_unchanged_file_is_not_written_again_but_committed(saving, git, root):
    file = root / "environment.yml"
    file.write_text(text())
    os.utime(file, ns=(1, 1))
    base = digest(text())
    reply = await saving.save(request(base_digest=base, commit=Commit(message="env: x")))
    assert not reply.written
    assert file.stat().st_mtime_ns == 1
    assert reply.commit.id == git("rev-parse", "HEAD").strip()
    again = await saving.save(request(base_digest=base, commit=Commit(message="env: x")))
    assert (again.written, again.commit) == (False, None)
    assert again.commit_problem.code == "git-nothing-to-commit"


async def test_line_ends_that_differ_are_a_change(saving, root):
    crlf = text().replace("\n", "\r\n")
    (root / "environment.yml").write_bytes(crlf.encode())
    preview = await saving.preview(PreviewRequest(source=REF, mode="replace"))
    assert preview.removed == preview.added == text().count("\n")
    reply = await saving.save(request(base_digest=preview.base_digest))
    assert reply.written
    assert (root / "environment.yml").read_bytes() == text().encode()


async def test_a_preview_tells_which_edits_of_the_user_go_along(saving, git, root):
    target = root / "environment.yml"
    target.write_text(text().replace("name: ", "# mine\nname: "))
    git("add", "environment.yml")
    git("commit", "-q", "-m", "environment", "--", "environment.yml")
    target.write_text(text("1.26.0"))  # without the comment, and with an older numpy
    preview = await saving.preview(PreviewRequest(source=REF, mode="replace"))
    assert [(line.sign, line.text) for line in preview.repository.own_edits] == [("-", "# mine")]
    assert "# mine" not in {line.text for line in preview.diff}


async def test_a_refusing_hook_keeps_the_file_saved(saving, git, root, kernel):
    hook = root / ".git/hooks/pre-commit"
    hook.write_text("#!/bin/sh\necho no >&2\nexit 1\n")
    hook.chmod(0o755)
    assert (await saving.preview(PreviewRequest(source=REF, mode="replace"))).repository.hooks == (
        "pre-commit",
    )
    reply = await saving.save(request(commit=Commit(message="env: x")))
    assert reply.written
    assert reply.commit_problem.code == "git-hook-failed"
    assert reply.commit_problem.detail["said"] == "no"
    assert (root / "environment.yml").read_text() == text()
    assert git("ls-files", "environment.yml") == ""
    assert kernel.history == [(Reason.SAVED, "environment.yml")]


async def test_stopping_ends_a_commit_and_leaves_the_file_saved_and_the_index_as_it_was(
    saving, git, root
):
    reached = root.parent / "reached"
    os.mkfifo(reached)
    hook = root / ".git/hooks/pre-commit"
    hook.write_text(f"#!/bin/sh\necho > '{reached}'\nsleep {100_000 + os.getpid()}\n")
    hook.chmod(0o755)
    before = git("ls-files", "-s")
    running = asyncio.ensure_future(saving.save(request(commit=Commit(message="env: x"))))
    await asyncio.to_thread(reached.read_text)
    await asyncio.wait_for(saving.stop(), 3)
    reply = await running
    assert (reply.written, reply.commit, reply.commit_problem.code) == (True, None, "git-failed")
    assert "stopping" in reply.commit_problem.message
    assert (root / "environment.yml").read_text() == text()
    assert git("ls-files", "-s") == before
    assert git("log", "--format=%s").split() == ["first"]


async def test_a_save_that_a_stop_meets_before_it_writes_is_refused(saving, root):
    running = asyncio.ensure_future(saving.save(request()))
    await asyncio.sleep(0)
    await saving.stop()
    with pytest.raises(SaveFailed, match="Nothing was saved"):
        await running
    assert not (root / "environment.yml").exists()


@pytest.mark.parametrize("message", [" \n ", "a\0b"])
async def test_a_message_that_git_takes_from_nobody_is_refused_before_anything_is_written(
    saving, root, message
):
    with pytest.raises(BadRequest) as refused:
        await saving.save(request(commit=Commit(message=message)))
    assert refused.value.detail["field"] == "commit.message"
    assert not (root / "environment.yml").exists()


async def test_a_link_put_in_the_way_since_the_preview_is_not_followed(saving, root):
    (root / "mine").mkdir()
    (root / "others").mkdir()
    for path in ("mine/new.yml", "mine/dangling.yml"):
        preview = await saving.preview(request(path=path))
        if path == "mine/new.yml":
            (root / "mine").rmdir()
            (root / "mine").symlink_to(root / "others")
        else:
            (root / "others/dangling.yml").symlink_to(root / "others/elsewhere.yml")
        with pytest.raises(TargetChanged):
            await saving.save(request(path=path, place_digest=preview.place_digest))
    assert sorted(each.name for each in (root / "others").iterdir()) == ["dangling.yml"]


async def test_a_client_that_goes_away_ends_no_save(saving, git):
    waiting = asyncio.ensure_future(saving.save(request(commit=Commit(message="env: x"))))
    await asyncio.sleep(0)
    waiting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await waiting
    [left] = saving._running
    assert (await left).commit is not None
    assert git("log", "-1", "--format=%s").strip() == "env: x"


async def test_a_link_inside_the_repository_commits_the_file_behind_it(saving, git, root):
    (root / "climate.yml").write_text("a: 1\n")
    (root / "environment.yml").symlink_to("climate.yml")
    git("add", "climate.yml", "environment.yml")
    git("commit", "-q", "-m", "second", "--", "climate.yml", "environment.yml")
    reply = await saving.save(
        request(base_digest=digest("a: 1\n"), commit=Commit(message="env: x"))
    )
    assert reply.commit.other_files == ()
    assert git("show", "--format=", "--name-only") == "climate.yml\n"
    assert (root / "environment.yml").is_symlink()


async def test_a_repository_that_begins_above_the_root_is_committed_to(kernel, git, root):
    manager = AsyncLargeFileManager(root_dir=str(root / "work"))
    saving = Saving(sources=kernel, writing=writing(), files=Contents(manager), repositories=Git())
    kernel.notebook = "n.ipynb"
    reply = await saving.save(request(commit=Commit(message="env: x")))
    assert reply.path == "environment.yml"
    assert git("show", "--format=", "--name-only") == "work/environment.yml\n"


def somebody_writes(root, _outside):
    (root / "work/environment.yml").write_text("mine: 1\n")


def somebody_deletes(root, _outside):
    (root / "work/environment.yml").unlink()


def somebody_links_inside(root, _outside):
    somebody_deletes(root, None)
    (root / "other.yml").write_text("mine: 1\n")
    (root / "work/environment.yml").symlink_to("../other.yml")


def somebody_links_out(root, outside):
    somebody_deletes(root, None)
    (root / "work/environment.yml").symlink_to(outside / "environment.yml")


def somebody_links_the_folder_inside(root, _outside):
    (root / "work").rename(root / "moved")
    (root / "other").mkdir()
    (root / "other/environment.yml").write_text("mine: 1\n")
    (root / "work").symlink_to("other")


def somebody_links_the_folder_out(root, outside):
    (root / "work").rename(root / "moved")
    (root / "work").symlink_to(outside)


@pytest.mark.parametrize(
    ("change", "error"),
    [
        (somebody_writes, TargetChanged),
        (somebody_deletes, TargetChanged),
        (somebody_links_inside, TargetChanged),
        (somebody_links_out, TargetRefused),
        (somebody_links_the_folder_inside, TargetChanged),
        (somebody_links_the_folder_out, TargetRefused),
    ],
)
async def test_what_happens_between_preview_and_save_stays(  # noqa: PLR0917
    saving, git, root, tmp_path, change, error
):
    outside = tmp_path / "outside"
    for file in (outside / "environment.yml", root / "work/environment.yml"):
        file.parent.mkdir(exist_ok=True)
        file.write_text("a: 1\n")
    preview = await saving.preview(
        PreviewRequest(source=REF, mode="replace", path="work/environment.yml")
    )
    change(root, outside)
    with pytest.raises(error):
        await saving.save(
            request(
                path=preview.path, base_digest=preview.base_digest, commit=Commit(message="env: x")
            )
        )
    assert not [
        file for file in tmp_path.rglob("*") if file.is_file() and b"numpy" in file.read_bytes()
    ]
    assert git("log", "--format=%s") == "first\n"


@pytest.mark.parametrize("there", [False, True], ids=["new", "existing"])
async def test_of_two_tabs_that_save_at_once_by_two_names_one_is_told(saving, git, root, there):
    base = None
    if there:
        (root / "environment.yml").write_text("a: 1\n")
        base = digest("a: 1\n")
    (root / "link.yml").symlink_to("environment.yml")
    replies = await asyncio.gather(
        *(
            saving.save(request(path=path, base_digest=base, commit=Commit(message=path)))
            for path in ("environment.yml", "link.yml")
        ),
        return_exceptions=True,
    )
    told = [reply for reply in replies if isinstance(reply, TargetChanged)]
    [won] = [reply for reply in replies if not isinstance(reply, BaseException)]
    assert len(told) == 1
    # Nothing slipped under its message: the lock was held until its commit was made.
    assert git("log", "--format=%s").splitlines() == [won.path, "first"]
    assert git("show", "HEAD:environment.yml") == text()


async def test_a_second_save_waits_for_the_first_ones_commit(saving, git, root, kernel):
    hook = root / ".git/hooks/pre-commit"
    reached, go = root.parent / "reached", root.parent / "go"
    for pipe in (reached, go):
        os.mkfifo(pipe)
    hook.write_text(f"#!/bin/sh\necho > '{reached}'\nread x < '{go}'\n")
    hook.chmod(0o755)
    (root / "environment.yml").write_text("a: 1\n")
    (root / "link.yml").symlink_to("environment.yml")
    first = asyncio.ensure_future(
        saving.save(request(base_digest=digest("a: 1\n"), commit=Commit(message="first tab")))
    )
    await asyncio.to_thread(reached.read_text)
    kernel.environment = environment("2.0.1")
    second = asyncio.ensure_future(
        saving.save(request(path="link.yml", base_digest=digest(text())))
    )
    for _ in range(3):  # each takes longer than the second would need to write
        await saving.preview(PreviewRequest(source=REF, mode="replace"))
    assert not second.done()
    assert (root / "environment.yml").read_text() == text()
    await asyncio.to_thread(go.write_text, "on\n")
    assert (await first).commit is not None
    assert (await second).written
    assert git("show", "HEAD:environment.yml") == text()
    assert (root / "environment.yml").read_text() == text("2.0.1")


async def test_a_history_that_fails_does_not_break_the_save(saving, kernel):
    kernel.history_works = False
    reply = await saving.save(request(commit=Commit(message="env: x")))
    assert reply.snapshot is None
    assert reply.commit is not None


class Remote:
    """``ports.Files`` without a disk, and without space when told so."""

    def __init__(self, *, full: bool = False) -> None:
        self.text: str | None = None
        self.full = full

    async def read(self, path: str) -> FileState:
        known = None if self.text is None else digest(self.text)
        return FileState(path=path, text=self.text, digest=known, real_path=None)

    async def write(self, path: str, text: str, *, base_digest: str | None) -> FileState:
        if self.full:
            raise TargetNoSpace("There is no space left.")
        assert base_digest == (await self.read(path)).digest
        self.text = text
        return await self.read(path)

    async def environment_file(self, notebook: str | None) -> str:
        return f"remote/{notebook and 'environment'}.yml"


async def test_files_without_a_disk_are_saved_and_not_committed(kernel):
    saving = Saving(sources=kernel, writing=writing(), files=Remote(), repositories=Git())
    preview = await saving.preview(PreviewRequest(source=REF, mode="replace"))
    assert preview.commit_problem.code == "git-no-repository"
    reply = await saving.save(request(commit=Commit(message="env: x")))
    assert reply.written
    assert reply.commit_problem == preview.commit_problem


class ObjectStore(ContentsManager):
    """A real contents manager that keeps its files in memory, as others do in a store."""

    def __init__(self, *, waits: bool) -> None:
        super().__init__()
        self.waits = waits
        self.files: dict[str, str] = {}

    def _told(self, answer):
        async def later():
            return answer

        return later() if self.waits else answer

    def dir_exists(self, path):
        return self._told(path in {"", "work"})

    def file_exists(self, path):
        return self._told(path in self.files)

    def get(self, path, **_):
        return self._told({"type": "file", "format": "text", "content": self.files[path]})

    def save(self, model, path):
        self.files[path] = model["content"]
        return self._told(model)


@pytest.mark.parametrize("waits", [False, True], ids=["sync", "async"])
async def test_a_contents_manager_without_a_disk_is_saved_to_and_not_committed(kernel, git, waits):
    store = ObjectStore(waits=waits)
    saving = Saving(sources=kernel, writing=writing(), files=Contents(store), repositories=Git())
    preview = await saving.preview(PreviewRequest(source=REF, mode="replace"))
    assert preview.commit_problem.code == "git-no-repository"
    assert "not keep its files on a disk" in preview.commit_problem.message
    reply = await saving.save(request(path=preview.path, commit=Commit(message="env: x")))
    assert store.files == {"work/environment.yml": text()}
    assert (reply.written, reply.commit) == (True, None)
    assert reply.commit_problem == preview.commit_problem
    assert git("log", "--format=%s") == "first\n"
    with pytest.raises(TargetChanged):
        await saving.save(request(path=preview.path))


async def test_a_write_that_fails_is_not_recorded(kernel):
    saving = Saving(sources=kernel, writing=writing(), files=Remote(full=True), repositories=Git())
    with pytest.raises(TargetNoSpace):
        await saving.save(request(commit=Commit(message="env: x")))
    assert kernel.history == []


async def test_the_replies_are_what_the_wire_says(saving):
    for reply in (
        await saving.preview(PreviewRequest(source=REF, mode="replace")),
        await saving.save(request(commit=Commit(message="env: x"))),
    ):
        assert msgspec.json.decode(msgspec.json.encode(reply), type=type(reply)) == reply
