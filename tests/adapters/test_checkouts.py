"""What git says of a folder that a package runs from, in real repositories."""

from __future__ import annotations

import os
import subprocess

import msgspec
import pytest

from jupyter_envsnap.adapters.checkouts import GitCheckouts
from jupyter_envsnap.core.local_sources import Checkout
from jupyter_envsnap.core.model import LocalSource, PypiPackage, VcsSource
from jupyter_envsnap.core.pip_lines import pip_lines
from jupyter_envsnap.placing import Home, Placing
from tests.adapters.git_repository import Repository, isolate
from tests.fakes import environment

URL = "https://h.example/mylib.git"


@pytest.fixture(autouse=True)
def _alone(tmp_path, monkeypatch):
    isolate(tmp_path / "home", monkeypatch)


@pytest.fixture
def repository(tmp_path):
    """A clone whose one commit the remote has, with the remote's address replaced."""
    bare = tmp_path / "remote.git"
    subprocess.run(["git", "init", "-q", "--bare", bare], check=True)
    made = Repository(tmp_path / "src" / "mylib")
    made.write("python/setup.py", "")
    made.git("add", ".")
    made.git("commit", "-q", "-m", "first")
    made.git("remote", "add", "origin", str(bare))
    made.git("push", "-q", "-u", "origin", "main")
    made.git("remote", "set-url", "origin", URL)
    return made


async def asked(repository: Repository, below: str = "") -> Checkout:
    found = await GitCheckouts().of(str(repository.top / below))
    assert found is not None
    return found


async def test_a_clean_and_pushed_checkout_is_one_that_others_can_have(repository):
    assert await asked(repository) == Checkout(
        top=str(repository.top),
        url=URL,
        commit=repository.head(),
        clean=True,
        pushed=True,
        subdirectory=None,
    )
    assert (await asked(repository, "python")).subdirectory == "python"


def _commit(repository: Repository) -> None:
    repository.git("commit", "-q", "--allow-empty", "-m", "second")


def _build(repository: Repository) -> None:
    repository.write("python/mylib.egg-info/PKG-INFO", "")
    repository.write("python/__pycache__/x.pyc", "")


def _on_a_branch_of_its_own(repository: Repository) -> None:
    repository.git("checkout", "-q", "-b", "own")


STATES = {
    "a change": (lambda r: r.write("python/setup.py", "x = 1\n"), False, True),
    "a staged change": (lambda r: r.stage("new.py", "x = 1\n"), False, True),
    "a new file": (lambda r: r.write("python/new.py", ""), False, True),
    "what a build leaves": (_build, True, True),
    "a commit of its own": (_commit, True, False),
    "a branch of its own": (_on_a_branch_of_its_own, True, True),
    "no branch": (lambda r: r.git("checkout", "-q", "--detach"), True, True),
    "a commit of its own without a branch": (
        lambda r: (r.git("checkout", "-q", "--detach"), _commit(r)),
        *(True, False),
    ),
    "no fetch since the remote was added": (
        lambda r: r.git("update-ref", "-d", "refs/remotes/origin/main"),
        *(True, False),
    ),
}


@pytest.mark.parametrize(("change", "clean", "pushed"), STATES.values(), ids=list(STATES))
async def test_its_state_is_told(repository, change, clean, pushed):
    change(repository)
    found = await asked(repository)
    assert (found.clean, found.pushed) == (clean, pushed)


@pytest.mark.parametrize(
    ("written", "url"),
    [
        ("https://me:pw-1@h.example/r.git", "https://h.example/r.git"),
        ("https://ghp_0123456789abcdefghij@github.com/team/r", "https://github.com/team/r"),
        ("git@github.com:team/repo.git", "ssh://git@github.com/team/repo.git"),
        ("me@h.example:repo.git", "ssh://h.example/~/repo.git"),
        ("h.example:/srv/repo.git", "ssh://h.example/srv/repo.git"),
        ("ssh://git@h.example:2222/r.git", "ssh://git@h.example:2222/r.git"),
        ("git+ssh://git@h.example/r.git", "ssh://git@h.example/r.git"),
        ("/srv/repo.git", None),
        ("../repo.git", None),
        ("file:///srv/repo.git", None),
        ("work:team/repo.git", None),
        ("gh:team/repo", "https://github.com/team/repo"),
        ("C:/src/repo", None),
    ],
)
async def test_a_remote_is_named_as_others_reach_it(repository, written, url):
    repository.git("config", "url.https://github.com/.insteadOf", "gh:")
    repository.git("config", "remote.origin.url", written)
    assert (await asked(repository)).url == url


