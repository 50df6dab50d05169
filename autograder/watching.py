"""The live line of a class run: how far it is; and what is said when somebody stops it."""

from __future__ import annotations

from types import TracebackType

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from autograder.course import CourseError


class Watch:
    """A progress bar, drawn on a terminal alone."""

    def __init__(self, console: Console, assignment: str) -> None:
        self._bar = Progress(
            TextColumn("{task.description}", markup=False),
            BarColumn(),
            MofNCompleteColumn(),
            TimeRemainingColumn(),
            console=console,
            transient=True,
            disable=not console.is_terminal,
        )
        self._task = self._bar.add_task(f"grading {assignment}", total=None)
        self._done = "no submission"

    def progress(self, done: int, total: int) -> None:
        """Show that so many submissions are done, of so many."""
        self._done = f"{done} of {total} submissions"
        self._bar.update(self._task, completed=done, total=total)

    def __enter__(self) -> Watch:
        self._bar.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._bar.stop()
        if isinstance(error, KeyboardInterrupt):
            raise CourseError(
                f"Stopped with {self._done} done. What is graded is kept: give the same command "
                "again to go on."
            ) from None
