"""Every code that goes over the wire, and the test that proves it."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path

import pytest

from jupyter_envsnap.cli.arguments import Usage
from jupyter_envsnap.core import findings
from jupyter_envsnap.core.errors import all_errors
from jupyter_envsnap.core.wire import ErrorReply
from jupyter_envsnap.server import http_errors

HERE = Path(__file__).parent
GIT_STATES = "test_a_commit_takes_one_file_and_harms_nothing"
TESTS: Mapping[str, Mapping[str, str]] = {
    "adapters/test_contents.py": {
        "target-read-only": "test_what_is_read_only_is_told",
        "target-not-text": "test_a_file_that_is_no_text_is_not_replaced",
        "target-no-space": "test_a_full_disk_is_told_and_leaves_what_was_there",
        "save-failed": "test_a_hook_that_forbids_the_save_is_told_in_its_words",
    },
    "adapters/test_environments.py": {
        "not-captured": "test_other_damage_is_told_with_its_file",
        "being-changed": "test_an_install_that_does_not_end_is_told",
        "credentials-removed": "test_credentials_are_told_and_secret_variables_left_out",
        "secret-variable-omitted": "test_credentials_are_told_and_secret_variables_left_out",
        "prefix-missing": "test_what_cannot_be_an_environment_is_told_apart",
        "not-an-environment": "test_what_cannot_be_an_environment_is_told_apart",
        "prefix-unreadable": "test_conda_meta_that_cannot_be_listed_is_told",
        "read-timed-out": "test_a_prefix_that_does_not_answer_is_given_up",
    },
    "adapters/test_git.py": {
        "hook-added-files": "test_files_that_a_hook_adds_are_told_by_name",
        "hook-changed-file": "test_what_a_hook_made_of_the_file_is_not_staged_the_other_way_round",
        "git-no-repository": "test_a_folder_without_a_repository_is_told",
        "git-missing": "test_a_git_that_cannot_be_used_is_told_until_it_is_replaced",
        "git-index-locked": "test_a_lock_that_stays_is_told_in_time",
        "git-dubious-ownership": "test_a_repository_of_another_user_is_told",
        "git-timed-out": "test_a_hook_that_hangs_is_stopped_with_its_children",
    },
    "adapters/test_git_states.py": {
        "hook-changed-message": GIT_STATES,
        "hook-stopped": GIT_STATES,
        "git-broken-repository": GIT_STATES,
        "git-no-identity": GIT_STATES,
        "git-operation-in-progress": GIT_STATES,
        "git-target-ignored": GIT_STATES,
        "git-target-skipped": GIT_STATES,
        "git-hook-failed": GIT_STATES,
        "git-signing-failed": GIT_STATES,
        "git-nothing-to-commit": GIT_STATES,
        "git-failed": GIT_STATES,
    },
    "adapters/test_history.py": {
        "snapshot-not-found": "test_an_unknown_snapshot_is_told_by_name",
        "history-not-kept": "test_a_history_that_goes_with_its_container_is_told",
        "history-set-aside": "test_a_damaged_history_is_set_aside_and_a_new_one_begun",
        "history-unavailable": "test_a_file_that_is_no_history_is_refused_in_words_and_left_alone",
    },
    "adapters/test_kernels.py": {
        "kernel-not-found": "test_a_kernel_that_the_server_does_not_have_is_refused",
    },
    "adapters/test_json_file.py": {
        "settings-not-kept": "test_a_folder_that_takes_no_file_is_told",
    },
    "adapters/test_journal.py": {
        "journal-off": "test_a_folder_that_takes_no_file_turns_the_journal_off_and_says_so",
    },
    "cli/test_history.py": {
        "snapshot-ambiguous": "test_a_beginning_that_fits_several_is_told",
    },
    "cli/test_export.py": {
        "bad-usage": "test_what_cannot_be_done_is_one_line_with_a_code_and_exit_2",
    },
    "core/test_documents.py": {
        "format-unknown": "test_unknown_names_are_told_with_those_that_there_are",
        "profile-unknown": "test_unknown_names_are_told_with_those_that_there_are",
    },
    "core/test_loaded.py": {
        "loaded-before-change": "test_what_the_kernel_may_still_use_is_told_requested_ones_first",
    },
    "test_recording.py": {
        "file-not-updated": "test_a_file_that_somebody_changed_is_left_and_that_is_told",
    },
    "core/test_environment.py": {
        "editable-install": "test_a_package_from_this_machine_is_told",
        "local-source": "test_a_package_from_this_machine_is_told",
        "conda-and-pip": "test_what_pip_put_in_the_place_of_condas_is_listed_once",
        "defaults-channel": "test_the_defaults_channel_is_told_with_its_packages",
        "duplicate-distribution": "test_of_two_records_of_a_name_the_later_written_counts",
    },
    "core/test_formats.py": {
        "option-refused": "test_what_a_profile_cannot_do_is_refused",
        "not-in-format": "test_an_explicit_list_tells_pip_packages_apart",
    },
    "adapters/test_surroundings.py": {
        "user-site-package": "test_the_users_own_packages_are_told_apart",
    },
    "core/test_local_sources.py": {
        "unpushed-source": "test_an_unpushed_commit_is_named_in_short",
    },
    "core/test_pip_lines.py": {
        "unknown-index": "test_an_index_that_nobody_names_is_told",
    },
    "core/test_prefix.py": {
        "sources-disagree": "test_where_sources_disagree_a_finding_names_both",
    },
    "core/test_selection.py": {
        "group-unknown": "test_groups_are_the_users_own",
        "excluded-needed": "test_what_others_need_is_left_out_and_told",
        "excluded-absent": "test_a_name_that_nothing_has_is_told",
    },
    "core/test_splice.py": {
        "cannot-update": "test_what_cannot_be_placed_is_refused_in_words",
        "file-not-understood": "test_a_file_that_cannot_be_taken_apart_says_why",
    },
    "core/test_target.py": {
        "target-refused": "test_a_path_that_is_no_environment_file_is_refused",
    },
    "kernels/test_asking.py": {
        "kernel-busy": "test_a_busy_kernel_is_not_asked_and_works_on",
        "kernel-did-not-answer": "test_a_kernel_in_disguise_is_told_and_harms_nothing",
    },
    "kernels/test_real_kernels.py": {
        "kernel-without-environment": "test_a_bash_kernel_has_no_environment_of_its_own",
    },
    "server/test_floods.py": {
        "too-many-requests": "test_a_flood_is_refused_in_words_and_what_was_let_in_is_answered",
    },
    "server/test_guards.py": {
        "not-authenticated": "test_no_token_no_answer",
        "forbidden": "test_the_authorizer_is_asked_for_the_action_of_the_route",
        "not-found": "test_any_other_address_is_told_in_our_words",
        "method-not-allowed": "test_a_verb_that_a_route_does_not_have_is_refused",
    },
    "server/test_handlers.py": {
        "internal": "test_an_unexpected_error_shows_nothing_and_is_logged_whole",
        "bad-request": "test_a_body_that_is_no_request_is_refused",
        "body-too-large": "test_a_body_that_is_too_large_is_refused_unread",
    },
    "test_comparison.py": {
        "revision-unknown": "test_a_revision_that_is_none_is_told",
    },
    "test_saving.py": {
        "mode-unknown": "test_what_cannot_be_is_refused_alike_by_preview_and_save",
        "target-changed": "test_a_file_that_moved_on_is_not_written",
        "document-changed": "test_an_environment_that_moved_on_is_not_written",
    },
    "test_service.py": {
        "reference-invalid": "test_any_other_reference_is_refused",
        "prefix-refused": "test_an_environment_that_the_server_did_not_find_is_refused",
        "kernel-starting": "test_a_kernel_without_an_environment_is_told_in_words",
        "kernel-remote": "test_a_kernel_without_an_environment_is_told_in_words",
    },
}
"""File below ``tests/`` → code → the test that provokes it there and looks for it."""


def of_errors() -> dict[str, str]:
    """Each code, with the name of its class."""
    return {kind.code: kind.__name__ for kind in all_errors()}


def of_findings() -> dict[str, str]:
    """Each code, with the name of its constant."""
    return {
        value: name
        for name, value in vars(findings).items()
        if name.isupper() and isinstance(value, str)
    }


def of_the_command_line() -> dict[str, str]:
    return {Usage.code: Usage.__name__}


def of_http() -> dict[str, str]:
    """Each code that is no domain error's; none has another name."""
    replies: list[object] = []
    for value in vars(http_errors).values():
        replies += value.values() if isinstance(value, Mapping) else [value]
    return {reply.code: reply.code for reply in replies if isinstance(reply, ErrorReply)}


