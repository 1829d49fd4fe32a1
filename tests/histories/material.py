"""The logs, pieces of text and faults that histories are made of."""

from hypothesis import strategies as st

from sync.notion.emulator import Fault, FaultKind

PATHS = ("2026-01-10-a.md", "2026-01-10-A.md", "exceptions/2026-01-10-b.md")
OTHER = "2026-01-01-other.md"
"""A log that is never deleted: without any log, the directory would count as not mounted."""

PIECES = (
    "A paragraph.",
    "A paragraph with **bold** and `code`.",
    "Another one\nover two lines.",
    "## Outcome\n\nSuccess",
    "## Issues\n\n- one\n- two",
    "### A heading",
    "- a\n  - b\n    - c\n      - d\n        - e",
    "- a\n  - b\n    - c\n      - d\n        - f\n- g",
    "1. first\n2. second\n   - below",
    "- [ ] open\n- [x] done",
    "> quoted\n> twice",
    "```python\nx = 1\n```",
    "```python\nx = 2\n```",
    "| a | b |\n|---|---|\n| 1 | 2 |",
    "| a | b |\n|---|---|\n| 1 | 2 |\n| 3 | 4 |",
    "| a | b | c |\n|---|---|---|\n| 1 | 2 | 3 |",
    "---",
    "\n\n".join(f"Line {n} of many." for n in range(104)),
    "- parent\n" + "\n".join(f"  - child {n}" for n in range(103)),
    "| n |\n|---|\n" + "\n".join(f"| {n} |" for n in range(103)),
)
LENGTHY = 3
"""The number of pieces, the last ones, that take more than one request each."""

NESTS = frozenset((
    "paragraph", "bulleted_list_item", "numbered_list_item", "to_do", "quote"
))  # fmt: skip
"""The types of block that can have children."""

FAULTS = [
    Fault(kind=kind, seconds=20.0 if kind is FaultKind.LATE_COMMIT else 0.0, blocks=1)
    for kind in FaultKind
    if kind not in {FaultKind.DELAY, FaultKind.SIGNAL}
]

pieces = st.one_of(st.sampled_from(PIECES[:-LENGTHY]), st.sampled_from(PIECES))
paths = st.sampled_from(PATHS)
places = st.integers(0, 8)
