"""The settings: the variable of each, how it is read, its default."""

import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from pathlib import Path
from types import MappingProxyType
from typing import Annotated, Any, get_args

import platformdirs

from daemon.config.secret import Secret
from daemon.config.sources import APPLICATION, file_in, general_file, passed, read_env_files, without_empty
from daemon.config.values import (
    INTERVAL,
    SETTLING,
    LogFormat,
    LogLevel,
    OnPageEdited,
    OnPageTrashed,
    one_of,
    parse_budget_url,
    parse_database_id,
    parse_host,
    parse_http_url,
    parse_max_deletes,
    parse_pace,
    parse_path,
    parse_port,
    parse_property_names,
    parse_switch,
)
from daemon.here import here
from sync.departure_decision import MaxDeletes, OnFileDeleted
from sync.errors import ConfigurationError
from sync.names import Property
from sync.page.edition import edition

PREFIX = "AI_TRACES_"


@dataclass(frozen=True, slots=True)
class Setting:
    """How one setting is written.

    Attributes:
        name: The name of the variable.
        read: Returns the value of a text, or raises a ValueError that says what is wrong with it.
        takes: What the variable takes, as the end of the sentence "it takes ...".
        default: The text that is read if the variable is not set; None makes the value None.
        example: A valid text for error messages; None for the default.
    """

    name: str
    read: Callable[[str], object]
    takes: str
    default: str | None = None
    example: str | None = None


