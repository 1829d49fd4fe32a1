"""Started by something that has closed input and output, as an old init does; output on a full disk."""

import subprocess
from pathlib import Path

import pytest

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


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="only Linux has a file that is always full")
@pytest.mark.parametrize("words", ["status --json", "patterns", "lint", "doctor", "--help"])
def test_output_that_goes_to_a_full_disk(product: Product, words: str) -> None:
    """It is told in a sentence, with what to do."""
    product.write("a.md", "# Execution Log: A\n\n" + "- An odd line.\n" * 2000)
    ended = subprocess.run(
        ["sh", "-c", f'exec "$0" {words} >/dev/full', PROGRAM],
        env=product.settings,
        cwd=product.home,
        timeout=60,
        check=False,
        capture_output=True,
        text=True,
    )
    assert ended.returncode == 1
    assert "✗ The output cannot be written (no space left on device)." in ended.stderr
    assert "Make room" in ended.stderr
    assert "Traceback" not in ended.stderr
    assert "Exception" not in ended.stderr
