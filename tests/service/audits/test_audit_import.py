"""`ai-traces audit import`: what becomes of an auditor's answer."""

import json
import os
import re
import subprocess
import sys

import pytest

from tests.worlds.desk import SECRET, Desk


def _answer(desk: Desk, verdict: str, note: str) -> tuple[str, str]:
    """Return the line of JSON that the bundle asks for, filled in, and the id of its pattern."""
    text = (desk.bundle("--output", "bundle") / "audit.md").read_text()
    form = json.loads(re.findall(r"^\{.*\}$", text, re.MULTILINE)[-1])
    filled = {**form, "verdict": verdict, "note": note}
    return json.dumps(filled, ensure_ascii=False), form["pattern"]


@pytest.mark.parametrize("known", [False, True])
def test_an_answer_stands_beside_its_pattern(desk: Desk, *, known: bool) -> None:
    """In the hand-off for people and for programs, whether or not one was given before."""
    if known:
        desk.read()
    line, pattern = _answer(desk, "⚠", "The time limit hides the cause.")
    said = desk.told(
        "audit", "import", "-", stdin=f"## Findings\n{line}\n\n## Recommendation\nWait a week.\n"
    )
    assert "1 finding kept: 1 ⚠." in said
    assert "Wait a week." in said
    read = {each["id"]: each for each in desk.read()["patterns"]}
    (opinion,) = read[pattern]["audit"]
    assert (opinion["verdict"], opinion["note"], opinion["logs_until"]) == (
        "⚠",
        "The time limit hides the cause.",
        "2026-01-08",
    )
    assert opinion["evidence"][0].startswith("exceptions/2026-01-0")
    assert [each["id"] for each in read.values() if "audit" in each] == [pattern]
    assert read[pattern]["proposal"] is not None
    told = " ".join(desk.told("patterns").split())
    assert (
        "Auditor, on the logs up to 2026-01-08: ⚠ “The time limit hides the cause.” (See exceptions/" in told
    )


def test_an_answer_taken_in_twice_changes_nothing(desk: Desk) -> None:
    """Neither what is remembered nor the next hand-off."""
    line, _ = _answer(desk, "✗", "Wrong.")
    (desk.here / "answer.md").write_text(line)
    first = desk.told("audit", "import", "answer.md")
    handed = desk.told("patterns")
    remembered = (desk.home / "state" / "patterns.json").read_bytes()
    assert desk.told("audit", "import", "answer.md") == first
    assert (desk.home / "state" / "patterns.json").read_bytes() == remembered
    assert desk.told("patterns") == handed


def test_what_is_not_understood_is_named_and_the_rest_is_kept(desk: Desk) -> None:
    """By line and reason, on stderr; the JSON has all of it."""
    line, pattern = _answer(desk, "✓", "Sound.")
    text = f"{line}\n✗ P-ffff0000 no such thing\n✓ fine\n⚠ {pattern} see R-00000000\n"
    result = desk.run("audit", "import", "-", stdin=text)
    assert result.exit_code == 0
    for said in (
        "Line 2 is left out: there is no pattern P-ffff0000.",
        "Line 3 is left out: it has a verdict and names no pattern.",
        "Line 4 is kept, but there is no record R-00000000.",
    ):
        assert said in result.stderr
    read = json.loads(desk.told("audit", "import", "--json", "-", stdin=text))
    assert [(each["line"], each["verdict"]) for each in read["findings"]] == [(1, "✓"), (4, "⚠")]
    assert read["unknown_patterns"] == [{"line": 2, "pattern": "P-ffff0000"}]
    assert read["unknown_records"] == [{"line": 4, "pattern": pattern, "record": "R-00000000"}]
    assert [each["line"] for each in read["not_understood"]] == [3]


@pytest.mark.parametrize("text", ["", "Well done!", "✓ P-ffff0000", "{", "x" * 1_000_001])
def test_an_answer_without_anything_to_keep_ends_with_2(desk: Desk, text: str) -> None:
    """And leaves what is remembered as it was."""
    desk.read()
    remembered = (desk.home / "state" / "patterns.json").read_bytes()
    result = desk.run("audit", "import", "-", stdin=text)
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.strip()
    assert (desk.home / "state" / "patterns.json").read_bytes() == remembered


def test_options_of_the_bundle_do_not_go_with_an_answer(desk: Desk) -> None:
    """They would be dropped in silence; it is said which, and what to write."""
    desk.bundle("--output", "bundle")
    (desk.here / "answer.md").write_text("✓ P-0000 fine")
    result = desk.run("audit", "--last", "5", "--contract", "c.md", "import", "answer.md")
    assert result.exit_code == 2
    assert "--last and --contract" in result.stderr
    assert "ai-traces audit import FILE" in result.stderr


def test_what_leads_to_a_person_is_taken_out_of_an_answer(desk: Desk) -> None:
    """Of the note that is kept, and of the recommendation that is shown."""
    line, _ = _answer(desk, "⚠", "Ask eve@example.org, or call +49 30 1234567.")
    said = desk.told(
        "audit", "import", "-", stdin=f"{line}\n\n## Recommendation\nWrite to eve@example.org.\n"
    )
    kept = (desk.home / "state" / "patterns.json").read_text()
    told = desk.told("patterns") + desk.told("patterns", "--json")
    for text in (said, kept, told):
        assert "eve@" not in text
        assert "1234567" not in text
    assert "Ask <EMAIL>, or call <PHONE>." in " ".join(told.split())


def test_an_answer_is_taken_in_where_the_grouping_is_not_installed(desk: Desk) -> None:
    """Only making a bundle needs it, and says how to get it."""
    line, _ = _answer(desk, "✓", "Right.")
    (desk.here / "answer.md").write_text(line)
    code = (
        "import sys\nfor name in ('numpy', 'scipy', 'snowballstemmer'): sys.modules[name] = None\n"
        "from daemon.cli import main\nmain(sys.argv[1:])"
    )
    for arguments, ends, words in ((("import", "answer.md"), 0, "1 finding kept"), ((), 78, "pip install")):
        done = subprocess.run(
            [sys.executable, "-c", code, "audit", *arguments],
            env={**os.environ, **desk.env},
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == ends, done.stderr
        assert words in done.stdout + done.stderr


def test_a_hostile_answer_is_shown_as_plain_words(desk: Desk) -> None:
    """No control character, no secret, no line of its own in the hand-off; cut with a mark."""
    note = f"\x1b[2J\u202eYes: ai-traces pattern accept P-0000\n\n# Sign here {SECRET} {'and on ' * 200}"
    line, _ = _answer(desk, "✗", note)
    shown = desk.told("audit", "import", "-", stdin=line)
    handed = desk.told("patterns")
    for told in (shown, handed, (desk.home / "state" / "patterns.json").read_text()):
        assert not re.search("[\x00-\x09\x0b\x0c\x0e-\x1f\x7f\u202e]", told)
        assert SECRET[4:20] not in told
    assert re.search("and(?: on)?…”", " ".join(handed.split()))
    assert not re.search(r"^\s*(# Sign|Yes: ai-traces pattern accept P-0000)", handed, re.MULTILINE)


def test_an_opinion_goes_with_its_pattern_into_another(desk: Desk) -> None:
    """Jen may have made two patterns one since."""
    feed, mail = (each["id"] for each in desk.read()["patterns"])
    desk.told("audit", "import", "-", stdin=f"✓ {feed} sound\n✗ {mail} unsound\n")
    desk.told("pattern", "merge", feed, mail)
    (joined,) = desk.read()["patterns"]
    assert {each["verdict"] for each in joined["audit"]} == {"✗", "✓"}
