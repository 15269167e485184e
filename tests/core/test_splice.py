"""A person's file is updated by changing what changed, and nothing else."""

# ruff: noqa: E501 - lines of files

from __future__ import annotations

import json
import re
from difflib import SequenceMatcher

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace
from ruamel.yaml import YAML

from jupyter_envsnap.core.documents import declared, splice
from jupyter_envsnap.core.errors import CannotUpdate, FileNotUnderstood, ProfileUnknown
from jupyter_envsnap.core.model import (
    CondaPackage,
    Environment,
    LocalSource,
    PypiPackage,
    VcsSource,
)
from tests.growth import assert_linear


def conda(name: str, version: str, *depends: str, asked: bool = True, **fields) -> CondaPackage:
    return CondaPackage(
        **{
            "name": name,
            "version": version,
            "build": "h1_0",
            "channel": "conda-forge",
            "subdir": "linux-64",
            "depends": depends,
            "requested": (name,) if asked else (),
            **fields,
        }
    )


def pypi(name: str, version: str, *requires: str, **fields) -> PypiPackage:
    return PypiPackage(
        **{"name": name, "version": version, "requires": requires, "requested": True, **fields}
    )


def environment(*packages: CondaPackage | PypiPackage, **fields) -> Environment:
    return Environment(
        **{
            "digest": "",
            "name": "climate",
            "kind": "conda",
            "platform": "linux-64",
            "python": "3.12.4",
            "channels": ("conda-forge",),
            "conda": tuple(p for p in packages if isinstance(p, CondaPackage)),
            "pypi": tuple(p for p in packages if isinstance(p, PypiPackage)),
            **fields,
        }
    )


PYTHON = conda("python", "3.12.4")
NUMPY = conda("numpy", "2.0.1", "libblas", "python")
BLAS = conda("libblas", "3.9.0", asked=False)
PIP = conda("pip", "24.0", "python", asked=False)
POLARS = pypi("polars", "1.9.0")
WORK = environment(BLAS, NUMPY, PIP, PYTHON, POLARS)


def updated(text: str, *packages, **options) -> str:
    made = packages[0] if packages and isinstance(packages[0], Environment) else None
    environment_ = made or (environment(*packages) if packages else WORK)
    return splice.update(text, environment_, **options).text


