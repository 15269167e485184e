"""Secrets in every place, a real server, kernel and repository: nothing that comes out has one."""

from __future__ import annotations

import asyncio
import base64
import json
import os
import secrets
import sqlite3
import subprocess
import sys
import zlib
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote, urlencode

import msgspec
import pytest

from dev.conda_env import own_local_env, write_kernelspec
from jupyter_envsnap.adapters.history import SqliteHistory
from jupyter_envsnap.core.documents import formats
from tests.server.test_end_to_end import SESSION, Server, _git

HOST = "h.example"
# Characters that are written otherwise in addresses are among them.
SECRETS = (
    lambda: secrets.token_hex(12),
    lambda: secrets.token_urlsafe(18).replace("_", "x") + "-Z9",
    lambda: f"pw%{secrets.token_hex(4)}!{secrets.token_hex(6)}",
)


class Plants:
    """Every secret that was planted, by its place."""

    def __init__(self) -> None:
        self.places: dict[str, str] = {}

    def new(self, place: str) -> str:
        """Another secret, as it may stand in an address."""
        make = SECRETS[len(self.places) % len(SECRETS)]
        self.places[place] = make()
        return quote(self.places[place], safe="")

    def plain(self, place: str) -> str:
        self.new(place)
        return self.places[place]

    def urls(self, place: str) -> Iterator[tuple[str, str]]:
        """(word, address) for every form that an address may hold a secret in."""
        forms = {
            "userinfo": "https://me:{s}@h.example/{n}",
            "user": "https://{s}@h.example/{n}",
            "token": "https://h.example/t/{s}/{n}",
            "query": "https://h.example/{n}?access_token={s}",
        }
        for word, form in forms.items():
            name = f"{place.replace(' ', '-')}-{word}"
            yield name, form.format(s=self.new(f"{place}: {word}"), n=name)

    def found_in(self, data: bytes) -> set[str]:
        return {
            place
            for place, secret in self.places.items()
            if any(form in data for form in forms_of(secret))
        }


def forms_of(secret: str) -> list[bytes]:
    raw = secret.encode()
    encoded = [base64.b64encode(raw[n:]).decode().strip("=")[2:-2] for n in range(3)]
    plain = [secret, quote(secret, safe=""), quote(quote(secret, safe="")), *encoded, raw.hex()]
    return [each.encode() for each in plain]


@pytest.fixture(scope="module")
def plants() -> Plants:
    return Plants()


@pytest.fixture(scope="module")
def prefix(tmp_path_factory, plants) -> Path:
    """A conda environment whose kernel runs, with secrets wherever one can sit."""
    prefix = own_local_env(tmp_path_factory.mktemp("envs") / "climate")
    meta = prefix / "conda-meta"
    asked = []
    for number, (name, url) in enumerate((*plants.urls("channel"), *plants.urls("record url"))):
        fn = f"leak{number}-1.0-0.conda"
        channel = url if name.startswith("channel") else "conda-forge"
        record = {
            "name": f"leak{number}",
            "version": "1.0",
            "build": "0",
            "build_number": 0,
            "channel": channel,
            "subdir": "noarch",
            "fn": fn,
            "files": [],
            "url": f"{url}/noarch/{fn}",
            "depends": [f"{url}::python"],
            "requested_spec": f"{url}::leak{number}",
            "requested_specs": [f"{url}::leak{number}"],
        }
        (meta / f"leak{number}-1.0-0.json").write_text(json.dumps(record))
    for _, url in plants.urls("history"):
        asked.append(f"{url}::leak1")
    with (meta / "history").open("a") as history:
        history.write(
            f"==> 2026-01-02 12:00:00 <==\n# cmd: conda install {asked[0]}\n"
            f"# update specs: {asked!r}\n"
        )
    pinned = [f"{url}::leak1 1.*" for _, url in plants.urls("pinned")]
    (meta / "pinned").write_text("\n".join(pinned) + "\n")
    variables = {name.upper().replace("-", "_"): url for name, url in plants.urls("variable")}
    variables |= {"API_TOKEN": plants.plain("variable: by name"), "PGPASSWORD": plants.plain("pg")}
    variables["OPAQUE"] = plants.places["variable: by look"] = secrets.token_urlsafe(40) + "aA1"
    (meta / "state").write_text(json.dumps({"version": 1, "env_vars": variables}))
    [site] = prefix.glob("lib/python3*/site-packages")
    vcs = {"vcs_info": {"vcs": "git", "commit_id": "9f3c2e1"}}
    for name, url in plants.urls("archive"):
        dist(site, name, {"url": f"{url}/a.whl", "archive_info": {}}, f"x @ {url}")
    for name, url in plants.urls("repository"):
        dist(site, name, {"url": url, **vcs}, f"x @ git+{url}")
    lines = [url for _, url in plants.urls("pip configuration")]
    (prefix / "pip.conf").write_text(
        f"[global]\nindex-url = {lines[0]}\nextra-index-url = {lines[1]} {lines[3]}\n"
        f"[install]\nfind-links = {lines[2]}\n"
    )
    checkout = tmp_path_factory.mktemp("checkout")
    _git(checkout, "init", "--quiet")
    for name, url in plants.urls("remote"):
        _git(checkout, "remote", "add", name, url)
    dist(site, "mine", {"url": checkout.as_uri(), "dir_info": {"editable": True}}, "")
    return prefix


