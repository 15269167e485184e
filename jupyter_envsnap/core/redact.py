"""Takes credentials out of what is read, before it becomes part of an environment."""

from __future__ import annotations

import math
import re
from collections import Counter
from urllib.parse import unquote

_SUSPICIOUS = re.compile(r"[@?#]|/t/")
# A password may hold a quote, the rest of a URL ends there.
_URL = re.compile(r"[a-zA-Z][a-zA-Z0-9+.-]*://(?:[^\s/]*@)?[^\s\"'<>]+")
_SCHEME = re.compile(r"([a-zA-Z][a-zA-Z0-9+.-]*)://")
# PEP 610: an environment variable in place of a password is no secret, nor is ssh's user `git`.
_PLACEHOLDER = re.compile(r"\$\{[A-Za-z0-9_-]+\}(?::\$\{[A-Za-z0-9_-]+\})?")
_PUBLIC_USERS = frozenset({"git", "hg"})
# A spec puts `::` behind its channel.
_TOKEN_SEGMENT = re.compile(r"/t/[^/?#]+?(?=/|::|$)")
_HOST = re.compile(r"[\w.-]+\.[A-Za-z]{2,}(?::\d+)?(?:/|$)")
_PARAMETER = re.compile(
    r"token|secret|pass|pwd|auth|signature|cred|session|(?:api|access|private)[-_]?key"
    r"|accesskeyid|^(?:key|sig|code|jwt)$",
    re.IGNORECASE,
)
_SEPARATOR = re.compile(r"[&;]")
_PATH_PARAMETER = re.compile(r";([^/;?#]*)")
# Shapes that issuers of credentials chose so that they can be told from other text.
_ISSUED = re.compile(
    r"(?<![A-Za-z0-9])(?:gh[pousr]_[A-Za-z0-9]{16,}|github_pat_\w{20,}|gl(?:pat|dt|ptt)-[\w-]{16,}"
    r"|hf_[A-Za-z0-9]{16,}|sk-[\w-]{16,}|[sr]k_(?:live|test)_\w{10,}|pypi-[\w-]{16,}"
    r"|A(?:KIA|SIA)[A-Z0-9]{12,}|AIza[\w-]{20,}|ya29\.[\w-]{10,}|xox[abeoprs]-[\w-]{8,}"
    r"|npm_\w{20,}|dckr_pat_[\w-]{16,}|eyJ[\w-]{8,}\.[\w-]{8,}"
    # Who knows the address of a webhook may write there.
    r"|(?<=hooks\.slack\.com/services/)[\w/-]+|(?<=hooks\.slack\.com/workflows/)[\w/-]+"
    r"|(?<=hooks\.slack\.com/triggers/)[\w/-]+|(?<=discord\.com/api/webhooks/)[\w/-]+"
    r"|(?<=discordapp\.com/api/webhooks/)[\w/-]+|(?<=webhook\.office\.com/)[\w/@-]+)"
)
# Too much left out costs a finding, too little a password: words may be glued, as in PGPASSWORD.
_SECRET_ENDINGS = (
    *("TOKEN", "TOKENS", "SECRET", "SECRETS", "PASSWORD", "PASSWORDS", "PASSWD", "PASSPHRASE"),
    *("PASS", "PWD", "CREDENTIAL", "CREDENTIALS", "CRED", "CREDS", "AUTH", "AUTHORIZATION"),
    *("PASSWORT", "KENNWORT", "COOKIE", "COOKIES"),
)
_SECRET_WORDS = frozenset({"PW", "PAT", "JWT", "BEARER", "DSN", "HMAC", "SIG", "OTP", "TOTP"})
_SECRET_LAST_WORDS = frozenset({"KEY", "PIN"})
_HARMLESS_WORDS = frozenset({"COMPASS", "BYPASS", "HOTKEY", "MONKEY", "TURKEY", "PUBLICKEY"})
_HARMLESS_NAMES = frozenset({"PWD", "OLDPWD"})
"""Folders, in every shell."""
_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+")
_TELLING = (
    r"(?:passw\w*|passphrase|pwd|secret|token|authorization|cookie|key[-_]?data"
    r"|(?:api|account|access|private|secret|shared[-_]?access)[-_]?key)[\"']?"
)
"""A word that a secret comes after."""
_SECRET_VALUE = re.compile(
    r"-----BEGIN |\b(?:bearer|basic) [\w.~+/=-]{12,}"
    # In JSON, in YAML, in a header; as an option, in a netrc.
    rf"|{_TELLING}\s*[=:]\s*\S|--[\w-]{{0,30}}{_TELLING}\s+\S|\bauthorization\s+\S"
    r"|\blogin\s+\S+\s+password\s+\S"
    # In a sentence: what looks like no word of one.
    rf"|{_TELLING}\s+(?:[\"']\S|(?=\S*\d)\S{{7,}}|(?-i:(?=\S*[a-z])(?=\S*[A-Z])\S{{8,}}))"
    # `-p 8080` is a port, `-p data` a folder, `-u 1000:1000` are no words.
    r"|(?:^|\s)-p\s+(?!\d+(?:\s|$)|-|[^\s\d]{1,7}(?:\s|$))\S"
    r"|(?:^|\s)(?:-u|--user)[\s=]*(?!\d+:\d+(?:\s|$))[^\s:/]+:[^\s/]",
    re.IGNORECASE,
)
_USERINFO = re.compile(r"(?<![^\s\"'=])(?!mailto:)(?://)?[^\s/:@]+:[^\s@]+@[\w.\[][^\s\"']*")
"""A user and a password before a host, without a scheme, as proxies are named."""
_WITHOUT_SCHEME = re.compile(r"(?<![\w/.])[\w-]+(?:\.[\w-]+)+(?::\d+)?/(?:\S*?/)?t/[^\s\"'<>]+")
"""A host and the token of a channel."""
_OPAQUE = re.compile(r"[A-Za-z0-9+=_-][A-Za-z0-9+/=_-]{31,}")
_OPAQUE_BITS = 3.5
"""Entropy of a character above which a long word is taken for a key; hex has at most 4."""


