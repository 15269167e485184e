"""What the managers and kernelspecs of a server tell of a kernel, without one running."""

import asyncio
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
from jupyter_client.kernelspec import KernelSpec
from jupyter_client.multikernelmanager import AsyncMultiKernelManager
from jupyter_client.provisioning import LocalProvisioner
from jupyter_client.provisioning.provisioner_base import KernelProvisionerBase

from jupyter_envsnap.adapters import processes
from jupyter_envsnap.adapters.kernels import ServerKernels
from jupyter_envsnap.adapters.kernelspecs import spec_candidates
from jupyter_envsnap.core.errors import (
    KernelBusy,
    KernelDidNotAnswer,
    KernelNotFound,
    KernelRemote,
    KernelStarting,
    KernelWithoutEnvironment,
)
from jupyter_envsnap.lifecycle import KernelLocations
from jupyter_envsnap.news import Everyone, LatestNews
from jupyter_envsnap.service import Service
from tests.fakes import (
    NOON,
    MemoryEnvironments,
    MemoryHistory,
    MemoryJournal,
    MemoryPrefixes,
    TickingClock,
    writing,
)

MODULE = ("-m", "ipykernel_launcher", "-f", "{connection_file}")


def _conda(folder: Path) -> Path:
    (folder / "conda-meta").mkdir(parents=True)
    (folder / "bin").mkdir()
    for name in ("python", "python2.7", "xpython", "R", "conda", "kernel.sh"):
        (folder / "bin" / name).touch(mode=0o755)
    return folder


@pytest.fixture
def env(tmp_path) -> Path:
    return _conda(tmp_path / "env")


@pytest.fixture
def other(tmp_path) -> Path:
    return _conda(tmp_path / "other")


def _named(spec: KernelSpec, **environ: str) -> list[tuple[str, str, str]]:
    return [
        (found.how.value, found.prefix.path, found.confidence)
        for found in spec_candidates(spec, environ)
    ]


MINOR = f"python{sys.version_info.major}.{sys.version_info.minor}"


@pytest.mark.parametrize("name", ["python", "python3", MINOR])
def test_a_bare_python_is_the_servers_own(env, name):
    spec = KernelSpec(argv=[name, *MODULE], language="python")
    assert _named(spec, PATH=str(env / "bin"), CONDA_PREFIX=str(env)) == [
        ("kernelspec", sys.prefix, "likely")
    ]


@pytest.mark.parametrize(
    ("command", "language", "confidence"),
    [
        ("{env}/bin/python", "python", "likely"),
        ("{env}/bin/../bin/python", "Python", "likely"),
        ("{resource_dir}/../bin/python", "python", "likely"),
        ("python2.7", "python", "likely"),
        ("R", "R", "likely"),
        ("{env}/bin/xpython", "python", "unsure"),
        ("{env}/bin/kernel.sh", "python", "unsure"),
        ("{env}/bin/conda", "python", None),
        ("{env}/bin/python", "bash", None),
        ("python", "bash", None),
        ("env/bin/python", "python", None),
        ("not-on-the-path", "python", None),
        ("/usr/bin/env", "python", None),
    ],
)
def test_a_command_names_the_environment_that_its_executable_is_in(
    env, command, language, confidence
):
    spec = KernelSpec(
        argv=[command.replace("{env}", str(env)), *MODULE],
        language=language,
        resource_dir=str(env / "conda-meta"),
    )
    expected = [("kernelspec", str(env), confidence)] if confidence else []
    assert _named(spec, PATH=str(env / "bin")) == expected


def test_the_kernelspecs_own_path_is_searched_first(env, other):
    spec = KernelSpec(
        argv=["xpython", "-f"], language="python", env={"PATH": f"{env / 'bin'}:${{PATH}}"}
    )
    assert _named(spec, PATH=str(other / "bin")) == [("kernelspec", str(env), "unsure")]


def test_the_prefix_template_is_the_servers():
    spec = KernelSpec(argv=["{prefix}/bin/python", *MODULE], language="python")
    assert _named(spec) == [("kernelspec", sys.prefix, "likely")]


def test_metadata_and_runner_name_the_environment_of_any_language(env, other):
    runner = ["python", "-m", "nb_conda_kernels.runner", str(other), str(env)]
    spec = KernelSpec(
        argv=[*runner, "R", "--slave"], language="R", metadata={"conda_env_path": str(env)}
    )
    assert _named(spec) == [("metadata", str(env), "certain"), ("runner", str(env), "certain")]