def dist(site: Path, name: str, direct: dict[str, object], requires: str) -> None:
    folder = site / f"{name.replace('-', '_')}-1.0+internal.dist-info"
    folder.mkdir()
    line = f"Requires-Dist: {requires}\n" if requires else ""
    (folder / "METADATA").write_text(
        f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0+internal\n{line}"
    )
    (folder / "RECORD").write_text("")
    (folder / "direct_url.json").write_text(json.dumps(direct))


@pytest.fixture(scope="module")
def surroundings(tmp_path_factory, plants) -> dict[str, str]:
    """Environment variables and a conda configuration with secrets."""
    condarc = tmp_path_factory.mktemp("conda") / "condarc"
    channels = [url for _, url in plants.urls("condarc channel")]
    settings = {
        "channels": [*channels, "https://me:${LEAK_TOKEN}@h.example/filled", "mine", "many"],
        "channel_alias": next(plants.urls("alias"))[1],
        "custom_channels": {"mine": next(plants.urls("custom channel"))[1]},
        "custom_multichannels": {"many": [url for _, url in plants.urls("multichannel")]},
        "default_channels": [url for _, url in plants.urls("default channel")],
    }
    condarc.write_text(json.dumps(settings))
    return {
        "CONDARC": str(condarc),
        "LEAK_TOKEN": plants.plain("condarc: filled in"),
        "PIP_TRUSTED_HOST": HOST,
        "CONDA_CHANNELS": ",".join(url for _, url in plants.urls("CONDA_CHANNELS")),
        "JUPYTER_IMAGE": next(plants.urls("image"))[1],
        "PIP_EXTRA_INDEX_URL": " ".join(url for _, url in plants.urls("PIP_EXTRA_INDEX_URL")),
    }


@pytest.fixture
def repository(tmp_path) -> Path:
    top = tmp_path / "root" / "climate-paper"
    (top / "notebooks").mkdir(parents=True)
    _git(top, "init", "--quiet", "--initial-branch=main")
    _git(top, "config", "user.name", "Ada")
    _git(top, "config", "user.email", "ada@example.org")
    (top / "notebooks/a.ipynb").write_text(
        json.dumps({"cells": [], "metadata": {}, "nbformat": 4, "nbformat_minor": 5})
    )
    return top


def queries() -> Iterator[dict[str, object]]:
    for each in formats().formats:
        for profile in each.profiles:
            yield {"format": each.name, "profile": profile.name}
            if profile.name == "conda":
                yield {"format": each.name, "profile": "conda", "from_history": 1}
                yield {"format": each.name, "profile": "conda", "builds": 0, "channels": 0}


@pytest.fixture
def server(tmp_path, prefix, surroundings, repository, monkeypatch) -> Iterator[Server]:
    for name, value in surroundings.items():
        monkeypatch.setenv(name, value)
    write_kernelspec(tmp_path / "kernels", prefix)
    made = Server(tmp_path, repository.parent, tmp_path / "kernels")
    made.wait("api/status", bool)
    yield made
    if made.process.poll() is None:
        made.stop()


def replies(server: Server, prefix: Path, repository: Path) -> Iterator[tuple[str, bytes]]:
    """Whatever the server says while everything is asked of it."""
    out: dict[str, bytes] = {}

    def ask(path: str, body: object = None) -> str:
        status, headers, text = server.ask(path, body)
        out[f"{path} {len(out)}"] = f"{status}\n{headers}\n{text}".encode()
        return text

    kernel_id = json.loads(server.ask("api/sessions", SESSION)[2])["kernel"]["id"]
    server.wait("envsnap/kernels", lambda text: str(prefix) in text)
    kernel = f"envsnap/kernels/{kernel_id}"
    for path in ("envsnap/kernels", f"{kernel}/environment", "envsnap/formats"):
        ask(path)
    ask("envsnap/prefixes")
    for query in queries():
        ask(f"{kernel}/document?{urlencode(query)}")
        ask(f"{kernel}/outline?{urlencode(query)}")
    taken = json.loads(ask("envsnap/snapshots", {"kernel_id": kernel_id, "note": "x"}))
    snapshot = f"envsnap/snapshots/{taken['snapshot']['id']}"
    for path in ("envsnap/snapshots", snapshot, f"{snapshot}/document", f"{kernel}/drift"):
        ask(path)
    # What a killed server would leave behind; a stop puts it away.
    journal = "envsnap/journal/*/*"
    home = repository.parents[1]
    server.wait("envsnap/kernels", lambda _: [*home.rglob(f"{journal}.environment")])
    out |= {str(path): unpacked(path.read_bytes()) for path in home.rglob(journal)}
    (repository / "environment.yml").write_text(
        "channels: [conda-forge]\ndependencies:\n  - python\n  - leak0=0.9\n  - gone\n"
    )
    source = f"kernel:{kernel_id}"
    preview = json.loads(ask("envsnap/save/preview", {"source": source}))
    assert preview["mode"] == "update"
    file = "climate-paper/environment.yml"
    ask(f"envsnap/diff?{urlencode({'before': f'file:{file}', 'after': source})}")
    ask(f"envsnap/diff?{urlencode({'before': snapshot[8:], 'after': source})}")
    for mode in ("update", "replace"):
        request = {"source": source, "mode": mode, "profile": "versions"}
        preview = json.loads(ask("envsnap/save/preview", request))
        request |= {"base_digest": preview["base_digest"]}
        request |= {"commit": {"message": preview["message"]}}
        saved = json.loads(ask("envsnap/save", request))
        assert saved["commit"] is not None
    ask(f"envsnap/diff?{urlencode({'before': f'rev:HEAD~1:{file}', 'after': source})}")
    # And what goes wrong says nothing either.
    for name in ("leak0-1.0-0.json", "leak1-1.0-0.json"):
        record = prefix / "conda-meta" / name
        record.write_text(record.read_text()[:-9])
    ask(f"{kernel}/environment")
    ask(f"{kernel}/document?profile=nonsense")
    yield from out.items()