CODES = {**of_http(), **of_the_command_line(), **of_findings(), **of_errors()}


@cache
def definitions(file: Path) -> dict[str, ast.stmt]:
    """What stands at the left edge of a test file, by name; imports prove nothing."""
    found: dict[str, ast.stmt] = {}
    for statement in ast.parse(file.read_text()).body:
        if isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            found[statement.name] = statement
        elif isinstance(statement, ast.Assign):
            found |= {
                each.id: statement for each in statement.targets if isinstance(each, ast.Name)
            }
        elif isinstance(statement, ast.AnnAssign) and isinstance(statement.target, ast.Name):
            found[statement.target.id] = statement
    return found


def words(file: Path, name: str, seen: set[str]) -> Iterator[str]:
    """Every name and string in a test, and in the tables of its own file that it is made from."""
    seen.add(name)
    for node in ast.walk(definitions(file)[name]):
        if isinstance(node, ast.Name):
            yield node.id
            used = definitions(file).get(node.id)
            if isinstance(used, ast.Assign | ast.AnnAssign) and node.id not in seen:
                yield from words(file, node.id, seen)
        elif isinstance(node, ast.Attribute):
            yield node.attr
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield from re.findall(r"[\w-]+", node.value)


@pytest.mark.parametrize("code", CODES)
def test_every_code_has_a_test(code):
    rows = [(place, tests[code]) for place, tests in TESTS.items() if code in tests]
    assert rows, f"{code} has no test. Write one, and name it in TESTS of tests/test_codes.py."
    for place, test in rows:
        file = HERE / place
        assert file.is_file(), f"{code}: there is no tests/{place}."
        assert test.startswith("test_"), f"{code}: {test} is no test."
        assert test in definitions(file), f"{code}: there is no {test} in tests/{place}."
        assert {code, CODES[code]} & set(words(file, test, set())), (
            f"{code}: {test} in tests/{place} looks for something else: it names neither the code"
            f" nor {CODES[code]}."
        )


