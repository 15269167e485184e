"""``environment.yml``, as ``conda env create`` and its relatives read it."""

from __future__ import annotations

from collections.abc import Iterator

from jupyter_envsnap.core.documents.format import Format, Profile
from jupyter_envsnap.core.documents.yaml_io import comment, scalar
from jupyter_envsnap.core.model import (
    ArchiveSource,
    Environment,
    LocalSource,
    PypiPackage,
    VcsSource,
)

# Where Python comes from when an environment that conda did not make is made again.
_CHANNEL_OF_PYTHON = "conda-forge"
_LONGEST_KEY = 1_000


def versions(environment: Environment) -> str:
    """Every package with its version; no builds, no prefix, and pip installs with their source."""
    return "".join(f"{line}\n" for line in _lines(environment))


def _lines(environment: Environment) -> Iterator[str]:
    yield f"name: {scalar(environment.name)}"
    channels = environment.channels
    if environment.kind != "conda":
        channels = (_CHANNEL_OF_PYTHON,)
    if channels:
        yield "channels:"
        yield from (f"  - {scalar(channel)}" for channel in channels)
    specs = sorted(_specs(environment))
    yield "dependencies:" if specs or environment.pypi else "dependencies: []"
    yield from (f"  - {scalar(spec)}" for _, spec in specs)
    yield from _pip_section(environment.pypi)
    if environment.variables:
        yield "variables:"
        for name, value in environment.variables.items():
            # A longer key is no simple key, which must end within 1,024 characters (YAML 1.2, 7.4).
            if len(scalar(name)) > _LONGEST_KEY:
                yield f"  ? {scalar(name)}"
                yield f"  : {scalar(value)}"
            else:
                yield f"  {scalar(name)}: {scalar(value)}"


def _specs(environment: Environment) -> Iterator[tuple[str, str]]:
    """(name, spec) of what conda is to install."""
    yield from ((p.name, f"{p.name}={p.version}") for p in environment.conda)
    if environment.kind != "conda":
        yield "python", f"python={environment.python}" if environment.python else "python"
    # pip installs into an environment only where pip is, and conda would add it with a warning.
    if environment.kind != "conda" or (
        environment.pypi and not any(p.name == "pip" for p in environment.conda)
    ):
        yield "pip", "pip"


def _pip_section(packages: tuple[PypiPackage, ...]) -> Iterator[str]:
    if all(isinstance(p.source, LocalSource) for p in packages):
        # A `pip:` with nothing but comments in it would be null.
        yield from (f"  {_left_out(p)}" for p in packages)
        return
    yield "  - pip:"
    for package in packages:
        if isinstance(package.source, LocalSource):
            yield f"      {_left_out(package)}"
        else:
            yield f"      - {scalar(_requirement(package))}"


def _left_out(package: PypiPackage) -> str:
    editable = isinstance(package.source, LocalSource) and package.source.editable
    why = (
        "runs from a folder on one machine, install it by hand"
        if editable
        else "was installed from a file on one machine, install it by hand"
    )
    return comment(f"{package.name}=={package.version}: {why}")


def _requirement(package: PypiPackage) -> str:
    """A PEP 508 requirement; a source in the form that pip reads."""
    source = package.source
    if isinstance(source, VcsSource):
        fragment = f"#subdirectory={source.subdirectory}" if source.subdirectory else ""
        return f"{package.name} @ {source.vcs}+{source.url}@{source.commit}{fragment}"
    if isinstance(source, ArchiveSource):
        fragments = [h for h in source.hashes if h.startswith("sha256=")] or list(source.hashes)
        parts = fragments[:1]
        if source.subdirectory:
            parts.append(f"subdirectory={source.subdirectory}")
        return f"{package.name} @ {source.url}{'#' if parts else ''}{'&'.join(parts)}"
    return f"{package.name}=={package.version}"


FORMAT = Format(
    name="environment-yaml",
    label="environment.yml",
    # RFC 9512.
    media_type="application/yaml",
    filename="environment.yml",
    profiles=(
        Profile(
            name="versions",
            label="Same platform",
            description="Every package with its version.",
            write=versions,
        ),
    ),
)