@pytest.mark.parametrize("metadata", [{}, {"conda_env_path": None}, {"conda_env_path": "/gone"}])
@pytest.mark.parametrize("argv", [[], ["python", "-m", "nb_conda_kernels.runner", "/root"]])
def test_a_kernelspec_that_says_nothing_usable_names_nothing(metadata, argv):
    assert _named(KernelSpec(argv=argv, language="python", metadata=metadata)) == []


class FakeSessions:
    """The sessions of a server."""

    def __init__(self, *sessions: dict, error: Exception | None = None) -> None:
        self.sessions, self.error = sessions, error
        self.listed = 0

    async def list_sessions(self) -> list[dict]:
        self.listed += 1
        await asyncio.sleep(0)
        if self.error is not None:
            raise self.error
        return [*self.sessions]


class FarProvisioner(KernelProvisionerBase):
    """Starts kernels somewhere else."""

    has_process = True
    pid = os.getpid()
    poll = wait = send_signal = kill = terminate = launch_kernel = cleanup = None


class ClusterProvisioner(LocalProvisioner):
    """Inherits from the local one, as provisioners for containers do, and has no process."""


@pytest.fixture
def manager():
    return AsyncMultiKernelManager()


@pytest.fixture
def add(manager):
    """Puts a kernel into the manager that was started by a provisioner, or not yet."""

    def added(provisioner=None, *, ready: bool) -> str:
        kernel = manager.kernel_manager_factory()
        kernel.provisioner = provisioner
        kernel._attempted_start = True
        if ready:
            kernel.ready.set_result(None)
        manager._kernels["k"] = kernel
        return "k"

    return added


async def test_a_kernel_that_the_server_does_not_have_is_refused(manager):
    with pytest.raises(KernelNotFound):
        await ServerKernels(manager, FakeSessions()).facts("gone")


@pytest.mark.parametrize("provisioner", [None, FarProvisioner, ClusterProvisioner])
async def test_a_kernel_without_a_local_process_is_remote(manager, add, provisioner):
    kernel_id = add(provisioner() if provisioner else None, ready=True)
    facts = await ServerKernels(manager, FakeSessions()).facts(kernel_id)
    assert (facts.remote, facts.candidates, facts.pid) == (True, (), None)


@pytest.mark.parametrize("provisioner", [None, LocalProvisioner])
async def test_a_kernel_that_is_not_launched_yet_is_neither_remote_nor_found(
    manager, add, provisioner
):
    kernel_id = add(provisioner() if provisioner else None, ready=False)
    facts = await ServerKernels(manager, FakeSessions()).facts(kernel_id)
    assert (facts.remote, facts.candidates, facts.listening) == (False, (), False)


async def test_a_kernel_names_its_own_notebooks(manager, add):
    sessions = FakeSessions(
        {"path": "b.ipynb", "kernel": {"id": "k"}},
        {"path": "a.ipynb", "kernel": {"id": "k"}},
        {"path": "c.ipynb", "kernel": {"id": "x"}},
        {"path": "", "kernel": {"id": "k"}},
        {"path": "d.ipynb"},
    )
    facts = await ServerKernels(manager, sessions).facts(add(ready=False))
    assert facts.notebooks == ("b.ipynb", "a.ipynb")


async def test_sessions_are_listed_once_for_kernels_asked_at_once(manager, add):
    sessions = FakeSessions()
    kernels = ServerKernels(manager, sessions)
    kernel_id = add(ready=False)
    await asyncio.gather(*(kernels.facts(kernel_id) for _ in range(20)))
    assert sessions.listed == 1


async def test_a_listing_that_begins_as_one_ends_disturbs_nobody(manager, add):
    later: list[asyncio.Task] = []

    class AskedAgain(FakeSessions):
        async def list_sessions(self):
            found = await super().list_sessions()
            if not later:
                ask = kernels.facts(kernel_id)
                asyncio.get_running_loop().call_soon(
                    lambda: later.append(asyncio.ensure_future(ask))
                )
            return found

    kernels = ServerKernels(manager, AskedAgain({"path": "a.ipynb", "kernel": {"id": "k"}}))
    kernel_id = add(ready=False)
    assert (await kernels.facts(kernel_id)).notebooks == ("a.ipynb",)
    assert (await later[0]).notebooks == ("a.ipynb",)


