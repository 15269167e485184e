from __future__ import annotations

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jupyter_envsnap.core import findings as codes
from jupyter_envsnap.core.documents import write
from jupyter_envsnap.core.environment import (
    CondaRecord,
    Distribution,
    Parts,
    assemble,
    by_priority,
)
from jupyter_envsnap.core.model import (
    CondaPackage,
    Environment,
    LocalSource,
    Machine,
    PipIndexes,
    PypiPackage,
    VirtualPackage,
)

SITE = "lib/python3.12/site-packages"


def record(name, version="1.0", *, channel="conda-forge", mtime_ns=1, owns=()) -> CondaRecord:
    package = CondaPackage(
        name=name, version=version, build="0", channel=channel, subdir="linux-64"
    )
    return CondaRecord(
        package=package,
        path=f"conda-meta/{name}-{version}-0.json",
        mtime_ns=mtime_ns,
        owns={f"{SITE}/{owned}": owned.partition("-")[0] for owned in owns},
    )


def dist(name, version="1.0", *, place=0, mtime_ns=1) -> Distribution:
    return Distribution(
        package=PypiPackage(name=name, version=version),
        path=f"{SITE}/{name}-{version}.dist-info",
        place=place,
        mtime_ns=mtime_ns,
    )


def parts(**fields) -> Parts:
    return Parts(
        **{"name": "x", "kind": "conda", "platform": "linux-64", "python": "3.12.4", **fields}
    )


def codes_of(environment: Environment) -> list[tuple[str, str | None]]:
    return [(f.code, f.package) for f in environment.findings]


PARTS = parts(
    records=[record(n, channel=c) for n, c in [("b", "x"), ("a", "x"), ("c", "y"), ("d", "y")]],
    distributions=[dist("p"), dist("q"), dist("p", "2.0", mtime_ns=5), dist("o")],
    variables={"B": "1", "A": "2"},
)


@settings(deadline=None, max_examples=50)
@given(
    records=st.permutations(PARTS.records),
    distributions=st.permutations(PARTS.distributions),
    variables=st.permutations(list(PARTS.variables.items())),
)
def test_every_order_of_reading_makes_the_same_environment(records, distributions, variables):
    shuffled = msgspec.structs.replace(
        PARTS, records=records, distributions=distributions, variables=dict(variables)
    )
    made, wanted = assemble(shuffled), assemble(PARTS)
    assert msgspec.json.encode(made) == msgspec.json.encode(wanted)
    assert write(made) == write(wanted)


@pytest.mark.parametrize(
    "change",
    [
        {"records": [*PARTS.records, record("e")]},
        {"distributions": []},
        {"python": "3.12.5"},
        {"platform": "osx-arm64"},
        {"variables": {}},
        {"pins": ["numpy 1.26.*"]},
        {"configured_channels": ["y", "x"]},
        {"indexes": PipIndexes(extra=("https://h/simple",))},
        {"requests": {"a": "a=1"}},
    ],
)
def test_the_digest_changes_with_the_content(change):
    assert assemble(msgspec.structs.replace(PARTS, **change)).digest != assemble(PARTS).digest


def test_name_machine_and_findings_are_not_in_the_digest():
    told = codes.finding(codes.BEING_CHANGED)
    machine = Machine(driver="550.54.15", image="base:1")
    other = msgspec.structs.replace(
        PARTS,
        name="y",
        findings=[told],
        machine=machine,
        virtual_packages=[VirtualPackage(name="__linux", version="6.1", build="0")],
    )
    assert assemble(other).digest == assemble(PARTS).digest


def test_a_package_moving_from_conda_to_pip_changes_the_digest():
    assert (
        assemble(parts(records=[record("a")])).digest
        != assemble(parts(distributions=[dist("a")])).digest
    )


def test_what_pip_put_in_the_place_of_condas_is_listed_once():
    made = assemble(
        parts(
            records=[record("numpy", owns=["numpy-1.0.dist-info"])],
            distributions=[dist("numpy", "2.0")],
        )
    )
    assert (made.conda, [p.version for p in made.pypi]) == ((), ["2.0"])
    assert codes_of(made) == [(codes.CONDA_AND_PIP, "numpy")]


