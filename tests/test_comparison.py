"""Any two of a kernel, a snapshot, a file and a git revision of a file."""

from __future__ import annotations

import os
import shutil
import subprocess

import pytest

from jupyter_envsnap.adapters.checkouts import GitCheckouts
from jupyter_envsnap.adapters.git import Git
from jupyter_envsnap.adapters.local_files import LocalFiles
from jupyter_envsnap.comparison import Comparison
from jupyter_envsnap.core.errors import (
    CommitError,
    FileNotUnderstood,
    NoRepository,
    ReferenceInvalid,
    RevisionUnknown,
    TargetNotText,
)
from jupyter_envsnap.core.model import CondaPackage, Environment, LocalSource, Prefix, PypiPackage
from jupyter_envsnap.core.ports import Sourced
from jupyter_envsnap.core.wire import DiffQuery, DiffReply
from jupyter_envsnap.placing import Placing
from jupyter_envsnap.writing import Writing
from tests.fakes import MemoryEnvironments


def conda(name: str, version: str, *depends: str, asked: bool = True) -> CondaPackage:
    return CondaPackage(
        name=name,
        version=version,
        build="h1_0",
        channel="conda-forge",
        subdir="linux-64",
        depends=depends,
        requested=(name,) if asked else (),
    )


def environment(*packages, **fields) -> Environment:
    return Environment(
        **{
            "digest": "",
            "name": "climate",
            "kind": "conda",
            "platform": "linux-64",
            "python": "3.12.4",
            "channels": ("conda-forge",),
            "conda": tuple(p for p in packages if isinstance(p, CondaPackage)),
            "pypi": tuple(p for p in packages if isinstance(p, PypiPackage)),
            **fields,
        }
    )


PYTHON = conda("python", "3.12.4", "openssl")
OPENSSL = conda("openssl", "3.3", asked=False)
NUMPY = conda("numpy", "2.0.1", "python")
POLARS = PypiPackage(name="polars", version="1.9.0", requested=True)
PLACE = Prefix(path="/envs/climate", kind="conda")
HEAD = "channels: [conda-forge]\ndependencies:\n"


class Environments:
    def __init__(self) -> None:
        self.now = environment(NUMPY, OPENSSL, PYTHON, POLARS)

    async def source(self, reference: str) -> Sourced:
        if reference != "kernel:k":
            raise ReferenceInvalid("There is no such environment.")
        return Sourced(environment=self.now, prefix=None, how=None, place=PLACE)

    async def record(self, *_: object) -> None:
        raise AssertionError("a comparison keeps nothing")