async def test_sessions_that_cannot_be_listed_cost_only_the_notebooks(manager, add):
    sessions = FakeSessions(error=OSError("database is locked"))
    facts = await ServerKernels(manager, sessions).facts(add(ready=False))
    assert facts.notebooks == ()


@pytest.fixture
def asked(manager, add):
    """Tries to ask a kernel in some state, and fails where it comes to that."""

    async def ask(state, provisioner, *, language="python", ready=True):
        kernel_id = add(provisioner, ready=ready)
        kernel = manager.get_kernel(kernel_id)
        kernel.execution_state = state
        if ready:
            kernel._kernel_spec = KernelSpec(argv=["python"], language=language)
        else:
            kernel.kernel_name = "nowhere-on-the-disk"
        kernel.get_connection_info = lambda **_: pytest.fail("it is being asked")
        await ServerKernels(manager, FakeSessions()).ask(kernel_id)

    return ask


def _local():
    provisioner = LocalProvisioner()
    provisioner.pid = os.getpid()
    return provisioner


@pytest.mark.parametrize(
    ("state", "error"),
    [
        *((state, KernelStarting) for state in ("starting", "restarting", None, "unknown")),
        *((state, KernelBusy) for state in ("busy", "terminating", "new-in-some-release")),
        ("dead", KernelDidNotAnswer),
    ],
)
async def test_only_an_idle_kernel_is_asked(asked, state, error):
    with pytest.raises(error):
        await asked(state, _local())


async def test_a_kernel_that_is_not_launched_yet_is_not_asked(asked):
    with pytest.raises(KernelStarting):
        await asked("unknown", None, ready=False)


@pytest.mark.parametrize("provisioner", [None, FarProvisioner, ClusterProvisioner])
@pytest.mark.parametrize("state", ["idle", "busy", "dead"])
async def test_a_remote_kernel_is_not_asked(asked, state, provisioner):
    with pytest.raises(KernelRemote):
        await asked(state, provisioner and provisioner())


@pytest.mark.parametrize("language", ["bash", "R", "julia", ""])
async def test_a_kernel_of_another_language_is_not_asked(asked, language):
    with pytest.raises(KernelWithoutEnvironment):
        await asked("idle", _local(), language=language)


async def test_a_kernel_that_is_gone_is_not_asked(manager):
    with pytest.raises(KernelNotFound):
        await ServerKernels(manager, FakeSessions()).ask("gone")


class StuckDisk(dict):
    """A kernelspec's metadata that lead to a disk which does not answer."""

    def __init__(self) -> None:
        super().__init__()
        self.answers = threading.Event()

    def get(self, *_):
        self.answers.wait(30)


@pytest.fixture
def stuck_disk():
    disk = StuckDisk()
    yield disk
    disk.answers.set()


@pytest.fixture
def stuck(manager, add, stuck_disk):
    """A kernel whose sessions and kernelspec nobody can tell."""

    class StuckSessions(FakeSessions):
        async def list_sessions(self):
            self.listed += 1
            await asyncio.Event().wait()

    kernel_id = add(_local(), ready=True)
    kernel = manager.get_kernel(kernel_id)
    kernel._kernel_spec = KernelSpec(argv=[], language="python", metadata=stuck_disk)
    return ServerKernels(manager, StuckSessions())


async def test_a_list_of_kernels_takes_less_than_two_seconds_whatever_does_not_answer(
    stuck, manager
):
    kernels = Service(
        locations=KernelLocations(stuck, lambda: NOON),
        environments=MemoryEnvironments({}),
        prefixes=MemoryPrefixes(),
        history=MemoryHistory(),
        clock=TickingClock(),
        news=LatestNews(),
        told=Everyone(),
        journal=MemoryJournal(),
        writing=writing(),
    )
    for _ in range(2):
        started = time.monotonic()
        [row] = (await kernels.kernels()).kernels
        assert time.monotonic() - started < 2
        assert (row.kernel_id, row.notebooks, row.prefix) == (*manager.list_kernel_ids(), (), None)
    await stuck.stop()


async def test_a_listing_of_sessions_ends_with_the_server(stuck):
    await stuck.facts("k")
    await stuck.stop()
    assert asyncio.all_tasks() == {asyncio.current_task()}


def test_a_zombie_is_dead():
    with subprocess.Popen(["sleep", "60"]) as process:
        assert processes.is_alive(process.pid)
        process.send_signal(signal.SIGKILL)
        os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOWAIT)
        assert not processes.is_alive(process.pid)
    assert not processes.is_alive(process.pid)


