"""A file against an environment: only what the file can say is compared, and all of it."""

from __future__ import annotations

import msgspec
import pytest
from hypothesis import given, settings
from msgspec.structs import replace

from jupyter_envsnap.core import documents
from jupyter_envsnap.core.comparing import comparable
from jupyter_envsnap.core.diff import EnvironmentDiff, diff, inverse
from jupyter_envsnap.core.documents import declared, listed, splice
from jupyter_envsnap.core.model import (
    Environment,
    LocalSource,
    PipIndexes,
    VcsSource,
)
from jupyter_envsnap.core.wire import DocumentQuery
from tests.core.test_splice import (
    BLAS,
    NUMPY,
    PIP,
    POLARS,
    PYTHON,
    STYLES,
    WORK,
    conda,
    environment,
    files,
    pypi,
    worlds,
)


def from_file(text: str, installed: Environment) -> EnvironmentDiff:
    return diff(*comparable(declared.parse(text), installed))


def told(changes: EnvironmentDiff) -> list[tuple[str, str]]:
    return [(c.name, c.change) for c in changes.packages if c.change != "details"]


def listing(*entries: str, pip: tuple[str, ...] = (), channels: str = "[conda-forge]") -> str:
    lines = [f"channels: {channels}", "dependencies:", *(f"  - {entry}" for entry in entries)]
    if pip:
        lines += ["  - pip:", *(f"    - {entry}" for entry in pip)]
    return "".join(f"{line}\n" for line in lines)


MADE = VcsSource(vcs="git", url="https://example.org/made", commit="a" * 40)
HERE = LocalSource(path="/w/polars", editable=True)
WRITTEN = environment(
    conda("libblas", "3.9.0", asked=False, build="h9_1"),
    conda("numpy", "2.0.1", "libblas", "python"),
    conda("pip", "24.0", "python", asked=False),
    conda("python", "3.12.4"),
    conda("pytorch", "2.4.0", "python", channel="pytorch", distributions=("torch",)),
    pypi("made", "0.1", source=MADE),
    pypi("mine", "0.1", source=LocalSource(path="/w/mine", editable=True, written="mine")),
    pypi("polars", "1.9.0", "numpy"),
    pypi("there", "0.1", source=LocalSource(path="/w/there", editable=True)),
    channels=("conda-forge", "pytorch"),
    variables={"A": "1"},
    pins=("numpy 2.*",),
    indexes=PipIndexes(extra=("https://i.example/simple",)),
)


@pytest.mark.parametrize("format", ["environment-yaml", "environment-json"])
@pytest.mark.parametrize("profile", ["versions", "minimal", "exact"])
@pytest.mark.parametrize("exclude", [(), ("polars",), ("libblas", "pytorch")])
@pytest.mark.parametrize("installed", [WRITTEN, WORK], ids=["written", "work"])
def test_a_document_does_not_differ_from_what_it_was_made_of(installed, format, profile, exclude):
    if format == "environment-json" and (exclude or profile != "versions"):
        return  # it has no place for a comment, and so remembers nothing
    query = DocumentQuery(format=format, profile=profile, exclude=exclude)
    text = documents.write(installed, query).text
    changes = from_file(text, installed)
    assert (told(changes), changes.facts) == ([], ())


def addressed(package):
    file = f"{package.name}-{package.version}-{package.build}.conda"
    url = f"https://conda.anaconda.org/{package.channel}/{package.subdir}/{file}"
    return replace(package, url=url, sha256=package.name.encode().hex().ljust(64, "0"))


