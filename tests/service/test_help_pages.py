"""What `--help` shows: all of it, in terminals wide and narrow."""

from collections.abc import Iterator

import click
import pytest
from click.testing import CliRunner

from daemon.cli import group


def _below(command: click.Command, names: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], click.Command]]:
    yield names, command
    if isinstance(command, click.Group):
        context = click.Context(command)
        for name in command.list_commands(context):
            below = command.get_command(context, name)
            assert below is not None
            yield from _below(below, (*names, name))


ALL = dict(_below(group, ()))


def _shown(names: tuple[str, ...], columns: int) -> str:
    told = CliRunner().invoke(group, [*names, "--help"], prog_name="ai-traces", env={"COLUMNS": str(columns)})
    assert told.exit_code == 0
    return told.stdout


def _holds(shown: list[str], words: list[str]) -> bool:
    return not words or any(shown[start : start + len(words)] == words for start in range(len(shown)))


@pytest.mark.parametrize("columns", [40, 80, 200])
@pytest.mark.parametrize("names", ALL, ids=" ".join)
def test_no_line_is_wider_than_the_terminal(names: tuple[str, ...], columns: int) -> None:
    """Nor than a person likes to read; a terminal that breaks lines itself breaks the columns, too."""
    for line in _shown(names, columns).splitlines():
        assert len(line) <= min(columns, 80), line
        assert line == line.rstrip()


@pytest.mark.parametrize("columns", [40, 80])
@pytest.mark.parametrize("names", ALL, ids=" ".join)
def test_every_word_is_shown_whole(names: tuple[str, ...], columns: int) -> None:
    """What a command is for, its example and its options: not cut, and no option broken in two."""
    command, shown = ALL[names], _shown(names, columns).split()
    assert command.help
    for text in (command.help, command.epilog or ""):
        is_broken = any(len(word) > columns - 2 for word in text.split())
        assert is_broken or _holds(shown, text.split()), text
    context = click.Context(command)
    for parameter in command.get_params(context):
        for part in parameter.get_help_record(context) or ():
            assert _holds(shown, part.split()), part


@pytest.mark.parametrize("columns", [40, 80])
@pytest.mark.parametrize("names", [names for names, each in ALL.items() if isinstance(each, click.Group)])
def test_every_command_is_told_in_a_whole_sentence(names: tuple[str, ...], columns: int) -> None:
    """A list of commands says what each does to the end."""
    listed = _shown(names, columns).partition("\nCommands:\n")[2].split("\n\n")[0]
    below = [each[-1] for each in ALL if each[:-1] == names and each]
    assert below
    assert "..." not in listed
    assert listed.count(".\n") + listed.endswith(".") == len(below)
