"""Set up the daemon's log: one event a line on standard error, with all secrets taken out."""

import logging
import os
import time
from collections.abc import Callable, Collection
from typing import TextIO

import structlog
from structlog.tracebacks import ExceptionDictTransformer
from structlog.typing import EventDict, Processor, WrappedLogger

from daemon.colour import allows_colour
from daemon.config.values import LogFormat, LogLevel
from daemon.telemetry.journal import JournalFormatter
from daemon.telemetry.redaction import redact_text, redact_value
from daemon.telemetry.repetition import Repetition

OURS = ("ai_traces", "daemon", "sync")
"""The loggers that follow the chosen level; all others log from WARNING on."""

_LOUD = frozenset(("warning", "error", "critical"))

_JOB = "log"
"""The family of events about a single log; none of them is kept back."""

_FLEETING = frozenset(("event", "next_attempt", "again_at"))
"""The keys that may differ between two events that say the same."""


def configure(
    *,
    level: LogLevel,
    form: LogFormat,
    secrets: Collection[str],
    stream: TextIO,
    journal: bool = False,
    clock: Callable[[], float] = time.monotonic,
) -> None:
    """Write every event, ours and those of libraries, to `stream`, without any of `secrets`.

    A further call replaces the configuration.

    Args:
        level: The lowest level of our own events.
        form: The format; auto is console on a terminal and JSON otherwise.
        secrets: Texts to take out wherever they occur, as is whatever looks like a token. It may grow.
        stream: Where to write.
        journal: Whether the stream goes to systemd's journal, which reads a priority from each line.
        clock: Returns monotonic seconds.
    """
    console = form is LogFormat.CONSOLE or (form is LogFormat.AUTO and stream.isatty())
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.add_log_level,
        structlog.stdlib.PositionalArgumentsFormatter(),
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.StackInfoRenderer(),
    ]
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            _repetition_rarer(clock),
            *shared,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        wrapper_class=structlog.stdlib.BoundLogger,
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=False,
    )
    handler = logging.StreamHandler(stream)
    formatter = structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=[*shared, structlog.stdlib.ExtraAdder()],
        processors=[
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            _exceptions(console=console),
            _redactor(secrets),
            _renderer(colors=stream.isatty() and allows_colour(os.environ)) if console else _json(),
        ],
    )
    handler.setFormatter(JournalFormatter(formatter) if journal else formatter)
    root = logging.getLogger()
    ours = (structlog.stdlib.ProcessorFormatter, JournalFormatter)
    for earlier in [each for each in root.handlers if isinstance(each.formatter, ours)]:
        root.removeHandler(earlier)
    root.addHandler(handler)
    root.setLevel(logging.WARNING)
    for package in OURS:
        logging.getLogger(package).setLevel(level.upper())


def _repetition_rarer(clock: Callable[[], float]) -> Processor:
    """Return a processor that drops recent repetitions of a warning, and counts them in the next one.

    An event of a lower level in the same family, the word before the dot in its name, resets that.
    """
    repetition = Repetition()

    def rarer(_logger: WrappedLogger, method: str, event: EventDict) -> EventDict:
        family = str(event["event"]).partition(".")[0]
        if method not in _LOUD:
            repetition.end(family)
            return event
        if family == _JOB:
            return event
        same = repr(sorted((key, value) for key, value in event.items() if key not in _FLEETING))
        say = repetition.meet(family, f"{event['event']} {same}", at=clock())
        if say is None:
            raise structlog.DropEvent
        return {**event, "kept_back": say.kept_back} if say.kept_back else event

    return rarer


def _redactor(secrets: Collection[str]) -> Processor:
    def clean(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
        known = tuple(secrets)
        return {
            redact_text(key, secrets=known): redact_value(value, secrets=known)
            for key, value in event.items()
        }

    return clean


def _exceptions(*, console: bool) -> Processor:
    # Local variables stay out: one of them is the token.
    if console:
        return structlog.processors.format_exc_info
    return structlog.processors.ExceptionRenderer(ExceptionDictTransformer(show_locals=False))


def _json() -> Processor:
    return structlog.processors.JSONRenderer(ensure_ascii=False)


def _renderer(*, colors: bool) -> Processor:
    return structlog.dev.ConsoleRenderer(colors=colors, exception_formatter=structlog.dev.plain_traceback)
