"""Real kernels, each started in its own way, each with the environment that it runs in."""

import asyncio
import math
import os
import shlex
import shutil
import signal
import sys
import sysconfig
import time
from pathlib import Path
from typing import NamedTuple

import psutil
import pytest
from traitlets.config import Config

from jupyter_envsnap.adapters.environments import PrefixReader
from jupyter_envsnap.core import names
from jupyter_envsnap.core.errors import KernelWithoutEnvironment
from jupyter_envsnap.core.model import How
from jupyter_envsnap.core.prefix import resolve
from tests.kernels.real import IPYKERNEL, lateness_of, listening, make_venv, python_of, until

SERVER = Path(sys.prefix)
PYTHON_X_Y = f"python{sys.version_info.major}.{sys.version_info.minor}"
RUNNER = """\
import os, sys
_, root, env, *command = sys.argv
os.environ["CONDA_PREFIX"] = env
os.execvpe(command[0], command, os.environ)
"""


@pytest.fixture
def in_tmp_path(tmp_path, monkeypatch):
    """Unix sockets lie in the current folder."""
    monkeypatch.chdir(tmp_path)


class Gate(NamedTuple):
    """Holds a kernel between its launch and its start, until it is opened."""

    path: Path

    @property
    def ipykernel(self) -> tuple[str, ...]:
        """What follows the python in the command of a kernel that waits here."""
        wait = f"import runpy; open({str(self.path)!r}).read()"
        run = "runpy.run_module('ipykernel_launcher', run_name='__main__')"
        return ("-c", f"{wait}; {run}", "-f", "{connection_file}")

    async def open(self) -> None:
        await asyncio.to_thread(self.path.write_text, "go\n")


@pytest.fixture
def gate(specs) -> Gate:
    path = specs.folder / "gate"
    os.mkfifo(path)
    return Gate(path)


class Compiled(NamedTuple):
    """A kernel of another language, as far as a look from outside can tell."""

    path: str
    env: dict[str, str]


@pytest.fixture
def compiled(specs) -> Compiled:
    path = specs.folder / "julia-1.11"
    shutil.copy2(os.path.realpath(sys.executable), path)
    packages = sysconfig.get_path("purelib")
    return Compiled(str(path), {"PYTHONHOME": sys.base_prefix, "PYTHONPATH": packages})


class PythonChoice(NamedTuple):
    """A wrapper that starts the python of the prefix chosen last."""

    link: Path
    wrapper: str
    first: str

    def choose(self, prefix: Path) -> None:
        self.link.unlink(missing_ok=True)
        self.link.symlink_to(python_of(prefix))


@pytest.fixture
def python_choice(specs, plain_venv) -> PythonChoice:
    link = specs.folder / "choice"
    wrapper = specs.script("wrapper", f'#!/bin/sh\nexec "$(readlink {link})" "$@"\n')
    choice = PythonChoice(link, wrapper, str(plain_venv))
    choice.choose(plain_venv)
    return choice


async def test_a_conda_kernel_is_in_its_conda_environment(start, kernels, conda_env):
    kernel_id = await start([python_of(conda_env), *IPYKERNEL])
    answer = resolve(await listening(kernels, kernel_id))
    assert (answer.prefix.path, answer.prefix.kind) == (str(conda_env), "conda")
    assert (answer.how, answer.confidence) == (How.PROCESS, "certain")
    assert answer.alternatives == ()


async def test_a_venvs_kernel_is_in_the_venv_and_not_in_its_base(start, kernels, plain_venv):
    kernel_id = await start([python_of(plain_venv), *IPYKERNEL])
    answer = resolve(await listening(kernels, kernel_id))
    assert (answer.prefix.path, answer.prefix.kind) == (str(plain_venv), "venv")
    assert answer.prefix.base == sys.base_prefix
    assert answer.how is How.PROCESS


