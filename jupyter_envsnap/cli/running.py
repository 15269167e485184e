"""The environment of a running kernel, asked from the server that runs it."""

from __future__ import annotations

import ssl
from collections.abc import Iterable
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from ipaddress import ip_address
from typing import TypeVar
from urllib.parse import quote, urlsplit

import msgspec
from jupyter_server.serverapp import list_running_servers
from msgspec import Struct

from jupyter_envsnap.core.errors import (
    EnvSnapError,
    KernelNotFound,
    KernelWithoutEnvironment,
    all_errors,
)
from jupyter_envsnap.core.model import Environment, Prefix
from jupyter_envsnap.core.ports import Sourced
from jupyter_envsnap.core.wire import ErrorReply, KernelList

ANSWER_TIMEOUT_S = 30
"""Longer than a server takes to give up a prefix that does not answer."""

T = TypeVar("T")


class Server(Struct, frozen=True, order=True):
    """A running server, by the file it keeps about itself; its other fields are left out."""

    url: str
    token: str = ""


class _Unasked(Exception):
    """Why a server could not be asked."""


class _Reply(Struct, frozen=True):
    status: int
    body: bytes


def source_of(kernel_id: str) -> Sourced:
    """What is installed in the kernel's environment, as its server reads it.

    Raises:
        KernelError, PrefixError: also as the server reports them.

    """
    servers = _servers()
    unasked = []
    for server in servers:
        try:
            environment = _ask(server, kernel_id)
            place = None if environment is None else _place(server, kernel_id)
        except _Unasked as why:  # noqa: PERF203 - each server is asked on its own
            unasked.append(f"{server.url} {why}")
        else:
            if environment is not None:
                return Sourced(
                    environment=environment,
                    prefix=place.path if place else None,
                    how=None,
                    kernel_id=kernel_id,
                    place=place,
                )
    raise _not_found(kernel_id, servers, unasked)


def _servers() -> list[Server]:
    try:
        return sorted(msgspec.convert(each, Server) for each in list_running_servers())
    except (OSError, msgspec.ValidationError) as error:
        raise KernelNotFound(f"Your running servers cannot be listed: {error}.") from error


def _ask(server: Server, kernel_id: str) -> Environment | None:
    """None where the server has no such kernel."""
    kernel = quote(kernel_id, safe="")
    reply = _get(server, f"envsnap/kernels/{kernel}/environment")
    if reply.status == 200:
        environment = _decoded(reply, Environment)
        if environment is None:
            raise _Unasked("has another version of envsnap")
        return environment
    if reply.status in {401, 403}:
        raise _Unasked("refused its token")
    error = _decoded(reply, ErrorReply)
    if error is not None and error.code == KernelNotFound.code:
        return None
    if error is not None:
        raise _as_raised(error)
    if _get(server, f"api/kernels/{kernel}").status != 200:
        return None
    raise KernelWithoutEnvironment(
        f"{server.url} runs this kernel but has no envsnap. Install jupyter-envsnap in the"
        " environment of that server and start it again.",
        kernel_id=kernel_id,
    )


def _place(server: Server, kernel_id: str) -> Prefix | None:
    """Where that is, on this machine; None where the server does not say."""
    listed = _decoded(_get(server, "envsnap/kernels"), KernelList)
    kernels = listed.kernels if listed is not None else ()
    return next((k.prefix for k in kernels if k.kernel_id == kernel_id), None)


def _decoded(reply: _Reply, kind: type[T]) -> T | None:
    try:
        return msgspec.json.decode(reply.body, type=kind)
    except msgspec.MsgspecError:
        return None


def _as_raised(reply: ErrorReply) -> EnvSnapError | _Unasked:
    for error in all_errors():
        if error.code == reply.code:
            return error(reply.message, **reply.detail)
    return _Unasked(f"says: {reply.message}")


def _get(server: Server, path: str) -> _Reply:
    connection = _connection(server.url)
    try:
        connection.request(
            "GET",
            f"{urlsplit(server.url).path.rstrip('/')}/{path}",
            headers={"Authorization": f"token {server.token}"} if server.token else {},
        )
        response = connection.getresponse()
        return _Reply(response.status, response.read())
    except (OSError, HTTPException) as error:
        raise _Unasked("does not answer") from error
    finally:
        connection.close()


def _connection(url: str) -> HTTPConnection:
    """Straight to this machine: no proxy and no redirection ever sees the token."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise _Unasked("has no address that can be understood") from error
    if parts.scheme not in {"http", "https"}:
        raise _Unasked("does not listen on a port")
    host = _loopback(parts.hostname or "")
    if parts.scheme == "http":
        return HTTPConnection(host, port, timeout=ANSWER_TIMEOUT_S)
    # No certificate is made out to a loopback address.
    context = ssl.create_default_context()
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return HTTPSConnection(host, port, timeout=ANSWER_TIMEOUT_S, context=context)


def _loopback(host: str) -> str:
    if host == "localhost":
        return host
    try:
        address = ip_address(host)
    except ValueError as error:
        raise _Unasked("may be on another machine") from error
    if address.is_unspecified:  # it listens everywhere, so here as well
        return "127.0.0.1" if address.version == 4 else "::1"
    if not address.is_loopback:
        raise _Unasked("may be on another machine")
    return host


def _not_found(kernel_id: str, servers: Iterable[Server], unasked: Iterable[str]) -> KernelNotFound:
    if not servers:
        return KernelNotFound("No Jupyter server of yours is running here.", kernel_id=kernel_id)
    message = f"None of your running Jupyter servers has a kernel {kernel_id}."
    if unasked:
        message += f" Could not ask: {'; '.join(unasked)}."
    return KernelNotFound(message, kernel_id=kernel_id)