# (name, before, after): the environment is WORK.
STYLES = [
    (
        "a short list with comments",
        (
            "# the climate model\nname: climate  # short\nchannels:\n  - conda-forge\n\n"
            "dependencies:\n  # the language\n  - python=3.12.4\n  - numpy=1.26.4  # keep below 3\n"
            "  - pip\n  - pip:\n    - polars==1.8.0  # fast\n"
        ),
        (
            "# the climate model\nname: climate  # short\nchannels:\n  - conda-forge\n\n"
            "dependencies:\n  # the language\n  - python=3.12.4\n  - numpy=2.0.1  # keep below 3\n"
            "  - pip\n  - pip:\n    - polars==1.9.0  # fast\n"
        ),
    ),
    (
        "no indentation",
        "channels:\n- conda-forge\ndependencies:\n- python=3.12\n- numpy\n- pip:\n  - polars\n",
        "channels:\n- conda-forge\ndependencies:\n- python=3.12\n- numpy\n- pip:\n  - polars\n",
    ),
    (
        "wide indentation and quotes",
        (
            'channels: [conda-forge]\ndependencies:\n    -   "python==3.11.0"\n'
            "    -   'numpy 1.26.4'\n    -   pip:\n        -   'polars==1.8.0'\n"
        ),
        (
            'channels: [conda-forge]\ndependencies:\n    -   "python==3.12.4"\n'
            "    -   'numpy 2.0.1'\n    -   pip:\n        -   'polars==1.9.0'\n"
        ),
    ),
    (
        "flow style",
        (
            "{name: x, channels: [conda-forge], dependencies: [python=3.11.0, xarray, numpy=1.0.0,"
            " {pip: [polars==1.8.0, rich]}]}\n"
        ),
        (
            "{name: x, channels: [conda-forge], dependencies: [python=3.12.4, numpy=2.0.1,"
            " {pip: [polars==1.9.0]}]}\n"
        ),
    ),
    (
        "CRLF and a byte order mark",
        (
            "\ufeffchannels:\r\n  - conda-forge\r\ndependencies:\r\n  - python=3.11.0\r\n"
            "  - gone=1\r\n  - numpy\r\n  - pip:\r\n    - polars\r\n"
        ),
        (
            "\ufeffchannels:\r\n  - conda-forge\r\ndependencies:\r\n  - python=3.12.4\r\n"
            "  - numpy\r\n  - pip:\r\n    - polars\r\n"
        ),
    ),
    (
        "no final newline, the last line goes",
        (
            "channels: [conda-forge]\ndependencies:\n  - pip:\n    - polars\n  - python\n  - numpy\n"
            "  - gone"
        ),
        "channels: [conda-forge]\ndependencies:\n  - pip:\n    - polars\n  - python\n  - numpy",
    ),
    (
        "loose specs that hold, and one that does not",
        (
            "channels: [conda-forge]\ndependencies:\n  - python >=3.10,<3.13\n  - numpy<2\n"
            "  - pip:\n    - polars>=1.5,<2\n"
        ),
        (
            "channels: [conda-forge]\ndependencies:\n  - python >=3.10,<3.13\n  - numpy==2.0.1\n"
            "  - pip:\n    - polars>=1.5,<2\n"
        ),
    ),
    (
        "builds",
        (
            "channels: [conda-forge]\ndependencies:\n  - python=3.12.4=h1_0\n  - numpy=1.26.4=py_1\n"
            "  - libblas=3.9.0=h0_0\n  - pip=24.0=h1_0\n  - pip:\n    - polars==1.9.0\n"
        ),
        (
            "channels: [conda-forge]\ndependencies:\n  - python=3.12.4=h1_0\n  - numpy=2.0.1=h1_0\n"
            "  - libblas=3.9.0=h1_0\n  - pip=24.0=h1_0\n  - pip:\n    - polars==1.9.0\n"
        ),
    ),
    (
        "channels in front, brackets, unknown keys and anchors",
        (
            "x-owner: &me ada\nmaintainers: [*me]\nchannels:\n  - bioconda\n  - conda-forge\n"
            "dependencies:\n  - conda-forge::numpy=1.26.4\n  - python[version='>=3.10']\n"
            "  - pip:\n      - polars[numpy]==1.8.0\nplatforms:\n  - linux-64\n"
        ),
        (
            "x-owner: &me ada\nmaintainers: [*me]\nchannels:\n  - bioconda\n  - conda-forge\n"
            "dependencies:\n  - conda-forge::numpy=2.0.1\n  - python[version='>=3.10']\n"
            "  - pip:\n      - polars[numpy]==1.9.0\nplatforms:\n  - linux-64\n"
        ),
    ),
    (
        "selectors of other platforms",
        (
            "channels: [conda-forge]\ndependencies:\n  - python=3.12.4\n  - numpy=1.26.4  # [linux]\n"
            "  - numpy=1.20.0  # [win]\n  - pywin32=306  # [win]\n  - appnope  # [osx]\n"
            "  - pip:\n    - polars\n"
        ),
        (
            "channels: [conda-forge]\ndependencies:\n  - python=3.12.4\n  - numpy=2.0.1  # [linux]\n"
            "  - numpy=1.20.0  # [win]\n  - pywin32=306  # [win]\n  - appnope  # [osx]\n"
            "  - pip:\n    - polars\n"
        ),
    ),
    (
        "a sorted list takes a new package in its place",
        (
            "channels: [conda-forge]\ndependencies:\n  - pip\n  # the language\n  - python=3.12.4\n"
            "  - pip:\n    - polars\n"
        ),
        (
            "channels: [conda-forge]\ndependencies:\n  - numpy==2.0.1\n  - pip\n  # the language\n"
            "  - python=3.12.4\n  - pip:\n    - polars\n"
        ),
    ),
    (
        "an unsorted list takes it at the end, before pip",
        (
            "channels: [conda-forge]\ndependencies:\n  - python=3.12.4\n  - pip\n"
            "  - pip:\n    - polars\n"
        ),
        (
            "channels: [conda-forge]\ndependencies:\n  - python=3.12.4\n  - pip\n  - numpy==2.0.1\n"
            "  - pip:\n    - polars\n"
        ),
    ),
    (
        "pip packages without a section of their own",
        "channels: [conda-forge]\ndependencies:\n  - python=3.12.4\n  - pip\n  - numpy\n",
        (
            "channels: [conda-forge]\ndependencies:\n  - python=3.12.4\n  - pip\n  - numpy\n"
            "  - pip:\n      - polars==1.9.0\n"
        ),
    ),
    (
        "markers, options and what cannot be understood stay",
        (
            "channels: [conda-forge]\ndependencies:\n  - python\n  - numpy\n  - pip:\n"
            "    - --index-url https://pypi.example/simple\n    - -r more.txt\n"
            "    - colorama==0.4; sys_platform == 'win32'\n    - polars\n    - $FOO\n"
        ),
        (
            "channels: [conda-forge]\ndependencies:\n  - python\n  - numpy\n  - pip:\n"
            "    - --index-url https://pypi.example/simple\n    - -r more.txt\n"
            "    - colorama==0.4; sys_platform == 'win32'\n    - polars\n    - $FOO\n"
        ),
    ),
    (
        "a channel that supplies and is not named",
        "channels:\n  - bioconda # first\ndependencies:\n  - python\n  - numpy\n  - pip:\n    - polars\n",
        (
            "channels:\n  - bioconda # first\n  - conda-forge\ndependencies:\n  - python\n  - numpy\n"
            "  - pip:\n    - polars\n"
        ),
    ),
    (
        "no channels at all",
        "name: x\ndependencies:\n  - python\n  - numpy\n  - pip:\n    - polars\n",
        (
            "name: x\nchannels:\n  - conda-forge\ndependencies:\n  - python\n  - numpy\n  - pip:\n"
            "    - polars\n"
        ),
    ),
    (
        "an empty list",
        "channels: [conda-forge]\ndependencies: []  # nothing yet\n",
        (
            "channels: [conda-forge]\ndependencies:  # nothing yet\n  - numpy==2.0.1\n  - pip==24.0\n"
            "  - python==3.12.4\n  - pip:\n      - polars==1.9.0\n"
        ),
    ),
    (
        "what a file records counts",
        (
            "# envsnap: profile=minimal exclude=numpy\nchannels: [conda-forge]\ndependencies:\n"
            "  - python=3.11.0\n  - pip\n  - pip:\n    - polars\n"
        ),
        (
            "# envsnap: profile=minimal exclude=numpy\nchannels: [conda-forge]\ndependencies:\n"
            "  - python=3.12.4\n  - pip\n  - pip:\n    - polars\n"
        ),
    ),
    (
        "a list in brackets with a line for each",
        (
            "channels: [conda-forge]\ndependencies: [\n  python=3.11.0,  # the language\n"
            "  gone,  # bye\n  {pip: [\n    rich==1.0,\n    polars==1.8.0\n  ]},\n]\n"
        ),
        (
            "channels: [conda-forge]\ndependencies: [\n  python=3.12.4,  # the language\n"
            "  numpy==2.0.1,\n  {pip: [\n    polars==1.9.0\n  ]},\n]\n"
        ),
    ),
    (
        "JSON stays JSON",
        (
            '{\n  "channels": [\n    "bioconda"\n  ],\n  "dependencies": [\n    "python=3.11.0",\n'
            '    {\n      "pip": [\n        "polars==1.8.0",\n        "rich"\n      ]\n    }\n  ]\n}\n'
        ),
        (
            '{\n  "channels": [\n    "bioconda",\n    "conda-forge"\n  ],\n  "dependencies": [\n'
            '    "python=3.12.4",\n    "numpy==2.0.1",\n'
            '    {\n      "pip": [\n        "polars==1.9.0"\n      ]\n    }\n  ]\n}\n'
        ),
    ),
    (
        "JSON on one line",
        '{"channels": ["bioconda"], "dependencies": ["gone", {"pip": ["polars", "rich"]}]}\n',
        (
            '{"channels": ["bioconda", "conda-forge"], "dependencies": ["numpy==2.0.1",'
            ' "python==3.12.4", {"pip": ["polars"]}]}\n'
        ),
    ),
    (
        "nothing but a name, and no final newline",
        "name: x",
        (
            "name: x\nchannels:\n  - conda-forge\ndependencies:\n  - numpy==2.0.1\n  - pip==24.0\n"
            "  - python==3.12.4\n  - pip:\n      - polars==1.9.0"
        ),
    ),
    (
        "nothing under pip",
        "channels: [conda-forge]\ndependencies:\n- python\n- numpy\n- pip\n- pip:  # none yet\n",
        (
            "channels: [conda-forge]\ndependencies:\n- python\n- numpy\n- pip\n- pip:  # none yet\n"
            "    - polars==1.9.0\n"
        ),
    ),
    (
        "variables that all go",
        (
            "channels: [conda-forge]\ndependencies: [python, numpy, {pip: [polars]}]\n"
            "variables:  # of the model\n  A: 1\n"
        ),
        (
            "channels: [conda-forge]\ndependencies: [python, numpy, {pip: [polars]}]\n"
            "variables: {}  # of the model\n"
        ),
    ),
    (
        "lines that are all in quotes get one in quotes",
        "channels: ['conda-forge']\ndependencies: ['python=3.12.4', pip: ['polars']]\n",
        "channels: ['conda-forge']\ndependencies: ['python=3.12.4', 'numpy==2.0.1', pip: ['polars']]\n",
    ),
    (
        "markers that hold, hashes, and a package twice",
        (
            "channels: [conda-forge]\ndependencies:\n  - python=3.11.0\n  - python=3.10\n  - numpy\n"
            "  - pip:\n    - polars~=1.8.0 ; python_version>'3.8'\n    - rich; os_name == 'nt'\n"
        ),
        (
            "channels: [conda-forge]\ndependencies:\n  - python=3.12.4\n  - numpy\n"
            "  - pip:\n    - polars==1.9.0 ; python_version>'3.8'\n    - rich; os_name == 'nt'\n"
        ),
    ),
    (
        "a hash of another version goes",
        (
            "channels: [conda-forge]\ndependencies:\n  - python\n  - numpy\n  - pip:\n"
            "    - polars==1.8.0 --hash=sha256:abc --config-settings x=y\n"
        ),
        (
            "channels: [conda-forge]\ndependencies:\n  - python\n  - numpy\n  - pip:\n"
            "    - polars==1.9.0 --config-settings x=y\n"
        ),
    ),
    (
        "a package by its address, and by what a record says of it",
        (
            "channels: [conda-forge]\ndependencies:\n  - numpy[subdir=linux-64]\n"
            "  - https://h.example/conda-forge/linux-64/python-3.11.0-py_0.conda\n  - pip\n"
            "  - pip:\n    - polars\n"
        ),
        (
            "channels: [conda-forge]\ndependencies:\n  - numpy[subdir=linux-64]\n"
            "  - python==3.12.4\n  - pip\n  - pip:\n    - polars\n"
        ),
    ),
    (
        "packages by addresses that hold",
        (
            "channels: [conda-forge]\ndependencies:\n  - numpy[subdir=win-64]\n"
            "  - https://h.example/conda-forge/linux-64/python-3.12.4-h1_0.conda\n  - pip\n"
            "  - pip:\n    - polars\n"
        ),
        (
            "channels: [conda-forge]\ndependencies:\n  - numpy==2.0.1\n"
            "  - https://h.example/conda-forge/linux-64/python-3.12.4-h1_0.conda\n  - pip\n"
            "  - pip:\n    - polars\n"
        ),
    ),
]


