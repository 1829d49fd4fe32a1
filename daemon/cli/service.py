"""`ai-traces service`: the daemon as a service of this machine."""

import os
import sys
from pathlib import Path

import click

from daemon.cli.ending import EXIT_NEEDS_A_PERSON
from daemon.cli.typed import Number
from daemon.config.settings import load
from daemon.install.deployment import Deployment, Platform, Scope
from daemon.install.gathering import acting_as, gather_deployment, owner, require_installable
from daemon.install.launchd import Launchd
from daemon.install.launchd_agents import agents
from daemon.install.manager import Manager, manager_of, nearest, platform_here
from daemon.install.schedules import Schedule
from daemon.install.service_state import state_sentences
from daemon.install.systemd import Systemd, let_linger, lingers
from daemon.install.systemd_units import units
from daemon.interruption import interruptible
from sync.errors import ConfigurationError

system_option = click.option(
    "--system", is_flag=True, help="The service of the machine instead of yours (Linux; needs root)."
)
user_option = click.option(
    "--user",
    metavar="NAME",
    help="With --system: whose logs, settings and state they are; else who calls sudo.",
)
schedule_option = click.option(
    "--schedule",
    "schedules",
    multiple=True,
    type=click.Choice([each.value for each in Schedule]),
    help="Also run this command by the clock: verify every night, patterns every Monday.",
)


@click.group("service", epilog="Example: ai-traces service install")
def command() -> None:
    """Run ai-traces as a service: started with the machine, restarted when it dies or hangs.

    On Linux it is a unit of systemd, of yours or with --system of the machine; on macOS an agent of launchd.
    """


@command.command("install", epilog="Example: ai-traces service install --schedule verify")
@system_option
@user_option
@schedule_option
@click.option("--linger/--no-linger", default=None, help="Let it run while you are not logged in (Linux).")
@interruptible("; it may be there in part: run it again, and it is brought up to date")
def install(*, system: bool, user: str | None, schedules: tuple[str, ...], linger: bool | None) -> int:
    """Install the service and start it; installed already, bring it up to date.

    Settings and token are those that `ai-traces setup` has stored. What is set only in this shell is written
    into the service's description; a token never is.
    """
    scope = _scope(system=system)
    manager = manager_of(scope)
    deployment = _deployment(scope, user, check=True)
    changed = manager.install(deployment, [Schedule(each) for each in schedules])
    for path in changed:
        click.echo(f"Wrote {path}")
    for name, value in deployment.environment.items():
        click.echo(f"As in this shell: {name}={value}")
    code = _tell(manager)
    if isinstance(manager, Systemd) and scope is Scope.USER:
        _linger(deployment.user, linger)
    return code


@command.command("uninstall", epilog="Example: ai-traces service uninstall")
@system_option
@interruptible("; it may be gone in part: run it again, and the rest goes")
def uninstall(*, system: bool) -> None:
    """Stop the service and take away all that was installed for it.

    Settings, token and state stay: an installation later goes on where this one was.
    """
    manager = manager_of(_scope(system=system))
    gone = manager.uninstall()
    for path in gone:
        click.echo(f"Removed {path}")
    if not gone:
        click.echo("The service was not installed.")
        return
    settings = load(os.environ)
    click.echo(f"Kept: the settings, the token, and what it remembers in {settings.state_dir}")
    if isinstance(manager, Systemd) and manager.scope is Scope.USER and lingers(_login()):
        click.echo(
            "Your other services still run while you are not logged in; to end that: loginctl disable-linger"
        )


@command.command("status", epilog="Example: ai-traces service status")
@system_option
@interruptible("; nothing was changed")
def status(*, system: bool) -> int:
    """Say in plain words whether the service is installed, runs, since when, and what to do.

    Without --system it is yours if you have one, else that of the machine.
    Ends with 0 when it runs or will by itself, with 1 when it needs a person.
    """
    return _tell(nearest(_scope(system=system)))


@command.command("restart", epilog="Example: ai-traces service restart")
@system_option
@interruptible("; see how the service is: ai-traces service status")
def restart(*, system: bool) -> int:
    """Start the service anew, so that it takes up changed settings."""
    manager = manager_of(_scope(system=system))
    _require_installed(manager)
    manager.restart()
    return _tell(manager)