def url(text: str) -> str:
    """The URL without user, password, token segment, token-like parameters and issued tokens."""
    text = _PATH_PARAMETER.sub(_harmless, text) if ";" in text else text
    if not _SUSPICIOUS.search(text):
        return _ISSUED.sub("", text)
    scheme = _SCHEME.match(text)
    start = scheme.end() if scheme else 2 * text.startswith("//")
    user, rest = _split_user(text, start)
    kept = f"{user}@" if _is_public(user, scheme.group(1) if scheme else "") else ""
    rest, query, fragment = _split_tail(_TOKEN_SEGMENT.sub("", rest))
    cleaned = f"{text[:start]}{kept}{rest}{_parameters('?', query)}{_parameters('#', fragment)}"
    return _ISSUED.sub("", cleaned)


def text(value: str) -> str:
    """The text with every URL in it redacted."""
    if "@" not in value and "://" not in value and "/t/" not in value:
        return _ISSUED.sub("", value)
    for address in (_URL, _USERINFO, _WITHOUT_SCHEME):
        value = address.sub(lambda match: url(match.group()), value)
    return _ISSUED.sub("", value)


def is_secret(name: str, value: str) -> bool:
    """Whether an environment variable is a secret, by its name or by its look."""
    return _names_secret(name) or (
        _SECRET_VALUE.search(value) is not None or text(value) != value or _is_opaque(value)
    )


def _names_secret(name: str) -> bool:
    if name.upper() in _HARMLESS_NAMES:
        return False
    words = [word.upper() for word in _WORD.findall(name)]
    if words and words[-1] in _SECRET_LAST_WORDS and "PUBLIC" not in words:
        return True
    return any(
        word in _SECRET_WORDS
        or (word.endswith(_SECRET_ENDINGS) and word not in _HARMLESS_WORDS)
        # Glued to another, as in SSHKEY.
        or (word.endswith("KEY") and word != "KEY" and word not in _HARMLESS_WORDS)
        for word in words
    )


def _harmless(parameter: re.Match[str]) -> str:
    return "" if _is_secret_parameter(parameter.group(1)) else parameter.group()


def _split_user(text: str, start: int) -> tuple[str, str]:
    """(user information, the rest after its @); a password may hold ``@`` and even ``/``."""
    end = min((i for c in "/?#" if (i := text.find(c, start)) >= 0), default=len(text))
    authority = text[start:end]
    if "@" not in authority:
        _, colon, port = authority.rpartition(":")
        at = text.rfind("@")
        if not colon or not port or at < end or authority.endswith("]"):
            return "", text[start:]
        # `user:pa/ss@host`: what looks like a port is no number, or a host comes behind the @.
        if port.isdigit() and text[end] == "/" and not _HOST.match(text, at + 1):
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
    kept = [p for p in _SEPARATOR.split(text) if p and not _is_secret_parameter(p)]
    return mark + "&".join(kept) if kept else ""


def _is_secret_parameter(text: str) -> bool:
    name = unquote(text.partition("=")[0])
    return _PARAMETER.search(name) is not None or _names_secret(name)


def _is_opaque(value: str) -> bool:
    if not _OPAQUE.fullmatch(value):
        return False
    kinds = [any(map(of_kind, value)) for of_kind in (str.isdigit, str.isupper, str.islower)]
    # With slashes in it, it may be a path: a key in base64 has all three kinds.
    if not kinds[0] or sum(kinds) < (3 if "/" in value else 2):
        return False
    bits = -sum(n / len(value) * math.log2(n / len(value)) for n in Counter(value).values())
    return bits > _OPAQUE_BITS
