"""How a save goes, step by step: whole for every reader, and never over what somebody else did."""

from __future__ import annotations

import os
import shutil
import stat
import subprocess
import tempfile
import threading
from base64 import encodebytes
from hashlib import sha256
from pathlib import Path

import pytest
from jupyter_server.services.contents.filemanager import (
    AsyncFileContentsManager,
    FileContentsManager,
)
from jupyter_server.services.contents.largefilemanager import (
    AsyncLargeFileManager,
    LargeFileManager,
)
from jupyter_server.services.contents.manager import ContentsManager
from jupyter_server.utils import ensure_async
from tornado.web import HTTPError

from jupyter_envsnap.adapters import replacing
from jupyter_envsnap.adapters.contents import Contents
from jupyter_envsnap.core.errors import (
    SaveFailed,
    TargetChanged,
    TargetNoSpace,
    TargetReadOnly,
    TargetRefused,
)

NAME = "environment.yml"
OLD, NEW, OTHERS = "a: 1\n", "a: 2\nb: ü\n", "mine: 1\n"


def digest(content: str) -> str:
    return sha256(content.encode()).hexdigest()


def left(folder: Path) -> dict[str, str]:
    """What lies in a folder and below, links by where they lead."""
    return {
        path.relative_to(folder).as_posix(): (
            f"-> {path.readlink()}" if path.is_symlink() else path.read_text()
        )
        for path in sorted(folder.rglob("*"))
        if path.is_symlink() or path.is_file()
    }


@pytest.fixture
def root(tmp_path) -> Path:
    folder = tmp_path / "root"
    folder.mkdir()
    return folder


MANAGERS = (
    LargeFileManager, AsyncLargeFileManager, FileContentsManager, AsyncFileContentsManager,
)  # fmt: skip


@pytest.fixture(params=MANAGERS)
def manager(request, root) -> ContentsManager:
    return request.param(root_dir=str(root))


@pytest.fixture
def contents(manager) -> Contents:
    return Contents(manager)


@pytest.fixture(params=[None, OLD], ids=["new", "existing"])
def before(request, root) -> str | None:
    """What is in the file, if there is one."""
    if request.param:
        (root / NAME).write_text(request.param)
    return request.param


def base(before: str | None) -> str | None:
    return digest(before) if before else None


# --- as a reader sees it ----------------------------------------------------------------------


async def test_a_reader_sees_the_old_text_or_the_new_one_and_never_a_part(contents, root):
    texts = [letter * 200_000 for letter in "ab"]
    seen: set[str] = set()
    reads, done = 0, threading.Event()
    (root / NAME).write_text(texts[0])

    def read() -> None:
        nonlocal reads
        while not done.is_set():
            seen.add((root / NAME).read_text())
            reads += 1

    reader = threading.Thread(target=read)
    reader.start()
    try:
        for number in range(60):
            old, new = texts[number % 2], texts[(number + 1) % 2]
            await contents.write(NAME, new, base_digest=digest(old))
    finally:
        done.set()
        reader.join()
    assert reads > 60
    assert seen == set(texts)


async def test_a_new_file_appears_whole(contents, root):
    text = "a" * 500_000
    seen: set[int] = set()
    done = threading.Event()

    def look() -> None:
        while not done.is_set():
            for path in root.glob("*.yml"):
                seen.add(path.stat().st_size)

    looker = threading.Thread(target=look)
    looker.start()
    try:
        for number in range(40):
            await contents.write(f"{number}.yml", text, base_digest=None)
    finally:
        done.set()
        looker.join()
    assert seen == {len(text)}


# --- what the file keeps ----------------------------------------------------------------------


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
    folder.chmod(0o777)
    yield folder
    folder.chmod(0o755)
    shutil.rmtree(folder)


needs_root = pytest.mark.skipif(os.geteuid() != 0, reason="to have files of two users takes root")


@pytest.mark.parametrize("mode", [0o600, 0o640, 0o666, 0o755])
async def test_a_file_keeps_its_permissions(contents, root, mode):
    (root / NAME).write_text(OLD)
    (root / NAME).chmod(mode)
    await contents.write(NAME, NEW, base_digest=digest(OLD))
    assert stat.S_IMODE((root / NAME).stat().st_mode) == mode


