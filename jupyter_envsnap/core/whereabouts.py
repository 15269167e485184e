"""What is told of where a kernel is, and why it is not known."""

from __future__ import annotations

from collections.abc import Mapping

from jupyter_envsnap.core import wire
from jupyter_envsnap.core.errors import (
    EnvSnapError,
    KernelRemote,
    KernelStarting,
    KernelWithoutEnvironment,
)
from jupyter_envsnap.core.model import KernelFacts, Prefix, Progress
from jupyter_envsnap.core.ports import KernelNews, Location
from jupyter_envsnap.core.prefix import resolve


def described(
    location: Location, looks: Mapping[Prefix, str | Progress | wire.ErrorReply], news: KernelNews
) -> wire.KernelEnvironment:
    """A kernel's row: its prefix with what a look at it gave, or the problem that there is."""
    facts = location.facts
    found = resolve(facts)
    answer = looks[found.prefix] if found.prefix else wire.ErrorReply.of(nowhere(facts))
    return wire.KernelEnvironment(
        kernel_id=facts.kernel_id,
        kernel_name=facts.kernel_name,
        display_name=facts.display_name,
        state=facts.state,
        notebooks=facts.notebooks,
        prefix=found.prefix,
        how=found.how,
        confidence=found.confidence,
        fingerprint=answer if isinstance(answer, str) else None,
        captured_at=location.captured_at,
        alternatives=found.alternatives,
        findings=(*found.findings, *news.findings),
        drift=news.drift,
        changing=news.changing,
        first_reading=answer if isinstance(answer, Progress) else None,
        problem=answer if isinstance(answer, wire.ErrorReply) else None,
    )


def nowhere(facts: KernelFacts) -> EnvSnapError:
    """Why no source names the kernel's prefix."""
    about = {"kernel_id": facts.kernel_id, "kernel_name": facts.kernel_name}
    if facts.remote:
        return KernelRemote(
            "The kernel runs on another computer. Its environment cannot be read from here.",
            **about,
        )
    if facts.state == "starting":
        return KernelStarting(
            "The kernel is starting. Its environment is shown as soon as it answers.", **about
        )
    if facts.state == "dead":
        return KernelWithoutEnvironment(
            "The kernel died before its environment was found. Restart it to see it.", **about
        )
    return KernelWithoutEnvironment(
        f"This kernel ({facts.display_name}) does not say which environment it runs in.", **about
    )
