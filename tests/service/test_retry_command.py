"""`retry`: what is tried again is named, and what keeps everything from being tried is said."""

from datetime import timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from daemon.cli import group
from daemon.clock import utc_now
from daemon.presence.lock import StateLock
from daemon.presence.pulse import Outage, Pulse, Role


def _retried(home: Path, *paths: str) -> Result:
    (home / "logs").mkdir(exist_ok=True)
    env = {"AI_TRACES_LOGS_DIR": str(home / "logs"), "AI_TRACES_STATE_DIR": str(home / "state")}
    return CliRunner().invoke(group, ["retry", *paths], env={**env, "XDG_CONFIG_HOME": str(home)})


@pytest.mark.parametrize("is_down", [True, False])
def test_while_everything_waits_nothing_is_said_to_be_well(tmp_path: Path, is_down: bool) -> None:
    """Who has just mended what was wrong reads that the daemon finds out by itself, and when."""
    now = utc_now()
    later = now + timedelta(minutes=4, seconds=30)
    outage = Outage(
        what="The database is not shared", hint="Share it", needs_a_person=True, since=now, until=later
    )
    with StateLock(tmp_path / "state") as lock:
        pulse = Pulse(role=Role.DAEMON, started=now, beat=now, outage=outage if is_down else None)
        lock.show(pulse.as_text())
        ended = _retried(tmp_path)
    assert ended.exit_code == 0
    assert "Nothing to try again" in ended.output
    assert ("The database is not shared" in ended.output) == is_down
    assert ("by itself, in 4 minutes" in ended.output) == is_down
