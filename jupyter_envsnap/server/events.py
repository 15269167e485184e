"""What listeners of jupyter_events are told: hints, after which they ask."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import Any

from jupyter_events import EventLogger

from jupyter_envsnap.core.message import Summary
from jupyter_envsnap.core.model import Snapshot
from jupyter_envsnap.core.names import displayable
from jupyter_envsnap.core.ports import KernelChange
from jupyter_envsnap.core.wire import DriftNumbers

SNAPSHOT = "https://events.jupyter.org/jupyter_envsnap/snapshot/v1"
DRIFT = "https://events.jupyter.org/jupyter_envsnap/drift/v1"

_SCHEMAS = Path(__file__).with_name("event_schemas")
_log = logging.getLogger(__name__)


def register(events: EventLogger) -> None:
    """Make our schemas known: a websocket hears only those that are there when it connects."""
    for schema in sorted(_SCHEMAS.glob("*.yaml")):
        events.register_event_schema(schema)


class ServerEvents:
    """``ports.Told`` over the server's event logger."""

    def __init__(self, events: EventLogger) -> None:
        self._events = events

    def snapshot_taken(self, snapshot: Snapshot) -> None:
        self._emit(
            SNAPSHOT,
            {
                "snapshot_id": snapshot.id,
                "reason": snapshot.reason.value,
                "kernel_id": snapshot.kernel_id,
                "notebook": _shown(snapshot.notebook),
                "taken_at": snapshot.taken_at.isoformat(),
            },
        )

    def kernel_changed(
        self,
        kernel_id: str,
        change: KernelChange,
        drift: DriftNumbers | None,
        summary: Summary | None,
    ) -> None:
        file = drift.file if drift else None
        self._emit(
            DRIFT,
            {
                "kernel_id": kernel_id,
                "change": change,
                "requested": file.requested if file else None,
                "indirect": file.indirect if file else None,
                "summary": _shown(summary.words if summary else None),
                "changes": summary.count if summary else None,
            },
        )

    def _emit(self, schema_id: str, data: dict[str, Any]) -> None:
        try:
            self._events.emit(schema_id=schema_id, data=data)
        except Exception:  # noqa: BLE001 - logged with its traceback
            # A listener that fails raises here; what was done stays done.
            _log.exception("Nobody could be told of %s.", schema_id)


def _shown(text: str | None) -> str | None:
    return None if text is None else displayable(text)
