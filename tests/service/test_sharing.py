"""What a person sees of a budget that several machines share: settings, status, doctor, and no password."""

import socket
import subprocess
import sys
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from daemon.config.secret import Secret
from daemon.config.settings import Settings, load
from daemon.config.values import parse_budget_url, secrets_of_url
from daemon.connecting import calls_of
from daemon.doctor.check import Check, CheckVerdict
from daemon.doctor.examine import Ward, examine
from daemon.install.service_state import ABSENT
from daemon.presence.pulse import Pulse, Role, Trouble, Working
from daemon.presence.vitals import Vitals
from daemon.status.problems import of_process
from daemon.status.report import Report
from daemon.status.screen import screen
from sync.errors import ConfigurationError
from sync.notion.emulator import AI_TRACES, DEMO_TOKEN, Emulator, EmulatorTransport
from sync.notion.limiter import Budget, Sharing
from sync.state.facts import remember_hosts, remembered_hosts
from sync.state.store import Store
from tests.worlds.ports import silent_port

NOW = datetime(2026, 1, 10, 12, 0, tzinfo=UTC)


def _environ(directory: Path, url: str) -> dict[str, str]:
    (directory / "logs").mkdir(exist_ok=True)
    return {
        "NOTION_TOKEN": DEMO_TOKEN,
        "NOTION_DATABASE_ID": AI_TRACES,
        "NOTION_BASE_URL": "https://notion.test",
        "AI_TRACES_LOGS_DIR": str(directory / "logs"),
        "AI_TRACES_STATE_DIR": str(directory / "state"),
        "AI_TRACES_BUDGET_URL": url,
    }


def _settings(directory: Path, url: str) -> Settings:
    return load(_environ(directory, url), directory=directory, config_dir=directory)


@pytest.mark.parametrize(
    "url",
    [
        "redis://h",
        "redis://h:6379/0",
        "rediss://u:p%2Fw@h:1/15",
        "unix:///run/redis.sock",
        "redis://:p@[::1]:2/",
    ],
)
def test_takes_the_address_of_a_server(url: str) -> None:
    """Host, port, database, user, TLS and a socket, as redis-py writes them."""
    assert parse_budget_url(url) == url


@given(
    st.sampled_from(["redis://:CANARY/x@h:6379/0", "redis://:CANARY#x@h", "redis://:a:CANARY@:x", "redis://"])
    | st.text(max_size=8).map(lambda text: f"redis://:CANARY{text}@h:{text}CANARY/CANARY")
)
def test_what_is_wrong_with_an_address_is_told_without_it(url: str) -> None:
    """No error about the address quotes it: it may hold a password."""
    try:
        parse_budget_url(url)
    except ValueError as error:
        assert "CANARY" not in str(error)  # noqa: PT017 - most texts are refused, some are addresses


@pytest.mark.parametrize("url", ["redis://:CANARY%2Fword@h/0", "redis://h/0?db=1&password=CANARY%2Fword"])
def test_the_password_is_a_secret_by_itself(url: str) -> None:
    """Neither address nor password is shown, wherever it stands, as it is written or as it is meant."""
    assert secrets_of_url(Secret(url)) == {url, "CANARY%2Fword", "CANARY/word"}


def test_who_shares_nothing_loads_nothing() -> None:
    """What it takes to share a budget is loaded only when the address of a server is set."""
    program = (
        "import sys; from daemon.cli import group; group.get_command(None, 'run');"
        "import daemon.session; print('redis' in sys.modules, 'sync.notion.fleet.limiter' in sys.modules)"
    )
    ended = subprocess.run(
        [sys.executable, "-c", program], check=True, capture_output=True, text=True, timeout=60
    )
    assert ended.stdout.split() == ["False", "False"]


