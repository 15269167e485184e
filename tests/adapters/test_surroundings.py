"""What lies around a prefix is found as conda, pip and python find it."""

from __future__ import annotations

import subprocess
import sys
import time
import venv

import pytest
import rattler

from jupyter_envsnap.adapters import gpu
from jupyter_envsnap.adapters.environments import PrefixReader
from jupyter_envsnap.adapters.interpreters import Python
from jupyter_envsnap.adapters.surroundings import Surroundings, platform_of_this_machine
from jupyter_envsnap.core import findings as codes
from jupyter_envsnap.core.model import Machine, Prefix
from jupyter_envsnap.core.virtual_packages import Detected, virtual_packages
from tests.adapters.prefix_builder import SITE, CondaPrefix

MINOR = f"{sys.version_info[0]}.{sys.version_info[1]}"


def rattlers() -> set[tuple[str, str, str]]:
    overrides = rattler.VirtualPackageOverrides.from_env()
    found = [package.into_generic() for package in rattler.VirtualPackage.detect(overrides)]
    return {(p.name.source, str(p.version), str(p.build_string)) for p in found}


def ours(environ=None) -> set[tuple[str, str, str]]:
    found = Surroundings(environ or {}, "/no-home").virtual_packages(platform_of_this_machine())
    return {(package.name, package.version, package.build) for package in found}


@pytest.mark.parametrize(
    "override",
    [
        *("", "GLIBC=2.17", "GLIBC=", "CUDA=12.1", "CUDA=", "LINUX=5.10", "ARCHSPEC=skylake"),
        *("ARCHSPEC=", "ARCHSPEC=0", "UNIX=7"),
    ],
)
def test_virtual_packages_are_those_that_rattler_finds(monkeypatch, override):
    name, _, value = f"CONDA_OVERRIDE_{override}".partition("=")
    monkeypatch.setenv(name, value)
    assert ours({name: value}) == rattlers()


LINUX = Detected(
    platform="linux-64", kernel="6.1.0-13-amd64", glibc="2.36", microarchitecture="zen3"
)
MAC = Detected(platform="osx-arm64", kernel="14.5.1", microarchitecture="m2")
WINDOWS = Detected(platform="win-64", kernel="10.0.22631", cuda="12.4")
PLATFORMS = {
    "a kernel's vendor is no version": ("linux-64", LINUX, {}, "__linux=6.1.0=0"),
    "macOS has two numbers": ("osx-arm64", MAC, {}, "__osx=14.5=0"),
    "macOS is a unix": ("osx-arm64", MAC, {}, "__unix=0=0"),
    "a processor": ("osx-arm64", MAC, {}, "__archspec=1=m2"),
    "Windows has three": ("win-64", WINDOWS, {}, "__win=10.0.22631=0"),
    "a driver": ("win-64", WINDOWS, {}, "__cuda=12.4=0"),
    "another system is not known": ("osx-arm64", LINUX, {}, "__osx=0=0"),
    "another processor is not known": ("linux-aarch64", LINUX, {}, "__archspec=1=aarch64"),
    "of the other system it may be told": (
        *("osx-64", LINUX),
        *({"CONDA_OVERRIDE_OSX": "13.1"}, "__osx=13.1=0"),
    ),
    "an emptied kernel is there": (
        *("linux-64", LINUX),
        *({"CONDA_OVERRIDE_LINUX": ""}, "__linux=0=0"),
    ),
    "a build may be told": (
        *("linux-64", LINUX),
        *({"CONDA_OVERRIDE_LINUX": "5.1=x"}, "__linux=5.1=x"),
    ),
    "a sentence is no processor": (
        *("linux-64", LINUX),
        *({"CONDA_OVERRIDE_ARCHSPEC": "not this one"}, "__archspec=1=zen3"),
    ),
    "a word is no version": (
        *("linux-64", LINUX),
        *({"CONDA_OVERRIDE_GLIBC": "new"}, "__glibc=2.36=0"),
    ),
}


@pytest.mark.parametrize(
    ("platform", "detected", "environ", "wanted"), PLATFORMS.values(), ids=list(PLATFORMS)
)
def test_each_platform_has_its_own(platform, detected, environ, wanted):
    made = virtual_packages(platform, detected, environ)
    assert wanted in {f"{p.name}={p.version}={p.build}" for p in made}
    assert [p.name for p in made] == sorted(p.name for p in made)


