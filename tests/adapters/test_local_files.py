"""Files by a shell's path, on a real disk."""

from __future__ import annotations

import asyncio
import os
import shutil
import subprocess
import tempfile
from contextlib import suppress
from hashlib import sha256
from pathlib import Path

import pytest

from jupyter_envsnap.adapters.local_files import LocalFiles
from jupyter_envsnap.core.errors import (
    TargetChanged,
    TargetNoSpace,
    TargetReadOnly,
    TargetRefused,
)

NAME = "environment.yml"
OLD, NEW = "a: 1\n", "a: 2\nb: ü\n"


def digest(content: str) -> str:
    return sha256(content.encode()).hexdigest()


def left(folder: Path) -> dict[str, str]:
    return {path.name: path.read_text() for path in folder.iterdir()}


@pytest.fixture
def files() -> LocalFiles:
    return LocalFiles()


@pytest.fixture
def file(tmp_path) -> Path:
    place = tmp_path / "folder" / NAME
    place.parent.mkdir()
    place.write_text(OLD)
    return place


async def test_a_file_is_read_and_replaced(files, file):
    before = await files.read(str(file))
    assert (before.text, before.digest, before.real_path) == (OLD, digest(OLD), str(file.resolve()))
    after = await files.write(str(file), NEW, base_digest=digest(OLD))
    assert after == await files.read(str(file))
    assert left(file.parent) == {NAME: NEW}


async def test_a_file_that_is_not_there_has_no_text(files, file):
    path = str(file.with_name("new.yml"))
    assert (await files.read(path)).text is None
    await files.write(path, NEW, base_digest=None)
    assert left(file.parent) == {NAME: OLD, "new.yml": NEW}


@pytest.mark.parametrize("base", [None, digest("another")])
async def test_a_file_that_moved_on_is_not_written(files, file, base):
    with pytest.raises(TargetChanged):
        await files.write(str(file), NEW, base_digest=base)
    assert left(file.parent) == {NAME: OLD}


async def test_a_file_with_two_names_that_moved_on_is_not_written(files, file):
    file.with_name("twin.yml").hardlink_to(file)
    with pytest.raises(TargetChanged):
        await files.write(str(file), NEW, base_digest=digest("another"))
    await files.write(str(file), NEW, base_digest=digest(OLD))
    assert left(file.parent) == {NAME: NEW, "twin.yml": NEW}


def until_it_writes(folder: Path, writing: asyncio.Future) -> None:
    while not writing.done() and not list(folder.glob(".~*")):
        pass


async def test_a_write_that_is_cancelled_is_over_when_that_is_told(files, file):
    cancelled = 0
    for _ in range(20):
        file.write_text(OLD)
        writing = asyncio.ensure_future(
            files.write(str(file), NEW * 50_000, base_digest=digest(OLD))
        )
        await asyncio.to_thread(until_it_writes, file.parent, writing)
        cancelled += writing.cancel()
        with suppress(asyncio.CancelledError):
            await writing
        assert left(file.parent) == {NAME: NEW * 50_000}
    assert cancelled


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
def open_folder():
    """A folder that every user can get to; pytest's own are closed."""
    folder = Path(tempfile.mkdtemp(dir="/tmp"))
    folder.chmod(0o777)
    yield folder
    for path in (folder, *folder.iterdir()):
        path.chmod(0o755)
    shutil.rmtree(folder)


async def test_a_read_only_file_is_told(files, open_folder, request):
    request.getfixturevalue("as_nobody")
    (open_folder / NAME).write_text(OLD)
    (open_folder / NAME).chmod(0o444)
    with pytest.raises(TargetReadOnly):
        await files.write(str(open_folder / NAME), NEW, base_digest=digest(OLD))
    assert left(open_folder) == {NAME: OLD}


async def test_a_read_only_folder_is_told(files, open_folder, request):
    open_folder.chmod(0o555)
    request.getfixturevalue("as_nobody")
    with pytest.raises(TargetReadOnly):
        await files.write(str(open_folder / NAME), NEW, base_digest=None)
    assert left(open_folder) == {}


async def test_a_folder_that_may_not_be_entered_is_told(files, open_folder, request):
    (open_folder / "closed").mkdir()
    (open_folder / "closed").chmod(0)
    request.getfixturevalue("as_nobody")
    with pytest.raises(TargetRefused, match="cannot be read"):
        await files.read(str(open_folder / "closed" / NAME))


@pytest.fixture
def small_disk(tmp_path):
    """A disk of sixteen pages, one of them free."""
    disk = tmp_path / "disk"
    disk.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", disk]
    if os.geteuid() != 0 or subprocess.run(mount, capture_output=True, check=False).returncode:
        pytest.skip("to have a small disk takes root and the right to mount")
    (disk / NAME).write_text(OLD)
    (disk / "ballast").write_bytes(b"x" * 4096 * 14)
    yield disk
    subprocess.run(["umount", "--lazy", disk], check=True)


@pytest.mark.parametrize("twin", [False, True], ids=["by a rename", "in place"])
async def test_a_full_disk_leaves_what_was_there(files, small_disk, twin):
    if twin:
        (small_disk / "twin.yml").hardlink_to(small_disk / NAME)
    was = left(small_disk)
    with pytest.raises(TargetNoSpace):
        await files.write(str(small_disk / NAME), NEW * 20_000, base_digest=digest(OLD))
    with pytest.raises(TargetNoSpace):
        await files.write(str(small_disk / "new.yml"), NEW * 20_000, base_digest=None)
    assert left(small_disk) == was
