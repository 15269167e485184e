"""What each entry of a file is about, and which of them speak for this platform."""

from __future__ import annotations

import pytest
import yaml
from msgspec.structs import replace

from jupyter_envsnap.core.comparing import comparable
from jupyter_envsnap.core.diff import diff
from jupyter_envsnap.core.documents import declared, splice
from jupyter_envsnap.core.documents.selectors import holding
from jupyter_envsnap.core.model import PipIndexes, VirtualPackage
from tests.core.test_splice import NUMPY, PIP, POLARS, PYTHON, conda, environment, pypi, updated

GLIBC = VirtualPackage(name="__glibc", version="2.36", build="0")
OWN = conda("lib", "2.0.1", channel="https://h.example/channel")
DATEUTIL = conda("python-dateutil", "2.9.0.post0")


def listing(*entries: str, pip: tuple[str, ...] = (), channels: str = "[conda-forge]") -> str:
    lines = [f"channels: {channels}", "dependencies:", *(f"  - {entry}" for entry in entries)]
    if pip:
        lines += ["  - pip:", *(f"    - {entry}" for entry in pip)]
    return "".join(f"{line}\n" for line in lines)


def entries(text: str) -> tuple[list[str], list[str]]:
    listed = yaml.safe_load(text)["dependencies"]
    pip = [line for item in listed if isinstance(item, dict) for line in item["pip"]]
    return [item for item in listed if isinstance(item, str)], pip


def told(text: str, world) -> set[tuple[str, str]]:
    changes = diff(*comparable(declared.parse(text), world))
    return {(c.name, c.change) for c in changes.packages if c.change != "details"}


# --- channels ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("entry", "after"),
    [
        ("https://h.example/channel::lib=1.0", "https://h.example/channel::lib=2.0.1"),
        ("https://h.example/channel::lib>=2", None),
        (
            "https://h.example/channel/linux-64::lib==1.0",
            "https://h.example/channel/linux-64::lib==2.0.1",
        ),
        ("https://other.example/c::lib=2.0.1", "https://h.example/channel::lib=2.0.1"),
        ("https://h.example/channel::gone=1.0", ""),
    ],
)
def test_an_entry_may_name_its_channel_by_address(entry, after):
    world = environment(PYTHON, OWN, channels=("conda-forge", OWN.channel))
    text = listing("python", "lib", entry, channels=f"[conda-forge, '{OWN.channel}']")
    expected = [e for e in ("python", "lib", entry if after is None else after) if e]
    made = updated(text, world)
    assert entries(made)[0] == expected
    assert told(made, world) == set()


# --- what speaks for another platform -----------------------------------------------------------


@pytest.mark.parametrize(
    ("lines", "added"),
    [
        (("numpy=1.20.0  # [win]",), "numpy==2.0.1"),
        (("numpy=1.20.0  # [not linux]",), "numpy==2.0.1"),
        (("numpy=1.20.0  # [osx or win]",), "numpy==2.0.1"),
        (("numpy  # [unix]",), None),
        (("numpy  # [linux and x86_64]",), None),
        # Nobody knows whether it holds.
        (("numpy  # [cuda]",), None),
        (("numpy", "numpy  # [win]"), None),
    ],
)
def test_a_line_for_another_platform_does_not_stand_for_a_package(lines, added):
    world = environment(NUMPY, PYTHON)
    text = listing(*lines, "python")
    made = updated(text, world)
    new = [line for line in made.splitlines() if line not in text.splitlines()]
    assert new == ([f"  - {added}"] if added else [])
    assert set(text.splitlines()) <= set(made.splitlines())
    assert told(text, world) == ({("numpy", "added")} if added else set())
    assert (updated(made, world), told(made, world)) == (made, set())


@pytest.mark.parametrize(
    ("line", "is_added"),
    [
        ("polars==1.8.0; python_version<'3.8'", True),
        ("polars==1.8.0  # [win]", True),
        ("polars==1.8.0; python_version<'3.8'  # [linux]", True),
        ("polars; python_version>'3.8'", False),
        ("polars; platform_release == '6.1'", False),
        ("polars; extra == 'x'", False),
        ("polars; python_version>'3.8'  # [cuda]", False),
    ],
)
def test_a_line_for_another_python_does_not_stand_for_a_package(line, is_added):
    world = environment(PIP, POLARS, PYTHON)
    text = listing("python", "pip", pip=(f'"{line}"' if "#" not in line else line,))
    made = updated(text, world)
    assert made.replace('- "polars==1.9.0"', "- polars==1.9.0") == (
        f"{text}    - polars==1.9.0\n" if is_added else text
    )
    assert told(text, world) == ({("polars", "added")} if is_added else set())
    assert (updated(made, world), told(made, world)) == (made, set())


