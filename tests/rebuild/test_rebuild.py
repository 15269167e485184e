"""What is written down makes the same environment again: a real solver, a real pip, no network."""

from __future__ import annotations

import asyncio
import functools
import hashlib
import os
import subprocess
import threading
import warnings
import zipfile
from collections.abc import Iterator
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import NamedTuple

import pytest
import yaml

from dev.conda_env import LOCAL_SPECS, local_channel, make_env
from dev.steps import DEV_DIR
from jupyter_envsnap.adapters.checkouts import GitCheckouts
from jupyter_envsnap.adapters.environments import PrefixReader
from jupyter_envsnap.core.model import Environment, Prefix
from jupyter_envsnap.core.ports import Sourced
from jupyter_envsnap.core.wire import DocumentQuery
from jupyter_envsnap.placing import Home, Placing
from jupyter_envsnap.writing import Writing

with warnings.catch_warnings():
    warnings.simplefilter("ignore", DeprecationWarning)  # of what it imports
    from repo2docker.buildpacks.conda import CondaBuildPack

BACKEND = '''
"""A build backend that needs nothing but the standard library."""
import pathlib, zipfile

NAME, VERSION = "{name}", "{version}"


def _wheel(folder, files):
    info = f"{{NAME}}-{{VERSION}}.dist-info"
    path = pathlib.Path(folder, f"{{NAME}}-{{VERSION}}-py3-none-any.whl")
    files |= {{
        f"{{info}}/METADATA": f"Metadata-Version: 2.1\\nName: {{NAME}}\\nVersion: {{VERSION}}\\n",
        f"{{info}}/WHEEL": "Wheel-Version: 1.0\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n",
    }}
    with zipfile.ZipFile(path, "w") as archive:
        for name, text in files.items():
            archive.writestr(name, text)
        archive.writestr(f"{{info}}/RECORD", "".join(f"{{name}},,\\n" for name in files))
    return path.name


def build_wheel(folder, config_settings=None, metadata_directory=None):
    return _wheel(folder, {{f"{{NAME}}.py": "x = 1\\n"}})


def build_editable(folder, config_settings=None, metadata_directory=None):
    return _wheel(folder, {{f"{{NAME}}.pth": str(pathlib.Path.cwd())}})
'''
PROJECT = '[build-system]\nrequires = []\nbuild-backend = "backend"\nbackend-path = ["."]\n'


class World(NamedTuple):
    prefix: Path
    channels: list[str]
    repository: Path
    """With the editable package `mine`, and where the document is going to lie."""
    index: str


def project(folder: Path, name: str, version: str) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "pyproject.toml").write_text(
        f'{PROJECT}[project]\nname = "{name}"\nversion = "{version}"\n'
    )
    (folder / "backend.py").write_text(BACKEND.format(name=name, version=version))


