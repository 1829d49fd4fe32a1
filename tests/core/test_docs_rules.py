"""The documentation of the log format."""

from pathlib import Path

from sync.tracelog.rules import Rule

DOCUMENT = Path(__file__).parents[2] / "docs" / "log-format.md"


def test_every_rule_is_documented_in_its_own_words() -> None:
    """The table holds exactly the rules that there are, in their order and wording."""
    rows = [line for line in DOCUMENT.read_text(encoding="utf-8").splitlines() if line.startswith("| `")]
    expected = [f"| `{rule.id}` | {rule.value[1]} | {rule.value[2]} |" for rule in Rule]

    assert expected == rows