@pytest.mark.parametrize(
    ("platform", "detected", "absent"),
    [
        ("win-64", WINDOWS, {"__unix", "__linux", "__glibc", "__osx"}),
        ("osx-64", LINUX, {"__linux", "__glibc", "__win", "__cuda"}),
        ("linux-64", LINUX, {"__win", "__osx", "__cuda"}),
    ],
)
def test_no_platform_has_those_of_another(platform, detected, absent):
    told = {f"CONDA_OVERRIDE_{name.strip('_').upper()}": "1" for name in absent - {"__cuda"}}
    assert not absent & {p.name for p in virtual_packages(platform, detected, told)}


@pytest.mark.parametrize(
    ("environ", "image"),
    [
        ({"JUPYTER_IMAGE_SPEC": "quay.io/jupyter/base:1"}, "quay.io/jupyter/base:1"),
        ({"JUPYTER_IMAGE": "b", "JUPYTER_IMAGE_SPEC": "a"}, "a"),
        ({"CONTAINER_IMAGE": "me:pw@registry.example/x"}, "registry.example/x"),
        ({"SINGULARITY_NAME": "x.sif"}, "x.sif"),
        ({"JUPYTER_IMAGE": ""}, None),
    ],
)
def test_the_image_is_named_where_the_container_tells_it(environ, image):
    assert Surroundings(environ, "/no-home").machine().image == image


NVML = """
#include <string.h>
#include <unistd.h>
int nvmlInit_v2(void) { if (%(hangs)s) sleep(1000); return %(status)s; }
int nvmlShutdown(void) { return 0; }
int nvmlSystemGetDriverVersion(char *text, unsigned length) {
    strncpy(text, "550.54.15", length); return 0;
}
int nvmlSystemGetCudaDriverVersion_v2(int *version) { *version = 12040; return 0; }
"""


@pytest.fixture
def nvml(tmp_path):
    """Makes a library that answers as NVIDIA's does."""

    def made(*, hangs: bool = False, status: int = 0) -> str:
        source, library = tmp_path / "nvml.c", tmp_path / "libnvml.so"
        source.write_text(NVML % {"hangs": int(hangs), "status": status})
        subprocess.run(["cc", "-shared", "-fPIC", "-o", library, source], check=True)
        return str(library)

    return made


def test_the_driver_is_asked_for_its_version_and_its_cuda(nvml):
    assert gpu.driver(nvml()) == gpu.Driver(version="550.54.15", cuda="12.4")


def test_without_a_driver_there_is_none(nvml, tmp_path):
    (tmp_path / "broken.so").write_bytes(b"no library")
    for library in (str(tmp_path / "none.so"), str(tmp_path / "broken.so"), nvml(status=9)):
        assert gpu.driver(library) == gpu.Driver()


