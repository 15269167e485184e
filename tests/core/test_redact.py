from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jupyter_envsnap.core import redact

URLS = {
    "https://me:pw@host/x": "https://host/x",
    "https://me:p@w@host/x": "https://host/x",
    "https://me:p/w@host/x": "https://host/x",
    "https://pw@host:8443/x": "https://host:8443/x",
    "me:pw@host/x": "host/x",
    "//me:pw@host/x": "//host/x",
    "https://me:12/pw@host.org/x": "https://host.org/x",
    "https://me:1#pw@host/x": "https://host/x",
    "https://host/t/tk-12::numpy": "https://host::numpy",
    "https://host/x?pass=pw": "https://host/x",
    "https://host/x?pat=pw&hmac=pw&X_SIG=pw&bearer=pw&creds=pw&pw=pw": "https://host/x",
    "https://host/x?page=2;token=pw": "https://host/x?page=2",
    "https://host/x?to%6ben=pw": "https://host/x",
    "https://conda.anaconda.org/t/tk-12-ab/acme": "https://conda.anaconda.org/acme",
    "https://host/x?token=pw&page=2": "https://host/x?page=2",
    "https://host/x?X-Amz-Signature=pw": "https://host/x",
    "https://host/x#access_token=pw": "https://host/x",
    "https://host/x;token=pw/linux-64/a.conda": "https://host/x/linux-64/a.conda",
    "host.org/t/tk-12/x": "host.org/x",
    "https://hooks.slack.com/services/T0/B0/Xx": "https://hooks.slack.com/services/",
    "https://me:p/w@x@host.org/x": "https://host.org/x",
    "https://me@corp:pw@host/x": "https://host/x",
    "https://host/ghp_0123456789abcdefghij/x": "https://host//x",
}
UNTOUCHED = (
    "https://host/x",
    "ssh://git@github.com/team/repo.git",
    "git@github.com:team/repo.git",
    "https://${USER}:${PASSWORD}@host/x",
    "https://[::1]:8080/x@1",
    "https://host:8080/repo.git@main",
    "https://host:8080/scope@1.0/x",
    "https://host/repo.git@main",
    "https://host/x?page=2#subdirectory=python",
    "file:///srv/channel",
    "https://host/x;v=1/y",
    "conda-forge/t",
)


@pytest.mark.parametrize(("url", "clean"), URLS.items())
def test_no_credential_stays_in_a_url(url, clean):
    assert redact.url(url) == clean


@pytest.mark.parametrize("url", UNTOUCHED)
def test_what_is_no_credential_stays(url):
    assert redact.url(url) == url


@settings(deadline=None, max_examples=50)
@given(
    user=st.text("abcXYZ019", min_size=1),
    password=st.text("s3cretPW!$%&:@", min_size=1),
    host=st.sampled_from(["example.org", "example.org:8443", "[::1]:80"]),
)
def test_no_userinfo_survives_whatever_it_is_made_of(user, password, host):
    assert redact.url(f"https://{user}:{password}@{host}/x") == f"https://{host}/x"


@pytest.mark.parametrize("url", [*URLS, *UNTOUCHED])
def test_redacting_twice_changes_nothing_more(url):
    once = redact.url(url)
    assert redact.url(once) == once


def test_addresses_without_a_scheme_are_redacted_in_a_text():
    assert redact.text("via me:pw@host/c and //me:pw@host/d") == "via host/c and //host/d"
    assert redact.text("me:pw@host/c::numpy") == "host/c::numpy"
    assert redact.text("'https://me:p\"w@host/c'") == "'https://host/c'"


