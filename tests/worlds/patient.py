"""Let the doctor examine a machine and a Notion."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path

import httpx

from daemon.doctor.check import Check, CheckVerdict, worst_verdict
from daemon.doctor.examine import Ward, examine
from daemon.install.service_state import Phase, ServiceState
from sync.names import Property
from sync.notion.emulator import DEMO_TOKEN, Emulator, EmulatorTransport
from sync.notion.schema import definitions


class _Dated(EmulatorTransport):
    """Send the date with each answer, as Notion does."""

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Answer, with the present time as the date."""
        answer = await super().handle_async_request(request)
        answer.headers["date"] = format_datetime(datetime.now(UTC), usegmt=True)
        return answer


RUNNING = ServiceState(Phase.RUNNING, 4711)


@dataclass
class Patient:
    """A machine and a Notion for the doctor to examine."""

    directory: Path
    notion: Emulator
    environ: dict[str, str] = field(default_factory=dict)
    service: ServiceState = RUNNING
    ahead: timedelta = timedelta(0)
    transport: httpx.AsyncBaseTransport | None = None

    @property
    def ward(self) -> Ward:
        """What the doctor examines."""
        return Ward(
            environ=self.environ,
            directory=self.directory,
            config_dir=self.directory,
            service=lambda: self.service,
            now=lambda: datetime.now(UTC) + self.ahead,
            transport=self.transport or _Dated(self.notion),
        )

    def examined(self) -> Mapping[str, list[Check]]:
        """Return the checks by name."""
        found: dict[str, list[Check]] = {}
        for check in examine(self.ward):
            found.setdefault(check.name, []).append(check)
        return found

    def verdict(self, name: str) -> CheckVerdict:
        """Return the worst verdict of the checks of this name."""
        return worst_verdict(self.examined()[name])

    def page(self, *, changed: bool = False) -> str:
        """Make a page as the connection; if asked, change it a day later."""
        (source,) = self.notion.workspace.data_sources
        made = self.notion.ask("POST", "pages", {"parent": {"data_source_id": source}}).json()["id"]
        if changed:
            edits = self.notion.workspace.pages[made].edits
            edits.made -= timedelta(days=1)
        return str(made)


def healthy(directory: Path) -> Patient:
    """Return a healthy one: all properties, a page that was changed, a running service."""
    notion = Emulator()
    notion.create_database(properties=definitions({Property.TITLE: "Name"}))
    (directory / "logs").mkdir()
    environ = {
        "NOTION_TOKEN": DEMO_TOKEN,
        "NOTION_BASE_URL": "https://notion.test",
        "AI_TRACES_LOGS_DIR": str(directory / "logs"),
        "AI_TRACES_STATE_DIR": str(directory / "state"),
        "AI_TRACES_REQUESTS_PER_MINUTE": "1000000",
    }
    patient = Patient(directory, notion, environ)
    patient.page(changed=True)
    return patient
