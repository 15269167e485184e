"""Solve and install one conda environment, in a process of its own.

About one in ten processes that used py-rattler's solver crashes while the interpreter exits,
so this one leaves by `os._exit` and is judged by the line it prints: {"records": [...]} or
{"error": "..."}. It reads {"prefix", "channels", "specs", "cache"} as JSON from stdin.
"""

from __future__ import annotations

import asyncio
import json
import os
import sys
from pathlib import Path
from typing import TypedDict

from rattler import Channel, Gateway, MatchSpec, VirtualPackage, install, solve


class Request(TypedDict):
    prefix: str
    channels: list[str]
    specs: list[str]
    cache: str


async def _make(request: Request) -> list[str]:
    """Return the installed packages as conda's history writes them."""
    cache = Path(request["cache"])
    specs = [MatchSpec(spec, strict=False) for spec in request["specs"]]
    records = await solve(
        [Channel(channel) for channel in request["channels"]],
        specs,
        gateway=Gateway(cache_dir=cache / "repodata"),
        virtual_packages=VirtualPackage.detect(),
    )
    await install(
        records,
        request["prefix"],
        cache_dir=cache / "pkgs",
        show_progress=sys.stderr.isatty(),
        # py-rattler 0.28 wants its inner type here, whatever the annotation says.
        requested_specs=[spec._match_spec for spec in specs],  # noqa: SLF001
    )
    return sorted(
        f"{(record.channel or '').rstrip('/')}/{record.subdir}::"
        f"{record.name.normalized}-{record.version}-{record.build}"
        for record in records
    )


def main() -> None:
    request: Request = json.load(sys.stdin)
    try:
        answer: dict[str, list[str] | str] = {"records": asyncio.run(_make(request))}
    except Exception as error:  # noqa: BLE001 - the parent raises it again, in its words
        answer = {"error": f"{type(error).__name__}: {error}"}
    sys.stdout.write(json.dumps(answer))
    sys.stdout.flush()
    os._exit(0)


main()
