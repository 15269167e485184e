"""Reads a prefix as ``conda env export`` does; nothing is deleted, which conda does.

Rules: conda/core/prefix_data.py, conda/common/pkg_formats/python.py.
"""

# pathlib would cost as much as the system calls do.
# ruff: noqa: PTH112, PTH113, PTH117, PTH118, PTH208

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping
from email.parser import HeaderParser

import msgspec
from msgspec import Struct

from jupyter_envsnap.adapters import conda_meta, prefix_files
from jupyter_envsnap.adapters.condarc import CondaConfiguration
from jupyter_envsnap.adapters.prefix_files import Stamps
from jupyter_envsnap.adapters.prefix_state import HISTORY, STATE, records_in
from jupyter_envsnap.adapters.prefix_texts import not_captured, told_of_history
from jupyter_envsnap.core import findings as codes
from jupyter_envsnap.core import redact
from jupyter_envsnap.core.conda_channels import Naming
from jupyter_envsnap.core.conda_history import requested
from jupyter_envsnap.core.documents.as_conda import CondaRecord, CondaView
from jupyter_envsnap.core.documents.as_conda_specs import Request, request
from jupyter_envsnap.core.findings import finding
from jupyter_envsnap.core.model import Finding
from jupyter_envsnap.core.names import displayable
from jupyter_envsnap.core.specs import SpecInvalid, parse

_OF_CONDA = frozenset({None, "noarch_generic", "noarch_python"})
"""``package_type`` of what conda lists; the others stand for what it only found."""
_OF_PIP = frozenset(
    {
        "virtual_python_wheel",
        "virtual_python_egg_manageable",
        "virtual_python_egg_unmanageable",
    }
)
_ANCHORS = (".egg-info/PKG-INFO", ".dist-info/RECORD", ".egg-info")
_OF_CHANNELS = finding(codes.CREDENTIALS_REMOVED, place=conda_meta.CHANNEL)
_HEADERS = HeaderParser()
_Value = str | float | bool | None


class _Record(Struct):
    """The fields of a record that its text depends on."""

    name: str
    version: str
    build: str = ""
    channel: str | None = None
    url: str | None = None
    package_type: str | None = None
    depends: tuple[str, ...] | None = None
    files: tuple[str, ...] | None = None

    @property
    def parts(self) -> list[str]:
        return [self.name, self.version, self.build]


_RECORDS = msgspec.json.Decoder(_Record)


def read(prefix: str, configuration: CondaConfiguration, platform: str) -> CondaView:
    """What conda would see of a conda prefix; raises PrefixUnreadable, FileNotFoundError."""
    records, damaged = _records(prefix, records_in(prefix))
    found = _one_per_name(records)
    kept, installed = _settled(prefix, found)
    settings = configuration.of(prefix)
    naming = Naming(settings.settings)
    listed = tuple(_listed(record, naming) for record in kept)
    variables, of_variables = _variables(prefix)
    requests, of_history = _requested(prefix, naming)
    names = {record.name for record in kept}
    had_credentials = settings.had_credentials or any(
        cleaned.url != (record.url or "") for cleaned, record in zip(listed, kept, strict=True)
    )
    return CondaView(
        name=displayable(configuration.name_of(prefix, settings)),
        prefix=displayable(prefix),
        platform=settings.subdir or platform,
        configured_channels=settings.settings.channels,
        records=listed,
        pip=tuple(f"{d.name}=={d.version}" for d in installed if not d.linked),
        developed=tuple(f"{d.name}={d.version}=dev_0" for d in installed if d.linked),
        requested=tuple(spec for name, spec in requests.items() if name in names),
        variables=tuple(variables.items()),
        findings=(
            *damaged,
            *of_variables,
            *of_history,
            *((_OF_CHANNELS,) if had_credentials else ()),
        ),
    )