@pytest.mark.parametrize(("before", "after"), [s[1:] for s in STYLES], ids=[s[0] for s in STYLES])
def test_only_what_changed_is_another_text(before, after):
    assert updated(before) == after
    assert updated(after) == after


def test_a_full_list_is_kept_full():
    text = (
        "channels: [conda-forge]\ndependencies:\n  - libblas=3.9.0\n  - numpy=2.0.1\n"
        "  - python=3.12.4\n"
    )
    zlib = conda("zlib", "1.3", asked=False)
    needs_zlib = replace(NUMPY, depends=("libblas", "zlib"))
    assert "  - zlib==1.3\n" in updated(text, BLAS, needs_zlib, PYTHON, zlib)


def test_nothing_that_was_only_pulled_in_is_added_to_a_short_list():
    text = "channels: [conda-forge]\ndependencies:\n  - numpy=2.0.1\n  - python=3.12.4\n"
    zlib = conda("zlib", "1.3", asked=False)
    needs_zlib = replace(NUMPY, depends=("libblas", "zlib"))
    assert updated(text, BLAS, needs_zlib, PYTHON, zlib) == text


def test_loose_specs_are_told_and_pinned_only_when_that_is_asked_for():
    text = (
        "channels: [conda-forge]\ndependencies:\n  - python=3.12\n  - numpy>=1.24\n  - pip\n"
        "  - pip:\n    - polars\n"
    )
    made = splice.update(text, WORK)
    assert (made.text, made.loose) == (text, ("numpy", "pip", "polars", "python"))
    pinned = splice.update(text, WORK, loose="pin")
    assert pinned.loose == ()
    assert yaml.safe_load(pinned.text)["dependencies"] == [
        *("python==3.12.4", "numpy==2.0.1", "pip==24.0"),
        {"pip": ["polars==1.9.0"]},
    ]


