"""`ai-traces doctor`."""

import os
import shutil

import click
import platformdirs

from daemon.cli.as_object import json_option, print_object
from daemon.clock import utc_now
from daemon.config.sources import APPLICATION
from daemon.doctor.check import CheckVerdict, worst_verdict
from daemon.doctor.examine import Ward, examine
from daemon.doctor.screen import screen
from daemon.here import here
from daemon.install.manager import service_now
from daemon.interruption import interruptible

_COLOURS = {CheckVerdict.GOOD: None, CheckVerdict.REMARK: "yellow", CheckVerdict.BAD: "red"}
_WIDEST = 100


@click.command("doctor", epilog="Example: ai-traces doctor")
@json_option("Print one JSON object.")
@interruptible("; nothing was changed")
def command(*, as_json: bool) -> int:
    """Check everything that has to be right, and say how to mend what is not.

    Changes nothing, here or in Notion, and takes a few seconds at most: what only a write could tell is
    not tried, but seen from what was written before.
    Ends with 0, or with 1 when something needs a person.
    """
    checks = examine(
        Ward(
            environ=os.environ,
            directory=here(),
            config_dir=platformdirs.user_config_path(APPLICATION),
            service=service_now,
            now=utc_now,
            transport=None,
        )
    )
    verdict = worst_verdict(checks)
    if as_json:
        print_object({"verdict": verdict.value, "checks": [check.as_json() for check in checks]})
    else:
        columns = min(_WIDEST, shutil.get_terminal_size().columns)
        for line, grade in screen(checks, columns=columns):
            click.secho(line, fg=_COLOURS[grade] if grade else None, bold=grade is None)
    return 1 if verdict is CheckVerdict.BAD else 0
