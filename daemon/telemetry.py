"""What the daemon says about itself: one event a line on standard error, never with the token in it."""

import logging
import os
from typing import TextIO

import structlog
from structlog.tracebacks import ExceptionDictTransformer
from structlog.typing import EventDict, Processor, WrappedLogger

from daemon.config.values import LogFormat, LogLevel
from daemon.redaction import redact, redact_text

OURS = ("ai_traces", "daemon", "sync")
"""The loggers whose events are written from the chosen level on; everybody else's from WARNING on."""


def configure(*, level: LogLevel, form: LogFormat, secrets: tuple[str, ...], stream: TextIO) -> None:
    """Write every event, ours and those of the libraries, to `stream`, without any of `secrets`.

    May be called again: what was configured before is replaced.

    Args:
        level: From which level on our own events are written.
        form: Auto is console on a terminal and JSON otherwise.
        secrets: Texts to take out wherever they turn up; whatever looks like a token goes too.
        stream: Where to write.
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
            *shared,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        wrapper_class=structlog.stdlib.BoundLogger,
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=False,
    )
    handler = logging.StreamHandler(stream)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[*shared, structlog.stdlib.ExtraAdder()],
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                _exceptions(console=console),
                _redactor(secrets),
                _renderer(colors=stream.isatty() and "NO_COLOR" not in os.environ) if console else _json(),
            ],
        )
    )
    root = logging.getLogger()
    for earlier in [
        each for each in root.handlers if isinstance(each.formatter, structlog.stdlib.ProcessorFormatter)
    ]:
        root.removeHandler(earlier)
    root.addHandler(handler)
    root.setLevel(logging.WARNING)
    for package in OURS:
        logging.getLogger(package).setLevel(level.upper())


def _redactor(secrets: tuple[str, ...]) -> Processor:
    def clean(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
        return {
            redact_text(key, secrets=secrets): redact(value, secrets=secrets) for key, value in event.items()
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