@pytest.mark.parametrize(
    ("format", "profile"),
    [("requirements", "versions"), ("requirements", "minimal"), ("explicit", "exact")],
)
@pytest.mark.parametrize("exclude", [(), ("polars",), ("pytorch",)])
def test_a_list_does_not_differ_from_what_it_was_made_of(format, profile, exclude):
    installed = replace(WRITTEN, conda=tuple(map(addressed, WRITTEN.conda)))
    if format == "explicit" and exclude:
        return  # it remembers nothing
    query = DocumentQuery(format=format, profile=profile, exclude=exclude)
    document = documents.write(installed, query)
    said = listed.parse(document.text, document.filename)
    changes = diff(*comparable(said, installed))
    assert (told(changes), changes.facts) == ([], ())
    newer = replace(
        installed,
        conda=tuple(
            replace(p, version="2.5.0", sha256="f" * 64) if p.name == "pytorch" else p
            for p in installed.conda
        ),
    )
    name = "torch" if format == "requirements" else "pytorch"
    expected = [] if exclude == ("pytorch",) else [(name, "upgraded")]
    assert told(diff(*comparable(said, newer))) == expected


def test_lists_are_told_apart_by_what_they_say():
    one = (
        "@EXPLICIT\nhttps://conda.anaconda.org/conda-forge/noarch/tzdata-2024a-h0_0.conda#"
        + "a" * 32
    )
    other = one.replace("2024a", "2025b").replace("a" * 32, "sha256:" + "b" * 64)
    changes = diff(*comparable(listed.parse(one, "a.txt"), listed.parse(other, "b.yml")))
    assert told(changes) == [("tzdata", "upgraded")]
    text = (
        "# why\n--extra-index-url https://i.example\nNumpy==1.0 \\\n  --hash=sha256:0\n-e ./mine\n"
    )
    newer = text.replace("1.0", "1.1")
    pair = (listed.parse(text, "w/requirements-dev.in"), listed.parse(newer, "requirements.txt"))
    assert told(diff(*comparable(*pair))) == [("numpy", "upgraded")]


def test_a_byte_order_mark_is_no_part_of_a_list():
    said = listed.parse("\ufeffpolars==1.0\n", "requirements.txt")
    assert [entry.name for entry in said.pip] == ["polars"]


def test_json_may_hold_what_yaml_does_not():
    said = listed.parse('{"variables": {"A": "\x7f"}}', "environment.json")
    assert said.variables == (("A", "\x7f"),)


@pytest.mark.parametrize(("before", "after"), [s[1:] for s in STYLES], ids=[s[0] for s in STYLES])
def test_what_an_update_has_nothing_to_do_for_is_no_difference(before, after):
    assert not from_file(after, WORK)
    assert bool(from_file(before, WORK)) == (before != after)


@settings(deadline=None, max_examples=400)
@given(files(), worlds())
def test_after_an_update_nothing_differs(text, world):
    assert not from_file(splice.update(text, world).text, world)


@settings(deadline=None, max_examples=400)
@given(files(), worlds())
def test_where_nothing_differs_an_update_changes_nothing(text, world):
    if not from_file(text, world):
        assert splice.update(text, world).text == text


@settings(deadline=None, max_examples=300)
@given(files(), worlds())
def test_from_the_file_is_the_inverse_of_to_the_file(text, world):
    forth = diff(*comparable(declared.parse(text), world))
    back = diff(*comparable(world, declared.parse(text)))
    assert set(inverse(forth).packages) == set(back.packages)


@settings(deadline=None, max_examples=200)
@given(files())
def test_a_file_does_not_differ_from_itself(text):
    assert not diff(*comparable(declared.parse(text), declared.parse(text)))


@pytest.mark.parametrize(
    ("entry", "change"),
    [
        ("numpy", None),
        ("numpy>=1.24", None),
        ("numpy=2", None),
        ("numpy 2.0.*", None),
        ("numpy=1.26.4", "upgraded"),
        ("numpy=1.26", "upgraded"),
        ("numpy==3.0", "downgraded"),
        ("numpy<2", "changed"),
        ("numpy=2.0.1=h0_0", "rebuilt"),
        ("numpy=2.0.1=h1_*", None),
        ("conda-forge::numpy", None),
        ("defaults::numpy", "channel-changed"),
        ("defaults::numpy=2.0.1", "channel-changed"),
        ("defaults::numpy=1.0", "upgraded"),
        (f"numpy[md5={'0' * 32}]", "artifact-replaced"),
        (f"numpy[md5={'1' * 32}]", None),
    ],
)
def test_a_spec_differs_where_it_does_not_take_what_is_installed(entry, change):
    numpy = replace(NUMPY, md5="1" * 32)
    installed = environment(BLAS, numpy, PIP, PYTHON, POLARS)
    changes = from_file(listing("python", entry, pip=("polars",)), installed)
    assert told(changes) == ([("numpy", change)] if change else [])


