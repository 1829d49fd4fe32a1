"""Make up the results of a scan."""

from collections.abc import Iterator, Sequence

from daemon.watching.scan import PIECE, Found


def in_pieces(found: Sequence[Found]) -> Iterator[Sequence[Found]]:
    """Divide logs into pieces, as a scan does that finds all of them in one directory."""
    for start in range(0, len(found), PIECE):
        yield found[start : start + PIECE]
