"""A bundle for an outside auditor, made of the logs as they are now and put in its place."""

import importlib.metadata
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import tzinfo
from pathlib import Path
from typing import Final

from daemon.config.settings import Settings
from daemon.patterns.bundle_folder import write_bundle
from daemon.patterns.choice import LastLogs, LogChoice, LogsSince
from daemon.patterns.logs import ChosenLogs, chosen_logs
from daemon.patterns.registry_file import registry_file
from sync.auditor.bundle import Bundle, Unfit, bundle_of
from sync.auditor.manifest import Making
from sync.contract.document import Document
from sync.patterns.handoff.extraction import extract
from sync.patterns.handoff.handoff import hand_off

NAME: Final = "ai-traces-audit"


@dataclass(frozen=True, slots=True)
class Wish:
    """What a bundle is asked to be made of.

    Attributes:
        singletons: What only one run met is to be in it, too.
    """

    choice: LogChoice
    contract: Document | None
    top: int
    singletons: bool


def bundled(
    settings: Settings, wish: Wish, *, output: Path | None, zone: tzinfo, note: Callable[[str], None]
) -> tuple[Bundle, Path] | Unfit:
    """Write a bundle; what it asks about is remembered, and nothing else.

    Args:
        settings: Where the logs and the registry are.
        wish: What it is made of.
        output: The folder; None for one here, named after the day of the newest log.
        zone: Meant where a log names none.
        note: Is told what a person should know besides.

    Returns:
        The bundle and its folder; when something secret would still be in it, where, and nothing is written.

    Raises:
        ConfigurationError: The folder is somebody else's, or cannot be written.
        StateUnusable: What is asked about cannot be remembered.
    """
    with registry_file(settings.state_dir, note=note) as file:
        registry = file.read()
        chosen = chosen_logs(settings.logs_dir, wish.choice, zone=zone, note=note)
        basis = registry.basis(chosen.window)
        handoff = hand_off(
            extract(chosen.window, basis.memory),
            before=basis,
            again=registry.again(chosen.window),
            contract=wish.contract,
            top=wish.top,
        )
        bundle = bundle_of(handoff, _making(wish, chosen))
        if isinstance(bundle, Unfit):
            return bundle
        day = f"-{bundle.asked.until}" if bundle.asked.until else ""
        folder = output or Path(f"{NAME}{day}")
        write_bundle(folder, bundle.files)
        file.write(replace(registry, audited=replace(registry.audited, asked=bundle.asked)))
    return bundle, folder


def _making(wish: Wish, chosen: ChosenLogs) -> Making:
    return Making(
        version=importlib.metadata.version("ai-traces"),
        last=wish.choice.count if isinstance(wish.choice, LastLogs) else None,
        since=wish.choice.day.isoformat() if isinstance(wish.choice, LogsSince) else None,
        top=wish.top,
        singletons=wish.singletons,
        sources=chosen.sources,
        unread=chosen.unread,
    )
