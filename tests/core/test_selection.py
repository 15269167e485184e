from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jupyter_envsnap.core.documents import markers
from jupyter_envsnap.core.errors import GroupUnknown
from jupyter_envsnap.core.graph import Graph
from jupyter_envsnap.core.model import CondaPackage, Environment, PypiPackage
from jupyter_envsnap.core.selection import Selection, select
from tests.growth import assert_linear


def conda(name: str, *depends: str, requested: str = "", distributions=()) -> CondaPackage:
    return CondaPackage(
        name=name,
        version="1.0",
        build="0",
        channel="conda-forge",
        subdir="linux-64",
        depends=depends,
        requested=(requested,) if requested else (),
        distributions=distributions,
    )


def pypi(name: str, *requires: str, requested: bool = False) -> PypiPackage:
    return PypiPackage(name=name, version="1.0", requires=requires, requested=requested)


def environment(*packages: CondaPackage | PypiPackage, **fields) -> Environment:
    return Environment(
        **{
            "digest": "",
            "name": "work",
            "kind": "conda",
            "platform": "linux-64",
            "python": "3.12.4",
            "conda": tuple(p for p in packages if isinstance(p, CondaPackage)),
            "pypi": tuple(p for p in packages if isinstance(p, PypiPackage)),
            **fields,
        }
    )


SCIENCE = environment(
    conda("ipykernel", "python", "jupyter_client", requested="ipykernel"),
    conda("jupyter_client", "python", "tornado"),
    conda("libblas"),
    conda("numpy", "python >=3.12", "libblas >=3", "__glibc >=2.17", distributions=("numpy",)),
    conda("openssl"),
    conda("pandas", "numpy", "conda-forge::python", requested="pandas >=2"),
    conda("pip", "python"),
    conda("pytest", "python", "pluggy", requested="pytest"),
    conda("pluggy", "python"),
    conda("python", "openssl"),
    conda("tornado", "python"),
    conda("xz"),
    pypi("acme", "numpy>=1", "rich", "ghost; extra == 'x'", requested=True),
    pypi("rich", "Markdown_It.py[linkify]"),
    pypi("markdown-it-py", 'linkify-it-py; extra == "linkify"', "mdurl; python_version < '3'"),
    pypi("linkify-it-py"),
    pypi("mdurl"),
)


def listed(selection: Selection) -> set[str]:
    return {p.name for p in (*selection.conda, *selection.pypi)}


def test_minimal_lists_what_was_asked_for_and_what_nothing_else_brings():
    selection = select(SCIENCE, minimal=True)
    assert {p.name for p in selection.conda} == {
        *("ipykernel", "pandas", "pytest", "python", "pip", "xz")
    }
    assert {p.name for p in selection.pypi} == {"acme", "mdurl"}


def test_everything_is_listed_otherwise():
    assert len(listed(select(SCIENCE, minimal=False))) == 17


def test_each_entry_knows_why_it_is_there():
    selection = select(SCIENCE, minimal=False)
    reasons = {name: (r.why, r.because) for (_, name), r in selection.reasons.items()}
    assert reasons["pandas"] == ("requested", ("pandas >=2",))
    assert reasons["acme"] == ("requested", ())
    assert reasons["python"] == ("python", ())
    assert reasons["pip"] == ("pip", ())
    assert reasons["numpy"] == ("needed", ("pandas", "acme"))
    assert reasons["xz"] == ("leaf", ())
    assert reasons["linkify-it-py"] == ("needed", ("rich",))
    assert reasons["mdurl"] == ("leaf", ())


def test_a_conda_package_that_only_pip_packages_need_is_listed():
    # pip would install its own numpy in its place.
    with_pip = environment(
        conda("numpy", "python", distributions=("numpy",)),
        conda("python", requested="python"),
        pypi("acme", "numpy", requested=True),
    )
    selection = select(with_pip, minimal=True)
    assert listed(selection) == {"numpy", "python", "acme"}
    assert selection.reason(selection.conda[0]).because == ("acme",)


def test_an_environment_without_a_history_is_told_by_its_leaves():
    unasked = environment(conda("a", "b"), conda("b", "python"), conda("python"), conda("c"))
    assert listed(select(unasked, minimal=True)) == {"a", "c", "python"}


def test_of_packages_that_need_each_other_one_is_listed():
    ring = environment(conda("a", "b"), conda("b", "a", "c"), conda("c"), conda("d", "d"))
    assert listed(select(ring, minimal=True)) == {"a", "d"}


def test_what_is_left_out_takes_along_what_only_it_needs():
    selection = select(SCIENCE, minimal=False, exclude=["pytest"])
    everything = listed(select(SCIENCE, minimal=False))
    assert everything - listed(selection) == {"pytest", "pluggy"}
    assert selection.findings == ()


def test_what_others_need_is_left_out_and_told():
    selection = select(SCIENCE, minimal=False, exclude=["NumPy"])
    assert "numpy" not in listed(selection)
    # Nothing of what stays names libblas: numpy brings it where it is installed.
    assert "libblas" not in listed(selection)
    assert [(f.code, f.package) for f in selection.findings] == [("excluded-needed", "numpy")]
    assert "`acme`" in selection.findings[0].message


def test_a_name_that_nothing_has_is_told():
    selection = select(SCIENCE, minimal=False, exclude=["nunpy"])
    assert [(f.code, f.package) for f in selection.findings] == [("excluded-absent", "nunpy")]
    assert listed(selection) == listed(select(SCIENCE, minimal=False))


