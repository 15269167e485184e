"""A secret in any place that is read of a prefix is in nothing that is made of it."""

from __future__ import annotations

import base64
import json
import os
import secrets
from urllib.parse import quote

import msgspec
import pytest

from jupyter_envsnap.adapters.environments import PrefixReader
from jupyter_envsnap.core import findings as codes
from jupyter_envsnap.core.documents import formats, write, write_as_conda
from jupyter_envsnap.core.documents.format import AS_CONDA
from jupyter_envsnap.core.model import Environment, Prefix
from jupyter_envsnap.core.sidecar import sidecar
from jupyter_envsnap.core.wire import DocumentQuery
from tests.adapters.prefix_builder import SITE, CondaPrefix, direct_url

GIT = {"vcs_info": {"vcs": "git", "commit_id": "9f3c"}}
ADDRESSES = {
    "a user and a password": "https://me:{s}@h.example/c",
    "a user alone": "https://{s}@h.example/c",
    "a token of a channel": "https://h.example/t/{s}/c",
    "a parameter": "https://h.example/c?token={s}",
    "a fragment": "https://h.example/c#access_token={s}",
    "a parameter of a folder": "https://h.example/c;token={s}/d",
    "a token without a scheme": "h.example/t/{s}/c",
    "a user without a scheme": "me:{s}@h.example/c",
}


def _pip(prefix, url):
    settings = f"[global]\nindex-url = {url}\nextra-index-url = {url}\n"
    prefix.write("pip.conf", f"{settings}[install]\nfind-links = {url}\n")
    prefix.dist("acme", "1.0+internal")


def _requires(prefix, url):
    text = f"Name: acme\nVersion: 1\nRequires-Dist: x @ {url}\n"
    prefix.dist("acme", METADATA=text)
    prefix.write(f"{SITE}/old-1.0.egg-info/PKG-INFO", "Name: old\nVersion: 1.0\n")
    prefix.write(f"{SITE}/old-1.0.egg-info/requires.txt", f"x @ {url}\n[a:{url}]\ny\n")


def _history(prefix, url):
    prefix.record("acme")
    specs = f"# cmd: conda install {url}::acme\n# update specs: ['{url}::acme']\n"
    prefix.write("conda-meta/history", f"==> 2026-01-02 12:00:00 <==\n{specs}")


def _vcs(**info):
    return direct_url("https://h/r", vcs_info={"vcs": "git", "commit_id": "9f3c", **info})


def _archive(**info):
    return direct_url("https://h/a.zip", archive_info=info)


PLACES = {
    "a channel": lambda p, u: p.record("acme", base=u),
    "a request": lambda p, u: p.record("acme", requested_spec=f"{u}::acme", depends=[f"{u}::x"]),
    "requests": lambda p, u: p.record("acme", requested_specs=[f"{u}::acme", "acme"]),
    "the history": _history,
    "a pin": lambda p, u: p.write("conda-meta/pinned", f"{u}::acme 1.*\n"),
    "a variable": lambda p, u: p.write("conda-meta/state", json.dumps({"env_vars": {"X": u}})),
    "an archive": lambda p, u: p.dist("acme", direct_url_json=direct_url(u, archive_info={})),
    "a repository": lambda p, u: p.dist("acme", direct_url_json=direct_url(u, **GIT)),
    "a folder in it": lambda p, u: p.dist(
        "acme", direct_url_json=direct_url("https://h/r", **GIT, subdirectory=u)
    ),
    "a branch": lambda p, u: p.dist("acme", direct_url_json=_vcs(requested_revision=u)),
    "a commit": lambda p, u: p.dist("acme", direct_url_json=_vcs(commit_id=u)),
    "a kind of repository": lambda p, u: p.dist("acme", direct_url_json=_vcs(vcs=u)),
    "a hash": lambda p, u: p.dist("acme", direct_url_json=_archive(hash=f"sha256={u}")),
    "hashes": lambda p, u: p.dist("acme", direct_url_json=_archive(hashes={"sha256": u, u: "0"})),
    "a requirement": _requires,
    "pip's configuration": _pip,
}


