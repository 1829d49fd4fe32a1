"""A machine and a Notion that are set up, and a person who is asked."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from daemon.setup.flow import set_up
from daemon.setup.talk import Talk, Unattended
from daemon.setup.token_store import TokenKeeper
from daemon.setup.wishes import Machine, Wishes
from sync.notion.emulator import (
    AI_TRACES,
    DEMO_TOKEN,
    Emulator,
    EmulatorTransport,
)

OTHER = "00000000-0000-4000-8000-00000000000a"
"""No database of this Notion."""

NOTHING = Wishes(token_file=None, database=None, create=None, views=False, keeper=TokenKeeper.AUTO)
_ENVIRON = {"NOTION_BASE_URL": "https://notion.test", "AI_TRACES_REQUESTS_PER_MINUTE": "1000000"}


class Person:
    """Answers one question after the other; Ctrl-C where the answer is None."""

    is_attended = True

    def __init__(self, *answers: str | None) -> None:
        self._answers = list(answers)
        self.heard: list[str] = []

    def tell(self, text: str = "") -> None:
        """Hear it."""
        self.heard.append(text)

    def ask(self, question: str, *, usual: str = "") -> str:
        """Answer; nothing means the usual."""
        return self._next(question) or usual

    def ask_secret(self, question: str) -> str:
        """Answer."""
        return self._next(question)

    def agrees(self, question: str) -> bool:
        """Answer yes or something else."""
        return self._next(question) == "yes"

    def _next(self, question: str) -> str:
        self.heard.append(question)
        answer = self._answers.pop(0)
        if answer is None:
            raise KeyboardInterrupt
        return answer

    @property
    def is_done(self) -> bool:
        """Whether every answer was wanted."""
        return not self._answers


@dataclass
class SetupDesk:
    """A machine and a Notion that are set up."""

    directory: Path
    notion: Emulator
    environ: dict[str, str] = field(default_factory=lambda: dict(_ENVIRON))
    said: list[str] = field(default_factory=list)

    @property
    def machine(self) -> Machine:
        """Where settings come from."""
        (self.directory / "here").mkdir(exist_ok=True)
        return Machine(self.environ, self.directory / "here", self.directory / "config")

    @property
    def env_file(self) -> Path:
        """The settings file that is written."""
        return self.machine.settings_file

    def token_file(self, token: str = DEMO_TOKEN) -> Path:
        """Write a token into a file, not quite tidily, and return that file."""
        file = self.directory / "given"
        file.write_text(f"  {token}\n")
        return file

    def creating(self) -> Wishes:
        """Return the wish for a new database on a page."""
        page = self.notion.workspace.root
        return replace(NOTHING, token_file=self.token_file(), create=page, views=True)

    def run(self, wishes: Wishes, talk: Talk | None = None) -> bool:
        """Set up, with nobody there who agrees in advance unless somebody is given."""
        talk = talk or Unattended(self.said.append, agreed=True)
        return set_up(wishes, self.machine, talk, transport=EmulatorTransport(self.notion))

    def files(self) -> Mapping[str, tuple[int, int, bytes]]:
        """Return every file of the machine with what a write would change."""
        found = (each for each in self.directory.rglob("*") if each.is_file())
        return {str(each): (each.stat().st_ino, each.stat().st_mtime_ns, each.read_bytes()) for each in found}

    def writes(self) -> list[str]:
        """Return what was changed in Notion."""
        return [f"{entry.method} {entry.path}" for entry in self.notion.journal.writes()]

    def columns(self) -> set[str]:
        """Return the names of the properties of AI Traces."""
        source = self.notion.workspace.databases[AI_TRACES].data_sources[0]
        return {column.name for column in self.notion.workspace.data_sources[source].properties}