def _records(prefix: str, stamps: Stamps) -> tuple[list[tuple[int, _Record]], tuple[Finding, ...]]:
    """(each record with the time it was written, what to tell of those that are none).

    conda would fail as a whole over those, and passes over one of another file name.
    """
    found, damaged = [], []
    for filename, stamp in stamps.items():
        path = f"{conda_meta.FOLDER}/{filename}"
        try:
            record = _RECORDS.decode(prefix_files.read(os.path.join(prefix, path)))
        except (OSError, ValueError, RecursionError):
            damaged.append(not_captured(path))
            continue
        if filename.removesuffix(".json").rsplit("-", 2) == record.parts:
            found.append((0 if stamp is None else stamp.mtime_ns, record))
    return found, tuple(damaged)


def _one_per_name(found: Iterable[tuple[int, _Record]]) -> dict[str, _Record]:
    """Of two the later written; conda takes the one that its folder happens to list last."""
    ordered = sorted(found, key=lambda pair: (pair[0], pair[1].parts))
    return {record.name: record for _, record in ordered}


def _listed(record: _Record, naming: Naming) -> CondaRecord:
    url = record.url or ""
    source = record.channel or url.rpartition("/")[0]
    return CondaRecord(
        name=record.name,
        version=record.version,
        build=record.build,
        channel=naming.canonical(source),
        before_colons=_before_colons(source, naming),
        url=redact.url(url),
    )


def _before_colons(source: str, naming: Naming) -> str:
    name = naming.name(source)
    return naming.short(name) if name else ""


class _Distribution(Struct, frozen=True):
    """What conda finds in site-packages and did not install."""

    name: str
    version: str
    linked: bool
    """By an egg-link, which conda leaves out of its pip section."""


def _settled(
    prefix: str, found: Mapping[str, _Record]
) -> tuple[list[_Record], list[_Distribution]]:
    """(conda's records, the other distributions), each by name."""
    records = {n: r for n, r in found.items() if r.package_type in _OF_CONDA}
    recorded = (r for r in found.values() if r.package_type in _OF_PIP)
    others = {r.name: _Distribution(r.name, r.version, linked=False) for r in recorded}
    python = found.get("python")
    if python is not None:
        folder = _site_packages(python)
        present = _present(prefix, folder)
        owners = _owners(found, folder)
        for path, owner in owners.items():
            if present is not None and path not in present:
                records.pop(owner, None)
        anchors = sorted((present or set()) - owners.keys())
        others |= {d.name: d for anchor in anchors for d in _distributions(prefix, anchor)}
    # conda keeps all by name: what pip installed takes the place of a record called alike.
    kept = [records[name] for name in sorted(records) if name not in others]
    return kept, [others[name] for name in sorted(others)]


def _site_packages(python: _Record) -> str:
    """By the version alone: conda looks at no other place."""
    minor = ".".join(python.version.split(".")[:2])
    on_windows = any(path.startswith("Lib/") for path in python.files or ())
    return "Lib/site-packages" if on_windows else f"lib/python{minor}/site-packages"


def _present(prefix: str, folder: str) -> set[str] | None:
    """The anchor of every distribution there; None where there is no such folder."""
    full = os.path.join(prefix, folder)
    try:
        entries = os.listdir(full)
    except OSError:
        return None
    return {f"{folder}/{anchor}" for entry in entries if (anchor := _anchor(full, entry))}


def _anchor(folder: str, entry: str) -> str | None:
    if entry.endswith(".dist-info"):
        return f"{entry}/RECORD"
    if entry.endswith(".egg"):
        return f"{entry}/EGG-INFO/PKG-INFO" if os.path.isdir(os.path.join(folder, entry)) else None
    if entry.endswith(".egg-info"):
        return entry if os.path.isfile(os.path.join(folder, entry)) else f"{entry}/PKG-INFO"
    return entry if entry.endswith(".egg-link") else None


