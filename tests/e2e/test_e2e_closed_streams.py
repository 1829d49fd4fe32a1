"""Started by something that has closed input and output, as an old init does."""

import subprocess

from tests.installed.material import Material
from tests.installed.product import PROGRAM, Product
from tests.installed.served_notion import Notion


def test_it_works_without_input_and_output(product: Product, notion: Notion, material: Material) -> None:
    """The work is done, and nothing is written into the state by way of a number that was free."""
    for path, content in material.small_logs(3).items():
        product.write(path, content)

    for _ in range(2):
        ended = subprocess.run(
            ["sh", "-c", 'exec "$0" backfill --verbose <&- >&- 2>&-', PROGRAM],
            env=product.settings,
            cwd=product.home,
            timeout=60,
            check=False,
        )
        assert ended.returncode == 0

    assert notion.count() == 3
    assert not list(product.state.glob("*damaged*"))
