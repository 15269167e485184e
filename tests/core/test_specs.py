from __future__ import annotations

from contextlib import suppress

import pytest
import rattler
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from jupyter_envsnap.core.specs import Spec, SpecInvalid, parse, satisfies


@pytest.mark.parametrize(
    ("text", "spec"),
    [
        ("numpy", Spec(name="numpy")),
        ("NumPy", Spec(name="numpy")),
        ("numpy=1.26", Spec(name="numpy", version="1.26.*")),
        ("numpy==1.26.4", Spec(name="numpy", version="1.26.4")),
        ("numpy 1.26.4", Spec(name="numpy", version="1.26.4")),
        ("numpy 1.26.*", Spec(name="numpy", version="1.26.*")),
        ("numpy=1.26.4=py312_0", Spec(name="numpy", version="1.26.4", build="py312_0")),
        ("numpy=1.26=*_0", Spec(name="numpy", version="1.26", build="*_0")),
        ("numpy 1.26 py312_0", Spec(name="numpy", version="1.26", build="py312_0")),
        ("numpy >=1.20,<2", Spec(name="numpy", version=">=1.20,<2")),
        ("numpy>=1.20, <2", Spec(name="numpy", version=">=1.20,<2")),
        ("numpy >=1.20,<2 py*", Spec(name="numpy", version=">=1.20,<2", build="py*")),
        ("numpy 1.8*|1.9*", Spec(name="numpy", version="1.8*|1.9*")),
        ("numpy[version='>=1.20']", Spec(name="numpy", version=">=1.20")),
        ("numpy[version='1.2', build=\"0\"]", Spec(name="numpy", version="1.2", build="0")),
        ("conda-forge::numpy", Spec(name="numpy", channel="conda-forge")),
        (
            "https://h.example/c::numpy=1",
            Spec(name="numpy", version="1.*", channel="https://h.example/c"),
        ),
        ("numpy[md5=0a]", Spec(name="numpy", fields={"md5": "0a"})),
        ("numpy * mkl", Spec(name="numpy", version="*", build="mkl")),
        ("numpy=1.26.4  # why", Spec(name="numpy", version="1.26.4.*")),
        ("python_abi 3.12.* *_cp312", Spec(name="python_abi", version="3.12.*", build="*_cp312")),
        ("7zip", Spec(name="7zip")),
        (
            "_libgcc_mutex 0.1 conda_forge",
            Spec(name="_libgcc_mutex", version="0.1", build="conda_forge"),
        ),
    ],
)
def test_a_spec_is_taken_apart(text, spec):
    assert parse(text) == spec


@pytest.mark.parametrize("text", ["", " ", "=1.0", "::", "[md5=0]", "# only words"])
def test_what_names_no_package_is_told(text):
    with pytest.raises(SpecInvalid):
        parse(text)


VERSIONS = ("1.0", "1.2", "1.2.3", "1.2.30", "1.10", "2.0", "2.0rc1", "2.0.post1", "2024a", "1!1.0")
RANGES = (
    *("1.2", "=1.2", "==1.2", "1.2.*", "1.2*", ">=1.2", ">1.2", "<2", "<=2.0", "!=1.2", "!=1.2.*"),
    *("~=1.2", "~=1.2.3", ">=1.2,<2", "1.0|2.0", "1.0|>=1.10,<2", ">=1,!=1.2.3,<2.0a0", "*"),
    *("=1", ">=1.2.*", "(>=1.2,<1.10)|2.0"),
)


@pytest.mark.parametrize("asked", RANGES)
@pytest.mark.parametrize("version", VERSIONS)
def test_a_range_takes_what_another_implementation_takes(asked, version):
    theirs = rattler.VersionSpec(asked).matches(rattler.Version(version))
    spaced = asked if asked[0] in "=<>!~" else f" {asked}"
    assert satisfies(f"numpy{spaced}", version) == theirs


@pytest.mark.parametrize(
    ("asked", "build", "taken"),
    [("0", "0", True), ("0", "1", False), ("py3*", "py312_0", True), ("*_0", "py_1", False)],
)
def test_a_build_is_a_word_or_a_pattern(asked, build, taken):
    assert satisfies(f"numpy 1.0 {asked}", "1.0", build) is taken


def test_one_version_is_told_from_several():
    assert parse("numpy=1.2").exact_version is None
    assert parse("numpy==1.2").exact_version == "1.2"
    assert parse("numpy==1!1.2").exact_version == "1!1.2"
    assert parse("numpy!=1!1.2").exact_version is None
    assert parse("numpy>=1.2").exact_version is None
    assert parse("numpy=1.2=0").exact_version == "1.2"


OPERANDS = st.sampled_from(
    [*VERSIONS, "0.9", "1.2.0", "1.1.1w", "9e", "2.0.dev1", "1.0_1", "1!2.0"]
)
# Where rattler goes its own way, conda's is ours: a star behind `>=` and the like, and `~=` of what
# is more than numbers.
PARTS = st.one_of(
    st.builds("{}{}".format, st.sampled_from([">=", "<=", ">", "<"]), OPERANDS),
    st.builds("~={}".format, st.sampled_from(["1.0", "1.2.3", "2.0", "1.10"])),
    st.builds(
        "{}{}{}".format,
        st.sampled_from(["", "=", "==", "!="]),
        OPERANDS,
        st.sampled_from(["", "", ".*", "*"]),
    ),
)
GENERATED = st.lists(st.lists(PARTS, min_size=1, max_size=3).map(",".join), min_size=1, max_size=3)


@settings(deadline=None, max_examples=400)
@given(
    GENERATED.map("|".join),
    OPERANDS | st.just("1.0+cu118"),
    st.sampled_from(["", "0", "py312*", "*_0", "py*_0", "*"]),
    st.sampled_from(["0", "py312_0", "py312h1_0"]),
)
def test_a_spec_takes_what_another_implementation_takes(asked, version, pattern, build):
    # Behind a leading `=`, rattler reads a build in another way.
    text = f"numpy {asked}" if asked.startswith("=") else f"numpy {asked} {pattern}".rstrip()
    record = rattler.PackageRecord(
        name="numpy",
        version=version,
        build=rattler.package.BuildString(build),
        build_number=0,
        subdir="linux-64",
        arch=None,
        platform=None,
    )

    def theirs(spec: str) -> bool:
        return rattler.MatchSpec(spec, strict=False).matches(record)

    # Among other choices, rattler takes `==1.0.*` for `==1.0`.
    choices = asked.split("|")
    assume(theirs(f"numpy {asked}") == any(theirs(f"numpy {choice}") for choice in choices))
    assert satisfies(text, version, build) == theirs(text)


@settings(deadline=None, max_examples=300)
@given(st.text(alphabet="numpy019.*=<>!~|,()[]'\" :#-_", max_size=24), st.sampled_from(VERSIONS))
def test_no_text_makes_it_fail_in_another_way(text, version):
    with suppress(SpecInvalid):
        satisfies(text, version)