def test_another_profile_and_other_exclusions_are_recorded():
    text = "name: x\nchannels: [conda-forge]\ndependencies:\n  - python\n  - numpy\n  - libblas\n"
    made = updated(text, BLAS, NUMPY, PYTHON, profile="minimal", without=("dev",))
    assert made.startswith("# envsnap: profile=minimal without=dev\nname: x\n")
    assert updated(made, BLAS, NUMPY, PYTHON, profile="versions", without=()).startswith(
        "# envsnap: profile=versions\nname: x\n"
    )


def test_what_moved_between_conda_and_pip_moves_in_the_file():
    text = (
        "channels: [conda-forge]\ndependencies:\n  - python\n  - numpy=1.26.4\n  - pip\n"
        "  - pip:\n    - polars==1.8.0\n"
    )
    swapped = environment(
        PIP, conda("polars", "1.9.0", distributions=("polars",)), PYTHON, pypi("numpy", "2.0.1")
    )
    assert updated(text, swapped) == (
        "channels: [conda-forge]\ndependencies:\n  - python\n  - pip\n  - polars==1.9.0\n"
        "  - pip:\n    - numpy==2.0.1\n"
    )


def test_a_pip_section_that_loses_all_goes_as_a_whole():
    text = "channels: [conda-forge]\ndependencies:\n  - python\n  - pip:\n    - rich\n    - more\n"
    assert updated(text, PYTHON) == "channels: [conda-forge]\ndependencies:\n  - python\n"


