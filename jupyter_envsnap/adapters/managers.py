"""What is used of a contents manager, and which of them are known from inside."""

from __future__ import annotations

from collections.abc import Awaitable
from typing import Final, Protocol, TypedDict, TypeGuard

from jupyter_server.services.contents.fileio import AsyncFileManagerMixin, FileManagerMixin
from jupyter_server.services.contents.filemanager import (
    AsyncFileContentsManager,
    FileContentsManager,
)
from jupyter_server.services.contents.largefilemanager import (
    AsyncLargeFileManager,
    LargeFileManager,
)


class Model(TypedDict):
    """A text file, as a contents manager takes it."""

    type: str
    format: str
    content: str


class Manager(Protocol):
    """What is used of jupyter_server's ContentsManager; a method may be async or not."""

    @property
    def allow_hidden(self) -> bool: ...
    def dir_exists(self, path: str) -> bool | Awaitable[bool]: ...
    def file_exists(self, path: str) -> bool | Awaitable[bool]: ...
    def get(
        self, path: str, content: bool = ..., type: str = ..., format: str = ...
    ) -> Model | Awaitable[Model]: ...
    def save(self, model: Model, path: str) -> object | Awaitable[object]: ...


class LocalManager(Manager, Protocol):
    """One that keeps its files below a folder of the local disk."""

    @property
    def root_dir(self) -> str: ...
    def _get_os_path(self, path: str) -> str: ...


class KnownManager(LocalManager, Protocol):
    """One of jupyter_server's own, of whose ``save`` each step can be taken one by one."""

    def run_pre_save_hooks(self, model: Model, path: str) -> None: ...
    def run_post_save_hooks(self, model: Model, os_path: str) -> None: ...
    def emit(self, data: dict[str, str]) -> None: ...


_KNOWN: Final = {
    "save": (
        FileContentsManager.save,
        AsyncFileContentsManager.save,
        LargeFileManager.save,
        AsyncLargeFileManager.save,
    ),
    "_save_file": (FileManagerMixin._save_file, AsyncFileManagerMixin._save_file),  # noqa: SLF001
    "atomic_writing": (FileManagerMixin.atomic_writing,),
}
"""The methods that say together how a file is saved."""
_STEPS: Final = ("run_pre_save_hooks", "run_post_save_hooks", "emit")


def is_local(manager: Manager) -> TypeGuard[LocalManager]:
    """Whether it keeps its files on the local disk."""
    return isinstance(manager, FileManagerMixin)


def is_known(manager: LocalManager) -> TypeGuard[KnownManager]:
    """Whether a file may be replaced in its stead, as it was told to (``use_atomic_writing``)."""
    return (
        bool(getattr(manager, "use_atomic_writing", False))
        and all(callable(getattr(manager, step, None)) for step in _STEPS)
        and all(_function(manager, name) in functions for name, functions in _KNOWN.items())
    )


def _function(manager: LocalManager, name: str) -> object:
    """What a method runs, also where somebody put another one onto this very object."""
    method = getattr(manager, name, None)
    return getattr(method, "__func__", method)
