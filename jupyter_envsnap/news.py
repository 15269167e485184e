"""What the page is told of a kernel besides where it is: kept in memory, as of the last look."""

from __future__ import annotations

from collections.abc import Collection

from msgspec.structs import replace

from jupyter_envsnap.core.model import Finding
from jupyter_envsnap.core.ports import KernelNews
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
        """True where they are others than before."""
        return self._set(kernel_id, replace(self.of(kernel_id), findings=findings))

    def keep_only(self, kernel_ids: Collection[str]) -> None:
        """Forget the others."""
        self._news = {each: news for each, news in self._news.items() if each in kernel_ids}

    def _set(self, kernel_id: str, news: KernelNews) -> bool:
        changed = self.of(kernel_id) != news
        self._news[kernel_id] = news
        return changed