def test_a_marker_is_judged_by_the_environment_and_not_by_the_python_that_serves():
    for marker in ("platform_release != 'x'", "platform_version != 'x'", "extra != 'x'"):
        text = listing("python", "pip", pip=(f'"polars==1.8.0; {marker}"',))
        assert updated(text, environment(PIP, POLARS, PYTHON)) == text


@pytest.mark.parametrize(
    ("platform", "selector", "holds"),
    [
        ("linux-64", "unix", True),
        ("osx-arm64", "unix", True),
        ("win-64", "unix", False),
        ("win-64", "not unix", True),
        ("linux-64", "linux64", True),
        ("linux-64", "osx, linux", True),
        ("linux-64", "linux and win", False),
        ("linux-64", "linux and py3k", None),
        ("linux-64", "py3k or linux", None),
    ],
)
def test_a_selector_holds_on_its_platforms(platform, selector, holds):
    assert holding(platform)(f"# [{selector}]") is holds


# --- twice --------------------------------------------------------------------------------------


def test_what_is_in_both_lists_ends_where_it_is():
    text = listing("python", "numpy=1.26.4", pip=("numpy==1.26.4", "-r more.txt"))
    owned = replace(NUMPY, distributions=("numpy",))
    made = updated(text, environment(owned, PYTHON))
    assert entries(made) == (["python", "numpy=2.0.1"], ["-r more.txt"])
    by_pip = updated(text, environment(PYTHON, PIP, pypi("numpy", "2.0.1")))
    assert entries(by_pip) == (["python"], ["numpy==2.0.1", "-r more.txt"])


@pytest.mark.parametrize(
    ("lines", "after"),
    [
        (("polars==1.7.0", "polars==1.8.0"), ["polars==1.9.0"]),
        (("polars==1.9.0", "polars==1.8.0"), ["polars==1.9.0"]),
        (("polars==1.8.0", "polars==1.9.0"), ["polars==1.9.0"]),
        (("polars", "polars==1.8.0"), ["polars", "polars==1.9.0"]),
        # Twice as a person wrote it.
        (("polars", "polars"), ["polars", "polars"]),
    ],
)
def test_two_lines_of_one_package_do_not_come_to_say_the_same(lines, after):
    world = environment(PIP, POLARS, PYTHON)
    made = updated(listing("python", "pip", pip=lines), world)
    assert entries(made)[1] == after
    made = updated(listing("python", *lines), environment(conda("polars", "1.9.0"), PYTHON))
    assert entries(made)[0][1:] == after


@pytest.mark.parametrize("virtual", [(GLIBC,), ()])
def test_what_a_file_asks_of_the_machine_stays(virtual):
    text = listing("__glibc >=2.17", "python")
    world = environment(PYTHON, virtual_packages=virtual)
    assert (updated(text, world), told(text, world)) == (text, set())


@pytest.mark.parametrize(
    "option",
    [
        "--extra-index-url https://i.example/simple/",
        "--extra-index-url=https://i.example/simple",
        "--extra-index-url 'https://i.example/simple'",
        '--extra-index-url "https://i.example/simple/"',
        "--extra-index-url https://me:s3cret@i.example/simple  # ours",
    ],
)
def test_an_index_is_named_once_however_it_is_written(option):
    world = environment(
        PIP, POLARS, PYTHON, indexes=PipIndexes(extra=("https://i.example/simple",))
    )
    text = listing("python", "pip", pip=(f"'{option.replace(chr(39), chr(39) * 2)}'", "polars"))
    assert updated(text, world) == text
    assert diff(*comparable(declared.parse(text), world)).facts == ()


# --- versions -----------------------------------------------------------------------------------


def test_a_version_behind_one_equals_sign_takes_what_goes_on_from_it():
    world = environment(PYTHON, DATEUTIL)
    text = listing("python", "python-dateutil=2.9.0")
    made = splice.update(text, world)
    assert (made.text, made.loose) == (text, ("python", "python-dateutil"))
    assert told(text, world) == set()
    pinned = splice.update(text, world, loose="pin").text
    assert "python-dateutil==2.9.0.post0" in pinned
    back = environment(PYTHON, replace(DATEUTIL, version="2.9.0"))
    assert told(pinned, back) == {("python-dateutil", "downgraded")}


