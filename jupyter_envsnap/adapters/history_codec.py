"""How environments become the history's bytes: compressed JSON, the packages apart."""

from __future__ import annotations

import hashlib
import zlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

import msgspec
from msgspec import Struct

from jupyter_envsnap.core.model import (
    CondaPackage,
    Environment,
    Finding,
    Machine,
    PipIndexes,
    PypiPackage,
    VirtualPackage,
)

_encode = msgspec.json.Encoder().encode
_decode_conda = msgspec.json.Decoder(CondaPackage).decode
_decode_pypi = msgspec.json.Decoder(PypiPackage).decode
_decode_findings = msgspec.json.Decoder(tuple[Finding, ...]).decode


class RowDamaged(Exception):
    """One row cannot be read; the others can."""


@contextmanager
def reading() -> Iterator[None]:
    """Raise RowDamaged for bytes that are none of ours."""
    try:
        yield
    except (zlib.error, msgspec.MsgspecError) as error:
        raise RowDamaged(str(error)) from error


class Content(Struct, frozen=True, kw_only=True):
    """What an environment says beside its columns; packages by the ids of their rows."""

    platform: str
    channels: tuple[str, ...]
    variables: dict[str, str]
    pins: tuple[str, ...]
    conda: tuple[int, ...]
    pypi: tuple[int, ...]
    indexes: PipIndexes = PipIndexes()
    virtual_packages: tuple[VirtualPackage, ...] = ()
    machine: Machine = Machine()


_decode_content = msgspec.json.Decoder(Content).decode


def content_of(environment: Environment, conda: Iterable[int], pypi: Iterable[int]) -> bytes:
    return _encode(
        Content(
            platform=environment.platform,
            channels=environment.channels,
            variables=environment.variables,
            pins=environment.pins,
            conda=tuple(conda),
            pypi=tuple(pypi),
            indexes=environment.indexes,
            virtual_packages=environment.virtual_packages,
            machine=environment.machine,
        )
    )


def content_from(data: bytes) -> Content:
    return _decode_content(data)


def compressed(data: bytes, base: bytes = b"") -> bytes:
    """Small where much of it is in ``base``, which must be given again to read it."""
    packer = zlib.compressobj(9, zdict=base) if base else zlib.compressobj(9)
    return packer.compress(data) + packer.flush()


def decompressed(body: bytes, base: bytes = b"") -> bytes:
    unpacker = zlib.decompressobj(zdict=base)
    return unpacker.decompress(body) + unpacker.flush()


def package_of(package: CondaPackage | PypiPackage) -> tuple[bytes, bytes]:
    """Digest and body."""
    data = _encode(package)
    return _digest(data, kind=type(package).__name__), zlib.compress(data)


def conda_from(body: bytes) -> CondaPackage:
    return _decode_conda(zlib.decompress(body))


def pypi_from(body: bytes) -> PypiPackage:
    return _decode_pypi(zlib.decompress(body))


class _Version(Struct):
    """The part of a package that a search looks at."""

    version: str


_decode_version = msgspec.json.Decoder(_Version).decode


def version_from(body: bytes) -> str:
    """Of a package of conda or of PyPI."""
    return _decode_version(zlib.decompress(body)).version


def findings_of(findings: tuple[Finding, ...]) -> tuple[bytes, bytes]:
    """Digest and body."""
    data = _encode(findings)
    return _digest(data), zlib.compress(data)


def findings_from(body: bytes) -> tuple[Finding, ...]:
    return _decode_findings(zlib.decompress(body))


def _digest(data: bytes, *, kind: str = "") -> bytes:
    # 16 bytes: each stands in the row and in the index of every package.
    return hashlib.blake2b(data, digest_size=16, person=kind.encode()).digest()
