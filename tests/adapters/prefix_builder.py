"""Writes the metadata of made-up prefixes, as old as an installed environment usually is."""

from __future__ import annotations

import json
import os
from pathlib import Path

LONG_AGO_S = 1_700_000_000
FORGE = "https://conda.anaconda.org/conda-forge"
SITE = "lib/python3.12/site-packages"


class CondaPrefix:
    def __init__(self, root: Path) -> None:
        self.root = root
        self.meta = root / "conda-meta"
        self.meta.mkdir(parents=True)
        self.site = root / SITE
        self.site.mkdir(parents=True)
        self.record("python", "3.12.4")

    def record(
        self, name: str, version: str = "1.0", *, build: str = "0", base: str = FORGE, **fields
    ) -> Path:
        record = {
            "name": name,
            "version": version,
            "build": build,
            "build_number": 0,
            "channel": f"{base}/linux-64",
            "subdir": "linux-64",
            "url": f"{base}/linux-64/{name}-{version}-{build}.conda",
            "files": [],
            **fields,
        }
        return self.write(f"conda-meta/{name}-{version}-{build}.json", json.dumps(record))

    def dist(self, name: str, version: str = "1.0", *, site: str = SITE, **files: str) -> Path:
        """A dist-info; ``files`` by name with ``_`` for ``.``, METADATA and RECORD by default."""
        folder = f"{site}/{name.replace('-', '_')}-{version}.dist-info"
        texts = {
            "METADATA": f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n\nText\n",
            "RECORD": "",
            **{key.replace("_json", ".json"): text for key, text in files.items()},
        }
        for filename, text in texts.items():
            self.write(f"{folder}/{filename}", text)
        return self.age(self.root / folder)

    def owned_dist(self, name: str, version: str = "1.0") -> Path:
        folder = self.dist(name, version)
        files = [f"{SITE}/{folder.name}/{n}" for n in ("METADATA", "RECORD")]
        self.record(name, version, files=files)
        return folder

    def write(self, path: str, text: str | bytes) -> Path:
        target = self.root / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(text.encode() if isinstance(text, str) else text)
        return self.age(target)

    def age(self, path: Path) -> Path:
        os.utime(path, (LONG_AGO_S, LONG_AGO_S))
        return path


def direct_url(url: str, **info: object) -> str:
    return json.dumps({"url": url, **info})
