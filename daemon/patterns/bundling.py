"""Make a bundle for an outside auditor from the present logs, and write it."""

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
from sync.auditor.manifest import Provenance
from sync.contract.document import Document
from sync.patterns.handoff.extraction import extract
from sync.patterns.handoff.handoff import hand_off

NAME: Final = "ai-traces-audit"


@dataclass(frozen=True, slots=True)
class BundleRequest:
    """What a bundle is to contain.

    Attributes:
        choice: The logs to read.
        contract: The contract; None for none.
        top: The largest number of decisions to ask for.
        singletons: Whether to include what only a single run met.
    """

    choice: LogChoice
    contract: Document | None
    top: int
    singletons: bool


def bundled(
    settings: Settings,
    request: BundleRequest,
    *,
    output: Path | None,
    zone: tzinfo,
    note: Callable[[str], None],
) -> tuple[Bundle, Path] | Unfit:
    """Write a bundle, and remember what it asks about.

    Args:
        settings: The settings.
        request: What the bundle is to contain.
        output: The folder; None for one in the current directory, named after the newest log's day.
        zone: The time zone of timestamps that name none.
        note: Called with what a person should know besides.

    Returns:
        The bundle and its folder; or, with nothing written, where something secret would be left in it.

    Raises:
        ConfigurationError: The folder is somebody else's, or cannot be written.
        StateUnusable: What the bundle asks about cannot be remembered.
    """
    with registry_file(settings.state_dir, note=note) as file:
        registry = file.read()
        chosen = chosen_logs(settings.logs_dir, request.choice, zone=zone, note=note)
        basis = registry.basis(chosen.window)
        handoff = hand_off(
            extract(chosen.window, basis.memory),
            before=basis,
            again=registry.again(chosen.window),
            contract=request.contract,
            top=request.top,
        )
        bundle = bundle_of(handoff, _provenance(request, chosen))
        if isinstance(bundle, Unfit):
            return bundle
        day = f"-{bundle.asked.until}" if bundle.asked.until else ""
        folder = output or Path(f"{NAME}{day}")
        write_bundle(folder, bundle.files)
        file.write(replace(registry, audited=replace(registry.audited, asked=bundle.asked)))
    return bundle, folder


def _provenance(request: BundleRequest, chosen: ChosenLogs) -> Provenance:
    return Provenance(
        version=importlib.metadata.version("ai-traces"),
        last=request.choice.count if isinstance(request.choice, LastLogs) else None,
        since=request.choice.day.isoformat() if isinstance(request.choice, LogsSince) else None,
        top=request.top,
        singletons=request.singletons,
        sources=chosen.sources,
        unread=chosen.unread,
    )