@pytest.mark.parametrize(
    ("entry", "package", "change"),
    [
        ("polars", POLARS, None),
        ("polars>=1", POLARS, None),
        ("polars==1.8", POLARS, "upgraded"),
        ("polars==2", POLARS, "downgraded"),
        ("polars>=2", POLARS, "changed"),
        ("polars @ git+https://example.org/made@" + "b" * 40, POLARS, "source-changed"),
        ("polars==1.9.0", replace(POLARS, source=MADE), "source-changed"),
        ("polars==1.9.0", replace(POLARS, source=HERE), None),
        ("polars==1.8.0", replace(POLARS, source=HERE), "upgraded"),
        ("polars==1.8.0; python_version < '3'", POLARS, "added"),
        ("polars==1.8.0; platform_release == '1'", POLARS, None),
        (f"polars @ git+{MADE.url}@{MADE.commit}", replace(POLARS, source=MADE), None),
        (f"polars @ git+{MADE.url}@{'b' * 40}", replace(POLARS, source=MADE), "source-changed"),
    ],
)
def test_a_pip_line_differs_where_it_does_not_install_what_is_there(entry, package, change):
    installed = environment(PYTHON, package)
    changes = from_file(listing("python", pip=(entry,)), installed)
    assert told(changes) == ([("polars", change)] if change else [])


def test_what_was_pulled_in_is_no_difference_to_a_short_list():
    assert told(from_file(listing("python", "numpy", pip=("polars",)), WORK)) == []
    more = environment(BLAS, NUMPY, PIP, PYTHON, conda("zlib", "1.3"), POLARS)
    assert told(from_file(listing("python", "numpy", pip=("polars",)), more)) == [("zlib", "added")]


def test_what_a_file_leaves_out_is_no_difference():
    line = "# envsnap: profile=minimal exclude=polars\n"
    assert told(from_file(line + listing("pip", "python", "numpy"), WORK)) == []
    assert told(from_file(listing("pip", "python", "numpy"), WORK)) == [("polars", "added")]
    listed = line + listing("pip", "python", "numpy", pip=("polars",))
    assert told(from_file(listed, WORK)) == [("polars", "removed")]


def test_what_moved_between_conda_and_pip_is_told_so():
    by_pip = environment(PYTHON, pypi("torch", "2.4.0"))
    by_conda = environment(PYTHON, conda("pytorch", "2.4.0", distributions=("torch",)))
    assert told(from_file(listing("python", "torch"), by_pip)) == [("torch", "moved")]
    assert told(from_file(listing("python", pip=("torch",)), by_conda)) == [("torch", "moved")]


def test_what_moved_is_told_also_where_it_was_only_pulled_in():
    torch = conda("pytorch", "2.4.0", asked=False, distributions=("torch",))
    installed = environment(PYTHON, torch, conda("torchvision", "0.19", "pytorch"))
    text = listing("python", "torchvision", pip=("torch",))
    assert told(from_file(text, installed)) == [("torch", "moved")]


def test_a_build_is_missed_where_the_others_have_theirs():
    installed = environment(conda("dask", "1.0"), NUMPY, BLAS, PYTHON)
    text = listing("dask=1.0=h1_0", "libblas=3.9.0=h1_0", "numpy=2.0.1", "python=3.12.4=h1_0")
    changes = from_file(text, installed)
    assert told(changes) == [("numpy", "rebuilt")]
    assert changes.packages[0].conda_before.build == ""


