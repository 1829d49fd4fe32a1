"""What a backfill would do: the plan for each log, without a write."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from daemon.session import Session
from daemon.watching.compare import Judgement, chunks, judged
from daemon.watching.paths import Selection
from sync.names import LogPath
from sync.plan import CreatePage, ListBlocks, LookUp, Plan


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """What would be done for one log.

    Attributes:
        intent: `create`, `update` or `look up`; what follows the last one depends on what Notion answers.
        requests: How many requests the plan holds so far.
        at_least: More follow when these are answered.
    """

    path: LogPath
    intent: str
    requests: int
    at_least: bool


def rehearse(session: Session, typed: Sequence[str]) -> Iterator[Rehearsal]:
    """Yield what would be done for each log that differs from its page."""
    for chunk in chunks(Selection(session.settings.logs_dir, typed).found()):
        for path, judgement in judged(chunk, session.store, edition=session.rules.edition).items():
            if judgement is Judgement.DIFFERS and (actions := session.reconciler.rehearse(path)):
                reads = isinstance(actions[0], LookUp | ListBlocks)
                yield Rehearsal(path, _intent(actions), len(actions), at_least=reads)


def totals(rehearsals: Sequence[Rehearsal]) -> Mapping[str, int]:
    """Count by intent."""
    return Counter(each.intent for each in rehearsals)


def _intent(actions: Plan) -> str:
    match actions[0]:
        case CreatePage():
            return "create"
        case LookUp():
            return "look up"
        case _:
            return "update"
