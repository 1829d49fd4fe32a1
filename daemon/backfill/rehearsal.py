"""What a backfill would do: the plan for each log, without a write."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from daemon.session import Session
from daemon.watching.compare import Judgement, chunks, judged
from daemon.watching.paths import select
from sync.names import LogPath
from sync.plan import CreatePage, ListBlocks, LookUp, Plan


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """What would be done for one log.

    Attributes:
        intent: `create`, `update`, `look up` or `compare`; the last two depend on what Notion answers.
        requests: How many requests the plan holds so far.
    """

    path: LogPath
    intent: str
    requests: int


def rehearse(session: Session, typed: Sequence[str]) -> Iterator[Rehearsal]:
    """Yield what would be done for each log that differs from its page."""
    for chunk in chunks(select(session.settings.logs_dir, typed)):
        for path, judgement in judged(chunk, session.store, edition=session.rules.edition).items():
            if judgement is Judgement.DIFFERS and (actions := session.reconciler.rehearse(path)):
                yield Rehearsal(path, _intent(actions), len(actions))


def totals(rehearsals: Sequence[Rehearsal]) -> Mapping[str, int]:
    """Count by intent."""
    return Counter(each.intent for each in rehearsals)


def _intent(actions: Plan) -> str:
    match actions[0]:
        case CreatePage():
            return "create"
        case LookUp():
            return "look up"
        case ListBlocks():
            return "compare"
        case _:
            return "update"
