"""The folder of `ai-traces audit`: whole or not there, and never in another's place."""

import shutil
import signal
import subprocess
import sys

import pytest

from tests.worlds.desk import Desk, content_of


@pytest.mark.parametrize("name", ["notes.txt", "audit.md"])
def test_a_folder_of_somebody_elses_is_left_alone(desk: Desk, name: str) -> None:
    """Whatever is in it, it is refused, and it is said what to do."""
    (desk.here / "mine").mkdir()
    (desk.here / "mine" / name).write_text("mine")
    result = desk.run("audit", "--output", "mine")
    assert (result.exit_code, result.stdout) == (2, "")
    assert "--output" in result.stderr
    assert content_of(desk.here / "mine") == {name: b"mine"}


def test_a_bundle_that_was_added_to_is_not_replaced(desk: Desk) -> None:
    """Jen may have put the answer beside it."""
    folder = desk.bundle()
    (folder / "answer.md").write_text("✓")
    assert desk.run("audit").exit_code == 2
    assert (folder / "answer.md").read_text() == "✓"


def test_an_older_bundle_gives_way_as_a_whole(desk: Desk) -> None:
    """Nothing of it stays, and nothing lies beside it."""
    desk.bundle("--output", "it")
    desk.env["AI_TRACES_CONTRACT"] = ""
    folder = desk.bundle("--output", "it")
    assert not (folder / "contract.md").exists()
    assert [each.name for each in desk.here.iterdir()] == ["it"]


_KILLED_BETWEEN = """
import os, pathlib, signal, sys
from daemon.patterns.bundle_folder import write_bundle

rename = pathlib.Path.rename
def rename_and_die(self, target):
    rename(self, target)
    os.kill(os.getpid(), signal.SIGKILL)
pathlib.Path.rename = rename_and_die
write_bundle(pathlib.Path(sys.argv[1]), {"audit.md": b"new"})
"""


@pytest.mark.parametrize("again", ["it", "another"])
def test_a_kill_between_old_and_new_loses_neither(desk: Desk, again: str) -> None:
    """The next bundle, whatever its folder, puts the older one back and clears the remains away."""
    older = content_of(desk.bundle("--output", "it"))
    killed = subprocess.run([sys.executable, "-c", _KILLED_BETWEEN, str(desk.here / "it")], check=False)
    assert killed.returncode == -signal.SIGKILL
    assert not (desk.here / "it").exists()
    desk.env["AI_TRACES_CONTRACT"] = ""
    newer = content_of(desk.bundle("--output", again))
    assert sorted(each.name for each in desk.here.iterdir()) == sorted({"it", again})
    assert newer != older
    assert content_of(desk.here / "it") == (newer if again == "it" else older)


def test_a_hidden_folder_of_somebody_elses_is_left_alone(desk: Desk) -> None:
    """Though it may be called as ours are."""
    (desk.here / ".it.audit-mine").mkdir()
    (desk.here / ".it.audit-mine" / "notes").write_text("mine")
    desk.bundle("--output", "it")
    assert (desk.here / ".it.audit-mine" / "notes").read_text() == "mine"


_THEIRS = (
    {"new/notes": "mine"},
    {"old/audit.md": "mine", "old/records.jsonl": "mine"},
    {"old/manifest.json": "mine"},
    {"new/manifest.json": '{"kind": "another"}'},
    {"new/audit.md": "", "old/audit.md": "mine"},
    {"new/manifest.json/deep": "mine"},
    {"old": "mine"},
)


def test_what_no_bundle_holds_is_left_alone(desk: Desk) -> None:
    """Names alone do not make a folder ours: not one byte of it goes, nor does it become a bundle."""
    for number, theirs in enumerate(_THEIRS):
        for name, text in theirs.items():
            file = desk.here / f".it{number}.audit-2026" / name
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text)
    desk.bundle("--output", "another")
    assert not list(desk.here.glob("it*"))
    for number, theirs in enumerate(_THEIRS):
        room = desk.here / f".it{number}.audit-2026"
        assert {name: (room / name).read_text() for name in theirs} == theirs


def test_a_bundle_that_somebody_added_to_is_left_alone(desk: Desk) -> None:
    """Neither what lies beside our files goes, nor what a link of theirs leads to."""
    kept = desk.bundle("--output", "kept")
    for name in ("added", "linked"):
        (desk.here / f".{name}.audit-2026").mkdir()
    shutil.copytree(kept, desk.here / ".added.audit-2026" / "new")
    (desk.here / ".added.audit-2026" / "new" / "notes").write_text("mine")
    (desk.here / ".linked.audit-2026" / "old").symlink_to(kept)
    desk.bundle("--output", "another")
    assert (desk.here / ".added.audit-2026" / "new" / "notes").read_text() == "mine"
    assert (desk.here / ".linked.audit-2026" / "old").is_symlink()
    assert sorted(each.name for each in desk.here.glob("[!.]*")) == ["another", "kept"]


_KILLED_WHILE_WRITING = """
import os, pathlib, signal, sys
from daemon.patterns import bundle_folder

left = [int(sys.argv[2])]
def die_at_a_file_too_many(event, arguments):
    if event == "open" and pathlib.Path(str(arguments[0])).parent.name == "new":
        if not left[0]:
            os.kill(os.getpid(), signal.SIGKILL)
        left[0] -= 1
files = {each.name: each.read_bytes() for each in pathlib.Path(sys.argv[1]).iterdir()}
sys.addaudithook(die_at_a_file_too_many)
bundle_folder.write_bundle(pathlib.Path("second"), files)
"""


@pytest.mark.parametrize("after", [0, 1, 4])
def test_a_kill_while_writing_leaves_nothing_for_good(desk: Desk, after: int) -> None:
    """However far it came, the next bundle clears the remains away."""
    first = desk.bundle("--output", "first")
    assert len(content_of(first)) == 5
    killed = subprocess.run(
        [sys.executable, "-c", _KILLED_WHILE_WRITING, str(first), str(after)], check=False, cwd=desk.here
    )
    assert killed.returncode == -signal.SIGKILL
    assert len(list(desk.here.iterdir())) == 2
    desk.bundle("--output", "first")
    assert [each.name for each in desk.here.iterdir()] == ["first"]
