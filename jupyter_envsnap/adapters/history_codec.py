"""How environments become the history's bytes: compressed JSON, the packages apart."""

from __future__ import annotations

import hashlib
import zlib
from collections.abc import Iterable
from itertools import accumulate, chain, pairwise

import msgspec
from msgspec import Struct

from jupyter_envsnap.core.model import CondaPackage, Environment, Finding, PypiPackage

_encode = msgspec.json.Encoder().encode
_decode_conda = msgspec.json.Decoder(CondaPackage).decode
_decode_pypi = msgspec.json.Decoder(PypiPackage).decode
_decode_findings = msgspec.json.Decoder(tuple[Finding, ...]).decode


class Content(Struct, frozen=True, kw_only=True):
    """What an environment says beside its columns; packages by the ids of their rows.

    An id is written as its distance from the one before: neighbours become a row of ones, which
    compresses to nothing.
    """

    platform: str
    channels: tuple[str, ...]
    variables: dict[str, str]
    pins: tuple[str, ...]
    conda: tuple[int, ...]
    pypi: tuple[int, ...]

    def conda_ids(self) -> tuple[int, ...]:
        return tuple(accumulate(self.conda))

    def pypi_ids(self) -> tuple[int, ...]:
        return tuple(accumulate(self.pypi))


_decode_content = msgspec.json.Decoder(Content).decode


def content_of(environment: Environment, conda: Iterable[int], pypi: Iterable[int]) -> bytes:
    return zlib.compress(
        _encode(
            Content(
                platform=environment.platform,
                channels=environment.channels,
                variables=environment.variables,
                pins=environment.pins,
                conda=_steps(conda),
                pypi=_steps(pypi),
            )
        )
    )


def content_from(body: bytes) -> Content:
    return _decode_content(zlib.decompress(body))


def package_of(package: CondaPackage | PypiPackage) -> tuple[bytes, bytes]:
    """Digest and body."""
    data = _encode(package)
    return hashlib.sha256(type(package).__name__.encode() + data).digest(), zlib.compress(data)


def conda_from(body: bytes) -> CondaPackage:
    return _decode_conda(zlib.decompress(body))


def pypi_from(body: bytes) -> PypiPackage:
    return _decode_pypi(zlib.decompress(body))


def findings_of(findings: tuple[Finding, ...]) -> tuple[bytes, bytes]:
    """Digest and body."""
    data = _encode(findings)
    return hashlib.sha256(data).digest(), zlib.compress(data)


def findings_from(body: bytes) -> tuple[Finding, ...]:
    return _decode_findings(zlib.decompress(body))


def _steps(ids: Iterable[int]) -> tuple[int, ...]:
    return tuple(after - before for before, after in pairwise(chain((0,), ids)))
