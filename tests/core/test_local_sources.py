from __future__ import annotations

import pytest
from msgspec.structs import replace

from jupyter_envsnap.core import findings as codes
from jupyter_envsnap.core.environment import Distribution, Parts, assemble
from jupyter_envsnap.core.local_sources import Checkout, folders, placed, said_by_folder
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
    top="/repo", url=None, commit=None, clean=False, pushed=False, subdirectory="notebooks"
)
FOLDER = "/repo/notebooks"


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
    after = placed(before, checkouts, folder).environment
    assert after.pypi[1] == before.pypi[1]
    assert (after.digest == before.digest) == (after.pypi == before.pypi)
    line = pip_lines(after.pypi[:1], after.indexes).lines[0]
    told = [f.code for f in after.findings if f.package == "mylib"]
    return after.pypi[0].source, line.text if line.can_install else None, told


EDITABLE = LocalSource(path="/src/mylib", editable=True)
YAML = "dependencies:\n  - pip:\n      - -e /src/mylib/\n      - -e ./elsewhere\n"
COMMIT = CHECKOUT.commit
PLACES = {
    "in the document's repository": (
        EDITABLE,
        replace(CHECKOUT, top="/repo", subdirectory="libs/mylib", clean=False, pushed=False),
        "-e ../libs/mylib",
        [],
    ),
    "in the document's own folder": (
        EDITABLE,
        replace(CHECKOUT, top="/repo", subdirectory="notebooks"),
        "-e .",
        [],
    ),
    "above it": (EDITABLE, replace(CHECKOUT, top="/repo"), "-e ..", []),
    "installed from the document's repository": (
        LocalSource(path="/src/mylib"),
        replace(CHECKOUT, top="/repo", subdirectory="libs/mylib"),
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
        *(LocalSource(path="/repo/a.whl"), replace(CHECKOUT, top="/repo")),
        *(None, [codes.LOCAL_SOURCE]),
    ),
}


@pytest.mark.parametrize(("source", "checkout", "line", "told"), PLACES.values(), ids=list(PLACES))
def test_a_folder_of_this_machine_becomes_what_others_have(source, checkout, line, told):
    _, text, findings = place(source, checkout)
    assert (text, findings) == (line, told)


def test_the_digest_of_a_folders_package_stays_from_release_to_release():
    """Where this fails, a field came to the model: every such environment is kept once more."""
    made = environment(LocalSource(path="/src/mylib", editable=True))
    assert made.digest == "ef21496cba33d979ef0ec03bc5af1b9b71325aee0f1d1e5e387bb74aef555056"


def test_an_unpushed_commit_is_named_in_short():
    made = placed(environment(EDITABLE), {"/src/mylib": replace(CHECKOUT, pushed=False)}, None)
    found = next(f for f in made.environment.findings if f.code == codes.UNPUSHED_SOURCE)
    assert found.message == ("`mylib` is at commit 9f3c2e1, which its remote does not have yet.")


def test_without_a_folder_for_the_document_no_way_is_relative():
    source, text, _ = place(EDITABLE, replace(CHECKOUT, top="/repo"), folder=None)
    assert isinstance(source, VcsSource)
    assert text is not None
    assert "git+" in text


def test_only_folders_are_asked_about():
    assert set(folders(environment(LocalSource(path="/x/a.WHL")))) == {"other"}
    assert folders(environment(EDITABLE))["mylib"] == EDITABLE


def test_what_nothing_is_known_of_stays_the_very_same():
    before = environment(EDITABLE)
    assert placed(before, {}, FOLDER).environment is before


NOT_PUSHED = replace(CHECKOUT, pushed=False)
NOT_CLEAN = replace(CHECKOUT, clean=False)
INSTALLED = LocalSource(path="/src/mylib")
GIT = f"-e git+https://h/mylib.git@{COMMIT}#egg=mylib"
AS_FOLDER = "-e /src/mylib"
EDITABLE_TOLD, UNPUSHED_TOLD = [codes.EDITABLE_INSTALL], [codes.UNPUSHED_SOURCE]
ASKED = {
    # (source, checkout, asked for, line, findings, options)
    "its folder": (EDITABLE, CHECKOUT, "folder", AS_FOLDER, EDITABLE_TOLD, "git folder"),
    "its commit, without what is not committed": (
        *(EDITABLE, NOT_CLEAN, "git", GIT, [], "git folder"),
    ),
    "a commit that nobody else has": (
        *(EDITABLE, NOT_PUSHED, "git", None, UNPUSHED_TOLD, "folder comment"),
    ),
    "the folder of such a commit": (
        *(EDITABLE, NOT_PUSHED, "folder", AS_FOLDER, EDITABLE_TOLD, "folder comment"),
    ),
    "a folder in no repository": (
        *(EDITABLE, None, "folder", AS_FOLDER, EDITABLE_TOLD, "folder comment"),
    ),
    "the commit of what was installed once": (
        *(INSTALLED, CHECKOUT, "git", None, [codes.LOCAL_SOURCE], "folder comment"),
    ),
    "the folder of what was installed once": (
        *(INSTALLED, CHECKOUT, "folder", "/src/mylib", [codes.LOCAL_SOURCE], "folder comment"),
    ),
    "a comment where there is a commit": (EDITABLE, CHECKOUT, "comment", GIT, [], "git folder"),
    "a folder that no line can hold": (
        LocalSource(path="/src/my #lib", editable=True),
        *(None, "folder", None, EDITABLE_TOLD, "comment"),
    ),
}


@pytest.mark.parametrize("case", ASKED.values(), ids=list(ASKED))
def test_it_is_named_as_is_asked_for_where_that_can_be(case):
    source, checkout, asked, line, told, options = case
    checkouts = {source.path: checkout} if checkout else {}
    made = placed(environment(source), checkouts, FOLDER, asked={"mylib": asked})
    written = pip_lines(made.environment.pypi[:1], made.environment.indexes).lines[0]
    assert (written.text if written.can_install else None) == line
    assert [f.code for f in made.environment.findings if f.package == "mylib"] == told
    (found, _) = made.local
    assert (found.name, found.folder, " ".join(found.options)) == ("mylib", source.path, options)


@pytest.mark.parametrize("asked", ["git", "folder", "comment"])
def test_in_the_files_own_repository_there_is_nothing_to_choose(asked):
    inside = replace(CHECKOUT, top="/repo", subdirectory="lib")
    checkouts = {FOLDER: DOCUMENT, "/src/mylib": inside}
    made = placed(environment(EDITABLE), checkouts, FOLDER, asked={"mylib": asked})
    assert made.environment.pypi[0].source.written == "../lib"
    assert [found.name for found in made.local] == ["other"]


def test_a_file_keeps_the_folder_that_it_names():
    said = said_by_folder(environment(EDITABLE), YAML, "environment.yml")
    assert said == {"mylib"}
    kept = placed(environment(EDITABLE), {"/src/mylib": CHECKOUT}, FOLDER, said=said)
    assert kept.local[0].named == "folder"
    asked = placed(
        environment(EDITABLE), {"/src/mylib": CHECKOUT}, FOLDER, said=said, asked={"mylib": "git"}
    )
    assert asked.local[0].named == "git"


@pytest.mark.parametrize("text", ["{{ template }}", "a: 1\na: 2\n", "name: x\n"])
def test_a_file_that_does_not_say_so_names_no_folder(text):
    assert said_by_folder(environment(EDITABLE), text, "environment.yml") == frozenset()