def wheel(folder: Path, name: str, version: str, *requires: str) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{name}-{version}-py3-none-any.whl"
    info = f"{name}-{version}.dist-info"
    head = "".join(f"Requires-Dist: {each}\n" for each in requires)
    files = {
        f"{name}.py": "",
        f"{info}/METADATA": f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n{head}",
        f"{info}/WHEEL": "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    }
    with zipfile.ZipFile(path, "w") as archive:
        for each, text in files.items():
            archive.writestr(each, text)
        archive.writestr(f"{info}/RECORD", "".join(f"{each},,\n" for each in files))
    return path


def git(folder: Path, *arguments: str) -> None:
    identity = (
        "-c",
        "user.name=Ada",
        "-c",
        "user.email=ada@example.org",
        "-c",
        "init.defaultBranch=main",
    )
    subprocess.run(["git", *identity, *arguments], cwd=folder, check=True, capture_output=True)


@pytest.fixture(scope="module")
def site(tmp_path_factory) -> Iterator[tuple[Path, str]]:
    """A folder and its address: an index of packages, an archive and a repository."""
    folder = tmp_path_factory.mktemp("site")

    class Quiet(SimpleHTTPRequestHandler):
        def log_message(self, *_: object) -> None:
            """Say nothing."""

    handler = functools.partial(Quiet, directory=str(folder))
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield folder, f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture(scope="module")
def second_channel(tmp_path_factory) -> str:
    """Packages, and what a solver would take as well were they written with one `=`."""
    from rattler.index import index_fs  # noqa: PLC0415
    from rattler_build.package_assembler import FileEntry, assemble_package  # noqa: PLC0415

    folder = tmp_path_factory.mktemp("channel")
    (folder / "noarch").mkdir()
    (folder / "linux-64").mkdir()
    note = folder / "note.txt"
    note.write_text("x")
    for name, version, depends in (
        ("tinylib", "1.3", []),
        ("tinylib", "1.3.1", []),
        ("leaf", "2.0", ["tinylib"]),
        ("leaf", "2.0.1", ["tinylib"]),
        ("dated", "2.9.0", []),
        ("dated", "2.9.0.1", []),
        ("posted", "2.9.0", []),
        ("posted", "2.9.0.post0", []),
    ):
        assemble_package(
            name=name,
            version=version,
            target_platform="noarch",
            build_string="0",
            output_dir=folder / "noarch",
            files=[FileEntry.from_paths(note, Path(f"share/{name}.txt"))],
            summary="",
            depends=depends,
            noarch="generic",
            compression_level=0,
            detect_prefix=False,
        )
    note.unlink()
    asyncio.run(index_fs(folder))
    return folder.as_uri()


@pytest.fixture(scope="module")
def world(tmp_path_factory, site, second_channel) -> World:
    """An environment that was worked with: conda, then pip in every way."""
    folder, address = site
    for name, version, requires in (
        ("plain", "1.0", ("needed>=1",)),
        ("needed", "1.5", ()),
        ("torchlike", "2.3.0+acme.1", ()),
    ):
        wheel(folder / "simple" / name, name, version, *requires)
    archive = wheel(folder / "files", "arch", "3.0")
    source = tmp_path_factory.mktemp("source")
    project(source / "python", "fromgit", "0.4")
    git(source, "init", "-q")
    git(source, "add", ".")
    git(source, "commit", "-q", "-m", "first")
    git(source, "clone", "-q", "--bare", str(source), str(folder / "fromgit.git"))
    git(folder / "fromgit.git", "update-server-info")
    repository = tmp_path_factory.mktemp("repository")
    project(repository / "libs" / "mine", "mine", "0.1")
    git(repository, "init", "-q")
    prefix = tmp_path_factory.mktemp("envs") / "work"
    channels = [local_channel(DEV_DIR).as_uri(), second_channel]
    older = ("leaf==2.0", "tinylib==1.3", "dated==2.9.0", "posted==2.9.0")
    make_env(prefix, channels=channels, specs=[*LOCAL_SPECS, *older])
    digest = hashlib.sha256(archive.read_bytes()).hexdigest()
    index = f"{address}/simple"
    pip(
        prefix,
        index,
        "plain",
        "torchlike==2.3.0+acme.1",
        f"arch @ {address}/files/{archive.name}#sha256={digest}",
        f"fromgit @ git+{address}/fromgit.git#subdirectory=python",
        "-e",
        str(repository / "libs" / "mine"),
    )
    return World(prefix, channels, repository, index)


def pip(prefix: Path, index: str, *arguments: str, cwd: Path | None = None) -> None:
    done = subprocess.run(
        [prefix / "bin" / "python", "-m", "pip", "install", "-q", "--no-cache-dir", *arguments],
        cwd=cwd,
        env=environ(index),
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    assert done.returncode == 0, done.stderr


def environ(index: str | None) -> dict[str, str]:
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("PIP_", "PYTHON"))}
    kept |= {"PIP_CONFIG_FILE": os.devnull, "PIP_DISABLE_PIP_VERSION_CHECK": "1"}
    kept |= {"PIP_ROOT_USER_ACTION": "ignore", "GIT_TERMINAL_PROMPT": "0"}
    return kept | ({"PIP_INDEX_URL": index} if index else {})


def sourced(prefix: Path, index: str) -> tuple[PrefixReader, Sourced]:
    reader = PrefixReader(environ=environ(index), home=prefix)
    place = Prefix(path=str(prefix), kind="conda")
    environment = asyncio.run(reader.read(place))
    return reader, Sourced(environment=environment, prefix=str(prefix), how=None, place=place)


