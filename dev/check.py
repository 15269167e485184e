"""`make test`: install what the checks need and run all that CI runs, or the suites named.

Runs on the system's Python before anything is installed: standard library only.
"""

from __future__ import annotations

import hashlib
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from dev import venv
from dev.browser import ensure_chromium
from dev.package import ensure_distributions
from dev.programs import ensure_signing
from dev.steps import REPOSITORY, CannotGoOn, is_stamped, run_quietly, say, step, write_stamp

PAGE = REPOSITORY / "labextension"
CHECKS = PAGE / "checks"
UI_TESTS = PAGE / "ui-tests"

_OLDEST = REPOSITORY / ".venv-oldest"
_OLDEST_JUPYTER = ("jupyterlab==4.4.*", "notebook==7.4.*")


@dataclass(frozen=True, kw_only=True)
class Check:
    """A command that passes by exiting with 0."""

    name: str
    command: tuple[str, ...]
    cwd: Path = REPOSITORY
    variables: Mapping[str, str] | None = None


def _lint() -> Iterator[Check]:
    yield Check(name="ruff", command=("ruff", "check"))
    yield Check(name="ruff format", command=("ruff", "format", "--check"))
    yield Check(name="mypy", command=("mypy",))
    yield Check(
        name="mypy dev",
        command=("mypy", "--explicit-package-bases", "hatch_build.py", "dev"),
    )
    # Its cache once told of contracts kept that were broken.
    yield Check(name="import-linter", command=("lint-imports", "--no-cache"))
    yield from _page_lint()


def _page_lint() -> Iterator[Check]:
    for folder in (PAGE, CHECKS, UI_TESTS):
        _npm_ci(folder)
    yield Check(name="page lint and types", command=("npm", "run", "lint"), cwd=CHECKS)
    yield Check(name="lint of the browser tests", command=("npm", "run", "lint"), cwd=UI_TESTS)
    yield Check(name="wire types are fresh", command=("npm", "run", "wire:check"), cwd=CHECKS)


def _page() -> Iterator[Check]:
    _npm_ci(PAGE)
    _npm_ci(CHECKS)
    yield Check(name="page tests", command=("npm", "test"), cwd=CHECKS)


def _python() -> Iterator[Check]:
    ensure_signing()
    yield Check(name="Python tests", command=("pytest",))


def _package() -> Iterator[Check]:
    ensure_distributions()
    yield Check(name="packages", command=("pytest", "-m", "package", "tests/dev"))
    yield Check(name="size of the page", command=("npm", "run", "size"), cwd=CHECKS)


def _browser() -> Iterator[Check]:
    _npm_ci(UI_TESTS)
    variables = {"CHROMIUM": ensure_chromium(UI_TESTS), "ENVSNAP_OLDEST_BIN": str(_oldest_bin())}
    yield Check(
        name="types of the browser tests", command=("npm", "run", "typecheck"), cwd=UI_TESTS
    )
    yield Check(name="browser tests", command=("npm", "test"), cwd=UI_TESTS, variables=variables)


SUITES: dict[str, Callable[[], Iterator[Check]]] = {
    "lint": _lint,
    "python": _python,
    "page": _page,
    "package": _package,
    "browser": _browser,
}


def main(names: Sequence[str]) -> int:
    unknown = [name for name in names if name not in SUITES]
    if unknown:
        sys.stderr.write(f"no suite {', '.join(unknown)}; there are {', '.join(SUITES)}\n")
        return 2
    started = time.monotonic()
    try:
        venv.prepare("dev")
        venv.ensure_node()
        results = {
            name: passed for suite in names or SUITES for name, passed in _run(SUITES[suite])
        }
    except CannotGoOn as error:
        sys.stderr.write(f"make test: {error}\n")
        return 1
    except KeyboardInterrupt:
        say("\nStopped.")
        return 130
    failed = [name for name, passed in results.items() if not passed]
    say(f"\nAll of it took {time.monotonic() - started:.0f} s.")
    if failed:
        say(f"Failed: {', '.join(failed)}")
    say(f"checks: {len(results) - len(failed)} passed, {len(failed)} failed")
    return 1 if failed else 0


def _run(suite: Callable[[], Iterator[Check]]) -> Iterator[tuple[str, bool]]:
    """Run a suite's checks, each with its output in view, and go on after one that fails."""
    env = venv.environment()
    for check in suite():
        say(f"\n━━ {check.name}")
        started = time.monotonic()
        program = shutil.which(check.command[0], path=env["PATH"])
        if program is None:
            raise CannotGoOn(f"{check.command[0]} is not installed")
        done = subprocess.run(
            [program, *check.command[1:]],
            cwd=check.cwd,
            env={**env, **(check.variables or {})},
            stdin=subprocess.DEVNULL,
            check=False,
        )
        seconds = time.monotonic() - started
        say(f"━━ {check.name}: {'FAILED' if done.returncode else 'passed'} in {seconds:.1f} s")
        yield check.name, done.returncode == 0


def _npm_ci(folder: Path) -> None:
    """Install what the lock file says, unless that is done (hatch_build.py has the same stamp)."""
    lock = hashlib.sha256((folder / "package-lock.json").read_bytes()).hexdigest()
    stamp = folder / "node_modules" / ".installed-lock"
    if is_stamped(stamp, lock):
        return
    what = folder.relative_to(REPOSITORY)
    with step(f"Installing the packages of {what}"):
        run_quietly(
            [shutil.which("npm", path=venv.environment()["PATH"]) or "npm", "ci", "--no-progress"],
            what=f"npm-{folder.name}",
            cwd=folder,
            env={**venv.environment(), "PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD": "1"},
        )
    write_stamp(stamp, lock)


def _oldest_bin() -> Path:
    """Return the commands of a venv with the oldest Jupyter we support and our wheel."""
    wheel = ensure_distributions().wheel
    stamp = _OLDEST / ".installed"
    made_with = f"{sys.version} {' '.join(_OLDEST_JUPYTER)}"
    if not is_stamped(stamp, made_with):
        venv.make_venv(_OLDEST)
        with step(f"Installing {' and '.join(_OLDEST_JUPYTER)}"):
            venv.pip("install", *_OLDEST_JUPYTER, what="oldest", venv=_OLDEST)
        write_stamp(stamp, made_with)
    with step(f"Installing {wheel.name} beside them"):
        # The version does not change while one works on it: replace it, then see to its needs.
        for options in (("--force-reinstall", "--no-deps"), ()):
            venv.pip("install", *options, str(wheel), what="oldest-wheel", venv=_OLDEST)
    return _OLDEST / "bin"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
