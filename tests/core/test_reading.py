"""Environment files in the styles that people write them in: what they say, and how they change.

Each ``fixtures/NAME.yml`` becomes ``NAME.after.yml`` when the environment below is saved to it.
"""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from msgspec.structs import replace
from ruamel.yaml import YAML

from jupyter_envsnap.core.documents import declared, splice
from jupyter_envsnap.core.model import Environment, LocalSource
from tests.core.test_splice import conda, environment, pypi

FIXTURES = Path(__file__).parent / "fixtures"
NAMES = sorted(p.stem for p in FIXTURES.glob("*.yml") if not p.stem.endswith(".after"))

INSTALLED = environment(
    conda("ipykernel", "6.29.4", "python", build="pyh3099207_0"),
    conda("jupyterlab", "4.2.5", "ipykernel", "python", build="pyhd8ed1ab_0"),
    conda("libblas", "3.9.0", asked=False, build="24_linux64_openblas"),
    conda("numpy", "2.0.1", "libblas", "python", build="py312h1103770_0"),
    conda("pandas", "2.2.2", "numpy", "python", build="py312h1d6d2e6_1"),
    conda("pip", "24.2", "python", asked=False, build="pyh8b19718_1"),
    conda("python", "3.12.4", build="h194c7f8_0_cpython"),
    conda("xarray", "2024.7.0", "numpy", "pandas", "python", build="pyhd8ed1ab_0"),
    pypi("mylib", "0.1", source=LocalSource(path="/w/mylib", editable=True, written=".")),
    pypi("polars", "1.9.0"),
    pypi("rich", "13.8.0"),
)
VARIABLES = {"OMP_NUM_THREADS": "8", "DATA": "/scratch/data", "MODE": "on"}


def installed(name: str) -> Environment:
    """The environment of a file; only some have variables."""
    has_variables = "variables:" in read(f"{name}.after")
    return replace(INSTALLED, variables=VARIABLES) if has_variables else INSTALLED


def read(name: str) -> str:
    return (FIXTURES / f"{name}.yml").read_bytes().decode()


@pytest.mark.parametrize("name", NAMES)
def test_a_file_in_its_own_style_changes_where_the_environment_did(name):
    made = splice.update(read(name), installed(name)).text
    assert made == read(f"{name}.after")
    assert splice.update(made, installed(name)).text == made
    assert yaml.safe_load(made) == YAML(typ="safe", pure=True).load(made)


@pytest.mark.parametrize("name", NAMES)
def test_every_word_is_found_at_its_place(name):
    text = read(name)
    file = declared.parse(text)
    assert file.conda
    for entry in (*file.conda, *file.pip):
        if entry.token is not None:
            assert entry.text in text[entry.token.start : entry.token.end]
        if entry.comment:
            line = text[: entry.token.end].count("\n")
            assert text.splitlines()[line].endswith(entry.comment)


def test_a_files_parts_are_told_apart():
    file = declared.parse(read("development"))
    assert (file.name, file.channels) == ("mylib-dev", ("conda-forge", "defaults"))
    assert [(e.name, e.comment) for e in file.conda] == [
        ("python", ""),
        ("numpy", ""),
        ("pandas", ""),
        ("libblas", "# [unix]"),
        ("libblas", "# [win]"),
        ("pywin32", "# [win]"),
        *((name, "") for name in ("xarray", "ipykernel", "jupyterlab", "pip")),
    ]
    assert file.conda[0].token is None  # an alias
    assert [(e.spec.exact_version, e.spec.build) for e in file.conda[1:4]] == [
        ("1.26.4", None),
        (None, None),
        (None, "*openblas"),
    ]
    assert [(e.kind, e.name, e.specifier, e.marker) for e in file.pip] == [
        ("option", "", "", ""),
        ("option", "", "", ""),
        ("editable", "", "", ""),
        ("requirement", "polars", "~=1.8.0", 'python_version >= "3.10"'),
        ("requirement", "colorama", "", 'sys_platform == "win32"'),
        ("requirement", "rich", "", ""),
    ]
    other = declared.parse(read("hpc"))
    assert other.variables == (("OMP_NUM_THREADS", "4"), ("DATA", "/scratch/data"))
    assert [e.spec.channel for e in other.conda] == [
        *("conda-forge", "conda-forge", "bioconda"),
        *(None, None),
    ]
    how = declared.parse(read("remembered")).recorded
    assert (how.profile, how.exclude, how.without) == ("minimal", ("rich",), ("jupyter",))


@pytest.mark.parametrize(
    ("line", "kind", "name", "url"),
    [
        ("numpy", "requirement", "numpy", ""),
        ("Typing_Extensions==4.0", "requirement", "typing-extensions", ""),
        ("x @ git+https://h.example/r@main", "requirement", "x", "git+https://h.example/r@main"),
        ("x @ https://h.example/x.whl ; os_name == 'nt'", "requirement", "x", "https://h.example/x.whl"),
        ("-e ../lib", "editable", "", "../lib"),
        ("--editable=../lib", "editable", "", "../lib"),
        ("-e git+https://h.example/r#egg=lib", "editable", "lib", "git+https://h.example/r#egg=lib"),
        ("./wheels/x-1.0-py3-none-any.whl", "path", "x", "./wheels/x-1.0-py3-none-any.whl"),
        ("file:///w/x.whl", "path", "", "file:///w/x.whl"),
        ("--index-url https://h.example", "option", "", ""),
        ("-r more.txt", "option", "", ""),
        ("$PACKAGE", "unknown", "", ""),
    ],
)  # fmt: skip
def test_a_pip_line_is_of_one_kind(line, kind, name, url):
    entry = declared.pip_entry(line)
    assert (entry.kind, entry.name, entry.url) == (kind, name, url)
