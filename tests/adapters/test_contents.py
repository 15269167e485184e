"""Files by way of real contents managers, sync and async, on a real disk."""

from __future__ import annotations

import asyncio
import errno
import gc
import logging
import os
import shutil
import subprocess
import tempfile
from hashlib import sha256
from pathlib import Path

import pytest
from jupyter_server.services.contents.largefilemanager import (
    AsyncLargeFileManager,
    LargeFileManager,
)
from jupyter_server.services.contents.manager import ContentsManager
from tornado.web import HTTPError

from jupyter_envsnap.adapters.contents import Contents
from jupyter_envsnap.core.errors import (
    SaveFailed,
    TargetChanged,
    TargetNoSpace,
    TargetNotText,
    TargetReadOnly,
    TargetRefused,
)

NAME = "environment.yml"
OLD, NEW = "a: 1\n", "a: 2\nb: ü\n"


def digest(content: str | bytes) -> str:
    return sha256(content.encode() if isinstance(content, str) else content).hexdigest()


@pytest.fixture
def root(tmp_path) -> Path:
    folder = tmp_path / "root"
    folder.mkdir()
    return folder


@pytest.fixture(params=[LargeFileManager, AsyncLargeFileManager])
def manager(request, root):
    return request.param(root_dir=str(root))


@pytest.fixture
def contents(manager) -> Contents:
    return Contents(manager)


# --- reading and writing ----------------------------------------------------------------------


async def test_a_new_file_is_written_as_utf8_with_line_feeds(contents, root):
    before = await contents.read(NAME)
    assert (before.text, before.digest) == (None, None)
    after = await contents.write(NAME, NEW, base_digest=None)
    assert (root / NAME).read_bytes() == NEW.encode()
    assert after == await contents.read(NAME)
    assert (after.path, after.text, after.digest) == (NAME, NEW, digest(NEW))
    assert after.real_path == str((root / NAME).resolve())
    assert [path.name for path in root.iterdir()] == [NAME]


@pytest.mark.parametrize("content", [b"a: 1\r\nb: 2\r\n", b"\xef\xbb\xbfa: 1\n", b"a", b"", b"\r"])
async def test_a_file_is_read_byte_for_byte_and_replaced(contents, root, content):
    (root / NAME).write_bytes(content)
    before = await contents.read(NAME)
    assert before.text.encode() == content
    assert before.digest == digest(content)
    await contents.write(NAME, NEW, base_digest=before.digest)
    assert (root / NAME).read_bytes() == NEW.encode()


async def test_the_contents_managers_hooks_run(manager, contents, root):
    manager.pre_save_hook = lambda model, **_: model.update(content=model["content"].upper())
    after = await contents.write(NAME, OLD, base_digest=None)
    assert after.digest == digest((root / NAME).read_bytes()) == digest(OLD.upper())


@pytest.mark.parametrize("base", [None, digest("another")])
async def test_a_file_that_moved_on_is_not_written(contents, root, base):
    (root / NAME).write_text(OLD)
    with pytest.raises(TargetChanged) as told:
        await contents.write(NAME, NEW, base_digest=base)
    assert told.value.detail["digest"] == digest(OLD)
    assert (root / NAME).read_text() == OLD


async def test_a_file_that_is_gone_is_not_written(contents, root):
    with pytest.raises(TargetChanged):
        await contents.write(NAME, NEW, base_digest=digest(OLD))
    assert not (root / NAME).exists()


async def test_of_two_writes_at_once_one_wins(contents, root):
    (root / "link.yml").symlink_to(NAME)
    (root / NAME).write_text(OLD)
    texts = [f"a: {number}\n" for number in range(2, 10)]
    paths = [NAME, "link.yml"] * 4
    replies = await asyncio.gather(
        *(
            contents.write(path, text, base_digest=digest(OLD))
            for path, text in zip(paths, texts, strict=True)
        ),
        return_exceptions=True,
    )
    won = [reply for reply in replies if not isinstance(reply, BaseException)]
    assert len(won) == 1
    assert won[0].text == (root / NAME).read_text()
    assert all(isinstance(reply, TargetChanged) for reply in replies if reply is not won[0])


# --- where nothing is written -----------------------------------------------------------------


async def refused(contents, path, error=TargetRefused):
    with pytest.raises(error) as at_read:
        await contents.read(path)
    with pytest.raises(error):
        await contents.write(path, NEW, base_digest=None)
    return at_read.value


