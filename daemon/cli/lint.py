"""`ai-traces lint`."""

import sys
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from pathlib import Path

import click

from daemon.authoring.correcting import correct
from daemon.authoring.linted import Linted, as_lines, as_object, summary
from daemon.authoring.placing import Changed, read_file
from daemon.authoring.targets import LintTarget, UnlistableFolder, find_targets, neighbours_of
from daemon.cli.as_object import done_so_far, json_option, print_object
from daemon.interruption import EndedEarly, interruptible
from daemon.status.columns import visible
from sync.files import MAX_WHOLE
from sync.names import LogPath
from sync.tracelog.linting.linter import NAME_RULES, lint
from sync.tracelog.linting.when_to_log import Neighbours

_STDIN = "-"
_LEFT = " before all was read; nothing was changed"
_LEFT_MENDED = " before all was read; each file is as it was, or wholly mended"


@click.command("lint", epilog="Example: ai-traces lint 2026-01-10-deploy.md --fix")
@click.argument("paths", nargs=-1, metavar="[PATH]...", type=click.Path(allow_dash=True))
@json_option("Print one JSON object.")
@click.option(
    "--fix", is_flag=True, help="Mend what is safe: arrows, letter case, headings, empty lines, file names."
)
def command(*, paths: tuple[str, ...], as_json: bool, fix: bool) -> int:
    """Say where logs depart from the spec, and what to do about it.

    Without PATH all logs are read, else the files and directories named, from wherever they are; - is what
    comes on standard input. Each finding is one line: file, line, column, rule, what is expected and the fix.
    The rules are in docs/rules.md. Advice, such as an exception log that seems to be missing, is no fault.

    With --fix a file is replaced at one instant, and only when nobody is writing it; its words stay. A file
    that was mended gets its right name by the next --fix, so that its page can follow.

    Ends with 0 when every log is clean, with 1 when there are findings or something could not be read, with
    2 when there is no such file.
    """
    if fix and _STDIN in paths:
        raise click.UsageError("--fix cannot change what comes on standard input; name a file.")
    logs: list[Linted] = []
    try:
        with interruptible(_LEFT_MENDED if fix else _LEFT):
            logs.extend(_linted(paths, fix=fix))
    except EndedEarly:
        done_so_far({**as_object(logs), "clean": False})
        _tell_mended(logs)
        raise
    if as_json:
        print_object(as_object(logs))
    else:
        _show(logs)
    return 0 if all(log.is_clean for log in logs) else 1


def _linted(paths: Sequence[str], *, fix: bool) -> Iterator[Linted]:
    known = cache(neighbours_of)
    files = [path for path in paths if path != _STDIN]
    targets = list(find_targets(files)) if files or not paths else []
    if len(files) < len(paths):
        yield _standard_input()
    for target in targets:
        yield _looked_into(target, fix=fix, known=known)


def _standard_input() -> Linted:
    """Judge the text alone: it has no name, and no neighbours."""
    findings = lint(sys.stdin.buffer.read(), LogPath(_STDIN), neighbours=None)
    return Linted("<stdin>", tuple(each for each in findings if each.warning.rule not in NAME_RULES))


def _looked_into(
    target: LintTarget | UnlistableFolder, *, fix: bool, known: Callable[[Path], Neighbours | None]
) -> Linted:
    if isinstance(target, UnlistableFolder):
        trouble = f"it cannot be listed ({target.reason}); make it readable for yourself"
        return Linted(target.shown, (), trouble=trouble, is_folder=True)
    try:
        return _judge(target, fix=fix, known=known)
    except Changed:
        trouble = "it was written to while it was read; try again"
    except OSError as error:
        trouble = f"it cannot be used ({(error.strerror or 'error').lower()})"
    return Linted(target.shown, (), trouble=trouble)


def _judge(target: LintTarget, *, fix: bool, known: Callable[[Path], Neighbours | None]) -> Linted:
    if target.file.stat().st_size > MAX_WHOLE:
        return Linted(target.shown, (), trouble="it is longer than any page can be, and was not read")
    seen = read_file(target.file)
    if not fix:
        findings = lint(seen.content, target.path, neighbours=known(target.root))
        return Linted(target.shown, findings)
    corrected = correct(target, seen)
    now = corrected.target
    findings = lint(corrected.content, now.path, neighbours=known(now.root))
    return Linted(now.shown, findings, mended=corrected.rules, trouble=corrected.trouble)


def _tell_mended(logs: Sequence[Linted]) -> None:
    for log in logs:
        if log.mended:
            mended = f"✓ {log.file}: mended {', '.join(log.mended)}"
            click.secho(visible(mended), fg="green", err=True)


def _show(logs: Sequence[Linted]) -> None:
    for log in logs:
        for line in as_lines(log):
            click.echo(visible(line))
        _tell_mended((log,))
        if log.trouble:
            click.secho(visible(f"✗ {log.file}: {log.trouble}"), fg="red", err=True)
    click.echo(summary(logs), err=True)
