"""Turn given fields into a new log in the logs directory."""

import json
import os
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

from pydantic import ValidationError

from daemon.authoring.placing import put_new
from daemon.authoring.problems import Named, problems
from sync.errors import ConfigurationError, SyncError
from sync.log_path import resolve
from sync.tracelog.model import Kind
from sync.tracelog.writing.entry import ENTRIES, ExceptionEntry, ExecutionEntry
from sync.tracelog.writing.writer import log_text, path_for


class NotWritten(Exception):
    """No log was written; the sentences say why."""

    def __init__(self, *sentences: str) -> None:
        super().__init__(*sentences)
        self.sentences = sentences


def fields_in(text: str) -> Mapping[str, object]:
    """Return the fields in the text of one JSON object.

    Raises:
        NotWritten: The text is not a JSON object.
    """
    try:
        found = json.loads(text)
    except json.JSONDecodeError as error:
        raise NotWritten(f"The JSON ends or goes wrong in line {error.lineno}: {error.msg.lower()}") from None
    except RecursionError:
        raise NotWritten("The JSON is nested too deeply") from None
    if not isinstance(found, dict):
        raise NotWritten("The JSON is no object: write { and the fields, as --schema shows them")
    return found


def compose(
    given: Mapping[str, object], *, kind: Kind, now: datetime, named: Named
) -> ExecutionEntry | ExceptionEntry:
    """Check the fields of a new log and report every problem at once.

    Args:
        given: The fields by their JSON names; `now` stands in for a missing timestamp.
        kind: The kind of log, which decides what fields it has.
        now: The current time.
        named: Returns the name by which the reader of the sentences knows a field.

    Raises:
        NotWritten: Some fields are missing or unusable.
    """
    model = ENTRIES[kind]
    try:
        return model.model_validate({"timestamp": now, **given})
    except ValidationError as error:
        raise NotWritten(*problems(error, model, named=named)) from None


def save_log(entry: ExecutionEntry | ExceptionEntry, *, root: Path) -> Path:
    """Write a new log, creating the exceptions folder if needed, and return its path.

    Raises:
        ConfigurationError: There is no logs directory.
        NotWritten: The log exists already.
        SyncError: The file cannot be written.
    """
    if not os.path.isdir(root):  # noqa: PTH112 - raises nowhere
        raise ConfigurationError(
            f"There is no logs directory {root}, and nothing was written",
            f"Create it with: mkdir -p {root}; or set AI_TRACES_LOGS_DIR to where the logs are",
        )
    file = Path(resolve(root, path_for(entry)))
    if file.parent.is_symlink():
        raise ConfigurationError(
            f"{file.parent} is a link, which the daemon does not follow, and nothing was written",
            "Put a directory in its place",
        )
    try:
        file.parent.mkdir(exist_ok=True)
        put_new(file, log_text(entry).encode())
    except FileExistsError:
        raise NotWritten(
            f"{file} exists already and stays as it is: change it, or give the new log another id"
        ) from None
    except OSError as error:
        reason = (error.strerror or "error").lower()
        raise SyncError(f"{file} cannot be written ({reason})", "Check the directory and the disk") from error
    return file
