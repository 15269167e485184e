"""Make a conda channel out of the running CPython and the distributions installed beside it.

Needs py-rattler and py-rattler-build, no network. The packages are real: they are indexed,
solved and installed like any other; only their binaries are borrowed from this interpreter.
"""

from __future__ import annotations

import asyncio
import hashlib
import importlib.metadata
import os
import platform
import shutil
import sys
import sysconfig
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from dev.bytecode import packaged

CHANNEL_NAME = "local-channel"
ROOT_DISTRIBUTIONS = ("ipykernel", "pip", "python-dateutil")
CLIMATE_TOOLS_VERSION = "1.2.0"

_NOARCH = "noarch"
_PYTHON_TAG = f"{sys.version_info.major}{sys.version_info.minor}"
_PYTHON_DIR = f"python{sys.version_info.major}.{sys.version_info.minor}"
_SITE = Path("lib", _PYTHON_DIR, "site-packages")
# What a kernel never imports, and what Debian puts there for its own packages.
_NOT_IN_STDLIB = frozenset(
    {"site-packages", "dist-packages", "test", "tests", "idlelib", "turtledemo", "ensurepip"}
    | {"__pycache__", "lib2to3", "tkinter", "EXTERNALLY-MANAGED", "sitecustomize.py"}
)
# conda-forge keeps the underscore in these names.
_UNDERSCORED = frozenset(
    {
        "importlib-metadata",
        "ipython-pygments-lexers",
        "jupyter-client",
        "jupyter-core",
        "nest-asyncio2",
        "pure-eval",
        "stack-data",
        "typing-extensions",
    }
)
_CLIMATE_TOOLS = '''\
"""Small tools for temperature series."""

from statistics import fmean, linear_regression

__version__ = "{version}"


def anomalies(temperatures: list[float], baseline: list[float]) -> list[float]:
    """Return each temperature's difference from the baseline's mean, in kelvin."""
    mean = fmean(baseline)
    return [round(value - mean, 3) for value in temperatures]


def trend(years: list[float], temperatures: list[float]) -> float:
    """Return the change in kelvin per decade."""
    return round(10 * linear_regression(years, temperatures).slope, 3)
'''


@dataclass(frozen=True, kw_only=True)
class Package:
    """What becomes one conda package: its names and files, as (source, place in the prefix)."""

    name: str
    version: str
    build: str
    noarch: bool
    depends: tuple[str, ...]
    files: tuple[tuple[Path, Path], ...]
    summary: str = ""


def inputs_digest() -> str:
    """Return a short digest of everything the channel is made of."""
    own = (Path(__file__), Path(__file__).with_name("bytecode.py"))
    parts = [sys.version, sys.base_prefix, *(path.read_text(encoding="utf-8") for path in own)]
    parts += [f"{name}=={dist.version}" for name, dist in sorted(distributions().items())]
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:12]


def distributions() -> dict[str, importlib.metadata.Distribution]:
    """Return what a notebook needs and all that needs, by canonical name, as installed here."""
    found: dict[str, importlib.metadata.Distribution] = {}
    wanted = list(ROOT_DISTRIBUTIONS)
    while wanted:
        name = canonicalize_name(wanted.pop())
        if name in found:
            continue
        found[name] = importlib.metadata.distribution(name)
        wanted += [requirement.name for requirement in _requirements(found[name])]
    return found


def make_channel(folder: Path) -> int:
    """Write an indexed channel to the folder, which must not exist, and return its size."""
    # Imported late: the binaries take a tenth of a second, and the digest needs none of them.
    from rattler.index import index_fs  # noqa: PLC0415
    from rattler.platform import Subdir  # noqa: PLC0415
    from rattler_build.package_assembler import FileEntry, assemble_package  # noqa: PLC0415

    subdir = str(Subdir.current())
    for name in (subdir, _NOARCH):
        (folder / name).mkdir(parents=True)
    with tempfile.TemporaryDirectory() as staging:
        packages = list(_packages(Path(staging)))
        for package in packages:
            files = _with_bytecode(package.files, Path(staging, "bytecode", package.name))
            assemble_package(
                name=package.name,
                version=package.version,
                target_platform=_NOARCH if package.noarch else subdir,
                build_string=package.build,
                output_dir=folder / (_NOARCH if package.noarch else subdir),
                files=[FileEntry.from_paths(source, place) for source, place in files],
                summary=package.summary,
                depends=list(package.depends),
                noarch="python" if package.noarch else None,
                compression_level=0,
                detect_prefix=False,
            )
    asyncio.run(index_fs(folder))
    return len(packages)


