"""Prefixes as each tool and platform writes them, and what is left where one was interrupted."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from jupyter_envsnap.adapters.environments import PrefixReader
from jupyter_envsnap.core import findings as codes
from jupyter_envsnap.core.documents import write
from jupyter_envsnap.core.model import Environment, Prefix
from tests.adapters.prefix_builder import FORGE, LONG_AGO_S, SITE, CondaPrefix

SHA = "a" * 64
PACKAGES = (("python", "3.12.4", "h1_0_cpython"), ("numpy", "1.26.4", "py312h2_0"))
HISTORY = (
    "==> 2026-01-02 12:00:00 <==\n# cmd: conda create -n x numpy=1.26\n"
    "# update specs: ['numpy=1.26']\n"
)


def record(name: str, version: str, build: str, **fields) -> dict[str, object]:
    """What all tools write."""
    site = [f"{SITE}/{name}-{version}.dist-info/METADATA"] if name != "python" else []
    return {
        "name": name,
        "version": version,
        "build": build,
        "build_number": 0,
        "channel": f"{FORGE}/linux-64",
        "subdir": "linux-64",
        "url": f"{FORGE}/linux-64/{name}-{version}-{build}.conda",
        "fn": f"{name}-{version}-{build}.conda",
        "md5": "b" * 32,
        "sha256": SHA,
        "depends": [] if name == "python" else ["python >=3.12,<3.13.0a0"],
        "files": site,
        "paths_data": {"paths": [{"_path": p} for p in site], "paths_version": 1},
        **fields,
    }


def _conda(asked):
    return {"requested_spec": asked or "None", "link": {"source": "/pkgs/x", "type": 1}}


def _mamba(asked):
    return {"requested_spec": asked or "", "channel": f"{FORGE}/linux-64/", "size": 7}


def _micromamba(asked):
    return {"requested_spec": asked or "", "channel": "conda-forge", "noarch": None}


def _rattler(asked):
    return {"requested_specs": [asked] if asked else [], "channel": f"{FORGE}/", "files": []}


TOOLS = {
    "conda, keys in their order": (_conda, False, HISTORY),
    "conda, keys by name": (_conda, True, HISTORY),
    "mamba": (_mamba, True, HISTORY),
    "micromamba": (_micromamba, True, HISTORY),
    "rattler and pixi": (_rattler, False, ""),
    "rattler without a history": (_rattler, False, None),
}


async def read(prefix: CondaPrefix | Path) -> Environment:
    root = prefix.root if isinstance(prefix, CondaPrefix) else prefix
    environ = {"PIP_CONFIG_FILE": os.devnull}
    reader = PrefixReader(environ=environ, home=root / "no-home")
    return await reader.read(Prefix(path=str(root), kind="conda"))


@pytest.fixture
def prefix(tmp_path) -> CondaPrefix:
    made = CondaPrefix(tmp_path / "env")
    (made.meta / "python-3.12.4-0.json").unlink()
    return made


@pytest.mark.parametrize(("tool", "sort_keys", "history"), TOOLS.values(), ids=list(TOOLS))
async def test_every_tools_prefix_is_the_same_environment(prefix, tool, sort_keys, history):
    for name, version, build in PACKAGES:
        asked = "numpy=1.26" if name == "numpy" else None
        text = json.dumps(record(name, version, build, **tool(asked)), sort_keys=sort_keys)
        prefix.write(f"conda-meta/{name}-{version}-{build}.json", text)
    prefix.dist("numpy", "1.26.4", INSTALLER="conda\n")
    prefix.dist("acme", INSTALLER="uv\n")
    if history is not None:
        prefix.write("conda-meta/history", history)
    made = await read(prefix)
    assert (made.findings, made.channels, made.python) == ((), ("conda-forge",), "3.12.4")
    assert [(p.name, p.requested, p.distributions, p.sha256) for p in made.conda] == [
        ("numpy", ("numpy=1.26",), ("numpy",), SHA),
        ("python", (), (), SHA),
    ]
    assert [p.name for p in made.pypi] == ["acme"]


async def test_an_environment_that_rattler_installed_says_what_was_asked_for(conda_env):
    made = await read(conda_env)
    asked = {p.name for p in made.conda if p.requested}
    assert {"python", "ipykernel", "climate-tools"} <= asked
    assert "ipython" not in asked
    assert {"ipykernel"} <= {name for p in made.conda for name in p.distributions}


MISSING = {
    "sha256": ({"sha256": None}, {"sha256": None}),
    "url": ({"url": None}, {"url": None, "channel": "conda-forge"}),
    "channel": ({"channel": None}, {"channel": "conda-forge"}),
    "a known channel": ({"channel": "<unknown>"}, {"channel": "conda-forge"}),
    "channel and url": ({"channel": None, "url": None}, {"channel": "", "subdir": "linux-64"}),
    "subdir": ({"subdir": None}, {"subdir": "linux-64"}),
    "build": ({"build": None}, {"build": ""}),
    "depends": ({"depends": None}, {"depends": ()}),
}


@pytest.mark.parametrize("how", ["absent", "null"])
@pytest.mark.parametrize(("fields", "wanted"), MISSING.values(), ids=list(MISSING))
async def test_a_record_may_lack(prefix, fields, wanted, how):
    whole = record("numpy", "1.26.4", "0") | fields
    if how == "absent":
        whole = {key: value for key, value in whole.items() if value is not None}
    prefix.write("conda-meta/numpy-1.26.4-0.json", json.dumps(whole))
    (package,) = (await read(prefix)).conda
    assert {field: getattr(package, field) for field in wanted} == wanted
    assert package.name == "numpy"


@pytest.mark.parametrize("files", ["absent", "null"])
async def test_a_record_that_lists_no_files_owns_what_bears_its_name(prefix, files):
    whole = record("typing_extensions", "4.12", "0", files=None, paths_data=None)
    if files == "absent":
        del whole["files"], whole["paths_data"]
    prefix.write("conda-meta/typing_extensions-4.12-0.json", json.dumps(whole))
    prefix.dist("typing_extensions", "4.12")
    prefix.dist("acme", "4.12")
    made = await read(prefix)
    assert ([p.name for p in made.conda], [p.name for p in made.pypi]) == (
        *(["typing_extensions"], ["acme"]),
    )


async def test_an_empty_list_of_files_owns_nothing(prefix):
    empty = record("zstd", "1", "0", files=[], paths_data=None)
    prefix.write("conda-meta/zstd-1-0.json", json.dumps(empty))
    prefix.dist("zstd", "1")
    made = await read(prefix)
    assert (len(made.conda), len(made.pypi)) == (1, 1)


async def test_a_record_under_any_other_filename_counts(prefix):
    prefix.write("conda-meta/odd.json", json.dumps(record("numpy", "1.26.4", "0")))
    assert [p.name for p in (await read(prefix)).conda] == ["numpy"]


async def test_of_two_records_of_a_name_left_by_an_interrupted_update_one_is_told(prefix):
    old = prefix.record("numpy", "1.26.4")
    os.utime(old, (LONG_AGO_S - 9, LONG_AGO_S - 9))
    prefix.record("numpy", "2.0.1")
    made = await read(prefix)
    assert [(p.name, p.version) for p in made.conda] == [("numpy", "2.0.1")]
    assert [(f.code, f.package) for f in made.findings] == [
        (codes.DUPLICATE_DISTRIBUTION, "numpy"),
    ]


PLATFORMS = {
    "Windows": ("win-64", "Lib/site-packages", "__win"),
    "macOS": ("osx-arm64", "lib/python3.12/site-packages", "__osx"),
    "Linux": ("linux-aarch64", "lib/python3.12/site-packages", "__linux"),
}


@pytest.mark.parametrize(("subdir", "site", "virtual"), PLATFORMS.values(), ids=list(PLATFORMS))
async def test_a_prefix_of_every_platform_is_read(prefix, subdir, site, virtual):
    url = f"{FORGE}/{subdir}/x.conda"
    fields = {"subdir": subdir, "channel": f"{FORGE}/{subdir}", "url": url}
    for name, version, build in PACKAGES:
        files = [f"{site}/{name}-{version}.dist-info/METADATA"] if name != "python" else []
        whole = record(name, version, build, **fields, files=files)
        prefix.write(f"conda-meta/{name}-{version}-{build}.json", json.dumps(whole))
    prefix.dist("numpy", "1.26.4", site=site)
    prefix.dist("acme", site=site)
    made = await read(prefix)
    assert (made.platform, made.python, made.findings) == (subdir, "3.12.4", ())
    assert ([p.name for p in made.conda], [p.name for p in made.pypi]) == (
        *(["numpy", "python"], ["acme"]),
    )
    names = {package.name for package in made.virtual_packages}
    assert names & {"__win", "__osx", "__linux"} == {virtual}
    assert "pip:" in write(made).text


async def test_three_thousand_packages_are_read_whole(prefix):
    prefix.record("python", "3.12.4")
    for number in range(2_000):
        prefix.record(f"library-{number}")
    for number in range(1_000):
        prefix.dist(f"module-{number}")
    made = await read(prefix)
    assert (len(made.conda), len(made.pypi), made.findings) == (2_001, 1_000, ())
    assert len(write(made).text.splitlines()) > 3_000


@pytest.fixture
def read_only(prefix, tmp_path) -> Iterator[Path]:
    """A prefix where nothing can be written: a mount of its own, or by its modes.

    Modes bind nobody who is root and may not mount: the claim cannot be made there.
    """
    prefix.record("numpy", "1.26.4")
    place = tmp_path / "mounted"
    place.mkdir()
    bind = ["mount", "-o", "bind", str(prefix.root), str(place)]
    remount = ["mount", "-o", "remount,bind,ro", str(place)]
    mounted = subprocess.run(bind, capture_output=True, check=False).returncode == 0
    if mounted and subprocess.run(remount, capture_output=True, check=False).returncode == 0:
        yield place
        subprocess.run(["umount", str(place)], check=True)
        return
    if mounted:
        subprocess.run(["umount", str(place)], check=True)
    folders = [prefix.root, *(path for path in prefix.root.rglob("*") if path.is_dir())]
    for folder in folders:
        folder.chmod(0o555)
    yield prefix.root
    for folder in folders:
        folder.chmod(0o755)


async def test_a_prefix_that_nobody_can_write_to_is_read(read_only):
    with pytest.raises(OSError, match=r"Read-only|denied"):
        (read_only / "conda-meta" / "new").touch()
    before = {path: path.stat().st_mtime_ns for path in read_only.rglob("*")}
    reader = PrefixReader(environ={}, home=read_only)
    found = Prefix(path=str(read_only), kind="conda")
    assert [p.name for p in (await reader.read(found)).conda] == ["numpy"]
    assert not (await reader.fingerprint(found)).startswith("~")
    assert {path: path.stat().st_mtime_ns for path in read_only.rglob("*")} == before


async def test_what_is_written_down_is_read_back(prefix):
    prefix.record("numpy", "1.26.4", requested_specs=["numpy"])
    prefix.dist("acme", METADATA="Name: acme\nVersion: 1\nRequires-Dist: numpy\n")
    made = await read(prefix)
    assert msgspec.json.decode(msgspec.json.encode(made), type=Environment) == made
