"""Checks of Notion's answers: token, capabilities, database, plan. Pure."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from daemon.doctor.check import Area, Check, Examiner
from daemon.doctor.notion_probe import ProbeResult
from daemon.doctor.schema_checks import schema_checks
from daemon.titles import bearer_in_words
from sync.amounts import counted
from sync.errors import AccessLost, SyncError
from sync.files import MAX_WHOLE
from sync.names import UserId
from sync.notion.api_version import API_VERSION
from sync.notion.connect import Survey
from sync.notion.limiter import Sharing
from sync.notion.model import PageRow
from sync.notion.whoami import Bearer

_EXAMINER = Examiner(Area.NOTION)
_NOT_REACHED = "not reached"
_NO_TURN = "not asked in time: AI_TRACES_REQUESTS_PER_MINUTE leaves too few requests for it"
_PORTAL = "Allow it on the connection's page in Notion's developer portal"
_CLOCK = timedelta(minutes=1)


def notion_checks(seen: ProbeResult, *, base_url: str, manage_schema: bool) -> Iterator[Check]:
    """Yield the checks of what Notion answered.

    Args:
        seen: The answers.
        base_url: Notion's address.
        manage_schema: Whether missing properties are added at start.
    """
    silence = _silence(seen)
    if silence is not None:
        hint = silence.hint or "Nothing to do here: run this again in a few minutes"
        yield _EXAMINER.bad("Notion", f"{_NOT_REACHED} at {base_url}: {silence.what}", hint)
    elif isinstance(seen.bearer, Bearer) or isinstance(seen.database, Survey):
        yield _EXAMINER.good("Notion", f"answers at {base_url}, API version {API_VERSION}")
    elif seen.waits_for_turns:
        yield _EXAMINER.remark("Notion", _NO_TURN)
    yield _token(seen)
    yield from _database(seen)
    if isinstance(seen.database, Survey):
        yield _EXAMINER.good("May read", "the database was read just now")
        yield _inserting(seen)
        yield _updating(seen)
        yield _commenting(seen)
    else:
        yield _EXAMINER.remark("Capabilities", "not known: the database was not read")
    yield _plan(seen.bearer)
    yield _clock(seen.clock_ahead)
    if seen.sharing is not None:
        yield _budget(seen.sharing)
    yield from schema_checks(seen.database, manage_schema=manage_schema)


def unasked(why: str) -> Iterator[Check]:
    """Yield the only check that is left if Notion could not be asked."""
    yield _EXAMINER.remark("Notion", f"not asked: {why}")


def _silence(seen: ProbeResult) -> SyncError | None:
    """Return why Notion was not reached at all; None if it was."""
    answers = (seen.bearer, seen.database)
    if any(isinstance(answer, Bearer | Survey | AccessLost) for answer in answers):
        return None
    told = (answer for answer in answers if isinstance(answer, SyncError))
    silent = SyncError("no answer came in time", "Check this machine's network; then run this again")
    return next(told, None if seen.waits_for_turns else silent)


def _unanswered(answer: object, seen: ProbeResult) -> str:
    """Say why an answer is missing; another check says why Notion is not reached at all."""
    if isinstance(answer, SyncError):
        return answer.what if _silence(seen) is None else _NOT_REACHED
    return _NO_TURN if seen.waits_for_turns else "no answer came in time"


def _budget(sharing: Sharing) -> Check:
    if not sharing.trouble:
        others = sharing.hosts - 1  # the doctor itself counts while it asks
        shared = counted(others, "other process", plural="other processes")
        return _EXAMINER.good("Budget", f"shared with {shared}")
    find = _EXAMINER.bad if sharing.needs_a_person else _EXAMINER.remark
    return find(
        "Budget",
        f"{sharing.trouble}: each machine keeps to its share",
        sharing.hint or "Nothing to do if it comes back by itself; otherwise see that it runs",
    )


def _token(seen: ProbeResult) -> Check:
    match seen.bearer:
        case Bearer(name=name, workspace=workspace, is_person=is_person):
            whose = bearer_in_words(name, workspace, is_person=is_person)
            return _EXAMINER.good("Accepts token", whose)
        case AccessLost(what=what, hint=hint):
            return _EXAMINER.bad("Accepts token", what, hint)
        case _:
            return _EXAMINER.remark("Accepts token", _unanswered(seen.bearer, seen))


def _database(seen: ProbeResult) -> Iterator[Check]:
    match seen.database:
        case Survey(title=title, url=url, data_source_id=source, warnings=warnings):
            called = f"“{title}”" if title.strip() else "an untitled database"
            yield _EXAMINER.good("Database", f"{called} {url}")
            yield _EXAMINER.good("Data source", source)
            for warning in warnings:
                yield _EXAMINER.remark(
                    "Data source", warning, "For another one, set NOTION_DATABASE_ID to that data source's id"
                )
        case AccessLost() if isinstance(seen.bearer, AccessLost):
            yield _EXAMINER.remark("Database", "not seen: the token comes first")
        case AccessLost(what=what, hint=hint):
            yield _EXAMINER.bad("Database", what, hint)
        case _:
            yield _EXAMINER.remark("Database", _unanswered(seen.database, seen))


def _inserting(seen: ProbeResult) -> Check:
    match seen.bearer, seen.rows:
        case Bearer(user_id=me), tuple() as rows if made := _newest_made(rows, me):
            return _EXAMINER.good("May insert", f"made a page on {made:%Y-%m-%d %H:%M} UTC")
        case _, SyncError() | None:
            return _EXAMINER.remark("May insert", f"not known: {_unanswered(seen.rows, seen)}")
        case _:
            return _EXAMINER.remark(
                "May insert",
                "not tried: among the pages changed last, none was made by this token",
                "It shows with the first log",
            )


def _updating(seen: ProbeResult) -> Check:
    match seen.bearer, seen.rows:
        case Bearer(user_id=me), tuple() as rows if changed := _newest_changed(rows, me):
            return _EXAMINER.good("May update", f"changed a page on {changed:%Y-%m-%d %H:%M} UTC")
        case _, SyncError() | None:
            return _EXAMINER.remark("May update", f"not known: {_unanswered(seen.rows, seen)}")
        case _:
            return _EXAMINER.remark(
                "May update",
                "not tried: among the pages changed last, none was changed by this token",
                "It shows when the first log changes",
            )


def _newest_made(rows: tuple[PageRow, ...], me: UserId) -> datetime | None:
    return max((row.created_time for row in rows if row.created_by == me), default=None)


def _newest_changed(rows: tuple[PageRow, ...], me: UserId) -> datetime | None:
    changed = (
        row.last_edited_time
        for row in rows
        if row.last_edited_by == me and (row.created_by != me or row.last_edited_time > row.created_time)
    )
    return max(changed, default=None)


def _commenting(seen: ProbeResult) -> Check:
    match seen.comments:
        case int():
            return _EXAMINER.good("May read comments", "those of a page were read just now")
        case AccessLost(what=what):
            return _EXAMINER.remark(
                "May read comments", f"{what}: comments on a line that leaves a log are not noticed", _PORTAL
            )
        case None if seen.rows == ():
            return _EXAMINER.remark("May read comments", "not tried: there is no page yet")
        case _:
            return _EXAMINER.remark("May read comments", f"not known: {_unanswered(seen.comments, seen)}")


def _plan(bearer: Bearer | SyncError | None) -> Check:
    match bearer:
        case Bearer(largest_file=int() as largest) if largest < MAX_WHOLE:
            return _EXAMINER.remark(
                "Plan",
                f"takes files up to {_size(largest)}; what is larger cannot be attached to its page whole",
            )
        case Bearer(largest_file=int() as largest):
            return _EXAMINER.good(
                "Plan", f"takes files up to {_size(largest)}; a limit of blocks shows only once it is met"
            )
        case _:
            return _EXAMINER.remark("Plan", "not known: Notion did not tell")


def _size(count: int) -> str:
    for unit, power in (("GiB", 30), ("MiB", 20)):
        if count >= 1 << power:
            return f"{count / (1 << power):.3g} {unit}"
    return f"{count:,} bytes"


def _clock(ahead: timedelta | None) -> Check:
    examiner = Examiner(Area.MACHINE)
    if ahead is None:
        return examiner.remark("Clock", "not compared: Notion's time is not known")
    seconds = round(abs(ahead).total_seconds())
    if abs(ahead) <= _CLOCK:
        return examiner.good("Clock", f"within {max(1, seconds)} s of Notion's")
    return examiner.remark(
        "Clock",
        f"{seconds:,} s {'ahead of' if ahead > timedelta(0) else 'behind'} Notion's",
        "Let the system set its time from the network",
    )
