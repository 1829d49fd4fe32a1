"""`python -m daemon.manual DIRECTORY`: generate the pages in a checkout."""

import sys
from pathlib import Path

from daemon.cli import group
from daemon.manual.configuration import configuration
from daemon.manual.man import man_page
from daemon.manual.rules import rules_page


def write(checkout: Path) -> None:
    """Write docs/configuration.md, docs/rules.md and docs/ai-traces.1 below a checkout."""
    example = (checkout / ".env.example").read_text(encoding="utf-8")
    (checkout / "docs" / "configuration.md").write_text(configuration(example), encoding="utf-8")
    (checkout / "docs" / "rules.md").write_text(rules_page(), encoding="utf-8")
    (checkout / "docs" / "ai-traces.1").write_text(man_page(group), encoding="utf-8")


if __name__ == "__main__":
    write(Path(sys.argv[1]))
