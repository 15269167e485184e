from __future__ import annotations

import json
import os
import stat
import subprocess
import sys
from pathlib import Path

import msgspec
import pytest

from jupyter_envsnap.cli import main
from jupyter_envsnap.core.model import Environment
from tests.conda_fixture import ONLY_HERE

# Buffered, as users run it: only then is something left to flush at exit.
BUFFERED = {name: value for name, value in os.environ.items() if name != "PYTHONUNBUFFERED"}
COMMAND = (sys.executable, "-m", "jupyter_envsnap.cli")


def run(*argv: str, capsysbinary) -> tuple[int, bytes, str]:
    with pytest.raises(SystemExit) as ended:
        main(["export", *argv])
    out, err = capsysbinary.readouterr()
    return ended.value.code, out, err.decode()


@pytest.fixture
def export(capsysbinary):
    return lambda *argv: run(*argv, capsysbinary=capsysbinary)


def write_kernelspec(folder: Path, name: str, argv: list[str]) -> None:
    spec = {"argv": argv, "display_name": name, "language": "python"}
    (folder / "kernels" / name).mkdir(parents=True)
    (folder / "kernels" / name / "kernel.json").write_text(json.dumps(spec))


def test_a_conda_environment_is_written_as_yaml(export, conda_env):
    status, out, err = export("--prefix", str(conda_env))
    assert (status, err) == (0, "")
    assert ONLY_HERE in out.decode()
    assert out.startswith(b"# envsnap: profile=versions\nname: climate\n")


def test_a_venv_is_written_as_yaml(export, venv):
    status, out, _ = export("--prefix", str(venv))
    assert status == 0
    assert b"tiny==1.0" in out


def test_without_a_target_it_is_the_environment_it_runs_in(export, venv):
    _, here, _ = export()
    _, there, _ = export("--prefix", sys.prefix)
    _, other, _ = export("--prefix", str(venv))
    assert here == there != other


def test_a_relative_prefix_is_taken_from_the_current_folder(export, venv, monkeypatch):
    monkeypatch.chdir(venv.parent)
    assert b"tiny==1.0" in export("--prefix", venv.name)[1]


def test_json_is_the_environment(export, venv):
    status, out, _ = export("--prefix", str(venv), "--json")
    environment = msgspec.json.decode(out, type=Environment)
    assert status == 0
    assert [(p.name, p.version) for p in environment.pypi] == [("tiny", "1.0")]
    assert environment.kind == "venv"


def test_an_installed_kernel_stands_for_its_environment(
    export, climate_jupyter_path, conda_env, monkeypatch
):
    monkeypatch.setenv("JUPYTER_PATH", str(climate_jupyter_path))
    status, out, _ = export("--kernel", "climate")
    assert (status, out) == (0, export("--prefix", str(conda_env))[1])


@pytest.mark.parametrize(
    ("argv", "code", "words"),
    [
        (["--prefix", "MISSING"], "prefix-missing", "There is no folder"),
        (["--prefix", "EMPTY"], "not-an-environment", "conda-meta"),
        (["--prefix", "FILE"], "not-an-environment", "FILE"),
        (["--format", "docx"], "format-unknown", "environment-yaml"),
        (["--profile", "vague"], "profile-unknown", "versions"),
        (["--kernel", "nope"], "kernel-not-found", "Installed: "),
        (["--kernel", "broken"], "kernel-not-found", "cannot be read"),
        (["--kernel", "wrapped"], "kernel-without-environment", "--kernel-id"),
        (["--kernel-id", "nope"], "kernel-not-found", "No Jupyter server"),
        (["--prefix", "SMALL", "-o", "EMPTY"], "target-refused", "Is a directory"),
        (["--prefix", "SMALL", "-o", "MISSING/file.yml"], "target-refused", "No such file"),
        (["--prefix", "SMALL", "-o", "FILE/file.yml"], "target-refused", "Not a directory"),
        (["--prefix", "SMALL", "-o", "/dev/full"], "target-no-space", "No space left"),
        (["--unknown"], "bad-usage", "--unknown"),
        (["--prefix", "EMPTY", "--kernel", "python3"], "bad-usage", "not allowed with"),
    ],
)
def test_what_cannot_be_done_is_one_line_with_a_code_and_exit_2(  # noqa: PLR0917
    export, venv, tmp_path, monkeypatch, argv, code, words
):
    monkeypatch.chdir(tmp_path)
    Path("SMALL").symlink_to(venv)
    Path("EMPTY").mkdir()
    Path("FILE").write_text("")
    jupyter = tmp_path / "jupyter"
    write_kernelspec(jupyter, "wrapped", ["/bin/sh", "-c", "start it elsewhere"])
    write_kernelspec(jupyter, "broken", [])
    (jupyter / "kernels" / "broken" / "kernel.json").write_text("{")
    monkeypatch.setenv("JUPYTER_PATH", str(jupyter))
    monkeypatch.setenv("JUPYTER_RUNTIME_DIR", str(tmp_path / "runtime"))
    status, out, err = export(*argv)
    line, *hint = err.splitlines()
    assert (status, out) == (2, b"")
    assert line.startswith("envsnap: ")
    assert line.endswith(f" [{code}]")
    assert words in line
    assert hint == (["envsnap: Try: jupyter envsnap export --help"] if code == "bad-usage" else [])


