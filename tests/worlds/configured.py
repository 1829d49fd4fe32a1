"""Load settings from given places only, whatever this machine has."""

from collections.abc import Mapping
from pathlib import Path

from daemon.config.settings import Settings, load

TOKEN = "ntn_CANARY00000000000000000000000000000000000000"
EXAMPLE = Path(__file__).parents[2] / ".env.example"


def settings(
    environ: Mapping[str, str], *, directory: Path = Path("/no"), config_dir: Path = Path("/no")
) -> Settings:
    """Return the settings that are found in these places and nowhere else."""
    return load(environ, directory=directory, config_dir=config_dir)