SOURCE = VcsSource(vcs="git", url="https://h.example/r.git", commit="9f3c2e1", revision="main")


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("lib @ git+https://h.example/r@main", None),
        ("git+https://h.example/r.git#egg=lib", None),
        ("git+https://h.example/r.git@9f3c2e1#egg=lib", None),
        ("lib==1.0", "lib @ git+https://h.example/r.git@9f3c2e1"),
        ("lib @ git+https://h.example/r@0000000", "lib @ git+https://h.example/r@9f3c2e1"),
        ("lib @ git+https://other.example/r@main", "lib @ git+https://h.example/r.git@9f3c2e1"),
    ],
)
def test_a_source_is_changed_where_it_is_another(before, after):
    text = (
        f"channels: [conda-forge]\ndependencies:\n  - python\n  - pip\n  - pip:\n    - {before}\n"
    )
    lib = pypi("lib", "1.0", source=SOURCE)
    assert updated(text, PYTHON, PIP, lib) == text.replace(before, after or before)


def test_an_editable_install_inside_the_repository_is_found_by_its_path():
    text = (
        "channels: [conda-forge]\ndependencies:\n  - python\n  - pip\n  - pip:\n    - -e ./lib/\n"
    )
    source = LocalSource(path="/r/lib", editable=True, written="./lib")
    assert updated(text, PYTHON, PIP, pypi("lib", "1.0", source=source)) == text