def _packages(staging: Path) -> Iterator[Package]:
    yield _python(staging / "python")
    for name, distribution in distributions().items():
        yield _from_distribution(distribution, staging / name)
    yield _climate_tools(staging / "climate-tools")


def _python(staging: Path) -> Package:
    """Return the running CPython without its site-packages."""
    stdlib = Path(sysconfig.get_path("stdlib"))
    place = stdlib.relative_to(sys.base_prefix)
    files = [(source, place / source.relative_to(stdlib)) for source in _stdlib_files(stdlib)]
    if sysconfig.get_config_var("Py_ENABLE_SHARED"):
        libraries = Path(str(sysconfig.get_config_var("LIBDIR")))
        files += [(path, Path("lib", path.name)) for path in libraries.glob("libpython3*.so*")]
    commands = staging / "bin"
    commands.mkdir(parents=True)
    shutil.copy2(_base_executable(), commands / _PYTHON_DIR)
    for alias in ("python", "python3"):
        (commands / alias).symlink_to(_PYTHON_DIR)
    files += [(path, Path("bin", path.name)) for path in commands.iterdir()]
    return Package(
        name="python",
        version=platform.python_version(),
        build="0_cpython",
        noarch=False,
        depends=(),
        files=tuple(_with_conda_layout(files, place, staging)),
        summary="The interpreter that made this channel",
    )


def _stdlib_files(stdlib: Path) -> Iterator[Path]:
    for folder, folders, names in os.walk(stdlib):
        folders[:] = [
            name for name in folders if name not in _NOT_IN_STDLIB and not name.startswith("config")
        ]
        yield from (
            Path(folder, name).resolve() if Path(folder, name).is_symlink() else Path(folder, name)
            for name in names
            if name not in _NOT_IN_STDLIB
        )


def _base_executable() -> Path:
    """Return the interpreter behind the virtual environment that runs this, if any."""
    beside = Path(sys.base_prefix, "bin", _PYTHON_DIR)
    return beside.resolve() if beside.exists() else Path(sys.executable).resolve()


def _with_conda_layout(
    files: list[tuple[Path, Path]], place: Path, staging: Path
) -> Iterator[tuple[Path, Path]]:
    """Undo Debian's dist-packages, where there is one: conda installs to site-packages.

    Debian patches `site`, which is frozen into the binary, and `sysconfig`, which is not.
    """
    debian = False
    for source, target in files:
        if target in {place / "sysconfig.py", place / "sysconfig" / "__init__.py"}:
            text = source.read_text(encoding="utf-8")
            debian = "prefix_scheme = 'posix_local'" in text
            if debian:
                patched = staging / "sysconfig.py"
                patched.write_text(
                    text.replace("prefix_scheme = 'posix_local'", "prefix_scheme = 'posix_prefix'"),
                    encoding="utf-8",
                )
                yield patched, target
                continue
        yield source, target
    if debian:
        layout = staging / "conda-layout.pth"
        layout.write_text(
            "import os, site, sys; site.addsitedir(os.path.join(sys.prefix, "
            f"'lib', '{_PYTHON_DIR}', 'site-packages'))\n",
            encoding="utf-8",
        )
        yield layout, place / "dist-packages" / layout.name


