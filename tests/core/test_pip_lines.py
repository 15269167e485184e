"""Each line makes pip install again what it installed; pip's own parser is asked what it reads."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from jupyter_envsnap.core import findings as codes
from jupyter_envsnap.core.documents import pip_sources
from jupyter_envsnap.core.documents.declared import pip_entry
from jupyter_envsnap.core.model import (
    ArchiveSource,
    LocalSource,
    PipIndexes,
    PypiPackage,
    VcsSource,
)
from jupyter_envsnap.core.pip_lines import pip_lines

TORCH = "https://download.pytorch.org/whl"
PIP_READS = """
import json, os, sys
from pip._internal.network.session import PipSession
from pip._internal.req.constructors import install_req_from_parsed_requirement
from pip._internal.req.req_file import parse_requirements
os.chdir(sys.argv[1])
found = []
for parsed in parse_requirements("requirements.txt", session=PipSession()):
    made = install_req_from_parsed_requirement(parsed)
    link = made.link
    found.append({
        "name": made.name,
        "specifier": str(made.specifier) if made.req else None,
        "editable": made.editable,
        "url": None if link is None else link.url,
        "hash": None if link is None else link.hash,
        "below": None if link is None else link.subdirectory_fragment,
    })
print(json.dumps(found))
"""


def package(name="acme", version="1.0", source=None) -> PypiPackage:
    return PypiPackage(name=name, version=version, source=source)


def lines(*packages: PypiPackage, indexes=None) -> list[str]:
    return [line.text for line in pip_lines(packages, indexes or PipIndexes()).lines]


def read_by_pip(folder, *packages: PypiPackage) -> list[dict[str, object]]:
    """What pip makes of a requirements file with these lines, with every option before them."""
    made = pip_lines(packages, PipIndexes())
    assert all(line.can_install for line in made.lines)
    text = "".join(f"{line}\n" for line in (*made.options, *(line.text for line in made.lines)))
    (folder / "requirements.txt").write_text(text)
    done = subprocess.run(
        [sys.executable, "-c", PIP_READS, folder], capture_output=True, text=True, check=True
    )
    return json.loads(done.stdout)


GIT = VcsSource(vcs="git", url="https://h/r.git", commit="9f3c2e1")
TEXTS = {
    "from an index": (package(), "acme==1.0"),
    "a local version": (package(version="1.0+local.7"), "acme==1.0+local.7"),
    "a version that PEP 440 does not know": (package(version="1.0-x_y"), "acme===1.0-x_y"),
    "from git": (package(source=GIT), "acme @ git+https://h/r.git@9f3c2e1"),
    "from a folder in git": (
        package(source=VcsSource(vcs="git", url="ssh://git@h/r", commit="9", subdirectory="a+b")),
        "acme @ git+ssh://git@h/r@9#subdirectory=a+b",
    ),
    "from Mercurial": (
        package(source=VcsSource(vcs="hg", url="https://h/r", commit="9f3c")),
        "acme @ hg+https://h/r@9f3c",
    ),
    "a checkout": (
        package(
            source=VcsSource(
                vcs="git", url="https://h/r", commit="9", subdirectory="py", editable=True
            )
        ),
        "-e git+https://h/r@9#egg=acme&subdirectory=py",
    ),
    "an archive": (
        package(source=ArchiveSource(url="https://h/a.zip", hashes=("md5=1", "sha256=2"))),
        "acme @ https://h/a.zip#sha256=2",
    ),
    "an archive without a usable hash": (
        package(source=ArchiveSource(url="https://h/a b.zip", hashes=("blake2b=1", "sha256=x y"))),
        "acme @ https://h/a%20b.zip",
    ),
    "an archive with a semicolon in its address": (
        package(source=ArchiveSource(url="https://h/a;b.zip")),
        "acme @ https://h/a%3Bb.zip",
    ),
    "a branch with a slash": (
        package(source=VcsSource(vcs="git", url="https://h/r", commit="release/1.0")),
        "acme @ git+https://h/r@release/1.0",
    ),
    "a folder of an archive": (
        package(source=ArchiveSource(url="https://h/a.zip", hashes=("md5=1",), subdirectory="s")),
        "acme @ https://h/a.zip#subdirectory=s&md5=1",
    ),
    "the document's own folder": (
        package(source=LocalSource(path="/x", editable=True, written=".")),
        "-e .",
    ),
    "a folder beside it": (
        package(source=LocalSource(path="/x", editable=True, written="../lib")),
        "-e ../lib",
    ),
    "a folder below it": (
        package(source=LocalSource(path="/x", editable=True, written="libs/acme")),
        "-e ./libs/acme",
    ),
    "a folder with a blank in its name": (
        package(source=LocalSource(path="/x", editable=True, written="./it's mine")),
        "-e './it'\"'\"'s mine'",
    ),
    "a folder that was installed": (
        package(source=LocalSource(path="/x", written="./libs/acme")),
        "./libs/acme",
    ),
}


@pytest.mark.parametrize(("installed", "text"), TEXTS.values(), ids=list(TEXTS))
def test_each_kind_of_install_has_its_line(installed, text):
    assert lines(installed) == [text]


def test_pip_reads_in_every_line_what_is_meant(tmp_path):
    for folder in ("libs/acme", "it's mine"):
        (tmp_path / folder).mkdir(parents=True)
        (tmp_path / folder / "setup.py").write_text("")
    (tmp_path / "setup.py").write_text("")
    left_out = {"a folder beside it"}
    packages = {name: installed for name, (installed, _) in TEXTS.items() if name not in left_out}
    found = dict(zip(packages, read_by_pip(tmp_path, *packages.values()), strict=True))

    def of(name: str, *keys: str) -> list[object]:
        return [found[name][key] for key in keys]

    assert of("from an index", "name", "specifier", "url") == ["acme", "==1.0", None]
    assert of("a local version", "specifier") == ["==1.0+local.7"]
    assert of("a version that PEP 440 does not know", "specifier") == ["===1.0-x_y"]
    assert of("from a folder in git", "name", "url", "below") == [
        *("acme", "git+ssh://git@h/r@9#subdirectory=a+b", "a+b"),
    ]
    assert of("a checkout", "name", "editable", "below") == ["acme", True, "py"]
    assert of("an archive", "name", "hash") == ["acme", "2"]
    assert of("an archive with a semicolon in its address", "url") == ["https://h/a%3Bb.zip"]
    assert of("a folder of an archive", "below", "hash") == ["s", "1"]
    folders = {
        "the document's own folder": "",
        "a folder below it": "/libs/acme",
        "a folder with a blank in its name": "/it%27s%20mine",
        "a folder that was installed": "/libs/acme",
    }
    for name, below in folders.items():
        assert of(name, "url") == [f"file://{tmp_path}{below}"]
    assert of("a folder that was installed", "editable") == [False]


@pytest.mark.parametrize("below", ["a b", "ü", "a&b", "a#b"])
@pytest.mark.parametrize("make", [VcsSource, ArchiveSource])
def test_a_folder_that_pip_would_read_letter_by_letter_is_told(make, below):
    more = {"vcs": "git", "commit": "9"} if make is VcsSource else {}
    made = pip_lines(
        [package(source=make(url="https://h/r", subdirectory=below, **more))], PipIndexes()
    )
    assert [line.can_install for line in made.lines] == [False]
    assert [f.code for f in made.findings] == [codes.NOT_IN_FORMAT]


@pytest.mark.parametrize(("installed", "text"), TEXTS.values(), ids=list(TEXTS))
def test_each_line_is_read_again_as_what_it_was_made_of(installed, text):
    entry = pip_entry(text)
    (line,) = pip_lines([installed], PipIndexes()).lines
    assert entry.name in {"acme", ""}
    if installed.source is not None:
        assert pip_sources.is_same(entry, line, pin=True)
        assert pip_sources.of_address(entry, {"acme": line}) == "acme"


@pytest.mark.parametrize(
    ("source", "why"),
    [
        (LocalSource(path="/x", editable=True), "runs from a folder"),
        (LocalSource(path="/x/a.whl"), "was installed from a file"),
        (LocalSource(path="/x", editable=True, written="a\nb"), "runs from a folder"),
        (LocalSource(path="/x", editable=True, written="a #b"), "runs from a folder"),
        (LocalSource(path="/x", written="a;b"), "was installed from a file"),
        (LocalSource(path="/x", written="a[b]"), "was installed from a file"),
    ],
)
def test_what_only_this_machine_has_is_for_a_comment(source, why):
    made = pip_lines([package(source=source)], PipIndexes())
    (line,) = made.lines
    assert not line.can_install
    code = codes.EDITABLE_INSTALL if source.editable else codes.LOCAL_SOURCE
    # Of one without a way to it the environment itself tells.
    assert [f.code for f in made.findings] == [code] * (source.written is not None)
    assert line.text.startswith("acme==1.0: ")
    assert why in line.text
    assert "/x" not in line.text


@pytest.mark.parametrize(
    ("version", "option"),
    [
        ("2.3.0+cu118", f"--extra-index-url {TORCH}/cu118"),
        ("2.3.0+cu124", f"--extra-index-url {TORCH}/cu124"),
        ("2.3.0+cpu", f"--extra-index-url {TORCH}/cpu"),
        ("2.3.0+rocm6.0", f"--extra-index-url {TORCH}/rocm6.0"),
        ("2.5.0+xpu", f"--extra-index-url {TORCH}/xpu"),
        ("2.0.1+cpu.cxx11.abi", f"--extra-index-url {TORCH}/cpu-cxx11-abi"),
        ("2.0.1+cu117.with.pypi.cudnn", f"--extra-index-url {TORCH}/cu117_pypi_cudnn"),
        ("2.1.2+pt21cu121", "--find-links https://data.pyg.org/whl/torch-2.1.0+cu121.html"),
        ("2.1.0+pt112cpu", "--find-links https://data.pyg.org/whl/torch-1.12.0+cpu.html"),
    ],
)
def test_a_known_label_brings_its_index(version, option):
    made = pip_lines([package(version=version)], PipIndexes())
    assert (made.options, made.findings) == ((option,), ())


def test_each_index_is_named_once_and_those_of_the_user_first():
    made = pip_lines(
        [package("b", "1+cu118"), package("a", "1+cpu"), package("c", "2+cu118")],
        PipIndexes(
            index_url="https://mirror/simple",
            extra=(f"{TORCH}/cpu/", "https://own/simple"),
            find_links=("https://own/links",),
        ),
    )
    assert made.options == (
        "--index-url https://mirror/simple",
        f"--extra-index-url {TORCH}/cpu/",
        "--extra-index-url https://own/simple",
        "--find-links https://own/links",
        f"--extra-index-url {TORCH}/cu118",
    )


@pytest.mark.parametrize("name", ["acme", "dgl", "detectron2"])
def test_an_index_that_nobody_names_is_told(name):
    version = "1.0+internal.3" if name == "acme" else "1.0+cu118"
    made = pip_lines([package(name, version)], PipIndexes())
    assert made.options == ()
    assert [(f.code, f.package) for f in made.findings] == [(codes.UNKNOWN_INDEX, name)]
    configured = pip_lines([package(name, version)], PipIndexes(extra=("https://own/simple",)))
    assert configured.findings == ()


def test_an_index_in_a_folder_of_this_machine_is_none_to_others():
    here = PipIndexes(
        index_url="file:///srv/simple", extra=("FILE:///srv/more",), find_links=("/srv/wheels",)
    )
    made = pip_lines([package(version="1.0+internal.3")], here)
    assert (made.options, [f.code for f in made.findings]) == ((), [codes.UNKNOWN_INDEX])


def test_without_a_package_from_an_index_none_is_named():
    local = LocalSource(path="/x", editable=True)
    packages = [package("a", "1+cu118", GIT), package("b", "1+x", local)]
    assert pip_lines(packages, PipIndexes(index_url="https://mirror/simple")).options == ()
    assert pip_lines(packages, PipIndexes()).findings == ()
