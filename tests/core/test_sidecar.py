from __future__ import annotations

import json

import msgspec
import pytest

from jupyter_envsnap.core.model import (
    ArchiveSource,
    CondaPackage,
    LocalSource,
    Machine,
    PipIndexes,
    PypiPackage,
    VcsSource,
    VirtualPackage,
)
from jupyter_envsnap.core.sidecar import Sidecar, purls, sidecar
from tests.fakes import environment

NUMPY = CondaPackage(
    name="numpy",
    version="1.26.4",
    build="py312_0",
    channel="conda-forge",
    subdir="linux-64",
    url="https://conda.anaconda.org/conda-forge/linux-64/numpy-1.26.4-py312_0.conda",
    sha256="a" * 64,
    distributions=("numpy",),
)
GIT = VcsSource(vcs="git", url="https://h/r.git", commit="9f3c")


@pytest.mark.parametrize(
    ("package", "wanted"),
    [
        (
            NUMPY,
            (
                "pkg:conda/numpy@1.26.4?build=py312_0&channel=conda-forge&subdir=linux-64&type=conda",
                "pkg:pypi/numpy@1.26.4",
            ),
        ),
        (
            msgspec.structs.replace(NUMPY, distributions=("numpy", "numpy-tests"), url=None),
            (
                "pkg:conda/numpy@1.26.4?build=py312_0&channel=conda-forge&subdir=linux-64",
                *("pkg:pypi/numpy", "pkg:pypi/numpy-tests"),
            ),
        ),
        (
            msgspec.structs.replace(NUMPY, distributions=("a==1", "numpy"), url=None),
            (
                "pkg:conda/numpy@1.26.4?build=py312_0&channel=conda-forge&subdir=linux-64",
                *("pkg:pypi/a@1", "pkg:pypi/numpy"),
            ),
        ),
        (
            CondaPackage(
                name="_x", version="1!2.0", build="", channel="https://h:8443/c", subdir="noarch"
            ),
            ("pkg:conda/_x@1%212.0?channel=https:%2F%2Fh:8443%2Fc&subdir=noarch",),
        ),
        (PypiPackage(name="torch", version="2.3.0+cu118"), ("pkg:pypi/torch@2.3.0%2Bcu118",)),
        (
            PypiPackage(name="x", version="1", source=GIT),
            ("pkg:pypi/x@1?vcs_url=git%2Bhttps:%2F%2Fh%2Fr.git%409f3c",),
        ),
        (
            PypiPackage(
                name="x",
                version="1",
                source=ArchiveSource(url="https://h/x.zip", hashes=("md5=1", "sha256=2")),
            ),
            ("pkg:pypi/x@1?checksum=md5:1%2Csha256:2&download_url=https:%2F%2Fh%2Fx.zip",),
        ),
        (PypiPackage(name="x", version="1", source=LocalSource(path="/x")), ("pkg:pypi/x@1",)),
    ],
)
def test_every_package_has_the_names_that_databases_have_for_it(package, wanted):
    assert purls(package) == wanted


def test_it_carries_what_a_file_for_people_has_no_place_for():
    made = msgspec.structs.replace(
        environment(),
        conda=(NUMPY,),
        pypi=(PypiPackage(name="x", version="1", source=GIT, user_site=True),),
        pins=("numpy 1.26.*",),
        indexes=PipIndexes(extra=("https://h/simple",)),
        virtual_packages=(VirtualPackage(name="__cuda", version="12.4", build="0"),),
        machine=Machine(driver="550.54.15", image="quay.io/jupyter/base:1"),
    )
    text = sidecar(made)
    found = json.loads(text)
    assert text == sidecar(made)
    assert text.endswith("}\n")
    assert (found["format"], found["version"], found["digest"]) == (
        *("envsnap-sidecar", 1, made.digest),
    )
    assert found["machine"] == {"driver": "550.54.15", "image": "quay.io/jupyter/base:1"}
    assert found["virtual_packages"] == [{"name": "__cuda", "version": "12.4", "build": "0"}]
    assert (found["pins"], found["indexes"]) == (["numpy 1.26.*"], {"extra": ["https://h/simple"]})
    assert (found["conda"][0]["url"], found["conda"][0]["sha256"]) == (NUMPY.url, NUMPY.sha256)
    assert found["pypi"][0]["source"]["commit"] == "9f3c"
    assert found["pypi"][0]["user_site"] is True


def test_it_can_be_read_back():
    made = msgspec.json.decode(sidecar(environment()), type=Sidecar)
    assert [p.name for p in made.conda] == ["numpy", "python"]
    assert [p.purls for p in made.pypi] == [("pkg:pypi/seaborn@0.13.2",)]