async def test_says_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the extra, the address is an error of the configuration that names the command."""
    monkeypatch.setitem(sys.modules, "redis", None)
    monkeypatch.delitem(sys.modules, "sync.notion.fleet.redis_ledger", raising=False)
    async with httpx.AsyncClient() as http:
        with pytest.raises(ConfigurationError) as caught:
            calls_of(_settings(tmp_path, "redis://h"), Secret(DEMO_TOKEN), http)
    assert "-m pip install 'redis" in caught.value.hint


async def test_an_option_that_is_unknown_is_an_error_of_the_configuration(tmp_path: Path) -> None:
    """An address that passes for one and cannot be used says so, without its password."""
    async with httpx.AsyncClient() as http:
        with pytest.raises(ConfigurationError) as caught:
            calls_of(_settings(tmp_path, "redis://:CANARY@h/0?db=CANARY"), Secret(DEMO_TOKEN), http)
    assert "CANARY" not in str(caught.value)


def _budget(sharing: Sharing | None) -> Budget:
    return Budget(
        per_minute=58.0,
        ceiling=175.0,
        paused_for=timedelta(0),
        waiting={},
        used={},
        refusals=0,
        sharing=sharing,
    )


def test_the_pulse_says_since_when_it_is_alone() -> None:
    """The first moment stays, whatever the trouble becomes, and it ends with the trouble."""
    seen: list[Pulse] = []
    now, sharing = NOW, Sharing(hosts=3)
    vitals = Vitals(
        Role.DAEMON, edition="1", budget=lambda: _budget(sharing), now=lambda: now, show=seen.append
    )
    vitals.beat()
    sharing = Sharing(hosts=3, trouble="It is away")
    vitals.beat()
    now, sharing = NOW + timedelta(minutes=2), Sharing(hosts=3, trouble="It is silent", needs_a_person=True)
    vitals.beat()
    sharing = Sharing(hosts=2)
    vitals.beat()
    assert [(each.hosts, each.alone and (each.alone.what, each.alone.since)) for each in seen] == [
        (3, None),
        (3, ("It is away", NOW)),
        (3, ("It is silent", NOW)),
        (2, None),
    ]


def _pulse(alone: Trouble | None) -> Pulse:
    return Pulse(
        role=Role.DAEMON, started=NOW, beat=NOW, per_minute=58.0, ceiling=175.0, hosts=3, alone=alone
    )


@pytest.mark.parametrize("needs_a_person", [True, False])
def test_status_says_with_whom_it_is_shared_and_why_not(needs_a_person: bool) -> None:
    """The pace is told with the number of processes; without the server it says what comes next."""
    alone = Trouble(what="The server is away", hint="", since=NOW, needs_a_person=needs_a_person)
    working = Working(1, _pulse(alone))
    problems = tuple(of_process(working, pending=0, is_connected=True, edition="", now=NOW))
    assert [(each.what, each.needs_a_person, bool(each.hint)) for each in problems] == [
        ("The server is away", needs_a_person, True)
    ]
    assert "that 3 processes share, each its share" in _pace(working)
    assert "58 requests a minute of 175 that 3 processes share" in _pace(Working(1, _pulse(None)))


def _pace(working: Working) -> str:
    report = Report(
        at=NOW,
        logs_dir=Path("/logs"),
        place=None,
        is_remembered=True,
        files=1,
        synced=1,
        pending=0,
        quarantined=0,
        trashed=0,
        waiting_since=None,
        working=working,
        last_sync=NOW,
        problems=(),
    )
    return " ".join(line.text for line in screen(report, columns=None))


def _found(directory: Path, url: str) -> Mapping[str, Check]:
    notion = Emulator()
    notion.create_database()
    ward = Ward(
        environ=_environ(directory, url),
        directory=directory,
        config_dir=directory,
        service=lambda: ABSENT,
        now=lambda: datetime.now(UTC),
        transport=EmulatorTransport(notion),
    )
    return {check.name: check for check in examine(ward)}


@pytest.fixture
def nowhere() -> int:
    """Give a port on which nothing listens."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
    return port


@pytest.fixture
def silent() -> Iterator[int]:
    """Give a port on which connections are taken and nothing is ever said."""
    with silent_port() as port:
        yield port


def test_the_doctor_says_that_the_server_is_out_of_reach(tmp_path: Path, nowhere: int) -> None:
    """It is one row, and Notion is asked all the same."""
    found = _found(tmp_path, f"redis://:CANARY@127.0.0.1:{nowhere}/0")
    assert found["Budget"].verdict is CheckVerdict.REMARK
    assert f"127.0.0.1:{nowhere} cannot be reached" in found["Budget"].what
    assert found["Database"].verdict is CheckVerdict.GOOD
    assert "CANARY" not in repr(found)


def test_the_doctor_does_not_wait_for_a_server_that_hangs(tmp_path: Path, silent: int) -> None:
    """A server that takes connections and says nothing costs the other checks nothing."""
    found = _found(tmp_path, f"redis://127.0.0.1:{silent}/0")
    assert "does not answer" in found["Budget"].what
    assert found["Database"].verdict is CheckVerdict.GOOD


def test_the_doctor_prints_nothing_but_what_it_found(
    tmp_path: Path, nowhere: int, capsys: pytest.CaptureFixture[str]
) -> None:
    """With whom the budget is shared is a row; a line of the log beside it would spoil `--json`."""
    assert "Budget" in _found(tmp_path, f"redis://127.0.0.1:{nowhere}/0")
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize("option", ["db=CANARY", "no_such_option=CANARY"])
def test_the_doctor_finds_wrong_what_no_daemon_could_start_with(tmp_path: Path, option: str) -> None:
    """An address that ends the daemon is no mere remark, and the row says what to do."""
    budget = _found(tmp_path, f"redis://:CANARY@127.0.0.1/0?{option}")["Budget"]
    assert budget.verdict is CheckVerdict.BAD
    assert "redis-py does not know" in budget.next_step
    assert "CANARY" not in repr(budget)


def test_the_number_of_machines_outlives_the_process(tmp_path: Path) -> None:
    """So that one which starts without the server keeps to its share at once."""
    with Store.open(tmp_path) as store:
        assert remembered_hosts(store) == 0
        remember_hosts(store, 3)
    with Store.open(tmp_path) as store:
        assert remembered_hosts(store) == 3
