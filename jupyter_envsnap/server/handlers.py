"""One handler per route: read the request, call the use case, reply."""

from __future__ import annotations

import asyncio
import re
from hashlib import sha256
from types import TracebackType
from typing import Any, NamedTuple, TypeVar

import msgspec
from jupyter_server.auth.decorator import authorized
from jupyter_server.base.handlers import APIHandler
from msgspec import Struct
from tornado import web

from jupyter_envsnap import __version__
from jupyter_envsnap.comparison import Comparison
from jupyter_envsnap.core import wire
from jupyter_envsnap.core.documents import Document
from jupyter_envsnap.core.errors import BodyTooLarge, EnvSnapError, TooManyRequests
from jupyter_envsnap.core.model import Environment
from jupyter_envsnap.drift import DriftWatch
from jupyter_envsnap.preferences import Preferences
from jupyter_envsnap.recent import Recent
from jupyter_envsnap.saving import Saving
from jupyter_envsnap.server import openapi
from jupyter_envsnap.server.http_errors import reply_to, status_of
from jupyter_envsnap.server.in_flight import RETRY_AFTER_S, InFlight
from jupyter_envsnap.server.requests import body_as, query_as
from jupyter_envsnap.server.routes import OPERATIONS
from jupyter_envsnap.service import Service

AUTH_RESOURCE = "envsnap"
MOST_BODY_BYTES = 1_048_576

T = TypeVar("T", bound=Struct)
Rule = tuple[str, type[web.RequestHandler], dict[str, object]]


class UseCases(NamedTuple):
    """What the routes call."""

    service: Service
    saving: Saving
    comparison: Comparison
    drift: DriftWatch
    preferences: Preferences


@web.stream_request_body
class EnvSnapHandler(APIHandler):
    """What the verbs share: typed requests, JSON replies, ETags and one form of error."""

    def initialize(
        self,
        use_cases: UseCases,
        encoded: Recent[bytes],
        in_flight: InFlight,
    ) -> None:
        self.service = use_cases.service
        self.saving = use_cases.saving
        self.comparison = use_cases.comparison
        self.drift = use_cases.drift
        self.preferences = use_cases.preferences
        self.encoded = encoded
        self.in_flight = in_flight
        self._body = bytearray()
        self._received_bytes = 0

    async def prepare(self) -> None:  # type: ignore[override] # as APIHandler has it
        await super().prepare()
        # Who is not signed in is refused anyway, and must not take a place from who is.
        if self.current_user:
            self.in_flight.enter(self)

    def on_finish(self) -> None:
        self.in_flight.leave(self)
        super().on_finish()

    def on_connection_close(self) -> None:
        # A verb that runs goes on to its end without a client; one whose body was still to come
        # is never called, and then nothing else tells.
        body_is_here = self.request._body_future.done()  # noqa: SLF001
        super().on_connection_close()
        if not body_is_here:
            self.in_flight.leave(self)

    def data_received(self, chunk: bytes) -> None:
        # What is too long is read to its end but not kept: a client that is cut off while it
        # still sends sees a broken connection instead of the reply.
        self._received_bytes += len(chunk)
        if self._received_bytes <= MOST_BODY_BYTES:
            self._body += chunk

    def body_as(self, kind: type[T]) -> T:
        self.check_size()
        return body_as(kind, bytes(self._body))

    def check_size(self) -> None:
        if self._received_bytes > MOST_BODY_BYTES:
            raise BodyTooLarge(
                f"The request is larger than {MOST_BODY_BYTES:,} bytes.",
                bytes=self._received_bytes,
                most=MOST_BODY_BYTES,
            )

    def query_as(self, kind: type[T]) -> T:
        return query_as(kind, self.request.query_arguments)

    def compute_etag(self) -> None:
        """None: only what is set in a verb; a hash of every reply would buy nothing."""

    def reply(self, value: Struct) -> None:
        self.set_header("Cache-Control", "no-store")
        self.finish(msgspec.json.encode(value))

    async def reply_environment(self, environment: Environment) -> None:
        # What the digest leaves out is added; no package is encoded.
        surroundings = (environment.virtual_packages, environment.machine)
        identity = (
            __version__,
            environment.digest,
            environment.name,
            environment.findings,
            surroundings,
        )
        if self.is_known(msgspec.json.encode(identity)):
            return
        self.finish(await self.encoded.get(identity, lambda: msgspec.json.encode(environment)))

    def reply_document(self, document: Document) -> None:
        if self.is_known(document.text.encode()):
            return
        self.set_header("Content-Disposition", f'inline; filename="{document.filename}"')
        self.finish(document.text, set_content_type=f"{document.media_type}; charset=utf-8")

    def is_known(self, representation: bytes) -> bool:
        """Set the ETag; True where the client has it and was told so."""
        self.set_header("Cache-Control", "private, no-cache")
        # A header set here turns tornado's own comparison off.
        self.set_header("ETag", f'"{sha256(representation).hexdigest()}"')
        if not self.check_etag_header():
            return False
        self.set_status(304)
        self.finish()
        return True

    def write_error(self, status_code: int, **kwargs: Any) -> None:
        error = kwargs.get("exc_info", (None, None, None))[1]
        # Absent where the request failed before anybody was looked for.
        user = getattr(self, "_jupyter_current_user", None)
        status, reply = reply_to(error, status=status_code, signed_in=user is not None)
        self.set_status(status)
        if isinstance(error, TooManyRequests):
            self.set_header("Retry-After", str(RETRY_AFTER_S))
        if status == 405:
            own = (verb for verb in self.SUPPORTED_METHODS if verb.lower() in vars(type(self)))
            self.set_header("Allow", ", ".join((*own, "OPTIONS")))
        self.reply(reply)

    def log_exception(
        self,
        typ: type[BaseException] | None,
        value: BaseException | None,
        tb: TracebackType | None,
    ) -> None:
        if isinstance(value, EnvSnapError):
            log = self.log.error if status_of(value) >= 500 else self.log.info
            log("%s %s: %s: %s", self.request.method, self.request.path, value.code, value)
        else:
            super().log_exception(typ, value, tb)


