from __future__ import annotations

import asyncio
import os
import subprocess
import sys
import time
import venv
from pathlib import Path

import msgspec
import pytest

from jupyter_envsnap.adapters import (
    conda_meta,
    interpreters,
    prefix_files,
    prefix_reading,
    prefix_state,
    site_packages,
)
from jupyter_envsnap.adapters.environments import PrefixReader, platform_of_this_machine
from jupyter_envsnap.core import conda_history
from jupyter_envsnap.core import findings as codes
from jupyter_envsnap.core.documents import write
from jupyter_envsnap.core.errors import (
    NotAnEnvironment,
    PrefixMissing,
    PrefixUnreadable,
    ReadTimedOut,
)
from jupyter_envsnap.core.model import Prefix, Progress
from tests.adapters.prefix_builder import FORGE, SITE, CondaPrefix, direct_url


@pytest.fixture
def reader(tmp_path):
    return PrefixReader(environ={}, home=tmp_path / "no-home")


@pytest.fixture
def prefix(tmp_path):
    return CondaPrefix(tmp_path / "climate")


def conda(prefix: CondaPrefix) -> Prefix:
    return Prefix(path=str(prefix.root), kind="conda")


def told(environment) -> list[tuple[str, str | None]]:
    return [(f.code, f.path) for f in environment.findings]


async def test_a_conda_prefix_is_read_with_all_that_matters(reader, prefix):
    prefix.record("numpy", "1.26.4", build="py312_0", requested_spec="numpy=1.26")
    prefix.owned_dist("pip", "24.0")
    prefix.dist("acme", "2.0")
    prefix.write("conda-meta/state", '{"env_vars": {"B": "2", "A": "1"}}')
    prefix.write("conda-meta/pinned", "numpy 1.26.*\n")
    made = await reader.read(conda(prefix))
    assert (made.name, made.kind, made.platform, made.python) == (
        *("climate", "conda", "linux-64", "3.12.4"),
    )
    assert [(p.name, p.version) for p in made.conda] == [
        *[("numpy", "1.26.4"), ("pip", "24.0"), ("python", "3.12.4")],
    ]
    assert [(p.name, p.version) for p in made.pypi] == [("acme", "2.0")]
    assert (made.channels, list(made.variables), made.pins) == (
        *(("conda-forge",), ["A", "B"], ("numpy 1.26.*",)),
    )
    assert made.findings == ()


async def test_a_first_reading_tells_how_far_it_is_and_a_later_one_does_not(
    reader, prefix, monkeypatch
):
    for number in range(3):
        prefix.record(f"package-{number}", "1")
    where = conda(prefix)
    seen: list[Progress | None] = []
    parse = conda_meta.parse_record

    def looking(*args, **kwargs):
        seen.append(reader.first_reading(where))
        return parse(*args, **kwargs)

    monkeypatch.setattr(conda_meta, "parse_record", looking)
    assert reader.first_reading(where) is None
    await reader.read(where)
    assert Progress(done=2, total=4) in seen
    assert reader.first_reading(where) is None

    seen.clear()
    prefix.record("package-9", "1")
    await reader.read(where)
    assert set(seen) == {None}


async def test_the_first_reading_of_a_venv_counts_what_pip_installed(reader, tmp_path, monkeypatch):
    venv.create(tmp_path / "venv", with_pip=True)
    where = Prefix(path=str(tmp_path / "venv"), kind="venv")
    seen: list[Progress | None] = []
    read = site_packages.read

    def looking(*args, **kwargs):
        seen.append(reader.first_reading(where))
        return read(*args, **kwargs)

    monkeypatch.setattr(site_packages, "read", looking)
    made = await reader.read(where)
    assert seen[0] == Progress(done=0, total=len(made.pypi))


async def test_ownership_goes_by_files_and_not_by_installer(reader, prefix):
    folder = prefix.owned_dist("by-conda")
    prefix.write(f"{SITE}/{folder.name}/INSTALLER", "pip\n")
    prefix.write(f"{SITE}/{folder.name}/direct_url.json", direct_url("file:///feedstock_root/x"))
    prefix.dist("by-pip", INSTALLER="conda\n")
    made = await reader.read(conda(prefix))
    assert [p.name for p in made.pypi] == ["by-pip"]
    assert made.findings == ()


def _half_written(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:40])


def _not_utf8(path: Path) -> None:
    path.write_bytes(b"\xff\xfe" + path.read_bytes())


