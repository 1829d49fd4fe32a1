"""Carry out what `lint --fix` can: the content of a file, or its name, one after the other."""

from dataclasses import dataclass, replace

from daemon.authoring.placing import Changed, SeenFile, rename_new, replace_unchanged
from daemon.authoring.targets import LintTarget
from sync.log_path import to_log_path
from sync.tracelog.linting.fixes import Mended, mend
from sync.tracelog.rules import Rule


@dataclass(frozen=True, slots=True)
class Corrected:
    """A file after its correction.

    Attributes:
        target: Under its new name.
        content: As it is now.
        rules: What was mended.
        trouble: Why something was not, as a sentence; empty when nothing was in the way.
    """

    target: LintTarget
    content: bytes
    rules: tuple[str, ...]
    trouble: str


def correct(target: LintTarget, seen: SeenFile) -> Corrected:
    """Mend a file unless it has changed since it was read, else give it its right name unless that is taken.

    Never both at once: the daemon knows a renamed log by its content, and keeps its page for that.

    Raises:
        OSError: It cannot be written, and is as it was.
    """
    mended = mend(seen.content, target.path)
    if mended.content != seen.content:
        return _rewritten(target, seen, mended)
    if mended.rename is None:
        return Corrected(target, seen.content, (), "")
    try:
        file = rename_new(target.file, mended.rename)
    except FileExistsError:
        return Corrected(target, seen.content, (), f"not renamed: there is a file {mended.rename}")
    renamed = replace(target, file=file, path=to_log_path(file.relative_to(target.root).as_posix()))
    return Corrected(renamed, seen.content, (Rule.FILE_NAME.id,), "")


def _rewritten(target: LintTarget, seen: SeenFile, mended: Mended) -> Corrected:
    try:
        replace_unchanged(target.file, mended.content, seen=seen)
    except Changed:
        why = "not mended: it is a link, or somebody is writing it; try again later"
        return Corrected(target, seen.content, (), why)
    later = (
        "" if mended.rename is None else "not renamed yet: its page has to follow first; run it again later"
    )
    return Corrected(target, mended.content, mended.rules, later)