async def test_a_venv_on_a_conda_environment_keeps_both(start, kernels, venv_on_conda, conda_env):
    kernel_id = await start([python_of(venv_on_conda), *IPYKERNEL])
    answer = resolve(await listening(kernels, kernel_id))
    assert (answer.prefix.path, answer.prefix.kind) == (str(venv_on_conda), "venv")
    assert answer.prefix.base == str(conda_env)


@pytest.mark.parametrize("word", ["", "exec "], ids=["child", "exec"])
async def test_a_wrapper_script_leads_to_the_environment_it_starts(
    start, specs, kernels, conda_env, word
):
    wrapper = specs.script(
        "wrapper", f'#!/bin/sh\n{word}{shlex.quote(python_of(conda_env))} "$@"\nexit $?\n'
    )
    kernel_id = await start([wrapper, *IPYKERNEL])
    facts = await listening(kernels, kernel_id)
    assert resolve(facts).prefix.path == str(conda_env)
    assert resolve(facts).how is How.PROCESS
    assert (facts.pid == facts.launched_pid) is bool(word)


async def test_a_wrapper_that_activates_a_venv_and_calls_bare_python_leads_to_it(
    start, specs, kernels, plain_venv
):
    wrapper = specs.script("wrapper", f'#!/bin/sh\n. {plain_venv}/bin/activate\nexec python "$@"\n')
    kernel_id = await start([wrapper, *IPYKERNEL])
    assert resolve(await listening(kernels, kernel_id)).prefix.path == str(plain_venv)


async def test_a_chain_of_three_processes_leads_to_the_environment_at_its_end(
    start, specs, kernels, conda_env
):
    # As `conda run` does it: a python of its own, a shell script, the kernel; none of them exec's.
    activated = specs.script(
        "activated", f'#!/bin/sh\nPATH={conda_env}/bin:$PATH\npython "$@"\nexit $?\n'
    )
    run = specs.script(
        "conda-run",
        f"#!{sys.executable}\nimport subprocess, sys\n"
        f"sys.exit(subprocess.run([{activated!r}, *sys.argv[1:]]).returncode)\n",
    )
    kernel_id = await start([run, *IPYKERNEL])
    facts = await listening(kernels, kernel_id)
    answer = resolve(facts)
    assert (answer.prefix.path, answer.how) == (str(conda_env), How.PROCESS)
    assert [parent.pid for parent in psutil.Process(facts.pid).parents()][1] == facts.launched_pid


async def test_the_prefix_template_is_the_servers_environment(start, kernels, gate):
    kernel_id = await start(["{prefix}/bin/python", *gate.ipykernel])
    early = resolve(await kernels.facts(kernel_id))
    assert (early.prefix.path, early.how) == (sys.prefix, How.KERNELSPEC)
    await gate.open()
    answer = resolve(await listening(kernels, kernel_id))
    assert (answer.prefix.path, answer.how) == (sys.prefix, How.PROCESS)


async def test_a_python_of_another_version_is_found_on_the_kernelspecs_path(
    start, kernels, tmp_path, gate
):
    prefix = make_venv(tmp_path / "other")
    name = f"python3.{sys.version_info.minor + 1}"
    (prefix / "bin" / name).symlink_to("python")
    kernel_id = await start([name, *gate.ipykernel], env={"PATH": f"{prefix}/bin:${{PATH}}"})
    early = resolve(await kernels.facts(kernel_id))
    assert (early.prefix.path, early.how) == (str(prefix), How.KERNELSPEC)
    await gate.open()
    answer = resolve(await listening(kernels, kernel_id))
    assert (answer.prefix.path, answer.how) == (str(prefix), How.PROCESS)


