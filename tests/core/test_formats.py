"""What each format says of the same environment."""

from __future__ import annotations

import json

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace
from packaging.requirements import Requirement

from jupyter_envsnap.core import documents
from jupyter_envsnap.core.comparing import comparable
from jupyter_envsnap.core.diff import diff
from jupyter_envsnap.core.documents import listed
from jupyter_envsnap.core.errors import OptionRefused
from jupyter_envsnap.core.model import (
    CondaPackage,
    Environment,
    LocalSource,
    PypiPackage,
    VcsSource,
)
from jupyter_envsnap.core.wire import DocumentQuery

SHA256, MD5 = "a" * 64, "b" * 32


def conda(name: str, version: str = "1.2.3", *depends: str, **fields) -> CondaPackage:
    return CondaPackage(
        **{
            "name": name,
            "version": version,
            "build": "h1_0",
            "channel": "conda-forge",
            "subdir": "linux-64",
            "depends": depends,
            "url": f"https://c.example/conda-forge/linux-64/{name}-{version}-h1_0.conda",
            "sha256": SHA256,
            "md5": MD5,
            **fields,
        }
    )


MINE = PypiPackage(name="mine", version="0.1", source=LocalSource(path="/src/mine", editable=True))
SOURCE = VcsSource(vcs="git", url="https://h.example/r.git", commit="9f3c2e1")
WORK = Environment(
    digest="",
    name="work",
    kind="conda",
    platform="linux-64",
    python="3.12.4",
    channels=("conda-forge", "bioconda"),
    conda=(
        conda("aaa", "1.2.3", "zzz", requested=("aaa",)),
        conda("libzlib", "1.3", distributions=()),
        conda("numpy", "2.0.1", "libzlib", "python", distributions=("numpy",)),
        conda("pip", "24.0", "python"),
        conda("python", "3.12.4", "libzlib"),
        conda("zzz", "1.0.0", sha256=None),
    ),
    pypi=(
        PypiPackage(name="acme", version="1.0", requested=True),
        PypiPackage(name="from-git", version="2", source=SOURCE),
        MINE,
    ),
    variables={"MODE": "on"},
)


def written(format: str, profile: str | None = None, environment: Environment = WORK, **fields):
    return documents.write(environment, DocumentQuery(format=format, profile=profile, **fields))


def test_an_exact_file_names_builds():
    specs = yaml.safe_load(written("environment-yaml", "exact").text)["dependencies"]
    assert specs[:2] == ["aaa=1.2.3=h1_0", "libzlib=1.3=h1_0"]


def test_a_version_is_pinned_so_that_no_later_one_fits():
    specs = yaml.safe_load(written("environment-yaml").text)["dependencies"]
    assert specs[:3] == ["aaa==1.2.3", "libzlib==1.3", "numpy==2.0.1"]


def test_a_minimal_file_lists_what_was_asked_for_and_what_nothing_brings():
    specs = yaml.safe_load(written("environment-yaml", "minimal").text)["dependencies"]
    assert specs == [
        *("aaa==1.2.3", "numpy==2.0.1", "pip==24.0", "python==3.12.4"),
        {"pip": ["acme==1.0", "from-git @ git+https://h.example/r.git@9f3c2e1"]},
    ]


def test_json_says_what_yaml_says():
    for profile in ("versions", "minimal", "exact"):
        text = written("environment-json", profile).text
        assert json.loads(text) == yaml.safe_load(written("environment-yaml", profile).text)
        assert text == json.dumps(json.loads(text), indent=2, ensure_ascii=False) + "\n"


@settings(deadline=None, max_examples=30)
@given(st.text(), st.booleans(), st.booleans(), st.booleans())
def test_json_is_laid_out_as_the_standard_library_does_it(text, pip, channels, variables):
    text = text.encode(errors="replace").decode()
    made = Environment(
        digest="",
        name=text,
        kind="conda",
        platform="linux-64",
        python=None,
        channels=(text,) if channels else (),
        pypi=(PypiPackage(name="acme", version="1"),) if pip else (),
        variables={text: text} if variables else {},
    )
    document = written("environment-json", environment=made).text
    assert document == json.dumps(json.loads(document), indent=2, ensure_ascii=False) + "\n"
    assert json.loads(document)["name"] == text


def test_an_explicit_list_installs_what_is_needed_first_and_names_hashes():
    document = written("explicit")
    head, _, lines = document.text.partition("@EXPLICIT\n")
    assert "# platform: linux-64" in head
    urls = [line for line in lines.splitlines() if not line.startswith("#")]
    order = [url.rpartition("/")[2].split("-")[0] for url in urls]
    assert order == ["zzz", "aaa", "libzlib", "python", "numpy", "pip"]
    assert urls[0].endswith(f".conda#{MD5}")
    assert urls[1].endswith(f".conda#sha256:{SHA256}")