def document(world: World, **query: object) -> str:
    reader, source = sourced(world.prefix, world.index)
    writing = Writing(environments=reader, placing=Placing(GitCheckouts()))
    home = Home(path="environment.yml", folder=str(world.repository))
    return asyncio.run(writing.document(source, DocumentQuery(**query), home)).text  # type: ignore[arg-type]


def rebuilt(text: str, prefix: Path, repository: Path) -> Environment:
    """What conda and pip make of an environment file, by a solver that is real."""
    said = yaml.safe_load(text)
    specs = [spec for spec in said["dependencies"] if isinstance(spec, str)]
    lines = next((d["pip"] for d in said["dependencies"] if isinstance(d, dict)), [])
    make_env(prefix, channels=said["channels"], specs=specs)
    requirements = repository / "requirements-of-the-file.txt"
    requirements.write_text("".join(f"{line}\n" for line in lines))
    # The file names the index itself.
    done = subprocess.run(
        [
            prefix / "bin" / "python",
            "-m",
            "pip",
            "install",
            "-q",
            "--no-cache-dir",
            "-r",
            requirements,
        ],
        cwd=repository,
        env=environ(None),
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    assert done.returncode == 0, done.stderr
    requirements.unlink()
    reader = PrefixReader(environ=environ(None), home=prefix)
    return asyncio.run(reader.read(Prefix(path=str(prefix), kind="conda")))


def of(environment: Environment) -> dict[str, object]:
    return {
        "conda": {p.name: (p.version, p.build) for p in environment.conda},
        "pypi": {p.name: (p.version, p.source) for p in environment.pypi},
    }


@pytest.mark.parametrize("profile", ["versions", "minimal", "exact"])
def test_an_environment_is_made_again_from_its_file(world, tmp_path, profile):
    before = sourced(world.prefix, world.index)[1].environment
    assert {p.name for p in before.pypi} == {
        *("arch", "fromgit", "mine", "needed", "plain", "torchlike")
    }
    text = document(world, profile=profile)
    after = rebuilt(text, tmp_path / "again", world.repository)
    assert of(after)["conda"] == of(before)["conda"]
    sources = {p.name: getattr(p.source, "commit", None) or p.source for p in before.pypi}
    assert {p.name: p.version for p in after.pypi} == {p.name: p.version for p in before.pypi}
    assert {p.name: getattr(p.source, "commit", None) or p.source for p in after.pypi} == sources
    # And what is written down of the one that was made says the same.
    assert [line for line in text.splitlines() if "mine" in line] == ["      - -e ./libs/mine"]


def test_a_minimal_file_is_shorter_and_names_what_was_asked_for(world):
    few, all_ = (yaml.safe_load(document(world, profile=p)) for p in ("minimal", "versions"))
    assert len(few["dependencies"]) < len(all_["dependencies"]) / 2
    names = {spec.split("=")[0] for spec in few["dependencies"] if isinstance(spec, str)}
    assert {"python", "ipykernel", "pip", "climate-tools", "leaf", "tinylib", "dated"} <= names
    lines = few["dependencies"][-1]["pip"]
    assert not any(line.startswith("needed") for line in lines)


def test_an_explicit_list_is_what_the_solver_installed(world):
    from rattler import MatchSpec  # noqa: PLC0415

    urls = [
        line
        for line in document(world, format="explicit").partition("@EXPLICIT\n")[2].splitlines()
        if not line.startswith("#")
    ]
    before = sourced(world.prefix, world.index)[1].environment
    assert len(urls) == len(before.conda)
    for url in urls:
        address, _, digest = url.partition("#sha256:")
        file = Path(address.removeprefix("file://"))
        assert hashlib.sha256(file.read_bytes()).hexdigest() == digest
        assert MatchSpec(f"{address}", strict=False).name is not None


@pytest.mark.parametrize("profile", ["versions", "minimal", "exact"])
def test_repo2docker_reads_the_python_version_and_takes_the_file(
    world, tmp_path, monkeypatch, profile
):
    (tmp_path / "environment.yml").write_text(document(world, profile=profile))
    monkeypatch.chdir(tmp_path)
    pack = CondaBuildPack("buildpack-deps:jammy")
    assert pack.detect()
    python = sourced(world.prefix, world.index)[1].environment.python
    assert pack.python_version == ".".join(python.split(".")[:2])
    assert pack.uses_r is False
