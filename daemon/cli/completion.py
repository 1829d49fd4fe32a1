"""`ai-traces completion`."""

import click
from click.shell_completion import get_completion_class

_SHELLS = ("bash", "zsh", "fish")


@click.command("completion", epilog="Example: ai-traces completion bash >> ~/.bashrc")
@click.argument("shell", type=click.Choice(_SHELLS))
def command(*, shell: str) -> None:
    """Print what makes SHELL complete commands, options and the paths of logs.

    Put it where your shell reads it at its start: ~/.bashrc, ~/.zshrc,
    or ~/.config/fish/completions/ai-traces.fish.
    """
    kind = get_completion_class(shell)
    assert kind is not None  # noqa: S101 - the choices are those that click knows
    root = click.get_current_context().find_root().command
    click.echo(kind(root, {}, "ai-traces", "_AI_TRACES_COMPLETE").source())
