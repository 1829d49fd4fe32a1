"""`ai-traces verify`."""

import asyncio
import json
from collections.abc import Mapping, Sequence

import click

from daemon.cli.opening import open_settings, verbose_option
from daemon.config.secret import Secret
from daemon.config.settings import Settings
from daemon.config.values import LogLevel, OnPageEdited
from daemon.presence.lock import StateLock
from daemon.presence.place_kept import place_kept
from daemon.presence.pulse import Role
from daemon.session import Session, open_session
from daemon.status.columns import visible
from daemon.stopping import stop_signal, unless
from daemon.verification.differences import differences
from daemon.verification.repair import Copies, put_on_list, trash_duplicates, wait_for_daemon, work_off
from daemon.verification.saved_words import SavedWords, saved_since
from daemon.watching.paths import require_root
from sync.comparison.differences import Findings
from sync.convergence.loss import Loss
from sync.errors import AlreadyRunning
from sync.names import LogPath
from sync.state.savings import latest_saving
from sync.state.store import Store

_MEANING: Mapping[str, tuple[str, str]] = {
    "missing": ("has no page", "ai-traces verify --repair makes it"),
    "stale": ("has a page that shows another version", "ai-traces verify --repair writes it"),
    "edited": (
        "has a page that somebody has been at",
        "ai-traces verify --deep tells whether it was the log's own text; --repair saves and mends that",
    ),
    "duplicate": (
        "has more than one page",
        "ai-traces verify --repair keeps one and trashes the copies that hold nothing of yours",
    ),
    "orphaned": (
        "has a page and no file",
        "ai-traces verify --repair does with it what AI_TRACES_ON_FILE_DELETED says",
    ),
    "quarantined": ("was set aside", "ai-traces status says why"),
    "unseen": (
        "cannot be listed, so nothing is known of the logs in it",
        "Make it readable for the user that runs ai-traces",
    ),
}
_LEFT = "AI_TRACES_ON_PAGE_EDITED=report leaves it; set it to repair to have the log's text back"

_CHANGED = "ai-traces verify --repair saves what was written there, and writes the log's own text again"


@click.command("verify", epilog="Example: ai-traces verify --deep")
@click.option("--deep", is_flag=True, help="Read every page back and compare its text.")
@click.option(
    "--repair", is_flag=True, help="Mend what differs; what people wrote is saved first, and it says where."
)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object instead of sentences.")
@verbose_option
def command(*, deep: bool, repair: bool, as_json: bool, verbose: bool) -> int:
    """Compare all logs with all pages, whatever the daemon remembers of them.

    Works whether or not the daemon runs. Ends with 0 when both copies are in step, with 1 when they differ
    or something could not be looked into, with 77 when Notion refuses access, with 78 when the configuration
    cannot be used.
    """
    settings, token = open_settings(least=LogLevel.WARNING, verbose=verbose)
    require_root(settings.logs_dir)
    findings, before = asyncio.run(_audited(settings, token, deep=deep))
    duplicates, saved = Copies(0, ()), tuple[SavedWords, ...]()
    if repair and not findings.in_step:
        mended = asyncio.run(_repaired(settings, token, findings))
        if mended is None:
            click.echo("… Stopped before all was mended; run it again, and it goes on from here.", err=True)
            return 1
        duplicates = mended
        findings, _ = asyncio.run(_audited(settings, token, deep=deep))
        saved = _saved(settings, since=before)
    if as_json:
        told = {**findings.as_json(), "saved": [each.as_json() for each in saved]}
        click.echo(json.dumps(told, ensure_ascii=False))
    else:
        keeps_edits = settings.on_page_edited is OnPageEdited.REPORT
        _show(findings, duplicates, saved, edited=_LEFT if keeps_edits else _CHANGED if deep else "")
    return 0 if findings.in_step else 1


async def _audited(settings: Settings, token: Secret, *, deep: bool) -> tuple[Findings, int]:
    """Return where the copies differ, and the number of the latest saving that the state knew of then."""
    with Store.copy_of(settings.state_dir) as copy:
        async with open_session(settings, token, copy, transport=None, note=lambda _: None) as session:
            return await differences(session, deep=deep), latest_saving(copy)


def _saved(settings: Settings, *, since: int) -> tuple[SavedWords, ...]:
    """Return where words of people were put meanwhile, by this process or the daemon."""
    with Store.copy_of(settings.state_dir) as copy:
        return saved_since(copy, since)


async def _repaired(settings: Settings, token: Secret, findings: Findings) -> Copies | None:
    """Mend what differs, or have the running daemon do it; None when a person ended it early."""
    stop = stop_signal()
    try:
        with StateLock(settings.state_dir) as lock, Store.open(settings.state_dir) as store:
            async with (
                open_session(
                    settings,
                    token,
                    store,
                    transport=None,
                    note=lambda _: None,
                    lock=lock,
                    role=Role.REPAIR,
                ) as session,
                place_kept(settings.state_dir, stop),
            ):
                return await _mend_alone(session, findings, stop)
    except AlreadyRunning:
        with Store.open(settings.state_dir) as store, Store.copy_of(settings.state_dir) as copy:
            async with open_session(settings, token, copy, transport=None, note=lambda _: None) as session:
                await unless(stop, session.gateway.connect(rehearsing=True))
                if not stop.is_set():
                    await wait_for_daemon(session, store, put_on_list(store, findings), stop=stop)
                if stop.is_set():
                    return None
                return await unless(stop, trash_duplicates(session, store, findings))


async def _mend_alone(session: Session, findings: Findings, stop: asyncio.Event) -> Copies | None:
    await unless(stop, session.connect())
    if not stop.is_set():
        await work_off(session, put_on_list(session.store, findings), stop=stop)
    return None if stop.is_set() else await unless(stop, trash_duplicates(session, session.store, findings))


def _told(kind: str, path: LogPath, findings: Findings) -> tuple[str, str]:
    """Return what follows the name of a log that differs, and what to do about it."""
    what, hint = _MEANING[kind]
    loss = findings.losses.get(path) if kind == "missing" else None
    return (f" {what}", hint) if loss is None else (f": {loss.what}", loss.hint(path))


def _show(findings: Findings, duplicates: Copies, saved: Sequence[SavedWords], *, edited: str) -> None:
    """Print what was found.

    Args:
        findings: The differences.
        duplicates: What became of further pages.
        saved: Where words of people were put.
        edited: What to do where somebody has been at a page; empty: the usual.
    """
    for kind, paths in findings.as_json().items():
        for path in paths:
            what, hint = _told(kind, path, findings)
            click.secho(visible(f"✗ {path}{what}."), fg="red")
            click.echo(visible(f"  → {edited if kind == 'edited' and edited else hint}"))
    for path in findings.trashed:
        said = findings.said.get(path, f"{Loss.TRASHED.what}. {Loss.TRASHED.hint(path)}")
        click.echo(visible(f"· {path}: {said}"))
    for each in saved:
        click.secho(visible(f"✓ {each}"), fg="green")
    if duplicates.trashed:
        copies = "1 copy of a page" if duplicates.trashed == 1 else f"{duplicates.trashed:,} copies of pages"
        click.echo(f"Moved to Notion's trash: {copies} with nothing of yours in it.")
    for place in duplicates.kept:
        click.echo(
            f"Left alone, as it may hold something of yours: {place}\n"
            "  → Move what you want to keep to the other page, then put this one in Notion's trash"
        )
    if findings.in_step:
        others = "other " if findings.trashed else ""
        click.secho(f"✓ Every {others}log and its page are in step.", fg="green")
