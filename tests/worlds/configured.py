"""Settings that come from these places only."""

from collections.abc import Mapping
from pathlib import Path

from daemon.config.settings import Settings, load

TOKEN = "ntn_CANARY00000000000000000000000000000000000000"
EXAMPLE = Path(__file__).parents[2] / ".env.example"


def settings(
    environ: Mapping[str, str], *, directory: Path = Path("/no"), config_dir: Path = Path("/no")
) -> Settings:
    """Load from these places only."""
    return load(environ, directory=directory, config_dir=config_dir)
