"""What an environment file says, and where in its text it says it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Literal

from msgspec import Struct
from msgspec.structs import replace
from packaging.requirements import InvalidRequirement, Requirement

from jupyter_envsnap.core import names, redact, specs
from jupyter_envsnap.core.documents import addresses, pip_addresses
from jupyter_envsnap.core.documents.recorded import Recorded
from jupyter_envsnap.core.documents.recorded import parse as recorded_in
from jupyter_envsnap.core.documents.yaml_io import (
    Alias,
    Mapping,
    Node,
    Scalar,
    Sequence,
    YamlInvalid,
    compose,
)
from jupyter_envsnap.core.errors import FileNotUnderstood
from jupyter_envsnap.core.specs import Spec, SpecInvalid

PipKind = Literal["requirement", "editable", "path", "option", "unknown"]

# `--extra-index-url`, `-r other.txt` and the like: they install nothing by themselves.
_OPTION = re.compile(r"-(?:-[a-z-]+|[a-zA-Z])(?=[\s=]|$)")
_EDITABLE = re.compile(r"(?:-e|--editable)[\s=]+(.*)", re.DOTALL)
_EGG = re.compile(r"[#&]egg=([A-Za-z0-9][\w.-]*(?:\[[^\]]*\])?)")
_URL = re.compile(r"(?:[a-z][a-z0-9+.-]*\+)?[a-z][a-z0-9+.-]*://", re.IGNORECASE)
_COMMENT = re.compile(r"[ \t]+(#.*)")
_OPTIONS = re.compile(r"\s+--(?:hash|config-settings?|global-option|install-option)[=\s]")
_MARKER = {True: re.compile(r"\s*;\s+"), False: re.compile(r"\s*;\s*")}
"""What pip takes for the begin of a marker behind an address, and behind a path."""
_PLACE = re.compile(r"--?[a-zA-Z-]+[\s=]+(\S+)(?:\s+#.*)?")
_TEMPLATE = re.compile(r"\{\{|\{%")


class CondaEntry(Struct, frozen=True, kw_only=True):
    """A line of what conda is to install."""

    text: str
    token: Scalar | None
    """None where an alias stands for it."""
    spec: Spec | None
    """None where it cannot be understood."""
    comment: str = ""
    """Behind it on its line, ``#`` first."""

    @property
    def name(self) -> str:
        return self.spec.name if self.spec else ""


class PipEntry(Struct, frozen=True, kw_only=True):
    """A line of what pip is to install."""

    text: str
    token: Scalar | None
    kind: PipKind
    name: str = ""
    """Normalised; empty where it does not say."""
    url: str = ""
    """Or the path of an editable or local one."""
    specifier: str = ""
    extras: tuple[str, ...] = ()
    marker: str = ""
    options: str = ""
    """Of this line alone, such as ``--hash``; as written."""
    comment: str = ""

    @property
    def place(self) -> str:
        """The address or folder that an option names, as far as two may be told apart by it."""
        found = _PLACE.fullmatch(self.text.strip()) if self.kind == "option" else None
        return redact.url(found.group(1).strip("'\"")).rstrip("/") if found else ""


class Declared(Struct, frozen=True, kw_only=True):
    """An environment file taken apart; every text in it as it was written."""

    text: str
    format: Literal["environment", "explicit", "requirements"] = "environment"
    root: Mapping | None = None
    name: str | None = None
    channels: tuple[str, ...] = ()
    conda: tuple[CondaEntry, ...] = ()
    pip: tuple[PipEntry, ...] = ()
    variables: tuple[tuple[str, str], ...] = ()
    recorded: Recorded | None = None

    def section(self, key: str) -> Node | None:
        """What stands under a key at the top of the file."""
        if self.root is None:
            return None
        return next((value for name, value in self.root.pairs if name.value == key), None)

    @property
    def pip_section(self) -> Node | None:
        found = self.section("dependencies")
        if isinstance(found, Sequence):
            for item in found.items:
                if isinstance(item, Mapping):
                    for key, value in item.pairs:
                        if key.value == "pip":
                            return value
        return None


def parse(text: str) -> Declared:
    """What an ``environment.yml`` (or its JSON twin) says.

    Raises:
        FileNotUnderstood: a template, no YAML, no mapping, or a key that is there twice.

    """
    if _TEMPLATE.search(text):
        raise FileNotUnderstood(
            "The file is a template: what it says depends on who fills it in.", reason="template"
        )
    try:
        root = compose(text)
    except YamlInvalid as error:
        where = f" Line {error.line} cannot be read." if error.line else ""
        raise FileNotUnderstood(
            f"The file is no YAML.{where}", reason="yaml", line=error.line
        ) from error
    if root is None:
        return Declared(text=text)
    if not isinstance(root, Mapping):
        raise FileNotUnderstood("The file holds no environment.", reason="shape")
    _check_keys(root, text)
    made = Declared(text=text, root=root, recorded=recorded_in(text))
    _check_pip(made.section("dependencies"), text)
    variables = made.section("variables")
    if isinstance(variables, Mapping):
        _check_keys(variables, text)
    name = made.section("name")
    return Declared(
        text=text,
        root=root,
        recorded=made.recorded,
        name=name.value if isinstance(name, Scalar) and not name.is_null else None,
        channels=_channels(made.section("channels")),
        conda=tuple(
            conda_entry(value, token, _comment_behind(text, token))
            for token, value in _scalars(made.section("dependencies"))
        ),
        pip=tuple(
            pip_entry(value, token, _comment_behind(text, token))
            for token, value in _scalars(made.pip_section)
        ),
        variables=tuple(
            (key.value, value.value)
            for key, value in (variables.pairs if isinstance(variables, Mapping) else ())
            if isinstance(value, Scalar)
        ),
    )


