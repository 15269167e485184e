"""Which prefix is a kernel's, where several sources name one."""

from __future__ import annotations

from msgspec import Struct

from jupyter_envsnap.core.findings import SOURCES_DISAGREE, finding
from jupyter_envsnap.core.model import Candidate, Confidence, Finding, How, KernelFacts, Prefix

TRUST = (How.CHOSEN, How.KERNEL, How.METADATA, How.RUNNER, How.PROCESS, How.ENVIRON, How.KERNELSPEC)
"""Most trusted first."""
_SAID = {
    How.KERNEL: "the kernel itself says",
    How.METADATA: "the kernel's settings name",
    How.RUNNER: "the kernel's settings name",
    How.PROCESS: "the process that runs is in",
    How.ENVIRON: "its CONDA_PREFIX names",
    How.KERNELSPEC: "the kernel's settings name",
}


class Resolution(Struct, frozen=True, kw_only=True):
    """The answer to "which environment is this kernel's?"."""

    prefix: Prefix | None
    how: How
    confidence: Confidence
    alternatives: tuple[Candidate, ...] = ()
    """What other sources name, where that is another prefix."""
    findings: tuple[Finding, ...] = ()


def ranked(candidates: tuple[Candidate, ...]) -> tuple[Candidate, ...]:
    """The candidates in the order of trust, best first."""
    # A kernelspec may be older than its environment: what runs is right where the two disagree.
    # The user's own word stands before all.
    seen = next((each.prefix.path for each in candidates if _is_seen(each)), None)
    return tuple(
        sorted(
            candidates,
            key=lambda each: (
                each.how is not How.CHOSEN,
                each.prefix.path != seen,
                TRUST.index(each.how),
            ),
        )
    )


def choose(facts: KernelFacts) -> Candidate | None:
    """The candidate to believe; None for a remote kernel and where no source names a prefix."""
    if facts.remote:
        return None
    return next(iter(ranked(facts.candidates)), None)


def resolve(facts: KernelFacts) -> Resolution:
    """The prefix to show, how it was found, how sure that is and who says otherwise."""
    if facts.remote:
        return Resolution(prefix=None, how=How.REMOTE, confidence="certain")
    chosen = choose(facts)
    if chosen is None:
        return Resolution(prefix=None, how=How.UNKNOWN, confidence="unsure")
    others = tuple(c for c in ranked(facts.candidates) if c.prefix.path != chosen.prefix.path)
    return Resolution(
        prefix=chosen.prefix,
        how=chosen.how,
        confidence=chosen.confidence,
        alternatives=others,
        findings=_disagreement(chosen, others),
    )


def _disagreement(chosen: Candidate, others: tuple[Candidate, ...]) -> tuple[Finding, ...]:
    """What speaks against the environment that is shown.

    A doubtful guess does not, nor does who names what a venv was made from: it is in use too.
    """
    against = next(
        (
            other
            for other in others
            if other.confidence != "unsure" and other.prefix.path != chosen.prefix.base
        ),
        None,
    )
    if against is None:
        return ()
    shown, other = chosen.prefix.path, against.prefix.path
    said = _SAID[against.how]
    return (finding(SOURCES_DISAGREE, shown=shown, source=said, other=other),)


def _is_seen(candidate: Candidate) -> bool:
    return candidate.how is How.PROCESS and candidate.confidence == "certain"
