"""What a save would write: a document anew, or the file that is there with what changed."""

from __future__ import annotations

import asyncio
from typing import TypeVar, cast

from msgspec import UNSET, Struct, UnsetType

from jupyter_envsnap.core import documents
from jupyter_envsnap.core.documents import recorded, splice
from jupyter_envsnap.core.documents.recorded import Recorded
from jupyter_envsnap.core.errors import CannotUpdate, ModeUnknown
from jupyter_envsnap.core.local_sources import names_by_folder
from jupyter_envsnap.core.model import Environment, Finding
from jupyter_envsnap.core.ports import FileState, Sourced
from jupyter_envsnap.core.target import check_format, format_of
from jupyter_envsnap.core.wire import DocumentQuery, LocalPackage, Mode, PreviewRequest
from jupyter_envsnap.placing import Home
from jupyter_envsnap.writing import Writing

T = TypeVar("T")
_DEFAULTS = DocumentQuery()


class Draft(Struct, frozen=True, kw_only=True):
    """What would be written, and how it came about."""

    text: str
    mode: Mode
    format: str
    profile: str
    exclude: tuple[str, ...] = ()
    without: tuple[str, ...] = ()
    loose: tuple[str, ...] = ()
    local: tuple[LocalPackage, ...] = ()
    environment: Environment
    findings: tuple[Finding, ...]


def _or(value: T | UnsetType, default: T) -> T:
    return default if value is UNSET else value


def mode_of(request: PreviewRequest) -> Mode | None:
    """What is asked for; None where that is left to the file."""
    asked = _or(request.mode, None)
    if asked not in {None, "update", "replace"}:
        raise ModeUnknown(
            f"There is no way to save called “{asked}”. Use “update” or “replace”.", mode=asked
        )
    return cast("Mode | None", asked)


class Drafting:
    """Drafts of environment files, made as their requests and the files themselves say."""

    def __init__(self, writing: Writing) -> None:
        self._writing = writing

    async def draft(self, sourced: Sourced, request: PreviewRequest, before: FileState) -> Draft:
        """The text that would be written over what is there.

        Raises:
            RequestError, CannotUpdate, and what reading the source raises.

        """
        own = None if before.text is None else recorded.parse(before.text)
        query = self._query(request, before, own)
        is_as_conda = documents.is_as_conda(query)
        check_format(before.path, query.format)
        # Of an empty file there is nothing to keep.
        if not (before.text and before.text.strip()) or mode_of(request) == "replace":
            return await self._replaced(sourced, request, query, before)
        if is_as_conda:
            raise CannotUpdate(
                "What conda prints is written as a whole. Replace the file, or cancel.",
                reason="profile",
            )
        if query.format != _DEFAULTS.format:
            raise CannotUpdate(
                "Only an environment.yml can be updated line by line. Replace the file, or cancel.",
                reason="format",
            )
        return await self._updated(sourced, request, before)

    def _query(
        self, request: PreviewRequest, before: FileState, own: Recorded | None
    ) -> DocumentQuery:
        """What a file records holds where nothing else is asked for."""
        own = own or Recorded(profile="")
        # What a later release, or a slip, wrote there is as good as nothing.
        profile = own.profile if own.profile in splice.PROFILES else None
        known = tuple(name for name in own.without if name in self._writing.groups)
        return DocumentQuery(
            format=_or(request.format, format_of(before.path, before.text)),
            profile=_or(request.profile, profile),
            exclude=_or(request.exclude, own.exclude),
            without=_or(request.without, known),
        )

    async def _replaced(
        self, sourced: Sourced, request: PreviewRequest, query: DocumentQuery, before: FileState
    ) -> Draft:
        asked = _or(request.local, None)
        document = await self._writing.document(sourced, query, Home.of(before), asked=asked)
        return Draft(
            text=document.text,
            mode="replace",
            format=document.format,
            profile=document.profile,
            exclude=query.exclude,
            without=query.without,
            local=document.local,
            environment=sourced.environment,
            findings=document.findings,
        )

    async def _updated(self, sourced: Sourced, request: PreviewRequest, before: FileState) -> Draft:
        asked = _or(request.local, None)
        placed = await self._writing.placed(sourced, Home.of(before), asked=asked)
        updated = await asyncio.to_thread(
            splice.update,
            before.text or "",
            placed.environment,
            profile=_or(request.profile, None),
            exclude=_or(request.exclude, None),
            without=_or(request.without, None),
            loose=_or(request.loose, "keep"),
            groups=self._writing.groups,
            folders=names_by_folder(sourced.environment),
        )
        return Draft(
            text=updated.text,
            mode="update",
            format=_DEFAULTS.format,
            profile=updated.how.profile,
            exclude=updated.how.exclude,
            without=updated.how.without,
            loose=updated.loose,
            local=placed.local,
            environment=placed.environment,
            findings=(*placed.environment.findings, *updated.findings),
        )
