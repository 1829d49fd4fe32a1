"""The screen of `status`: one line says it all, and nothing in a log can break it."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from daemon.presence.pulse import Outage, Pulse, Role, Working
from daemon.status.columns import visible, width
from daemon.status.report import Problem, Report, time_to_drain
from daemon.status.screen import MOST_SHOWN, screen
from sync.state.facts import Place

NOW = datetime(2026, 1, 10, 12, 0, tzinfo=UTC)
TEXT = st.text(st.characters(), max_size=120)
LENGTHS = st.timedeltas(timedelta(0), timedelta(days=400))


def _report(**changes: object) -> Report:
    usual: dict[str, object] = {
        "at": NOW,
        "logs_dir": Path("/logs"),
        "place": None,
        "is_remembered": True,
        "files": 3,
        "synced": 3,
        "pending": 0,
        "quarantined": 0,
        "trashed": 0,
        "waiting_since": None,
        "working": None,
        "last_sync": NOW,
        "problems": (),
    }
    return Report(**(usual | changes))  # type: ignore[arg-type]


def _pulse(**changes: object) -> Pulse:
    usual: dict[str, object] = {
        "role": Role.DAEMON,
        "started": NOW,
        "beat": NOW,
        "per_minute": 60.0,
        "ceiling": 60.0,
    }
    return Pulse(**(usual | changes))  # type: ignore[arg-type]


def _first(report: Report) -> str:
    return next(screen(report, columns=80)).text


PROBLEMS = st.builds(
    Problem,
    path=TEXT,
    what=TEXT,
    hint=TEXT,
    since=st.none() | LENGTHS.map(lambda length: NOW - length),
    url=TEXT,
    needs_a_person=st.booleans(),
    again_at=st.none() | LENGTHS.map(lambda length: NOW + length),
)
REPORTS = st.builds(
    Report,
    at=st.just(NOW),
    logs_dir=st.just(Path("/logs/\x1b[2J\u202e日本")),
    place=st.none() | st.builds(Place, TEXT, TEXT),
    is_remembered=st.booleans(),
    files=st.integers(0, 10**7),
    synced=st.integers(0, 10**7),
    pending=st.integers(0, 10**7),
    quarantined=st.integers(0, 10**7),
    trashed=st.integers(0, 10**7),
    waiting_since=st.none() | LENGTHS.map(lambda length: NOW - length),
    working=st.none()
    | st.builds(
        Working,
        st.integers(1, 2**22),
        st.none()
        | st.builds(
            Pulse,
            role=st.sampled_from(Role),
            started=LENGTHS.map(lambda length: NOW - length),
            beat=LENGTHS.map(lambda length: NOW - length),
            paused_until=st.none() | LENGTHS.map(lambda length: NOW + length),
            per_minute=st.floats(0, allow_infinity=False),
            ceiling=st.floats(0, allow_infinity=False),
            written=st.integers(0, 1000),
        ),
    ),
    last_sync=st.none() | st.just(NOW),
    problems=st.lists(PROBLEMS, max_size=13).map(tuple),
)


@given(REPORTS, st.integers(40, 100))
def test_no_line_breaks_the_screen(report: Report, columns: int) -> None:
    """Whatever logs, pages and Notion's sentences are called: no line too wide, none steering."""
    for line in screen(report, columns=columns):
        assert visible(line.text) == line.text
        assert visible(line.link) == line.link
        assert width(line.text) <= columns


@given(REPORTS)
def test_without_a_terminal_every_word_stands_on_its_line(report: Report) -> None:
    """For grep: a problem and its remedy are a line each, however long."""
    lines = [line.text for line in screen(report, columns=None)]
    for problem in report.problems[:MOST_SHOWN]:
        assert any(visible(problem.what) in line for line in lines)
        assert any(visible(problem.hint) in line for line in lines)


def test_one_line_says_whether_anything_is_to_be_done() -> None:
    """The worst first."""
    waiting = Outage(
        what="Notion is overloaded",
        hint="",
        needs_a_person=False,
        since=NOW,
        until=NOW + timedelta(minutes=1),
    )
    broken = Problem(path="a.md", what="Refused", hint="Reword it", since=None)
    remark = Problem(path="b.md", what="Trashed", hint="", since=None, needs_a_person=False)
    assert _first(_report()) == "✓ All in step"
    assert _first(_report(problems=(remark,))) == "✓ All in step, with remarks"
    assert _first(_report(pending=1)) == "… 1 log on the way to Notion"
    assert _first(_report(pending=1, working=Working(1, _pulse(outage=waiting)))).startswith(
        "⚠ Waiting: Notion"
    )
    assert (
        _first(_report(pending=1, problems=(broken, broken, remark))) == "✗ Something needs you: 2 problems"
    )
    assert _first(_report(files=0, synced=0, last_sync=None)) == "· No logs found in /logs yet"


def test_what_is_at_work_is_told() -> None:
    """A daemon, a backfill, a process that has not said yet, or nothing."""
    texts = [
        "\n".join(line.text for line in screen(_report(working=working), columns=None))
        for working in (
            None,
            Working(7, None),
            Working(7, _pulse(started=NOW - timedelta(hours=3))),
            Working(7, _pulse(role=Role.BACKFILL)),
        )
    ]
    assert "Daemon not running;" in texts[0]
    assert "Daemon running (process 7)" in texts[1]
    assert "Daemon running for 3 hours (process 7)" in texts[2]
    assert "a backfill for a moment (process 7)" in texts[3]


