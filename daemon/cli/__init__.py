"""The console script: a module for each command, imported only when that is called."""

import difflib
import gc
import importlib
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import click

from daemon.cli.closed_streams import reopen_closed_streams, unwritable_output
from daemon.cli.ending import coloured, complain, exit_code, only_trouble
from daemon.cli.help_page import HelpContext, laid_out
from daemon.interruption import EndedEarly, interruptible
from sync.errors import ConfigurationError, SyncError

_OF_PATTERNS = frozenset(("numpy", "scipy", "snowballstemmer"))
_UNBEGUN = " before it had begun; nothing was done"

COMMANDS = {
    "run": "Watch the logs and keep their pages in step, until stopped.",
    "backfill": "Bring every log and its page in step once, then end.",
    "status": "Say whether everything is in step, and what to do when it is not.",
    "verify": "Compare all logs with all pages, and mend what differs.",
    "retry": "Take logs out of quarantine, and bring back pages that were trashed.",
    "lint": "Say where logs depart from the spec, and mend what is safe.",
    "new": "Write a log that keeps to the spec, under the right name.",
    "patterns": "Tell what keeps breaking, and propose changes to the contract.",
    "pattern": "Decide about a pattern: accept, reject, rename, merge, split.",
    "audit": "Make a folder for an outside auditor, and take in the answer.",
    "service": "Run it as a service: install, status, restart, logs, uninstall.",
    "setup": "Connect it with Notion: token, database, views.",
    "doctor": "Check everything, and say how to mend what is wrong.",
    "demo": "Show it all at work against a built-in Notion, with sample logs.",
    "completion": "Print what makes your shell complete commands and logs.",
    "version": "Say which version this is.",
}


class _Lazy(click.Group):
    """Import a command only when it is needed, so that `status` starts fast."""

    context_class = HelpContext

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002 - same
        if cmd_name not in COMMANDS:
            return None
        skipped = ("rich", "httpx._main") if cmd_name == "run" else ()
        unbegun = interruptible(_UNBEGUN, code=0 if cmd_name == "run" else None)
        with unbegun, _without(*skipped), _uncollected(), hinting():
            command = importlib.import_module(f"daemon.cli.{cmd_name}").command
        assert isinstance(command, click.Command)  # noqa: S101 - holds by construction
        return laid_out(command)

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        try:
            return super().resolve_command(ctx, args)
        except click.UsageError:
            if close := difflib.get_close_matches(args[0], COMMANDS, n=1):
                ctx.fail(f"There is no command {args[0]}. Did you mean {close[0]}?")
            raise

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002 - same
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))


@contextmanager
def _uncollected() -> Iterator[None]:
    """Pause the garbage collector during imports, which saves a tenth of the time of `status`."""
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


@contextmanager
def _without(*modules: str) -> Iterator[None]:
    """Make modules appear absent.

    If httpx and structlog find rich, they load it for features that are not used here, at a tenth of the
    daemon's memory.
    """
    absent = {name: None for name in modules if name not in sys.modules}
    sys.modules.update(absent)  # type: ignore[arg-type]  # None means absent to the import system
    try:
        yield
    finally:
        for name in absent:
            del sys.modules[name]


@contextmanager
def hinting() -> Iterator[None]:
    """Turn a missing optional dependency into an error that says how to install it."""
    try:
        yield
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] not in _OF_PATTERNS:
            raise
        from daemon.extras import installing  # noqa: PLC0415 - needed only for this error

        raise ConfigurationError(
            "What groups the troubles that logs tell of is not installed", f"Run: {installing('patterns')}"
        ) from None


@click.group(cls=_Lazy, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="ai-traces", message="ai-traces %(version)s")
def group() -> None:
    """Mirror Claude's execution logs into the Notion database AI Traces: one page per log, exactly once.

    Settings come from the environment and from .env; .env.example lists and explains each.
    Start with `ai-traces demo`, which needs no Notion at all.
    """


def main(arguments: Sequence[str] | None = None) -> None:
    """Run a command and end the process with its exit code."""
    reopen_closed_streams()
    try:
        code = group.main(arguments, prog_name="ai-traces", standalone_mode=False, color=coloured())
    except click.exceptions.Abort:
        click.echo(f"… Stopped{_UNBEGUN}.", err=True)
        sys.exit(130)
    except EndedEarly as end:
        end.tell()
        sys.exit(end.code)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except (SyncError, ExceptionGroup) as trouble:
        told = only_trouble(trouble)
        if told is None:
            raise
        complain(told)
        sys.exit(exit_code(told))
    except OSError as error:
        if (lost := unwritable_output(error)) is None:
            raise
        complain(lost)
        sys.exit(exit_code(lost))
    sys.exit(code if isinstance(code, int) else 0)
