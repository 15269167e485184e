"""A line of pip is about what is installed, however it names it, and keeps what else it says."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jupyter_envsnap.core.comparing import comparable
from jupyter_envsnap.core.diff import diff
from jupyter_envsnap.core.documents import declared, pip_sources
from jupyter_envsnap.core.loading import loads
from jupyter_envsnap.core.model import (
    ArchiveSource,
    LocalSource,
    PipIndexes,
    PypiPackage,
    Source,
    VcsSource,
)
from jupyter_envsnap.core.pip_lines import pip_lines
from tests.core.test_splice import PIP, PYTHON, environment, pypi, updated

COMMIT = "9f3c2e1" + "0" * 33
GIT = VcsSource(vcs="git", url="https://h.example/Org/r.git", commit=COMMIT, revision="main")
CHECKOUT = VcsSource(vcs="git", url="https://h.example/Org/r", commit=COMMIT, editable=True)
BELOW = VcsSource(vcs="git", url="https://h.example/Org/r", commit=COMMIT, subdirectory="py")
WHEEL = ArchiveSource(url="https://h.example/lib-1.0-py3-none-any.whl", hashes=("sha256=aa",))
ZIP = ArchiveSource(url="https://h.example/main.zip", hashes=("sha256=aa", "md5=bb"))
HERE = LocalSource(path="/r", editable=True, written=".")
FOLDER = LocalSource(path="/r/lib", written="./lib")
ODD = LocalSource(path="/r", editable=True, written="./it's my lib")
R = "git+https://h.example/Org/r"

# (source, line, what becomes of it: None if it stays). `lib` 1.0 is installed.
LINES: list[tuple[Source | None, str, str | None]] = [
    # Without a name.
    (WHEEL, "https://h.example/lib-1.0-py3-none-any.whl", None),
    (
        WHEEL,
        "https://h.example/lib-0.9-py3-none-any.whl",
        "lib @ https://h.example/lib-1.0-py3-none-any.whl#sha256=aa",
    ),
    (None, "https://h.example/lib-0.9-py3-none-any.whl", "lib==1.0"),
    (None, "https://h.example/lib-0.9.tar.gz", "lib==1.0"),
    (
        None,
        "https://h.example/lib-0.9.tar.gz ; python_version > '3'",
        "lib==1.0 ; python_version > '3'",
    ),
    (ZIP, "https://h.example/main.zip", None),
    (GIT, f"{R}@main", None),
    (GIT, R, None),
    (GIT, f"{R}.git@{COMMIT}", None),
    (GIT, f"{R}@v1", f"{R}@{COMMIT}"),
    (GIT, f"{R}@feature/a.b", f"{R}@{COMMIT}"),
    (CHECKOUT, f"-e {R}", None),
    (BELOW, f"{R}#subdirectory=py", None),
    # With extras.
    (HERE, "-e .[dev]", None),
    (HERE, "-e '.[dev,test]'", None),
    (HERE, "-e './[dev]'", None),
    (HERE, "--editable=file:.[dev]", None),
    (FOLDER, "./lib[dev]", None),
    (FOLDER, "-e ./lib[dev]", "./lib[dev]"),
    (GIT, f"lib[dev] @ {R}@old", f"lib[dev] @ {R}@{COMMIT}"),
    (GIT, f"{R}@old#egg=lib[dev]", f"{R}@{COMMIT}#egg=lib[dev]"),
    (GIT, "lib[dev]==0.9", f"lib[dev] @ {R}.git@{COMMIT}"),
    (GIT, "lib[dev] @ git+https://other.example/r", f"lib[dev] @ {R}.git@{COMMIT}"),
    (CHECKOUT, "lib[a,b] @ git+https://other.example/r", f"-e {R}@{COMMIT}#egg=lib[a,b]"),
    (None, "lib[dev] @ git+https://other.example/r", "lib[dev]==1.0"),
    (WHEEL, "lib[dev]==0.9", f"lib[dev] @ {WHEEL.url}#sha256=aa"),
    (HERE, "lib[dev]==0.9", "-e .[dev]"),
    (ODD, "lib[dev]==0.9", "-e './it'\"'\"'s my lib[dev]'"),
    # Of the same address, and yet another.
    (ZIP, f"lib @ {ZIP.url}#sha256=AA", None),
    (ZIP, f"lib @ {ZIP.url}#sha512=cc", None),
    (ZIP, f"lib @ {ZIP.url}#sha256=00", f"lib @ {ZIP.url}#sha256=aa"),
    (ZIP, f"lib @ {ZIP.url} --hash=sha256:aa --hash=sha256:bb", None),
    (ZIP, f"lib @ {ZIP.url} --hash=sha256:bb", f"lib @ {ZIP.url}#sha256=aa"),
    (ZIP, f"lib @ {ZIP.url}#subdirectory=py", f"lib @ {ZIP.url}#sha256=aa"),
    (BELOW, f"lib @ {R}", f"lib @ {R}@{COMMIT}#subdirectory=py"),
    (BELOW, f"lib @ {R}#subdirectory=js", f"lib @ {R}@{COMMIT}#subdirectory=py"),
    (GIT, f"lib @ {R}#subdirectory=py", f"lib @ {R}.git@{COMMIT}"),
    (GIT, f"-e {R}#egg=lib", f"lib @ {R}.git@{COMMIT}"),
    (CHECKOUT, f"lib @ {R}", f"-e {R}@{COMMIT}#egg=lib"),
    (HERE, ".", "-e ."),
    (LocalSource(path="/r", written="."), "-e .", "."),
    (GIT, "lib @ git+https://h.example/org/r", f"lib @ {R}.git@{COMMIT}"),
    (GIT, "lib @ git+https://H.Example/Org/r", None),
    (GIT, f"lib @ {R}@9", f"lib @ {R}@{COMMIT}"),
    (GIT, f"lib @ {R}@9f3c2e", f"lib @ {R}@{COMMIT}"),
    (GIT, f"lib @ {R}@9f3c2e1", None),
    (GIT, f"lib @ hg+https://h.example/Org/r@{COMMIT}", f"lib @ {R}.git@{COMMIT}"),
    # Whoever signs in there does it in their own way.
    (GIT, "lib @ git+https://${TOKEN}@h.example/Org/r.git@main", None),
    (
        GIT,
        "lib @ git+https://${TOKEN}@h.example/Org/r.git@v1",
        f"lib @ git+https://${{TOKEN}}@h.example/Org/r.git@{COMMIT}",
    ),
    (
        VcsSource(vcs="git", url="ssh://git@h.example/Org/r", commit=COMMIT),
        "lib @ git+ssh://h.example/Org/r",
        None,
    ),
    # As we write it, and as others do.
    (ODD, "-e './it'\"'\"'s my lib'", None),
    (ODD, '-e "./it\'s my lib"', None),
    (ODD, "-e file:./it%27s%20my%20lib", None),
    (ODD, "-e ./it%27s%20my%20lib", "-e ./it%27s%20my%20lib"),
    (FOLDER, "./lib ; python_version > '3'", None),
    (FOLDER, "./lib;python_version > '3'", None),
]


def listing(line: str) -> str:
    written = "".join(f"    - {part}\n" for part in [quoted(line)])
    return f"channels: [conda-forge]\ndependencies:\n  - python\n  - pip\n  - pip:\n{written}"


def quoted(line: str) -> str:
    return "'" + line.replace("'", "''") + "'"


@pytest.mark.parametrize(("source", "line", "after"), LINES)
def test_a_line_stays_or_says_what_is_installed(source, line, after):
    lib = pypi("lib", "1.0", source=source)
    world = environment(PYTHON, PIP, lib)
    made = updated(listing(line), world)
    if after == line:  # a folder of another name: what it holds nobody knows
        assert declared.parse(made).pip[0].text == line
        return
    assert made == listing(after or line)
    assert updated(made, world) == made
    changes = diff(*comparable(declared.parse(listing(line)), world))
    assert bool(changes) == (after is not None)


def test_a_branch_is_pinned_only_when_that_is_asked_for():
    world = environment(PYTHON, PIP, pypi("lib", "1.0", source=GIT))
    text = listing(f"lib[dev] @ {R}@main")
    assert updated(text, world) == text
    pinned = updated(text, world, loose="pin")
    assert pinned == listing(f"lib[dev] @ {R}@{COMMIT}").replace(
        "python\n", "python==3.12.4\n"
    ).replace("- pip\n", "- pip==24.0\n")
    assert updated(listing(R), world, loose="pin").endswith(f"'{R}@{COMMIT}'\n")


def test_a_wheel_of_what_is_not_installed_goes():
    world = environment(PYTHON, PIP, pypi("lib", "1.0"))
    text = listing("./wheels/gone-1.0-py3-none-any.whl")
    assert updated(text, world) == listing("lib==1.0")
    # Of an archive the name may be that of a branch.
    text = listing("https://h.example/archive/release-1.0.zip")
    assert updated(text, world).startswith(text)


@pytest.mark.parametrize(
    ("line", "source"),
    [
        ("-e './my lib'", LocalSource(path="./my lib", editable=True)),
        ("-e file:./my%20lib", LocalSource(path="my lib", editable=True)),
        (
            "lib @ git+https://h/r@release/1.0",
            VcsSource(vcs="git", url="https://h/r", commit="release/1.0"),
        ),
        ("lib @ git+ssh://git@h/r", VcsSource(vcs="git", url="ssh://git@h/r", commit="")),
    ],
)
def test_a_line_is_read_as_pip_reads_it(line, source):
    (package,) = loads(f"{line}\n", "requirements").pypi
    assert package.source == source


FOLDERS = st.text(st.sampled_from("ab'\" ;%[]&$ü."), min_size=1, max_size=6)
PLACES = st.builds(lambda name: f"./x{name}y", FOLDERS)
SOURCES = st.one_of(
    st.builds(
        LocalSource,
        path=st.just("/x"),
        editable=st.booleans(),
        written=st.one_of(PLACES, st.just(".")),
    ),
    st.builds(
        VcsSource,
        vcs=st.sampled_from(["git", "hg"]),
        url=st.builds(lambda name: f"https://h.example/{name}", FOLDERS),
        commit=st.sampled_from([COMMIT, "release/1.0"]),
        subdirectory=st.sampled_from([None, "py", "a+b/c"]),
        editable=st.booleans(),
    ),
    st.builds(
        ArchiveSource,
        url=st.builds(lambda name: f"https://h.example/{name}.zip", FOLDERS),
        hashes=st.sampled_from([(), ("sha256=aa",), ("md5=bb", "sha256=aa")]),
        subdirectory=st.sampled_from([None, "py"]),
    ),
)


@settings(deadline=None, max_examples=400)
@given(SOURCES)
def test_whatever_line_we_write_we_find_again(source):
    package = PypiPackage(name="lib", version="1.0", source=source)
    (line,) = pip_lines([package], PipIndexes()).lines
    if not line.can_install:
        return
    entry = declared.pip_entry(line.text)
    assert (entry.name or pip_sources.of_address(entry, {"lib": line})) == "lib"
    assert pip_sources.is_same(entry, line, pin=True)
    text = listing(line.text)
    assert updated(text, environment(PYTHON, PIP, package)) == text
