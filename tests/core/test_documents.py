from __future__ import annotations

import io

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from ruamel.yaml import YAML

from jupyter_envsnap.core.documents import formats, write
from jupyter_envsnap.core.documents.yaml_io import YamlInvalid, comment, load, scalar
from jupyter_envsnap.core.errors import FormatUnknown, ProfileUnknown
from jupyter_envsnap.core.model import (
    ArchiveSource,
    CondaPackage,
    Environment,
    LocalSource,
    PypiPackage,
    VcsSource,
)
from jupyter_envsnap.core.wire import DocumentQuery

TRAPS = (
    *("yes", "Yes", "on", "ON", "off", "no", "n", "y", "true", "null", "Null", "~", "2024", "010"),
    *("0o17", "0x1F", "1e3", "1_000", "3.10", ".5", "-1", "+1", ".inf", "-.Inf", ".nan", "=", "<<"),
    *("12:30:45", "2026-01-31", "2026-01-31 10:00:00", "?", ":", "::", "-", "--", "---", "..."),
    *("%", "@at", "`tick", "*star", "&amp", "!bang", "", " ", " lead", "trail ", "a: b", "a:"),
    *("a #b", "#start", "it's", 'say "hi"', "- dash", "[list]", "{map}", "a, b", "x " * 60),
    *("tab\there", "line1\nline2", "\r", "a\x85b", "\u2028", "\ufeff", "\x00", "\x7f"),
    *("naïve ünïcode", "\N{GRINNING FACE}", "/usr/bin:/bin"),
)


def conda(name: str, version: str = "1.0", **fields) -> CondaPackage:
    return CondaPackage(
        name=name, version=version, build="0", channel="conda-forge", subdir="linux-64", **fields
    )


def environment(**fields) -> Environment:
    return Environment(
        **{
            "digest": "",
            "name": "work",
            "kind": "conda",
            "platform": "linux-64",
            "python": "3.12.4",
            "channels": ("conda-forge",),
            "conda": (conda("pip"), conda("python", "3.12.4")),
            **fields,
        }
    )


def readers(text: str) -> tuple[object, object]:
    """What a YAML 1.1 and a YAML 1.2 reader load."""
    return yaml.safe_load(text), YAML(typ="safe", pure=True).load(text)


def test_every_part_has_its_place():
    text = write(
        environment(
            channels=("conda-forge", "https://corp.example:8443/conda/team"),
            conda=(conda("_x"), conda("7zip", "1!2.0"), conda("pip"), conda("python", "3.12.4")),
            pypi=(
                PypiPackage(name="acme", version="1.0+cu118"),
                PypiPackage(
                    name="from-git",
                    version="2",
                    source=VcsSource(
                        vcs="git", url="https://h/r.git", commit="9f3c2e1", subdirectory="python"
                    ),
                ),
                PypiPackage(
                    name="from-url",
                    version="2",
                    source=ArchiveSource(
                        url="https://h/a.tar.gz", hashes=("md5=0", "sha256=1"), subdirectory="s"
                    ),
                ),
                PypiPackage(
                    name="mine",
                    version="3",
                    source=LocalSource(path="/home/me/mine", editable=True),
                ),
                PypiPackage(name="wheel", version="4", source=LocalSource(path="/tmp/w.whl")),
            ),
            variables={"A": "plain", "yes": "on"},
        )
    ).text
    assert text == (
        "# envsnap: profile=versions\n"
        "name: work\n"
        "channels:\n"
        "  - conda-forge\n"
        "  - https://corp.example:8443/conda/team\n"
        "dependencies:\n"
        "  - 7zip==1!2.0\n"
        "  - _x==1.0\n"
        "  - pip==1.0\n"
        "  - python==3.12.4\n"
        "  - pip:\n"
        "      - --extra-index-url https://download.pytorch.org/whl/cu118\n"
        "      - acme==1.0+cu118\n"
        "      - from-git @ git+https://h/r.git@9f3c2e1#subdirectory=python\n"
        "      - from-url @ https://h/a.tar.gz#subdirectory=s&sha256=1\n"
        "      # mine==3: runs from a folder on one machine, install it by hand\n"
        "      # wheel==4: was installed from a file on one machine, install it by hand\n"
        "variables:\n"
        "  A: plain\n"
        "  'yes': 'on'\n"
    )