PATHS = (
    "", "/etc/x.yml", "../x.yml", "a/../../x.yml", "x\0.yml", ".x.yml", ".git/x.yml", "folder.yml",
    "nowhere/x.yml", "file.yml/x.yml", "x.md", "x" * 300 + ".yml", "a/" * 2000 + "x.yml",
    "pipe.yml", "large.yml",
)  # fmt: skip


@pytest.mark.parametrize("path", PATHS, ids=lambda path: path[:20].replace("\0", "NUL"))
async def test_a_path_that_cannot_be_an_environment_file_is_refused(contents, root, path):
    (root / "folder.yml").mkdir()
    (root / "file.yml").write_text(OLD)
    (root / "a").mkdir()
    os.mkfifo(root / "pipe.yml")
    (root / "large.yml").write_bytes(b"a" * 1_000_001)
    before = sorted(root.parent.rglob("*"))
    await refused(contents, path)
    assert sorted(root.parent.rglob("*")) == before


@pytest.mark.parametrize("there", [True, False], ids=["there", "absent"])
@pytest.mark.parametrize("link", ["file", "folder", "deep folder", "relative", "chain"])
async def test_a_link_out_of_the_root_is_refused(contents, root, tmp_path, link, there):
    outside = tmp_path / "outside"
    (outside / "sub").mkdir(parents=True)
    for victim in (outside / NAME, outside / "sub" / NAME):
        if there:
            victim.write_text(OLD)
    path = NAME
    if link == "file":
        (root / NAME).symlink_to(outside / NAME)
    elif link == "relative":
        (root / NAME).symlink_to(f"../outside/{NAME}")
    elif link == "chain":
        (root / "between.yml").symlink_to(outside / NAME)
        (root / NAME).symlink_to("between.yml")
    else:
        (root / "link").symlink_to(outside)
        path = f"link/{NAME}" if link == "folder" else f"link/sub/{NAME}"
    told = await refused(contents, path)
    assert "leads out" in told.message
    assert [path.read_text() for path in outside.rglob("*.yml")] == ([OLD, OLD] if there else [])


async def test_a_folder_out_of_the_root_is_refused_even_where_it_leads_back(
    contents, root, tmp_path
):
    (tmp_path / "outside").mkdir()
    (root / NAME).write_text(OLD)
    (tmp_path / "outside" / NAME).symlink_to(root / NAME)
    (root / "link").symlink_to(tmp_path / "outside")
    told = await refused(contents, f"link/{NAME}")
    assert "leads out" in told.message


async def test_a_root_whose_name_begins_like_another_is_no_door(manager, root, tmp_path):
    (tmp_path / "root2").mkdir()
    (root / "link").symlink_to(tmp_path / "root2")
    await refused(Contents(manager), f"link/{NAME}")


@pytest.mark.parametrize("aim", [".git/x.yml", ".hidden.yml", "notes.md"])
async def test_a_link_to_what_may_not_be_written_is_refused(contents, root, aim):
    (root / ".git").mkdir()
    (root / aim).write_text(OLD)
    (root / NAME).symlink_to(aim)
    await refused(contents, NAME)
    assert (root / aim).read_text() == OLD


async def test_a_link_inside_the_root_is_followed(contents, root):
    (root / "envs").mkdir()
    (root / "envs/climate.yml").write_text(OLD)
    (root / NAME).symlink_to("envs/climate.yml")
    after = await contents.write(NAME, NEW, base_digest=digest(OLD))
    assert after.real_path == str((root / "envs/climate.yml").resolve())
    assert (root / NAME).is_symlink()
    assert (root / "envs/climate.yml").read_text() == NEW


async def test_a_link_in_a_circle_is_refused(contents, root):
    (root / NAME).symlink_to(NAME)
    await refused(contents, NAME)


async def test_a_root_that_is_a_link_is_no_link_out(root, tmp_path):
    (tmp_path / "alias").symlink_to(root)
    contents = Contents(LargeFileManager(root_dir=str(tmp_path / "alias")))
    after = await contents.write(NAME, NEW, base_digest=None)
    assert after.real_path == str((root / NAME).resolve())


async def test_hidden_files_are_written_where_the_server_shows_them(manager, contents, root):
    manager.allow_hidden = True
    (root / ".binder").mkdir()
    await contents.write(f".binder/{NAME}", NEW, base_digest=None)
    assert (root / ".binder" / NAME).read_text() == NEW


@pytest.mark.parametrize("content", [b"\xff\xfe", b"a: \xe9\n"])
async def test_a_file_that_is_no_text_is_not_replaced(contents, root, content):
    (root / NAME).write_bytes(content)
    await refused(contents, NAME, TargetNotText)
    assert (root / NAME).read_bytes() == content