def forms(secret: str) -> list[str]:
    """The secret as it might be written."""
    raw = secret.encode()
    encoded = [base64.b64encode(raw[n:]).decode().strip("=")[2:-2] for n in range(3)]
    return [secret, quote(secret, safe=""), *encoded, raw.hex()]


def texts(environment: Environment) -> list[str]:
    """Everything that is made of it."""
    queries = [
        DocumentQuery(format=form.name, profile=profile.name)
        for form in formats().formats
        for profile in form.profiles
        if profile.name != AS_CONDA.name
    ]
    documents = [write(environment, query) for query in queries]
    told = [finding.message for document in documents for finding in document.findings]
    return [
        *(document.text for document in documents),
        *(*told, sidecar(environment), repr(environment)),
        msgspec.json.encode(environment).decode(),
    ]


@pytest.mark.parametrize("address", ADDRESSES.values(), ids=list(ADDRESSES))
@pytest.mark.parametrize("plant", PLACES.values(), ids=list(PLACES))
async def test_no_secret_of_a_prefix_is_in_anything_made_of_it(tmp_path, plant, address):
    secret = secrets.token_hex(12) + "-Aa9"
    prefix = CondaPrefix(tmp_path / "env")
    plant(prefix, address.format(s=secret))
    reader = PrefixReader(environ={}, home=tmp_path / "no-home")
    made = await reader.read(Prefix(path=str(prefix.root), kind="conda"))
    everything = "\n".join(texts(made))
    assert [form for form in forms(secret) if form in everything] == []
    assert "acme" in everything or made.pins or plant is PLACES["a variable"]


@pytest.mark.parametrize("address", ADDRESSES.values(), ids=list(ADDRESSES))
@pytest.mark.parametrize("plant", PLACES.values(), ids=list(PLACES))
async def test_no_secret_of_a_prefix_is_in_what_conda_would_print(tmp_path, plant, address):
    secret = secrets.token_hex(12) + "-Aa9"
    prefix = CondaPrefix(tmp_path / "env")
    plant(prefix, address.format(s=secret))
    reader = PrefixReader(environ={}, home=tmp_path / "no-home")
    view = await reader.as_conda(Prefix(path=str(prefix.root), kind="conda"))
    queries = [
        DocumentQuery(profile=AS_CONDA.name, format=form.name, from_history=history)
        for form in formats().formats
        for history in (False, True)
        if form.name != "explicit" or not view.pip
    ]
    everything = "\n".join([repr(view), *(write_as_conda(view, q).text for q in queries)])
    assert [form for form in forms(secret) if form in everything] == []


@pytest.mark.parametrize(
    "variable", ["PIP_INDEX_URL", "PIP_EXTRA_INDEX_URL", "PIP_FIND_LINKS", "JUPYTER_IMAGE"]
)
@pytest.mark.parametrize("address", ADDRESSES.values(), ids=list(ADDRESSES))
async def test_no_secret_around_a_prefix_is_in_anything_made_of_it(tmp_path, variable, address):
    secret = secrets.token_hex(12) + "-Aa9"
    prefix = CondaPrefix(tmp_path / "env")
    prefix.dist("acme", "1.0+internal")
    environ = {"PIP_CONFIG_FILE": os.devnull, variable: address.format(s=secret)}
    reader = PrefixReader(environ=environ, home=tmp_path / "no-home")
    made = await reader.read(Prefix(path=str(prefix.root), kind="conda"))
    everything = "\n".join(texts(made))
    assert [form for form in forms(secret) if form in everything] == []
    assert "h.example" in everything
    told = {finding.code for finding in made.findings}
    assert (codes.CREDENTIALS_REMOVED in told) == (variable != "JUPYTER_IMAGE")
