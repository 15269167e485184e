"""Who was asked for, as conda itself replays its history."""

from __future__ import annotations

import pytest

from jupyter_envsnap.core.conda_history import is_damaged, requested

HEAD = "==> 2026-01-02 12:00:00 <==\n# cmd: conda install\n"
LATER = "==> 2026-01-03 12:00:00 <==\n# cmd: conda install\n# update specs: ['dask']\n"
GONE = LATER.replace("update specs: ['dask']", "remove specs: ['numpy']")


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        (f"{HEAD}# update specs: ['numpy=1.26']\n", {"numpy": "numpy=1.26"}),
        # Neutered: conda loosened it, to make way for another request.
        (
            f"{HEAD}# update specs: ['numpy=1.26']\n{LATER}# neutered specs: ['numpy']\n",
            {"numpy": "numpy", "dask": "dask"},
        ),
        (
            f"{HEAD}# neutered specs: ['numpy']\n# update specs: ['numpy=1.26']\n",
            {"numpy": "numpy"},
        ),
        (
            f"{HEAD}# update specs: ['numpy']\n{GONE}# neutered specs: ['numpy>1']\n",
            {"numpy": "numpy>1"},
        ),
        (f"{HEAD}# update specs: ['numpy@', 'dask']\n", {"dask": "dask"}),
        (f"{HEAD}# update specs: numpy>=1,<2,dask\n", {"numpy": "numpy>=1,<2", "dask": "dask"}),
        # Without a command conda passes over it.
        ("==> 2026-01-02 12:00:00 <==\n# update specs: ['numpy']\n", {}),
    ],
)
def test_what_was_asked_for_is_what_conda_replays(text, asked):
    assert requested(text) == asked
    assert not is_damaged(text)
