"""`ai-traces verify`."""

import asyncio
from collections.abc import Collection, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import partial

import click

from daemon.cli.as_object import done_so_far, json_option, print_object
from daemon.cli.ending import EXIT_NEEDS_A_PERSON
from daemon.cli.opening import open_settings, verbose_option
from daemon.config.secret import Secret
from daemon.config.settings import Settings
from daemon.config.values import LogLevel, OnPageEdited
from daemon.interruption import EndedEarly, interruptible
from daemon.presence.lock import StateLock
from daemon.presence.pulse import Role
from daemon.presence.state_guard import guard_state
from daemon.session import Session, open_session
from daemon.status.columns import visible
from daemon.stopping import stop_signal, unless
from daemon.verification.differences import differences
from daemon.verification.repair import Copies, put_on_list, trash_duplicates, wait_for_daemon, work_off
from daemon.verification.saved_words import SavedWords, saved_since
from daemon.watching.paths import require_root
from sync.amounts import counted
from sync.comparison.differences import Findings
from sync.convergence.loss import Loss
from sync.errors import AlreadyRunning, StateUnusable
from sync.names import LogPath
from sync.state.backlog import Backlog
from sync.state.records import Standing
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
        "ai-traces verify --repair follows AI_TRACES_ON_FILE_DELETED, or ai-traces status says why not",
    ),
    "quarantined": ("was set aside", "ai-traces status says why"),
    "unseen": (
        "cannot be listed, so nothing is known of the logs in it",
        "Make it readable for the user that runs ai-traces",
    ),
}
_LEFT = "AI_TRACES_ON_PAGE_EDITED=report leaves it; set it to repair to have the log's text back"

_UNMENDED = " before all was mended; run it again, and it goes on from here"
_UNCOMPARED = " while it was compared again; what could be mended is mended"

_CHANGED = "ai-traces verify --repair saves what was written there, and writes the log's own text again"


@dataclass(frozen=True, slots=True, kw_only=True)
class PageRepair:
    """A repair of what was found to differ.

    Attributes:
        settings: The settings.
        token: The Notion token.
        findings: The differences.
        since: The number of the latest saving before the repair.
    """

    settings: Settings
    token: Secret
    findings: Findings
    since: int


@click.command("verify", epilog="Example: ai-traces verify --deep")
@click.option("--deep", is_flag=True, help="Read every page back and compare its text.")
@click.option(
    "--repair", is_flag=True, help="Mend what differs; what people wrote is saved first, and it says where."
)
@json_option()
@verbose_option
@interruptible("; nothing was changed", code=EXIT_NEEDS_A_PERSON)
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
        asked = PageRepair(settings=settings, token=token, findings=findings, since=before)
        done_so_far(partial(_so_far, asked, ()))
        with interruptible(_UNMENDED, code=EXIT_NEEDS_A_PERSON):
            mended = asyncio.run(_repaired(asked))
            if mended is None:
                raise EndedEarly(_UNMENDED, code=EXIT_NEEDS_A_PERSON)
            duplicates = mended
            # The loop that ended has left SIGTERM to the system.
            with interruptible(_UNCOMPARED, code=EXIT_NEEDS_A_PERSON):
                findings, _ = asyncio.run(_audited(settings, token, deep=deep))
        saved = _saved(settings, since=before)
    if as_json:
        print_object(_object(findings, saved))
    else:
        keeps_edits = settings.on_page_edited is OnPageEdited.REPORT
        _show(findings, duplicates, saved, edited=_LEFT if keeps_edits else _CHANGED if deep else "")
    return 0 if findings.in_step else 1


async def _audited(settings: Settings, token: Secret, *, deep: bool) -> tuple[Findings, int]:
    """Return where logs and pages differ, and the number of the latest saving at that time."""
    with Store.copy_of(settings.state_dir) as copy:
        async with open_session(settings, token, copy, transport=None) as session:
            return await differences(session, deep=deep), latest_saving(copy)


def _saved(settings: Settings, *, since: int) -> tuple[SavedWords, ...]:
    """Return where people's words were saved meanwhile, by this process or the daemon."""
    with Store.copy_of(settings.state_dir) as copy:
        return saved_since(copy, since)


