"""What every command that speaks to Notion does first: settings, token, log."""

import os
import sys

import structlog
from pydantic import SecretStr

from daemon.config.credentials import find_token
from daemon.config.settings import Settings, load
from daemon.config.values import LogLevel
from daemon.telemetry import configure


def open_settings(*, least: LogLevel = LogLevel.DEBUG) -> tuple[Settings, SecretStr]:
    """Load the settings and the token, and set the log up.

    Args:
        least: Only events of this level or above are written, whatever the settings say.

    Raises:
        ConfigurationError: One of them cannot be used.
    """
    settings = load(os.environ)
    token = find_token(settings, os.environ).token
    budget = settings.budget_url
    secrets = (token, budget) if budget is not None else (token,)
    levels = list(LogLevel)
    configure(
        level=max(settings.log_level, least, key=levels.index),
        form=settings.log_format,
        secrets=tuple(secret.get_secret_value() for secret in secrets),
        stream=sys.stderr,
    )
    if budget is not None:
        structlog.get_logger("daemon").warning(
            "settings.unused", detail="AI_TRACES_BUDGET_URL: sharing a budget is not there yet"
        )
    for stray in settings.misspelt:
        structlog.get_logger("daemon").warning("settings.unknown", detail=stray)
    return settings, token