def _dangling(path: Path) -> None:
    path.unlink()
    path.symlink_to("nowhere")


def _folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


def _fifo(path: Path) -> None:
    path.unlink()
    os.mkfifo(path)


@pytest.mark.parametrize("damage", [_half_written, _not_utf8, _dangling, _folder, _fifo])
async def test_one_bad_record_among_good_ones_is_told_and_the_rest_is_read(reader, prefix, damage):
    damage(prefix.record("broken"))
    prefix.record("sound")
    made = await reader.read(conda(prefix))
    assert [p.name for p in made.conda] == ["python", "sound"]
    assert told(made) == [(codes.NOT_CAPTURED, "conda-meta/broken-1.0-0.json")]


async def test_a_mended_record_is_read_again(reader, prefix):
    record = prefix.record("broken")
    sound = record.read_bytes()
    _half_written(record)
    await reader.read(conda(prefix))
    prefix.write("conda-meta/broken-1.0-0.json", sound)
    assert (await reader.read(conda(prefix))).findings == ()


async def test_where_no_record_is_sound_the_file_and_what_to_do_are_told(reader, tmp_path):
    prefix = CondaPrefix(tmp_path / "x")
    _half_written(prefix.meta / "python-3.12.4-0.json")
    with pytest.raises(PrefixUnreadable) as raised:
        await reader.read(conda(prefix))
    assert raised.value.message == (
        "conda-meta/python-3.12.4-0.json is damaged. Reinstall python, then try again."
    )


@pytest.mark.parametrize(
    ("path", "content"),
    [
        ("conda-meta/state", b"{"),
        ("conda-meta/state", b""),
        (f"{SITE}/gone-1.0.dist-info/INSTALLER", b"pip"),
    ],
)
async def test_other_damage_is_told_with_its_file(reader, prefix, path, content):
    prefix.write(path, content)
    made = await reader.read(conda(prefix))
    assert [p.name for p in made.conda] == ["python"]
    assert told(made) == [(codes.NOT_CAPTURED, path.removesuffix("/INSTALLER"))]


ODD_ENTRIES = {
    "a NUL in an egg-link": (f"{SITE}/x.egg-link", b"/\0bad"),
    "a number without end": (
        "conda-meta/foo-1-0.json",
        b'{"name": "foo", "version": "1", "build_number": "' + b"9" * 5_000 + b'"}',
    ),
    "a record whose name is no text": (os.fsdecode(b"conda-meta/caf\xe9-1-0.json"), b"{"),
    "a dist-info whose name is no text": (
        os.fsdecode(f"{SITE}/caf".encode() + b"\xe9-1.dist-info/X"),
        b"",
    ),
}


@pytest.mark.parametrize(("path", "content"), ODD_ENTRIES.values(), ids=list(ODD_ENTRIES))
async def test_one_odd_entry_is_told_and_the_rest_can_be_sent(reader, prefix, path, content):
    prefix.write(path, content)
    made = await reader.read(conda(prefix))
    assert [p.name for p in made.conda] == ["python"]
    assert [f.code for f in made.findings] == [codes.NOT_CAPTURED]
    assert b"not-captured" in msgspec.json.encode(made)


async def test_a_nul_in_the_place_of_packages_is_no_place(reader, prefix):
    prefix.record("python", "3.12.4", python_site_packages_path="a\0b")
    prefix.dist("acme")
    assert [p.name for p in (await reader.read(conda(prefix))).pypi] == ["acme"]


@pytest.mark.parametrize("backwards", [False, True])
async def test_of_two_python_records_the_later_written_says_where_packages_lie(
    reader, prefix, monkeypatch, backwards
):
    def listed(root):
        return dict(sorted(prefix_state.records_in(root).items(), reverse=backwards))

    monkeypatch.setattr(prefix_reading, "records_in", listed)
    earlier = prefix.record("python", "3.11.9")
    os.utime(earlier, (1, 1))
    prefix.dist("old", site="lib/python3.11/site-packages")
    prefix.dist("new")
    made = await reader.read(conda(prefix))
    assert (made.python, [p.name for p in made.pypi]) == ("3.12.4", ["new"])


@pytest.mark.parametrize("files", [[], None])
async def test_files_named_only_in_paths_data_are_owned(reader, prefix, files):
    folder = prefix.dist("foo")
    path = f"{SITE}/{folder.name}/METADATA"
    prefix.record("foo", files=files, paths_data={"paths": [{"_path": path}], "paths_version": 1})
    made = await reader.read(conda(prefix))
    assert (made.pypi, made.findings) == ((), ())


