"""The ``conda`` profile against what the real conda printed for the same prefixes."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from jupyter_envsnap.adapters.environments import PrefixReader
from jupyter_envsnap.cli import main
from jupyter_envsnap.core import documents
from jupyter_envsnap.core.model import Prefix
from tests import golden_cases
from tests.golden_cases import QUERIES, SEEDS, Case

pytestmark = golden_cases.needed
FLAGS = {
    "yaml": (),
    "no-builds": ("--no-builds",),
    "from-history": ("--from-history",),
    "ignore-channels": ("--ignore-channels",),
    "json": ("--format", "environment-json"),
    "requirements": ("--format", "requirements"),
    "explicit": ("--format", "explicit"),
}


@pytest.fixture(scope="session")
def cases() -> Iterator[tuple[Case, ...]]:
    with golden_cases.made() as cases:
        yield cases


@pytest.mark.parametrize("key", QUERIES)
@pytest.mark.parametrize("seed", SEEDS)
async def test_the_text_is_condas_own(cases, seed, key):
    case = cases[seed]
    reader = PrefixReader(environ=case.environ, home=case.folder)
    view = await reader.as_conda(Prefix(path=case.prefix, kind="conda"))
    case.check(documents.write_as_conda(view, QUERIES[key]).text, key)


@pytest.mark.parametrize("key", QUERIES)
@pytest.mark.parametrize("seed", SEEDS)
def test_the_command_line_prints_it(cases, seed, key, monkeypatch, capsysbinary):
    case = cases[seed]
    monkeypatch.setenv("HOME", str(case.folder))
    for name in ("CONDA_PREFIX", "CONDA_EXE", "XDG_CONFIG_HOME"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("CONDARC", case.environ["CONDARC"])
    with pytest.raises(SystemExit) as ended:
        main(["export", "--prefix", case.prefix, "--profile", "conda", *FLAGS[key]])
    out, err = capsysbinary.readouterr()
    assert ended.value.code == 0, err
    case.check(out.decode(), key)


def test_a_prefix_is_only_read(cases):
    def everything(folder: Path) -> dict[str, tuple[int, int]]:
        return {str(p): (p.lstat().st_mtime_ns, p.lstat().st_ino) for p in folder.rglob("*")}

    case = cases[0]
    before = everything(Path(case.prefix))
    with pytest.raises(SystemExit):
        main(["export", "--prefix", case.prefix, "--profile", "conda", "-o", "/dev/null"])
    assert everything(Path(case.prefix)) == before
