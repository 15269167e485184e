"""Reads the files of ``conda-meta`` that are about the whole prefix: state, pinned and history."""

from __future__ import annotations

import os

from msgspec import Struct

from jupyter_envsnap.adapters import conda_meta, prefix_files
from jupyter_envsnap.adapters.parsed import Parsed
from jupyter_envsnap.adapters.prefix_files import Stamp, Stamps
from jupyter_envsnap.adapters.prefix_state import HISTORY, PINNED, STATE
from jupyter_envsnap.core import conda_history
from jupyter_envsnap.core import findings as codes
from jupyter_envsnap.core.findings import finding
from jupyter_envsnap.core.model import Finding, Kind
from jupyter_envsnap.core.redact import text as redacted

_OF_PINS = finding(codes.CREDENTIALS_REMOVED, place=conda_meta.PIN)


class Texts(Struct, frozen=True, kw_only=True):
    """What they say, without credentials."""

    variables: dict[str, str] = {}
    secret_variables: tuple[str, ...] = ()
    pins: tuple[str, ...] = ()
    requests: dict[str, str] = {}
    """Spec by name of package."""
    findings: tuple[Finding, ...] = ()


class PrefixTexts:
    """Those of one prefix; the history, which may be long, is parsed when it changed."""

    def __init__(self, prefix: str, kind: Kind) -> None:
        self._prefix = prefix
        self._kind = kind
        self._requests: Parsed[tuple[dict[str, str], tuple[Finding, ...]]] = Parsed()

    def read(self, stamps: Stamps) -> Texts:
        """Of those that are there by their stamps; what cannot be read is told."""
        if self._kind != "conda":
            return Texts()
        state, no_state = self._bytes(STATE, stamps[STATE])
        variables, secret, damaged = _variables(state)
        pinned, no_pins = self._bytes(PINNED, stamps[PINNED])
        pins, cleaned = conda_meta.parse_pinned(pinned or b"")
        requests, no_history = self._history(stamps[HISTORY])
        return Texts(
            variables=variables,
            secret_variables=secret,
            pins=pins,
            requests=requests,
            findings=(
                *(*no_state, *damaged, *no_pins, *no_history),
                *((_OF_PINS,) if cleaned else ()),
            ),
        )

    def _history(self, stamp: Stamp | None) -> tuple[dict[str, str], tuple[Finding, ...]]:
        if stamp is None:
            return {}, ()

        def parse() -> tuple[dict[str, str], tuple[Finding, ...]]:
            text = self._read(HISTORY).decode(errors="replace")
            return conda_history.requested(text), told_of_history(text)

        try:
            return self._requests.get(HISTORY, stamp, parse)
        except OSError:
            return {}, (not_captured(HISTORY, what="A file"),)

    def _bytes(self, path: str, stamp: Stamp | None) -> tuple[bytes | None, tuple[Finding, ...]]:
        """(None where there is no such file or it cannot be read, what to tell)."""
        try:
            return self._read(path) if stamp is not None else None, ()
        except OSError:
            return None, (not_captured(path, what="A file"),)

    def _read(self, path: str) -> bytes:
        return prefix_files.read(f"{self._prefix}/{path}")


def _variables(
    state: bytes | None,
) -> tuple[dict[str, str], tuple[str, ...], tuple[Finding, ...]]:
    """(those that are set, names of the secret ones, what to tell)."""
    if state is None:
        return {}, (), ()
    try:
        return (*conda_meta.parse_state(state), ())
    except ValueError:
        return {}, (), (not_captured(STATE, what="The environment's variables"),)


def told_of_history(text: str) -> tuple[Finding, ...]:
    """What was asked for is then known by the records, and by what nothing else needs."""
    if not conda_history.is_damaged(text):
        return ()
    return (not_captured(HISTORY, what="A part of what was asked for"),)


def not_captured(path: str, what: str = "1 package") -> Finding:
    # A file's name may hold bytes that are no text; no reply could carry them.
    text = os.fsencode(path).decode(errors="replace")
    return finding(codes.NOT_CAPTURED, path=redacted(text), what=what)
