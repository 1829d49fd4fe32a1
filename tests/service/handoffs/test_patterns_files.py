"""Files that `ai-traces patterns` writes where Jen says, and those that it remembers by."""

import os
import shlex
import stat

import pytest

from sync.errors import StateUnusable
from tests.worlds.desk import Desk


def test_a_hand_off_never_lands_among_the_logs(busy: Desk) -> None:
    """There it would be taken for a log, and read the next time."""
    result = busy.run("patterns", "--output", str(busy.home / "logs" / "handoff.md"))
    assert result.exit_code == 2
    assert not (busy.home / "logs" / "handoff.md").exists()


def test_files_have_what_would_have_been_printed(busy: Desk) -> None:
    """The hand-off in one, the diff in another."""
    told = busy.told("patterns")
    diff = busy.read()["diff"]
    output, changes = busy.home / "out.txt", busy.home / "change.diff"
    assert busy.told("patterns", "--output", str(output), "--diff", str(changes)) == ""
    assert output.read_bytes().decode() == told
    assert changes.read_bytes().decode() == diff


def test_the_command_that_a_hand_off_names_gives_its_diff(busy: Desk) -> None:
    """However it was asked for: word for word, and likewise the one that a yes names."""
    busy.env["AI_TRACES_CONTRACT"] = ""
    busy.quiet(range(20, 70))
    contract = busy.home / "Jen's contract.md"
    busy.contract.rename(contract)
    asked = ("--since", "2026-01-01", "--top", "1", "--contract", str(contract))
    told = busy.told("patterns", *asked)
    typed = shlex.split(told.partition("To apply it:\n")[2].partition("\n")[0])
    assert (typed[0], typed[-2:]) == ("ai-traces", ["--diff", "change.diff"])
    changes = busy.home / "change.diff"
    assert busy.told(*typed[1:-1], str(changes)) == told
    assert changes.read_bytes().decode() == busy.read(*asked)["diff"] != ""
    pattern = busy.read(*asked)["patterns"][0]["id"]
    named = busy.told("pattern", "accept", pattern).partition("To put it into the contract: ")[2]
    typed = shlex.split(named.partition("; then")[0].replace("FILE", shlex.quote(str(contract))))
    changes.unlink()
    busy.told(*typed[1:-1], str(changes))
    assert f"({pattern})" in changes.read_text()


@pytest.mark.parametrize(("umask", "mode"), [(0o022, 0o644), (0o077, 0o600), (0o002, 0o664)])
def test_files_that_she_asks_for_are_hers_to_share(busy: Desk, umask: int, mode: int) -> None:
    """They follow the umask, as those of any program, and keep their mode; what is remembered is private."""
    before = os.umask(umask)
    try:
        for _ in range(2):
            busy.told("patterns", "--output", str(busy.home / "out.txt"), "--diff", str(busy.home / "c.diff"))
        files = [busy.home / "out.txt", busy.home / "c.diff"]
        assert [stat.S_IMODE(file.stat().st_mode) for file in files] == [mode, mode]
        files[0].chmod(0o640)
        busy.told("patterns", "--output", str(files[0]))
        assert stat.S_IMODE(files[0].stat().st_mode) == 0o640
    finally:
        os.umask(before)
    assert stat.S_IMODE((busy.home / "state" / "patterns.json").stat().st_mode) == 0o600


def test_what_is_no_file_is_written_to_and_stays(busy: Desk) -> None:
    """A pipe gets the text; it does not become a file, as /dev/null would under root."""
    told, pipe = busy.told("patterns"), busy.home / "pipe"
    os.mkfifo(pipe)
    reader = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    try:
        busy.told("patterns", "--output", str(pipe))
        assert os.read(reader, 1_000_000).decode() == told
    finally:
        os.close(reader)
    assert stat.S_ISFIFO(pipe.stat().st_mode)


@pytest.mark.parametrize("command", ["patterns", "audit"])
def test_links_in_a_circle_cannot_be_written(busy: Desk, command: str) -> None:
    """It is said as of any other place that cannot be written to."""
    circle = busy.home / "circle"
    circle.symlink_to(circle)
    result = busy.run(command, "--output", str(circle))
    assert result.exit_code == 2
    assert f"{circle} cannot be " in result.stderr
    assert "Too many levels of symbolic links" in result.stderr


def test_a_memory_that_cannot_be_read_is_kept_aside(busy: Desk) -> None:
    """It is said, and the hand-off is given as for the first time."""
    first = busy.told("patterns")
    memory = busy.home / "state" / "patterns.json"
    memory.write_text("{")
    result = busy.run("patterns")
    assert (result.exit_code, result.stdout_bytes.decode()) == (0, first)
    assert "patterns.json.damaged" in result.stderr
    assert memory.with_name("patterns.json.damaged").read_text() == "{"


def test_a_state_directory_that_cannot_be_used_is_told(busy: Desk) -> None:
    """With 78, as everywhere."""
    (busy.home / "state").write_text("in the way")
    result = busy.run("patterns")
    assert isinstance(result.exception, StateUnusable)
    assert "AI_TRACES_STATE_DIR" in result.exception.hint
