"""conda's package specs (CEP 29): what a line such as ``numpy>=1.24,<2`` asks for.

Regular expressions (``^…$``) match nothing: a hostile one would never come to an end.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import lru_cache

from msgspec import Struct

from jupyter_envsnap.core.versions import Version, VersionInvalid

_BRACKETS = re.compile(r"\[([^\[\]]*)\]\s*$")
_FIELD = re.compile(r"""([a-zA-Z0-9_-]+)\s*=\s*(?:"([^"]*)"|'([^']*)'|([^,\s'"]*))(?:[,\s]|$)""")
_NAME = re.compile(r"([^\s=<>!~,|@\[\]()]+)\s*(.*)", re.DOTALL)
_VERSION_AND_BUILD = re.compile(r"(\S(?:.*?[^><!=~,|\s])??)(?:(?<![=!|,<>~])[ =]+([^-=,|<>~\s]+))?")
_RELATION = re.compile(r"(==|!=|<=|>=|~=|=|<|>)((?:[0-9]+!)?[^=<>!~\s]+)")
_SEVERAL = re.compile(r"[*<>=~|,^$]|(?<![0-9])!")  # `1!2.0` is one version, of another epoch


class SpecInvalid(ValueError):
    """The text is no package spec."""


class Spec(Struct, frozen=True, kw_only=True):
    """A package spec, taken apart."""

    name: str
    """In lower case."""
    channel: str | None = None
    """As written before ``::``."""
    version: str | None = None
    """Without spaces; an exact one without ``==``, a fuzzy one (``=1.2``) as ``1.2.*``."""
    build: str | None = None
    fields: Mapping[str, str] = {}
    """What else stands in brackets, as written."""

    @property
    def exact_version(self) -> str | None:
        """The one version that is asked for; None where several would do."""
        if self.version is None or _SEVERAL.search(self.version):
            return None
        return self.version

    def matches(self, version: str, build: str = "") -> bool:
        """Whether a package of this version and build is what is asked for."""
        if self.version is not None and not version_matches(self.version, version):
            return False
        return self.build is None or _glob(self.build)(build)


@lru_cache(maxsize=16_384)
def parse(text: str) -> Spec:
    """The parts of a spec as users, records and histories write them.

    Raises:
        SpecInvalid

    """
    written = f" {text}".partition(" #")[0].strip()
    rest, fields = _without_brackets(written)
    channel, _, rest = rest.rpartition("::")
    found = _NAME.fullmatch(rest.strip())
    if found is None or "[" in rest or found.group(1) == "":
        raise SpecInvalid(f"“{text}” names no package.")
    version, build = _version_and_build(found.group(2).strip())
    version = _normalised(fields.pop("version")) if "version" in fields else version
    build = fields.pop("build") if "build" in fields else build
    channel = fields.pop("channel") if "channel" in fields else channel
    return Spec(
        name=found.group(1).lower(),
        channel=channel or None,
        version=version,
        build=build,
        fields=fields,
    )


def satisfies(spec: str, version: str, build: str = "") -> bool:
    """Whether a package of this version and build is what the spec asks for.

    Raises:
        SpecInvalid

    """
    return parse(spec).matches(version, build)


@lru_cache(maxsize=16_384)
def version_matches(asked: str, version: str) -> bool:
    """Whether a version is in the range, such as ``>=1.2,<2|3.*``; False where either is none."""
    try:
        return _any(asked, version)
    except VersionInvalid:
        return asked == version


def _without_brackets(text: str) -> tuple[str, dict[str, str]]:
    found = _BRACKETS.search(text)
    if found is None:
        return text, {}
    fields = {
        name: quoted or single or plain
        for name, quoted, single, plain in _FIELD.findall(found.group(1))
    }
    return text[: found.start()], fields


def _version_and_build(text: str) -> tuple[str | None, str | None]:
    if not text:
        return None, None
    squeezed = re.sub(r"\s*([<>=!~,|]+)\s*", r"\1", text)
    found = _VERSION_AND_BUILD.fullmatch(squeezed)
    if found is None:
        return _normalised(squeezed), None
    version, build = found.groups()
    if build is not None and re.match(r"=[^=]", version):
        version = version[1:]  # `=1.0=0`: with a build, the version is exact
    return _normalised(version), build


def _normalised(version: str) -> str:
    version = version.replace(" ", "")
    if version.startswith("==") and not re.search(r"[,|]", version):
        return version[2:]
    if version.startswith("=") and not re.search(r"[=,|]", version[1:]):
        return version[1:] if version.endswith("*") else f"{version[1:]}.*"
    return version


def _any(asked: str, version: str) -> bool:
    """``|`` binds less than ``,``; parentheses bind most."""
    return any(
        all(_one(part, version) for part in _split(choice, ",")) for choice in _split(asked, "|")
    )


def _split(text: str, mark: str) -> list[str]:
    """At the marks that stand in no parentheses."""
    parts, depth = [""], 0
    for character in text:
        depth += (character == "(") - (character == ")")
        if character == mark and depth == 0:
            parts.append("")
        else:
            parts[-1] += character
    return [part.strip() for part in parts]


def _one(asked: str, version: str) -> bool:
    if asked.startswith("(") and asked.endswith(")"):
        return _any(asked[1:-1], version)
    relation = _RELATION.fullmatch(asked)
    if relation is not None:
        return _related(relation.group(1), relation.group(2), version)
    if asked in {"*", ""}:
        return True
    if "*" in asked.rstrip("*"):
        return _glob(asked)(version)
    if asked.endswith("*"):
        return Version(version).startswith(Version(asked.rstrip("*").rstrip(".")))
    return Version(version) == Version(asked)


def _related(relation: str, operand: str, version: str) -> bool:
    fuzzy = operand.endswith("*")
    mine, its = Version(version), Version(operand.rstrip("*").rstrip(".") if fuzzy else operand)
    if relation == "=" or (fuzzy and relation == "=="):
        return mine.startswith(its)
    if fuzzy and relation == "!=":
        return not mine.startswith(its)
    if relation == "~=":
        family = operand.rpartition(".")[0]
        return mine >= its and (not family or mine.startswith(Version(family)))
    return {
        "==": mine == its,
        "!=": mine != its,
        "<": mine < its,
        "<=": mine <= its,
        ">": mine > its,
        ">=": mine >= its,
    }[relation]


@lru_cache(maxsize=1_024)
def _glob(pattern: str) -> Callable[[str], bool]:
    expression = re.compile(".*".join(re.escape(part) for part in pattern.split("*")))
    return lambda text: expression.fullmatch(text) is not None