async def test_an_empty_conda_meta_is_no_environment_but_one_with_a_history_is(reader, tmp_path):
    root = tmp_path / "empty"
    (root / "conda-meta").mkdir(parents=True)
    with pytest.raises(NotAnEnvironment):
        await reader.read(Prefix(path=str(root), kind="conda"))
    (root / "conda-meta/history").touch()
    assert (await reader.read(Prefix(path=str(root), kind="conda"))).conda == ()


@pytest.mark.parametrize("kind", ["conda", "venv", "system"])
async def test_what_cannot_be_an_environment_is_told_apart(reader, tmp_path, kind):
    (tmp_path / "empty").mkdir()
    (tmp_path / "file").write_text("")
    for name, error in [
        *[("gone", PrefixMissing), ("file/x", PrefixMissing), ("nul\0", PrefixMissing)],
        *[("empty", NotAnEnvironment), ("file", NotAnEnvironment)],
    ]:
        for ask in (reader.read, reader.fingerprint):
            with pytest.raises(error):
                await ask(Prefix(path=str(tmp_path / name), kind=kind))


async def test_a_remote_prefix_is_never_looked_at(reader, tmp_path):
    with pytest.raises(NotAnEnvironment, match="another computer"):
        await reader.read(Prefix(path=str(tmp_path), kind="remote"))


async def test_conda_meta_that_cannot_be_listed_is_told(reader, tmp_path):
    (tmp_path / "conda-meta").write_text("not a folder")
    with pytest.raises(PrefixUnreadable, match="conda-meta could not be listed"):
        await reader.read(Prefix(path=str(tmp_path), kind="conda"))


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become somebody else")
def test_without_permission_the_folder_is_told(prefix):
    prefix.meta.chmod(0)
    code = (
        "import asyncio, os, sys\n"
        "from jupyter_envsnap.adapters.environments import PrefixReader\n"
        "from jupyter_envsnap.core.errors import PrefixUnreadable\n"
        "from jupyter_envsnap.core.model import Prefix\n"
        "os.chdir('/'); os.setuid(65534)\n"
        "try:\n"
        "    asyncio.run(PrefixReader(environ={}).read(Prefix(path=sys.argv[1], kind='conda')))\n"
        "except PrefixUnreadable as error:\n"
        "    print(error.message)\n"
    )
    for folder in (prefix.root, *prefix.root.parents):
        if folder.stat().st_uid == 0 and str(folder).startswith("/tmp/"):
            folder.chmod(0o755)
    done = subprocess.run(
        [sys.executable, "-c", code, prefix.root], capture_output=True, text=True, check=False
    )
    assert done.stdout.startswith("conda-meta could not be listed: Permission denied."), done


async def test_nothing_is_parsed_twice_and_one_change_costs_one_parse(reader, prefix, monkeypatch):
    parsed: list[str] = []

    def counting(of, path_of):
        def call(*args, **kwargs):
            parsed.append(path_of(args, kwargs))
            return of(*args, **kwargs)

        return call

    monkeypatch.setattr(
        conda_meta, "parse_record", counting(conda_meta.parse_record, lambda _, k: k["path"])
    )
    monkeypatch.setattr(site_packages, "read", counting(site_packages.read, lambda a, _: a[1]))
    prefix.record("a")
    prefix.dist("p")
    first = await reader.read(conda(prefix))
    assert sorted(parsed) == [
        *["conda-meta/a-1.0-0.json", "conda-meta/python-3.12.4-0.json"],
        f"{SITE}/p-1.0.dist-info",
    ]
    parsed.clear()
    assert await reader.read(conda(prefix)) is first
    assert parsed == []
    prefix.record("b")
    second = await reader.read(conda(prefix))
    assert parsed == ["conda-meta/b-1.0-0.json"]
    assert [p.name for p in second.conda] == ["a", "b", "python"]
    (prefix.meta / "a-1.0-0.json").unlink()
    assert [p.name for p in (await reader.read(conda(prefix))).conda] == ["b", "python"]


async def test_a_record_written_just_now_is_never_taken_from_memory(reader, prefix):
    record = prefix.record("a", "1.0", license="MIT")
    now = time.time_ns()
    os.utime(record, ns=(now, now))
    await reader.read(conda(prefix))
    # The same size, the same inode, and a clock too coarse to tell the two apart.
    record.write_bytes(record.read_bytes().replace(b'"1.0"', b'"2.0"'))
    os.utime(record, ns=(now, now))
    made = await reader.read(conda(prefix))
    assert [p.version for p in made.conda if p.name == "a"] == ["2.0"]


