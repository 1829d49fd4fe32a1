"""Promises of the units that systemd itself judges: well formed, and little exposed."""

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from daemon.install.deployment import Deployment, Scope
from daemon.install.schedules import Schedule
from daemon.install.systemd_units import SERVICE, units

pytestmark = pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="there is no systemd-analyze")

MOST_EXPOSED = 1.5


def deployment(home: Path, *, logs: str, user: str) -> Deployment:
    """Return one whose program is there, as `verify` wants it."""
    return Deployment(
        program=Path("/bin/true"),
        runtime=(home / ".local/share/ai-traces",),
        user=user,
        group=user,
        home=home,
        logs_dir=home / logs,
        state_dir=home / ".local/state/ai-traces",
        settings_file=home / ".config/ai-traces/.env",
        token_file=home / ".config/ai-traces/notion-token",
        environment={"AI_TRACES_HOST": 'a "b" 100%'},
    )


@pytest.mark.parametrize("logs", ["jen-os/logs/claude-executions", "logs"])
@pytest.mark.parametrize("user", ["daemon", "root"])
def test_the_service_of_the_machine_is_little_exposed(tmp_path: Path, user: str, logs: str) -> None:
    """At most 1.5 on systemd's scale of 10, the daemon and each scheduled command."""
    for file in units(deployment(Path("/home/jen"), logs=logs, user=user), Scope.SYSTEM, list(Schedule)):
        if file.name.endswith(".timer"):
            continue
        (tmp_path / file.name).write_text(file.text, encoding="utf-8")
        judged = subprocess.run(
            ["systemd-analyze", "security", "--offline=true", "--no-pager", str(tmp_path / file.name)],
            capture_output=True,
            text=True,
            check=False,
            env={"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8"},
        )
        found = re.search(r"Overall exposure level for \S+: ([0-9.]+)", judged.stdout)
        assert found, judged.stderr
        assert float(found[1]) <= MOST_EXPOSED, judged.stdout


@pytest.mark.parametrize("scope", Scope)
def test_systemd_finds_nothing_to_say_about_the_units(tmp_path: Path, scope: Scope) -> None:
    """Every line is understood, in each kind of unit, for paths that need every kind of quoting."""
    made = deployment(Path('/home/je n: "x" 5%'), logs="my $HOME/logs", user="daemon")
    files = units(made, scope, list(Schedule))
    for file in files:
        (tmp_path / file.name).write_text(file.text, encoding="utf-8")
    told = subprocess.run(
        [
            "systemd-analyze",
            "verify",
            "--man=no",
            "--recursive-errors=no",
            *(["--user"] if scope is Scope.USER else []),
        ]
        + [str(tmp_path / file.name) for file in files],
        capture_output=True,
        text=True,
        check=False,
        env={"PATH": os.environ["PATH"], "XDG_RUNTIME_DIR": str(tmp_path), "HOME": str(tmp_path)},
    )
    ours = [line for line in told.stderr.splitlines() if SERVICE.removesuffix(".service") in line]
    assert ours == []
