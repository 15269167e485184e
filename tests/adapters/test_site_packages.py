from __future__ import annotations

import json
import os

import pytest

from jupyter_envsnap.adapters import prefix_files, site_packages
from jupyter_envsnap.core.model import ArchiveSource, LocalSource, VcsSource
from tests.adapters.prefix_builder import SITE, CondaPrefix, direct_url


@pytest.fixture
def prefix(tmp_path):
    return CondaPrefix(tmp_path / "env")


def read(prefix: CondaPrefix, path: str) -> site_packages.Found:
    stamp = prefix_files.stamp(str(prefix.root / path))
    assert stamp is not None
    return site_packages.read(str(prefix.root), path, stamp, place=0)


def package(prefix: CondaPrefix, path: str):
    return read(prefix, path).distribution.package


def test_name_version_installer_and_request_are_read(prefix):
    folder = prefix.dist("Mixed.Case_Pkg", "2.0", INSTALLER="uv\n", REQUESTED="")
    found = package(prefix, f"{SITE}/{folder.name}")
    assert (found.name, found.version) == ("mixed-case-pkg", "2.0")
    assert (found.installer, found.requested, found.source) == ("uv", True, None)


@pytest.mark.parametrize(
    ("url", "source", "cleaned"),
    [
        (
            direct_url(
                "https://me:pw@h/r.git",
                vcs_info={"vcs": "git", "commit_id": "9f3c", "requested_revision": "main"},
                subdirectory="python",
            ),
            VcsSource(
                vcs="git",
                url="https://h/r.git",
                commit="9f3c",
                revision="main",
                subdirectory="python",
            ),
            True,
        ),
        (
            direct_url("ssh://git@h/r.git", vcs_info={"vcs": "git", "commit_id": "9f3c"}),
            VcsSource(vcs="git", url="ssh://git@h/r.git", commit="9f3c"),
            False,
        ),
        (
            direct_url("https://h/a.tar.gz", archive_info={"hash": "sha256=1"}),
            ArchiveSource(url="https://h/a.tar.gz", hashes=("sha256=1",)),
            False,
        ),
        (
            direct_url(
                "https://h/a.whl?token=pw", archive_info={"hashes": {"sha256": "1", "md5": "0"}}
            ),
            ArchiveSource(url="https://h/a.whl", hashes=("md5=0", "sha256=1")),
            True,
        ),
        (
            direct_url("file:///home/me/my%20src", dir_info={"editable": True}),
            LocalSource(path="/home/me/my src", editable=True),
            False,
        ),
        (
            direct_url("file:///home/me/a.whl", archive_info={}),
            LocalSource(path="/home/me/a.whl"),
            False,
        ),
        (
            direct_url("file:///home/me/repo", vcs_info={"vcs": "git", "commit_id": "9f3c"}),
            LocalSource(path="/home/me/repo"),
            False,
        ),
        (
            direct_url("file:///C:/src", dir_info={}),
            LocalSource(path="C:/src"),
            False,
        ),
    ],
)
def test_the_source_of_a_direct_install_is_kept_without_credentials(prefix, url, source, cleaned):
    folder = prefix.dist("acme", direct_url_json=url)
    found = read(prefix, f"{SITE}/{folder.name}").distribution
    assert (found.package.source, found.credentials_removed) == (source, cleaned)


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        *((same, same) for same in ("lib@1.2.3", "@scope/pkg@2.0.1", "feature/t/x", "fix#12")),
        ("wip-ghp_0123456789abcdefghij", "wip-"),
    ],
)
def test_a_revision_is_no_address(prefix, written, kept):
    vcs = {"vcs": "git", "commit_id": "9f3c", "requested_revision": written}
    folder = prefix.dist("acme", direct_url_json=direct_url("https://h/r.git", vcs_info=vcs))
    found = read(prefix, f"{SITE}/{folder.name}").distribution
    assert (found.package.source.revision, found.credentials_removed) == (kept, kept != written)


@pytest.mark.parametrize("text", ["", "{", "[]", '{"url": 7}', "\udcff"])
def test_a_damaged_source_is_told(prefix, text):
    folder = prefix.dist("acme")
    prefix.write(f"{SITE}/{folder.name}/direct_url.json", text.encode(errors="surrogateescape"))
    found = read(prefix, f"{SITE}/{folder.name}")
    assert found.distribution.package.source is None
    assert [f.path for f in found.findings] == [f"{SITE}/{folder.name}/direct_url.json"]


@pytest.mark.parametrize(
    "metadata",
    [
        None,
        b"",
        b"\xff\xfe\x00",
        b"Name: caf\xe9\nVersion: 1\xe9\n",
        b"Name: \nVersion: \n",
        b"Summary: none\n\nName: other\nVersion: 9\n",
        b"Name: acme-x\nVersion: 1.5; rm\n",
    ],
)
def test_without_usable_metadata_the_folder_tells(prefix, metadata):
    folder = prefix.dist("acme-x", "1.5")
    if metadata is None:
        (folder / "METADATA").unlink()
    else:
        (folder / "METADATA").write_bytes(metadata)
    found = package(prefix, f"{SITE}/{folder.name}")
    assert (found.name, found.version) == ("acme-x", "1.5")