async def test_a_kernel_of_the_distributions_python_is_in_no_environment_but_the_system(
    start, kernels
):
    found = shutil.which(PYTHON_X_Y, path="/usr/bin")
    if found is None:
        pytest.skip(f"the distribution has no {PYTHON_X_Y}: another cannot run this ipykernel")
    packages = sysconfig.get_path("purelib")
    kernel_id = await start([found, *IPYKERNEL], env={"PYTHONPATH": packages})
    answer = resolve(await listening(kernels, kernel_id))
    assert (answer.prefix.path, answer.prefix.kind) == ("/usr", "system")
    installed = {package.name for package in (await PrefixReader().read(answer.prefix)).pypi}
    there = Path("/usr/lib/python3/dist-packages").glob("*.dist-info")  # noqa: ASYNC240
    assert {str(names.of_metadata(str(path))) for path in there} <= installed


async def test_a_compiled_python_outside_any_environment_is_in_the_one_it_loads_from(
    start, compiled, kernels, tmp_path
):
    prefix = make_venv(tmp_path / "loaded")
    (site,) = prefix.glob("lib/python*/site-packages")
    # What has compiled modules among what ipykernel imports; the rest may lie anywhere.
    for package in ("debugpy", "psutil", "pyzmq.libs", "tornado", "zmq"):
        if (there := Path(compiled.env["PYTHONPATH"], package)).is_dir():
            shutil.copytree(there, site / package)
    variables = {**compiled.env, "PYTHONPATH": f"{site}:{compiled.env['PYTHONPATH']}"}
    kernel_id = await start([compiled.path, "-S", *IPYKERNEL], env=variables)
    answer = resolve(await listening(kernels, kernel_id))
    assert answer.prefix.path == str(prefix)
    assert (answer.how, answer.confidence) == (How.PROCESS, "likely")


async def test_a_xeus_python_kernel_is_in_its_environment(start, lent, kernels, plain_venv):
    variables = {"PYTHONPATH": lent("xeus-python")}
    command = ["-m", "xpython_launcher", "-f", "{connection_file}", "--raw"]
    kernel_id = await start([python_of(plain_venv), *command], env=variables)
    answer = resolve(await listening(kernels, kernel_id))
    assert (answer.prefix.path, answer.how) == (str(plain_venv), How.PROCESS)


async def test_a_bash_kernel_has_no_environment_of_its_own(start, lent, kernels, plain_venv):
    variables = {"PYTHONPATH": lent("bash_kernel", "filetype")}
    command = [python_of(plain_venv), "-m", "bash_kernel", "-f", "{connection_file}"]
    kernel_id = await start(command, language="bash", env=variables)
    answer = resolve(await listening(kernels, kernel_id))
    assert (answer.prefix, answer.how) == (None, How.UNKNOWN)
    with pytest.raises(KernelWithoutEnvironment, match="Only a kernel of Python"):
        await kernels.ask(kernel_id)


async def test_the_conda_runner_names_the_environment_although_the_servers_python_starts_it(
    start, specs, kernels, conda_env
):
    specs.script("path/nb_conda_kernels/__init__.py", "")
    specs.script("path/nb_conda_kernels/runner.py", RUNNER)
    runner = [sys.executable, "-m", "nb_conda_kernels.runner", sys.base_prefix, str(conda_env)]
    kernel_id = await start(
        [*runner, python_of(conda_env), *IPYKERNEL],
        env={"PYTHONPATH": str(specs.folder / "path")},
    )
    early = resolve(await kernels.facts(kernel_id))
    assert (early.prefix.path, early.how) == (str(conda_env), How.RUNNER)
    answer = resolve(await listening(kernels, kernel_id))
    assert (answer.prefix.path, answer.how) == (str(conda_env), How.RUNNER)
    assert answer.confidence == "certain"
    assert answer.alternatives == ()


async def test_metadata_names_the_environment_and_the_process_agrees(start, kernels, conda_env):
    kernel_id = await start(
        [python_of(conda_env), *IPYKERNEL], metadata={"conda_env_path": str(conda_env)}
    )
    answer = resolve(await listening(kernels, kernel_id))
    assert (answer.prefix.path, answer.how) == (str(conda_env), How.METADATA)
    assert answer.alternatives == ()