class KernelsHandler(EnvSnapHandler):
    @web.authenticated
    @authorized("read", AUTH_RESOURCE)
    async def get(self) -> None:
        self.reply(await self.service.kernels())


class EnvironmentHandler(EnvSnapHandler):
    @web.authenticated
    @authorized("read", AUTH_RESOURCE)
    async def get(self, kernel_id: str) -> None:
        await self.reply_environment(await self.service.environment(kernel_id))


class DocumentHandler(EnvSnapHandler):
    @web.authenticated
    @authorized("read", AUTH_RESOURCE)
    async def get(self, kernel_id: str) -> None:
        query = self.query_as(wire.DocumentQuery)
        self.reply_document(await self.service.document(kernel_id, query))


class OutlineHandler(EnvSnapHandler):
    @web.authenticated
    @authorized("read", AUTH_RESOURCE)
    async def get(self, kernel_id: str) -> None:
        query = self.query_as(wire.DocumentQuery)
        self.reply(await self.service.outline(kernel_id, query))


class DriftHandler(EnvSnapHandler):
    @web.authenticated
    @authorized("read", AUTH_RESOURCE)
    async def get(self, kernel_id: str) -> None:
        self.reply(await self.drift.of(kernel_id))


class PrefixHandler(EnvSnapHandler):
    @web.authenticated
    @authorized("write", AUTH_RESOURCE)
    async def put(self, kernel_id: str) -> None:
        self.reply(await self.service.choose(kernel_id, self.body_as(wire.PrefixChoice)))


class AskHandler(EnvSnapHandler):
    @web.authenticated
    @authorized("execute", AUTH_RESOURCE)
    async def post(self, kernel_id: str) -> None:
        self.check_size()
        self.reply(await self.service.ask(kernel_id))


class PrefixesHandler(EnvSnapHandler):
    @web.authenticated
    @authorized("read", AUTH_RESOURCE)
    async def get(self) -> None:
        self.reply(await self.service.prefixes())


class FormatsHandler(EnvSnapHandler):
    @web.authenticated
    @authorized("read", AUTH_RESOURCE)
    async def get(self) -> None:
        self.reply(self.service.formats())


class SnapshotsHandler(EnvSnapHandler):
    @web.authenticated
    @authorized("read", AUTH_RESOURCE)
    async def get(self) -> None:
        self.reply(await self.service.snapshots(self.query_as(wire.SnapshotQuery)))

    @web.authenticated
    @authorized("write", AUTH_RESOURCE)
    async def post(self) -> None:
        taken = await self.service.take_snapshot(self.body_as(wire.SnapshotRequest))
        self.set_status(201)
        self.set_header("Location", f"{self.base_url}envsnap/snapshots/{taken.snapshot.id}")
        self.reply(taken)