async def test_the_fingerprint_changes_with_every_install(reader, prefix):
    seen = [await reader.fingerprint(conda(prefix))]
    assert await reader.fingerprint(conda(prefix)) == seen[0]
    for change in (
        lambda: prefix.record("a"),
        lambda: prefix.dist("p"),
        lambda: prefix.write("conda-meta/state", "{}"),
        lambda: prefix.write("conda-meta/pinned", "a 1.*\n"),
        (prefix.meta / "a-1.0-0.json").unlink,
        lambda: (prefix.site / "p-1.0.dist-info").rename(prefix.site / "p-2.0.dist-info"),
    ):
        change()
        seen.append(await reader.fingerprint(conda(prefix)))
    assert len(set(seen)) == len(seen)


async def test_a_young_fingerprint_is_no_promise(reader, prefix):
    assert not (await reader.fingerprint(conda(prefix))).startswith("~")
    (prefix.meta / "python-3.12.4-0.json").touch()
    assert (await reader.fingerprint(conda(prefix))).startswith("~")


async def test_a_read_that_something_was_installed_during_is_repeated(reader, prefix, monkeypatch):
    assemble = prefix_reading.assemble
    rounds = []

    def installing(parts):
        rounds.append(1)
        if len(rounds) == 1:
            prefix.record("meanwhile")
        return assemble(parts)

    monkeypatch.setattr(prefix_reading, "assemble", installing)
    made = await reader.read(conda(prefix))
    assert [p.name for p in made.conda] == ["meanwhile", "python"]
    assert (len(rounds), made.findings) == (2, ())


async def test_an_install_that_does_not_end_is_told(reader, prefix, monkeypatch):
    assemble = prefix_reading.assemble
    rounds = []

    def installing(parts):
        rounds.append(1)
        prefix.record(f"p{len(rounds)}")
        return assemble(parts)

    with monkeypatch.context() as patch:
        patch.setattr(prefix_reading, "assemble", installing)
        made = await reader.read(conda(prefix))
    assert [f.code for f in made.findings] == [codes.BEING_CHANGED]
    assert (await reader.read(conda(prefix))).findings == ()


async def test_callers_who_arrive_meanwhile_share_one_reading(reader, prefix):
    answers = await asyncio.gather(*(reader.read(conda(prefix)) for _ in range(50)))
    assert len({id(answer) for answer in answers}) == 1


async def test_a_prefix_that_does_not_answer_is_given_up(tmp_path, prefix, monkeypatch):
    reader = PrefixReader(environ={}, home=tmp_path, limit_s=0.1)
    # A FIFO where a plain read would wait for a writer for ever, as on a dead mount.
    os.mkfifo(tmp_path / "fifo")
    with monkeypatch.context() as patch:
        patch.setattr(prefix_reading, "records_in", lambda _: (tmp_path / "fifo").open().close())
        with pytest.raises(ReadTimedOut, match="did not answer within"):
            await reader.read(conda(prefix))
    other = CondaPrefix(tmp_path / "other")
    assert (await reader.read(conda(other))).name == "other"
    writer = os.open(tmp_path / "fifo", os.O_WRONLY)
    os.close(writer)


async def test_channels_come_in_the_configured_order(tmp_path, prefix):
    for name, base in [("a", f"{FORGE}-x"), ("b", f"{FORGE}-x"), ("c", "https://h/c")]:
        prefix.record(name, base=base)
    reader = PrefixReader(environ={}, home=tmp_path)
    assert (await reader.read(conda(prefix))).channels == (
        *("conda-forge-x", "conda-forge", "https://h/c"),
    )
    (tmp_path / ".condarc").write_text("channels: [https://h/c, bioconda, conda-forge]\n")
    assert (await reader.read(conda(prefix))).channels == (
        *("https://h/c", "conda-forge", "conda-forge-x"),
    )


async def test_credentials_are_told_and_secret_variables_left_out(reader, prefix):
    prefix.record("a", base="https://me:pw-1@h/c")
    prefix.dist("p", direct_url_json=direct_url("https://pw-2@h/p.whl", archive_info={}))
    prefix.write("conda-meta/state", '{"env_vars": {"API_TOKEN": "pw-3"}}')
    prefix.write("conda-meta/pinned", "https://me:pw-4@h/c::a\n")
    made = await reader.read(conda(prefix))
    assert "pw-" not in repr(made) + write(made).text
    assert [f.code for f in made.findings] == [
        *[codes.CREDENTIALS_REMOVED] * 3,
        codes.SECRET_VARIABLE_OMITTED,
    ]


