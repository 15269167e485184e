"""What the routes answer, over real HTTP; every reply is held to the OpenAPI document."""

from __future__ import annotations

import json
from urllib.parse import quote

import msgspec
import pytest

from jupyter_envsnap.core.errors import HistoryUnavailable, all_errors
from jupyter_envsnap.server.handlers import MOST_BODY_BYTES, EnvSnapHandler
from jupyter_envsnap.server.http_errors import status_of
from tests.fakes import environment
from tests.server.conftest import body_of

POSTS = {
    "snapshots": {"kernel_id": "k-1"},
    "save/preview": {"source": "kernel:k-1"},
    "save": {"source": "kernel:k-1"},
}
CONDITIONAL = ("kernels/k-1/environment", "kernels/k-1/document", "openapi.json")

each_post = pytest.mark.parametrize("path", POSTS)


async def test_kernels_are_listed_with_prefix_or_problem_and_never_cached(fetch):
    response = await fetch("kernels")

    rows = {row["kernel_id"]: row for row in body_of(response)["kernels"]}
    assert rows["k-1"]["prefix"]["path"] == "/envs/climate"
    assert rows["k-2"]["alternatives"][0]["prefix"]["path"] == "/envs/b"
    problems = {name: row["problem"] and row["problem"]["code"] for name, row in rows.items()}
    assert problems == {
        "k-1": None,
        "k-2": None,
        "k-damaged": "prefix-unreadable",
        "k-remote": "kernel-remote",
        "k-starting": "kernel-starting",
    }
    assert response.headers["Cache-Control"] == "no-store"


async def test_the_environment_is_what_is_installed(fetch):
    found = body_of(await fetch("kernels/k-1/environment"))

    assert [package["name"] for package in found["conda"]] == ["numpy", "python"]
    assert found["pypi"] == [{"name": "seaborn", "version": "0.13.2"}]


async def test_a_document_is_text_with_its_type_and_a_name_to_save_it_under(fetch):
    response = await fetch("kernels/k-1/document")

    assert "numpy==2.1.0" in response.body.decode()
    assert response.headers["Content-Type"] == "application/yaml; charset=utf-8"
    assert response.headers["Content-Disposition"] == 'inline; filename="environment.yml"'


async def test_formats_name_their_profiles(fetch):
    formats = body_of(await fetch("formats"))["formats"]

    assert [(each["name"], each["profiles"][0]["name"]) for each in formats] == [
        ("environment-yaml", "versions"),
        ("environment-json", "versions"),
        ("explicit", "exact"),
        ("requirements", "versions"),
    ]


async def test_a_snapshot_is_made_listed_read_and_written(serve):
    client = serve("/user/x/")
    made = await client.fetch(
        "snapshots", "POST", json={"kernel_id": "k-1", "note": "before the upgrade"}
    )
    taken = body_of(made)
    address = f"snapshots/{taken['snapshot']['id']}"

    assert (made.code, taken["unchanged_since"]) == (201, None)
    assert made.headers["Location"] == f"/user/x/envsnap/{address}"
    listed = body_of(await client.fetch("snapshots", query={"notebook": "a.ipynb"}))
    first = taken["snapshot"] | {"change": {"since": None, "first": None, "more": 0}}
    assert listed == {
        "snapshots": [first],
        "next": None,
        "kept": {"count": 1, "since": first["taken_at"]},
        "findings": [],
    }
    detail = body_of(await client.fetch(address))
    assert detail["environment"] == body_of(await client.fetch("kernels/k-1/environment"))
    document = await client.fetch(f"{address}/document")
    assert document.body == (await client.fetch("kernels/k-1/document")).body
    again = body_of(await client.fetch("snapshots", "POST", json={"kernel_id": "k-1"}))
    assert again["unchanged_since"] == taken["snapshot"]


async def test_the_history_comes_in_pages(fetch):
    for _ in range(3):
        await fetch("snapshots", "POST", json={"kernel_id": "k-1"})

    first = body_of(await fetch("snapshots", query={"limit": 2}))
    second = body_of(await fetch("snapshots", query={"limit": 2, "before": first["next"]}))

    assert (len(first["snapshots"]), len(second["snapshots"])) == (2, 1)
    assert second["next"] is None