def test_before_the_first_log_it_is_said_how_to_go_on() -> None:
    """Once it is connected, and nothing is wrong, what is missing is the daemon; unless it runs already."""
    none = {"files": 0, "synced": 0, "last_sync": None}

    def says_start(**more: object) -> bool:
        return any("service install" in line.text for line in screen(_report(**none, **more), columns=200))

    assert says_start()
    assert not says_start(working=Working(1, _pulse()))
    assert not any("service install" in line.text for line in screen(_report(), columns=200))


@pytest.mark.parametrize(("pace", "said"), [(6000.0, "a moment to go"), (1.0, "about 1 minute to go")])
def test_what_takes_no_time_takes_a_moment(pace: float, said: str) -> None:
    """And not about one."""
    report = _report(pending=1, working=Working(1, _pulse(per_minute=pace, ceiling=pace)))
    queue = next(line.text for line in screen(report, columns=None) if "Queue" in line.text)
    assert f", {said}; " in queue


@pytest.mark.parametrize(
    ("pace", "said"),
    [
        (5e-324, "Queue empty; 1 request every 3,650 days"),
        (0.001, "Queue empty; 1 request every 16 hours"),
        (0.5, "Queue empty; 1 request every 2 minutes"),
        (0.99, "Queue empty; 1 request every 61 seconds"),
        (1.0, "Queue empty; 1 request a minute"),
        (7.25, "Queue empty; 7.2 requests a minute"),
        (1e6, "Queue empty; 1,000,000 requests a minute"),
        (1e300, "Queue empty; over 1,000,000,000 requests a minute"),
    ],
)
def test_any_pace_is_told_in_words_that_fit(pace: float, said: str) -> None:
    """A slow one by the time between two requests."""
    report = _report(working=Working(1, _pulse(per_minute=pace, ceiling=pace)))
    assert said in [line.text.strip() for line in screen(report, columns=100)]


def test_a_pace_of_a_while_ago_is_told_as_such() -> None:
    """A daemon at rest says seldom how it is doing: what it said then may be over by now."""
    for age, said in ((0, "Queue empty; 60 requests a minute"), (1, "Queue empty; 60 requests a minute")):
        pulse = _pulse(beat=NOW - timedelta(seconds=age))
        assert said in [line.text.strip() for line in screen(_report(working=Working(1, pulse)), columns=80)]
    pulse = _pulse(beat=NOW - timedelta(seconds=14), paused_until=NOW + timedelta(minutes=2))
    told = [line.text.strip() for line in screen(_report(working=Working(1, pulse)), columns=100)]
    assert "Queue empty; Notion asked for a pause, 2 minutes more (as of 14 seconds ago)" in told


def test_a_database_without_a_title_is_called_as_notion_calls_it() -> None:
    """And its address follows no lone colon."""
    texts = [line.text for line in screen(_report(place=Place("", "https://www.notion.so/x")), columns=80)]
    assert "  Untitled: https://www.notion.so/x" in texts


def test_an_address_stays_whole_where_a_line_has_room_for_it() -> None:
    """A person copies it: its name goes to the line before, rather than its end away."""
    place = Place("AI Traces", "https://app.notion.com/p/9272e7a691ab4c50b5b9b28cc2f41f3d")
    assert [line.text for line in screen(_report(place=place), columns=60)][-2:] == [
        "  AI Traces:",
        f"  {place.url}",
    ]
    assert f"  AI Traces: {place.url}" in [line.text for line in screen(_report(place=place), columns=80)]


def test_what_is_not_known_is_not_told_as_known() -> None:
    """Where the state cannot be read, no log is said to be in step or to wait."""
    texts = " ".join(line.text for line in screen(_report(is_remembered=False), columns=80))
    assert "3 logs; which of them are in step is not known" in texts
    assert "waiting" not in texts


def test_more_problems_than_a_screen_holds_are_counted() -> None:
    """The rest is in the JSON."""
    problems = tuple(
        Problem(path=f"{number}.md", what="Refused", hint="", since=None) for number in range(MOST_SHOWN + 3)
    )
    assert [line.text for line in screen(_report(problems=problems), columns=80)][-1].startswith(
        "… and 3 more"
    )


def test_the_time_to_drain_goes_by_what_logs_have_cost() -> None:
    """One request a log until enough were seen, then what they took; a pause comes on top."""
    minute = timedelta(minutes=1)
    assert time_to_drain(_pulse(), 60, now=NOW) == minute
    assert time_to_drain(_pulse(requests={"live": 90}, written=30), 60, now=NOW) == 3 * minute
    assert time_to_drain(_pulse(paused_until=NOW + minute), 60, now=NOW) == 2 * minute
    assert time_to_drain(_pulse(per_minute=0.0), 60, now=NOW) is None
    stuck = Outage(what="x", hint="", needs_a_person=True, since=NOW, until=NOW)
    assert time_to_drain(_pulse(outage=stuck), 60, now=NOW) is None


@given(REPORTS)
def test_the_json_has_always_the_same_keys(report: Report) -> None:
    """Programs need not ask whether a key is there."""
    told = report.as_json()
    assert list(told) == [
        "in_step", "needs_a_person", "files", "synced", "pending", "quarantined", "trashed",
        "daemon", "activity", "database", "last_sync", "problems",
    ]  # fmt: skip
    assert list(told["daemon"]) == ["running", "pid"]
