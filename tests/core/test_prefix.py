"""Which of several named prefixes is believed."""

import pytest

from jupyter_envsnap.core.model import Candidate, How, KernelFacts, Prefix
from jupyter_envsnap.core.prefix import TRUST, choose, ranked, resolve


def _says(how: str, path: str, confidence: str = "certain") -> Candidate:
    return Candidate(prefix=Prefix(path=path, kind="conda"), how=How(how), confidence=confidence)


def _facts(*candidates: Candidate, remote: bool = False) -> KernelFacts:
    return KernelFacts(
        kernel_id="k",
        kernel_name="n",
        display_name="N",
        state="idle",
        remote=remote,
        candidates=candidates,
    )


@pytest.mark.parametrize(
    ("candidates", "how", "path", "others"),
    [
        pytest.param(
            [_says("kernelspec", "/a", "likely"), _says("metadata", "/a")],
            "metadata", "/a", [], id="agreeing sources: the most trusted is named",
        ),
        pytest.param(
            [_says("metadata", "/a"), _says("process", "/b")],
            "process", "/b", ["/a"], id="the process is right against metadata",
        ),
        pytest.param(
            [_says("runner", "/a"), _says("process", "/a"), _says("kernelspec", "/c", "likely")],
            "runner", "/a", ["/c"], id="a runner that the process confirms",
        ),
        pytest.param(
            [_says("metadata", "/a"), _says("runner", "/b"), _says("process", "/b")],
            "runner", "/b", ["/a"], id="the process decides between two",
        ),
        pytest.param(
            [_says("process", "/b", "unsure"), _says("metadata", "/a")],
            "metadata", "/a", ["/b"], id="a process that is not surely the kernel decides nothing",
        ),
        pytest.param(
            [_says("kernelspec", "/c", "likely"), _says("environ", "/b", "likely")],
            "environ", "/b", ["/c"], id="the process's CONDA_PREFIX before the kernelspec",
        ),
        pytest.param(
            [_says("process", "/b"), _says("chosen", "/a")],
            "chosen", "/a", ["/b"], id="what the user chose stands",
        ),
        pytest.param(
            [_says("metadata", "/c"), _says("process", "/b"), _says("chosen", "/a")],
            "chosen", "/a", ["/b", "/c"], id="after the choice comes what runs",
        ),
    ],
)  # fmt: skip
def test_of_several_prefixes_one_is_believed_and_the_others_are_told(candidates, how, path, others):
    answer = resolve(_facts(*candidates))
    assert (answer.how, answer.prefix.path) == (How(how), path)
    assert [other.prefix.path for other in answer.alternatives] == others
    assert answer.confidence == choose(_facts(*candidates)).confidence


def test_a_remote_kernel_has_no_prefix_whatever_is_named():
    facts = _facts(_says("process", "/a"), remote=True)
    answer = resolve(facts)
    assert choose(facts) is None
    assert (answer.prefix, answer.how, answer.alternatives) == (None, How.REMOTE, ())


def test_where_nothing_names_a_prefix_it_is_unknown():
    answer = resolve(_facts())
    assert (answer.prefix, answer.how, answer.confidence) == (None, How.UNKNOWN, "unsure")


@pytest.mark.parametrize("how", [how for how in How if how not in {How.REMOTE, How.UNKNOWN}])
def test_every_source_that_names_a_prefix_has_a_rank(how):
    assert how in TRUST


def test_ranking_keeps_every_candidate():
    given = (_says("kernelspec", "/c"), _says("process", "/b"), _says("metadata", "/a"))
    assert set(ranked(given)) == set(given)


VENV = Prefix(path="/v", kind="venv", base="/a")
IN_VENV = Candidate(prefix=VENV, how=How.PROCESS, confidence="certain")


@pytest.mark.parametrize(
    ("candidates", "message"),
    [
        pytest.param(
            [_says("metadata", "/a"), _says("process", "/b")],
            "This is /b, but the kernel's settings name /a.",
            id="settings against the process",
        ),
        pytest.param(
            [_says("kernel", "/a"), _says("process", "/b")],
            "This is /b, but the kernel itself says /a.",
            id="the kernel's word against the process",
        ),
        pytest.param(
            [_says("process", "/b"), _says("chosen", "/a")],
            "This is /a, but the process that runs is in /b.",
            id="the user's choice against the process",
        ),
        pytest.param(
            [_says("kernelspec", "/c", "likely"), _says("environ", "/b", "likely")],
            "This is /b, but the kernel's settings name /c.",
            id="settings against the process's variable",
        ),
        pytest.param(
            [IN_VENV, _says("chosen", "/a")],
            "This is /a, but the process that runs is in /v.",
            id="a choice of what the kernel's venv was made from",
        ),
        pytest.param(
            [IN_VENV, _says("metadata", "/a"), _says("kernelspec", "/c", "likely")],
            "This is /v, but the kernel's settings name /c.",
            id="a third beside a venv and its base",
        ),
    ],
)
def test_where_sources_disagree_a_finding_names_both(candidates, message):
    [finding] = resolve(_facts(*candidates)).findings
    assert (finding.code, finding.message) == ("sources-disagree", message)


@pytest.mark.parametrize(
    "candidates",
    [
        pytest.param([], id="nobody names any"),
        pytest.param([_says("process", "/a"), _says("metadata", "/a")], id="they agree"),
        pytest.param(
            [_says("process", "/b"), _says("kernelspec", "/a", "unsure")], id="a doubtful guess"
        ),
        pytest.param([IN_VENV, _says("metadata", "/a")], id="a venv and what it was made from"),
    ],
)
def test_where_nothing_speaks_against_it_there_is_no_finding(candidates):
    assert resolve(_facts(*candidates)).findings == ()
