"""Whether what is printed may have colours."""

import os


def colour() -> bool | None:
    """Return False where the environment asks for none (NO_COLOR); else None: the terminal decides."""
    return False if "NO_COLOR" in os.environ else None