def test_findings_are_told_beside_the_document(export, venv, tmp_path):
    prefix = tmp_path / "copy"
    subprocess.run(["cp", "-a", str(venv), str(prefix)], check=True)
    (info,) = prefix.glob("lib/python*/site-packages/*.dist-info")
    direct = {"url": "file:///src/tiny", "dir_info": {"editable": True}}
    (info / "direct_url.json").write_text(json.dumps(direct))
    status, out, err = export("--prefix", str(prefix))
    assert status == 0
    assert b"\nenvsnap:" not in out
    assert "[editable-install]" in err


def test_a_file_is_written_whole_and_said_so(export, venv, tmp_path):
    target = tmp_path / "environment.yml"
    status, out, err = export("--prefix", str(venv), "-o", str(target))
    assert (status, out) == (0, b"")
    assert err == f"envsnap: wrote {target}: 0 conda, 1 PyPI packages\n"
    assert target.read_bytes() == export("--prefix", str(venv))[1]
    assert list(tmp_path.iterdir()) == [target]
    umask = os.umask(0)
    os.umask(umask)
    assert stat.S_IMODE(target.stat().st_mode) == 0o666 & ~umask


def test_a_link_stays_a_link_and_a_file_keeps_its_mode(export, venv, tmp_path):
    target, link = tmp_path / "real.yml", tmp_path / "link.yml"
    target.write_text("before")
    target.chmod(0o640)
    link.symlink_to(target)
    assert export("--prefix", str(venv), "-o", str(link))[0] == 0
    assert link.is_symlink()
    assert b"tiny" in target.read_bytes()
    assert stat.S_IMODE(target.stat().st_mode) == 0o640


def test_a_failed_export_leaves_the_file_as_it_was(export, tmp_path):
    target = tmp_path / "environment.yml"
    target.write_text("before")
    assert export("--prefix", str(tmp_path / "nope"), "-o", str(target))[0] == 2
    assert target.read_text() == "before"
    assert list(tmp_path.iterdir()) == [target]


@pytest.mark.parametrize("target", ["-", "/dev/stdout"])
def test_standard_output_can_be_named_as_the_file(venv, target):
    done = subprocess.run(
        [*COMMAND, "export", "--prefix", venv, "-o", target],
        capture_output=True,
        check=False,
        timeout=60,
    )
    assert done.returncode == 0
    assert b"tiny==1.0" in done.stdout


def test_utf_8_and_lf_are_written_whatever_the_locale(conda_env, tmp_path):
    prefix = tmp_path / "größe"
    prefix.mkdir()
    (prefix / "conda-meta").symlink_to(conda_env / "conda-meta")
    done = subprocess.run(
        [*COMMAND, "export", "--json", "--prefix", prefix],
        env={**os.environ, "LC_ALL": "C", "PYTHONIOENCODING": "ascii"},
        capture_output=True,
        check=False,
        timeout=60,
    )
    assert (done.returncode, done.stderr) == (0, b"")
    assert msgspec.json.decode(done.stdout, type=Environment).name == "größe"


