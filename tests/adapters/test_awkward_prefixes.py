"""Every awkward prefix of the golden cases is read, leaks nothing and is left as it was."""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
from pathlib import Path

import msgspec
import pytest
import yaml

from jupyter_envsnap.adapters.environments import PrefixReader
from jupyter_envsnap.core.documents import write
from jupyter_envsnap.core.model import Prefix

SHARED = Path(__file__).parents[3] / "shared"
MAKE_CASES = SHARED / "tools" / "make_cases.py"
GOLDEN = SHARED / "golden"
SEEDS = range(24)

pytestmark = pytest.mark.skipif(not MAKE_CASES.is_file(), reason=f"{MAKE_CASES} is not there")


@pytest.fixture(scope="module")
def cases(tmp_path_factory):
    folder = tmp_path_factory.mktemp("cases")
    subprocess.run([sys.executable, MAKE_CASES, folder], check=True, capture_output=True)
    return folder


def tree(folder: Path) -> str:
    """A digest of every path, time and byte."""
    digest = hashlib.sha256()
    for path in sorted(folder.rglob("*")):
        status = path.lstat()
        digest.update(f"{path}\n{status.st_mtime_ns}\n{status.st_mode}\n".encode())
        if path.is_file():
            digest.update(path.read_bytes())
    return digest.hexdigest()


@pytest.mark.parametrize("seed", SEEDS)
async def test_it_is_read_without_leaking_or_touching_anything(cases, seed):
    folder = cases / f"case-{seed:03d}"
    case = json.loads((folder / "case.json").read_text())
    before = tree(folder)
    reader = PrefixReader(environ={"CONDARC": str(folder / "condarc")}, home=folder)
    prefix = Prefix(path=str(folder / case["prefix"]), kind="conda")
    made = await reader.read(prefix)
    await reader.fingerprint(prefix)
    document = write(made).text
    assert tree(folder) == before
    assert case["secret"] not in msgspec.json.encode(made).decode() + document
    assert yaml.safe_load(document)["name"] == made.name == Path(case["prefix"]).name


@pytest.mark.parametrize("seed", SEEDS)
async def test_it_lists_what_conda_lists(cases, seed):
    golden = GOLDEN / f"case-{seed:03d}" / "no-builds.txt"
    if not golden.is_file():
        pytest.skip("conda refused this one")
    folder = cases / f"case-{seed:03d}"
    case = json.loads((folder / "case.json").read_text())
    reader = PrefixReader(environ={}, home=folder)
    made = await reader.read(Prefix(path=str(folder / case["prefix"]), kind="conda"))
    listed = yaml.safe_load(golden.read_text().replace("{CASE}", "/case"))["dependencies"]
    pip = next((item["pip"] for item in listed if isinstance(item, dict)), [])
    # conda drops a library for a pip package of the same name; both are there.
    pypi_names = {p.name for p in made.pypi}
    conda = [f"{p.name}={p.version}" for p in made.conda if p.name not in pypi_names]
    assert conda == [item for item in listed if isinstance(item, str)]
    # conda shows no egg-link, no pip package without a python record, and `a__b` as `a--b`.
    ours = [f"{p.name}=={p.version}" for p in made.pypi if made.python and p.name != "devpkg"]
    assert ours == [line.replace("--", "-") for line in pip]