def _secret_url(text: str) -> Secret:
    return Secret(parse_budget_url(text))


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Everything that a person can set; made by `load`.

    Attributes:
        misspelt: A sentence for each variable that looks like a setting and is none.
    """

    notion_token: Annotated[Secret | None, Setting("NOTION_TOKEN", Secret, "a token", example="ntn_...")]
    notion_token_file: Annotated[
        Path | None,
        Setting(
            "NOTION_TOKEN_FILE", parse_path, "the path of a file", example="~/.config/ai-traces/notion-token"
        ),
    ]
    notion_database_id: Annotated[
        str,
        Setting(
            "NOTION_DATABASE_ID",
            parse_database_id,
            "a database id or its Notion URL",
            default="9272e7a691ab4c50b5b9b28cc2f41f3d",
        ),
    ]
    notion_base_url: Annotated[
        str,
        Setting("NOTION_BASE_URL", parse_http_url, "an http or https URL", default="https://api.notion.com"),
    ]
    logs_dir: Annotated[
        Path,
        Setting(
            "AI_TRACES_LOGS_DIR",
            parse_path,
            "the path of a directory",
            default="~/jen-os/logs/claude-executions",
        ),
    ]
    state_dir: Annotated[
        Path,
        Setting(
            "AI_TRACES_STATE_DIR", parse_path, "the path of a directory", example="~/.local/state/ai-traces"
        ),
    ]
    requests_per_minute: Annotated[
        float, Setting("AI_TRACES_REQUESTS_PER_MINUTE", parse_pace, "any positive number", default="180")
    ]
    rescan_seconds: Annotated[
        float,
        Setting("AI_TRACES_RESCAN_SECONDS", INTERVAL, f"a number of seconds {INTERVAL}", default="300"),
    ]
    drift_check_seconds: Annotated[
        float,
        Setting("AI_TRACES_DRIFT_CHECK_SECONDS", INTERVAL, f"a number of seconds {INTERVAL}", default="600"),
    ]
    settle_seconds: Annotated[
        float, Setting("AI_TRACES_SETTLE_SECONDS", SETTLING, f"a number of seconds {SETTLING}", default="65")
    ]
    on_file_deleted: Annotated[
        OnFileDeleted,
        Setting("AI_TRACES_ON_FILE_DELETED", one_of(OnFileDeleted), "trash, keep or mark", default="trash"),
    ]
    on_page_trashed: Annotated[
        OnPageTrashed,
        Setting("AI_TRACES_ON_PAGE_TRASHED", one_of(OnPageTrashed), "respect or restore", default="respect"),
    ]
    on_page_edited: Annotated[
        OnPageEdited,
        Setting("AI_TRACES_ON_PAGE_EDITED", one_of(OnPageEdited), "repair or report", default="repair"),
    ]
    max_deletes: Annotated[
        MaxDeletes,
        Setting(
            "AI_TRACES_MAX_DELETES",
            parse_max_deletes,
            "a number of pages from 0 to 999999999, a percentage from 0% to 100%, or both",
            default="10,20%",
        ),
    ]
    manage_schema: Annotated[
        bool, Setting("AI_TRACES_MANAGE_SCHEMA", parse_switch, "true or false", default="true")
    ]
    property_names: Annotated[
        Mapping[Property, str],
        Setting(
            "AI_TRACES_PROPERTY_NAMES",
            parse_property_names,
            "a JSON object of new names",
            default="{}",
            example='{"ENV": "Environment"}',
        ),
    ]
    redact: Annotated[bool, Setting("AI_TRACES_REDACT", parse_switch, "true or false", default="true")]
    host: Annotated[
        str,
        Setting(
            "AI_TRACES_HOST",
            parse_host,
            "up to 64 letters, digits, dots, underscores and hyphens",
            default="",
            example="jens-laptop",
        ),
    ]
    budget_url: Annotated[
        Secret | None,
        Setting("AI_TRACES_BUDGET_URL", _secret_url, "a redis URL", example="redis://localhost:6379/0"),
    ]
    contract: Annotated[
        Path | None,
        Setting("AI_TRACES_CONTRACT", parse_path, "the path of a file", example="~/jen-os/contract.md"),
    ]
    anthropic_api_key: Annotated[
        Secret | None, Setting("ANTHROPIC_API_KEY", Secret, "a key", example="sk-ant-...")
    ]
    log_level: Annotated[
        LogLevel,
        Setting("AI_TRACES_LOG_LEVEL", one_of(LogLevel), "debug, info, warning or error", default="info"),
    ]
    log_format: Annotated[
        LogFormat, Setting("AI_TRACES_LOG_FORMAT", one_of(LogFormat), "auto, console or json", default="auto")
    ]
    metrics_port: Annotated[
        int | None, Setting("AI_TRACES_METRICS_PORT", parse_port, "a port from 1 to 65535", example="9464")
    ]
    misspelt: tuple[str, ...] = ()


SETTINGS: Mapping[str, Setting] = MappingProxyType(
    {each.name: how for each in fields(Settings) for how in get_args(each.type) if isinstance(how, Setting)}
)
"""The settings by the attribute of `Settings` that holds their value."""


def load(
    environ: Mapping[str, str], *, directory: Path | None = None, config_dir: Path | None = None
) -> Settings:
    """Load the settings from the environment, else from a `.env` file, else from the defaults.

    Args:
        environ: The environment.
        directory: The directory of the first `.env`; by default the current one.
        config_dir: The directory of the second `.env`; by default the platform's for our configuration.

    Raises:
        ConfigurationError: Values cannot be used; the error names each variable and what to write.
    """
    nearest = here() if directory is None else directory
    general = passed(environ) or general_file(config_dir)
    found = read_env_files(general, *file_in(nearest)) | without_empty(environ)
    found.setdefault("AI_TRACES_STATE_DIR", _default_state_dir(environ))
    settings = Settings(**_values(found), misspelt=_misspelt(found))
    _refuse_state_among_logs(settings)
    return settings


def set_nearby(
    environ: Mapping[str, str], *, directory: Path, config_dir: Path | None = None
) -> dict[str, str]:
    """Return the settings of the environment and a directory's `.env` that differ from the general file.

    Raises:
        ConfigurationError: A file cannot be read.
    """
    general = read_env_files(general_file(config_dir))
    nearby = read_env_files(*file_in(directory)) | without_empty(environ)
    names = (setting.name for setting in SETTINGS.values())
    return {name: nearby[name] for name in names if nearby.get(name, "") not in {"", general.get(name)}}


def edition_of(settings: Settings) -> str:
    """Return the edition of the pages that these settings make."""
    return edition(settings.property_names, redact=settings.redact)


def _default_state_dir(environ: Mapping[str, str]) -> str:
    by_service = environ.get("STATE_DIRECTORY", "").split(":")[0]
    return by_service or platformdirs.user_state_dir(APPLICATION)


def _misspelt(found: Iterable[str]) -> tuple[str, ...]:
    known = [setting.name for setting in SETTINGS.values()]
    strays = sorted(name for name in found if name.startswith(PREFIX) and name not in known)
    return tuple(_corrected(name, known) for name in strays)


def _corrected(name: str, known: Sequence[str]) -> str:
    import difflib  # noqa: PLC0415 - needed only after a typing error

    close = difflib.get_close_matches(name, known, n=1)
    return f"{name} is no setting" + (f"; did you mean {close[0]}?" if close else "")


def _values(found: Mapping[str, str]) -> dict[str, Any]:
    """Read every setting, and report all errors at once."""
    values: dict[str, Any] = {}
    whats, hints = [], []
    for attribute, setting in SETTINGS.items():
        name, written = setting.name, found.get(setting.name, setting.default)
        try:
            values[attribute] = None if written is None else setting.read(written)
        except ValueError as error:
            told = str(error) or f"{name} is {written!r}"
            whats.append(told if told.startswith(name) else f"{name}: {told}")
            hints.append(
                f"{name} takes {setting.takes}: write for example {name}={setting.example or setting.default}"
            )
    if whats:
        raise ConfigurationError("; ".join(dict.fromkeys(whats)), "; ".join(dict.fromkeys(hints)))
    return values


def _refuse_state_among_logs(settings: Settings) -> None:
    # `resolve` raises for symlinks that form a circle; opening the directory gives a better error.
    if Path(os.path.realpath(settings.state_dir)).is_relative_to(os.path.realpath(settings.logs_dir)):
        raise ConfigurationError(
            f"AI_TRACES_STATE_DIR is {settings.state_dir}, inside the logs directory {settings.logs_dir}",
            "Set AI_TRACES_STATE_DIR to a directory outside it, such as ~/.local/state/ai-traces",
        )