def test_the_layout_is_the_one_that_conda_prints():
    written = write(environment(pypi=(PypiPackage(name="acme", version="1"),))).text
    printer = YAML()
    printer.indent(mapping=2, sequence=4, offset=2)
    out = io.StringIO()
    printer.dump(yaml.safe_load(written), out)
    assert out.getvalue() == written.partition("\n")[2]


def test_pip_is_a_dependency_where_only_pip_packages_need_it():
    without_pip = environment(
        conda=(conda("openssl"), conda("python", "3.12.4")),
        pypi=(PypiPackage(name="acme", version="1"),),
    )
    assert yaml.safe_load(write(without_pip).text)["dependencies"] == [
        "openssl==1.0",
        "pip",
        "python==3.12.4",
        {"pip": ["acme==1"]},
    ]


def test_only_local_installs_leave_no_empty_pip_section():
    mine = PypiPackage(name="mine", version="1", source=LocalSource(path="/home/me/mine"))
    text = write(environment(pypi=(mine,))).text
    assert yaml.safe_load(text)["dependencies"] == ["pip==1.0", "python==3.12.4"]
    assert "  # mine==1: " in text


@pytest.mark.parametrize("kind", ["venv", "system"])
@pytest.mark.parametrize(
    ("python", "written"),
    [("3.12.4", "python==3.12.4"), ("3.12", "python=3.12"), (None, "python")],
    ids=["known", "but for its patch level", "unknown"],
)
def test_what_conda_did_not_make_is_made_again_from_python_and_pip(kind, python, written):
    made = environment(
        kind=kind,
        channels=(),
        conda=(),
        pypi=(PypiPackage(name="acme", version="1"),),
        python=python,
    )
    assert yaml.safe_load(write(made).text) == {
        "name": "work",
        "channels": ["conda-forge"],
        "dependencies": ["pip", written, {"pip": ["acme==1"]}],
    }


def test_an_empty_environment_is_still_a_document():
    text = write(environment(channels=(), conda=(), python=None)).text
    assert readers(text) == ({"name": "work", "dependencies": []},) * 2


@pytest.mark.parametrize("trap", TRAPS)
def test_readers_of_yaml_1_1_and_1_2_load_the_same_strings(trap):
    text = write(environment(name=trap, variables={trap: trap, "end": "1"})).text
    for loaded in readers(text):
        assert loaded["name"] == trap
        assert loaded["variables"] == {trap: trap, "end": "1"}


def test_a_name_longer_than_yamls_simple_keys_is_loaded_too():
    variables = {"A" * 2_000: "1", "b": "2"}
    for loaded in readers(write(environment(variables=variables)).text):
        assert loaded["variables"] == variables


@settings(deadline=None, max_examples=50)
@given(st.text())
def test_any_string_is_loaded_as_it_was(text):
    # Half of a surrogate pair is no text that a file could hold.
    text = text.encode(errors="replace").decode()
    line = f"- {scalar(text)}\n"
    assert line.count("\n") == 1
    assert readers(line) == ([text], [text])


@settings(deadline=None, max_examples=50)
@given(st.text())
def test_a_comment_never_becomes_content(text):
    text = text.encode(errors="replace").decode()
    assert readers(f"- a\n{comment(text)}\n- b\n") == (["a", "b"], ["a", "b"])


@pytest.mark.parametrize("text", ["a: [", "\t- a", "a: !!python/object:os.system x", "[" * 900])
def test_what_is_not_yaml_is_told(text):
    with pytest.raises(YamlInvalid):
        load(text)


def test_unknown_names_are_told_with_those_that_there_are():
    with pytest.raises(FormatUnknown, match="environment-yaml"):
        write(environment(), DocumentQuery(format="toml"))
    with pytest.raises(ProfileUnknown, match="versions"):
        write(environment(), DocumentQuery(profile="all"))


def test_every_listed_format_and_profile_can_be_written():
    for entry in formats().formats:
        for profile in entry.profiles:
            if profile.name == "conda":
                continue
            document = write(environment(), DocumentQuery(format=entry.name, profile=profile.name))
            assert document.text.endswith("\n")
            assert (document.media_type, document.filename) == (entry.media_type, entry.filename)