def _owners(found: Mapping[str, _Record], folder: str) -> dict[str, str]:
    """Anchor → the record that owns it, of those that need python: one for each, the shortest."""
    owned: dict[str, str] = {}
    for record in _descendants(found):
        anchors = [
            path
            for path in record.files or ()
            if path.endswith(_ANCHORS)
            and path.startswith(f"{folder}/")
            and _is_direct(path.removeprefix(f"{folder}/"))
        ]
        if anchors:
            owned[min(anchors, key=len)] = record.name
    return owned


def _is_direct(anchor: str) -> bool:
    """Not of what a package brings along inside itself."""
    return "/" not in anchor.removesuffix("/RECORD").removesuffix("/PKG-INFO")


def _descendants(found: Mapping[str, _Record]) -> list[_Record]:
    """Those that need python, or one that does, in a version that they agree with."""
    users: dict[str, list[str]] = {}
    for record in found.values():
        for spec in record.depends or ():
            try:
                wanted = parse(spec)
            except SpecInvalid:
                continue
            needed = found.get(wanted.name)
            if needed is not None and wanted.matches(needed.version, needed.build):
                users.setdefault(wanted.name, []).append(record.name)
    reached: dict[str, None] = {}
    todo = ["python"]
    while todo:
        for user in users.get(todo.pop(), ()):
            if user not in reached and user != "python":
                reached[user] = None
                todo.append(user)
    return [found[name] for name in reached]


def _distributions(prefix: str, anchor: str) -> Iterator[_Distribution]:
    """The one of this anchor; nothing where it cannot be read."""
    folder, _, last = os.path.join(prefix, anchor).rpartition("/")
    try:
        if last.endswith(".egg-link"):
            path = _linked(f"{folder}/{last}")
        elif last == "RECORD":
            prefix_files.read(f"{folder}/{last}")
            path = f"{folder}/METADATA"
        else:
            path = f"{folder}/{last}"
        text = prefix_files.read(path).decode(errors="replace")
    except OSError:
        return
    # Of two fields of one name the last counts; conda keeps the space behind a value.
    fields = dict(_HEADERS.parsestr(text.replace("\r\n", "\n")).items())
    name, version = (redact.text(str(fields.get(key, ""))) for key in ("Name", "Version"))
    if name and version:
        normalised = name.replace(".", "-").replace("_", "-").lower()
        linked = last.endswith(".egg-link")
        yield _Distribution(name=normalised, version=version, linked=linked)


def _linked(path: str) -> str:
    """The PKG-INFO in the folder that an egg-link names; raises OSError where there is none."""
    folder = prefix_files.read(path).decode(errors="replace").partition("\n")[0].strip()
    if not os.path.isabs(folder):
        raise FileNotFoundError(path)
    found = sorted(entry for entry in os.listdir(folder) if entry.endswith(".egg-info"))
    if not found:
        raise FileNotFoundError(path)
    inside = f"{folder}/{found[0]}"
    return f"{inside}/PKG-INFO" if os.path.isdir(inside) else inside


def _requested(prefix: str, naming: Naming) -> tuple[dict[str, Request], tuple[Finding, ...]]:
    try:
        data = prefix_files.read(f"{prefix}/{HISTORY}")
    except FileNotFoundError:
        return {}, ()
    except OSError:
        return {}, (not_captured(HISTORY, what="A file"),)
    text = data.decode(errors="replace")
    specs = requested(text)
    return {n: request(spec, naming) for n, spec in specs.items()}, told_of_history(text)


def _variables(prefix: str) -> tuple[dict[str, _Value], tuple[Finding, ...]]:
    """Those that are set and no secret."""
    try:
        found, secrets = conda_meta.values_of_state(prefix_files.read(f"{prefix}/{STATE}"))
    except FileNotFoundError:
        return {}, ()
    except (OSError, ValueError):
        return {}, (not_captured(STATE, what="The environment's variables"),)
    return found, tuple(finding(codes.SECRET_VARIABLE_OMITTED, variable=name) for name in secrets)