@pytest.mark.parametrize(("umask", "mode"), [(0o022, 0o644), (0o077, 0o600), (0o002, 0o664)])
async def test_a_new_file_has_the_permissions_that_the_umask_leaves(contents, root, umask, mode):
    old = os.umask(umask)
    try:
        await contents.write(NAME, NEW, base_digest=None)
    finally:
        os.umask(old)
    assert stat.S_IMODE((root / NAME).stat().st_mode) == mode


@needs_root
async def test_a_file_keeps_its_owner_and_group(contents, root):
    (root / NAME).write_text(OLD)
    os.chown(root / NAME, 65534, 12345)
    await contents.write(NAME, NEW, base_digest=digest(OLD))
    status = (root / NAME).stat()
    assert (status.st_uid, status.st_gid) == (65534, 12345)


@needs_root
@pytest.mark.parametrize("kind", MANAGERS)
async def test_a_file_of_somebody_else_stays_theirs(open_root, request, kind):
    (open_root / NAME).write_text(OLD)
    (open_root / NAME).chmod(0o666)
    request.getfixturevalue("as_nobody")
    await Contents(kind(root_dir=str(open_root))).write(NAME, NEW, base_digest=digest(OLD))
    assert (open_root / NAME).stat().st_uid == 0
    assert left(open_root) == {NAME: NEW}


async def test_a_file_keeps_its_extended_attributes(contents, root):
    (root / NAME).write_text(OLD)
    try:
        os.setxattr(root / NAME, "user.origin", b"here")
    except (AttributeError, OSError):
        pytest.skip("needs a file system with extended attributes")
    await contents.write(NAME, NEW, base_digest=digest(OLD))
    assert os.getxattr(root / NAME, "user.origin") == b"here"


async def test_a_file_with_two_names_keeps_both(contents, root):
    (root / NAME).write_text(OLD)
    (root / "twin.yml").hardlink_to(root / NAME)
    await contents.write(NAME, NEW, base_digest=digest(OLD))
    assert left(root) == {NAME: NEW, "twin.yml": NEW}
    assert (root / NAME).samefile(root / "twin.yml")


async def test_a_link_that_comes_before_a_write_in_place_is_not_followed(
    contents, root, tmp_path, monkeypatch
):
    victim = tmp_path / "victim.yml"
    victim.write_text(OLD)
    (root / NAME).write_text(OLD)
    (root / "twin.yml").hardlink_to(root / NAME)
    overwrite = replacing._overwrite

    def late(place, content, base_digest):
        (root / NAME).unlink()
        (root / NAME).symlink_to(victim)
        overwrite(place, content, base_digest)

    monkeypatch.setattr(replacing, "_overwrite", late)
    with pytest.raises(TargetChanged):
        await contents.write(NAME, NEW, base_digest=digest(OLD))
    assert victim.read_text() == OLD
    assert (root / "twin.yml").read_text() == OLD


@pytest.mark.parametrize("kind", MANAGERS)
async def test_a_file_that_is_open_in_a_folder_that_is_not_is_saved(open_root, request, kind):
    (open_root / NAME).write_text(OLD)
    (open_root / NAME).chmod(0o666)
    open_root.chmod(0o555)
    request.getfixturevalue("as_nobody")
    await Contents(kind(root_dir=str(open_root))).write(NAME, NEW, base_digest=digest(OLD))
    assert left(open_root) == {NAME: NEW}


@pytest.mark.parametrize("kind", MANAGERS)
async def test_a_folder_that_may_be_entered_need_not_be_listed(open_root, request, kind):
    (open_root / "drop").mkdir(mode=0o777)
    (open_root / "drop").chmod(0o333)
    request.getfixturevalue("as_nobody")
    contents = Contents(kind(root_dir=str(open_root)))
    await contents.write(f"drop/{NAME}", OLD, base_digest=None)
    await contents.write(f"drop/{NAME}", NEW, base_digest=digest(OLD))
    assert (open_root / "drop" / NAME).read_text() == NEW


