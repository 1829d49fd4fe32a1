"""What several of the tests here need."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

_NOBODY = 65534


@pytest.fixture
def as_ordinary_user() -> Iterator[Path]:
    """Give a directory of its own to a test that runs without root's power to read everything."""
    directory = Path(tempfile.mkdtemp(prefix="ai-traces-"))
    if os.geteuid() != 0:
        yield directory
        shutil.rmtree(directory)
        return
    os.chown(directory, _NOBODY, _NOBODY)
    os.seteuid(_NOBODY)
    try:
        yield directory
    finally:
        os.seteuid(0)
        shutil.rmtree(directory)
