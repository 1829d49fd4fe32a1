"""What ends a command is told in a sentence, and its exit code says which kind of trouble it is."""

import pytest

from daemon.cli.ending import complain, exit_code, only_trouble
from sync.errors import (
    AccessLost,
    AlreadyRunning,
    Ambiguous,
    ConfigurationError,
    NoSuchLog,
    StateFull,
    StateUnusable,
    SyncError,
    Transient,
)


class Special(ConfigurationError):
    """A kind of its own."""


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (Transient("x"), 1),
        (AlreadyRunning("x"), 75),
        (AccessLost("x"), 77),
        (StateUnusable("x"), 78),
        (StateFull("x"), 1),
        (ConfigurationError("x"), 78),
        (Special("x"), 78),
        (NoSuchLog("x"), 2),
    ],
)
def test_the_code_goes_by_the_class(error: SyncError, code: int) -> None:
    """A subclass is treated like its class."""
    assert exit_code(error) == code


@pytest.mark.parametrize(
    ("what", "told"),
    [
        ("The disk is full", "✗ The disk is full."),
        ("Notion says: No such page.", "✗ Notion says: No such page."),
        ("Nobody is here to answer: Shall I do this?", "✗ Nobody is here to answer: Shall I do this?"),
    ],
)
def test_a_sentence_ends_once(what: str, told: str, capsys: pytest.CaptureFixture[str]) -> None:
    """What a person is told, and what she is to do, may bring the end of their sentence along."""
    complain(ConfigurationError(what, what))
    assert capsys.readouterr().err.splitlines() == [told, told.replace("✗", " ")]


@pytest.mark.parametrize("error", [Transient("Notion is overloaded"), Ambiguous("The connection broke")])
def test_what_passes_by_itself_has_a_next_step_too(
    error: SyncError, capsys: pytest.CaptureFixture[str]
) -> None:
    """A person at a terminal is never left with a complaint alone."""
    complain(error)
    assert "in a few minutes" in capsys.readouterr().err


def test_several_troubles_are_told_by_the_first() -> None:
    """Whatever failed together, and however deep, a person reads one sentence."""
    first = StateUnusable("The disk is full")
    assert only_trouble(first) is first
    assert only_trouble(ExceptionGroup("", [ExceptionGroup("", [first]), AccessLost("x")])) is first


def test_a_defect_among_them_stays_a_defect() -> None:
    """It is not hidden behind a sentence."""
    assert only_trouble(ExceptionGroup("", [StateUnusable("x"), ValueError("y")])) is None
    assert only_trouble(ExceptionGroup("", [ValueError("y")])) is None