@pytest.fixture
def repository(tmp_path, monkeypatch):
    for name in [name for name in os.environ if name.startswith("GIT_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.chdir(tmp_path)

    def git(*arguments: str) -> None:
        identity = ("-c", "user.name=Ada", "-c", "user.email=ada@example.org")
        subprocess.run(["git", *identity, *arguments], cwd=tmp_path, check=True, timeout=30)

    git("init", "-q", "-b", "main")
    return git


@pytest.fixture
def sources():
    return Environments()


@pytest.fixture
def compare(sources, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    comparison = Comparison(
        sources=sources,
        writing=Writing(environments=MemoryEnvironments({}), placing=Placing(GitCheckouts())),
        files=LocalFiles(any_name=True),
        repositories=Git(),
    )

    async def reply_of(before: str, after: str) -> DiffReply:
        return await comparison.diff(DiffQuery(before=before, after=after))

    async def told(before: str, after: str) -> dict[str, str]:
        reply = await reply_of(before, after)
        changes = {c.name: c.change for c in reply.changes.packages if c.change != "details"}
        assert reply.same is (not changes and not reply.changes.facts)
        return changes | {fact.name: "fact" for fact in reply.changes.facts}

    told.reply = reply_of
    return told


@pytest.mark.parametrize(
    ("lines", "changes"),
    [
        ("python=3.12.4 numpy=2.0.1 pip:polars==1.9.0", {}),
        ("python numpy>=1.24 pip:polars", {}),
        ("python=3.12 numpy=2.0 pip:polars~=1.5", {}),
        ("python numpy<2 pip:polars", {"numpy": "changed"}),
        ("python numpy=1.26.4 pip:polars==1.8.0", {"numpy": "upgraded", "polars": "upgraded"}),
        ("python=3.11.0 numpy pip:polars", {"python": "upgraded", "fact": "fact"}),
        ("python numpy", {"polars": "added"}),
        ("python numpy dask pip:polars", {"dask": "removed"}),
        ("python numpy polars", {"polars": "moved"}),
        ("python numpy openssl=3.2 pip:polars", {"openssl": "upgraded"}),
    ],
)
async def test_a_kernel_differs_from_a_file_in_what_the_file_can_say(
    compare, tmp_path, lines, changes
):
    words, _, pip = lines.partition(" pip:")
    text = HEAD + "".join(f"  - {word}\n" for word in words.split())
    if pip:
        text += f"  - pip:\n    - {pip}\n"
    (tmp_path / "environment.yml").write_text(text)
    told = await compare("file:environment.yml", "kernel:k")
    if changes.pop("fact", None):
        assert told.pop("python", None) in {"upgraded", "fact"}
        changes.pop("python")
    assert told == changes


async def test_the_exclusions_of_a_file_count(compare, tmp_path):
    text = f"# envsnap: profile=minimal exclude=polars\n{HEAD}  - python\n  - numpy\n"
    (tmp_path / "environment.yml").write_text(text)
    assert await compare("file:environment.yml", "kernel:k") == {}


async def test_a_file_is_compared_with_a_revision_of_itself(compare, tmp_path, repository):
    file = tmp_path / "environment.yml"
    file.write_text(f"{HEAD}  - numpy=1.26.4\n  - dask=1.0.0\n")
    repository("add", "environment.yml")
    repository("commit", "-q", "-m", "first")
    repository("tag", "v1")
    file.write_text(f"{HEAD}  - numpy=2.0.1\n")
    for revision in ("HEAD", "main", "v1"):
        told = await compare(f"rev:{revision}:environment.yml", "file:environment.yml")
        assert told == {"numpy": "upgraded", "dask": "removed"}


@pytest.mark.parametrize(
    "name", ["a b.yml", "[x]*.yml", "deep/er/e.yml", ":(top)x.yml", "-n.yml", "ü:1.yml", "HEAD.yml"]
)
async def test_a_revision_is_of_exactly_that_file(compare, tmp_path, repository, name):
    for each, version in ((name, "1.0"), ("x.yml", "3.0"), ("e.yml", "4.0")):
        (tmp_path / each).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / each).write_text(f"{HEAD}  - numpy={version}\n")
    repository("add", "--all")
    repository("commit", "-q", "-m", "first")
    (tmp_path / name).write_text(f"{HEAD}  - numpy=2.0\n")
    reply = await compare.reply(f"rev:HEAD:{name}", f"file:{name}")
    [change] = reply.changes.packages
    assert (change.before.version, change.after.version) == ("1.0", "2.0")
    # A file that is gone by now was there then.
    (tmp_path / name).unlink()
    reply = await compare.reply(f"rev:HEAD:{name}", "kernel:k")
    assert "numpy" in {package.name for package in reply.changes.packages}


async def test_what_is_no_text_in_a_revision_is_told(compare, tmp_path, repository):
    (tmp_path / "environment.yml").write_bytes(b"name: \xff\n")
    (tmp_path / "folder.yml").mkdir()
    (tmp_path / "folder.yml" / "x").write_text("x")
    repository("add", "--all")
    repository("commit", "-q", "-m", "first")
    (tmp_path / "environment.yml").write_text(HEAD)
    with pytest.raises(TargetNotText):
        await compare("rev:HEAD:environment.yml", "kernel:k")
    shutil.rmtree(tmp_path / "folder.yml")
    with pytest.raises((RevisionUnknown, CommitError)):
        await compare("rev:HEAD:folder.yml", "kernel:k")


async def test_what_runs_from_the_repository_is_compared_by_its_place_there(
    compare, sources, tmp_path, repository
):
    mine = LocalSource(path=str(tmp_path / "mine"), editable=True)
    sources.now = environment(PYTHON, PypiPackage(name="mine", version="0.1", source=mine))
    (tmp_path / "mine").mkdir()
    file = tmp_path / "environment.yml"
    file.write_text(f"{HEAD}  - python\n  - pip:\n    - -e ./mine\n")
    assert await compare("file:environment.yml", "kernel:k") == {}
    file.write_text(f"{HEAD}  - python\n")
    assert await compare("file:environment.yml", "kernel:k") == {"mine": "added"}
    repository("add", "environment.yml")
    repository("commit", "-q", "-m", "first")
    assert await compare("rev:HEAD:environment.yml", "kernel:k") == {"mine": "added"}


async def test_lists_are_files_too(compare, tmp_path):
    (tmp_path / "requirements.txt").write_text("polars==1.8.0\n")
    assert await compare("file:requirements.txt", "kernel:k") == {"polars": "upgraded"}


@pytest.mark.parametrize(
    "revision", ["nowhere", "", "-n", "--all", "HEAD..HEAD", "HEAD:environment.yml", "a b", "$(id)"]
)
async def test_a_revision_that_is_none_is_told(compare, tmp_path, repository, revision):
    (tmp_path / "environment.yml").write_text(HEAD)
    repository("add", "environment.yml")
    repository("commit", "-q", "-m", "first")
    with pytest.raises((RevisionUnknown, ReferenceInvalid)):
        await compare(f"rev:{revision}:environment.yml", "kernel:k")
    with pytest.raises(RevisionUnknown):
        await compare("rev:HEAD:other.yml", "kernel:k")


@pytest.mark.parametrize(
    ("reference", "error"),
    [
        ("kernel:other", ReferenceInvalid),
        ("climate", ReferenceInvalid),
        ("file:absent.yml", ReferenceInvalid),
        ("file:words.yml", FileNotUnderstood),
        ("rev:HEAD:environment.yml", NoRepository),
    ],
)
async def test_what_cannot_be_compared_is_told(compare, tmp_path, reference, error):
    (tmp_path / "words.yml").write_text("just words\n")
    with pytest.raises(error):
        await compare(reference, "kernel:k")


async def test_a_venv_is_compared_as_far_as_it_can_tell(compare, sources, tmp_path):
    (tmp_path / "environment.yml").write_text(
        f"{HEAD}  - python=3.12\n  - nodejs\n  - numpy=1.0.0\n"
    )
    sources.now = environment(
        PypiPackage(name="numpy", version="2.0.1", requested=True), kind="venv", channels=()
    )
    assert await compare("file:environment.yml", "kernel:k") == {"numpy": "upgraded"}
