"""Hand-off after hand-off, while logs come, Jen decides and the contract changes."""

import json
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from sync.contract.document import Document, read_contract
from sync.contract.patching import patched
from sync.names import LogPath
from sync.patterns.handoff.as_json import json_of
from sync.patterns.handoff.as_page import markdown_of
from sync.patterns.handoff.as_text import text_of
from sync.patterns.handoff.asking import nothing_to_decide, to_decide
from sync.patterns.handoff.extraction import extract, remember_handoff
from sync.patterns.handoff.handoff import Handoff, hand_off
from sync.patterns.handoff.placing import InDiff
from sync.patterns.handoff.telling import quote, quoted
from sync.patterns.records.window import last
from sync.patterns.remembering.decisions import answer, merge, rename
from sync.patterns.remembering.memory import Answer
from sync.patterns.remembering.registry import Registry, from_json, to_json
from sync.tracelog.model import TraceLog
from sync.tracelog.parsing.parser import parse
from sync.tracelog.words import inline_text

_TROUBLES = (
    "The supplier feed timed out",
    "Customers got the mail twice",
    "The invoice total was off by a cent",
    "A backup could not be restored",
    "The printer ran out of paper",
    "`rm *` was run in [the](wrong) <b>folder</b> & nobody \\*noticed\\*",
    "A price was published without an approval",
)
_SECTIONS = ("Tool Usage Rules", "Logging", "Self-Test Gate", "nowhere", "None")
_FIXES = (
    "Set a limit.",
    "Ask before it is sent",
    "- Check twice.\n- Then send.",
    "None",
    "`git status` first <!-- x -->",
)
_CONTRACT = "# Contract\n\n## Tool Usage Rules\n- Be careful.\n\n## Logging\n\n## Self-Test Gate\nTest."
_TOP = 2


@dataclass
class _Desk:
    """What there is between one hand-off and the next."""

    contract: str = _CONTRACT
    registry: Registry = field(default_factory=Registry)
    logs: list[TraceLog] = field(default_factory=list)

    def log(self, random: Random) -> None:
        """Let a run go by, mostly with trouble."""
        moment = datetime(2026, 1, 1, 9, tzinfo=UTC) + timedelta(days=len(self.logs))
        trouble = random.choice((*_TROUBLES, "None"))
        text = (
            f"# Exception: e-{len(self.logs)}\n\n**Timestamp:** {moment.isoformat()}\n**Severity:** error\n\n"
            f"## What Happened\n{trouble}\n\n## Contract Reference\n{random.choice(_SECTIONS)}\n\n"
            f"## Proposed Fix\n{random.choice(_FIXES)}\n"
        )
        self.logs.append(parse(text.encode(), LogPath(f"{moment.date()}-e.md"), zone=UTC))

    @property
    def document(self) -> Document | None:
        """The contract, which is not there when its text is empty."""
        document = read_contract("contract.md", self.contract.encode())
        return document if isinstance(document, Document) and self.contract else None

    def hand_off(self) -> Handoff:
        """Give a hand-off and remember it, by way of the disk."""
        window = last(self.logs, 50)
        basis, again = self.registry.basis(window), self.registry.again(window)
        extraction = extract(window, basis.memory)
        handoff = hand_off(extraction, before=basis, again=again, contract=self.document, top=_TOP)
        registry = basis.after(handoff.given, remember_handoff(extraction.memory, extraction))
        self.registry = from_json(json.loads(json.dumps(to_json(registry))))
        return handoff

    def decide(self, random: Random, handoff: Handoff) -> None:
        """Let Jen do something with what she was told, or nothing."""
        ids = [entry.pattern.id for entry in handoff.entries]
        memory = self.registry.memory
        match random.randrange(6):
            case 0 if ids:
                runs = handoff.entries[0].pattern.runs
                memory = answer(memory, ids[0], random.choice(list(Answer)), runs=runs)
            case 1 if len(ids) > 1:
                memory = merge(memory, [ids[1]], ids[0])
            case 2 if ids:
                memory = rename(memory, ids[-1], "Jen's name")
            case 3 if handoff.diff:
                self.contract = patched(self.contract, handoff.diff)
            case 4:
                self.contract = random.choice(("", f"{_CONTRACT}\n\nMore.", _CONTRACT.replace("\n", "\r\n")))
            case _:
                pass
        self.registry = replace(self.registry, memory=memory)


@given(random=st.randoms(use_true_random=False), rounds=st.integers(1, 4))
def test_each_hand_off_keeps_its_promises(random: Random, rounds: int) -> None:
    """Whatever came before: the same again, at most so many changes, a diff that applies."""
    desk = _Desk()
    for _ in range(rounds):
        for _ in range(random.randint(0, 12)):
            desk.log(random)
        handoff = desk.hand_off()
        told = text_of(handoff)
        assert text_of(desk.hand_off()) == told
        suggestions = [entry.suggestion for entry in handoff.entries if entry.suggestion]
        assert len(to_decide(handoff)) <= _TOP
        assert not handoff.waiting or len(to_decide(handoff)) == _TOP
        assert ("worth a decision" in told) == bool(handoff.waiting)
        assert not any(entry.pattern.mixed and entry.suggestion for entry in handoff.entries)
        placed = [each for each in suggestions if isinstance(each.where, InDiff)]
        assert bool(handoff.diff) == bool(placed)
        if handoff.diff:
            result = patched(desk.contract, handoff.diff)
            assert all(each.proposal.sentence in result for each in placed)
        assert all(each.expectation_in_plain_words in " ".join(told.split()) for each in suggestions)
        json.dumps(json_of(handoff))
        _assert_page_says_it(handoff)
        desk.decide(random, handoff)


def _assert_page_says_it(handoff: Handoff) -> None:
    """Nothing that a log says is markup on the page, and each quote leads to the page of its log."""
    addresses = {
        log.path: f"https://notion.test/{number}" for number, log in enumerate(handoff.extraction.window.logs)
    }
    page = parse(markdown_of(handoff, addresses).encode(), LogPath("handoff"), zone=UTC)
    lines = [inline_text(token) for token in page.tokens if token.type == "inline"]
    links = {
        str(child.attrs["href"])
        for token in page.tokens
        for child in token.children or ()
        if child.type == "link_open"
    }
    for entry in (*to_decide(handoff), *nothing_to_decide(handoff)):
        told = quoted(entry.pattern) if entry.suggestion else quoted(entry.pattern)[:1]
        for record in told:
            assert any(quote(record) in line for line in lines)
            assert addresses[record.path] in links
    assert links <= set(addresses.values())
    diffs = [token.content for token in page.tokens if token.type == "fence"]
    assert diffs == [handoff.diff.replace("\r\n", "\n")] * bool(handoff.diff)


def test_a_merge_and_a_split_by_the_grouping_are_told() -> None:
    """And told again when the same hand-off is given again."""
    desk = _Desk()
    random = Random(3)  # noqa: S311 - no secret
    for _ in range(40):
        desk.log(random)
        if len(desk.logs) % 8 == 0:
            handoff = desk.hand_off()
            assert desk.hand_off().changes == handoff.changes
