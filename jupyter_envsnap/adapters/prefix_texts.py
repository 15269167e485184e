"""Reads the files of ``conda-meta`` that are about the whole prefix: state, pinned and history."""

from __future__ import annotations

import os

from msgspec import Struct

from jupyter_envsnap.adapters import conda_meta, prefix_files
from jupyter_envsnap.adapters.prefix_files import Stamps
from jupyter_envsnap.adapters.prefix_state import HISTORY, PINNED, STATE
from jupyter_envsnap.core import conda_history
from jupyter_envsnap.core import findings as codes
from jupyter_envsnap.core.findings import finding
from jupyter_envsnap.core.model import Finding, Kind
from jupyter_envsnap.core.redact import text as redacted


class Texts(Struct, frozen=True, kw_only=True):
    """What they say, without credentials."""

    variables: dict[str, str] = {}
    secret_variables: tuple[str, ...] = ()
    pins: tuple[str, ...] = ()
    requests: dict[str, str] = {}
    """Spec by name of package."""
    findings: tuple[Finding, ...] = ()


def read(prefix: str, stamps: Stamps, *, kind: Kind) -> Texts:
    """Of those that are there by their stamps; what cannot be read is told."""
    if kind != "conda":
        return Texts()
    told: list[Finding] = []
    found: dict[str, bytes] = {}
    for path in (STATE, PINNED, HISTORY):
        try:
            if stamps[path] is not None:
                found[path] = prefix_files.read(f"{prefix}/{path}")
        except OSError:  # noqa: PERF203 - three files
            told.append(not_captured(path, what="A file"))
    variables: dict[str, str] = {}
    secret: tuple[str, ...] = ()
    try:
        if STATE in found:
            variables, secret = conda_meta.parse_state(found[STATE])
    except ValueError:
        told.append(not_captured(STATE, what="The environment's variables"))
    pins, cleaned = conda_meta.parse_pinned(found.get(PINNED, b""))
    if cleaned:
        told.append(finding(codes.CREDENTIALS_REMOVED, place=conda_meta.PIN))
    return Texts(
        variables=variables,
        secret_variables=secret,
        pins=pins,
        requests=conda_history.requested(found.get(HISTORY, b"").decode(errors="replace")),
        findings=tuple(told),
    )


def not_captured(path: str, what: str = "1 package") -> Finding:
    # A file's name may hold bytes that are no text; no reply could carry them.
    text = os.fsencode(path).decode(errors="replace")
    return finding(codes.NOT_CAPTURED, path=redacted(text), what=what)
