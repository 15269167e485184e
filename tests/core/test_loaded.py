"""What a kernel may still use of an environment that has changed."""

from __future__ import annotations

from msgspec.structs import replace

from jupyter_envsnap.core.loaded import MOST_TOLD, loaded_before_change
from jupyter_envsnap.core.model import PypiPackage
from tests.fakes import conda, environment


def _pip(name, version, *, requested=False):
    return PypiPackage(name=name, version=version, requested=requested)


def test_what_the_kernel_may_still_use_is_told_requested_ones_first():
    at_start = replace(
        environment(), pypi=(_pip("attrs", "23.1"), _pip("polars", "1.8", requested=True))
    )
    now = replace(at_start, pypi=(_pip("attrs", "24.0"), _pip("polars", "1.9", requested=True)))

    told = loaded_before_change(at_start, now)

    assert [(each.code, each.package) for each in told] == [
        ("loaded-before-change", "polars"),
        ("loaded-before-change", "attrs"),
    ]
    assert "may still use 1.8" in told[0].message


def test_what_is_new_or_gone_was_not_loaded_in_another_version():
    at_start = replace(environment(), pypi=(_pip("attrs", "23.1"),))
    now = replace(environment(), pypi=(_pip("polars", "1.9"),))

    assert loaded_before_change(at_start, now) == ()


def test_a_package_that_moved_from_conda_to_pip_is_told_only_in_another_version():
    at_start = replace(environment(), conda=(conda("numpy", "1.26.4"),), pypi=())
    same = replace(at_start, conda=(), pypi=(_pip("numpy", "1.26.4"),))
    other = replace(at_start, conda=(), pypi=(_pip("numpy", "2.0.1"),))

    assert loaded_before_change(at_start, same) == ()
    assert [each.package for each in loaded_before_change(at_start, other)] == ["numpy"]


def test_an_upgrade_of_everything_is_told_in_part():
    at_start = environment(packages=2 * MOST_TOLD)
    now = replace(at_start, conda=tuple(replace(p, version="9") for p in at_start.conda))

    assert len(loaded_before_change(at_start, now)) == MOST_TOLD