def test_python_is_never_left_out():
    assert "python" in listed(select(SCIENCE, minimal=True, exclude=["python"]))


def test_a_group_goes_with_what_only_it_needs():
    selection = select(SCIENCE, minimal=False, without=["jupyter", "dev"])
    gone = listed(select(SCIENCE, minimal=False)) - listed(selection)
    assert gone == {"ipykernel", "jupyter_client", "tornado", "pytest", "pluggy"}
    assert selection.findings == ()


def test_a_member_of_a_group_stays_where_something_else_needs_it():
    plotting = environment(
        conda("plotly", "nbformat", requested="plotly"),
        conda("nbformat", requested="nbformat"),
        conda("ipykernel", requested="ipykernel"),
    )
    assert listed(select(plotting, minimal=False, without=["jupyter"])) == {"plotly", "nbformat"}


def test_groups_are_the_users_own():
    groups = {"tests": ("py*t",)}
    selection = select(SCIENCE, minimal=True, without=["tests"], groups=groups)
    assert "pytest" not in listed(selection)
    with pytest.raises(GroupUnknown, match="Choose one of: tests"):
        select(SCIENCE, minimal=True, without=["dev"], groups=groups)


def test_markers_hold_for_the_environment_and_not_for_this_process():
    windows = environment(
        pypi("a", "b; sys_platform == 'win32'", "c; python_version < '3.9'", "d; nonsense =="),
        *(pypi(name) for name in "bcd"),
        platform="win-64",
        python="3.13.0",
    )
    assert [name for _, name in Graph(windows).needs["pypi", "a"]] == ["b", "d"]


@pytest.mark.parametrize(
    ("platform", "machine"),
    [
        ("linux-64", "x86_64"),
        ("linux-aarch64", "aarch64"),
        ("linux-ppc64le", "ppc64le"),
        ("linux-s390x", "s390x"),
        ("linux-riscv64", "riscv64"),
        ("linux-32", "i686"),
        ("osx-64", "x86_64"),
        ("osx-arm64", "arm64"),
        ("win-64", "AMD64"),
        ("win-arm64", "ARM64"),
        ("win-32", "x86"),
    ],
)
def test_a_marker_names_the_machine_as_python_does(platform, machine):
    requires = (f"b; platform_machine == '{machine}'", f"c; platform_machine != '{machine}'")
    world = environment(
        pypi("a", *requires), pypi("b"), pypi("c"), platform=platform, python="3.13.0"
    )
    assert [name for _, name in Graph(world).needs["pypi", "a"]] == ["b"]
    assert [markers.holding(world)(text.partition(";")[2]) for text in requires] == [True, False]


def test_a_distribution_is_found_by_the_record_that_owns_it():
    torch = environment(
        conda("pytorch", distributions=("torch",)), conda("torch"), pypi("lightning", "torch")
    )
    assert Graph(torch).needs["pypi", "lightning"] == (("conda", "pytorch"),)


def test_what_pip_put_in_condas_place_is_still_what_others_need():
    replaced = environment(conda("scipy", "numpy"), pypi("numpy"))
    assert Graph(replaced).needs["conda", "scipy"] == (("pypi", "numpy"),)


NAMES = [f"p{i}" for i in range(12)]


@st.composite
def environments(draw):
    def some():
        return draw(st.lists(st.sampled_from(NAMES), max_size=4))

    split = draw(st.integers(0, len(NAMES)))
    first = [conda(n, *some(), requested=draw(st.sampled_from(["", n]))) for n in NAMES[:split]]
    second = [pypi(n, *some(), requested=draw(st.booleans())) for n in NAMES[split:]]
    return environment(*first, *second)


@settings(deadline=None)
@given(environments())
def test_minimal_brings_everything_and_leaves_nothing_out_that_was_asked_for(made):
    graph = Graph(made)
    selection = select(made, minimal=True)
    chosen = {("conda", p.name) for p in selection.conda} | {
        ("pypi", p.name) for p in selection.pypi
    }
    assert graph.closure(chosen) == set(graph.nodes)
    asked = {p.name for p in (*made.conda, *made.pypi) if p.requested}
    assert asked <= listed(selection)


@settings(deadline=None)
@given(environments(), st.lists(st.sampled_from(NAMES), max_size=3))
def test_what_stays_needs_nothing_that_was_left_out_but_what_was_named(made, excluded):
    graph = Graph(made)
    kept = listed(select(made, minimal=False, exclude=excluded))
    assert not kept & set(excluded)
    for node in graph.nodes:
        if node[1] in kept:
            assert {name for _, name in graph.needs[node]} <= kept | set(excluded)
    asked = {p.name for p in (*made.conda, *made.pypi) if p.requested}
    assert asked - set(excluded) <= kept


def test_choosing_takes_no_longer_than_there_are_packages():
    def prepared(count):
        chain = [conda("p0"), *(conda(f"p{i}", f"p{i - 1}") for i in range(1, count))]
        made, last = environment(*chain), f"p{count - 1}"
        assert len(select(made, minimal=True, exclude=[last]).conda) == 0
        assert len(select(made, minimal=True).conda) == 1
        return lambda: (select(made, minimal=True, exclude=[last]), select(made, minimal=True))

    assert_linear(prepared)
