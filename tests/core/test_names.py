from __future__ import annotations

import pytest

from jupyter_envsnap.core import names


@pytest.mark.parametrize(
    ("written", "canonical"),
    [
        ("https://conda.anaconda.org/conda-forge/linux-64", "conda-forge"),
        ("https://conda.anaconda.org/conda-forge", "conda-forge"),
        ("conda-forge/noarch", "conda-forge"),
        ("conda-forge", "conda-forge"),
        ("https://conda.anaconda.org/acme/label/dev/noarch", "acme/label/dev"),
        ("https://conda.anaconda.org/t/tk-1/acme/linux-64", "acme"),
        ("https://repo.anaconda.com/pkgs/main/linux-64", "defaults"),
        ("https://repo.anaconda.com/pkgs/r", "defaults"),
        ("pkgs/msys2", "defaults"),
        ("https://repo.anaconda.com/pkgs/free/linux-64", "https://repo.anaconda.com/pkgs/free"),
        (
            "https://me:pw@corp.example:8443/conda/team/noarch",
            "https://corp.example:8443/conda/team",
        ),
        ("https://corp.example/t/tk-1", "https://corp.example"),
        ("file:///srv/channels/local/osx-arm64", "file:///srv/channels/local"),
        ("https://prefix.dev/my-linux-tools", "https://prefix.dev/my-linux-tools"),
        ("<unknown>", ""),
        ("", ""),
    ],
)
def test_a_channel_has_one_name_without_credentials(written, canonical):
    assert names.channel(written) == canonical


@pytest.mark.parametrize(
    ("path", "kind", "name"),
    [
        ("/home/me/envs/climate", "conda", "climate"),
        ("/home/me/project/.venv", "venv", "project"),
        ("/home/me/project/venv", "venv", "project"),
        ("/home/me/project/.pixi/envs/default", "conda", "project"),
        ("/home/me/project/.pixi/envs/gpu", "conda", "gpu"),
        ("/home/me/my env: #1", "conda", "my-env-1"),
        ("/home/me/-x", "conda", "x"),
        ("/usr", "system", "system"),
        ("/", "venv", "environment"),
        ("/.venv", "venv", "environment"),
    ],
)
def test_an_environment_is_named_by_a_plain_word(path, kind, name):
    assert names.environment(path, kind=kind) == name


def test_the_root_prefix_is_base():
    assert names.environment("/opt/conda", kind="conda", is_root=True) == "base"


@pytest.mark.parametrize(
    ("written", "normalised"),
    [("Mixed.Case_Pkg", "mixed-case-pkg"), ("a__b--c", "a-b-c"), ("-x", None), ("a b", None)],
)
def test_pypi_names_are_normalised(written, normalised):
    assert names.pypi(written) == normalised
