"""Takes credentials out of what is read, before it becomes part of an environment."""

from __future__ import annotations

import math
import re
from collections import Counter
from itertools import pairwise

_SUSPICIOUS = re.compile(r"[@?#]|/t/")
_URL = re.compile(r"[a-zA-Z][a-zA-Z0-9+.-]*://[^\s\"'<>]+")
_SCHEME = re.compile(r"([a-zA-Z][a-zA-Z0-9+.-]*)://")
# PEP 610: an environment variable in place of a password is no secret, nor is ssh's user `git`.
_PLACEHOLDER = re.compile(r"\$\{[A-Za-z0-9_-]+\}(?::\$\{[A-Za-z0-9_-]+\})?")
_PUBLIC_USERS = frozenset({"git", "hg"})
_TOKEN_SEGMENT = re.compile(r"/t/[^/?#]+(?=/)")
_PARAMETER = re.compile(
    r"token|secret|passw|pwd|auth|signature|credential|session|(?:api|access|private)[-_]?key"
    r"|accesskeyid|^(?:key|sig|code|jwt)$",
    re.IGNORECASE,
)
# Shapes that issuers of credentials chose so that they can be told from other text.
_ISSUED = re.compile(
    r"(?<![A-Za-z0-9])(?:gh[pousr]_[A-Za-z0-9]{16,}|github_pat_\w{20,}|gl(?:pat|dt|ptt)-[\w-]{16,}"
    r"|hf_[A-Za-z0-9]{16,}|sk-[\w-]{16,}|[sr]k_(?:live|test)_\w{10,}|pypi-[\w-]{16,}"
    r"|A(?:KIA|SIA)[A-Z0-9]{12,}|AIza[\w-]{20,}|ya29\.[\w-]{10,}|xox[abeoprs]-[\w-]{8,}"
    r"|npm_\w{20,}|dckr_pat_[\w-]{16,}|eyJ[\w-]{8,}\.[\w-]{8,})"
)
_SECRET_WORDS = frozenset(
    {"TOKEN", "TOKENS", "SECRET", "SECRETS", "PASSWORD", "PASSWORDS", "PASSWD", "PASSPHRASE"}
    | {"PASS", "PW", "CREDENTIAL", "CREDENTIALS", "CREDS", "APIKEY", "AUTHTOKEN", "ACCESSKEY"}
    | {"SECRETKEY", "PAT", "JWT", "BEARER", "DSN"}
)
_SECRET_PAIRS = frozenset(
    {("API", "KEY"), ("ACCESS", "KEY"), ("PRIVATE", "KEY"), ("AUTH", "KEY"), ("ACCOUNT", "KEY")}
    | {("SIGNING", "KEY"), ("ENCRYPTION", "KEY"), ("LICENSE", "KEY"), ("BASIC", "AUTH")}
)
_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+")
_SECRET_VALUE = re.compile(
    r"-----BEGIN |\b(?:bearer|basic) [\w.~+/=-]{12,}"
    r"|(?:passw\w*|pwd|secret|token|accountkey|sharedaccesskey|api_?key)\s*[=:]\s*\S",
    re.IGNORECASE,
)
_OPAQUE = re.compile(r"[A-Za-z0-9+=_-]{32,}")
_OPAQUE_BITS = 3.5
"""Entropy of a character above which a long word is taken for a key; hex has at most 4."""


def url(text: str) -> str:
    """The URL without user, password, token segment, token-like parameters and issued tokens."""
    if not _SUSPICIOUS.search(text):
        return _ISSUED.sub("", text)
    scheme = _SCHEME.match(text)
    start = scheme.end() if scheme else 0
    user, rest = _split_user(text, start)
    kept = f"{user}@" if _is_public(user, scheme.group(1) if scheme else "") else ""
    rest, query, fragment = _split_tail(_TOKEN_SEGMENT.sub("", rest))
    cleaned = f"{text[:start]}{kept}{rest}{_parameters('?', query)}{_parameters('#', fragment)}"
    return _ISSUED.sub("", cleaned)


def text(value: str) -> str:
    """The text with every URL in it redacted."""
    if "://" not in value:
        return _ISSUED.sub("", value)
    return _URL.sub(lambda match: url(match.group()), value)


def is_secret(name: str, value: str) -> bool:
    """Whether an environment variable is a secret, by its name or by its look."""
    words = [word.upper() for word in _WORD.findall(name)]
    if not _SECRET_WORDS.isdisjoint(words) or not _SECRET_PAIRS.isdisjoint(pairwise(words)):
        return True
    return (
        _SECRET_VALUE.search(value) is not None
        or any(url(found) != found for found in _URL.findall(value))
        or text(value) != value
        or _is_opaque(value)
    )


def _split_user(text: str, start: int) -> tuple[str, str]:
    """(user information, the rest after its @); a password may hold ``@`` and even ``/``."""
    end = min((i for c in "/?#" if (i := text.find(c, start)) >= 0), default=len(text))
    authority = text[start:end]
    if "@" not in authority:
        _, colon, port = authority.rpartition(":")
        at = text.rfind("@")
        # `user:pa/ss@host`: what looks like a port is no number, so the password has a slash.
        if not colon or not port or port.isdigit() or at < end or authority.endswith("]"):
            return "", text[start:]
        return text[start:at], text[at + 1 :]
    user, _, host = authority.rpartition("@")
    return user, host + text[end:]


def _is_public(user: str, scheme: str) -> bool:
    if _PLACEHOLDER.fullmatch(user):
        return True
    return user in _PUBLIC_USERS and ("ssh" in scheme or scheme in {"", "git"})


def _split_tail(rest: str) -> tuple[str, str, str]:
    rest, _, fragment = rest.partition("#")
    rest, _, query = rest.partition("?")
    return rest, query, fragment


def _parameters(mark: str, text: str) -> str:
    kept = [p for p in text.split("&") if p and not _PARAMETER.search(p.partition("=")[0])]
    return mark + "&".join(kept) if kept else ""


def _is_opaque(value: str) -> bool:
    if not _OPAQUE.fullmatch(value) or not (
        any(c.isdigit() for c in value) and any(c.isalpha() for c in value)
    ):
        return False
    bits = -sum(n / len(value) * math.log2(n / len(value)) for n in Counter(value).values())
    return bits > _OPAQUE_BITS
