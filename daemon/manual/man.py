"""Generate the man page from the commands and their help."""

import re
from collections.abc import Iterator

import click

_EXITS = """\
.SH EXIT STATUS
.TP
.B 0
All is well, or the work is done.
.TP
.B 1
Something needs a person, or the copies differ.
.TP
.B 2
The command was not understood.
.TP
.B 75
Another instance is running.
.TP
.B 77
Notion refuses the token or the access.
.TP
.B 78
The configuration cannot be used.
.SH FILES
.TP
.I ~/.config/ai-traces/.env
The settings; on macOS below ~/Library/Application Support. Each one is explained in docs/configuration.md.
.TP
.I ~/.local/state/ai-traces
What the daemon remembers; on macOS below ~/Library/Application Support.
It can be deleted: the pages are found again."""


def man_page(group: click.Group) -> str:
    """Return the page ai-traces(1) in roff, with a section for each command."""
    context = click.Context(group, info_name="ai-traces")
    return "\n".join((*_page(group, context), ""))


def _page(group: click.Group, context: click.Context) -> Iterator[str]:
    yield '.TH AI\\-TRACES 1 "" "ai\\-traces" "User Commands"'
    yield ".SH NAME"
    yield "ai\\-traces \\- keeps one page in Notion for each of Claude's execution logs"
    yield ".SH SYNOPSIS"
    yield ".B ai\\-traces\n.I COMMAND\n[\\fIOPTIONS\\fR]"
    yield ".SH DESCRIPTION"
    yield from _paragraphs(group.help or "")
    yield ".SH COMMANDS"
    yield from _commands(group, context)
    yield _EXITS


def _commands(group: click.Group, context: click.Context) -> Iterator[str]:
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        assert command is not None  # noqa: S101 - it was listed
        if isinstance(command, click.Group):
            inner = click.Context(command, info_name=name, parent=context)
            yield from _section(command, inner)
            yield from _commands(command, inner)
        else:
            yield from _section(command, click.Context(command, info_name=name, parent=context))


def _section(command: click.Command, context: click.Context) -> Iterator[str]:
    usage = " ".join(command.collect_usage_pieces(context))
    yield f".SS {_escaped(context.command_path.removeprefix('ai-traces '))} {_escaped(usage)}"
    yield from _paragraphs(command.help or "")
    for parameter in command.get_params(context):
        record = parameter.get_help_record(context)
        if record and record[1] and "--help" not in record[0]:
            yield f".TP\n.B {_escaped(record[0])}\n{_escaped(record[1])}"
    if command.epilog:
        yield from _example(command.epilog)


def _example(text: str) -> Iterator[str]:
    """Return an example in roff; one that goes over several lines keeps them."""
    lines = [_escaped(line) for line in text.splitlines()]
    yield ".PP"
    yield from lines if len(lines) == 1 else (".nf", *lines, ".fi")


def _paragraphs(text: str) -> Iterator[str]:
    """Return text in roff: paragraphs, each sentence where the formatter puts it."""
    for paragraph in re.split(r"\n\s*\n", text.strip()):
        yield f".PP\n{_escaped(' '.join(paragraph.split()))}"


def _escaped(text: str) -> str:
    """Return text that roff takes literally: no escapes, no requests at the start of a line."""
    literal = text.replace("\\", "\\e").replace("-", "\\-")
    return f"\\&{literal}" if literal.startswith((".", "'")) else literal