def test_urls_inside_a_text_are_redacted():
    assert redact.text("https://h/t/pw/acme::numpy=1 and a@b") == "https://h/acme::numpy=1 and a@b"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("API_TOKEN", "x"),
        ("apiKey", "x"),
        ("AWS_SECRET_ACCESS_KEY", "x"),
        ("DB_PASSWORD", ""),
        ("PROXY", "http://me:pw@host"),
        ("MASTER", "-----BEGIN PRIVATE KEY-----"),
        ("X", "ghp_0123456789abcdefghij"),
        ("X", "Server=db;Password=pw"),
        ("X", "aB3dE5gH7jK9mN1pQ3sT5vW7yZ9bC1eF"),
        ("PGPASSWORD", "hunter2"),
        ("dbpasswd", "hunter2"),
        ("WANDBAPIKEY", "hunter2"),
        ("NPM_CONFIG__AUTH", "hunter2"),
        ("AUTHORIZATION", "hunter2"),
        ("FERNET_KEY", "hunter2"),
        ("DB", "postgres://me:p'w@host/db"),
        ("MYSQL_PWD", "hunter2"),
        ("SSHPASS", "hunter2"),
        ("DBPASS", "hunter2"),
        ("MYTOKEN", "hunter2"),
        ("REDISCLI_AUTH", "hunter2"),
        ("OPENAI_KEY", "hunter2"),
        ("HTTP_PROXY", "me:pw@proxy:3128"),
        ("X", "--token hunter2"),
        ("X", "run --password hunter2"),
        ("X", "mysql -p hunter2"),
        ("X", "curl -u me:hunter2 https://host"),
        ("X", "curl --user=me:hunter2"),
        ("X", '{"token": "hunter2"}'),
        ("X", "{'private_key': 'hunter2'}"),
        ("X", '{"client_secret":"hunter2"}'),
        ("X", "Authorization: token hunter2"),
        ("X", "X-Api-Key: hunter2"),
        ("X", "client-key-data: hunter2"),
        ("X", "machine host login me password hunter2"),
        ("X", "machine host login me password correct-horse"),
        ("X", "the token is secret aB3dE5gH7"),
        ("X", "password CorrectHorse"),
        ("X", "Authorization hunter"),
        ("X", "run --api-token hunter"),
        ("X", "token: hunter"),
        ("X", "token 'hunter'"),
        ("X", "token ab/9cDe"),
        ("X", "mysql -p correct-horse"),
        ("X", "mysql -p hunter2 -h host"),
        ("X", "https://hooks.slack.com/services/T0/B0/hunter2"),
        ("X", "https://discord.com/api/webhooks/1/hunter2"),
        ("X", "https://corp.webhook.office.com/webhookb2/hunter2"),
        ("X", "h.example/t/hunter2/c"),
        ("SSHKEY", "hunter2"),
        ("MYKEY", "hunter2"),
        ("LICENSEKEY", "hunter2"),
        ("SSHKEY_OF_ADA", "hunter2"),
        ("PASSWORT", "hunter2"),
        ("SESSION_COOKIE", "hunter2"),
        ("OTP", "123456"),
        ("USER_PIN", "1234"),
        ("AZURE_STORAGE", "qL7+Zb0/Wk3nPz1xYc9rT5vB2mH8sD4fG6jK0aQeRwI="),
    ],
)
def test_a_variable_is_secret_by_name_or_by_look(name, value):
    assert redact.is_secret(name, value)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("TOKENIZERS_PARALLELISM", "false"),
        ("PATH", "/usr/local/bin:/usr/bin"),
        ("PWD", "/home/me"),
        ("OLDPWD", "/home/me"),
        ("KEYBOARD", "de"),
        ("KEYRING_BACKEND", "keyring.backends.null.Keyring"),
        ("SSH_PUBLIC_KEY", "ed25519"),
        ("COMPASS", "north"),
        ("CONTACT", "mailto:me:you@example.org"),
        ("LIBS", "usr/share/data2/somewhere/far/below/there"),
        ("GIT_REMOTE", "git@github.com:team/repo.git"),
        ("PROXY", "http://host:3128"),
        ("TEXT", "x " * 60),
        ("FILLER", "-" * 40),
        ("SSH_PUBLICKEY", "ed25519"),
        ("PIN_MEMORY", "1"),
        ("HOTKEY", "ctrl-x"),
        ("CFLAGS", "-O2 -pipe -pthread -isystem /x"),
        ("TUNNEL", "ssh -p 22 host"),
        ("CFLAGS", "-p -O2"),
        ("CFLAGS", "-O2 -p"),
        ("SETUP", "mkdir -p data"),
        ("TEXT", "the token cache"),
        ("TEXT", "Never keep a password anywhere."),
        ("TEXT", "cookie jar"),
        ("RUN_AS", "docker run -u 1000:1000 image"),
        ("MODE", "tokenizer=fast"),
        ("LABEL", "a/t/b"),
    ],
)
def test_other_variables_are_no_secrets(name, value):
    assert not redact.is_secret(name, value)
