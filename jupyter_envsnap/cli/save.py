"""``jupyter envsnap save``: an environment into its file, and that file into a commit."""

from __future__ import annotations

import asyncio
import sys
from typing import TypeVar

import msgspec
from msgspec import UNSET

from jupyter_envsnap.adapters.git import Git
from jupyter_envsnap.adapters.local_files import LocalFiles
from jupyter_envsnap.cli import interruption, output, targets
from jupyter_envsnap.cli.arguments import Save
from jupyter_envsnap.cli.status import COULD_NOT, DIFFERS, DONE
from jupyter_envsnap.cli.unified import unified
from jupyter_envsnap.cli.wiring import TheOne, writing
from jupyter_envsnap.core.errors import NothingToCommit, OptionRefused, SaveError, SaveFailed
from jupyter_envsnap.core.wire import (
    Commit,
    CommitMade,
    ErrorReply,
    PreviewRequest,
    SavePreview,
    SaveReply,
    SaveRequest,
)
from jupyter_envsnap.saving import Saving

T = TypeVar("T", SavePreview, SaveReply)
_REFERENCE = "command-line"


def run(asked: Save) -> int:
    """Save as asked and say so; the exit status.

    Raises:
        EnvSnapError, SystemExit: as ``interruption.run``.

    """
    if asked.json and sys.stdout is None:
        raise SaveFailed("Standard output is closed: there is nowhere to write to.")
    saving = Saving(
        sources=TheOne(targets.sourced(asked)),
        writing=writing(),
        files=LocalFiles(),
        repositories=Git(),
    )
    return interruption.run(_save(saving, asked))


async def _save(saving: Saving, asked: Save) -> int:
    request = _request(asked)
    preview = await saving.preview(request)
    _check_local(preview, asked)
    for finding in preview.findings:
        output.say(output.told(finding))
    if asked.dry_run:
        return _shown(preview, asked)
    try:
        reply = await saving.save(_confirmed(preview, asked))
    except asyncio.CancelledError:
        await saving.stop()
        await _say_what_stands(preview)
        raise
    return _told(reply, preview, asked)


def _request(asked: Save) -> PreviewRequest:
    return PreviewRequest(
        source=_REFERENCE,
        path=asked.path,
        format=asked.format or UNSET,
        profile=asked.profile or UNSET,
        exclude=asked.exclude or UNSET,
        without=asked.without or UNSET,
        mode="replace" if asked.replace else UNSET,
        loose="pin" if asked.pin else UNSET,
        local=dict(asked.local) or UNSET,
    )


def _check_local(preview: SavePreview, asked: Save) -> None:
    """Raise OptionRefused where a package cannot be named as was asked for."""
    found = {package.name: package for package in preview.local}
    for name, by in asked.local:
        if name not in found:
            raise OptionRefused(
                f"{name} runs from no folder outside of the file's repository.", name=name
            )
        if by != found[name].named:
            raise OptionRefused(
                f"{name} cannot be named by “{by}”. Choose one of:"
                f" {', '.join(found[name].options)}.",
                name=name,
            )


def _confirmed(preview: SavePreview, asked: Save) -> SaveRequest:
    message = asked.message or preview.message
    return SaveRequest(
        source=_REFERENCE,
        path=preview.path,
        format=preview.format,
        profile=preview.profile,
        exclude=preview.exclude,
        without=preview.without,
        mode=preview.mode,
        loose="pin" if asked.pin else UNSET,
        local=dict(asked.local) or UNSET,
        base_digest=preview.base_digest,
        place_digest=preview.place_digest,
        document_digest=preview.document_digest,
        commit=Commit(message=message) if asked.commit else UNSET,
    )


def _shown(preview: SavePreview, asked: Save) -> int:
    """Say what a save would do."""
    changes = preview.added + preview.removed > 0 or not preview.exists
    if not changes:
        output.say(f"{preview.path} would stay as it is")
    elif preview.exists:
        output.say(f"{preview.path} would change: +{preview.added} -{preview.removed} lines")
    else:
        output.say(f"{preview.path} would be made: {preview.added} lines")
    if asked.commit:
        _say_prospect(preview, asked)
    text = unified(preview.diff, preview.path, exists=preview.exists)
    _answer(_json(preview) if asked.json else text)
    return DIFFERS if changes else DONE


def _say_prospect(preview: SavePreview, asked: Save) -> None:
    """Say what a commit would do."""
    if preview.commit_problem is not None:
        output.say(f"it would not be committed: {_words(preview.commit_problem)}")
        return
    output.say(f"it would be committed: {asked.message or preview.message}")
    state = preview.repository
    if state is not None and state.hooks:
        output.say(f"hooks would run: {', '.join(state.hooks)}")
    if state is not None and state.signs:
        output.say("the commit would be signed")
    if state is not None and state.own_edits:
        lines = "1 line" if len(state.own_edits) == 1 else f"{len(state.own_edits)} lines"
        output.say(f"{lines} of your own edits would go along")


def _told(reply: SaveReply, preview: SavePreview, asked: Save) -> int:
    """Say what the save did."""
    if reply.written:
        output.say(f"wrote {reply.path}: +{preview.added} -{preview.removed} lines")
    else:
        output.say(f"{reply.path} is up to date: nothing was written")
    if reply.commit is not None:
        _say_commit(reply.commit)
    status = DONE
    if reply.commit_problem is not None:
        status = _say_problem(reply.path, reply.commit_problem)
    if asked.json:
        _answer(_json(reply))
    return status


def _say_commit(commit: CommitMade) -> None:
    where = f"on {commit.branch}" if commit.branch else "on no branch (HEAD is detached)"
    output.say(f"committed {commit.short_id} {where}: {commit.message.partition(chr(10))[0]}")
    if commit.other_files:
        output.say(f"a hook added more to this commit: {', '.join(commit.other_files)}")
    for finding in commit.findings:
        output.say(output.told(finding))


def _say_problem(path: str, problem: ErrorReply) -> int:
    if problem.code == NothingToCommit.code:
        output.say(_words(problem))
        return DONE
    output.say(f"{path} is saved, but not committed: {_words(problem)}")
    return COULD_NOT


async def _say_what_stands(preview: SavePreview) -> None:
    """After an interruption."""
    try:
        now = await LocalFiles().read(preview.path)
    except SaveError:
        return
    if now.digest == preview.document_digest:
        output.say(f"interrupted; {preview.path} is saved")
    elif now.digest == preview.base_digest:
        output.say(f"interrupted; {preview.path} is as it was")


def _words(problem: ErrorReply) -> str:
    return f"{problem.message} [{problem.code}]"


def _json(value: T) -> str:
    return msgspec.json.format(msgspec.json.encode(value), indent=2).decode() + "\n"


def _answer(text: str) -> None:
    """To standard output; a reader who has seen enough changes nothing of what was done."""
    if not text:
        return
    try:
        output.write(text, None)
    except BrokenPipeError:
        return