async def test_a_save_writes_what_the_preview_showed(fetch, world):
    preview = body_of(await fetch("save/preview", "POST", json={"source": "kernel:k-1"}))
    request = {
        "source": "kernel:k-1",
        "path": preview["path"],
        "base_digest": preview["base_digest"],
        "document_digest": preview["document_digest"],
        "commit": {"message": preview["message"]},
    }
    saved = body_of(await fetch("save", "POST", json=request))

    assert world.files.files == {"environment.yml": preview["text"]}
    assert world.repositories.commits == [("/srv/environment.yml", preview["message"])]
    assert (saved["written"], saved["commit"]["short_id"]) == (True, "9f3c2e1")
    assert saved["snapshot"]["reason"] == "saved"


async def test_a_stale_digest_is_a_conflict_and_writes_nothing(fetch, world):
    world.files.files["environment.yml"] = "by hand\n"

    response = await fetch("save", "POST", json={"source": "kernel:k-1"})

    assert (response.code, body_of(response)["code"]) == (409, "target-changed")
    assert world.files.files == {"environment.yml": "by hand\n"}


@pytest.mark.parametrize("path", CONDITIONAL)
async def test_who_has_the_representation_gets_none(fetch, path):
    first = await fetch(path)
    etag = first.headers["ETag"]

    known = await fetch(path, headers={"If-None-Match": f'"x", W/{etag}'})
    other = await fetch(path, headers={"If-None-Match": '"x"'})

    assert (first.code, known.code, other.code) == (200, 304, 200)
    assert known.body == b""
    assert known.headers["ETag"] == etag
    assert other.body == first.body
    assert first.headers["Cache-Control"] == "private, no-cache"


@pytest.mark.parametrize("path", CONDITIONAL[:2])
async def test_the_etag_changes_with_what_is_installed(fetch, world, path):
    etag = (await fetch(path)).headers["ETag"]
    world.environments.prefixes["/envs/climate"] = environment("climate", numpy="2.2.0")

    response = await fetch(path, headers={"If-None-Match": etag})

    assert response.code == 200
    assert b"2.2.0" in response.body


async def test_the_etag_changes_with_the_name_which_the_digest_leaves_out(fetch, world):
    etag = (await fetch("kernels/k-1/environment")).headers["ETag"]
    before = world.environments.prefixes["/envs/climate"]
    renamed = msgspec.structs.replace(before, name="weather")
    world.environments.prefixes["/envs/climate"] = renamed

    response = await fetch("kernels/k-1/environment", headers={"If-None-Match": etag})

    assert (response.code, body_of(response)["name"]) == (200, "weather")


@pytest.mark.parametrize(
    ("path", "status", "code"),
    [
        ("kernels/unknown/environment", 404, "kernel-not-found"),
        ("kernels/unknown/document", 404, "kernel-not-found"),
        ("kernels/k-remote/environment", 422, "kernel-remote"),
        ("kernels/k-starting/environment", 409, "kernel-starting"),
        ("kernels/k-damaged/environment", 422, "prefix-unreadable"),
        ("kernels/k-1/document?format=nope", 400, "format-unknown"),
        ("kernels/k-1/document?profile=nope", 400, "profile-unknown"),
        ("kernels/k-1/document?profile=a&profile=b", 400, "bad-request"),
        ("kernels/k-1/document?format=%FF", 400, "bad-request"),
        ("kernels/%2E%2E%2Fetc/environment", 404, "kernel-not-found"),
        ("kernels/../../etc/passwd", 404, "not-found"),
        ("kernels/%00/environment", 404, "kernel-not-found"),
        ("kernels/%FF/environment", 400, "bad-request"),
        (f"kernels/{'x' * 10_000}/environment", 404, "kernel-not-found"),
        ("snapshots/unknown", 404, "snapshot-not-found"),
        ("snapshots/%2E%2E%2Fetc/document", 404, "snapshot-not-found"),
        ("snapshots/%00", 404, "snapshot-not-found"),
        (f"snapshots/{'x' * 10_000}", 404, "snapshot-not-found"),
        ("snapshots?before=unknown", 404, "snapshot-not-found"),
        ("snapshots?limit=0", 400, "bad-request"),
        ("snapshots?limit=501", 400, "bad-request"),
        ("snapshots?limit=many", 400, "bad-request"),
        ("snapshots?limit=", 400, "bad-request"),
        (f"snapshots?notebook={'x' * 5_000}", 400, "bad-request"),
        ("snapshots?prefix=/etc", 403, "prefix-refused"),
        ("snapshots?prefix=/envs/climate/../climate", 403, "prefix-refused"),
    ],
)
async def test_what_cannot_be_answered_has_a_status_and_a_code(fetch, path, status, code):
    response = await fetch(path)

    assert (response.code, body_of(response)["code"]) == (status, code)
    assert len(response.body) < 2_000


