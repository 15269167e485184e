"""How conda writes out what it read of a spec; every row is what conda itself made of it."""

from __future__ import annotations

import pytest

from jupyter_envsnap.core.conda_channels import Naming, Settings
from jupyter_envsnap.core.documents.as_conda_specs import request

NAMING = Naming(
    Settings(
        custom_channels={"team": "https://repo.corp.example:8443/conda"},
        custom_multichannels={"mine": ("https://h.example/one", "grouped")},
    )
)
CANONICAL = {
    "numpy": "numpy",
    "NumPy": "numpy",
    "numpy=1.26": "numpy=1.26",
    "numpy=1.26.*": "numpy=1.26",
    "numpy 1.26*": "numpy=1.26",
    "numpy==1.26.4": "numpy==1.26.4",
    "numpy 1.26.4": "numpy==1.26.4",
    "numpy=1.26.4=py312_0": "numpy==1.26.4=py312_0",
    "numpy 1.26.4 py312_0": "numpy==1.26.4=py312_0",
    "numpy=1.26.4=*_0": "numpy==1.26.4[build=*_0]",
    "numpy=*=py*": "numpy=[build=py*]",
    "numpy=*": "numpy=",
    "numpy>=1.24": "numpy[version='>=1.24']",
    "numpy >=1.24, <2": "numpy[version='>=1.24,<2']",
    "numpy>=1|<0.5": "numpy[version='>=1|<0.5']",
    "numpy!=1.25": "numpy!=1.25",
    "numpy~=1.25": "numpy~=1.25",
    "numpy~=1.25=0": "numpy[version='~=1.25',build=0]",
    "numpy[version='(>=1,<2)|3*']": "numpy[version='>=1,<2|3.*']",
    "numpy (>=1.0)": "numpy",
    "numpy # because": "numpy",
    "numpy if unix": "numpy",
    "numpy[build=py*]": "numpy[build=py*]",
    "numpy[license=MIT, build_number=1]": "numpy[build_number=1,license=mit]",
    "numpy[track_features='b a']": "numpy[track_features='a b']",
    "numpy[url='https://h/x.conda',fn=x.conda]": "numpy[url=https://h/x.conda]",
    "numpy[subdir=linux-64]": "numpy[subdir=linux-64]",
    "conda-forge::numpy": "conda-forge::numpy",
    "conda-forge/linux-64::numpy=1": "conda-forge/linux-64::numpy=1",
    "conda-forge/linux-64::numpy[channel=bioconda]": "bioconda/linux-64::numpy",
    "numpy[channel=bioconda,version='>=1']": "bioconda::numpy[version='>=1']",
    "https://conda.anaconda.org/grouped::numpy": "mine::numpy",
    "https://conda.anaconda.org/acme::numpy": "acme::numpy",
    "pkgs/main::numpy": "defaults::numpy",
    "team::numpy": "https://repo.corp.example:8443/conda/team::numpy",
    "mine::numpy": "mine::numpy",
    "*::numpy": "numpy",
    "conda-*::numpy>1": "numpy[channel=conda-*,version='>1']",
    "https://conda.anaconda.org/acme/linux-64/numpy-1.0-0.conda": "acme/linux-64::numpy==1.0=0",
}


@pytest.mark.parametrize(("written", "canonical"), CANONICAL.items())
def test_a_spec_is_written_out_as_conda_does(written, canonical):
    assert request(written, NAMING).as_requirement == canonical


@pytest.mark.parametrize(
    ("written", "line"),
    {
        "conda-forge::zlib": "zlib",
        "numpy==1.26.4": "numpy=1.26.4",
        "numpy==1.26.4=0": "numpy=1.26.4=0",
        "python>=3.11": "python[version='>=3.11']",
        "numpy[version='==1.0|==2.0']": "numpy[version='==1.0|==2.0']",
    }.items(),
)
def test_an_environment_file_names_no_channel_and_has_one_equals_sign(written, line):
    assert request(written, NAMING).as_environment == line


@pytest.mark.parametrize(
    "written", ["", "=1.0", "[", "a[b", "::", "a::b::c::", "(", "\0", "]" * 99]
)
def test_what_is_no_spec_is_left_as_it_is_or_made_one(written):
    assert isinstance(request(written, NAMING).as_requirement, str)