def test_an_explicit_list_tells_pip_packages_apart():
    document = written("explicit")
    assert "#   acme==1.0\n" in document.text
    assert [f.code for f in document.findings] == ["not-in-format"]
    assert document.findings[0].message.startswith("3 pip packages: ")


def test_a_package_without_an_address_is_told():
    made = Environment(
        digest="",
        name="w",
        kind="conda",
        platform="linux-64",
        python=None,
        conda=(conda("a", url=None), conda("b", "1", "a", url="https://h.example/b\n@EXPLICIT")),
    )
    document = written("explicit", environment=made)
    assert document.text.endswith(
        "@EXPLICIT\n# without an address: a=1.2.3=h1_0\n# without an address: b=1=h1_0\n"
    )
    assert [f.package for f in document.findings] == ["a", "b"]


def test_requirements_name_every_python_package():
    document = written("requirements")
    assert document.text == (
        "# envsnap: profile=versions\n"
        "# Python 3.12.4\n"
        "acme==1.0\n"
        "from-git @ git+https://h.example/r.git@9f3c2e1\n"
        "# mine==0.1: runs from a folder on one machine, install it by hand\n"
        "numpy==2.0.1\n"
    )
    assert document.findings[0].message.startswith("5 conda packages: ")


@settings(deadline=None, max_examples=100)
@given(st.text(), st.text())
def test_every_line_of_requirements_is_one_for_pip(name, version):
    made = Environment(
        digest="",
        name="w",
        kind="conda",
        platform="linux-64",
        python=None,
        conda=(conda("x", version, distributions=(name,)),),
    )
    for line in written("requirements", environment=made).text.splitlines():
        assert line.startswith("#") or Requirement(line)


def test_entries_name_the_line_they_are_about():
    for name, profile in (("environment-yaml", "minimal"), ("explicit", "exact")):
        document = written(name, profile)
        lines = document.text.splitlines()
        for entry in document.entries:
            assert entry.name in lines[entry.line - 1]
    asked = {e.name: (e.kind, e.why, e.because) for e in document.entries}
    assert asked["aaa"] == ("conda", "requested", ("aaa",))
    assert asked["acme"] == ("pypi", "requested", ())


def test_a_file_remembers_how_it_was_made():
    text = written("environment-yaml", "minimal", exclude=("numpy", "xz"), without=("dev",)).text
    first = text.partition("\n")[0]
    assert first == "# envsnap: profile=minimal exclude=numpy,xz without=dev"
    assert documents.recorded.parse(text) == documents.recorded.Recorded(
        profile="minimal", exclude=("numpy", "xz"), without=("dev",)
    )
    assert documents.recorded.parse("name: x\n") is None


@pytest.mark.parametrize(
    "query",
    [
        DocumentQuery(from_history=True),
        DocumentQuery(builds=False, profile="exact"),
        DocumentQuery(channels=False, profile="minimal"),
        DocumentQuery(profile="conda", exclude=("numpy",)),
        DocumentQuery(profile="conda", without=("dev",)),
        DocumentQuery(exclude=("a b",)),
        DocumentQuery(exclude=("a,b",)),
        DocumentQuery(exclude=("x\n- evil",)),
        DocumentQuery(profile="conda"),
    ],
)
def test_what_a_profile_cannot_do_is_refused(query):
    with pytest.raises(OptionRefused):
        documents.write(WORK, query)


def test_a_requirement_names_the_version_of_the_distribution():
    pyqt = conda("pyqt", "5.15.9", distributions=("pyqt5", "pyqt5-sip==12.12.2"))
    torch = conda("pytorch", "2.1.0.post302", distributions=("torch==2.1.0",))
    made = replace(WORK, conda=(pyqt, torch), pypi=())
    text = documents.write(made, DocumentQuery(format="requirements")).text
    assert [line for line in text.splitlines() if not line.startswith("#")] == [
        *("pyqt5==5.15.9", "pyqt5-sip==12.12.2", "torch==2.1.0"),
    ]
    said = listed.parse(text, "requirements.txt")
    assert not diff(*comparable(said, made))
    newer = replace(made, conda=(pyqt, replace(torch, distributions=("torch==2.2.0",))))
    assert [(c.name, c.change) for c in diff(*comparable(said, newer)).packages] == [
        ("torch", "upgraded")
    ]
