"""Generate docs/configuration.md from the settings and the comments in .env.example."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from daemon.config.settings import SETTINGS, Setting

_SECTION = re.compile(r"^# --- (.+) ---$")
_ASSIGNMENT = re.compile(r"^(\w+)=(.*)$")

_INTRODUCTION = """\
# Configuration

Every setting is an environment variable. A value is looked for in three places, and the first one wins:

1. the environment of the process,
2. `.env` in the directory that ai-traces is started in,
3. `.env` in the configuration directory, which `ai-traces setup` writes: `~/.config/ai-traces` on Linux,
   `~/Library/Application Support/ai-traces` on macOS.

An empty value counts as not given. A value that cannot be used ends the command with exit code 78 and says
what to write instead; a variable that looks like a setting and is none is named.

The token is looked for in this order: the systemd credential `notion-token`, the file that NOTION_TOKEN_FILE
names, the variable NOTION_TOKEN, the system keyring.

This page is made from the code by `make docs`.
"""


@dataclass(frozen=True, slots=True)
class Explained:
    """A setting in .env.example.

    Attributes:
        section: The section that it is in.
        name: The variable.
        default: Its value there; may be empty.
        explanation: The comment above it, as one paragraph.
    """

    section: str
    name: str
    default: str
    explanation: str


def explained(example: str) -> Iterator[Explained]:
    """Yield the settings in the text of .env.example."""
    section, comment = "", list[str]()
    for line in example.splitlines():
        if heading := _SECTION.match(line):
            section, comment = heading[1], []
        elif assignment := _ASSIGNMENT.match(line):
            yield Explained(section, assignment[1], assignment[2], " ".join(comment))
            comment = []
        elif line.startswith("#"):
            comment.append(line.removeprefix("#").strip())
        else:
            comment = []


def configuration(example: str) -> str:
    """Return docs/configuration.md.

    Args:
        example: The text of .env.example.
    """
    by_name = {each.name: each for each in SETTINGS.values()}
    return "\n".join((_INTRODUCTION, *_settings(example, by_name)))


def _settings(example: str, by_name: Mapping[str, Setting]) -> Iterator[str]:
    section = None
    for each in explained(example):
        if each.section != section:
            section = each.section
            yield f"## {section}\n"
        setting = by_name[each.name]
        default = f"`{each.default}`" if each.default else "empty"
        sample = setting.example or setting.default
        shown = f" Example: `{sample}`." if sample and sample != each.default else ""
        takes = f"Takes {setting.takes}; default {default}.{shown}"
        yield f"### {each.name}\n\n{each.explanation}\n\n{takes}\n"