async def test_an_address_of_ones_own_stays_at_home(repository):
    secret = "https://x-access-token:pw-1@h.example/"
    repository.git("config", f"url.{secret}.insteadOf", "https://h.example/")
    assert (await asked(repository)).url == URL


async def test_the_remote_of_the_branch_counts_then_origin_then_the_only_one(repository):
    repository.git("remote", "add", "fork", "https://h.example/fork.git")
    assert (await asked(repository)).url == URL
    repository.git("config", "branch.main.remote", "fork")
    found = await asked(repository)
    assert (found.url, found.pushed) == ("https://h.example/fork.git", False)
    repository.git("remote", "remove", "origin")
    repository.git("config", "--unset", "branch.main.remote")
    assert (await asked(repository)).url == "https://h.example/fork.git"


async def test_of_several_addresses_the_first_is_for_fetching(repository):
    repository.git("remote", "set-url", "--add", "origin", "https://other.example/r.git")
    assert (await asked(repository)).url == URL


async def test_a_work_tree_elsewhere_says_nothing_of_the_folder(repository, tmp_path):
    (tmp_path / "elsewhere").mkdir()
    repository.git("config", "core.worktree", str(tmp_path / "elsewhere"))
    assert await GitCheckouts().of(str(repository.top)) is None


async def test_a_repository_without_remote_or_commit_is_told(tmp_path):
    empty = await asked(Repository(tmp_path / "empty"))
    assert (empty.url, empty.commit, empty.clean, empty.pushed) == (None, None, False, False)


async def test_where_there_is_no_repository_nothing_is_known(tmp_path, repository):
    (tmp_path / "plain").mkdir()
    for folder in ("plain", "gone", "src/mylib/.git", "remote.git"):
        assert await GitCheckouts().of(str(tmp_path / folder)) is None
    assert await GitCheckouts().of("relative") is None
    link = tmp_path / "link"
    link.symlink_to(repository.top / "python")
    found = await GitCheckouts().of(str(link))
    assert found is not None
    assert (found.top, found.subdirectory) == (str(repository.top), "python")


async def test_without_git_or_in_time_nothing_is_known(repository, tmp_path, monkeypatch):
    slow = tmp_path / "bin" / "git"
    slow.parent.mkdir()
    slow.write_text("#!/bin/sh\nexec sleep 1000\n")
    slow.chmod(0o755)
    monkeypatch.setenv("PATH", f"{slow.parent}:{os.environ['PATH']}")
    assert await GitCheckouts(limit_s=0.1).of(str(repository.top)) is None
    monkeypatch.setenv("PATH", str(tmp_path / "nowhere"))
    assert await GitCheckouts().of(str(repository.top)) is None


async def test_asking_changes_nothing_and_opens_no_prompt(repository, tmp_path):
    os.utime(repository.top / "python/setup.py", (1, 1))  # git would like to write that down
    before = (repository.top / ".git/index").read_bytes()
    assert (await asked(repository)).clean
    assert (repository.top / ".git/index").read_bytes() == before
    assert not (tmp_path / "home" / "prompted").exists()


async def test_a_document_names_each_folder_as_its_readers_have_it(repository, tmp_path):
    work = Repository(tmp_path / "work")
    inside = work.write("libs/inner/setup.py", "").parent
    outside = repository.top / "python"
    packages = tuple(
        PypiPackage(name=name, version="1", source=LocalSource(path=str(path), editable=True))
        for name, path in (("inner", inside), ("outer", outside), ("plain", tmp_path))
    )
    before = replace_packages(packages)
    placing = Placing(GitCheckouts())
    home = Home(path="environment.yml", folder=str(work.top))
    made = (await placing.place(before, home)).environment
    lines = pip_lines(made.pypi, made.indexes).lines
    assert [line.text for line in lines if line.can_install] == [
        "-e ./libs/inner",
        f"-e git+{URL}@{repository.head()}#egg=outer&subdirectory=python",
    ]
    beside = await placing.place(before, Home(path="environment.yml", folder=str(inside)))
    assert beside.environment.pypi[0].source == LocalSource(
        path=str(inside), editable=True, written="."
    )
    nowhere = await placing.place(before, None)
    assert isinstance(nowhere.environment.pypi[1].source, VcsSource)
    older = (await placing.place(before, home, live=False)).environment
    assert [line.can_install for line in pip_lines(older.pypi, older.indexes).lines] == [
        *(True, False, False),
    ]
    plain = replace_packages(packages[2:])
    assert (await placing.place(plain, home)).environment is plain
    await placing.stop()


def replace_packages(packages: tuple[PypiPackage, ...]):
    return msgspec.structs.replace(environment(), pypi=packages)