async def test_a_bad_field_of_a_query_is_named(fetch):
    assert body_of(await fetch("snapshots?limit=0"))["detail"]["field"] == "limit"


BAD_BODIES = {
    "nothing": b"",
    "null": b"null",
    "a list": b"[]",
    "text": b'"kernel:k-1"',
    "half of it": b'{"source": ',
    "two of it": b"{} {}",
    "not UTF-8": b'{"source": "\xff", "kernel_id": "\xff"}',
    "UTF-16": '{"source": "kernel:k-1"}'.encode("utf-16"),
    "a lone surrogate": b'{"source": "\\ud800", "kernel_id": "\\ud800"}',
    "without what is needed": b"{}",
    "a deep nest": b'{"source":' + b"[" * 200_000,
    "a form": b"source=kernel:k-1&kernel_id=k-1",
}


@each_post
@pytest.mark.parametrize("body", BAD_BODIES.values(), ids=list(BAD_BODIES))
async def test_a_body_that_is_no_request_is_refused(fetch, world, path, body):
    response = await fetch(path, "POST", body=body)

    assert (response.code, body_of(response)["code"]) == (400, "bad-request")
    assert world.history.rows == []
    assert world.files.files == {}


@each_post
async def test_a_wrong_unknown_or_repeated_field_is_named(fetch, path):
    good = POSTS[path]
    [(needed, value)] = good.items()
    bodies = {
        needed: [
            json.dumps({needed: 1}),
            json.dumps({needed: None}),
            json.dumps({needed: "x" * 5_000}),
            json.dumps({}),
            f'{{"{needed}": "{value}", "{needed}": "kernel:k-2"}}',
        ],
        "colour": [json.dumps({**good, "colour": "red"})],
    }
    for field, texts in bodies.items():
        for text in texts:
            response = await fetch(path, "POST", body=text)
            assert response.code == 400, text
            assert body_of(response)["detail"]["field"] == field, text


async def test_a_word_that_is_too_long_is_refused_and_not_repeated(fetch):
    for field in ("format", "profile", "mode"):
        request = {"source": "kernel:k-1", field: "x" * 100_000}
        response = await fetch("save/preview", "POST", json=request)
        assert (response.code, body_of(response)["detail"]["field"]) == (400, field)
        assert len(response.body) < 2_000


async def test_a_wrong_field_inside_a_field_is_named(fetch):
    for commit in ({"message": ""}, {"message": 1}):
        request = {"source": "kernel:k-1", "commit": commit}
        response = await fetch("save", "POST", json=request)
        assert body_of(response)["detail"]["field"] == "commit.message"
    twice = '{"source": "kernel:k-1", "commit": {"message": "a", "message": "b"}}'
    assert (await fetch("save", "POST", body=twice)).code == 400


def _big(size):
    """A request that would be good, were it not for its size."""
    padding = b" " * (size - len(b'{"kernel_id":"k-1","source":"kernel:k-1"}'))
    return b'{"kernel_id":"k-1"' + padding + b',"source":"kernel:k-1"}'


@each_post
@pytest.mark.parametrize("size", [MOST_BODY_BYTES + 1, 50_000_000])
async def test_a_body_that_is_too_large_is_refused_unread(fetch, world, path, size):
    response = await fetch(path, "POST", body=_big(size))

    assert (response.code, body_of(response)["code"]) == (413, "body-too-large")
    assert world.history.rows == []


async def test_a_large_body_in_chunks_without_a_length_is_refused_too(fetch):
    async def produce(write):
        for _ in range(500):
            await write(b" " * 100_000)

    response = await fetch("snapshots", "POST", body_producer=produce)

    assert (response.code, body_of(response)["code"]) == (413, "body-too-large")