# --- a disk that refuses ----------------------------------------------------------------------


@pytest.fixture
def as_nobody():
    """Run as a user whom permissions bind, also where the tests run as root."""
    if os.geteuid() == 0:
        os.setresuid(65534, 65534, 0)
        yield
        os.setresuid(0, 0, 0)
    else:
        yield


@pytest.fixture
def open_root():
    """A folder that every user can get to; pytest's own are closed."""
    folder = Path(tempfile.mkdtemp(dir="/tmp"))
    folder.chmod(0o755)
    yield folder
    folder.chmod(0o755)
    shutil.rmtree(folder)


@pytest.mark.parametrize("kind", [LargeFileManager, AsyncLargeFileManager])
@pytest.mark.parametrize("what", ["folder", "file"])
async def test_what_is_read_only_is_told(open_root, request, kind, what):
    (open_root / NAME).write_text(OLD)
    (open_root / NAME).chmod(0o444)
    open_root.chmod(0o555 if what == "folder" else 0o777)
    request.getfixturevalue("as_nobody")
    path, base = ("new.yml", None) if what == "folder" else (NAME, digest(OLD))
    with pytest.raises(TargetReadOnly):
        await Contents(kind(root_dir=str(open_root))).write(path, NEW, base_digest=base)
    assert (open_root / NAME).read_text() == OLD
    assert [path.name for path in open_root.iterdir()] == [NAME]


async def test_what_cannot_be_read_is_told(open_root, request):
    (open_root / NAME).write_text(OLD)
    (open_root / NAME).chmod(0o000)
    request.getfixturevalue("as_nobody")
    told = await refused(Contents(LargeFileManager(root_dir=str(open_root))), NAME)
    assert "cannot be read" in told.message


def failing(code, *, copies):
    """A manager whose disk fails after the file was emptied, as a full one does."""

    class Failing(LargeFileManager):
        def _save_file(self, os_path, content, _format):
            path = Path(os_path)
            if copies and path.exists():
                shutil.copy(path, path.with_name(f".~{path.name}"))
            path.write_text(content[:1])
            raise OSError(code, os.strerror(code), os_path)

    return Failing


@pytest.mark.parametrize("before", [None, OLD], ids=["new", "existing"])
@pytest.mark.parametrize(
    ("code", "error"),
    [
        (errno.ENOSPC, TargetNoSpace),
        (errno.EDQUOT, TargetNoSpace),
        (errno.EROFS, TargetReadOnly),
        (errno.EIO, SaveFailed),
    ],
)
@pytest.mark.parametrize("copies", [True, False], ids=["with a copy", "without a copy"])
async def test_a_write_that_fails_half_way_leaves_what_was_there(root, copies, code, error, before):
    if before:
        (root / NAME).write_text(before)
    contents = Contents(failing(code, copies=copies)(root_dir=str(root)))
    with pytest.raises(error):
        await contents.write(NAME, NEW, base_digest=digest(before) if before else None)
    assert [path.read_text() for path in root.iterdir()] == ([before] if before else [])


@pytest.fixture(params=[None, OLD], ids=["new", "existing"])
def read_only(root, request):
    """What is in the file, if there is one; its folder is mounted read-only."""
    if os.geteuid() != 0:
        pytest.skip("only root can mount")
    if request.param:
        (root / NAME).write_text(request.param)
    for options in (["--bind", root, root], ["-o", "remount,ro,bind", root]):
        if subprocess.run(["mount", *options], capture_output=True, check=False).returncode:
            pytest.skip("this root may not mount")
    yield request.param
    subprocess.run(["umount", "--lazy", root], check=True)


async def test_a_read_only_mount_is_told(root, read_only):
    contents = Contents(LargeFileManager(root_dir=str(root)))
    with pytest.raises(TargetReadOnly):
        await contents.write(NAME, NEW, base_digest=digest(read_only) if read_only else None)


@pytest.fixture
def small_disk(root, monkeypatch):
    """The root on a disk of sixteen pages."""
    if os.geteuid() != 0:
        pytest.skip("only root can mount a small disk")
    options = ["-t", "tmpfs", "-o", "size=64k", "tmpfs"]
    if subprocess.run(["mount", *options, root], capture_output=True, check=False).returncode:
        pytest.skip("this root may not mount")
    # A logged error would hold the file open that jupyter_server leaves open.
    monkeypatch.setattr(logging.getLogger("quiet"), "disabled", True)
    yield root
    gc.collect()
    subprocess.run(["umount", "--lazy", root], check=True)