def test_a_file_that_has_one_equals_sign_stays_as_it_is_while_nothing_changes():
    zlib = conda("zlib", "1.3")
    text = "# envsnap: profile=versions\n" + listing("numpy=2.0.1", "python=3.12.4", "zlib=1.3")
    world = environment(NUMPY, PYTHON, zlib)
    for loose in ("keep", "pin"):
        made = splice.update(text, world, loose=loose)
        assert (made.text, made.loose) == (text, ())
    assert told(text, world) == set()
    # The operator of an entry that changes is the person's; what comes is written by ours.
    newer = environment(DATEUTIL, replace(NUMPY, version="2.1"), PYTHON, zlib)
    changed = updated(text, newer)
    assert entries(changed)[0] == [
        *("numpy=2.1", "python=3.12.4", "python-dateutil==2.9.0.post0", "zlib=1.3")
    ]
    assert (updated(changed, newer), told(changed, newer)) == (changed, set())


@pytest.mark.parametrize(
    ("entry", "kept", "pinned"),
    [
        ("numpy=2.0", "numpy=2.0", "numpy==2.0.1"),
        ("numpy = 2.*", "numpy = 2.*", "numpy == 2.0.1"),
        ("numpy=1.26", "numpy=2.0.1", "numpy==2.0.1"),
        ("numpy==1.26.4", "numpy==2.0.1", "numpy==2.0.1"),
        ("numpy 1.26.4", "numpy 2.0.1", "numpy 2.0.1"),
        ("numpy=1.26.4=py_0", "numpy=2.0.1=h1_0", "numpy=2.0.1=h1_0"),
        ("numpy>=2.1", "numpy==2.0.1", "numpy==2.0.1"),
        ("numpy(<2)", "numpy==2.0.1", "numpy==2.0.1"),
        ("defaults::numpy=2.0.1", "conda-forge::numpy=2.0.1", "conda-forge::numpy==2.0.1"),
    ],
)
def test_a_pin_that_is_asked_for_takes_that_version_and_no_other(entry, kept, pinned):
    world = environment(NUMPY, PYTHON)
    for loose, expected in (("keep", kept), ("pin", pinned)):
        text = splice.update(listing(f"'{entry}'", "python==3.12.4"), world, loose=loose).text
        assert entries(text)[0] == [expected, "python==3.12.4"]
        assert splice.update(text, world, loose=loose).text == text


@pytest.mark.parametrize(
    ("entry", "loose", "after"),
    [
        ("python=3.12", "pin", "python=3.12"),
        ("python", "pin", "python=3.12"),
        ("python==3.11.7", "keep", "python=3.12"),
        ("python 3.11", "keep", "python=3.12"),
        ("conda-forge::python 3.11", "keep", "conda-forge::python=3.12"),
        ("python=3.11.7=h1_0", "keep", "python=3.12"),
        ("python>=3.13", "keep", "python=3.12"),
    ],
)
def test_a_python_whose_patch_level_nobody_knows_is_pinned_as_far_as_it_is_known(
    entry, loose, after
):
    venv = environment(POLARS, kind="venv", channels=(), python="3.12")
    text = listing(entry, "pip", pip=("polars==1.9.0",))
    made = splice.update(text, venv, loose=loose).text
    assert entries(made)[0] == [after, "pip"]
    assert (updated(made, venv), told(made, venv)) == (made, set())


@pytest.mark.parametrize(
    ("lines", "loose", "after"),
    [
        (("numpy=1.0", "numpy>=3"), "keep", "numpy=2.0.1"),
        (("numpy", "numpy=2.0.1"), "pin", "numpy==2.0.1"),
    ],
)
def test_two_entries_that_come_to_say_the_same_version_are_one(lines, loose, after):
    made = splice.update(listing(*lines, "python==3.12.4"), environment(NUMPY, PYTHON), loose=loose)
    assert entries(made.text)[0] == [after, "python==3.12.4"]


def test_a_venv_has_no_builds_and_its_versions_are_pinned_without():
    venv = environment(POLARS, kind="venv", channels=(), python="3.12.4")
    made = updated(listing("polars=1.8.0=py_0", "python=3.12.3=h1_0", "pip"), venv)
    assert entries(made)[0] == ["polars==1.9.0", "python==3.12.4", "pip"]
