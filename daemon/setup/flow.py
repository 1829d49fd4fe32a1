"""The set-up from start to end: look, show what is missing, ask, change. A second run changes nothing."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

import httpx

from daemon.config.credentials import find_token
from daemon.config.secret import Secret
from daemon.config.settings import Settings
from daemon.connecting import wanted_of
from daemon.interruption import interruptible
from daemon.setup.blocking_calls import BlockingCalls
from daemon.setup.changes import Changes
from daemon.setup.database_choice import ChosenDatabase, choose_database, choose_ground
from daemon.setup.env_file import value_in, with_values
from daemon.setup.talk import Talk
from daemon.setup.token_choice import attempts_on, choose_token
from daemon.setup.token_store import is_kept, keep
from daemon.setup.view_making import make_views, missing_views
from daemon.setup.wishes import Machine, Wishes
from daemon.text_files import read_private, write_private
from daemon.titles import bearer_in_words, begun, titled
from sync.amounts import counted
from sync.errors import Ambiguous, ConfigurationError
from sync.notion.connect import connect
from sync.notion.model import Json
from sync.notion.onboarding.founding import Ground, found_database
from sync.notion.onboarding.view_requests import names_of_views
from sync.notion.onboarding.views import Unbuildable, WantedView
from sync.notion.schema import Schema, bind, completed, missing

_DATABASE = "NOTION_DATABASE_ID"
_HEAD = "# Written by `ai-traces setup`. Every setting is explained in .env.example.\n\n"
_AGAIN = "Run the same command again in two minutes: it looks first whether that was done after all"
_IN_THE_MIDDLE = (
    " in the middle: what is told above as made, added, kept or written is done; "
    "run the same command again in two minutes: it looks first what is there, and does the rest"
)
_EMPTY: Json = {"properties": {"Name": {"id": "title", "type": "title", "title": {}}}}
"""A new data source, before anything is added."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Desk:
    """What all steps need."""

    wishes: Wishes
    machine: Machine
    settings: Settings
    talk: Talk
    calls: BlockingCalls


def set_up(
    wishes: Wishes, machine: Machine, talk: Talk, *, transport: httpx.AsyncBaseTransport | None
) -> bool:
    """Make everything ready for the daemon; return whether nothing is left for a person to do.

    Every change is shown and agreed to before it is made.

    Args:
        wishes: What was asked for on the command line.
        machine: Where settings are read and written.
        talk: The conversation with the person.
        transport: Replaces the network, for tests; None for the network.

    Raises:
        ConfigurationError: A setting cannot be used, or nobody is present to answer.
        AccessLost: Notion does not accept the token, or the database is not shared.
    """
    settings = machine.settings(**({} if wishes.database is None else {_DATABASE: wishes.database}))
    chosen = choose_token(
        wishes.token_file, settings, machine.environ, talk=talk, attempt=attempts_on(settings, transport)
    )
    bearer = chosen.bearer
    whose = bearer_in_words(bearer.name, bearer.workspace, is_person=bearer.is_person)
    talk.tell(f"✓ Notion accepts the token: {whose}.")
    with BlockingCalls(settings, chosen.token, transport=transport) as calls:
        desk = _Desk(wishes=wishes, machine=machine, settings=settings, talk=talk, calls=calls)
        found = _look(desk, chosen.bearer.name)
        if not os.path.isdir(logs := settings.logs_dir):  # noqa: PTH112 - raises nowhere
            talk.tell(f"⚠ The logs directory {logs} is not there: make it, or set AI_TRACES_LOGS_DIR.")
        changes = _changes(desk, found, chosen.token)
        for each in changes.lines():
            talk.tell(each)
        if not changes.is_empty and not talk.agrees("Shall I do this?"):
            talk.tell("Nothing was changed.")
            return False
        try:
            with interruptible("; nothing was changed" if changes.is_empty else _IN_THE_MIDDLE):
                is_complete = _carry_out(desk, found, changes, chosen.token)
        except Ambiguous as doubt:
            raise Ambiguous(doubt.what, _AGAIN) from doubt
    if changes.is_empty:
        talk.tell("✓ Everything is in place; nothing was changed.")
    return is_complete


def _look(desk: _Desk, name: str) -> ChosenDatabase | Ground:
    """Return the database as it is, or the page that one is to be made below."""
    given = desk.wishes.database
    if desk.wishes.create is not None:
        ground = choose_ground(desk.calls, desk.wishes.create, talk=desk.talk, name=name)
        if ground.database_id is None:
            return ground
        given = ground.database_id
        below = f"Below {titled(ground.title, 'page')}"
        desk.talk.tell(f"✓ {below} there is a database AI Traces already; it is used.")
    found = choose_database(
        desk.calls,
        desk.settings,
        given=given,
        talk=desk.talk,
        name=name,
    )
    survey = found.survey
    called = begun(titled(survey.title, "database"))
    desk.talk.tell(f"✓ {called} is shared with the connection: {survey.url}")
    return found


