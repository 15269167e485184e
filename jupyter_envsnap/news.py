"""What the page is told of a kernel besides where it is: kept in memory, as of the last look."""

from __future__ import annotations

from msgspec.structs import replace

from jupyter_envsnap.core.findings import FILE_NOT_UPDATED
from jupyter_envsnap.core.message import Summary
from jupyter_envsnap.core.model import Finding, Snapshot
from jupyter_envsnap.core.ports import KernelChange, KernelNews, Told
from jupyter_envsnap.core.wire import DriftNumbers

_NOTHING = KernelNews()


class LatestNews:
    """``ports.News``, written to by those who look."""

    def __init__(self) -> None:
        self._news: dict[str, KernelNews] = {}

    def of(self, kernel_id: str) -> KernelNews:
        """What is known now; nothing of a kernel that nobody looked at."""
        return self._news.get(kernel_id, _NOTHING)

    def set_drift(self, kernel_id: str, drift: DriftNumbers) -> bool:
        """True where it is another than before."""
        return self._set(kernel_id, replace(self.of(kernel_id), drift=drift))

    def set_changing(self, kernel_id: str, installer: str | None) -> bool:
        """True where it is another than before."""
        return self._set(kernel_id, replace(self.of(kernel_id), changing=installer))

    def set_findings(self, kernel_id: str, findings: tuple[Finding, ...]) -> bool:
        """What a look at its environment found. True where it is another than before."""
        news = self.of(kernel_id)
        notices = tuple(each for each in news.findings if each.code == FILE_NOT_UPDATED)
        return self._set(kernel_id, replace(news, findings=(*notices, *findings)))

    def set_notice(self, kernel_id: str, notice: Finding | None) -> bool:
        """What could not be done when the kernel before it ended. True where it is another."""
        news = self.of(kernel_id)
        findings = tuple(each for each in news.findings if each.code != FILE_NOT_UPDATED)
        notices = () if notice is None else (notice,)
        return self._set(kernel_id, replace(news, findings=(*notices, *findings)))

    def forget(self, kernel_id: str) -> None:
        """It runs no more."""
        self._news.pop(kernel_id, None)

    def _set(self, kernel_id: str, news: KernelNews) -> bool:
        changed = self.of(kernel_id) != news
        self._news[kernel_id] = news
        return changed


class Everyone:
    """``ports.Told``: tells each of those who listen."""

    def __init__(self) -> None:
        self.listeners: list[Told] = []

    def snapshot_taken(self, snapshot: Snapshot) -> None:
        for listener in self.listeners:
            listener.snapshot_taken(snapshot)

    def kernel_changed(
        self,
        kernel_id: str,
        change: KernelChange,
        drift: DriftNumbers | None,
        summary: Summary | None,
    ) -> None:
        for listener in self.listeners:
            listener.kernel_changed(kernel_id, change, drift, summary)
