"""What every command that speaks to Notion does first: settings, token, log."""

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
        secrets: What the log never shows; a token that is found later goes in, too.
    """

    settings: Settings
    token: Secret
    secrets: set[str] = field(repr=False)

    def renewed(self) -> str | None:
        """Look for the token again, as at the start; None when none is found that can be used."""
        try:
            token = find_token(load(os.environ), os.environ).token.reveal()
        except ConfigurationError:
            return None
        self.secrets.add(token)
        return token


def open_settings(*, least: LogLevel = LogLevel.DEBUG, verbose: bool = False) -> tuple[Settings, Secret]:
    """Load the settings and the token, and set the log up, as `begin` does."""
    opening = begin(least=least, verbose=verbose)
    return opening.settings, opening.token


def begin(*, least: LogLevel = LogLevel.DEBUG, verbose: bool = False) -> Opening:
    """Load the settings and the token, and set the log up.

    Args:
        least: Only events of this level or above are written, whatever the settings say.
        verbose: All events are written, whatever the settings and `least` say.

    Raises:
        ConfigurationError: One of them cannot be used.
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