@pytest.mark.parametrize("packages", [0, 1])
async def test_credentials_of_an_index_are_told_where_pip_installed_something(prefix, packages):
    for number in range(packages):
        prefix.dist(f"p{number}")
    reader = PrefixReader(
        environ={"PIP_CONFIG_FILE": os.devnull, "PIP_INDEX_URL": "https://me:pw-1@h/simple"},
        home=prefix.root,
    )
    made = await reader.read(conda(prefix))
    assert (made.indexes.index_url, "pw-1" in repr(made)) == ("https://h/simple", False)
    assert [f.code for f in made.findings] == [codes.CREDENTIALS_REMOVED] * packages


async def test_a_real_venv_is_read(reader, tmp_path):
    home = tmp_path / "project" / ".venv"
    venv.create(home)
    made = await reader.read(Prefix(path=str(home), kind="venv"))
    assert (made.name, made.kind, made.python) == (
        *("project", "venv", ".".join(map(str, sys.version_info[:3]))),
    )
    assert (made.conda, made.pypi, made.platform) == ((), (), platform_of_this_machine())


@pytest.mark.parametrize(
    "line", ["version = 3.12.1", "version_info = 3.12.1.final.0", "VERSION=3.12.1"]
)
async def test_every_tools_pyvenv_cfg_is_understood(reader, tmp_path, line):
    (tmp_path / "pyvenv.cfg").write_text(f"home = /usr/bin\n{line.lower()}\n")
    site = tmp_path / "lib" / "python3.12" / "site-packages" / "p-1.0.dist-info"
    site.mkdir(parents=True)
    (site / "METADATA").write_text("Name: p\nVersion: 1.0\n")
    made = await reader.read(Prefix(path=str(tmp_path), kind="venv"))
    assert (made.python, [p.name for p in made.pypi]) == ("3.12.1", ["p"])


async def test_every_folder_of_a_distributions_python_is_read(reader, tmp_path):
    root = tmp_path / "usr"
    folders = (
        *("lib/python3/dist-packages", "local/lib/python3.11/dist-packages"),
        *("lib/python3.11/site-packages", "lib/python3.11/dist-packages"),
    )
    for number, folder in enumerate(folders):
        info = root / folder / f"p{number}-1.0.dist-info"
        info.mkdir(parents=True)
        (info / "METADATA").write_text(f"Name: p{number}\nVersion: 1.0\n")
    (root / "lib64").symlink_to("lib")
    (root / "bin").mkdir()
    (root / "bin" / "python3").symlink_to("python3.11")
    header = root / "include" / "python3.11" / "patchlevel.h"
    header.parent.mkdir(parents=True)
    header.write_text('#define PY_VERSION      "3.11.2+"\n')
    made = await reader.read(Prefix(path=str(root), kind="system"))
    assert (made.python, [p.name for p in made.pypi]) == ("3.11.2", ["p0", "p1", "p2", "p3"])
    assert made.findings == ()


def test_a_folder_under_two_names_is_read_once(tmp_path):
    (tmp_path / "lib" / "python3.12" / "site-packages").mkdir(parents=True)
    (tmp_path / "lib64").symlink_to("lib")
    folders = interpreters.package_folders(
        str(tmp_path), "venv", interpreters.of_venv(str(tmp_path))
    )
    assert folders == ("lib/python3.12/site-packages",)


def test_only_plain_files_are_read():
    with pytest.raises(OSError, match="plain file"):
        prefix_files.read("/dev/zero")


async def test_the_interpreter_of_this_process_is_read(reader):
    made = await reader.read(Prefix(path=sys.base_prefix, kind="system"))
    assert made.python is not None
    assert made.python.startswith(f"{sys.version_info[0]}.{sys.version_info[1]}")


async def test_a_windows_prefix_is_read(reader, tmp_path):
    info = tmp_path / "Lib" / "site-packages" / "p-1.0.dist-info"
    info.mkdir(parents=True)
    (info / "METADATA").write_text("Name: p\nVersion: 1.0\n")
    (tmp_path / "pyvenv.cfg").write_text("version = 3.12.1\n")
    made = await reader.read(Prefix(path=str(tmp_path), kind="venv"))
    assert [p.name for p in made.pypi] == ["p"]