async def test_where_metadata_and_process_disagree_the_process_is_right_and_it_is_said(
    start, kernels, conda_env, plain_venv
):
    kernel_id = await start(
        [python_of(plain_venv), *IPYKERNEL], metadata={"conda_env_path": str(conda_env)}
    )
    answer = resolve(await listening(kernels, kernel_id))
    assert (answer.prefix.path, answer.how) == (str(plain_venv), How.PROCESS)
    assert [(other.prefix.path, other.how) for other in answer.alternatives] == [
        (str(conda_env), How.METADATA)
    ]
    [finding] = answer.findings
    assert finding.code == "sources-disagree"
    assert str(plain_venv) in finding.message
    assert str(conda_env) in finding.message


async def test_bare_python_is_the_servers_whatever_conda_prefix_it_inherits(
    start, kernels, conda_env, monkeypatch
):
    monkeypatch.setenv("CONDA_PREFIX", str(conda_env))
    monkeypatch.setenv("PATH", f"{conda_env}/bin", prepend=os.pathsep)
    kernel_id = await start(["python", *IPYKERNEL])
    answer = resolve(await listening(kernels, kernel_id))
    assert answer.prefix.path == str(SERVER)
    assert answer.alternatives == ()


async def test_a_link_outside_leads_to_the_conda_environment(start, specs, kernels, conda_env):
    link = specs.folder / "py"
    link.symlink_to(python_of(conda_env))
    kernel_id = await start([str(link), *IPYKERNEL])
    assert resolve(await listening(kernels, kernel_id)).prefix.path == str(conda_env)


@pytest.mark.usefixtures("in_tmp_path")
async def test_a_kernel_on_unix_sockets_is_found_by_its_socket(start, manager, kernels, plain_venv):
    manager.update_config(Config(KernelManager={"transport": "ipc"}))
    kernel_id = await start([python_of(plain_venv), *IPYKERNEL])
    answer = resolve(await listening(kernels, kernel_id))
    assert (answer.prefix.path, answer.how) == (str(plain_venv), How.PROCESS)


async def test_a_kernel_of_another_language_that_python_wraps_has_no_environment(
    start, kernels, plain_venv
):
    kernel_id = await start([python_of(plain_venv), *IPYKERNEL], language="bash")
    answer = resolve(await listening(kernels, kernel_id))
    assert (answer.prefix, answer.how) == (None, How.UNKNOWN)


async def test_an_inherited_conda_prefix_says_nothing_of_a_kernel_outside_any_environment(
    start, compiled, kernels, conda_env, monkeypatch
):
    monkeypatch.setenv("CONDA_PREFIX", str(conda_env))
    kernel_id = await start([compiled.path, *IPYKERNEL], language="julia", env=compiled.env)
    answer = resolve(await listening(kernels, kernel_id))
    assert (answer.prefix, answer.how) == (None, How.UNKNOWN)


async def test_a_conda_prefix_that_the_kernel_was_given_tells_its_environment(
    start, compiled, kernels, conda_env
):
    variables = {**compiled.env, "CONDA_PREFIX": str(conda_env)}
    kernel_id = await start([compiled.path, *IPYKERNEL], language="julia", env=variables)
    answer = resolve(await listening(kernels, kernel_id))
    assert (answer.prefix.path, answer.how) == (str(conda_env), How.ENVIRON)
    assert answer.confidence == "likely"


async def test_a_command_is_believed_until_it_starts_a_kernel_outside_its_environment(
    start, specs, compiled, kernels, gate
):
    (specs.folder / "env/conda-meta").mkdir(parents=True)
    command = specs.script(
        "env/bin/julia", f'#!/bin/sh\nread _ <{gate.path}\nexec {compiled.path} "$@"\n'
    )
    kernel_id = await start([command, *IPYKERNEL], language="julia", env=compiled.env)
    early = resolve(await kernels.facts(kernel_id))
    assert (early.prefix.path, early.how) == (str(specs.folder / "env"), How.KERNELSPEC)
    assert early.confidence == "likely"
    await gate.open()
    answer = resolve(await listening(kernels, kernel_id))
    assert (answer.prefix, answer.how) == (None, How.UNKNOWN)


