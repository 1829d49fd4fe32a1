"""Whether what is printed may have colours, as far as the environment says."""

from collections.abc import Mapping


def allows_colour(environ: Mapping[str, str]) -> bool:
    """Tell whether nobody asked for text without colours, as NO_COLOR does when it is not empty."""
    return not environ.get("NO_COLOR")
