"""Promises of the daemon's own log: one event a line, for people or programs, and never the token."""

import io
import json
import logging
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import structlog
from hypothesis import given
from hypothesis import strategies as st

from daemon.config.values import LogFormat, LogLevel
from daemon.telemetry.journal import is_journal
from daemon.telemetry.log import configure
from daemon.telemetry.redaction import REDACTED, redact_text, redact_value

TOKEN = "ntn_CANARY00000000000000000000000000000000000000"
SECRET = "no-pattern-knows-me"


class Terminal(io.StringIO):
    """A stream that says it is a terminal."""

    def isatty(self) -> bool:
        """Return true."""
        return True


@pytest.fixture(autouse=True)
def _as_before() -> Iterator[None]:
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    root.handlers[:] = handlers
    root.setLevel(level)
    structlog.reset_defaults()


def listen(
    *, level: LogLevel = LogLevel.DEBUG, form: LogFormat = LogFormat.JSON, stream: io.StringIO | None = None
) -> io.StringIO:
    """Set up and return where events go."""
    stream = io.StringIO() if stream is None else stream
    configure(level=level, form=form, secrets=(SECRET,), stream=stream)
    return stream


def events(stream: io.StringIO) -> list[dict[str, Any]]:
    """Return what was written, one value a line."""
    return [json.loads(line) for line in stream.getvalue().splitlines()]


def test_an_event_is_one_line_of_json() -> None:
    """Name, level, time and every key are there, whatever the values are, line breaks among them."""
    stream = listen()
    structlog.get_logger("ai_traces").info(
        "log.synced", path="a\nb.md", seconds=0.5, tags=("x", None), other={1: b"y"}
    )
    (event,) = events(stream)
    assert event.pop("timestamp").endswith("Z")
    assert event == {
        "event": "log.synced",
        "level": "info",
        "logger": "ai_traces",
        "path": "a\nb.md",
        "seconds": 0.5,
        "tags": ["x", None],
        "other": {"1": "y"},
    }


def test_the_level_holds_for_ours_and_warnings_for_the_rest() -> None:
    """Below the level nothing of ours is written; of the libraries only warnings, at whatever level."""
    stream = listen(level=LogLevel.DEBUG)
    structlog.get_logger("ai_traces").debug("a")
    structlog.get_logger("sync.reconcile").debug("b")
    for library in ("httpx", "notion_client", "watchdog.observers.inotify_c"):
        logging.getLogger(library).info("c")
        logging.getLogger(library).warning("%s of %s", "d", library)
    configure(level=LogLevel.WARNING, form=LogFormat.JSON, secrets=(), stream=stream)
    structlog.get_logger("ai_traces").info("e")
    structlog.get_logger("ai_traces").warning("f")
    assert [event["event"] for event in events(stream)] == [
        "a",
        "b",
        "d of httpx",
        "d of notion_client",
        "d of watchdog.observers.inotify_c",
        "f",
    ]


def fail(secret: str) -> None:
    """Raise an error with a cause, with the secret in both and in a local variable."""
    local = ("Marker of a " + "local variable", secret)
    try:
        int(secret)
    except ValueError as error:
        raise RuntimeError(local[1]) from error


@pytest.mark.parametrize("form", [LogFormat.JSON, LogFormat.CONSOLE])
@pytest.mark.parametrize("secret", [TOKEN, SECRET])
def test_the_token_is_never_written(form: LogFormat, secret: str) -> None:
    """Not in an event, a key, a deep value, an exception, its cause, a local variable, a library's event."""
    stream = listen(form=form)
    log = structlog.get_logger("ai_traces")
    log.info(
        "with %s", secret, **{f"key {secret}": {"deep": [f"Bearer {secret}", {secret}, secret.encode()]}}
    )
    logging.getLogger("httpx").warning("header %s", secret, extra={"authorization": secret})
    log.bind(bound=secret).warning("bound", thing=ValueError(secret))
    try:
        fail(secret)
    except RuntimeError:
        log.exception("failed")
        logging.getLogger("httpx").exception("failed")
    written = stream.getvalue()
    assert secret not in written
    assert written.count(REDACTED) >= 10
    assert written.count("RuntimeError") >= 2
    assert "Marker of a local variable" not in written


def test_auto_is_for_people_on_a_terminal_and_for_programs_otherwise() -> None:
    """Nobody has to choose; colours only on a terminal that wants them."""
    terminal = Terminal()
    listen(form=LogFormat.AUTO, stream=terminal)
    structlog.get_logger("ai_traces").info("log.synced", path="a.md")
    assert not terminal.getvalue().startswith("{")
    assert "a.md" in terminal.getvalue()
    pipe = listen(form=LogFormat.AUTO)
    structlog.get_logger("ai_traces").info("log.synced", path="a.md")
    assert events(pipe)[0]["path"] == "a.md"
    console = listen(form=LogFormat.CONSOLE)
    structlog.get_logger("ai_traces").info("log.synced", path="a.md")
    assert "\x1b" not in console.getvalue()


def test_setting_up_again_replaces_what_was_there() -> None:
    """No event is written twice, none to an earlier stream."""
    first = listen()
    second = listen()
    structlog.get_logger("ai_traces").info("once")
    logging.getLogger("httpx").warning("once")
    assert first.getvalue() == ""
    assert len(events(second)) == 2


