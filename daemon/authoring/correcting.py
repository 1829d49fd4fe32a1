"""Apply the fixes of `lint --fix` to a file: to its content first, and to its name in a later run."""

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
        target: The file, under its present name.
        content: Its present content.
        rules: The ids of the rules whose violation was mended.
        trouble: Why something could not be mended, as a sentence; empty if everything could.
    """

    target: LintTarget
    content: bytes
    rules: tuple[str, ...]
    trouble: str


def correct(target: LintTarget, seen: SeenFile) -> Corrected:
    """Mend the content of a file unless it has changed meanwhile; if nothing is wrong there, rename it.

    It never does both at once, as the daemon recognises a renamed log by its content and so keeps its page.

    Raises:
        OSError: The file cannot be written and is unchanged.
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
