"""Choose the database: a given one, one of those that are shared, or a new one below a page."""

from collections.abc import Sequence
from dataclasses import dataclass

from daemon.config.settings import Settings
from daemon.connecting import wanted_of
from daemon.setup.blocking_calls import BlockingCalls
from daemon.setup.talk import Talk
from daemon.titles import UNTITLED
from sync.errors import AccessLost, PageGone
from sync.notion.connect import Survey, survey
from sync.notion.identifiers import NotAnId, database_id
from sync.notion.onboarding.founding import Ground, look_at_ground
from sync.notion.onboarding.sharing import SharedDatabase, shared_databases

_MOST_SHOWN = 15


@dataclass(frozen=True, slots=True)
class ChosenDatabase:
    """A database that the connection can see.

    Attributes:
        identity: The id for the settings: the database's, or that of a data source that was chosen.
        survey: What was found there.
    """

    identity: str
    survey: Survey


def choose_database(
    calls: BlockingCalls, settings: Settings, *, given: str | None, talk: Talk, name: str
) -> ChosenDatabase:
    """Return the database to use; if a person is present, ask until one can be seen.

    Args:
        calls: The calls to Notion.
        settings: The settings, with the default database and the names of our properties.
        given: The id from the command line; None if there is none.
        talk: The conversation with the person.
        name: The name of the connection in Notion.

    Raises:
        AccessLost: The database cannot be seen, and nobody is present to share it.
    """
    identity, usual = given, settings.notion_database_id
    if identity is None:
        identity = _pick(calls, usual, talk) if talk.is_attended else usual
    while True:
        try:
            return ChosenDatabase(identity, calls.ask(survey, wanted_of(settings, ids={}, database=identity)))
        except AccessLost as lost:
            share = how_to_share("the database", identity, name)
            told = AccessLost(lost.what, share if lost.may_be_unshared else lost.hint)
            if not talk.is_attended:
                raise told from lost
            talk.tell(f"✗ {lost.what}.")
            talk.tell(f"  {told.hint}.")
        identity = _id_again(talk, identity, called="AI Traces")


def choose_ground(calls: BlockingCalls, page: str, *, talk: Talk, name: str) -> Ground:
    """Return the page for a new database; if a person is present, ask until it can be seen.

    Raises:
        AccessLost: The page cannot be seen, and nobody is present to share it.
    """
    while True:
        try:
            return calls.ask(look_at_ground, page)
        except PageGone as gone:
            told = AccessLost(gone.what, gone.hint or how_to_share("the page", page, name))
            if not talk.is_attended:
                raise told from gone
            talk.tell(f"✗ {gone.what}.")
            talk.tell(f"  {told.hint}.")
        page = _id_again(talk, page, called="the page")


def how_to_share(what: str, identity: str, name: str) -> str:
    """Return how to share a page or database with the connection."""
    connection = f"the connection “{name}”" if name else "your connection"
    return (
        f"Open {what} in Notion (https://www.notion.so/{identity.replace('-', '')}), choose ••• at the top "
        f"right, then Connections, and add {connection}"
    )


def _id_again(talk: Talk, identity: str, *, called: str) -> str:
    while True:
        typed = talk.ask("Press Enter to try again, or paste another address", usual=identity)
        try:
            return database_id(typed, called=called)
        except NotAnId as wrong:
            talk.tell(f"✗ This is no address in Notion. {wrong.hint}.")


def _pick(calls: BlockingCalls, usual: str, talk: Talk) -> str:
    """Let the person choose one of the shared databases."""
    shared = calls.ask(shared_databases)[:_MOST_SHOWN]
    if not shared:
        talk.tell("No database is shared with this connection yet.")
    else:
        talk.tell("These databases are shared with the connection:")
    for number, each in enumerate(shared, 1):
        talk.tell(f"  {number:>2}  {each.title.strip() or UNTITLED}   {each.url}")
    suggested = _suggested(shared, usual)
    question = "Which one takes the logs? Its number, or the address of another"
    while True:
        typed = talk.ask(question, usual=suggested).strip()
        if typed.isdecimal() and 1 <= int(typed) <= len(shared):
            return shared[int(typed) - 1].database_id
        try:
            return database_id(typed)
        except NotAnId as wrong:
            talk.tell(f"✗ This is neither a number of the list nor an address in Notion. {wrong.hint}.")


def _suggested(shared: Sequence[SharedDatabase], usual: str) -> str:
    for number, each in enumerate(shared, 1):
        if each.database_id == usual:
            return str(number)
    titled = [str(number) for number, each in enumerate(shared, 1) if each.title.strip() == "AI Traces"]
    return titled[0] if len(titled) == 1 else usual
