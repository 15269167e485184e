from __future__ import annotations

import pytest
from msgspec.structs import replace

from jupyter_envsnap.core import findings as codes
from jupyter_envsnap.core.environment import Distribution, Parts, assemble
from jupyter_envsnap.core.local_sources import Checkout, local_sources, placed
from jupyter_envsnap.core.model import Environment, LocalSource, PypiPackage, VcsSource
from jupyter_envsnap.core.pip_lines import pip_lines

CHECKOUT = Checkout(
    top="/src/mylib",
    url="https://h/mylib.git",
    commit="9f3c2e1" + "0" * 33,
    clean=True,
    pushed=True,
    subdirectory=None,
)
DOCUMENT = Checkout(
    top="/work", url=None, commit=None, clean=False, pushed=False, subdirectory="notebooks"
)
FOLDER = "/work/notebooks"


def environment(source: LocalSource, *, name: str = "mylib") -> Environment:
    package = PypiPackage(name=name, version="1.0", source=source)
    other = PypiPackage(name="other", version="1.0", source=LocalSource(path="/o", editable=True))
    found = [Distribution(package=p, path=p.name, place=0, mtime_ns=1) for p in (package, other)]
    return assemble(
        Parts(name="x", kind="venv", platform="linux-64", python="3.12.4", distributions=found)
    )


def place(source: LocalSource, checkout: Checkout | None, folder: str | None = FOLDER):
    """(the package's source now, its line, the codes of its findings)."""
    before = environment(source)
    checkouts = {FOLDER: DOCUMENT} | ({source.path: checkout} if checkout else {})
    after = placed(before, checkouts, folder)
    assert after.pypi[1] == before.pypi[1]
    assert (after.digest == before.digest) == (after.pypi == before.pypi)
    line = pip_lines(after.pypi[:1], after.indexes).lines[0]
    told = [f.code for f in after.findings if f.package == "mylib"]
    return after.pypi[0].source, line.text if line.can_install else None, told


EDITABLE = LocalSource(path="/src/mylib", editable=True)
COMMIT = CHECKOUT.commit
PLACES = {
    "in the document's repository": (
        EDITABLE,
        replace(CHECKOUT, top="/work", subdirectory="libs/mylib", clean=False, pushed=False),
        "-e ../libs/mylib",
        [],
    ),
    "in the document's own folder": (
        EDITABLE,
        replace(CHECKOUT, top="/work", subdirectory="notebooks"),
        "-e .",
        [],
    ),
    "above it": (EDITABLE, replace(CHECKOUT, top="/work"), "-e ..", []),
    "installed from the document's repository": (
        LocalSource(path="/src/mylib"),
        replace(CHECKOUT, top="/work", subdirectory="libs/mylib"),
        "../libs/mylib",
        [],
    ),
    "clean and pushed": (
        EDITABLE,
        CHECKOUT,
        f"-e git+https://h/mylib.git@{COMMIT}#egg=mylib",
        [],
    ),
    "clean and pushed below the top": (
        EDITABLE,
        replace(CHECKOUT, subdirectory="python"),
        f"-e git+https://h/mylib.git@{COMMIT}#egg=mylib&subdirectory=python",
        [],
    ),
    "not pushed": (EDITABLE, replace(CHECKOUT, pushed=False), None, [codes.UNPUSHED_SOURCE]),
    "neither clean nor pushed": (
        EDITABLE,
        replace(CHECKOUT, pushed=False, clean=False),
        None,
        [codes.UNPUSHED_SOURCE],
    ),
    "not clean": (EDITABLE, replace(CHECKOUT, clean=False), None, [codes.EDITABLE_INSTALL]),
    "without a remote": (
        EDITABLE,
        replace(CHECKOUT, url=None, pushed=False),
        None,
        [codes.EDITABLE_INSTALL],
    ),
    "without a commit": (
        EDITABLE,
        replace(CHECKOUT, commit=None, pushed=False),
        None,
        [codes.EDITABLE_INSTALL],
    ),
    "in no repository": (EDITABLE, None, None, [codes.EDITABLE_INSTALL]),
    "installed from a folder elsewhere": (
        *(LocalSource(path="/src/mylib"), CHECKOUT),
        *(None, [codes.LOCAL_SOURCE]),
    ),
    "installed from a folder with an unpushed commit": (
        *(LocalSource(path="/src/mylib"), replace(CHECKOUT, pushed=False)),
        *(None, [codes.LOCAL_SOURCE]),
    ),
    "a wheel in the document's repository": (
        *(LocalSource(path="/work/a.whl"), replace(CHECKOUT, top="/work")),
        *(None, [codes.LOCAL_SOURCE]),
    ),
}


@pytest.mark.parametrize(("source", "checkout", "line", "told"), PLACES.values(), ids=list(PLACES))
def test_a_folder_of_this_machine_becomes_what_others_have(source, checkout, line, told):
    _, text, findings = place(source, checkout)
    assert (text, findings) == (line, told)


def test_an_unpushed_commit_is_named_in_short():
    made = placed(environment(EDITABLE), {"/src/mylib": replace(CHECKOUT, pushed=False)}, None)
    found = next(f for f in made.findings if f.code == codes.UNPUSHED_SOURCE)
    assert found.message == ("`mylib` is at commit 9f3c2e1, which its remote does not have yet.")


def test_without_a_folder_for_the_document_no_way_is_relative():
    source, text, _ = place(EDITABLE, replace(CHECKOUT, top="/work"), folder=None)
    assert isinstance(source, VcsSource)
    assert text is not None
    assert "git+" in text


def test_only_folders_are_asked_about():
    assert local_sources(environment(LocalSource(path="/x/a.WHL"))) == (
        LocalSource(path="/o", editable=True),
    )
    assert local_sources(environment(EDITABLE))[0] == EDITABLE


def test_what_nothing_is_known_of_stays_the_very_same():
    before = environment(EDITABLE)
    assert placed(before, {}, FOLDER) is before