def test_variables_change_one_by_one_and_secrets_of_the_file_stay():
    text = (
        "channels: [conda-forge]\ndependencies:\n  - python\nvariables:\n  MODE: on  # why\n"
        "  API_TOKEN: abc\n  OLD: 1\n"
    )
    made = updated(text, environment(PYTHON, variables={"MODE": "off", "NEW": "x"}))
    assert made == (
        "channels: [conda-forge]\ndependencies:\n  - python\nvariables:\n  MODE: 'off'  # why\n"
        "  API_TOKEN: abc\n  NEW: x\n"
    )


def test_a_venv_does_not_take_condas_packages_away():
    text = "channels: [conda-forge]\ndependencies:\n  - python=3.11\n  - nodejs\n  - numpy=1.0.0\n"
    venv = environment(pypi("numpy", "2.0.1"), kind="venv", channels=())
    assert updated(text, venv).startswith(
        "channels: [conda-forge]\ndependencies:\n  - python=3.12.4\n  - nodejs\n  - numpy=2.0.1\n"
    )


@pytest.mark.parametrize(
    "text",
    [
        "dependencies:\n  - python={{ python }}\n",
        "{% if x %}\ndependencies: []\n{% endif %}\n",
        "dependencies: []\ndependencies: []\n",
        "variables: {A: 1, A: 2}\n",
        "dependencies:\n\t- python\n",
        "dependencies: [",
        "- python\n",
        "just words\n",
        "dependencies: []\n---\ndependencies: []\n",
        "x: &x [python=3.11.0]\ndependencies: *x\n",
        "x: &x python=3.11.0\ndependencies:\n  - *x\n",
        "<<: {a: 1}\ndependencies: []\n",
        "dependencies:\n  - >\n    python=3.11.0\n",
        "dependencies: python\n",
        "dependencies:\n  - pip:\n    - polars\n  - pip:\n    - rich\n",
        "dependencies: [python=3.11.0, # why\n  gone]\n",
        "dependencies: &d\n  - python=3.11.0\nmore:\n  - *d\n---\n",
        "dependencies:\n  - &x gone\n  - python\nmore: *x\n",
        "{name: x}\n",
        "dependencies: {python: 3}\n",
    ],
)
def test_what_cannot_be_placed_is_refused_in_words(text):
    with pytest.raises(CannotUpdate, match="Replace the file, or cancel"):
        splice.update(text, WORK)


def test_a_file_that_cannot_be_taken_apart_says_why():
    for text, words in (
        ("dependencies:\n  - {{ x }}\n", "template"),
        ("a: 1\nb: [", "Line 2 cannot be read"),
        ("- a\n", "holds no environment"),
        ("a: 1\na: 2\n", "“a” is in the file twice"),
    ):
        with pytest.raises(FileNotUnderstood, match=words):
            declared.parse(text)


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("name: a\ndependencies: [\n", 3),
        ("name: a\ndependencies:\n  - b\n\nname: c\n", 5),
        ("dependencies:\n  - pip:\n    - a\n  - pip:\n    - b\n", 4),
        ("variables:\n  A: 1\n  B: 2\n  A: 3\n", 4),
    ],
)
def test_an_error_in_a_file_says_in_which_line(text, line):
    with pytest.raises(FileNotUnderstood) as told:
        declared.parse(text)
    assert told.value.detail["line"] == line


def test_no_file_is_updated_by_a_profile_that_is_none():
    with pytest.raises(ProfileUnknown):
        splice.update("dependencies: []\n", WORK, profile="conda")


# --- over generated files ---------------------------------------------------------------------

NAMES = ["aiohttp", "bokeh", "click", "dask", "numpy", "pandas", "python", "xarray", "zlib"]
VERSIONS = ["1.0", "1.2.3", "2.0.1", "2024.1"]
FORMS = ["{n}", "{n}={v}", "{n}=={v}", "{n}>=1.0", "{n} {v}", "'{n}={v}'", '"{n}"', "{n}<2"]
PIP_FORMS = [
    *("{n}", "{n}=={v}", "{n}>=1", "'{n}=={v}'", "{n}[x]=={v}"),
    *("{n}=={v}; os_name == 'posix'", "{n} ; os_name == 'nt'", "{n}=={v} --hash=sha256:0"),
]


