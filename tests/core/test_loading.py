"""A document says what was written into it, as far as its format can carry it."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jupyter_envsnap.core import documents
from jupyter_envsnap.core.errors import FileNotUnderstood
from jupyter_envsnap.core.loading import loads
from jupyter_envsnap.core.model import (
    ArchiveSource,
    CondaPackage,
    Environment,
    LocalSource,
    PypiPackage,
    VcsSource,
)
from jupyter_envsnap.core.wire import DocumentQuery

CONDA_NAMES = ["_libgcc_mutex", "7zip", "numpy", "python", "r-base", "ruamel.yaml", "xz"]
PIP_NAMES = ["acme", "dm-haiku", "flask", "torch"]
VERSIONS = st.sampled_from(["1.0", "1.26.4", "2024.7.4", "1.1.1w", "9e", "1!2.0", "3.0.0rc1"])
PIP_VERSIONS = st.sampled_from(["1.0", "0.0.2", "1.2.dev3", "4.0.0", "2.0rc1"])
BUILDS = st.sampled_from(["0", "h1234567_2", "py312hab00c5b_0_cpython"])
CHANNELS = st.sampled_from(["conda-forge", "bioconda", "https://h.example:8443/conda/team"])
SOURCES = st.sampled_from(
    [
        None,
        VcsSource(vcs="git", url="https://h.example/r.git", commit="9f3c2e1"),
        VcsSource(vcs="git", url="ssh://git@h.example/r", commit="9f3c2e1", subdirectory="py"),
        VcsSource(vcs="hg", url="https://h.example/r", commit="9f3c2e1"),
        ArchiveSource(url="https://h.example/a.tar.gz", hashes=("sha256=" + "0" * 64,)),
        ArchiveSource(url="https://h.example/a.whl"),
        LocalSource(path="./mine", editable=True, written="./mine"),
    ]
)


@st.composite
def environments(draw):
    conda = {}
    for name in draw(st.lists(st.sampled_from(CONDA_NAMES), unique=True, max_size=5)):
        version, build, channel = draw(VERSIONS), draw(BUILDS), draw(CHANNELS)
        base = channel if "://" in channel else f"https://conda.anaconda.org/{channel}"
        conda[name] = CondaPackage(
            name=name,
            version=version,
            build=build,
            channel=channel,
            subdir="linux-64",
            url=f"{base}/linux-64/{name}-{version}-{build}.conda",
            sha256=draw(st.sampled_from([None, "a" * 64])),
            md5=draw(st.sampled_from([None, "b" * 32])),
            requested=draw(st.sampled_from([(), ("x",)])),
        )
    pypi = {}
    for name in draw(st.lists(st.sampled_from(PIP_NAMES), unique=True, max_size=4)):
        pypi[name] = PypiPackage(name=name, version=draw(PIP_VERSIONS), source=draw(SOURCES))
    if pypi:
        conda["pip"] = CondaPackage(
            name="pip", version="24.0", build="0", channel="conda-forge", subdir="noarch"
        )
    return Environment(
        digest="",
        name=draw(st.sampled_from(["work", "null", "1e3", "Ünï", "my env", "yes"])),
        kind="conda",
        platform="linux-64",
        python="3.12.4",
        channels=tuple(draw(st.lists(CHANNELS, unique=True))),
        conda=tuple(conda[name] for name in sorted(conda)),
        pypi=tuple(pypi[name] for name in sorted(pypi)),
        variables=draw(st.dictionaries(st.sampled_from("AB"), st.text(max_size=5), max_size=2)),
    )


def conda_of(environment: Environment, *, builds: bool) -> dict[str, tuple[str, str]]:
    return {p.name: (p.version, p.build if builds else "") for p in environment.conda}


def pip_of(environment: Environment) -> dict[str, object]:
    """A version that stands beside a source is not in its line."""
    return {p.name: p.version if p.source is None else _address(p.source) for p in environment.pypi}


def _address(source: object) -> object:
    """Of a local source a file has only the way from where it lies; of a commit no branch."""
    if isinstance(source, LocalSource):
        return ("local", source.written or source.path, source.editable)
    return source


@settings(deadline=None, max_examples=150)
@given(environments(), st.sampled_from(["environment-yaml", "environment-json"]), st.booleans())
def test_an_environment_file_says_what_was_written(made, format_, builds):
    if any("\ud800" <= c <= "\udfff" for v in made.variables.values() for c in v):
        return  # no text that a file could hold
    query = DocumentQuery(format=format_, profile="exact" if builds else "versions")
    found = loads(documents.write(made, query).text, format_)
    assert (found.name, found.channels) == (made.name, made.channels)
    assert conda_of(found, builds=builds) == conda_of(made, builds=builds)
    local = {n for n, s in pip_of(made).items() if isinstance(s, tuple)}
    there = {name: value for name, value in pip_of(found).items() if name in pip_of(made)}
    assert {n: v for n, v in there.items() if n not in local} == {
        n: v for n, v in pip_of(made).items() if n not in local
    }
    assert found.variables == made.variables


@settings(deadline=None, max_examples=100)
@given(environments())
def test_an_explicit_list_says_what_was_written(made):
    found = loads(documents.write(made, DocumentQuery(format="explicit")).text, "explicit")

    def carried(environment: Environment) -> set[tuple[object, ...]]:
        return {
            (p.name, p.version, p.build, p.channel, p.url, p.sha256 or p.md5)
            for p in environment.conda
            if p.url
        }

    assert carried(found) == carried(made)
    assert found.platform == made.platform


@settings(deadline=None, max_examples=100)
@given(environments())
def test_a_requirements_file_says_what_was_written(made):
    found = loads(documents.write(made, DocumentQuery(format="requirements")).text, "requirements")
    local = {n for n, s in pip_of(made).items() if isinstance(s, tuple)}
    assert {n: v for n, v in pip_of(found).items() if n in PIP_NAMES and n not in local} == {
        n: v for n, v in pip_of(made).items() if n not in local
    }


@pytest.mark.parametrize(
    ("text", "format_"),
    [
        ("name: x\n", "explicit"),
        ("@EXPLICIT\nnumpy\n", "explicit"),
        ("words\n", "environment-yaml"),
        ("{{ x }}", "environment-json"),
    ],
)
def test_what_is_no_such_document_is_told(text, format_):
    with pytest.raises(FileNotUnderstood):
        loads(text, format_)


def test_what_a_list_holds_of_passwords_is_not_kept():
    text = "@EXPLICIT\nhttps://me:s3cret@h.example/t/tk-1/c/noarch/a-1-0.conda\n"
    assert "s3cret" not in repr(loads(text, "explicit"))
    assert "tk-1" not in repr(loads(text, "explicit"))