def _changes(desk: _Desk, found: ChosenDatabase | Ground, token: Secret) -> Changes:
    settings = desk.settings
    below: str | None
    match found:
        case Ground(title=below):
            there: tuple[str, ...] = ()
            schema = bind(_EMPTY, names=settings.property_names, ids={})
            values = {_DATABASE: "its id"}
        case ChosenDatabase(identity, survey):
            below, schema = None, survey.schema
            there = desk.calls.ask(names_of_views, survey.database_id) if desk.wishes.views else ()
            values = {_DATABASE: identity}
    adds = settings.manage_schema or below is not None
    return Changes(
        below=below,
        properties={name: next(iter(each)) for name, each in missing(schema).items()} if adds else {},
        views=_views_to_make(desk, completed(schema) if adds else schema, there),
        token=not is_kept(token, settings, desk.machine.environ),
        settings=_unsaid(read_private(desk.machine.settings_file), values),
        settings_file=desk.machine.settings_file,
    )


def _views_to_make(desk: _Desk, schema: Schema, there: tuple[str, ...]) -> tuple[str, ...]:
    """Return the names of the views to make, and tell which cannot be made."""
    if not desk.wishes.views:
        return ()
    missing = tuple(missing_views(schema, there))
    for each in missing:
        if isinstance(each, Unbuildable):
            desk.talk.tell(f"⚠ The view “{each.name}” is left out: {each.reason}.")
    return tuple(each.name for each in missing if isinstance(each, WantedView))


def _carry_out(desk: _Desk, found: ChosenDatabase | Ground, changes: Changes, token: Secret) -> bool:
    """Make the changes in such steps that another run can go on after each of them."""
    talk = desk.talk
    match found:
        case Ground(page_id=page, title=title):
            identity = desk.calls.ask(found_database, page, desk.settings.property_names)
            talk.tell(f"✓ Made the database AI Traces below {titled(title, 'page')}.")
        case ChosenDatabase(identity=identity):
            pass
    values = {_DATABASE: identity}
    if changes.token:
        kept = keep(token, desk.wishes.keeper, desk.machine.config_dir)
        values |= kept.settings
        talk.tell(f"✓ The token is kept in {kept.place}.")
        if desk.wishes.token_file is not None:
            talk.tell(f"  {desk.wishes.token_file} is not needed any more: delete it.")
    _save(desk.machine, values, talk)

    def tell_wait(wait: timedelta) -> None:
        seconds = f"{wait.total_seconds():.0f} seconds"
        talk.tell(f"… Notion's answer was lost. In {seconds} I look whether it was done all the same.")

    wanted = wanted_of(desk.settings, ids={}, database=identity)
    connection = desk.calls.ask(connect, wanted, tell_wait=tell_wait)
    if connection.added:
        added = counted(len(connection.added), "property", plural="properties")
        talk.tell(f"✓ Added {added} to {titled(connection.title, 'database')}.")
    for warning in connection.warnings:
        talk.tell(f"⚠ {warning}.")
    has_views = not changes.views or make_views(desk.calls, connection, talk)
    return _is_found(desk, identity, token) and has_views


def _unsaid(text: str, values: Mapping[str, str]) -> dict[str, str]:
    """Return the values that a settings file does not have yet."""
    said = value_in(text, *values)
    return {name: value for name, value in values.items() if said[name] != value}


def _save(machine: Machine, values: Mapping[str, str], talk: Talk) -> None:
    text = read_private(machine.settings_file)
    unsaid = _unsaid(text, values)
    if unsaid:
        write_private(machine.settings_file, with_values(text or _HEAD, unsaid))
        talk.tell(f"✓ Wrote {machine.settings_file}.")


def _is_found(desk: _Desk, identity: str, token: Secret) -> bool:
    """Return whether the daemon will find what was chosen; a setting of higher precedence may hide it."""
    talk, machine = desk.talk, desk.machine
    try:
        settings = machine.settings()
        found = find_token(settings, machine.environ).token
    except ConfigurationError as trouble:
        talk.tell(f"✗ {trouble}")
        return False
    if settings.notion_database_id != identity:
        talk.tell(f"✗ The environment or {machine.directory}/.env sets {_DATABASE} to another database.")
        talk.tell(f"  Remove it there: it wins over {machine.settings_file}.")
        return False
    if found != token:
        talk.tell("✗ Another token is found before this one.")
        talk.tell(f"  Remove NOTION_TOKEN(_FILE) from the environment and from {machine.directory}/.env.")
        return False
    return True
