"""Whatever the files of a prefix and of the configuration hold, there is an answer in words."""

from __future__ import annotations

import asyncio
import base64
import json
import random
import tempfile
from pathlib import Path
from urllib.parse import quote

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from jupyter_envsnap.adapters.environments import PrefixReader
from jupyter_envsnap.core import documents
from jupyter_envsnap.core.errors import EnvSnapError
from jupyter_envsnap.core.model import Prefix
from jupyter_envsnap.core.wire import DocumentQuery

SECRET = "Zq8-wV3x/kT5 9mLr"  # with what is written otherwise in a URL
AT_HOST = f"https://me:{quote(SECRET, safe='')}@h.example"
TOKEN = "tk-5d1e0b77-9a4c"
URL = f"{AT_HOST}/t/{TOKEN}/acme"
SITE = "lib/python3.12/site-packages"
QUERIES = [
    DocumentQuery(profile="conda", format=name, from_history=history, builds=b, channels=c)
    for name in ("environment-yaml", "environment-json", "requirements", "explicit")
    for history in (False, True)
    for b, c in ((True, True), (False, False))
]


def record(name: str, version: str, **more: object) -> str:
    return json.dumps(
        {
            "name": name,
            "version": version,
            "build": "0",
            "build_number": 0,
            "depends": ["python"],
            "channel": f"{URL}/linux-64",
            "url": f"{URL}/linux-64/{name}-{version}-0.conda",
            **more,
        }
    )


FILES = {
    "prefix/conda-meta/python-3.12.1-0.json": record("python", "3.12.1", depends=[]),
    "prefix/conda-meta/numpy-1.0-0.json": record(
        "numpy", "1.0", files=[f"{SITE}/numpy-1.0.dist-info/RECORD"]
    ),
    "prefix/conda-meta/history": (
        "==> 2026-01-01 00:00:00 <==\n# cmd: conda create\n"
        f"# update specs: ['python>=3', '{URL}::numpy=1.0', 'numpy[url={URL}/x.conda]']\n"
    ),
    "prefix/conda-meta/state": json.dumps(
        {"version": 1, "env_vars": {"API_TOKEN": SECRET, "WHERE": URL, "PLAIN": "yes"}}
    ),
    f"prefix/{SITE}/numpy-1.0.dist-info/RECORD": "",
    f"prefix/{SITE}/torch-2.0.dist-info/METADATA": f"Name: torch\nVersion: 2.0 ({URL})\n",
    f"prefix/{SITE}/torch-2.0.dist-info/RECORD": "",
    f"prefix/{SITE}/old.egg-link": "/nowhere\n.",
    "home/.condarc": (
        f"channels:\n  - {URL}  #!top\n  - conda-forge\nchannel_alias: {AT_HOST}/t/{TOKEN}\n"
        f"custom_channels:\n  acme: {AT_HOST}\ncustom_multichannels:\n  mine:\n    - {URL}\n"
        f"default_channels: [{URL}]\nmigrated_channel_aliases: [{AT_HOST}]\n"
    ),
    "prefix/.condarc": "channels: [$API_TOKEN, '${API_TOKEN}/x']\n",
}
DAMAGE = st.one_of(
    st.tuples(st.just("cut"), st.integers(0, 400)),
    st.tuples(st.just("bytes"), st.binary(max_size=40)),
    st.tuples(st.just("text"), st.text(max_size=60)),
    st.tuples(st.just("shuffled"), st.integers()),
    st.tuples(st.just("missing"), st.none()),
    st.tuples(st.just("folder"), st.none()),
    st.tuples(
        st.just("text"), st.sampled_from(["[" * 9_000, '{"a":' * 9_000, "- " * 500, "a: &a *a"])
    ),
)


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow], derandomize=True
)
@given(st.dictionaries(st.sampled_from(sorted(FILES)), DAMAGE, max_size=3))
def test_damage_gives_an_answer_and_no_secret(damage):
    with tempfile.TemporaryDirectory() as folder:
        for place, text in FILES.items():
            write(Path(folder, place), text.encode(), damage.get(place))
        for text in asyncio.run(answers(Path(folder))):
            for shape in shapes(SECRET) | shapes(TOKEN):
                assert shape not in text


async def answers(folder: Path) -> list[str]:
    environ = {"API_TOKEN": SECRET}
    reader = PrefixReader(environ=environ, home=folder / "home")
    try:
        view = await reader.as_conda(Prefix(path=str(folder / "prefix"), kind="conda"))
    except EnvSnapError as error:
        return [f"{error.message} {dict(error.detail)}"]
    made = (documents.write_as_conda(view, query) for query in QUERIES)
    return [f"{document.text}{document.findings}" for document in made]


def write(path: Path, data: bytes, damage: tuple[str, object] | None) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    match damage:
        case ("missing", _):
            return
        case ("folder", _):
            path.mkdir()
            return
        case ("cut", int(length)):
            data = data[:length]
        case ("bytes", bytes(other)):
            data = other
        case ("text", str(other)):
            data = other.encode()
        case ("shuffled", int(seed)):
            characters = list(data)
            random.Random(seed).shuffle(characters)
            data = bytes(characters)
    path.write_bytes(data)


def shapes(secret: str) -> set[str]:
    """As it is, as in a URL, as in base64 at any place of a longer text."""
    encoded = {
        base64.b64encode(b"_" * shift + secret.encode()).decode()[4:-4] for shift in range(3)
    }
    return {secret, quote(secret), quote(secret, safe=""), *encoded}