async def test_free_threaded_python_keeps_its_packages_elsewhere(reader, tmp_path):
    prefix = CondaPrefix(tmp_path / "x")
    (prefix.meta / "python-3.12.4-0.json").unlink()
    prefix.record("python", "3.13.1", python_site_packages_path="lib/python3.13t/site-packages")
    prefix.dist("p", site="lib/python3.13t/site-packages")
    assert [p.name for p in (await reader.read(conda(prefix))).pypi] == ["p"]


async def test_a_hundred_readings_give_the_same_bytes(tmp_path, prefix):
    for number in range(5):
        prefix.record(f"a{number}")
        prefix.dist(f"p{number}")
    texts = set()
    for _ in range(20):
        made = await PrefixReader(environ={}, home=tmp_path).read(conda(prefix))
        texts.add(write(made).text)
    assert len(texts) == 1


async def test_a_real_conda_environment_is_read_whole(reader, conda_env):
    made = await reader.read(Prefix(path=str(conda_env), kind="conda"))
    records = {path.name.rsplit("-", 2)[0] for path in (conda_env / "conda-meta").glob("*.json")}
    assert {p.name for p in made.conda} == records
    assert (made.name, made.findings) == ("climate", ())
    assert made.python is not None
    assert all(p.channel in made.channels for p in made.conda)


HISTORY = (
    "==> 2026-01-02 12:00:00 <==\n# cmd: conda create -n climate numpy=1.26 dask\n"
    "# conda version: 26.7.0\n+defaults/linux-64::numpy-1.26.4-0\n"
    "# update specs: ['numpy=1.26', 'dask', 'https://me:pw-1@h/c::acme']\n"
    "==> 2026-01-03 12:00:00 <==\n# cmd: conda remove dask\n# remove specs: ['dask']\n"
)
ASKED = {"numpy": ("numpy=1.26",), "acme": ("https://h/c::acme",)}


@pytest.mark.parametrize(
    ("history", "requested", "is_damaged"),
    [
        (HISTORY, ASKED, False),
        ("", {}, False),
        (None, {}, False),
        ("\0[[[ ==> no history <==\n# update specs: [", {}, True),
        (b"\xff\xfe" + HISTORY.encode(), ASKED, False),
        (HISTORY.encode() + b"==> \xff\xfe", ASKED, True),
        (HISTORY.encode("utf-16"), {}, True),
        ("words\n", {}, True),
        (f"{HISTORY}==> 2026 <==\n# cmd: x\n# update specs: ['dask", ASKED, True),
    ],
)
async def test_the_history_says_who_was_asked_for_and_may_say_nothing(
    reader, prefix, history, requested, is_damaged
):
    for name in ("numpy", "dask", "acme"):
        prefix.record(name)
    if history is not None:
        prefix.write("conda-meta/history", history)
    made = await reader.read(conda(prefix))
    assert {p.name: p.requested for p in made.conda if p.requested} == requested
    assert told(made) == [(codes.NOT_CAPTURED, "conda-meta/history")] * is_damaged


async def test_record_and_history_say_it_together_and_once(reader, prefix):
    prefix.record("numpy", requested_spec="numpy=1.26")
    prefix.record("acme", requested_specs=["acme>=1"])
    prefix.write("conda-meta/history", HISTORY)
    made = await reader.read(conda(prefix))
    assert {p.name: p.requested for p in made.conda if p.requested} == {
        "numpy": ("numpy=1.26",),
        "acme": ("acme>=1", "https://h/c::acme"),
    }


async def test_the_history_is_parsed_when_it_changed_and_not_otherwise(reader, prefix, monkeypatch):
    parsed: list[str] = []

    def requested(text: str) -> dict[str, str]:
        parsed.append(text)
        return {}

    monkeypatch.setattr(conda_history, "requested", requested)
    prefix.write("conda-meta/history", HISTORY)
    await reader.read(conda(prefix))
    prefix.record("numpy")
    await reader.read(conda(prefix))
    assert parsed == [HISTORY]
    prefix.write("conda-meta/history", f"{HISTORY}more")
    await reader.read(conda(prefix))
    assert parsed == [HISTORY, f"{HISTORY}more"]


async def test_a_history_that_cannot_be_read_is_told(reader, prefix):
    os.mkfifo(prefix.meta / "history")
    assert told(await reader.read(conda(prefix))) == [(codes.NOT_CAPTURED, "conda-meta/history")]
