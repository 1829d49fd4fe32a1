"""The settings: what each variable takes, its default, and where a value comes from."""

import difflib
import os
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Annotated, Any

import platformdirs
from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PlainSerializer,
    PlainValidator,
    SecretStr,
    ValidationError,
)
from pydantic_core import ErrorDetails

from daemon.config.values import (
    LogFormat,
    LogLevel,
    OnPageEdited,
    OnPageTrashed,
    parse_budget_url,
    parse_database_id,
    parse_http_url,
    parse_max_deletes,
    parse_path,
    parse_property_names,
)
from daemon.here import here
from sync.departure import MaxDeletes, OnFileDeleted
from sync.errors import ConfigurationError
from sync.names import Property
from sync.page.edition import edition

APPLICATION = "ai-traces"
PREFIX = "AI_TRACES_"
SETTINGS_CREDENTIAL = "settings"
"""The name of the systemd credential that holds what the general `.env` does."""
GONE = "# gone"
"""What a service finds in a credential whose file is not there any more."""


def _setting(name: str, default: object, takes: str, *, example: str = "") -> Any:  # noqa: ANN401 - as pydantic's Field
    """Declare a setting; `takes` completes "it takes ..." in an error, `example` is what to write instead."""
    return Field(
        default,
        validate_default=True,
        validation_alias=name,
        description=takes,
        examples=[example or str(default)],
    )


def _optional(name: str, takes: str, *, example: str) -> Any:  # noqa: ANN401 - as pydantic's Field
    """Declare a setting that is None unless set."""
    return Field(None, validation_alias=name, description=takes, examples=[example])


_Path = Annotated[Path, BeforeValidator(parse_path)]
_Lower = BeforeValidator(str.lower)
_Seconds = Annotated[float, Field(ge=0, allow_inf_nan=False)]


class Settings(BaseModel):
    """Everything that a person can set. `load` knows where values come from."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    notion_token: SecretStr | None = _optional("NOTION_TOKEN", "a token", example="ntn_...")
    notion_token_file: _Path | None = _optional(
        "NOTION_TOKEN_FILE", "the path of a file", example="~/.config/ai-traces/notion-token"
    )
    notion_database_id: Annotated[str, BeforeValidator(parse_database_id)] = _setting(
        "NOTION_DATABASE_ID", "9272e7a691ab4c50b5b9b28cc2f41f3d", "a database id or its Notion URL"
    )
    notion_base_url: Annotated[str, BeforeValidator(parse_http_url)] = _setting(
        "NOTION_BASE_URL", "https://api.notion.com", "an http or https URL"
    )
    logs_dir: _Path = _setting(
        "AI_TRACES_LOGS_DIR", "~/jen-os/logs/claude-executions", "the path of a directory"
    )
    state_dir: _Path = _setting(
        "AI_TRACES_STATE_DIR", ..., "the path of a directory", example="~/.local/state/ai-traces"
    )
    requests_per_minute: Annotated[float, Field(gt=0, allow_inf_nan=False)] = _setting(
        "AI_TRACES_REQUESTS_PER_MINUTE", "180", "a number above 0"
    )
    rescan_seconds: _Seconds = _setting("AI_TRACES_RESCAN_SECONDS", "300", "a number of seconds, 0 for never")
    drift_check_seconds: _Seconds = _setting(
        "AI_TRACES_DRIFT_CHECK_SECONDS", "600", "a number of seconds, 0 for never"
    )
    settle_seconds: _Seconds = _setting("AI_TRACES_SETTLE_SECONDS", "65", "a number of seconds")
    on_file_deleted: Annotated[OnFileDeleted, _Lower] = _setting(
        "AI_TRACES_ON_FILE_DELETED", "trash", "trash, keep or mark"
    )
    on_page_trashed: Annotated[OnPageTrashed, _Lower] = _setting(
        "AI_TRACES_ON_PAGE_TRASHED", "respect", "respect or restore"
    )
    on_page_edited: Annotated[OnPageEdited, _Lower] = _setting(
        "AI_TRACES_ON_PAGE_EDITED", "repair", "repair or report"
    )
    max_deletes: Annotated[MaxDeletes, BeforeValidator(parse_max_deletes)] = _setting(
        "AI_TRACES_MAX_DELETES", "10,20%", "a number of pages, a percentage, or both"
    )
    manage_schema: bool = _setting("AI_TRACES_MANAGE_SCHEMA", "true", "true or false")
    property_names: Annotated[
        Mapping[Property, str], PlainValidator(parse_property_names), PlainSerializer(dict)
    ] = _setting(
        "AI_TRACES_PROPERTY_NAMES", "{}", "a JSON object of new names", example='{"ENV": "Environment"}'
    )
    redact: bool = _setting("AI_TRACES_REDACT", "true", "true or false")
    host: Annotated[str, Field(pattern=r"^[A-Za-z0-9._-]{0,64}$")] = _setting(
        "AI_TRACES_HOST", "", "up to 64 letters, digits, dots, underscores and hyphens", example="jens-laptop"
    )
    budget_url: Annotated[SecretStr, BeforeValidator(parse_budget_url)] | None = _optional(
        "AI_TRACES_BUDGET_URL", "a redis URL", example="redis://localhost:6379/0"
    )
    contract: _Path | None = _optional(
        "AI_TRACES_CONTRACT", "the path of a file", example="~/jen-os/contract.md"
    )
    anthropic_api_key: SecretStr | None = _optional("ANTHROPIC_API_KEY", "a key", example="sk-ant-...")
    log_level: Annotated[LogLevel, _Lower] = _setting(
        "AI_TRACES_LOG_LEVEL", "info", "debug, info, warning or error"
    )
    log_format: Annotated[LogFormat, _Lower] = _setting(
        "AI_TRACES_LOG_FORMAT", "auto", "auto, console or json"
    )
    metrics_port: Annotated[int, Field(ge=1, le=65535)] | None = _optional(
        "AI_TRACES_METRICS_PORT", "a port from 1 to 65535", example="9464"
    )
    misspelt: tuple[str, ...] = ()
    """Variables that look like settings and are none, as sentences."""


def load(
    environ: Mapping[str, str], *, directory: Path | None = None, config_dir: Path | None = None
) -> Settings:
    """Load the settings from the environment, else from a `.env` file, else from the defaults.

    Args:
        environ: The environment.
        directory: Where the first `.env` lies; the current directory unless given.
        config_dir: Where the second `.env` lies; the platform's place for our configuration unless given.

    Raises:
        ConfigurationError: A value cannot be used; it names the variable and says what to write.
    """
    nearest = here() if directory is None else directory
    general = _passed(environ) or general_file(config_dir)
    found = _read_env_files(general, *_file_in(nearest)) | _without_empty(environ)
    known = _names()
    values: dict[str, object] = {name: found[name] for name in known if name in found}
    values.setdefault("AI_TRACES_STATE_DIR", _default_state_dir(environ))
    values["misspelt"] = _misspelt(found, known)
    try:
        settings = Settings.model_validate(values)
    except ValidationError as error:
        raise _configuration_error(error.errors(), values) from None
    _refuse_state_among_logs(settings)
    return settings


def general_file(config_dir: Path | None = None) -> Path:
    """Return where the settings lie that hold in every directory."""
    return (platformdirs.user_config_path(APPLICATION) if config_dir is None else config_dir) / ".env"


def set_nearby(
    environ: Mapping[str, str], *, directory: Path, config_dir: Path | None = None
) -> dict[str, str]:
    """Return what the environment and the `.env` in a directory set, where it differs from the general file.

    Raises:
        ConfigurationError: A file cannot be read.
    """
    general = _read_env_files(general_file(config_dir))
    nearby = _read_env_files(*_file_in(directory)) | _without_empty(environ)
    return {name: nearby[name] for name in _names() if nearby.get(name, "") not in {"", general.get(name)}}


def _names() -> list[str]:
    fields = Settings.model_fields.values()
    return [str(field.validation_alias) for field in fields if field.validation_alias]


def _passed(environ: Mapping[str, str]) -> Path | None:
    """Return the settings that systemd passes to a service that cannot see its user's home.

    Raises:
        ConfigurationError: They are gone.
    """
    directory = environ.get("CREDENTIALS_DIRECTORY")
    passed = Path(directory, SETTINGS_CREDENTIAL) if directory else None
    if passed is None or not passed.is_file():
        return None
    if passed.read_bytes().strip() == GONE.encode():
        raise ConfigurationError(
            "The settings file that the service was installed with is not there any more",
            "Run: ai-traces setup; then: ai-traces service install, as before",
        )
    return passed


def edition_of(settings: Settings) -> str:
    """Return the edition of the pages that these settings make."""
    return edition(settings.property_names, redact=settings.redact)


def _without_empty(variables: Mapping[str, str | None]) -> dict[str, str]:
    return {name: value.strip() for name, value in variables.items() if value and value.strip()}


def _file_in(directory: Path) -> tuple[Path, ...]:
    """Return the settings file of a directory; none where this user may not enter, such as root's home."""
    may_enter = os.access(directory, os.X_OK, effective_ids=True)
    return (directory / ".env",) if may_enter else ()