@pytest.mark.parametrize("kind", [LargeFileManager, AsyncLargeFileManager])
@pytest.mark.parametrize("before", [None, "b: 1\n" * 100], ids=["new", "existing"])
@pytest.mark.filterwarnings(  # where its flush fails, jupyter_server leaves the file open
    "ignore::pytest.PytestUnraisableExceptionWarning"
)
@pytest.mark.parametrize(("free", "lines"), [(0, 10), (0, 20_000), (1, 20_000)])
async def test_a_full_disk_is_told_and_leaves_what_was_there(small_disk, kind, before, free, lines):
    if before:
        (small_disk / NAME).write_text(before)
    pages = 16 - free - bool(before)
    (small_disk / "ballast").write_bytes(b"x" * 4096 * pages)
    quiet = logging.getLogger("quiet")
    contents = Contents(kind(root_dir=str(small_disk), log=quiet))
    with pytest.raises(TargetNoSpace):
        await contents.write(NAME, "a: 1\n" * lines, base_digest=digest(before) if before else None)
    left = {path.name: path.read_bytes() for path in small_disk.iterdir()}
    assert left.pop("ballast") == b"x" * 4096 * pages
    assert left == ({NAME: before.encode()} if before else {})


@pytest.mark.parametrize(("status", "error"), [(409, SaveFailed), (403, TargetRefused)])
async def test_a_hook_that_forbids_the_save_is_told_in_its_words(
    manager, contents, root, status, error
):
    def forbid(**_):
        raise HTTPError(status, "no saving on Sundays")

    manager.pre_save_hook = forbid
    (root / NAME).write_text(OLD)
    with pytest.raises(error, match="no saving on Sundays"):
        await contents.write(NAME, NEW, base_digest=digest(OLD))
    assert (root / NAME).read_text() == OLD


async def test_a_hook_that_fails_after_the_save_takes_it_back(manager, contents, root):
    def fail(**_):
        raise RuntimeError

    manager.post_save_hook = fail
    (root / NAME).write_text(OLD)
    with pytest.raises(SaveFailed):
        await contents.write(NAME, NEW, base_digest=digest(OLD))
    assert (root / NAME).read_text() == OLD


# --- a contents manager without a disk --------------------------------------------------------


class Elsewhere(ContentsManager):
    """Keeps its files in memory, as managers of object stores keep theirs remote."""

    def __init__(self) -> None:
        super().__init__()
        self.files: dict[str, str] = {}
        self.folders = {"", "a"}

    def dir_exists(self, path):
        return path in self.folders

    async def file_exists(self, path):
        return path in self.files

    def is_hidden(self, _path):
        return False

    async def get(self, path, content=True, type=None, format=None):
        assert (content, type, format) == (True, "file", "text")
        if self.files[path].startswith("binary"):
            raise HTTPError(400, "not text")
        return {"type": "file", "format": "text", "content": self.files[path]}

    async def save(self, model, path):
        self.files[path] = model["content"]
        return model


async def test_a_manager_without_a_disk_is_read_and_written():
    manager = Elsewhere()
    contents = Contents(manager)
    assert (await contents.read(NAME)).text is None
    after = await contents.write(NAME, NEW, base_digest=None)
    assert (after.text, after.digest, after.real_path) == (NEW, digest(NEW), None)
    assert manager.files == {NAME: NEW}
    with pytest.raises(TargetChanged):
        await contents.write(NAME, OLD, base_digest=None)


@pytest.mark.parametrize("path", ["a", "b/environment.yml", "../x.yml", ".x.yml", "folder.yml"])
async def test_a_manager_without_a_disk_is_guarded_too(path):
    manager = Elsewhere()
    manager.folders.add("folder.yml")
    await refused(Contents(manager), path)
    assert manager.files == {}


async def test_a_manager_without_a_disk_tells_what_is_no_text():
    manager = Elsewhere()
    manager.files[NAME] = "binary"
    await refused(Contents(manager), NAME, TargetNotText)


@pytest.mark.parametrize(
    ("there", "path"),
    [
        ([], "a/environment.yml"),
        (["a/environment.yaml"], "a/environment.yaml"),
        (["a/environment.yml", "a/binder/environment.yml"], "a/binder/environment.yml"),
        (["environment.yml"], "a/environment.yml"),
    ],
)
async def test_a_manager_without_a_disk_keeps_to_the_notebooks_folder(there, path):
    manager = Elsewhere()
    manager.files = dict.fromkeys(there, OLD)
    assert await Contents(manager).environment_file("a/n.ipynb") == path