@pytest.mark.parametrize(
    ("redirection", "status", "words"),
    [
        (">&-", 2, "nowhere to write to. [save-failed]"),
        (">/dev/full", 2, "No space left on device. [target-no-space]"),
        ("2>&- >/dev/null", 0, ""),
    ],
)
def test_an_odd_standard_output_makes_no_traceback(venv, redirection, status, words):
    line = f'{sys.executable} -m jupyter_envsnap.cli export --prefix "{venv}" {redirection}'
    done = subprocess.run(
        ["bash", "-c", line],
        env=BUFFERED,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert done.returncode == status
    assert words in done.stderr
    assert done.stderr.count("\n") == (1 if words else 0)


@pytest.mark.parametrize("argv", [["--json"], [], ["--help"]])
def test_a_reader_who_has_seen_enough_ends_it_quietly(conda_env, argv):
    reader, writer = os.pipe()
    os.close(reader)
    try:
        done = subprocess.run(
            [*COMMAND, "export", "--prefix", conda_env, *argv],
            env=BUFFERED,
            stdout=writer,
            stderr=subprocess.PIPE,
            check=False,
            timeout=60,
        )
    finally:
        os.close(writer)
    assert (done.returncode, done.stderr) == (0, b"")


def test_a_file_that_could_not_be_written_whole_leaves_nothing_behind(venv, tmp_path):
    target = tmp_path / "environment.yml"
    target.write_text("before")
    line = f'{sys.executable} -m jupyter_envsnap.cli export --prefix "{venv}" -o "{target}"'
    done = subprocess.run(
        ["bash", "-c", f"ulimit -f 0; {line}"], capture_output=True, check=False, timeout=60
    )
    assert done.returncode == 2
    assert b"File too large. [save-failed]" in done.stderr
    assert target.read_text() == "before"
    assert list(tmp_path.iterdir()) == [target]


def test_a_message_is_never_taken_for_the_document(venv, tmp_path):
    line = f'{sys.executable} -m jupyter_envsnap.cli export --prefix "{venv}" -o "{tmp_path}/x"'
    done = subprocess.run(["bash", "-c", f"{line} 2>&-"], stdout=-1, check=True, timeout=60)
    assert done.stdout == b""


def test_a_prefix_is_read_without_loading_jupyter(venv):
    script = (
        "import sys\n"
        "from jupyter_envsnap.cli import main\n"
        "try: main()\n"
        "except SystemExit: pass\n"
        "heavy = {'jupyter_server', 'jupyter_client', 'tornado', 'traitlets', 'psutil'}\n"
        "assert not heavy & set(sys.modules), heavy & set(sys.modules)\n"
    )
    subprocess.run(
        [sys.executable, "-c", script, "export", "--prefix", venv],
        check=True,
        stdout=subprocess.DEVNULL,
        timeout=60,
    )


def test_a_current_folder_that_is_gone_is_told(tmp_path):
    gone = tmp_path / "gone"
    gone.mkdir()
    script = f"import os; os.rmdir({str(gone)!r}); from jupyter_envsnap.cli import main; main()"
    done = subprocess.run(
        [sys.executable, "-c", script, "export", "--prefix", "x"],
        cwd=gone,
        env={**BUFFERED, "PYTHONPATH": str(Path(__file__).parents[2])},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert (done.returncode, done.stdout) == (2, "")
    assert "[prefix-missing]" in done.stderr


def test_bad_usage_that_nobody_can_be_told_of_still_exits_with_2():
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(
            [*COMMAND, "export", "--bogus"], stderr=full, env=BUFFERED, timeout=60, check=False
        )
    assert done.returncode == 2


def test_a_link_in_a_circle_stays(export, venv, tmp_path):
    loop = tmp_path / "loop.yml"
    loop.symlink_to("loop.yml")
    status, _, err = export("--prefix", str(venv), "-o", str(loop))
    assert (status, loop.is_symlink()) == (2, True)
    assert "was not written" in err


def test_an_error_of_ours_does_not_look_like_a_difference(export, monkeypatch):
    def fail(*_):
        raise ZeroDivisionError

    monkeypatch.setattr("jupyter_envsnap.cli.export.run", fail)
    status, _, err = export()
    assert status == 2
    assert "ZeroDivisionError" in err