SAYS_WHAT_TO_DO = {
    findings.SECRET_VARIABLE_OMITTED,
    findings.HOOK_ADDED_FILES,
    findings.HOOK_CHANGED_FILE,
    findings.NOT_IN_FORMAT,
}
"""Findings whose own sentence does."""


@pytest.mark.parametrize("code", of_findings())
def test_every_finding_has_a_sentence_and_says_what_to_do(code):
    fields = re.findall(r"{(\w+)}", findings._SENTENCES[code])
    words = {name: f"The {name}." for name in fields if name not in {"package", "path"}}
    made = findings.finding(code, package="numpy", path="a/b", **words)
    for text in (made.message, made.advice or made.message):
        assert re.fullmatch(r"[`A-Zt].*[.”]", text), text
        assert not re.search(r"[{}]|None", text), text
    assert (made.advice is None) == (code in SAYS_WHAT_TO_DO)


def test_the_docs_list_every_finding_and_no_other():
    text = (HERE.parent / "docs" / "what-a-file-says.md").read_text()
    rows = (line for line in text.partition("## Findings")[2].splitlines() if line[:3] == "| `")
    listed = [code for row in rows for code in re.findall(r"`([\w-]+)`", row.split("|")[1])]
    assert sorted(listed) == sorted(of_findings()), "See the table in docs/what-a-file-says.md."


def test_no_row_is_left_of_a_code_that_is_gone():
    assert {code for tests in TESTS.values() for code in tests} <= set(CODES)
