"""Set up a machine and a Notion, with a person who answers the questions."""

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
"""An id that no database of this Notion has."""

NOTHING = Wishes(token_file=None, database=None, create=None, views=False, keeper=TokenKeeper.AUTO)
_ENVIRON = {"NOTION_BASE_URL": "https://notion.test", "AI_TRACES_REQUESTS_PER_MINUTE": "1000000"}


class Person:
    """Give the answers one after the other; None stands for Ctrl-C."""

    is_attended = True

    def __init__(self, *answers: str | None) -> None:
        self._answers = list(answers)
        self.heard: list[str] = []

    def tell(self, text: str = "") -> None:
        """Keep what she is told."""
        self.heard.append(text)

    def ask(self, question: str, *, usual: str = "") -> str:
        """Return the next answer; an empty one stands for the default."""
        return self._next(question) or usual

    def ask_secret(self, question: str) -> str:
        """Return the next answer."""
        return self._next(question)

    def agrees(self, question: str) -> bool:
        """Return whether the next answer is yes."""
        return self._next(question) == "yes"

    def _next(self, question: str) -> str:
        self.heard.append(question)
        answer = self._answers.pop(0)
        if answer is None:
            raise KeyboardInterrupt
        return answer

    @property
    def is_done(self) -> bool:
        """Whether every answer was asked for."""
        return not self._answers


@dataclass
class SetupDesk:
    """A machine and a Notion to set up."""

    directory: Path
    notion: Emulator
    environ: dict[str, str] = field(default_factory=lambda: dict(_ENVIRON))
    said: list[str] = field(default_factory=list)

    @property
    def machine(self) -> Machine:
        """The sources of the settings."""
        (self.directory / "here").mkdir(exist_ok=True)
        return Machine(self.environ, self.directory / "here", self.directory / "config")

    @property
    def env_file(self) -> Path:
        """The settings file that setup writes."""
        return self.machine.settings_file

    def token_file(self, token: str = DEMO_TOKEN) -> Path:
        """Write a token into a file, with spaces around it, and return that file."""
        file = self.directory / "given"
        file.write_text(f"  {token}\n")
        return file

    def creating(self) -> Wishes:
        """Return the wish for a new database on a page."""
        page = self.notion.workspace.root
        return replace(NOTHING, token_file=self.token_file(), create=page, views=True)

    def run(self, wishes: Wishes, talk: Talk | None = None) -> bool:
        """Run setup; by default with nobody to ask, and with consent given in advance."""
        talk = talk or Unattended(self.said.append, agreed=True)
        return set_up(wishes, self.machine, talk, transport=EmulatorTransport(self.notion))

    def files(self) -> Mapping[str, tuple[int, int, bytes]]:
        """Return for every file of the machine what a write would change."""
        found = (each for each in self.directory.rglob("*") if each.is_file())
        return {str(each): (each.stat().st_ino, each.stat().st_mtime_ns, each.read_bytes()) for each in found}

    def writes(self) -> list[str]:
        """Return the requests that could change something in Notion."""
        return [f"{entry.method} {entry.path}" for entry in self.notion.journal.writes()]

    def columns(self) -> set[str]:
        """Return the names of the properties of the database AI Traces."""
        source = self.notion.workspace.databases[AI_TRACES].data_sources[0]
        return {column.name for column in self.notion.workspace.data_sources[source].properties}