@pytest.mark.parametrize(("pip_ns", "in_use"), [(1, "conda"), (9, "pip")])
def test_where_both_are_on_disk_the_later_written_is_in_use(pip_ns, in_use):
    made = assemble(
        parts(
            records=[record("numpy", owns=["numpy-1.0.dist-info"])],
            distributions=[dist("numpy", "2.0", mtime_ns=pip_ns)],
            present={f"{SITE}/numpy-1.0.dist-info": 5},
        )
    )
    assert (len(made.conda), len(made.pypi)) == ((1, 0) if in_use == "conda" else (0, 1))
    assert len(made.findings) == 1


def test_a_conda_package_stays_while_one_of_its_distributions_is_its_own():
    made = assemble(
        parts(
            records=[record("suite", owns=["one-1.0.dist-info", "two-1.0.dist-info"])],
            distributions=[dist("one", "2.0")],
        )
    )
    assert [p.name for p in made.conda] == ["suite"]


def test_a_library_and_a_distribution_of_the_same_name_are_two_things():
    made = assemble(parts(records=[record("zstd")], distributions=[dist("zstd")]))
    assert (len(made.conda), len(made.pypi), made.findings) == (1, 1, ())


def test_of_two_distributions_the_first_folder_then_the_later_one_counts():
    by_folder = assemble(parts(distributions=[dist("a", "2", place=1, mtime_ns=9), dist("a", "1")]))
    by_time = assemble(parts(distributions=[dist("a", "1"), dist("a", "2", mtime_ns=9)]))
    assert [by_folder.pypi[0].version, by_time.pypi[0].version] == ["1", "2"]
    assert codes_of(by_time) == [(codes.DUPLICATE_DISTRIBUTION, "a")]


def test_of_two_records_of_a_name_the_later_written_counts():
    made = assemble(parts(records=[record("a", "2", mtime_ns=9), record("a", "3")]))
    assert [p.version for p in made.conda] == ["2"]
    assert codes_of(made) == [(codes.DUPLICATE_DISTRIBUTION, "a")]


def test_of_three_versions_only_the_one_in_use_is_told():
    versions = [("a", "1", 1), ("a", "2", 2), ("a", "3", 3)]
    by_record = assemble(parts(records=[record(n, v, mtime_ns=t) for n, v, t in versions]))
    by_dist = assemble(parts(distributions=[dist(n, v, mtime_ns=t) for n, v, t in versions]))
    assert len(by_record.findings) == len(by_dist.findings) == 1
    assert "3" in by_record.findings[0].message
    assert "3" in by_dist.findings[0].message


def test_channels_come_by_configuration_then_by_use_and_defaults_last():
    used = {"defaults": 9, "b": 1, "a": 1, "c": 5, "": 3}
    assert by_priority(used, ()) == ("c", "a", "b", "defaults")
    assert by_priority(used, ("unused", "defaults", "b")) == ("defaults", "b", "c", "a")


@pytest.mark.parametrize(("count", "words"), [(1, "1 package comes"), (2, "2 packages come")])
def test_the_defaults_channel_is_told_with_its_packages(count, words):
    made = assemble(parts(records=[record(f"p{n}", channel="defaults") for n in range(count)]))
    assert made.findings[0].code == codes.DEFAULTS_CHANNEL
    assert made.findings[0].message.startswith(f"{words} from Anaconda's defaults channel.")


@pytest.mark.parametrize(
    ("editable", "code"), [(True, codes.EDITABLE_INSTALL), (False, codes.LOCAL_SOURCE)]
)
def test_a_package_from_this_machine_is_told(editable, code):
    source = LocalSource(path="/src/tiny", editable=editable)
    package = PypiPackage(name="tiny", version="1.0", source=source)
    made = assemble(parts(distributions=[msgspec.structs.replace(dist("tiny"), package=package)]))
    assert codes_of(made) == [(code, "tiny")]