def test_a_driver_that_hangs_is_given_up_and_holds_up_no_exit(nvml):
    code = (
        "import sys; from jupyter_envsnap.adapters import gpu\n"
        "print(gpu.driver(sys.argv[1], limit_s=0.05))"
    )
    start = time.monotonic()
    done = subprocess.run(
        [sys.executable, "-c", code, nvml(hangs=True)],
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    assert done.stdout.strip() == repr(gpu.Driver())
    assert time.monotonic() - start < 30


def test_the_driver_is_asked_once_and_gives_the_cuda_that_packages_see(nvml, monkeypatch):
    asked = []
    library = nvml()

    def counting():
        asked.append(1)
        return driver(library)

    driver = gpu.driver
    monkeypatch.setattr(gpu, "driver", counting)
    around = Surroundings({}, "/no-home")
    made = [around.virtual_packages("linux-64") for _ in range(2)]
    assert "__cuda" in {package.name for package in made[1]}
    assert (around.machine(), len(asked)) == (Machine(driver="550.54.15"), 1)


@pytest.fixture
def home(tmp_path):
    """A home folder with a package of the user's own, for each python."""
    for minor in ("3.12", MINOR):
        info = tmp_path / f"home/.local/lib/python{minor}/site-packages/rich-13.0.dist-info"
        info.mkdir(parents=True, exist_ok=True)
        (info / "METADATA").write_text("Name: rich\nVersion: 13.0\n")
    return tmp_path / "home"


@pytest.mark.parametrize("environ", [{}, {"PYTHONNOUSERSITE": ""}, {"PYTHONNOUSERSITE": "1"}])
@pytest.mark.parametrize("kind", ["venv", "venv that sees the system"])
def test_the_users_own_packages_are_seen_where_python_sees_them(tmp_path, home, environ, kind):
    prefix = tmp_path / "env"
    venv.create(prefix, system_site_packages=kind != "venv", symlinks=True)
    done = subprocess.run(
        [prefix / "bin/python", "-c", "import site; print(site.ENABLE_USER_SITE, site.USER_SITE)"],
        env={"HOME": str(home), **environ},
        capture_output=True,
        text=True,
        check=True,
    )
    enabled, folder = done.stdout.split(" ", 1)
    found = Surroundings(environ, str(home)).user_site(str(prefix), "venv", Python(version=MINOR))
    assert found == (folder.strip() if enabled == "True" else None)


OWN = "own/lib/python3.12/site-packages"


@pytest.mark.parametrize(
    ("environ", "python", "folder"),
    [
        ({}, Python(version="3.12.4"), ".local/lib/python3.12/site-packages"),
        ({"PYTHONUSERBASE": "{home}/own"}, Python(version="3.12"), OWN),
        (
            {},
            Python(version="3.13.1", site_packages="lib/python3.13t/site-packages"),
            ".local/lib/python3.13t/site-packages",
        ),
        ({"PYTHONUSERBASE": "relative"}, Python(version="3.12"), None),
        ({}, Python(version="3.9.1"), None),
        ({}, Python(), None),
    ],
)
def test_the_users_own_folder_is_where_python_has_it(home, environ, python, folder):
    for minor in ("3.13t", "3.13"):
        (home / f".local/lib/python{minor}/site-packages").mkdir(parents=True)
    (home / OWN).mkdir(parents=True)
    own = {name: value.replace("{home}", str(home)) for name, value in environ.items()}
    found = Surroundings(own, str(home)).user_site("/env", "conda", python)
    assert found == (str(home / folder) if folder else None)


async def test_the_users_own_packages_are_told_apart(tmp_path, home):
    prefix = CondaPrefix(tmp_path / "env")
    prefix.owned_dist("rich", "12.0")
    prefix.dist("acme")
    reader = PrefixReader(environ={}, home=home)
    made = await reader.read(Prefix(path=str(prefix.root), kind="conda"))
    assert [(p.name, p.version, p.user_site) for p in made.pypi] == [
        *[("acme", "1.0", False), ("rich", "13.0", True)],
    ]
    assert [(p.name, p.version) for p in made.conda] == [("python", "3.12.4"), ("rich", "12.0")]
    assert [(f.code, f.package) for f in made.findings] == [(codes.USER_SITE_PACKAGE, "rich")]


async def test_the_users_own_package_goes_before_that_of_the_prefix(tmp_path, home):
    prefix = CondaPrefix(tmp_path / "env")
    prefix.dist("rich", "12.0")
    made = await PrefixReader(environ={}, home=home).read(
        Prefix(path=str(prefix.root), kind="conda")
    )
    assert [(p.version, p.user_site) for p in made.pypi] == [("13.0", True)]
    assert {f.code for f in made.findings} == {
        *(codes.USER_SITE_PACKAGE, codes.DUPLICATE_DISTRIBUTION),
    }


async def test_what_changes_around_a_prefix_changes_its_fingerprint(tmp_path, home):
    made = CondaPrefix(tmp_path / "env")
    prefix = Prefix(path=str(made.root), kind="conda")
    reader = PrefixReader(environ={}, home=home)
    seen = [await reader.fingerprint(prefix)]
    assert await reader.fingerprint(prefix) == seen[0]
    info = home / ".local" / SITE / "more-1.0.dist-info"
    for change in (
        info.mkdir,
        lambda: made.write("conda-meta/history", "==> x <==\n"),
        lambda: made.write("pip.conf", "[global]\nindex-url = https://h/s\n"),
        lambda: made.write("pip.conf", "[global]\nindex-url = https://h/other\n"),
    ):
        change()
        seen.append(await reader.fingerprint(prefix))
    assert len(set(seen)) == len(seen)
    assert (await reader.read(prefix)).indexes.index_url == "https://h/other"