@st.composite
def files(draw):
    indent = " " * draw(st.integers(0, 4))
    gap = " " * draw(st.integers(1, 3))
    newline = draw(st.sampled_from(["\n", "\r\n"]))
    comments = st.sampled_from(["", "", "  # why", " # [linux]", " #[win]"])

    def entries(names, forms, indent):
        lines = []
        for name in names:
            form = draw(st.sampled_from(forms))
            spec = form.format(n=name, v=draw(st.sampled_from(VERSIONS)))
            if forms is FORMS and draw(st.integers(0, 5)) == 0:
                lines.append(f"{indent}# about what follows")
            lines.append(f"{indent}-{gap}{spec}{draw(comments)}")
            if draw(st.integers(0, 7)) == 0:
                lines.append("")
        return lines

    names = draw(st.lists(st.sampled_from(NAMES), unique=True, max_size=6))
    pip = draw(st.lists(st.sampled_from(NAMES[:-2]), unique=True, max_size=3))
    lines = ["# a file", "name: x", "channels: [conda-forge]"]
    if names or pip:
        lines += ["dependencies:", *entries(names, FORMS, indent)]
    else:
        lines += ["dependencies: []"]
    if pip:
        lines += [f"{indent}-{gap}pip:", *entries(pip, PIP_FORMS, indent + "      ")]
    if draw(st.booleans()):
        lines += ["", "x-more: [1, 2]"]
    text = newline.join(lines)
    return text + newline * draw(st.integers(0, 1))


@st.composite
def worlds(draw):
    by_conda = draw(st.lists(st.sampled_from(NAMES), unique=True, max_size=6))
    by_pip = draw(st.lists(st.sampled_from(NAMES[:-2]), unique=True, max_size=4))
    version = st.sampled_from(VERSIONS)
    return environment(
        *(conda(n, draw(version), asked=draw(st.booleans())) for n in sorted(by_conda)),
        *(pypi(n, draw(version)) for n in sorted(set(by_pip) - set(by_conda) - {"python"})),
    )


@settings(deadline=None, max_examples=300)
@given(files(), worlds())
def test_a_file_means_the_environment_afterwards_and_only_its_lines_changed(text, world):
    made = splice.update(text, world).text
    assert splice.update(made, world).text == made
    loaded = yaml.safe_load(made)
    assert loaded == YAML(typ="safe", pure=True).load(made)
    again = declared.parse(made)
    holds = {e.name: e for e in again.conda if "[win]" not in e.comment}
    installed = {p.name: p for p in world.conda}
    assert set(holds) - {"pip"} <= set(installed)
    for name, entry in holds.items():
        if name in installed:
            assert entry.spec.matches(installed[name].version, installed[name].build)
    there = {e.name for e in again.pip if "[win]" not in e.comment and "nt" not in e.marker}
    assert there <= {p.name for p in world.pypi}
    # What is for another platform alone is not there for this one.
    assert {p.name for p in world.conda if p.requested} <= set(holds) | {"pip"}
    assert {p.name for p in world.pypi if p.requested} <= there
    # What is not an entry is as it was, and in its order.
    assert [line for line in lines_of(made) if not is_entry(line)] == [
        line for line in lines_of(text) if not is_entry(line)
    ]
    for tag, a, b, _, _ in SequenceMatcher(None, lines_of(text), lines_of(made)).get_opcodes():
        if tag != "equal":
            assert all(is_entry(line) for line in lines_of(text)[a:b])