@command.command("logs", epilog="Example: ai-traces service logs -n 50 --follow")
@system_option
@click.option(
    "-n", "lines", default=100, show_default=True, type=Number(0), metavar="N", help="How many lines."
)
@click.option("-f", "--follow", is_flag=True, help="Go on with what comes, until Ctrl-C.")
@interruptible("; nothing was changed")
def logs(*, system: bool, lines: int, follow: bool) -> None:
    """Show what the service has said."""
    manager = nearest(_scope(system=system))
    _require_installed(manager)
    words = manager.logs(lines, follow=follow)
    try:
        os.execvp(words[0], words)  # noqa: S606 - our own words; it takes over the terminal
    except OSError as error:
        raise ConfigurationError(f"{words[0]} cannot be run ({error.strerror})", "Install it") from None


@command.command("print", epilog="Example: ai-traces service print --platform macos")
@system_option
@user_option
@schedule_option
@click.option(
    "--platform",
    "platform_name",
    type=click.Choice([each.value for each in Platform]),
    help="Of another system than this one.",
)
@interruptible("; nothing was changed")
def print_files(
    *, system: bool, user: str | None, schedules: tuple[str, ...], platform_name: str | None
) -> None:
    """Print the files that would be installed here, and change nothing."""
    target = Platform(platform_name) if platform_name else platform_here()
    scope = _scope(system=system, target=target)
    deployment = _deployment(scope, user, check=False)
    chosen = [Schedule(each) for each in schedules]
    match target:
        case Platform.LINUX:
            files, directory = units(deployment, scope, chosen), Systemd(scope).directory
        case Platform.MACOS:
            files, directory = agents(deployment, chosen), Launchd(deployment.home).directory
    for file in files:
        click.echo(f"{directory / file.name}:", err=True)
        click.echo(file.text, nl=False)


def _scope(*, system: bool, target: Platform | None = None) -> Scope:
    if system and (target or platform_here()) is Platform.MACOS:
        raise ConfigurationError(
            "On macOS there is only the service of the user who logs in", "Leave --system out"
        )
    return Scope.SYSTEM if system else Scope.USER


def _deployment(scope: Scope, named: str | None, *, check: bool) -> Deployment:
    """Return what the service is made from; with `check`, only if it could work and may be installed."""
    if named is not None and scope is Scope.USER:
        raise click.UsageError("--user goes with --system only: your own service is yours.")
    if check and scope is Scope.SYSTEM and os.geteuid() != 0:
        raise ConfigurationError(
            "Only root may install a service of the machine",
            f"Run: sudo {Path(sys.executable).with_name('ai-traces')} service install --system",
        )
    user = owner(scope, os.environ, named)
    with acting_as(user):
        settings = load(os.environ)
        deployment = gather_deployment(settings, os.environ, user=user)
        if check:
            require_installable(deployment, settings, scope)
            settings.state_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
        return deployment


def _require_installed(manager: Manager) -> None:
    if not manager.is_installed:
        machine_has_one = nearest(Scope.USER) == Systemd(Scope.SYSTEM)
        raise ConfigurationError(
            "The service is not installed",
            "That of the machine is: add --system" if machine_has_one else "Run: ai-traces service install",
        )


def _tell(manager: Manager) -> int:
    """Say how the service is; return the exit code that goes with it."""
    state = manager.state()
    mark, colour = ("✗", "red") if state.needs_a_person else ("✓", "green")
    first, *more = state_sentences(state)
    click.secho(f"{mark} {first}", fg=colour)
    for sentence in more:
        click.echo(f"  {sentence}")
    for schedule in manager.scheduled():
        click.echo(f"  By the clock: ai-traces {schedule}")
    return EXIT_NEEDS_A_PERSON if state.needs_a_person else 0


def _linger(user: str, wanted: bool | None) -> None:  # noqa: FBT001 - three answers: yes, no, not asked yet
    if wanted is False or lingers(user) is not False:
        return
    if wanted is None and sys.stdin.isatty():
        wanted = click.confirm(
            "It ends when you log out. Let it run from the start of the machine on?", default=True, err=True
        )
    if wanted:
        let_linger(user)
        click.echo("  It runs from the start of the machine on, whether you are logged in or not")
    else:
        click.echo("  It ends when you log out; to let it run on: loginctl enable-linger")


def _login() -> str:
    return owner(Scope.USER, os.environ, None).pw_name