@pytest.fixture
def mounted(root, tmp_path):
    """A file on which another one is mounted, as containers have them."""
    (root / NAME).touch()
    there = tmp_path / "mounted.yml"
    there.write_text(OLD)
    mount = ["mount", "--bind", there, root / NAME]
    if os.geteuid() != 0 or subprocess.run(mount, capture_output=True, check=False).returncode:
        pytest.skip("to mount a file takes root and the right to mount")
    yield there
    subprocess.run(["umount", "--lazy", root / NAME], check=True)


async def test_a_mounted_file_is_saved_where_it_is(contents, root, mounted):
    await contents.write(NAME, NEW, base_digest=digest(OLD))
    assert left(root) == {NAME: NEW}
    assert mounted.read_text() == NEW


# --- links ------------------------------------------------------------------------------------


async def test_a_linked_folder_inside_the_root_is_followed(contents, root):
    (root / "real").mkdir()
    (root / "link").symlink_to("real")
    after = await contents.write(f"link/{NAME}", NEW, base_digest=None)
    assert after.real_path == str((root / "real" / NAME).resolve())
    assert left(root) == {"link": "-> real", f"real/{NAME}": NEW}


async def test_a_dangling_link_inside_the_root_gets_its_file(contents, root):
    (root / "envs").mkdir()
    (root / NAME).symlink_to("envs/climate.yml")
    assert (await contents.read(NAME)).text is None
    await contents.write(NAME, NEW, base_digest=None)
    assert left(root) == {NAME: "-> envs/climate.yml", "envs/climate.yml": NEW}


async def test_a_dangling_link_into_no_folder_is_refused(contents, root):
    (root / NAME).symlink_to("nowhere/climate.yml")
    with pytest.raises(TargetRefused, match="no folder"):
        await contents.write(NAME, NEW, base_digest=None)
    assert left(root) == {NAME: "-> nowhere/climate.yml"}


# --- what happens between the last look and the write -----------------------------------------


def meanwhile(manager, act) -> None:
    """Let something happen after the file was looked at: hooks run right before the write."""
    manager.pre_save_hook = lambda **_: act()


def somebody_writes(root, _outside):
    (root / NAME).write_text(OTHERS)


def somebody_writes_another_file(root, _outside):
    (root / "new").write_text(OTHERS)
    (root / "new").replace(root / NAME)


def somebody_deletes(root, _outside):
    (root / NAME).unlink()


def somebody_links_out(root, outside):
    (root / NAME).unlink(missing_ok=True)
    (root / NAME).symlink_to(outside / NAME)


def somebody_links_inside(root, _outside):
    (root / "inside.yml").write_text(OLD)
    (root / NAME).unlink(missing_ok=True)
    (root / NAME).symlink_to("inside.yml")


def somebody_makes_a_folder(root, _outside):
    (root / NAME).unlink(missing_ok=True)
    (root / NAME).mkdir()


def somebody_makes_a_pipe(root, _outside):
    (root / NAME).unlink(missing_ok=True)
    os.mkfifo(root / NAME)


CHANGES = (
    somebody_writes, somebody_writes_another_file, somebody_deletes, somebody_links_out,
    somebody_links_inside, somebody_makes_a_folder, somebody_makes_a_pipe,
)  # fmt: skip


@pytest.mark.parametrize("change", CHANGES)
async def test_what_somebody_does_at_the_last_moment_stays(  # noqa: PLR0917
    manager, contents, root, tmp_path, before, change
):
    if before is None and change is somebody_deletes:
        return
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / NAME).write_text(OLD)
    after: list[dict[str, str]] = []

    def act() -> None:
        change(root, outside)
        after.append(left(tmp_path))

    meanwhile(manager, act)
    with pytest.raises(TargetChanged):
        await contents.write(NAME, NEW, base_digest=base(before))
    assert [left(tmp_path)] == after


@pytest.mark.parametrize("where", ["outside", "root/inside"])
@pytest.mark.parametrize("deep", ["a", "a/b"])
async def test_a_folder_that_becomes_a_link_at_the_last_moment_leads_nowhere(  # noqa: PLR0917
    manager, contents, root, tmp_path, where, deep
):
    (root / "a/b").mkdir(parents=True)
    for folder in (root / "a/b", tmp_path / where, tmp_path / where / "b"):
        folder.mkdir(parents=True, exist_ok=True)
        (folder / NAME).write_text(OLD)

    def act() -> None:
        (root / deep).rename(root / "moved")
        (root / deep).symlink_to(tmp_path / where / Path(deep).relative_to("a"))

    meanwhile(manager, act)
    with pytest.raises(TargetChanged):
        await contents.write(f"a/b/{NAME}", NEW, base_digest=digest(OLD))
    assert NEW not in left(tmp_path).values()
    assert not [path for path in tmp_path.rglob("*") if path.name.startswith(".")]


