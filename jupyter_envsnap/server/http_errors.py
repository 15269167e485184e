"""Which status an error has, and the one JSON reply for anything that goes wrong."""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus

from tornado.web import HTTPError

from jupyter_envsnap.core import errors
from jupyter_envsnap.core.errors import EnvSnapError
from jupyter_envsnap.core.wire import ErrorReply

STATUS: Mapping[type[EnvSnapError], HTTPStatus] = {
    # A family's status holds for those of its errors that have none of their own.
    errors.RequestError: HTTPStatus.BAD_REQUEST,
    errors.BodyTooLarge: HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    errors.FileNotUnderstood: HTTPStatus.UNPROCESSABLE_ENTITY,
    errors.RevisionUnknown: HTTPStatus.NOT_FOUND,
    errors.PrefixRefused: HTTPStatus.FORBIDDEN,
    errors.TooManyRequests: HTTPStatus.TOO_MANY_REQUESTS,
    errors.KernelError: HTTPStatus.UNPROCESSABLE_ENTITY,
    errors.KernelNotFound: HTTPStatus.NOT_FOUND,
    errors.KernelStarting: HTTPStatus.CONFLICT,
    errors.KernelBusy: HTTPStatus.CONFLICT,
    errors.KernelDidNotAnswer: HTTPStatus.GATEWAY_TIMEOUT,
    errors.PrefixError: HTTPStatus.UNPROCESSABLE_ENTITY,
    errors.PrefixMissing: HTTPStatus.NOT_FOUND,
    errors.ReadTimedOut: HTTPStatus.SERVICE_UNAVAILABLE,
    errors.HistoryError: HTTPStatus.SERVICE_UNAVAILABLE,
    errors.SnapshotNotFound: HTTPStatus.NOT_FOUND,
    errors.SnapshotAmbiguous: HTTPStatus.BAD_REQUEST,
    errors.SettingsNotKept: HTTPStatus.SERVICE_UNAVAILABLE,
    errors.SaveError: HTTPStatus.INTERNAL_SERVER_ERROR,
    errors.TargetRefused: HTTPStatus.FORBIDDEN,
    errors.TargetReadOnly: HTTPStatus.FORBIDDEN,
    errors.TargetNotText: HTTPStatus.UNPROCESSABLE_ENTITY,
    errors.TargetChanged: HTTPStatus.CONFLICT,
    errors.DocumentChanged: HTTPStatus.CONFLICT,
    errors.TargetNoSpace: HTTPStatus.INSUFFICIENT_STORAGE,
    errors.CannotUpdate: HTTPStatus.UNPROCESSABLE_ENTITY,
    # A save answers 200 with the commit's problem in it; alone, a problem is a conflict.
    errors.CommitError: HTTPStatus.CONFLICT,
}

_NOT_AUTHENTICATED = ErrorReply(
    code="not-authenticated", message="Sign in to the server, or send its token."
)
_REPLIES: Mapping[int, ErrorReply] = {
    400: ErrorReply(code=errors.BadRequest.code, message="The request is malformed."),
    403: ErrorReply(
        code="forbidden",
        message="You have no permission for this. Ask the server's operator for access.",
    ),
    404: ErrorReply(code="not-found", message="There is nothing at this address."),
    405: ErrorReply(code="method-not-allowed", message="This address does not know that method."),
    413: ErrorReply(code=errors.BodyTooLarge.code, message="The request is too large."),
    500: ErrorReply(
        code="internal",
        message="Something went wrong in the server. Its log says what.",
    ),
}


def status_of(error: EnvSnapError) -> HTTPStatus:
    """The error's own status, or its family's."""
    return next(STATUS[kind] for kind in type(error).__mro__ if kind in STATUS)


def reply_to(
    error: BaseException | None, *, status: int, signed_in: bool
) -> tuple[int, ErrorReply]:
    """Status and body for an error; nothing of an unexpected one is shown.

    ``status`` is the one that tornado chose, which does not know the domain's errors.
    """
    if isinstance(error, EnvSnapError):
        return status_of(error), ErrorReply.of(error)
    if isinstance(error, HTTPError) and status in {401, 403} and not signed_in:
        return status, _NOT_AUTHENTICATED
    return status, _REPLIES.get(status) or _unnamed(status)


def _unnamed(status: int) -> ErrorReply:
    phrase = HTTPStatus(status).phrase if status in set(HTTPStatus) else f"Status {status}"
    return ErrorReply(code=phrase.lower().replace(" ", "-"), message=f"{phrase}.")