async def test_a_busy_kernel_is_found_without_being_asked(start, manager, kernels, plain_venv):
    kernel_id = await start([python_of(plain_venv), *IPYKERNEL])
    client = manager.get_kernel(kernel_id).client()
    client.start_channels()
    try:
        await client.wait_for_ready(timeout=40)
        client.execute("import time; time.sleep(60)")
        facts = await until(lambda: kernels.facts(kernel_id), lambda found: found.state == "busy")
        assert facts.listening
        assert resolve(facts).prefix.path == str(plain_venv)
    finally:
        client.stop_channels()


async def test_a_killed_kernel_keeps_the_environment_it_was_captured_in(
    start, locations, kernels, plain_venv
):
    kernel_id = await start([python_of(plain_venv), *IPYKERNEL])
    locations.notice(kernel_id)
    await until(lambda: _facts(locations, kernel_id), lambda facts: facts.listening)
    alive = await locations.locate(kernel_id)
    os.kill(alive.facts.pid, signal.SIGKILL)
    dead = await until(lambda: _facts(locations, kernel_id), lambda facts: facts.state == "dead")
    answer = resolve(dead)
    assert (answer.prefix.path, answer.how) == (str(plain_venv), How.PROCESS)
    assert (await locations.locate(kernel_id)).captured_at == alive.captured_at
    assert not dead.listening
    without_memory = resolve(await kernels.facts(kernel_id))
    assert (without_memory.how, without_memory.confidence) == (How.KERNELSPEC, "unsure")


async def test_a_restart_into_another_environment_drops_the_old_answer(
    start, python_choice, manager, locations, conda_env
):
    kernel_id = await start([python_choice.wrapper, *IPYKERNEL])
    first = await until(lambda: _facts(locations, kernel_id), lambda facts: facts.listening)
    python_choice.choose(conda_env)
    await manager.restart_kernel(kernel_id, now=True)
    locations.notice(kernel_id)
    again = await until(lambda: _facts(locations, kernel_id), lambda facts: facts.listening)
    assert resolve(first).prefix.path == python_choice.first
    assert resolve(again).prefix.path == str(conda_env)
    assert again.launched_pid != first.launched_pid


async def test_looking_leaves_no_trace_in_the_kernel(start, manager, kernels, plain_venv):
    kernel_id = await start([python_of(plain_venv), *IPYKERNEL])
    client = manager.get_kernel(kernel_id).client()
    client.start_channels()
    try:
        await client.wait_for_ready(timeout=40)
        counts = [await _count(client)]
        for _ in range(20):
            assert resolve(await kernels.facts(kernel_id)).prefix.path == str(plain_venv)
        assert not await client.iopub_channel.msg_ready()
        counts.append(await _count(client))
        assert counts == [1, 2]
    finally:
        client.stop_channels()


async def test_a_hundred_looks_at_once_leave_the_loop_free(start, kernels, locations, plain_venv):
    """Measured on two idle cores: one look of 10 ms for all, the loop late by 1 to 4 ms.

    On a busy machine the loop is late by itself most of the time, but not for twenty seconds.
    """
    kernel_id = await start([python_of(plain_venv), *IPYKERNEL])
    await listening(kernels, kernel_id)
    late_s = [math.inf]
    until_s = time.monotonic() + 20
    while min(late_s) >= 0.010 and time.monotonic() < until_s:
        looks = asyncio.gather(*(locations.locate(kernel_id) for _ in range(100)))
        late_s.append(await lateness_of(looks))
    assert min(late_s) < 0.010


async def _count(client):
    """The execution count that a cell gets, once the kernel is idle again."""
    reply = await client.execute_interactive("pass", timeout=40)
    return reply["content"]["execution_count"]


async def _facts(locations, kernel_id):
    return (await locations.locate(kernel_id)).facts