# --- which file belongs to a notebook ---------------------------------------------------------

RULE = {
    "none: at the top": (
        "repo/.git/ repo/a/b/",
        "repo/a/b/n.ipynb",
        "repo/environment.yml",
    ),
    "the nearest": (
        "repo/.git/ repo/environment.yml repo/a/environment.yml repo/a/b/",
        "repo/a/b/n.ipynb",
        "repo/a/environment.yml",
    ),
    "at the top": (
        "repo/.git/ repo/environment.yaml repo/a/",
        "repo/a/n.ipynb",
        "repo/environment.yaml",
    ),
    "yml before yaml": (
        "repo/.git/ repo/environment.yaml repo/environment.yml",
        "repo/n.ipynb",
        "repo/environment.yml",
    ),
    "binder first": (
        "repo/.git/ repo/environment.yml repo/binder/environment.yml",
        "repo/n.ipynb",
        "repo/binder/environment.yml",
    ),
    "binder without one": (
        "repo/.git/ repo/environment.yml repo/binder/",
        "repo/n.ipynb",
        "repo/environment.yml",
    ),
    "binder is not nearer": (
        "repo/.git/ repo/binder/environment.yml repo/a/environment.yml",
        "repo/a/n.ipynb",
        "repo/a/environment.yml",
    ),
    "hidden binder is closed": (
        "repo/.git/ repo/environment.yml repo/.binder/environment.yml",
        "repo/n.ipynb",
        "repo/environment.yml",
    ),
    "not above the repository": (
        "environment.yml repo/.git/ repo/a/",
        "repo/a/n.ipynb",
        "repo/environment.yml",
    ),
    "a worktree or submodule": (
        "repo/.git/ repo/environment.yml repo/sub/.git",
        "repo/sub/n.ipynb",
        "repo/sub/environment.yml",
    ),
    "no repository": (
        "environment.yml a/",
        "a/n.ipynb",
        "a/environment.yml",
    ),
    "no repository, one there": (
        "a/environment.yaml",
        "a/n.ipynb",
        "a/environment.yaml",
    ),
    "a folder is no file": (
        "repo/.git/ repo/environment.yml/ repo/environment.yaml",
        "repo/n.ipynb",
        "repo/environment.yaml",
    ),
    "no notebook": (
        "a/",
        None,
        "environment.yml",
    ),
    "the root is the top": (
        ".git/ a/",
        "a/n.ipynb",
        "environment.yml",
    ),
    "a folder that is gone": (
        "repo/.git/ repo/environment.yml",
        "repo/gone/deep/n.ipynb",
        "repo/environment.yml",
    ),
    "a made-up path": (
        "a/",
        "../../etc/n.ipynb",
        "environment.yml",
    ),
    "a made-up name": (
        "a/",
        "a\x00/\ud800/n.ipynb",
        "environment.yml",
    ),
    "a console": (
        "repo/.git/ repo/a/",
        "repo/a/console-1-0f3c",
        "repo/environment.yml",
    ),
}


def lay_out(root: Path, listed: str) -> None:
    for path in listed.split():
        place = root / path
        if path.endswith("/"):
            place.mkdir(parents=True, exist_ok=True)
        else:
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_text(OLD)


@pytest.mark.parametrize(("there", "notebook", "path"), RULE.values(), ids=RULE)
async def test_the_environment_file_of_a_notebook(contents, root, there, notebook, path):
    lay_out(root, there)
    assert await contents.environment_file(notebook) == path


async def test_the_hidden_binder_folder_is_used_where_the_server_shows_it(manager, contents, root):
    manager.allow_hidden = True
    lay_out(root, ".git/ environment.yml .binder/environment.yml")
    assert await contents.environment_file("n.ipynb") == ".binder/environment.yml"


async def test_a_repository_that_begins_above_the_root_ends_at_it(contents, root):
    (root.parent / ".git").mkdir()
    (root.parent / NAME).write_text(OLD)
    lay_out(root, "a/")
    assert await contents.environment_file("a/n.ipynb") == NAME


async def test_an_environment_file_outside_the_root_is_passed_over(contents, root, tmp_path):
    (tmp_path / NAME).write_text(OLD)
    lay_out(root, ".git/ a/")
    (root / "a" / NAME).symlink_to(tmp_path / NAME)
    assert await contents.environment_file("a/n.ipynb") == NAME