# --- hooks and events -------------------------------------------------------------------------


def watched(manager) -> list[tuple[object, ...]]:
    """What a manager does around a save, in its order."""
    seen: list[tuple[object, ...]] = []
    volatile = {"last_modified", "created"}

    def before(*, model, path, contents_manager):
        seen.append(("before", dict(model), path, contents_manager is manager))

    def after(*, model, os_path, contents_manager):
        told = {key: value for key, value in model.items() if key not in volatile}
        seen.append(("after", told, os_path, contents_manager is manager))

    manager.pre_save_hook, manager.post_save_hook = before, after
    manager.register_pre_save_hook(lambda **_: seen.append(("registered before",)))
    manager.register_post_save_hook(lambda **_: seen.append(("registered after",)))
    manager.emit = lambda data: seen.append(("emitted", data))
    return seen


@pytest.mark.parametrize("path", [NAME, f"link/{NAME}"])
async def test_hooks_and_events_are_those_of_the_managers_own_save(manager, root, path):
    (root / "real").mkdir()
    (root / "link").symlink_to("real")
    seen = watched(manager)
    model = {"type": "file", "format": "text", "content": NEW}
    await ensure_async(manager.save(model, path))
    own = seen.copy()
    (root / path).write_text(OLD)
    seen.clear()
    await Contents(manager).write(path, NEW, base_digest=digest(OLD))
    assert seen == own
    assert {name for name, *_ in seen} == {
        "before", "registered before", "after", "registered after", "emitted",
    }  # fmt: skip


async def test_a_checkpoint_is_made_and_restored_as_before(manager, contents, root):
    (root / NAME).write_text(OLD)
    checkpoint = await ensure_async(manager.create_checkpoint(NAME))
    await contents.write(NAME, NEW, base_digest=digest(OLD))
    await ensure_async(manager.restore_checkpoint(checkpoint["id"], NAME))
    assert (root / NAME).read_text() == OLD


async def test_a_hook_that_breaks_before_the_save_does_not_stop_it(manager, contents, root, before):
    def broken(**_):
        raise RuntimeError

    manager.pre_save_hook = broken
    await contents.write(NAME, NEW, base_digest=base(before))
    assert left(root) == {NAME: NEW}


async def test_a_hook_that_forbids_the_save_leaves_what_was_there(manager, contents, root, before):
    def forbid(**_):
        raise HTTPError(409, "no saving on Sundays")

    manager.pre_save_hook = forbid
    with pytest.raises(SaveFailed, match="no saving on Sundays"):
        await contents.write(NAME, NEW, base_digest=base(before))
    assert left(root) == ({NAME: before} if before else {})


async def test_a_hook_that_forbids_it_while_somebody_writes_leaves_what_they_wrote(
    manager, contents, root, before
):
    def forbid(**_):
        (root / NAME).write_text(OTHERS)
        raise HTTPError(409, "no saving on Sundays")

    manager.pre_save_hook = forbid
    with pytest.raises(SaveFailed):
        await contents.write(NAME, NEW, base_digest=base(before))
    assert left(root) == {NAME: OTHERS}


@pytest.mark.parametrize("twin", [False, True], ids=["by a rename", "in place"])
async def test_a_hook_that_breaks_after_the_save_takes_it_back(
    manager, contents, root, before, twin
):
    def broken(**_):
        raise RuntimeError

    if before and twin:
        (root / "twin.yml").hardlink_to(root / NAME)
    manager.post_save_hook = broken
    was = left(root)
    with pytest.raises(SaveFailed):
        await contents.write(NAME, NEW, base_digest=base(before))
    assert left(root) == was