def conda_entry(text: str, token: Scalar | None = None, comment: str = "") -> CondaEntry:
    """A conda spec as a file has it."""
    try:
        spec = addresses.spec_of(text) if is_address(text) else specs.parse(text)
    except SpecInvalid:
        spec = None
    return CondaEntry(text=text, token=token, spec=spec, comment=comment)


def is_address(text: str) -> bool:
    """Whether conda is told where a package lies; before ``::`` it is told of a channel."""
    return "://" in text and "::" not in text


def pip_entry(text: str, token: Scalar | None = None, comment: str = "") -> PipEntry:
    """A line as pip's requirements files have them."""
    written = re.sub(r"(?:^|\s)#.*", "", text).strip()
    editable = _EDITABLE.fullmatch(written)
    if editable is not None:
        name, mark, url = editable.group(1).partition(" @ ")
        url = url if mark else pip_addresses.unquoted(editable.group(1))
        return replace(
            _of_url(text, url.strip(), "editable", name=name if mark else ""),
            token=token,
            comment=comment,
        )
    if _OPTION.match(written):
        return PipEntry(text=text, token=token, kind="option", comment=comment)
    own_options = _OPTIONS.search(written)
    options = written[own_options.start() :].strip() if own_options else ""
    written = written[: own_options.start()] if own_options else written
    if _URL.match(written) or written.startswith((".", "/", "~", "file:")):
        url, *marker = _MARKER[_URL.match(written) is not None].split(written, maxsplit=1)
        made = _of_url(text, url, "path")
        return replace(made, token=token, comment=comment, options=options, marker="".join(marker))
    try:
        found = Requirement(written)
    except InvalidRequirement:
        return PipEntry(text=text, token=token, kind="unknown", comment=comment)
    return PipEntry(
        text=text,
        token=token,
        kind="requirement",
        name=names.pypi(found.name) or "",
        url=found.url or "",
        specifier=str(found.specifier),
        extras=tuple(sorted(found.extras)),
        marker=str(found.marker or ""),
        options=options,
        comment=comment,
    )


def _of_url(text: str, url: str, kind: Literal["editable", "path"], *, name: str = "") -> PipEntry:
    """What pip installs from an address or a folder; extras may stand behind either."""
    address, extras = pip_addresses.without_extras(url)
    egg = _EGG.search(url)
    if not name and egg is not None:
        name, address = egg.group(1), url
    name, of_name = pip_addresses.without_extras(name)
    found = names.pypi(name) or ("" if kind == "editable" else pip_addresses.of_wheel(address))
    return PipEntry(
        text=text, token=None, kind=kind, name=found, url=address, extras=of_name or extras
    )


def _check_keys(mapping: Mapping, text: str) -> None:
    keys = [key for key, _ in mapping.pairs]
    _check_twice(keys, text)
    if any(key.value == "<<" for key in keys):
        raise FileNotUnderstood("The file merges parts of itself (“<<”).", reason="merge")


def _check_pip(dependencies: Node | None, text: str) -> None:
    """Of two pip sections one is not seen by conda."""
    items = dependencies.items if isinstance(dependencies, Sequence) else ()
    keys = [key for item in items if isinstance(item, Mapping) for key, _ in item.pairs]
    _check_twice([key for key in keys if key.value == "pip"], text)


def _check_twice(keys: Iterable[Scalar], text: str) -> None:
    seen: set[str] = set()
    for key in keys:
        if key.value in seen:
            raise FileNotUnderstood(
                f"“{key.value}” is in the file twice.",
                reason="key",
                key=key.value,
                line=text.count("\n", 0, key.start) + 1,
            )
        seen.add(key.value)


def _channels(section: Node | None) -> tuple[str, ...]:
    if isinstance(section, Scalar) and not section.is_null:
        return (section.value,)  # mamba takes one without a list
    return tuple(value for _, value in _scalars(section))


def _scalars(section: Node | None) -> Iterator[tuple[Scalar | None, str]]:
    """(token, value) of each item that is a word."""
    if not isinstance(section, Sequence):
        return
    for item in section.items:
        if isinstance(item, Scalar):
            yield item, item.value
        elif isinstance(item, Alias) and isinstance(item.node, Scalar):
            yield None, item.node.value


def _comment_behind(text: str, token: Scalar | None) -> str:
    if token is None:
        return ""
    found = _COMMENT.match(text, token.end)
    return found.group(1).rstrip("\r") if found else ""