def test_a_secret_that_is_learned_later_is_kept_out_too() -> None:
    """A token that was replaced while the daemon runs is in no event from then on."""
    stream, secrets = io.StringIO(), {SECRET}
    configure(level=LogLevel.DEBUG, form=LogFormat.JSON, secrets=secrets, stream=stream)
    structlog.get_logger("ai_traces").info("a", what="learned-later")
    secrets.add("learned-later")
    structlog.get_logger("ai_traces").info("b", what="learned-later")
    assert [event["what"] for event in events(stream)] == ["learned-later", REDACTED]


def test_the_journal_gets_the_priority_of_each_line() -> None:
    """Also of each line of a traceback, and of what libraries say."""
    for form in LogFormat:
        stream = io.StringIO()
        configure(level=LogLevel.DEBUG, form=form, secrets=(), stream=stream, journal=True)
        log = structlog.get_logger("ai_traces")
        log.debug("a")
        log.info("b", text="one\ntwo")
        log.warning("c")
        logging.getLogger("httpx").warning("d")
        try:
            fail("x")
        except RuntimeError:
            log.exception("e")
        lines = stream.getvalue().splitlines()
        assert {line[:3] for line in lines} == {"<7>", "<6>", "<4>", "<3>"}
        assert sum(line.startswith("<4>") for line in lines) == 2


def test_the_journal_is_known_by_its_device_and_inode(tmp_path: Path) -> None:
    """A stream that was redirected since, or that is no file at all, is not the journal."""
    with (tmp_path / "stderr").open("w") as stream:
        status = os.fstat(stream.fileno())
        named = {"JOURNAL_STREAM": f"{status.st_dev}:{status.st_ino}"}
        assert is_journal(stream, named)
        assert not is_journal(stream, {"JOURNAL_STREAM": f"{status.st_dev}:{status.st_ino + 1}"})
        assert not is_journal(stream, {})
        assert not is_journal(io.StringIO(), named)


class Time:
    """Seconds that pass when a test says so."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        """Return the present time."""
        return self.now


@pytest.fixture
def time() -> Time:
    """Give a clock."""
    return Time()


def _outage(stream: io.StringIO, time: Time) -> None:
    """Say what the breaker says in an outage of an hour."""
    for attempt in range(360):
        structlog.get_logger("daemon").error("notion.unusable", what="Down", next_attempt=str(attempt))
        time.now += 10
    assert stream.getvalue()


def test_an_outage_is_said_now_and_then_with_a_count(time: Time) -> None:
    """Not 360 times in an hour, though the time of the next attempt differs each time."""
    stream = io.StringIO()
    configure(level=LogLevel.INFO, form=LogFormat.JSON, secrets=(), stream=stream, clock=time)
    _outage(stream, time)
    told = events(stream)
    assert len(told) == 6
    assert "kept_back" not in told[0]
    assert [event.get("kept_back") for event in told] == [None, 5, 11, 23, 47, 95]


def test_its_end_is_said_and_the_next_one_is_new(time: Time) -> None:
    """Good news of the family ends the silence, whatever its level lets through."""
    stream = io.StringIO()
    configure(level=LogLevel.INFO, form=LogFormat.JSON, secrets=(), stream=stream, clock=time)
    log = structlog.get_logger("daemon")
    for _ in range(2):
        for _ in range(3):
            log.error("notion.unusable", what="Down")
            log.error("watch.root_unavailable", what="Away")
        log.info("notion.usable_again")
    assert [event["event"] for event in events(stream)] == [
        "notion.unusable",
        "watch.root_unavailable",
        "notion.usable_again",
        "notion.unusable",
        "notion.usable_again",
    ]


def test_what_differs_is_never_kept_back(time: Time) -> None:
    """Another path is another event; and each job has its line, however alike they are."""
    stream = io.StringIO()
    configure(level=LogLevel.INFO, form=LogFormat.JSON, secrets=(), stream=stream, clock=time)
    log = structlog.get_logger("daemon")
    for path in ("a", "b", "a"):
        log.warning("scan.unlistable", path=path, reason="denied")
        log.error("log.quarantined", path=path, error="Refused")
    assert len([event for event in events(stream) if event["event"] == "scan.unlistable"]) == 2
    assert len([event for event in events(stream) if event["event"] == "log.quarantined"]) == 3


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


@given(JSON)
def test_what_has_no_secret_stays_as_it_is(value: object) -> None:
    """Redaction alters nothing else."""
    assert redact_value(value, secrets=(SECRET,)) == value


@given(st.text(), st.text(), st.from_regex(r"(ntn|secret)_[A-Za-z0-9]{20,60}", fullmatch=True))
def test_a_secret_is_found_wherever_it_stands(before: str, after: str, token: str) -> None:
    """In any text, the known secret is gone; what looks like a token is, unless part of a longer word."""
    assert SECRET not in redact_text(before + SECRET + after, secrets=(SECRET,))
    assert token not in redact_text(f"{before} {token} {after}", secrets=())
    assert token not in redact_text(before + token + after, secrets=(token,))


def test_a_short_secret_does_not_eat_the_log() -> None:
    """An empty or tiny secret, as in a test set-up, is not searched for."""
    assert redact_text("a normal text", secrets=("", "a")) == "a normal text"