def _with_bytecode(
    files: tuple[tuple[Path, Path], ...], staging: Path
) -> Iterator[tuple[Path, Path]]:
    """Add what is compiled already, so that no first start of a kernel waits for it."""
    for number, (source, place) in enumerate(files):
        yield source, place
        if source.suffix == ".py" and (compiled := packaged(source, staging / str(number))):
            yield compiled, place.parent / "__pycache__" / compiled.name


def _from_distribution(distribution: importlib.metadata.Distribution, staging: Path) -> Package:
    """Return an installed distribution as conda would package it."""
    if distribution.files is None:
        raise FileNotFoundError(f"{distribution.name} was installed without a RECORD")
    pure = "Root-Is-Purelib: true" in (distribution.read_text("WHEEL") or "")
    site = Path("site-packages") if pure else _SITE
    inside = [
        file
        for file in distribution.files
        if ".." not in file.parts
        and "__pycache__" not in file.parts
        and Path(str(file.locate())).is_file()
    ]
    kept = [file for file in inside if file.name not in {"INSTALLER", "RECORD", "REQUESTED"}]
    files = [
        (Path(str(file.locate())), site / file) for file in kept if file.name != "direct_url.json"
    ]
    info = next(file.parent for file in inside if file.name == "METADATA")
    files += _installed_by_conda(staging, site, info, [str(place) for _, place in files])
    return Package(
        name=_conda_name(distribution.name),
        version=distribution.version,
        build="py_0" if pure else f"py{_PYTHON_TAG}_0",
        noarch=pure,
        depends=(
            "python" if pure else f"python {sys.version_info.major}.{sys.version_info.minor}.*",
            *(
                f"{_conda_name(requirement.name)} {requirement.specifier}".strip()
                for requirement in _requirements(distribution)
            ),
        ),
        files=tuple(files),
        summary=distribution.metadata["Summary"],
    )


def _climate_tools(staging: Path) -> Package:
    """Return a package that no other environment has."""
    metadata = f"Metadata-Version: 2.1\nName: climate-tools\nVersion: {CLIMATE_TOOLS_VERSION}\n"
    info = Path(f"climate_tools-{CLIMATE_TOOLS_VERSION}.dist-info")
    contents = {
        Path("climate_tools", "__init__.py"): _CLIMATE_TOOLS.format(version=CLIMATE_TOOLS_VERSION),
        info / "METADATA": f"{metadata}Summary: Small tools for temperature series\n",
        info / "WHEEL": "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    }
    site = Path("site-packages")
    files = [(_write(staging / place, text), site / place) for place, text in contents.items()]
    files += _installed_by_conda(staging, site, info, [str(place) for _, place in files])
    return Package(
        name="climate-tools",
        version=CLIMATE_TOOLS_VERSION,
        build="py_0",
        noarch=True,
        depends=("python >=3.10",),
        files=tuple(files),
        summary="Small tools for temperature series",
    )


def _installed_by_conda(
    staging: Path, site: Path, info: Path | importlib.metadata.PackagePath, places: list[str]
) -> list[tuple[Path, Path]]:
    """Return the INSTALLER and RECORD that conda's packages carry, the record without hashes."""
    rows = [Path(place).relative_to(site).as_posix() for place in places]
    rows += [f"{info}/INSTALLER", f"{info}/RECORD"]
    record = "".join(f"{row},,\n" for row in rows)
    return [
        (_write(staging / info / "INSTALLER", "conda\n"), site / info / "INSTALLER"),
        (_write(staging / info / "RECORD", record), site / info / "RECORD"),
    ]


def _requirements(distribution: importlib.metadata.Distribution) -> list[Requirement]:
    """Return what it needs here, without extras."""
    requirements = [Requirement(line) for line in distribution.requires or []]
    return [
        requirement
        for requirement in requirements
        if requirement.marker is None or requirement.marker.evaluate({"extra": ""})
    ]


def _conda_name(name: str) -> str:
    canonical = canonicalize_name(name)
    if canonical == "tzdata":
        return "python-tzdata"  # on conda-forge tzdata is the time zone database itself
    return canonical.replace("-", "_") if canonical in _UNDERSCORED else canonical


def _write(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path
