"""Runs nbgrader's steps: quiet while all is well, its log at hand when something fails."""

from __future__ import annotations

import contextlib
import logging
import os
import sys
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from nbgrader.converters import BaseConverter
from nbgrader.coursedir import CourseDirectory
from traitlets.log import get_logger


class StepFailed(Exception):
    """A step of nbgrader failed; ``log`` holds its whole log, the message the error itself."""

    def __init__(self, message: str, log: str) -> None:
        self.log = log
        super().__init__(message)


def run_step(step: type[BaseConverter], config: Any) -> None:
    """Run a step over what the configuration's ``CourseDirectory`` names, replacing its output.

    Raises
    ------
    StepFailed
        If it fails for any reason.
    """
    with _captured_log() as records, _own_tools_first(), warnings.catch_warnings():
        warnings.simplefilter("ignore")  # those of nbgrader's own code; nobody here can mend them
        try:
            converter = step(coursedir=CourseDirectory(config=config), config=config)
            converter.force = True
            converter.start()
        except Exception as error:
            messages = [record.getMessage() for record in records]
            log = "".join(f"[{r.levelname}] {r.getMessage()}\n" for r in records)
            tracebacks = [m.strip() for m in messages if m.lstrip().startswith("Traceback")]
            last = tracebacks[0].split("\n")[-1] if tracebacks else str(error)
            raise StepFailed(last[:300], log) from error


class _Recorder(logging.Handler):
    def __init__(self) -> None:
        super().__init__(logging.INFO)
        self.records: list[logging.LogRecord] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.records.append(record)


@contextlib.contextmanager
def _captured_log() -> Iterator[list[logging.LogRecord]]:
    logger: Any = get_logger()
    before = logger.handlers, logger.propagate, logger.level
    recorder = _Recorder()
    logger.handlers, logger.propagate = [recorder], False
    logger.setLevel(logging.INFO)
    try:
        yield recorder.records
    finally:
        logger.handlers, logger.propagate = before[0], before[1]
        logger.setLevel(before[2])


@contextlib.contextmanager
def _own_tools_first() -> Iterator[None]:
    """Let nbgrader find ``alembic``, which it runs by name, where this Python is installed."""
    before = os.environ.get("PATH", "")
    os.environ["PATH"] = os.pathsep.join([str(Path(sys.executable).parent), before])
    try:
        yield
    finally:
        os.environ["PATH"] = before
