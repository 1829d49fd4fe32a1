"""Contracts for tests and measurements: made at random, of the shapes that real ones have."""

from random import Random
from typing import Final

_NOUNS: Final = (
    *(
        "Missing Criticals",
        "Self-Test",
        "Tool Usage",
        "Cost",
        "Contract Loading",
        "Tool Selection",
        "Execution",
    ),
    *("Logging", "Hand-off", "Approval", "Deployment", "Data Retention", "Secrets", "Rollback", "Naming"),
    *(
        "Customer Mail",
        "Price Changes",
        "Workspace",
        "Retry",
        "Escalation",
        "Review",
        "Rate Limits",
        "Änderungen",
    ),
)
_ENDS: Final = (
    "Fallback",
    "Gate",
    "Rules",
    "Guardrails",
    "Protocol",
    "Modes",
    "Policy",
    "",
    "Checklist",
    "Limits",
)
_SENTENCES: Final = (
    "Ask when ENV is missing.",
    "Nothing goes to prod without an approval.",
    "Use `git status` before and after; **never** force.",
    "Stop after the second failure\nand say what was tried.",
    "See [the table](#version-history) for dates.",
    "A page\u2028break and a form\ffeed are text, too.",
    "Costs above 5 € need a yes.",
    "x" * 400,
)
_CODE: Final = (
    "```\n# Not a heading\n- not a rule\n```",
    "~~~~md\n## Not one either\n```\n~~~~",
    "    # indented",
)
_PLACES: Final = (
    "<!-- keep this -->",
    "> ## A quoted heading\n> quoted",
    "| a | b |\n|---|---|\n| 1 | # 2 |",
)


def contract(random: Random) -> str:
    """Write a contract: numbered or not, with lists, code, quotes, tables, and any line ends."""
    numbered, marker = random.random() < 0.5, random.choice("-*+")
    parts = [random.choice(("", "---\naliases:\n  Logging: [traces, the log]\n---\n"))]
    parts.append(random.choice(("# Claude Contract\n\n", "Claude Contract\n===\n\n", "")))
    titles = random.sample(_NOUNS, random.randint(1, 12))
    for number, noun in enumerate(titles, 1):
        title = f"{noun} {random.choice(_ENDS)}".strip()
        level = random.choice(("##", "##", "##", "###", "#"))
        parts.append(f"{level} {number}. {title}\n" if numbered else f"{level} {title}\n")
        parts.append(random.choice(("\n", "")))
        for _ in range(random.randint(0, 3)):
            parts += [_block(random, marker), "\n", random.choice(("\n", "\n", "\n\n"))]
        parts.append(random.choice(("", "", "---\n\n")))
    parts.append(
        random.choice(("", "## Version History\n\n| Version | Date |\n|---|---|\n| 1.0 | 2026-01-01 |\n"))
    )
    return _ended(random, "".join(parts))


def _block(random: Random, marker: str) -> str:
    sentences = random.sample(_SENTENCES, random.randint(1, 3))
    match random.randrange(7):
        case 0 | 1:
            items = [_item(marker, sentence) for sentence in sentences]
            return random.choice(("\n", "\n\n")).join(items)
        case 2:
            return "\n".join(_item(f"{number}.", sentence) for number, sentence in enumerate(sentences, 1))
        case 3:
            return random.choice(_CODE)
        case 4:
            return random.choice(_PLACES)
        case 5:
            return f"{marker} {sentences[0]}\n  {marker} nested below it"
        case _:
            return " ".join(sentences)


def _item(marker: str, sentence: str) -> str:
    indent = " " * (len(marker) + 1)
    return f"{marker} {sentence}".replace("\n", f"\n{indent}")


def _ended(random: Random, text: str) -> str:
    """Give the lines their ends: LF, CRLF or both, with or without one at the end of the file."""
    match random.randrange(4):
        case 0:
            text = text.replace("\n", "\r\n")
        case 1:
            text = "".join(line + random.choice(("\n", "\r\n")) for line in text.split("\n"))
        case _:
            pass
    return text.rstrip("\r\n") if random.random() < 0.4 else text
