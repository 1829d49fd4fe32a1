"""What a look of the doctor is: complete, harmless, over in seconds, and read on one screen."""

import asyncio
import threading
import time
from dataclasses import replace

import httpx
import pytest

from daemon.doctor.check import Area, CheckVerdict, Examiner
from daemon.doctor.examine import examine
from daemon.doctor.screen import screen
from daemon.install.service_state import ABSENT
from daemon.status.columns import width
from sync.names import Property
from sync.notion.emulator import AI_TRACES
from tests.installed.patience import AT_ONCE
from tests.worlds.patient import RUNNING, Patient


def test_good_health_is_said(patient: Patient) -> None:
    """With everything in place no check has a remark, every property has one, and each has its area."""
    checks = examine(patient.ward)
    assert [check for check in checks if check.verdict is not CheckVerdict.GOOD] == []
    assert sum(check.area is Area.SCHEMA for check in checks) == len(Property)
    assert {check.area for check in checks} == set(Area)


def test_looking_changes_nothing(patient: Patient) -> None:
    """Five reads, no write, and no file is made."""
    patient.notion.journal.clear()
    before = sorted(patient.directory.rglob("*"))
    examine(patient.ward)
    assert patient.notion.journal.writes() == []
    assert len(patient.notion.journal) == 5
    assert sorted(patient.directory.rglob("*")) == before


class _Silent(httpx.AsyncBaseTransport):
    """Takes requests and never answers."""

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Wait for ever."""
        await asyncio.Event().wait()
        raise AssertionError(request)


def test_whatever_hangs_it_ends_in_time(patient: Patient) -> None:
    """A silent network and a service manager that never answers cost less than five seconds together."""
    patient.transport = _Silent()
    forever = threading.Event()
    ward = replace(patient.ward, service=lambda: RUNNING if forever.wait() else ABSENT)
    started = time.monotonic()
    checks = examine(ward)
    assert time.monotonic() - started < AT_ONCE
    forever.set()
    verdicts = {check.name: check.verdict for check in checks}
    assert (verdicts["Notion"], verdicts["Service"]) == (CheckVerdict.BAD, CheckVerdict.REMARK)


@pytest.mark.parametrize(
    ("count", "said"),
    [(1, "✗ 1 thing needs you; it says what to do."), (2, "✗ 2 things need you; each says what to do.")],
)
def test_the_summary_counts(count: int, said: str) -> None:
    """One thing is one, more are several."""
    bad = Examiner(Area.FILES).bad("Disk", "full", "Make room")
    assert [line for line, _ in screen([bad] * count, columns=80)][-1] == said


def test_the_screen_is_80_columns_wide_and_shows_no_control_character(patient: Patient) -> None:
    """Whatever Notion calls things; only a word that is longer, such as an address, stands out."""
    title = "AI \x1b[31mTraces\u202e " + "追跡 " * 40
    patient.notion.workspace.databases[AI_TRACES].title = [{"plain_text": title}]
    lines = [line for line, _ in screen(examine(patient.ward), columns=80)]
    assert all(width(line) <= 80 or width(line.split(" ")[-1]) > 57 for line in lines)
    assert all(character.isprintable() for line in lines for character in line)
    assert any("追跡" in line for line in lines)