def test_no_secret_comes_out_of_the_server_or_stays_anywhere(
    tmp_path, plants, prefix, repository, server
):
    out = dict(replies(server, prefix, repository))
    server.stop()
    out["log"] = server.log.read_bytes()
    for path in tmp_path.rglob("*"):
        is_ours = ".git" in path.parts or "envsnap" in str(path)
        if path.is_file() and is_ours | (path.suffix in {".yml", ".sqlite", ".log"}):
            out[str(path)] = path.read_bytes()
    out |= kept(next(tmp_path.rglob("envsnap/history.sqlite")))
    objects = ["cat-file", "--batch-all-objects", "--batch"]
    done = subprocess.run(["git", "-C", repository, *objects], check=True, capture_output=True)
    out["objects of git"] = done.stdout
    assert all(plants.found_in(data) == set() for data in out.values()), {
        name: plants.found_in(data) for name, data in out.items() if plants.found_in(data)
    }
    # They were all there to be found: what stands around each came through.
    everything = b"\n".join(out.values())
    for word in (b"channel-token", b"repository-userinfo", b"archive-query", b"history-query"):
        assert word in everything, word


def kept(database: Path) -> dict[str, bytes]:
    """What the history holds, unpacked."""

    async def read() -> bytes:
        history = SqliteHistory(database)
        with sqlite3.connect(database) as connection:
            ids = [row[0] for row in connection.execute("select id from snapshot")]
        try:
            return msgspec.json.encode([await history.get(each) for each in ids])
        finally:
            await history.close()

    with sqlite3.connect(database) as connection:
        found = connection.execute("select name from sqlite_master where type = 'table'")
        tables = [name for (name,) in found]
        cells = [
            cell
            for table in tables
            for row in connection.execute(f'select * from "{table}"')
            for cell in row
        ]
    blobs = (unpacked(c) if isinstance(c, bytes) else str(c).encode() for c in cells)
    return {"history": asyncio.run(read()), "rows of the history": b"\n".join(blobs)}


def unpacked(data: bytes) -> bytes:
    try:
        return data + zlib.decompress(data)
    except zlib.error:
        return data


def test_no_secret_comes_out_of_the_command_line(
    tmp_path, plants, prefix, surroundings, repository
):
    def run(*arguments: object) -> bytes:
        done = subprocess.run(
            [sys.executable, "-m", "jupyter_envsnap.cli", *map(str, arguments)],
            cwd=repository,
            env={**os.environ, **surroundings, "PYTHONPATH": str(Path(__file__).parents[2])},
            capture_output=True,
            check=False,
            timeout=60,
        )
        return done.stdout + done.stderr

    out = {}
    for query in queries():
        flags = ["--from-history"] * ("from_history" in query)
        flags += ["--no-builds", "--ignore-channels"] * ("builds" in query)
        where = ["--format", query["format"], "--profile", query["profile"], "--prefix", prefix]
        out[" ".join(map(str, (*where, *flags)))] = run("export", *where, *flags)
    sidecar = tmp_path / "sidecar.json"
    out["json"] = run("export", "--json", "--prefix", prefix)
    out["sidecar"] = run(
        "export", "--prefix", prefix, "--sidecar", sidecar, "-o", tmp_path / "e.yml"
    )
    out["sidecar's text"] = sidecar.read_bytes()
    out["save"] = run("save", "--commit", "--prefix", prefix)
    (repository / "environment.yml").write_text("dependencies:\n  - leak2=0.5\n  - python\n")
    out["diff"] = run("diff", "environment.yml", prefix, "--json")
    out["update"] = run("save", "--dry-run", "--prefix", prefix)
    for name, data in out.items():
        assert plants.found_in(data) == set(), name