def test_an_index_that_the_file_does_not_name_is_told():
    installed = replace(
        WORK,
        indexes=PipIndexes(
            index_url="https://i.example/a",
            extra=("https://i.example/b", "https://i.example/c"),
            find_links=("https://i.example/d",),
        ),
    )
    options = ("--index-url https://i.example/a", "--extra-index-url=https://i.example/b")
    text = listing("python", "numpy", pip=(*options, "polars"))
    assert [(f.name, f.before, f.after) for f in from_file(text, installed).facts] == [
        ("extra indexes", "https://i.example/b", "https://i.example/b, https://i.example/c"),
        ("find-links", None, "https://i.example/d"),
    ]


def test_a_file_without_channels_has_the_default_ones():
    text = listing("python", "numpy", pip=("polars",)).partition("\n")[2]
    assert from_file(text, replace(WORK, channels=("defaults",))).facts == ()
    assert [f.name for f in from_file(text, WORK).facts] == ["channels"]


def test_a_venv_says_nothing_of_condas_packages():
    venv = environment(pypi("numpy", "2.0.1"), POLARS, kind="venv", channels=())
    text = listing("python=3.12", "gdal", "numpy=2", "pip", pip=("polars==1.8",))
    changes = from_file(text, venv)
    assert (told(changes), changes.facts) == ([("polars", "upgraded")], ())
    older = from_file(listing("python=3.11", pip=("polars", "numpy")), venv)
    assert [(f.name, f.after) for f in older.facts] == [("python", "3.12.4")]


def test_channels_differ_where_one_that_supplies_packages_is_not_named():
    both = replace(WORK, channels=("conda-forge", "bioconda"))
    text = listing("python", "numpy", pip=("polars",), channels="[bioconda, conda-forge, nvidia]")
    assert from_file(text, WORK).facts == ()
    assert [f.name for f in from_file(listing("python", "numpy", pip=("polars",)), both).facts] == [
        "channels"
    ]


def test_variables_differ_one_by_one():
    text = listing("python", "numpy", pip=("polars",)) + "variables:\n  A: '1'\n  B: '2'\n"
    changes = from_file(text, replace(WORK, variables={"A": "1", "C": "3"}))
    assert {(f.name, f.before, f.after) for f in changes.facts} == {
        ("variable B", "2", None),
        ("variable C", None, "3"),
    }


def test_what_cannot_be_understood_is_told_between_files():
    one = listing("'=1.0'", pip=("-e ./a", "--extra-index-url https://i.example/1", "??"))
    other = listing("'=2.0'", pip=("-e ./b", "--extra-index-url=https://i.example/2", "??"))
    changes = diff(*comparable(declared.parse(one), declared.parse(other)))
    assert set(told(changes)) == {
        *(("=1.0", "removed"), ("=2.0", "added"), ("./a", "removed"), ("./b", "added")),
    }
    assert [(f.name, f.before, f.after) for f in changes.facts] == [
        ("extra indexes", "https://i.example/1", "https://i.example/2")
    ]


def test_nothing_secret_in_a_file_comes_out():
    secret = "hunter2hunter2"
    text = (
        listing(
            "python",
            f"https://me:{secret}@h.example/c::numpy=1.0",
            f"https://h.example/t/{secret}/c::gone=1.0",
            pip=(
                f"polars @ git+https://me:{secret}@h.example/r@main",
                f"gone @ https://me:{secret}@h.example/gone.whl?token={secret}",
                f"--extra-index-url https://me:{secret}@h.example/simple",
            ),
            channels=f"['https://h.example/t/{secret}/c']",
        )
        + f"variables:\n  API_TOKEN: {secret}\n  URL: https://me:{secret}@h.example/\n"
    )
    for pair in ((declared.parse(text), WORK), (declared.parse(text), declared.parse(""))):
        changes = diff(*comparable(*pair))
        assert changes
        assert secret.encode() not in msgspec.json.encode(changes)
