"""What every command for Notion does first: load settings and token, set up the log."""

import os
import sys
from dataclasses import dataclass, field

import click
import structlog

from daemon.config.credentials import find_token
from daemon.config.secret import Secret
from daemon.config.settings import Settings, load
from daemon.config.values import LogLevel, secrets_of_url
from daemon.telemetry.journal import is_journal
from daemon.telemetry.log import configure
from sync.errors import ConfigurationError

verbose_option = click.option(
    "-v", "--verbose", is_flag=True, help="Tell everything that happens, on stderr; the same as level debug."
)


@dataclass(frozen=True, slots=True)
class Opening:
    """What a command begins with.

    Attributes:
        settings: The settings.
        token: The Notion token.
        secrets: The texts that the log never shows; a token that is found later is added.
    """

    settings: Settings
    token: Secret
    secrets: set[str] = field(repr=False)

    def renewed(self) -> str | None:
        """Look the token up again as at the start; return None if there is no usable one."""
        try:
            token = find_token(load(os.environ), os.environ).token.reveal()
        except ConfigurationError:
            return None
        self.secrets.add(token)
        return token


def open_settings(*, least: LogLevel = LogLevel.DEBUG, verbose: bool = False) -> tuple[Settings, Secret]:
    """Load the settings and the token, and set the log up, as `open_command` does."""
    opening = open_command(least=least, verbose=verbose)
    return opening.settings, opening.token


def open_command(*, least: LogLevel = LogLevel.DEBUG, verbose: bool = False) -> Opening:
    """Load the settings and the token, and set the log up.

    Args:
        least: The lowest level to log, even if the settings say a lower one.
        verbose: Whether to log everything, whatever the settings and `least` say.

    Raises:
        ConfigurationError: The settings or the token cannot be used.
    """
    settings = load(os.environ)
    token = find_token(settings, os.environ).token
    budget = settings.budget_url
    secrets = {token.reveal()} | (set() if budget is None else secrets_of_url(budget))
    if settings.anthropic_api_key is not None:
        secrets.add(settings.anthropic_api_key.reveal())
    configure(
        level=LogLevel.DEBUG if verbose else max(settings.log_level, least, key=list(LogLevel).index),
        form=settings.log_format,
        secrets=secrets,
        stream=sys.stderr,
        journal=is_journal(sys.stderr, os.environ),
    )
    for stray in settings.misspelt:
        structlog.get_logger("daemon").warning("settings.unknown", detail=stray)
    return Opening(settings, token, secrets)
