"""How an environment is written: one module per format, and their registry."""

from __future__ import annotations

from msgspec import Struct

from jupyter_envsnap.core.documents.environment_yaml import FORMAT as ENVIRONMENT_YAML
from jupyter_envsnap.core.errors import FormatUnknown, ProfileUnknown
from jupyter_envsnap.core.model import Environment
from jupyter_envsnap.core.wire import FormatEntry, FormatList, ProfileEntry

_FORMATS = {f.name: f for f in (ENVIRONMENT_YAML,)}


class Document(Struct, frozen=True, kw_only=True):
    """Text made from an environment by a format and a profile."""

    text: str
    media_type: str
    filename: str
    format: str
    profile: str


def write(
    environment: Environment, *, format: str = "environment-yaml", profile: str = "versions"
) -> Document:
    """The environment as text; the same environment always gives the same bytes.

    Raises:
        FormatUnknown, ProfileUnknown: their messages name those that there are.

    """
    chosen = _FORMATS.get(format)
    if chosen is None:
        known = ", ".join(_FORMATS)
        raise FormatUnknown(
            f"There is no format “{format}”. Choose one of: {known}.", format=format, known=known
        )
    writers = {p.name: p.write for p in chosen.profiles}
    if profile not in writers:
        known = ", ".join(writers)
        raise ProfileUnknown(
            f"The format “{format}” has no profile “{profile}”. Choose one of: {known}.",
            format=format,
            profile=profile,
            known=known,
        )
    return Document(
        text=writers[profile](environment),
        media_type=chosen.media_type,
        filename=chosen.filename,
        format=format,
        profile=profile,
    )


def formats() -> FormatList:
    """The formats that can be written, each with its profiles."""
    return FormatList(
        formats=tuple(
            FormatEntry(
                name=f.name,
                label=f.label,
                media_type=f.media_type,
                filename=f.filename,
                profiles=tuple(
                    ProfileEntry(name=p.name, label=p.label, description=p.description)
                    for p in f.profiles
                ),
            )
            for f in _FORMATS.values()
        )
    )
