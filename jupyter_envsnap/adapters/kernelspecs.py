"""What a kernelspec says of its kernel's environment, with no kernel running. Blocks."""

from __future__ import annotations

import re
import shutil
import sys
from collections.abc import Mapping
from pathlib import Path
from string import Template

from jupyter_client.kernelspec import KernelSpec

from jupyter_envsnap.adapters import prefixes
from jupyter_envsnap.core.model import Candidate, Confidence, How
from jupyter_envsnap.core.prefix import ranked

_RUNNER = "nb_conda_kernels.runner"
_REPLACED = frozenset(
    {"python", f"python{sys.version_info[0]}", f"python{sys.version_info[0]}.{sys.version_info[1]}"}
)
"""jupyter_client starts these as ``sys.executable``, in a kernelspec of any language."""
_SHELLS = ("bash", "env", "sh", "ssh", "sudo", "zsh")
_ENVIRONMENT_TOOLS = ("conda", "mamba", "micromamba", "pixi", "poetry", "rattler", "uv")
_LAUNCHERS = frozenset({*_SHELLS, *_ENVIRONMENT_TOOLS, "docker", "podman"})
"""These start a kernel elsewhere; which environment, only the running process tells."""
_PYTHON_LANGUAGES = frozenset({"python", "python3", "ipython", "sage", "xonsh", "coconut", "hy"})


def is_python_language(spec: KernelSpec) -> bool:
    """Whether the kernel's code runs in the python that runs the kernel."""
    return spec.language.lower() in _PYTHON_LANGUAGES


def spec_candidates(spec: KernelSpec, environ: Mapping[str, str]) -> tuple[Candidate, ...]:
    """The prefixes that a kernelspec names, best first.

    ``environ``: the variables that the kernel would be started under.
    """
    found = (_from_metadata(spec), _from_runner(spec), _from_command(spec, environ))
    return ranked(tuple(candidate for candidate in found if candidate is not None))


def _from_metadata(spec: KernelSpec) -> Candidate | None:
    path = spec.metadata.get("conda_env_path")
    return _named(Path(path), How.METADATA) if isinstance(path, str) and path else None


def _from_runner(spec: KernelSpec) -> Candidate | None:
    """``python -m nb_conda_kernels.runner ROOT ENV …``."""
    if _RUNNER not in spec.argv:
        return None
    after = spec.argv[spec.argv.index(_RUNNER) + 1 :]
    return _named(Path(after[1]), How.RUNNER) if len(after) > 1 else None


def _named(path: Path, how: How) -> Candidate | None:
    prefix = prefixes.probe(path)
    return Candidate(prefix=prefix, how=how, confidence="certain") if prefix else None


def _from_command(spec: KernelSpec, environ: Mapping[str, str]) -> Candidate | None:
    executable = _executable(spec, environ)
    if executable is None or _RUNNER in spec.argv:
        return None  # the runner's own python is the server's
    python = prefixes.is_python(executable)
    if executable.name in _LAUNCHERS or (python and not is_python_language(spec)):
        return None
    prefix = prefixes.enclosing(executable)
    confidence: Confidence = "likely" if python or not is_python_language(spec) else "unsure"
    if prefix is None:
        return None
    return Candidate(prefix=prefix, how=How.KERNELSPEC, confidence=confidence)


def _executable(spec: KernelSpec, environ: Mapping[str, str]) -> Path | None:
    """The file that jupyter_client would start."""
    if not spec.argv:
        return None
    if spec.argv[0] in _REPLACED:
        return Path(sys.executable)
    values = {"prefix": sys.prefix, "resource_dir": spec.resource_dir}
    name = re.sub(r"\{(\w+)\}", lambda found: values.get(found[1], found[0]), spec.argv[0])
    if Path(name).name != name:
        return Path(name) if Path(name).is_absolute() else None
    path = Template(str(spec.env.get("PATH", "$PATH"))).safe_substitute(environ)
    found = shutil.which(name, path=path) if "\0" not in name + path else None
    return Path(found) if found else None