def _object(findings: Findings, saved: Sequence[SavedWords]) -> dict[str, object]:
    return {**findings.as_json(), "saved": [each.as_json() for each in saved]}


def _so_far(repair: PageRepair, listed: Collection[LogPath]) -> Mapping[str, object]:
    """Return the fields of a repair that does not end as meant.

    Args:
        repair: The repair.
        listed: The logs that it has put on the list.
    """
    with suppress(StateUnusable), Store.copy_of(repair.settings.state_dir) as copy:
        left = {*Backlog(copy).listed(), *repair.findings.duplicate}
        mended = [path for path in listed if path not in left and not _is_set_aside(copy, path)]
        return {**_object(repair.findings, saved_since(copy, repair.since)), "mended": mended}
    return {}


def _is_set_aside(store: Store, path: LogPath) -> bool:
    record = store.page(path)
    return record is not None and record.standing is Standing.QUARANTINED


async def _repaired(repair: PageRepair) -> Copies | None:
    """Repair what differs, or have the running daemon do it; return None if a person ended it early."""
    settings, stop = repair.settings, stop_signal()
    try:
        with StateLock(settings.state_dir) as lock, Store.open(settings.state_dir) as store:
            async with (
                open_session(
                    settings,
                    repair.token,
                    store,
                    transport=None,
                    lock=lock,
                    role=Role.REPAIR,
                ) as session,
                guard_state(settings.state_dir, stop),
            ):
                return await _mend_alone(session, repair, stop)
    except AlreadyRunning:
        with Store.open(settings.state_dir) as store, Store.copy_of(settings.state_dir) as copy:
            async with open_session(settings, repair.token, copy, transport=None) as session:
                return await _mend_beside(session, store, repair, stop)


async def _mend_alone(session: Session, repair: PageRepair, stop: asyncio.Event) -> Copies | None:
    await unless(stop, session.connect())
    if not stop.is_set():
        await work_off(session, _listed(session.store, repair), stop=stop)
    if stop.is_set():
        return None
    return await unless(stop, trash_duplicates(session, session.store, repair.findings))


async def _mend_beside(
    session: Session, store: Store, repair: PageRepair, stop: asyncio.Event
) -> Copies | None:
    await unless(stop, session.gateway.connect(rehearsing=True))
    if not stop.is_set():
        await wait_for_daemon(session, store, _listed(store, repair), stop=stop)
    if stop.is_set():
        return None
    return await unless(stop, trash_duplicates(session, store, repair.findings))


def _listed(store: Store, repair: PageRepair) -> tuple[LogPath, ...]:
    """Put the logs that can be repaired on the list; should the command fail, it says which are mended."""
    listed = put_on_list(store, repair.findings)
    done_so_far(partial(_so_far, repair, listed))
    return listed


def _told(kind: str, path: LogPath, findings: Findings) -> tuple[str, str]:
    """Return what is wrong with a log, to follow its name, and what to do about it."""
    what, hint = _MEANING[kind]
    loss = findings.losses.get(path) if kind == "missing" else None
    return (f" {what}", hint) if loss is None else (f": {loss.what}", loss.hint(path))


def _show(findings: Findings, duplicates: Copies, saved: Sequence[SavedWords], *, edited: str) -> None:
    """Print what was found.

    Args:
        findings: The differences.
        duplicates: What became of surplus pages.
        saved: Where people's words were saved.
        edited: What to do about edited pages; empty for the usual advice.
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
        copies = counted(duplicates.trashed, "copy of a page", plural="copies of pages")
        click.echo(f"Moved to Notion's trash: {copies} with nothing of yours in it.")
    for place in duplicates.kept:
        click.echo(
            f"Left alone, as it may hold something of yours: {place}\n"
            "  → Move what you want to keep to the other page, then put this one in Notion's trash"
        )
    if findings.in_step:
        others = "other " if findings.trashed else ""
        click.secho(f"✓ Every {others}log and its page are in step.", fg="green")