async def test_a_hook_that_breaks_while_somebody_writes_leaves_what_they_wrote(
    manager, contents, root, before
):
    def broken(**_):
        (root / NAME).write_text(OTHERS)
        raise RuntimeError

    manager.post_save_hook = broken
    with pytest.raises(SaveFailed):
        await contents.write(NAME, NEW, base_digest=base(before))
    assert left(root) == {NAME: OTHERS}


async def test_a_hook_may_write_the_text_in_another_form(manager, contents, root, before):
    def encode(*, model, **_):
        model.update(format="base64", content=encodebytes(model["content"].encode()).decode())

    manager.pre_save_hook = encode
    await contents.write(NAME, NEW, base_digest=base(before))
    assert left(root) == {NAME: NEW}


async def test_a_hook_that_makes_it_no_file_is_told(manager, contents, root, before):
    manager.pre_save_hook = lambda *, model, **_: model.update(type="notebook")
    with pytest.raises(SaveFailed, match="another kind of file"):
        await contents.write(NAME, NEW, base_digest=base(before))
    assert left(root) == ({NAME: before} if before else {})


# --- managers that are not known from inside --------------------------------------------------


def with_a_save_of_its_own(kind):
    class Own(kind):
        saved = 0

        def save(self, model, path=""):
            self.saved += 1
            return super().save(model, path)

    return Own


def with_a_way_to_write_of_its_own(kind):
    class Own(kind):
        saved = 0

        def _save_file(self, os_path, content, format):
            self.saved += 1
            return super()._save_file(os_path, content, format)

    return Own


@pytest.mark.parametrize("kind", MANAGERS)
@pytest.mark.parametrize("own", [with_a_save_of_its_own, with_a_way_to_write_of_its_own])
async def test_a_managers_own_way_is_taken_once(root, before, kind, own):
    manager = own(kind)(root_dir=str(root))
    await Contents(manager).write(NAME, NEW, base_digest=base(before))
    assert manager.saved == 1
    assert left(root) == {NAME: NEW}


async def test_a_save_that_was_put_onto_the_manager_is_taken(manager, contents, root):
    asked = []
    own = manager.save
    manager.save = lambda model, path: (asked.append(path), own(model, path))[1]
    await contents.write(NAME, NEW, base_digest=None)
    assert asked == [NAME]
    assert left(root) == {NAME: NEW}


async def test_where_renaming_is_switched_off_nothing_is_renamed(manager, contents, root):
    manager.use_atomic_writing = False
    (root / NAME).write_text(OLD)
    inode = (root / NAME).stat().st_ino
    await contents.write(NAME, NEW, base_digest=digest(OLD))
    assert (root / NAME).stat().st_ino == inode
    assert left(root) == {NAME: NEW}


# --- a disk that refuses ----------------------------------------------------------------------


@pytest.mark.parametrize("kind", MANAGERS)
async def test_a_read_only_file_is_not_replaced_by_another(open_root, request, kind):
    request.getfixturevalue("as_nobody")
    (open_root / NAME).write_text(OLD)
    (open_root / NAME).chmod(0o444)
    with pytest.raises(TargetReadOnly):
        await Contents(kind(root_dir=str(open_root))).write(NAME, NEW, base_digest=digest(OLD))
    assert left(open_root) == {NAME: OLD}


@pytest.fixture
def small_disk(root):
    """The root on a disk of sixteen pages."""
    mount = ["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", root]
    if os.geteuid() != 0 or subprocess.run(mount, capture_output=True, check=False).returncode:
        pytest.skip("to have a small disk takes root and the right to mount")
    yield root
    subprocess.run(["umount", "--lazy", root], check=True)


@pytest.mark.parametrize("free", [0, 1, 3])
@pytest.mark.parametrize("twin", [False, True], ids=["by a rename", "in place"])
async def test_a_full_disk_leaves_what_was_there(small_disk, manager, twin, free):
    (small_disk / NAME).write_text(OLD)
    if twin:
        (small_disk / "twin.yml").hardlink_to(small_disk / NAME)
    (small_disk / "ballast").write_bytes(b"x" * 4096 * (15 - free))
    was = left(small_disk)
    with pytest.raises(TargetNoSpace):
        await Contents(manager).write(NAME, NEW * 20_000, base_digest=digest(OLD))
    assert left(small_disk) == was