@st.composite
def bracketed(draw):
    """(text, whether it is JSON): lists in brackets, on one line or with a line for each item."""
    is_json = draw(st.booleans())
    forms = ['"{n}={v}"', '"{n}"'] if is_json else ["{n}", "{n}={v}", "'{n}=={v}'", "{n}>=1.0"]
    form = st.sampled_from(forms)
    version = st.sampled_from(VERSIONS)
    comment = st.just("") if is_json else st.sampled_from(["", "", "  # {}:{}"])

    def listed(kind, items, indent, close):
        if draw(st.booleans()):
            return f"[{', '.join(items)}]"
        comma = "" if is_json else draw(st.sampled_from(["", ","]))
        ends = [","] * (len(items) - 1) + [comma]
        lines = [
            f"{indent}{item}{end}{draw(comment).format(kind, re.findall('[a-z]+', item)[0])}\n"
            for item, end in zip(items, ends, strict=False)
        ]
        return f"[\n{''.join(lines)}{close}]"

    def words(names):
        return [draw(form).format(n=name, v=draw(version)) for name in names]

    names = draw(st.lists(st.sampled_from(NAMES), unique=True, max_size=5))
    pip = draw(st.lists(st.sampled_from(NAMES[:-2]), unique=True, min_size=1, max_size=3))
    pip_words = [word.replace("==", "=").replace("=", "==") for word in words(pip)]
    pip_words = [word.replace(">==", ">=") for word in pip_words]
    held = f"{listed('pip', pip_words, ' ' * 8, ' ' * 6)}"
    held = f'{{"pip": {held}}}' if is_json else f"{{pip: {held}}}"
    listing = listed("conda", [*words(names), held], " " * 4, " " * 2)
    text = f'{{\n  "channels": ["conda-forge"],\n  "dependencies": {listing}\n}}\n'
    if not is_json and draw(st.booleans()):
        text = f"channels: [conda-forge]\ndependencies: {listing}\n"
    return text, is_json


@settings(deadline=None, max_examples=300)
@given(bracketed(), worlds())
def test_a_file_in_brackets_means_the_environment_afterwards(file, world):
    text, is_json = file
    try:
        made = splice.update(text, world).text
    except CannotUpdate as error:
        # Some comments are about what goes, some about what stays: nobody can tell.
        assert "a comment stands among its items" in error.message  # noqa: PT017
        assert "#" in text
        return
    assert splice.update(made, world).text == made
    loaded = yaml.safe_load(made)
    assert loaded == YAML(typ="safe", pure=True).load(made)
    if is_json:
        assert json.loads(made) == loaded
    again = declared.parse(made)
    installed = {p.name: p for p in world.conda}
    for entry in again.conda:
        if entry.name in installed:
            assert entry.spec.matches(installed[entry.name].version)
    assert {e.name for e in again.conda} - {"pip"} <= set(installed)
    assert {e.name for e in again.pip} <= {p.name for p in world.pypi}
    every = {e.name for e in (*again.conda, *again.pip)}
    assert {p.name for p in (*world.conda, *world.pypi) if p.requested} <= every
    # A comment stays and goes with what it is about.
    stay = {f"conda:{e.name}" for e in again.conda} | {f"pip:{e.name}" for e in again.pip}
    before = {word for word in re.findall(r"# (\S+)", text) if ":pip" not in word}
    after = {word for word in re.findall(r"# (\S+)", made) if ":pip" not in word}
    assert after == before & stay


def lines_of(text: str) -> list[str]:
    return [line.rstrip("\r") for line in text.split("\n") if line.strip()]


def is_entry(line: str) -> bool:
    return re.match(r"\s*-\s|dependencies:", line) is not None


def test_an_update_takes_no_longer_than_there_are_entries():
    def prepared(count):
        before = environment(*(conda(f"p{i:04}", "1.0") for i in range(count)))
        after = environment(*(conda(f"p{i:04}", "2.0") for i in range(0, count, 2)))
        lines = "".join(f"  - {p.name}=={p.version}\n" for p in before.conda)
        text = f"channels: [conda-forge]\ndependencies:\n{lines}"
        assert splice.update(text, after).text.count("==2.0\n") == count // 2
        return lambda: splice.update(text, after)

    assert_linear(prepared)


def test_a_refusal_tells_no_secret_of_the_file():
    text = (
        "x: &x git+https://ada:s3cret-of-hers@h.example/lib.git#egg=lib\n"
        "channels: [conda-forge]\ndependencies:\n  - python\n  - pip:\n    - *x\n"
    )
    with pytest.raises(CannotUpdate, match="an alias") as caught:
        splice.update(text, environment(PYTHON, PIP))
    assert "s3cret" not in f"{caught.value.message} {caught.value.detail}"