LISTEN = """\
import socket, sys
listener = socket.create_server(("127.0.0.1", 0))
print(listener.getsockname()[1], flush=True)
sys.stdin.read()
"""


@pytest.fixture
def listener():
    """Starts a python that listens under any name, and gives its pid and port."""
    started = []

    def listen(
        executable: str, name: str, *arguments: str, script: str = LISTEN, **variables: str
    ) -> tuple[int, int]:
        process = subprocess.Popen(
            [name, "-c", script, *arguments],
            executable=executable,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env={"PATH": "/usr/bin:/bin", **variables},
        )
        started.append(process)
        return process.pid, int(process.stdout.readline())

    yield listen
    for process in started:
        process.communicate(timeout=10)


BASE_PYTHON = os.path.realpath(sys.executable)


def test_a_process_that_calls_itself_something_else_is_known_by_its_executable(listener, env):
    pid, port = listener(BASE_PYTHON, str(env / "bin/python"))
    assert processes.listening(pid, port).prefix.path == sys.base_prefix


def test_a_bare_name_is_looked_up_in_the_path_of_the_process(listener):
    pid, port = listener(sys.executable, "python", PATH=f"{sys.prefix}/bin:/usr/bin")
    assert processes.listening(pid, port).prefix.path == sys.prefix


def test_another_port_of_the_process_is_not_the_kernels(listener):
    pid, port = listener(BASE_PYTHON, BASE_PYTHON)
    assert processes.listening(pid, port).pid == pid
    assert processes.listening(pid, port + 1) is None


MAPPING = """\
import mmap, sys
files = [open(path, "rb") for path in sys.argv[1:]]
mapped = [mmap.mmap(file.fileno(), 0, prot=mmap.PROT_READ) for file in files]
"""


@pytest.fixture
def maps(listener, tmp_path):
    """Starts a python outside any environment that has these files in memory."""
    program = tmp_path / "program"
    shutil.copy2(BASE_PYTHON, program)

    def start(*files: Path) -> processes.Sight:
        for file in files:
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text("compiled")
        script = MAPPING + LISTEN
        pid, port = listener(
            str(program), str(program), *map(str, files), script=script, PYTHONHOME=sys.base_prefix
        )
        return processes.listening(pid, port)

    return start


@pytest.mark.usefixtures("other")
@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="only Linux tells what is mapped")
@pytest.mark.parametrize(
    ("files", "is_found"),
    [
        (["env/lib/python3.11/site-packages/zmq/x.so"], True),
        (["env/lib/python3/dist-packages/x.so"], True),
        (["env/lib64/pypy3.10/site-packages/x.so", "env/lib/python3.11/site-packages/y.so"], True),
        (["env/lib/python3.13t/site-packages/nested/lib/python3.9/site-packages/x.so"], True),
        (["env/lib/python3.11/site-packages/x.so", "user/lib/python3.11/site-packages/x.so"], True),
        (["env/lib/python3.11/site-packages/x.so", "other/lib/python3.11/site-packages/x"], False),
        (["env/lib/python3.11/lib-dynload/x.so"], False),
        (["env/lib/R/site-packages/x.so"], False),
        (["user/lib/python3.11/site-packages/x.so"], False),
        ([], False),
    ],
)
def test_a_process_outside_any_environment_is_in_the_only_one_that_it_has_modules_of(
    maps, env, tmp_path, files, is_found
):
    sight = maps(*(tmp_path / file for file in files))
    assert (sight.prefix, sight.python) == (None, False)
    assert (sight.mapped and sight.mapped.path) == (str(env) if is_found else None)


def test_a_process_that_is_gone_does_not_listen():
    with subprocess.Popen(["true"]) as process:
        pass
    assert processes.listening(process.pid, 1) is None


@pytest.mark.parametrize(
    "spec",
    [
        KernelSpec(argv=["/x\0y/python", *MODULE], language="python"),
        KernelSpec(argv=["x\0y", *MODULE], language="python"),
        KernelSpec(argv=["python9", *MODULE], language="python", env={"PATH": 5}),
        KernelSpec(argv=[], language="python", metadata={"conda_env_path": "/x\0y"}),
        KernelSpec(argv=[], language="python", metadata={"conda_env_path": 5}),
    ],
    ids=["a NUL in a path", "a NUL in a name", "a number for PATH", "a NUL", "a number"],
)
def test_an_odd_kernelspec_names_nothing(spec):
    assert _named(spec) == []