async def test_nothing_beyond_the_limit_is_kept(fetch, monkeypatch):
    kept = []
    body_as = EnvSnapHandler.body_as
    monkeypatch.setattr(
        EnvSnapHandler,
        "body_as",
        lambda self, kind: kept.append(len(self._body)) or body_as(self, kind),
    )

    await fetch("snapshots", "POST", body=_big(50_000_000))

    assert kept[0] <= MOST_BODY_BYTES


async def test_the_largest_body_is_still_read(fetch):
    body = json.dumps({"kernel_id": "k-1"}).encode().ljust(MOST_BODY_BYTES)

    assert (await fetch("snapshots", "POST", body=body)).code == 201


async def test_an_error_of_the_domain_is_told_whole_and_logged_as_one_line(fetch, world, caplog):
    class Broken:
        async def page(self, query):  # noqa: ARG002
            raise HistoryUnavailable("The disk is 90% full.", path="/h")

    world.history.page = Broken().page
    response = await fetch("snapshots")

    assert response.code == 503
    assert body_of(response) == {
        "code": "history-unavailable",
        "message": "The disk is 90% full.",
        "detail": {"path": "/h"},
    }
    assert "history-unavailable: The disk is 90% full." in caplog.text
    assert "Traceback" not in caplog.text


@pytest.mark.parametrize("kind", list(all_errors()), ids=lambda kind: kind.code)
async def test_each_error_arrives_with_its_status_and_code(fetch, world, kind):
    world.environments.prefixes["/envs/climate"] = kind("what is so", number=1, text="a")

    response = await fetch("kernels/k-1/environment")

    assert response.code == status_of(kind("what is so"))
    assert body_of(response) == {
        "code": kind.code,
        "message": "what is so",
        "detail": {"number": 1, "text": "a"},
    }


async def test_an_unexpected_error_shows_nothing_and_is_logged_whole(fetch, world, caplog):
    world.environments.prefixes["/envs/climate"] = "no environment"

    response = await fetch("kernels/k-1/environment")

    assert (response.code, body_of(response)["code"]) == (500, "internal")
    assert "attribute" not in response.body.decode()
    assert "AttributeError" in caplog.text


async def test_a_poll_does_not_count_as_activity_and_anything_else_does(client):
    for path in ("kernels", "kernels/k-1/environment", "nope"):
        await client.fetch(path, query={"no_track_activity": 1})
    assert "api_last_activity" not in client.settings

    await client.fetch("kernels")
    assert "api_last_activity" in client.settings


@pytest.mark.parametrize("base_url", ["/user/x/", "/user/é and space/"])
async def test_everything_works_under_another_base_url(serve, base_url):
    client = serve(quote(base_url))

    assert (await client.fetch("kernels")).code == 200
    assert (await client.fetch("nope")).code == 404
    made = await client.fetch("snapshots", "POST", json={"kernel_id": "k-1"})
    assert made.headers["Location"].startswith(f"{quote(base_url)}envsnap/snapshots/")


async def test_a_note_is_added_to_a_snapshot_afterwards(client, world):
    taken = body_of(await client.fetch("snapshots", "POST", json={"kernel_id": "k-1"}))
    address = f"snapshots/{taken['snapshot']['id']}"

    noted = await client.fetch(address, "PATCH", json={"note": "before the upgrade"})
    listed = body_of(await client.fetch("snapshots"))["snapshots"]
    taken_back = await client.fetch(address, "PATCH", json={"note": ""})
    unknown = await client.fetch("snapshots/gone", "PATCH", json={"note": "x"})
    too_long = await client.fetch(address, "PATCH", json={"note": "x" * 1_001})

    assert body_of(noted)["note"] == "before the upgrade"
    assert [row["note"] for row in listed] == ["before the upgrade"]
    assert body_of(taken_back)["note"] is None
    assert (unknown.code, too_long.code) == (404, 400)
    assert len(world.history.rows) == 1


async def test_the_list_says_how_much_there_is_and_what_changed(client):
    older, _ = [
        body_of(await client.fetch("snapshots", "POST", json={"kernel_id": "k-1"}))["snapshot"]
        for _ in range(2)
    ]

    page = body_of(await client.fetch("snapshots?reason=manual&reason=cli&limit=1"))

    assert page["kept"]["count"] == 2
    assert page["snapshots"][0]["change"] == {"since": older["id"], "first": None, "more": 0}
