"""GET kernels/{id}/drift and the settings, over fakes."""

from __future__ import annotations

import pytest

from jupyter_envsnap.core.errors import PrefixUnreadable
from tests.server.conftest import body_of

SAME = """\
channels:
  - conda-forge
dependencies:
  - python=3.11.9
  - numpy=2.1.0
  - pip:
      - seaborn==0.13.2
"""


async def _drift(fetch):
    reply = await fetch("kernels/k-1/drift")
    assert reply.code == 200
    return body_of(reply)


async def test_without_file_and_snapshot_there_is_nothing_to_compare_with(fetch):
    drift = await _drift(fetch)

    assert drift["numbers"] == {"file": None, "snapshot": None}
    assert (drift["file"], drift["snapshot"], drift["findings"]) == (None, None, [])


@pytest.mark.parametrize(
    ("text", "requested", "same"),
    [
        (SAME, 0, True),
        (SAME.replace("numpy=2.1.0", "numpy>=2"), 0, True),
        (SAME.replace("numpy=2.1.0", "numpy=1.26.4"), 1, False),
        (
            "# envsnap: profile=minimal exclude=seaborn\n" + SAME.split("  - pip", maxsplit=1)[0],
            0,
            True,
        ),
    ],
)
async def test_a_file_is_compared_as_far_as_it_can_say_it(fetch, world, text, requested, same):
    world.files.files["environment.yml"] = text

    drift = await _drift(fetch)

    file = drift["numbers"]["file"]
    assert (file["name"], file["same"]) == ("environment.yml", same)
    assert file["requested"] + file["indirect"] == requested
    assert drift["file"]["same"] is same


async def test_a_file_that_cannot_be_compared_is_told(fetch, world):
    world.files.files["environment.yml"] = "{% set v = 1 %}\ndependencies: [{{ v }}]\n"

    drift = await _drift(fetch)

    assert drift["numbers"]["file"]["problem"]["code"] == "file-not-understood"
    assert drift["file"] is None


async def test_the_numbers_stand_in_the_list_of_kernels(fetch, world):
    await fetch("snapshots", "POST", json={"kernel_id": "k-1"})
    world.files.files["environment.yml"] = SAME.replace("2.1.0", "1.26.4")
    drift = await _drift(fetch)

    rows = {row["kernel_id"]: row for row in body_of(await fetch("kernels"))["kernels"]}

    assert rows["k-1"]["drift"] == drift["numbers"]
    assert drift["numbers"]["snapshot"]["same"] is True
    assert rows["k-2"]["drift"] is None


async def test_an_environment_that_cannot_be_read_is_an_error(fetch, world):
    world.environments.prefixes["/envs/climate"] = PrefixUnreadable("No.", prefix="/envs/climate")

    reply = await fetch("kernels/k-1/drift")

    assert (reply.code, body_of(reply)["code"]) == (422, "prefix-unreadable")


async def test_what_is_chosen_holds_and_the_rest_is_the_servers(fetch):
    before = body_of(await fetch("settings"))

    chosen = body_of(await fetch("settings", "PUT", json={"on_shutdown": "file"}))

    assert chosen == {**before, "on_shutdown": "file", "chosen": {"on_shutdown": "file"}}
    assert body_of(await fetch("settings")) == chosen
    whole = {"on_shutdown": "off", "on_change": "off", "keep_days": None, "keep_count": 7}
    assert body_of(await fetch("settings", "PUT", json=whole)) == {**whole, "chosen": whole}
    assert body_of(await fetch("settings", "PUT", json={})) == before


@pytest.mark.parametrize(
    "wrong",
    [
        {"on_shutdown": "always"},
        {"on_change": None},
        {"keep_days": 0},
        {"keep_count": "7"},
        {"more": 1},
    ],
)
async def test_settings_that_cannot_be_meant_are_refused(fetch, wrong):
    before = body_of(await fetch("settings"))

    reply = await fetch("settings", "PUT", json=wrong)

    assert (reply.code, body_of(reply)["code"]) == (400, "bad-request")
    assert body_of(await fetch("settings")) == before


async def test_a_snapshot_is_deleted_once(fetch):
    taken = body_of(await fetch("snapshots", "POST", json={"kernel_id": "k-1"}))
    path = f"snapshots/{taken['snapshot']['id']}"

    assert (await fetch(path, "DELETE")).code == 204
    again = await fetch(path, "DELETE")

    assert (again.code, body_of(again)["code"]) == (404, "snapshot-not-found")
    assert (await fetch("snapshots/" + "x" * 500, "DELETE")).code == 404
