"""What a kernel may still use of an environment that has changed."""

from __future__ import annotations

from msgspec.structs import replace

from jupyter_envsnap.core.loaded import MOST_TOLD, Loaded
from jupyter_envsnap.core.model import PypiPackage
from tests.fakes import conda, environment


def _pip(name, version, *, requested=False):
    return PypiPackage(name=name, version=version, requested=requested)


def test_what_the_kernel_may_still_use_is_told_requested_ones_first():
    at_start = replace(
        environment(), pypi=(_pip("attrs", "23.1"), _pip("polars", "1.8", requested=True))
    )
    now = replace(
        at_start, digest="now", pypi=(_pip("attrs", "24.0"), _pip("polars", "1.9", requested=True))
    )

    told = Loaded(at_start).before_change(now)

    assert [(each.code, each.package) for each in told] == [
        ("loaded-before-change", "polars"),
        ("loaded-before-change", "attrs"),
    ]
    assert "may still use 1.8" in told[0].message


def test_of_what_changed_twice_it_is_not_known_which_one_the_kernel_uses():
    at_start = replace(environment(), digest="1", pypi=(_pip("attrs", "1"), _pip("polars", "1")))
    once = replace(at_start, digest="2", pypi=(_pip("attrs", "1"), _pip("polars", "2")))
    twice = replace(at_start, digest="3", pypi=(_pip("attrs", "2"), _pip("polars", "3")))
    loaded = Loaded(at_start)

    assert "still use 1." in loaded.before_change(once)[0].message
    for _ in range(2):
        attrs, polars = loaded.before_change(twice)
        assert "still use 1." in attrs.message
        assert "still use an old one." in polars.message


def test_what_is_new_or_gone_was_not_loaded_in_another_version():
    at_start = replace(environment(), pypi=(_pip("attrs", "23.1"),))
    now = replace(environment(), digest="now", pypi=(_pip("polars", "1.9"),))

    assert Loaded(at_start).before_change(now) == ()


def test_a_package_that_moved_from_conda_to_pip_is_told_only_in_another_version():
    at_start = replace(environment(), conda=(conda("numpy", "1.26.4"),), pypi=())
    same = replace(at_start, digest="same", conda=(), pypi=(_pip("numpy", "1.26.4"),))
    other = replace(at_start, digest="other", conda=(), pypi=(_pip("numpy", "2.0.1"),))

    assert Loaded(at_start).before_change(same) == ()
    assert [each.package for each in Loaded(at_start).before_change(other)] == ["numpy"]


def test_an_upgrade_of_everything_is_told_in_part():
    at_start = environment(packages=2 * MOST_TOLD)
    now = replace(
        at_start, digest="now", conda=tuple(replace(p, version="9") for p in at_start.conda)
    )

    assert len(Loaded(at_start).before_change(now)) == MOST_TOLD