def _read_env_files(*files: Path) -> dict[str, str]:
    found: dict[str, str] = {}
    try:
        for file in files:
            if file.is_file() or file.is_fifo():
                from dotenv import dotenv_values  # noqa: PLC0415 - where there is no file, nobody waits for it

                found |= _without_empty(dotenv_values(file, encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigurationError(
            f"A .env file cannot be read ({error})",
            f"Make {' and '.join(map(str, files))} text in UTF-8 that this user may read, or remove it",
        ) from None
    return found


def _default_state_dir(environ: Mapping[str, str]) -> str:
    by_service = environ.get("STATE_DIRECTORY", "").split(":")[0]
    return by_service or platformdirs.user_state_dir(APPLICATION)


def _misspelt(found: Iterable[str], known: list[str]) -> tuple[str, ...]:
    strays = sorted(name for name in found if name.startswith(PREFIX) and name not in known)
    meant = {name: difflib.get_close_matches(name, known, n=1) for name in strays}
    return tuple(
        f"{name} is no setting" + (f"; did you mean {close[0]}?" if close else "")
        for name, close in meant.items()
    )


def _configuration_error(errors: list[ErrorDetails], values: Mapping[str, object]) -> ConfigurationError:
    fields = {field.validation_alias: field for field in Settings.model_fields.values()}
    whats, hints = [], []
    for error in errors:
        name = str(error["loc"][0])
        given_reason = error.get("ctx", {}).get("error")
        told = str(given_reason or f"{name} is {values.get(name)!r}")
        whats.append(told if told.startswith(name) else f"{name}: {told}")
        takes, example = fields[name].description, (fields[name].examples or [""])[0]
        hints.append(f"{name} takes {takes}: write for example {name}={example}")
    return ConfigurationError("; ".join(dict.fromkeys(whats)), "; ".join(dict.fromkeys(hints)))


def _refuse_state_among_logs(settings: Settings) -> None:
    if settings.state_dir.resolve().is_relative_to(settings.logs_dir.resolve()):
        raise ConfigurationError(
            f"AI_TRACES_STATE_DIR is {settings.state_dir}, inside the logs directory {settings.logs_dir}",
            "Set AI_TRACES_STATE_DIR to a directory outside it, such as ~/.local/state/ai-traces",
        )
