"""What listeners of jupyter_events are told, held to its schemas by a real event logger."""

from __future__ import annotations

import asyncio
import json

import pytest
from jupyter_events import EventLogger
from msgspec.structs import replace

from jupyter_envsnap.core.message import Summary
from jupyter_envsnap.core.model import Reason
from jupyter_envsnap.core.ports import Sourced
from jupyter_envsnap.core.snapshots import snapshot_of
from jupyter_envsnap.core.wire import Against, DriftNumbers
from jupyter_envsnap.server.events import DRIFT, SNAPSHOT, ServerEvents, register
from tests.fakes import NOON, environment

SOURCED = Sourced(
    environment=environment(packages=30),
    prefix="/envs/climate",
    how=None,
    kernel_id="k-1",
    kernel_name="python3",
    notebook="a.ipynb",
)


@pytest.fixture
def heard():
    """What a listener was told, and the events that tell it."""
    logger = EventLogger()
    register(logger)
    told = []

    async def listen(logger, schema_id, data):  # noqa: ARG001 - called with these names
        told.append((schema_id, data))

    for schema_id in (SNAPSHOT, DRIFT):
        logger.add_listener(schema_id=schema_id, listener=listen)
    return ServerEvents(logger), logger, told


async def _told(logger, told):
    await logger.gather_listeners()
    await asyncio.sleep(0)
    return told


@pytest.mark.parametrize("sourced", [SOURCED, replace(SOURCED, kernel_id=None, notebook=None)])
async def test_a_snapshot_is_told_without_what_it_holds(heard, sourced):
    events, logger, told = heard
    row = snapshot_of(sourced, Reason.KERNEL_SHUTDOWN, taken_at=NOON, token="t")

    events.snapshot_taken(row)

    ((schema_id, data),) = await _told(logger, told)
    assert schema_id == SNAPSHOT
    assert data["snapshot_id"] == row.id
    assert (data["reason"], data["notebook"]) == ("kernel-shutdown", sourced.notebook)
    assert "package-00001" not in json.dumps(data)


@pytest.mark.parametrize("change", ["environment", "file", "changing"])
@pytest.mark.parametrize(
    "drift",
    [
        None,
        DriftNumbers(file=None, snapshot=None),
        DriftNumbers(
            file=Against(name="environment.yml", same=False, requested=1, indirect=2),
            snapshot=None,
        ),
    ],
)
async def test_a_change_is_told_in_numbers_and_a_few_words(heard, change, drift):
    events, logger, told = heard

    events.kernel_changed("k-1", change, drift, Summary(words="+ polars 1.9 (pip)", count=1))

    ((schema_id, data),) = await _told(logger, told)
    assert schema_id == DRIFT
    assert (data["kernel_id"], data["change"]) == ("k-1", change)
    assert (data["summary"], data["changes"]) == ("+ polars 1.9 (pip)", 1)
    assert data["requested"] == (1 if drift and drift.file else None)


async def test_a_notebook_whose_name_is_no_text_is_told_all_the_same(heard):
    events, logger, told = heard
    row = snapshot_of(
        replace(SOURCED, notebook="\udcff.ipynb"), Reason.CHANGED, taken_at=NOON, token="t"
    )

    events.snapshot_taken(row)

    assert len(await _told(logger, told)) == 1


async def test_an_event_that_cannot_be_told_stops_nobody(caplog):
    events = ServerEvents(None)

    events.kernel_changed("k-1", "file", None, None)

    assert "Nobody could be told" in caplog.text
