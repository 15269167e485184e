"""Build the sdist, and the wheel from it, into `.dev/dist`. Standard library only."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path

from dev import venv
from dev.steps import DEV_DIR, REPOSITORY, digest, is_stamped, run_quietly, step, write_stamp

_DIST = DEV_DIR / "dist"


@dataclass(frozen=True, kw_only=True)
class Distributions:
    sdist: Path
    wheel: Path


def ensure_distributions() -> Distributions:
    """Build them, unless the last build had the same sources."""
    sources = [
        *venv.page_and_build_files(),
        *(REPOSITORY / name for name in ("LICENSE", "README.md", ".gitignore")),
        *(
            path
            for path in (REPOSITORY / "jupyter_envsnap").rglob("*")
            if path.suffix in {".json", ".py", ".typed"} and "labextension" not in path.parts
        ),
    ]
    inputs = digest(sources)
    if not is_stamped(_DIST / "built-from", inputs):
        shutil.rmtree(_DIST, ignore_errors=True)
        with step("Building the sdist, and the wheel from it"):
            run_quietly(
                [venv.PYTHON, "-m", "build", "--outdir", _DIST],
                what="build",
                env=venv.environment(),
            )
        write_stamp(_DIST / "built-from", inputs)
    (sdist,) = _DIST.glob("*.tar.gz")
    (wheel,) = _DIST.glob("*.whl")
    return Distributions(sdist=sdist, wheel=wheel)
