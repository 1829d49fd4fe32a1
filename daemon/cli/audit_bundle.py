"""Make the bundle of `ai-traces audit`; apart from it, as only this needs the grouping's libraries."""

import json
from collections.abc import Iterator
from pathlib import Path

import click

from daemon.cli.bad_input import BadInput, note
from daemon.config.settings import Settings
from daemon.local_zone import local_zone
from daemon.patterns.bundle_folder import require_own
from daemon.patterns.bundling import Wish, bundled
from sync.auditor.bundle import LETTER, Bundle, Unfit
from sync.auditor.manifest import MANIFEST
from sync.errors import ConfigurationError
from sync.patterns.handoff.shown import counted

_SAID = 20
"""The number of places that are listed; the rest is counted."""


class _Unsafe(click.ClickException):
    """Ends the command with 1: the bundle would disclose something."""

    exit_code = 1


def make(settings: Settings, wish: Wish, *, output: Path | None, as_json: bool) -> None:
    """Make a bundle, print the path of its folder, and say what to do with it."""
    try:
        if output is not None:
            require_own(output)
        made = bundled(settings, wish, output=output, zone=local_zone(), note=note)
    except ConfigurationError as error:
        raise BadInput(error.what, error.hint) from None
    if isinstance(made, Unfit):
        raise _Unsafe("\n".join(_warned(made)))
    bundle, folder = made
    click.echo(_as_json(bundle, folder) if as_json else folder)
    note(_next(bundle, wish))


def _next(bundle: Bundle, wish: Wish) -> str:
    """Say what is in the bundle, and what to do with it."""
    give = f"Give the auditor {LETTER}, and the other files if he takes them."
    records = counted(bundle.records, "record")
    if bundle.patterns:
        found = counted(bundle.patterns, "pattern")
        return f"{found}, {records}. {give} When he has answered: ai-traces audit import FILE"
    if bundle.records:
        return f"No pattern, {records} of single runs. {give} His answer is for you to read; do not import it"
    if wish.singletons:
        return "There is nothing to audit: no log that was read tells of a trouble"
    return (
        "There is nothing to audit: nothing came up in more than one run. The folder says so, too. "
        "More logs: --last 100. What only one run met: --include-singletons"
    )


def _warned(unfit: Unfit) -> Iterator[str]:
    yield "Nothing was written: something that looks secret or personal would still be in the bundle."
    for leak in unfit.leaks[:_SAID]:
        yield f"- {leak.where}"
    if len(unfit.leaks) > _SAID:
        yield f"- and {len(unfit.leaks) - _SAID} more places"
    yield "Take it out there, or say it in other words, and run ai-traces audit again."


def _as_json(bundle: Bundle, folder: Path) -> str:
    manifest = json.loads(bundle.files[MANIFEST])
    return json.dumps(
        {
            "folder": str(folder),
            "patterns": bundle.patterns,
            "records": bundle.records,
            "shortened": bundle.is_shortened,
            "files": {each["name"]: each["sha256"] for each in manifest["files"]},
            "dropped": manifest["dropped"],
        },
        ensure_ascii=False,
    )
