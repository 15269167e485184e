"""What a reader of an environment must know: every code, with its sentence.

A sentence says what is so and what it means. ``{package}`` and the other fields are filled in by
the function that makes the finding.
"""

from __future__ import annotations

from typing import Final

from jupyter_envsnap.core.model import Finding

EDITABLE_INSTALL: Final = "editable-install"
LOCAL_SOURCE: Final = "local-source"
UNPUSHED_SOURCE: Final = "unpushed-source"
UNKNOWN_INDEX: Final = "unknown-index"
USER_SITE_PACKAGE: Final = "user-site-package"
CONDA_AND_PIP: Final = "conda-and-pip"
NOT_CAPTURED: Final = "not-captured"
BEING_CHANGED: Final = "being-changed"
CREDENTIALS_REMOVED: Final = "credentials-removed"
SECRET_VARIABLE_OMITTED: Final = "secret-variable-omitted"  # noqa: S105 - a finding's code
DEFAULTS_CHANNEL: Final = "defaults-channel"
DUPLICATE_DISTRIBUTION: Final = "duplicate-distribution"
EXCLUDED_NEEDED: Final = "excluded-needed"
EXCLUDED_ABSENT: Final = "excluded-absent"
NOT_IN_FORMAT: Final = "not-in-format"
SOURCES_DISAGREE: Final = "sources-disagree"
HOOK_ADDED_FILES: Final = "hook-added-files"
HOOK_CHANGED_FILE: Final = "hook-changed-file"
HOOK_CHANGED_MESSAGE: Final = "hook-changed-message"
HOOK_STOPPED: Final = "hook-stopped"
LOADED_BEFORE_CHANGE: Final = "loaded-before-change"
FILE_NOT_UPDATED: Final = "file-not-updated"
JOURNAL_OFF: Final = "journal-off"
HISTORY_NOT_KEPT: Final = "history-not-kept"
HISTORY_SET_ASIDE: Final = "history-set-aside"

_SENTENCES: Final = {
    EDITABLE_INSTALL: (
        "`{package}` runs from a folder on this machine. Others cannot install it from this file."
    ),
    LOCAL_SOURCE: ("`{package}` was installed from a file on this machine. Others do not have it."),
    UNPUSHED_SOURCE: ("`{package}` is at commit {commit}, which its remote does not have yet."),
    UNKNOWN_INDEX: ("`{package}` came from an index this file cannot name. Others cannot find it."),
    USER_SITE_PACKAGE: "`{package}` comes from your home folder, not from this environment.",
    CONDA_AND_PIP: (
        "`{package}` was installed by conda, then replaced by pip. The pip version is in use."
    ),
    NOT_CAPTURED: "{what} could not be read and is missing here: {path}.",
    BEING_CHANGED: "Something was being installed while this was read. It may be incomplete.",
    CREDENTIALS_REMOVED: "A password was removed from {place}.",
    SECRET_VARIABLE_OMITTED: (
        "The value of `{variable}` was left out. Set it by hand where you rebuild."
    ),
    DEFAULTS_CHANNEL: (
        "{packages} from Anaconda's defaults channel. Its terms may not fit your use."
    ),
    DUPLICATE_DISTRIBUTION: (
        "`{package}` is installed more than once. Version {version} is the one in use."
    ),
    EXCLUDED_NEEDED: (
        "`{package}` is left out, but `{user}` needs it: it will be installed all the same."
    ),
    EXCLUDED_ABSENT: "`{package}` is to be left out, and is not installed.",
    NOT_IN_FORMAT: "{what}: this format cannot name them. {advice}",
    SOURCES_DISAGREE: "This is {shown}, but {source} {other}.",
    HOOK_ADDED_FILES: (
        "A hook of this repository added to the commit: {files}. If you do not want that, run"
        " `{undo}`: it takes the commit back and keeps every file."
    ),
    HOOK_CHANGED_FILE: (
        "A hook of this repository changed the file, or what was committed of it. Look at the file"
        " again, and at what `git show` says."
    ),
    HOOK_CHANGED_MESSAGE: (
        "A hook of this repository changed the commit message. It is now: “{words}”."
    ),
    HOOK_STOPPED: (
        "The commit is made, but a hook after it did not finish within {seconds} seconds and was"
        " stopped."
    ),
    LOADED_BEFORE_CHANGE: (
        "`{package}` changed after this kernel started. The kernel may still use {version}."
    ),
    JOURNAL_OFF: (
        "`{path}` cannot be written: {why}. Kernels that end while the server is killed are not"
        " in the history."
    ),
    HISTORY_NOT_KEPT: "The history lies in `{path}`, which goes when this container goes.",
    HISTORY_SET_ASIDE: "The history was damaged. It was renamed to `{path}`, and a new one begun.",
    FILE_NOT_UPDATED: "The kernel before ended, and `{path}` was not updated: {why}",
}


_ADVICE: Final = {
    EDITABLE_INSTALL: (
        "Keep its folder in the repository of this file, or commit it and push it to a remote."
    ),
    LOCAL_SOURCE: "Install it from an index or from git, then save again.",
    UNPUSHED_SOURCE: "Push it, then look again.",
    UNKNOWN_INDEX: "Add the index to pip's configuration (`extra-index-url`), then look again.",
    USER_SITE_PACKAGE: ("Install it into this environment: `python -s -m pip install {package}`."),
    CONDA_AND_PIP: (
        "To have conda's again: `pip uninstall {package}`, then `conda install --force-reinstall"
        " {package}`."
    ),
    NOT_CAPTURED: "Make the file readable or reinstall what it belongs to, then look again.",
    BEING_CHANGED: "Wait until the installation has ended, then look again.",
    CREDENTIALS_REMOVED: "Whoever rebuilds this has to sign in there in their own way.",
    DEFAULTS_CHANNEL: "Read the terms, or install these packages from conda-forge.",
    DUPLICATE_DISTRIBUTION: "Remove the other one with the tool that installed it.",
    EXCLUDED_NEEDED: "Leave out `{user}` too, or keep both.",
    EXCLUDED_ABSENT: "Check how it is written, or leave it out no more.",
    SOURCES_DISAGREE: "Choose the environment yourself if the wrong one is shown.",
    HOOK_CHANGED_MESSAGE: "To have your own words again: `git commit --amend`.",
    HOOK_STOPPED: "Run in a terminal what the hook was to do.",
    LOADED_BEFORE_CHANGE: "Restart the kernel to use what is installed now.",
    JOURNAL_OFF: "Make the folder writable, or set `EnvSnapApp.history_path`.",
    HISTORY_NOT_KEPT: "Set `EnvSnapApp.history_path` to a file in a folder that stays.",
    HISTORY_SET_ASIDE: (
        "Try `sqlite3 FILE .recover` to get old snapshots back, or remove the file."
    ),
    FILE_NOT_UPDATED: "Look at what a save would write, and save it yourself.",
}
"""What to do, where the sentence does not say it."""


def finding(
    code: str, *, package: str | None = None, path: str | None = None, **fields: str
) -> Finding:
    """A finding with the sentence of its code, and with what to do."""
    message = _SENTENCES[code].format(package=package, path=path, **fields)
    advice = _ADVICE[code].format(package=package, **fields) if code in _ADVICE else None
    return Finding(code=code, message=message, package=package, path=path, advice=advice)
