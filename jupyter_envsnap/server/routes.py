"""The routes, one table: handlers and the OpenAPI document are held to it."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

from jupyter_envsnap.core import wire
from jupyter_envsnap.core.documents import formats
from jupyter_envsnap.core.model import Environment, Snapshot

Action = Literal["read", "write", "execute"]

_OF_DOCUMENTS = tuple(sorted({each.media_type for each in formats().formats}))


class Operation(Struct, frozen=True, kw_only=True):
    """One verb on one route."""

    verb: Literal["get", "post", "put", "patch", "delete"]
    path: str
    """Under ``envsnap/``; ``{id}`` is a parameter."""
    name: str
    """operationId."""
    summary: str
    action: Action
    """What the authorizer is asked for."""
    status: int = 200
    query: type[Struct] | None = None
    body: type[Struct] | None = None
    reply: type[Struct] | None = None
    """None: text, or JSON without a type."""
    media_types: tuple[str, ...] = ("application/json",)
    conditional: bool = False
    """Carries an ETag and answers 304."""


OPERATIONS = (
    Operation(
        verb="get",
        path="kernels",
        name="listKernels",
        summary="Each running kernel: its prefix, how it was found, its fingerprint.",
        action="read",
        reply=wire.KernelList,
    ),
    Operation(
        verb="get",
        path="kernels/{id}/environment",
        name="readEnvironment",
        summary="What is installed in the kernel's environment.",
        action="read",
        reply=Environment,
        conditional=True,
    ),
    Operation(
        verb="get",
        path="kernels/{id}/document",
        name="writeDocument",
        summary="The kernel's environment, written in a format.",
        action="read",
        query=wire.DocumentQuery,
        media_types=_OF_DOCUMENTS,
        conditional=True,
    ),
    Operation(
        verb="get",
        path="kernels/{id}/outline",
        name="readOutline",
        summary="Which package each line of that document is about, and why it is there.",
        action="read",
        query=wire.DocumentQuery,
        reply=wire.Outline,
    ),
    Operation(
        verb="get",
        path="kernels/{id}/drift",
        name="readDrift",
        summary="What the environment has become since its file and its last snapshot.",
        action="read",
        reply=wire.Drift,
    ),
    Operation(
        verb="put",
        path="kernels/{id}/prefix",
        name="choosePrefix",
        summary="Take another environment for the kernel's, among those that the server found.",
        action="write",
        body=wire.PrefixChoice,
        reply=wire.KernelEnvironment,
    ),
    Operation(
        verb="post",
        path="kernels/{id}/ask",
        name="askKernel",
        summary="Ask the idle kernel itself, without a trace in it, where it runs.",
        action="execute",
        reply=wire.KernelEnvironment,
    ),
    Operation(
        verb="get",
        path="prefixes",
        name="listPrefixes",
        summary="The environments that the server found, whatever runs in them.",
        action="read",
        reply=wire.KnownPrefixes,
    ),
    Operation(
        verb="get",
        path="formats",
        name="listFormats",
        summary="The formats and their profiles.",
        action="read",
        reply=wire.FormatList,
    ),
    Operation(
        verb="get",
        path="snapshots",
        name="listSnapshots",
        summary="The history, newest first.",
        action="read",
        query=wire.SnapshotQuery,
        reply=wire.SnapshotPage,
    ),
    Operation(
        verb="post",
        path="snapshots",
        name="takeSnapshot",
        summary="Keep the kernel's environment.",
        action="write",
        status=201,
        body=wire.SnapshotRequest,
        reply=wire.SnapshotTaken,
    ),
    Operation(
        verb="get",
        path="snapshots/{id}",
        name="readSnapshot",
        summary="A snapshot and its environment.",
        action="read",
        reply=wire.SnapshotDetail,
    ),
    Operation(
        verb="patch",
        path="snapshots/{id}",
        name="annotateSnapshot",
        summary="Give a snapshot another note, or none.",
        action="write",
        body=wire.SnapshotNote,
        reply=Snapshot,
    ),
    Operation(
        verb="delete",
        path="snapshots/{id}",
        name="deleteSnapshot",
        summary="Forget a snapshot.",
        action="write",
        status=204,
        media_types=(),
    ),
    Operation(
        verb="get",
        path="snapshots/{id}/document",
        name="writeSnapshotDocument",
        summary="A snapshot's environment, written in a format.",
        action="read",
        query=wire.DocumentQuery,
        media_types=_OF_DOCUMENTS,
        conditional=True,
    ),
    Operation(
        verb="get",
        path="diff",
        name="compare",
        summary="What changed between two of a kernel, a snapshot, a file and a file's revision.",
        action="read",
        query=wire.DiffQuery,
        reply=wire.DiffReply,
    ),
    Operation(
        verb="post",
        path="save/preview",
        name="previewSave",
        summary="What saving would write, and what git would say. Writes nothing.",
        action="read",
        body=wire.PreviewRequest,
        reply=wire.SavePreview,
    ),
    Operation(
        verb="post",
        path="save",
        name="save",
        summary="Write the environment file, and commit it if asked.",
        action="write",
        body=wire.SaveRequest,
        reply=wire.SaveReply,
    ),
    Operation(
        verb="get",
        path="settings",
        name="readSettings",
        summary="What is done without being asked.",
        action="read",
        reply=wire.Settings,
    ),
    Operation(
        verb="put",
        path="settings",
        name="changeSettings",
        summary="Choose what is done without being asked.",
        action="write",
        body=wire.SettingsChoice,
        reply=wire.Settings,
    ),
    Operation(
        verb="get",
        path="openapi.json",
        name="readOpenApi",
        summary="This document.",
        action="read",
    ),
)
