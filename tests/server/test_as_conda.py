"""What the real conda printed, over HTTP."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from jupyter_envsnap.adapters.environments import PrefixReader
from jupyter_envsnap.core.documents.as_conda import CondaView
from jupyter_envsnap.core.model import Environment, Prefix, Progress
from tests import golden_cases
from tests.fakes import MemoryLocations, candidate, kernel
from tests.golden_cases import QUERIES, Case


class EachConfigured:
    """Environments, each read with a configuration of its own."""

    def __init__(self, cases: tuple[Case, ...]) -> None:
        self._readers = {
            case.prefix: PrefixReader(environ=case.environ, home=case.folder) for case in cases
        }

    async def read(self, prefix: Prefix) -> Environment:
        return await self._readers[prefix.path].read(prefix)

    async def as_conda(self, prefix: Prefix) -> CondaView:
        return await self._readers[prefix.path].as_conda(prefix)

    def first_reading(self, prefix: Prefix) -> Progress | None:
        return self._readers[prefix.path].first_reading(prefix)

    async def fingerprint(self, prefix: Prefix) -> str:
        return await self._readers[prefix.path].fingerprint(prefix)


@pytest.fixture
def cases(world) -> Iterator[tuple[Case, ...]]:
    with golden_cases.made() as cases:
        world.locations = MemoryLocations(*(kernel(c.name, candidate(c.prefix)) for c in cases))
        world.environments = EachConfigured(cases)
        yield cases


@golden_cases.needed
@pytest.mark.parametrize("key", QUERIES)
async def test_a_document_is_what_conda_printed(cases, serve, key):
    asked = QUERIES[key]
    query = {
        "profile": "conda",
        "format": asked.format,
        "from_history": str(asked.from_history).lower(),
        "builds": str(asked.builds).lower(),
        "channels": str(asked.channels).lower(),
    }
    fetch = serve().fetch
    for case in cases:
        reply = await fetch(f"kernels/{case.name}/document", query=query)
        assert reply.code == 200
        case.check(reply.body.decode(), key)
