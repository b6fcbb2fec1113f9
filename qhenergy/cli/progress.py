"""Progress on the console: one moving line where there is a terminal, plain lines where there is none."""

from __future__ import annotations

import time
from types import TracebackType

from rich.console import Console
from rich.status import Status

#: Stages that say much more than anybody reads: the moving line shows it, a log some of it.
CHATTY = ("solver", "building", "rolling")
#: A log that is not looked at gets a line of such a stage this often [s].
QUIET_SECONDS = 15.0


class Progress:
    """Tells the console what a study says."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._started = time.perf_counter()
        self._last = 0.0
        self._stage = ""
        self._status: Status | None = None

    def __enter__(self) -> Progress:
        """Start the moving line."""
        if self._console.is_terminal:
            self._status = self._console.status("starting")
            self._status.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop the moving line."""
        if self._status is not None:
            self._status.stop()

    def __call__(self, stage: str, line: str) -> None:
        """Take a line of a stage."""
        now = time.perf_counter() - self._started
        text = line.strip()
        if not text:
            return
        # What answers the user is said at once, however little the rest of the stage is shown.
        lasting = stage not in CHATTY or text.startswith("stopping")
        if self._status is not None:
            self._status.update(f"[dim]{now:5.0f} s[/dim]  {stage}: {_plain(text)[: self._console.width - 24]}")
            if lasting:
                self._print(now, stage, text)
        elif lasting or stage != self._stage or now - self._last > QUIET_SECONDS:
            self._print(now, stage, text)
            self._last = now
        self._stage = stage

    def _print(self, now: float, stage: str, text: str) -> None:
        self._console.print(f"{now:6.1f} s  {stage:<10} {text}", highlight=False, markup=False, soft_wrap=True)


def _plain(text: str) -> str:
    return text.replace("[", r"\[")
