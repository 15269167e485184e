"""The ``conda`` profile against what the real conda printed for the same prefixes."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from jupyter_envsnap.adapters.environments import PrefixReader
from jupyter_envsnap.core import documents
from jupyter_envsnap.core.model import Prefix
from jupyter_envsnap.core.redact import url as redacted
from jupyter_envsnap.core.wire import DocumentQuery

SHARED = Path(__file__).resolve().parents[3] / "shared"
GOLDEN = SHARED / "golden"
SEEDS = range(24)
QUERIES = {
    "yaml": DocumentQuery(profile="conda"),
    "no-builds": DocumentQuery(profile="conda", builds=False),
    "from-history": DocumentQuery(profile="conda", from_history=True),
    "ignore-channels": DocumentQuery(profile="conda", channels=False),
    "json": DocumentQuery(profile="conda", format="environment-json"),
    "requirements": DocumentQuery(profile="conda", format="requirements"),
    "explicit": DocumentQuery(profile="conda", format="explicit"),
}
REFUSED = json.loads((GOLDEN / "refused.json").read_text())


@pytest.fixture(scope="session")
def cases(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("cases")
    script = SHARED / "tools" / "make_cases.py"
    subprocess.run([sys.executable, script, folder, "--seeds", "0-23"], check=True, text=True)
    return folder


@pytest.fixture
def text_of(cases):
    async def text(seed: int, key: str) -> str:
        folder = cases / f"case-{seed:03d}"
        about = json.loads((folder / "case.json").read_text())
        reader = PrefixReader(environ={"CONDARC": str(folder / "condarc")}, home=folder)
        view = await reader.as_conda(Prefix(path=str(folder / about["prefix"]), kind="conda"))
        written = documents.write_as_conda(view, QUERIES[key]).text
        assert about["secret"] not in written
        return written.replace(str(folder), "{CASE}")

    return text


@pytest.mark.parametrize("key", QUERIES)
@pytest.mark.parametrize("seed", SEEDS)
async def test_the_text_is_condas_own(text_of, seed, key):
    case = f"case-{seed:03d}"
    text = await text_of(seed, key)
    if key in REFUSED.get(case, {}):
        return  # an answer is better, and it had one
    expected = (GOLDEN / case / f"{key}.txt").read_text()
    if key == "explicit":
        assert set(lines_of(text)) == {redacted(line) for line in lines_of(expected)}
    elif key == "from-history" and "=" in expected and names_every_record(expected):
        assert sorted(text.splitlines()) == sorted(expected.splitlines())
    else:
        assert text == expected


def lines_of(text: str) -> list[str]:
    return text.partition("@EXPLICIT\n")[2].splitlines()


def names_every_record(expected: str) -> bool:
    """Where the history names nothing installed, conda prints them in its folder's order."""
    specs = re.findall(r"^  - (\S+)$", expected.partition("dependencies:")[2], re.MULTILINE)
    return bool(specs) and all(spec.count("=") == 2 and "[" not in spec for spec in specs)
