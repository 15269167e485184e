"""Byte code that can be packaged: it does not ask for its source's time."""

from __future__ import annotations

import importlib.util
import struct
from pathlib import Path

_HEADER = struct.Struct("<4sIII")
_UNCHECKED_HASH = 0b01


def packaged(source: Path, folder: Path) -> Path | None:
    """Return the source's compiled file in a form that survives unpacking (PEP 552), if any.

    What the interpreter has cached beside the source is good by the source's time and size.
    The same code, marked with the source's hash, is good wherever both are unpacked.
    """
    cached = Path(importlib.util.cache_from_source(str(source)))
    if not cached.is_file():
        return None
    compiled = cached.read_bytes()
    if len(compiled) < _HEADER.size:
        return None
    magic, flags, mtime, size = _HEADER.unpack_from(compiled)
    facts = source.stat()
    if (magic, flags, mtime, size) != (
        importlib.util.MAGIC_NUMBER,
        0,
        int(facts.st_mtime) & 0xFFFFFFFF,
        facts.st_size & 0xFFFFFFFF,
    ):
        return None
    content = source.read_bytes()
    header = magic + _UNCHECKED_HASH.to_bytes(4, "little") + importlib.util.source_hash(content)
    target = folder / cached.name
    folder.mkdir(parents=True, exist_ok=True)
    target.write_bytes(header + compiled[_HEADER.size :])
    return target
