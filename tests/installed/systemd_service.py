"""Run the product as a service of a booted machine."""

import os
from dataclasses import dataclass, field

from sync.notion.emulator import AI_TRACES, DEMO_TOKEN
from tests.installed.booted_machine import JEN, Machine, until
from tests.installed.product import PROGRAM
from tests.installed.served_notion import Notion

LOG = "# Execution Log: {0}\n\n**ENV:** dev\n\n## Task\n{0} says hello\n"


@dataclass(slots=True)
class Service:
    """The product, installed for the user jen on a machine, and her Notion."""

    machine: Machine
    notion: Notion
    home: str = "/home/jen"
    logs: str = "/home/jen/jen-os/logs/claude-executions"
    settings: dict[str, str] = field(default_factory=dict)
    user: bool = False

    def set_up(self, **settings: str) -> None:
        """Write the settings and the token as `ai-traces setup` does, and make the logs directory."""
        config = self.machine.path(f"{self.home}/.config/ai-traces")
        config.mkdir(parents=True, exist_ok=True)
        self.settings = {
            "NOTION_TOKEN_FILE": "/home/jen/.config/ai-traces/notion-token",
            "NOTION_DATABASE_ID": AI_TRACES,
            "NOTION_BASE_URL": self.notion.url.replace("127.0.0.1", "localhost"),
            "AI_TRACES_LOGS_DIR": self.logs,
            "AI_TRACES_REQUESTS_PER_MINUTE": "1000000",
            "AI_TRACES_SETTLE_SECONDS": "0.3",
            **settings,
        }
        lines = (f"{name}='{value}'\n" for name, value in self.settings.items())
        (config / ".env").write_text("".join(lines), encoding="utf-8")
        (config / "notion-token").write_text(DEMO_TOKEN, encoding="ascii")
        (config / "notion-token").chmod(0o600)
        self.machine.path(self.logs).mkdir(parents=True, exist_ok=True)
        self.machine.call("chown", "-R", "jen:jen", self.home)

    def write(self, name: str) -> None:
        """Write a log as jen, readable for her alone."""
        path = self.machine.path(f"{self.logs}/{name}.md")
        path.write_text(LOG.format(name), encoding="utf-8")
        path.chmod(0o600)
        os.chown(path, JEN, JEN)

    def synced(self, name: str) -> None:
        """Write a log and wait for its page."""
        self.write(name)
        until(lambda: f"{name}.md" in self.notion.pages(), f"{name} is synced")
        until(lambda: "In step" in self.shown("StatusText"), "it says so")

    def call(self, *words: str, check: bool = True) -> str:
        """Run `ai-traces service`."""
        whose = () if self.user else ("--system",)
        return self.machine.call(str(PROGRAM), "service", *words, *whose, by=self._by, check=check)

    def systemctl(self, *words: str, check: bool = True) -> str:
        """Run systemctl."""
        whose = ("--user",) if self.user else ()
        return self.machine.call("systemctl", *whose, *words, by=self._by, check=check)

    def shown(self, name: str) -> str:
        """Return a property of the unit."""
        return self.systemctl("show", "ai-traces.service", f"--property={name}", "--value").strip()

    def said(self) -> str:
        """Return what the service and systemd have logged."""
        return self.machine.call("journalctl", "--no-pager", "--lines=80", check=False)

    def dropped_in(self, text: str) -> None:
        """Change the unit by a drop-in, as an administrator can."""
        directory = self.machine.path("/etc/systemd/system/ai-traces.service.d")
        directory.mkdir(parents=True, exist_ok=True)
        (directory / "test.conf").write_text(f"[Service]\n{text}", encoding="utf-8")
        self.systemctl("daemon-reload")

    @property
    def _by(self) -> str:
        return "jen" if self.user else "root"
