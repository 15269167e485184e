from __future__ import annotations

import json

import pytest

from jupyter_envsnap.adapters.conda_meta import (
    CHANNEL,
    REQUEST,
    Damaged,
    is_root,
    parse_pinned,
    parse_record,
    parse_state,
)

BASE = {"name": "numpy", "version": "1.26.4", "build": "py312_0", "subdir": "linux-64"}


def parsed(**fields):
    data = json.dumps({**BASE, **fields}).encode()
    return parse_record(data, path="conda-meta/numpy.json", mtime_ns=0)


@pytest.mark.parametrize("sort_keys", [True, False])
def test_the_order_of_keys_does_not_matter(sort_keys):
    data = {
        "name": "numpy",
        "version": "1.26.4",
        "channel": "https://conda.anaconda.org/conda-forge/linux-64",
        "files": ["lib/python3.12/site-packages/numpy-1.26.4.dist-info/METADATA"],
        "url": "https://conda.anaconda.org/conda-forge/linux-64/numpy-1.26.4-0.conda",
    }
    text = json.dumps(data, indent=2, sort_keys=sort_keys).encode()
    record = parse_record(text, path="", mtime_ns=0)
    assert record.package.channel == "conda-forge"
    assert record.package.subdir == "linux-64"
    assert record.owns == {"lib/python3.12/site-packages/numpy-1.26.4.dist-info": "numpy"}


@pytest.mark.parametrize(
    ("fields", "requested"),
    [
        ({"requested_spec": "None"}, ()),
        ({"requested_spec": ""}, ()),
        ({}, ()),
        ({"requested_spec": "numpy=1.26"}, ("numpy=1.26",)),
        ({"requested_spec": "None", "requested_specs": ["numpy", "numpy>1"]}, ("numpy", "numpy>1")),
        ({"requested_specs": []}, ()),
    ],
)
def test_who_asked_for_it_is_known(fields, requested):
    assert parsed(**fields).package.requested == requested


def test_no_credential_of_a_channel_url_or_request_is_kept():
    record = parsed(
        channel="https://me:pw-1@corp.example/conda/linux-64",
        url="https://corp.example/t/tk-2/conda/linux-64/numpy-1.26.4-py312_0.conda",
        requested_spec="https://me:pw-3@corp.example/conda::numpy",
        depends=["https://me:pw-4@corp.example/conda::blas"],
    )
    assert not [word for word in ("pw-", "tk-") if word in repr(record)]
    assert record.package.channel == "https://corp.example/conda"
    assert record.credentials_in == {CHANNEL, REQUEST}


def test_a_channel_that_is_not_named_is_taken_from_the_url():
    record = parsed(channel="<unknown>", url="file:///srv/c/linux-64/numpy-1.26.4-py312_0.conda")
    assert record.package.channel == "file:///srv/c"


@pytest.mark.parametrize(
    ("path", "owned"),
    [
        ("lib/python3.12/site-packages/a_b-1.dist-info/RECORD", "a-b"),
        ("lib/python3.12/site-packages/a_b-1-py3.12.egg-info", "a-b"),
        ("Lib/site-packages/naïve-1.dist-info/RECORD", "lib/"),
        ("lib/python3.12/site-packages/setuptools/_vendor/x-1.dist-info/METADATA", None),
        ("share/x.dist-info", None),
        ("share/x-info-y/z", None),
    ],
)
def test_what_a_record_owns_is_found_among_its_files(path, owned):
    by_files, by_paths = parsed(files=[path]), parsed(paths_data={"paths": [{"_path": path}]})
    assert by_files.owns == by_paths.owns
    assert bool(by_files.owns) == (owned is not None)
    if owned == "a-b":
        assert list(by_files.owns.values()) == ["a-b"]


def test_the_distributions_of_a_record_are_named_as_pypi_does():
    site = "lib/python3.12/site-packages"
    files = [f"{site}/{name}" for name in ("Ruamel.Yaml-1.dist-info/X", "a_b-1.egg-info", "x.py")]
    files.append(f"{site}/na\u00efve-1.dist-info/X")
    package = parsed(files=files).package
    assert package.provides == {"a-b": "1", "ruamel-yaml": "1"}
    assert parsed().package.provides == {}


@pytest.mark.parametrize(
    ("version", "folder", "distributions"),
    [
        ("1.26.4", "numpy-1.26.4.dist-info", ("numpy",)),
        ("1.26", "numpy-1.26.0.dist-info", ("numpy",)),
        ("2.1.0.post302", "torch-2.1.0.dist-info", ("torch==2.1.0",)),
        ("5.15.9", "PyQt5_sip-12.12.2.dist-info", ("pyqt5-sip==12.12.2",)),
        ("2024a", "pytz-2024.1-py3.12.egg-info", ("pytz==2024.1",)),
        ("1.0_1", "x-1.0.1.dist-info", ("x==1.0.1",)),
        ("1.0", "x.egg-info", ("x",)),
        ("1.0", "x-unknown.dist-info", ("x",)),
    ],
)
def test_a_distribution_has_its_own_version_where_it_is_another(version, folder, distributions):
    path = f"lib/python3.12/site-packages/{folder}/RECORD"
    assert parsed(version=version, files=[path]).package.distributions == distributions


@pytest.mark.parametrize("noarch", [None, "python", "generic", True, False])
def test_noarch_is_read_as_every_tool_wrote_it(noarch):
    assert parsed(noarch=noarch).package.noarch in {None, "python", "generic"}


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b'{"name": "numpy", "version": "1.2',
        b"\xff\xfe",
        '{"name": "n\xfcmpy", "version": "1"}'.encode("latin-1"),
        b"[]",
        b"null",
        b'{"version": "1"}',
        b'{"name": "", "version": "1"}',
        b'{"name": 7, "version": "1"}',
        b"[" * 100_000,
    ],
)
def test_a_damaged_record_is_told(data):
    with pytest.raises(Damaged):
        parse_record(data, path="", mtime_ns=0)


def test_variables_that_are_unset_or_secret_are_left_out():
    data = json.dumps(
        {"env_vars": {"A": "1", "GONE": "***unset***", "API_TOKEN": "pw", "P": "https://u:pw@h"}}
    )
    assert parse_state(data.encode()) == ({"A": "1"}, ("API_TOKEN", "P"))


def test_pins_are_lines_without_comments_and_credentials():
    pinned = b"# keep\nnumpy 1.26.*\n\n https://u:pw@h/c::x \n"
    assert parse_pinned(pinned) == (("numpy 1.26.*", "https://h/c::x"), True)


@pytest.mark.parametrize(
    ("folders", "prefix", "root"),
    [
        (["condabin"], "opt/conda", True),
        (["envs", "pkgs"], "mamba", True),
        (["condabin"], "opt/conda/envs/build", False),
        (["lib"], "opt/conda", False),
    ],
)
def test_the_root_prefix_is_recognised(tmp_path, folders, prefix, root):
    for folder in folders:
        (tmp_path / prefix / folder).mkdir(parents=True)
    assert is_root(tmp_path / prefix) is root