class SnapshotHandler(EnvSnapHandler):
    @web.authenticated
    @authorized("read", AUTH_RESOURCE)
    async def get(self, snapshot_id: str) -> None:
        self.reply(await self.service.snapshot(snapshot_id))

    @web.authenticated
    @authorized("write", AUTH_RESOURCE)
    async def patch(self, snapshot_id: str) -> None:
        self.reply(await self.service.annotate(snapshot_id, self.body_as(wire.SnapshotNote)))

    @web.authenticated
    @authorized("write", AUTH_RESOURCE)
    async def delete(self, snapshot_id: str) -> None:
        await self.service.delete_snapshot(snapshot_id)
        self.set_status(204)
        self.finish()


class SnapshotDocumentHandler(EnvSnapHandler):
    @web.authenticated
    @authorized("read", AUTH_RESOURCE)
    async def get(self, snapshot_id: str) -> None:
        query = self.query_as(wire.DocumentQuery)
        self.reply_document(await self.service.snapshot_document(snapshot_id, query))


class DiffHandler(EnvSnapHandler):
    @web.authenticated
    @authorized("read", AUTH_RESOURCE)
    async def get(self) -> None:
        self.reply(await self.comparison.diff(self.query_as(wire.DiffQuery)))


class PreviewHandler(EnvSnapHandler):
    @web.authenticated
    @authorized("read", AUTH_RESOURCE)
    async def post(self) -> None:
        self.reply(await self.saving.preview(self.body_as(wire.PreviewRequest)))


class SaveHandler(EnvSnapHandler):
    @web.authenticated
    @authorized("write", AUTH_RESOURCE)
    async def post(self) -> None:
        self.reply(await self.saving.save(self.body_as(wire.SaveRequest)))


class SettingsHandler(EnvSnapHandler):
    @web.authenticated
    @authorized("read", AUTH_RESOURCE)
    async def get(self) -> None:
        self.reply(self.preferences.settings)

    @web.authenticated
    @authorized("write", AUTH_RESOURCE)
    async def put(self) -> None:
        self.reply(await self.preferences.change(self.body_as(wire.SettingsChoice)))


class OpenApiHandler(EnvSnapHandler):
    @web.authenticated
    @authorized("read", AUTH_RESOURCE)
    async def get(self) -> None:
        shipped = await asyncio.to_thread(openapi.SHIPPED.read_bytes)
        if not self.is_known(shipped):
            self.finish(shipped)


class UnknownHandler(EnvSnapHandler):
    """Any other address under ``envsnap/``, whatever the method."""

    async def prepare(self) -> None:  # type: ignore[override] # as APIHandler has it
        await super().prepare()
        raise web.HTTPError(404 if self.current_user else 403)


HANDLERS: dict[str, type[EnvSnapHandler]] = {
    "kernels": KernelsHandler,
    "kernels/{id}/environment": EnvironmentHandler,
    "kernels/{id}/document": DocumentHandler,
    "kernels/{id}/outline": OutlineHandler,
    "kernels/{id}/drift": DriftHandler,
    "kernels/{id}/prefix": PrefixHandler,
    "kernels/{id}/ask": AskHandler,
    "prefixes": PrefixesHandler,
    "formats": FormatsHandler,
    "snapshots": SnapshotsHandler,
    "snapshots/{id}": SnapshotHandler,
    "snapshots/{id}/document": SnapshotDocumentHandler,
    "diff": DiffHandler,
    "save/preview": PreviewHandler,
    "save": SaveHandler,
    "settings": SettingsHandler,
    "openapi.json": OpenApiHandler,
}


def rules(use_cases: UseCases) -> list[Rule]:
    """What an extension application adds to the server."""
    parts = {
        "use_cases": use_cases,
        "encoded": Recent[bytes](keep=8),
        "in_flight": InFlight(),
    }
    paths = dict.fromkeys(operation.path for operation in OPERATIONS)
    return [
        *((_pattern(path), HANDLERS[path], parts) for path in paths),
        (r"/envsnap(?:/.*)?", UnknownHandler, parts),
    ]


def _pattern(path: str) -> str:
    return "/envsnap/" + "([^/]+)".join(re.escape(part) for part in path.split("{id}"))