def test_a_long_header_is_read_to_its_end(prefix):
    head = "".join(f"Classifier: {n:0100}\n" for n in range(100))
    folder = prefix.dist("acme", METADATA=f"{head}Name: other\nVersion: 9\n\nText\n")
    found = package(prefix, f"{SITE}/{folder.name}")
    assert (found.name, found.version) == ("other", "9")


def test_the_rest_of_an_uninstalled_package_is_not_one(prefix):
    (prefix.site / "gone-1.0.dist-info").mkdir()
    with pytest.raises(site_packages.Unnamed):
        read(prefix, f"{SITE}/gone-1.0.dist-info")


@pytest.mark.parametrize("path", ["old-1.0-py3.12.egg-info", "old-1.0-py3.12.egg-info/PKG-INFO"])
def test_egg_info_may_be_a_file_or_a_folder(prefix, path):
    prefix.write(f"{SITE}/{path}", "Metadata-Version: 1.0\nName: old\nVersion: 1.0\n")
    found = package(prefix, f"{SITE}/old-1.0-py3.12.egg-info")
    assert (found.name, found.version) == ("old", "1.0")


def test_egg_info_without_metadata_is_named_by_its_folder(prefix):
    prefix.write(f"{SITE}/old_x-1.0-py3.12.egg-info", b"\xff")
    found = package(prefix, f"{SITE}/old_x-1.0-py3.12.egg-info")
    assert (found.name, found.version) == ("old-x", "1.0")


def test_an_egg_link_is_an_editable_install(prefix, tmp_path):
    info = tmp_path / "src" / "dev_pkg.egg-info"
    info.mkdir(parents=True)
    (info / "PKG-INFO").write_text("Name: dev-pkg\nVersion: 0.9\n")
    prefix.write(f"{SITE}/dev-pkg.egg-link", f"{tmp_path / 'src'}\n.")
    found = package(prefix, f"{SITE}/dev-pkg.egg-link")
    assert (found.name, found.version) == ("dev-pkg", "0.9")
    assert found.source == LocalSource(path=str(tmp_path / "src"), editable=True)


@pytest.mark.parametrize("text", ["", "relative\n.", "/does/not/exist\n."])
def test_an_egg_link_to_nowhere_is_told(prefix, text):
    prefix.write(f"{SITE}/dev.egg-link", text)
    with pytest.raises((site_packages.Unnamed, OSError)):
        read(prefix, f"{SITE}/dev.egg-link")


def test_a_fifo_is_never_waited_for(prefix):
    folder = prefix.dist("acme")
    for name in ("METADATA", "INSTALLER", "direct_url.json"):
        (folder / name).unlink(missing_ok=True)
        os.mkfifo(folder / name)
    found = read(prefix, f"{SITE}/{folder.name}")
    assert found.distribution.package.name == "acme"
    assert json.loads(json.dumps([f.code for f in found.findings])) == ["not-captured"]


def test_what_it_requires_is_kept_as_written_without_credentials(prefix):
    requires = (
        "numpy (>=1.24) ; python_version >= '3.9'",
        "acme @ https://me:pw@h/acme.whl",
        "torch[extra]>=2;\n        extra == 'gpu'",
    )
    lines = "".join(f"Requires-Dist: {text}\n" for text in requires)
    folder = prefix.dist("x", METADATA=f"Name: x\nVersion: 1\n{lines}\nRequires-Dist: no\n")
    found = read(prefix, f"{SITE}/{folder.name}").distribution
    assert found.package.requires == (
        "numpy (>=1.24) ; python_version >= '3.9'",
        "acme @ https://h/acme.whl",
        "torch[extra]>=2; extra == 'gpu'",
    )
    assert found.credentials_removed


def test_requirements_behind_a_long_header_are_read(prefix):
    head = "".join(f"Requires-Dist: package-{n:0100}\n" for n in range(300))
    folder = prefix.dist("acme", METADATA=f"Name: acme\nVersion: 1\n{head}\nText\n")
    assert len(package(prefix, f"{SITE}/{folder.name}").requires) == 300


def test_the_older_file_of_requirements_is_read_with_its_conditions(prefix):
    info = f"{SITE}/old-1.0-py3.12.egg-info"
    prefix.write(f"{info}/PKG-INFO", "Name: old\nVersion: 1.0\n")
    prefix.write(
        f"{info}/requires.txt",
        "a>=1\nx @ https://me:pw@h/x.whl\n\n[:python_version < '3.9']\nb\n\n"
        "[fast]\nc[d]\n\n[fast:os_name == 'nt' or 1]\ne\n",
    )
    found = read(prefix, info).distribution
    assert found.package.requires == (
        *("a>=1", "x @ https://h/x.whl", "b ; (python_version < '3.9')"),
        *('c[d] ; extra == "fast"', "e ; (os_name == 'nt' or 1) and extra == \"fast\""),
    )
    assert found.credentials_removed


def test_an_egg_link_leads_to_the_top_of_the_project(prefix, tmp_path):
    info = tmp_path / "project" / "src" / "dev.egg-info"
    info.mkdir(parents=True)
    (info / "PKG-INFO").write_text("Name: dev\nVersion: 0.9\n")
    (info / "requires.txt").write_text("numpy\n")
    prefix.write(f"{SITE}/dev.egg-link", f"{tmp_path}/project/src\n../")
    found = package(prefix, f"{SITE}/dev.egg-link")
    assert found.source == LocalSource(path=str(tmp_path / "project"), editable=True)
    assert found.requires == ("numpy",)
