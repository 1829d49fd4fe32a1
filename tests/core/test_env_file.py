"""A settings file with other values keeps everything else."""

import io

import pytest
from dotenv import dotenv_values
from hypothesis import given
from hypothesis import strategies as st

from daemon.setup.env_file import value_in, with_values
from sync.errors import ConfigurationError

NAMES = ("NOTION_DATABASE_ID", "NOTION_TOKEN_FILE", "NOTION_TOKEN", "AI_TRACES_HOST")
VALUES = st.text(st.characters(codec="utf-8", exclude_categories=["C"], exclude_characters="$"), max_size=30)
LINES = st.one_of(
    st.sampled_from([
        "# a comment",
        "",
        "  ",
        "export AI_TRACES_HOST=here",
        "AI_TRACES_HOST = 'a b' # said twice",
        'NOTION_TOKEN="two\nlines"',
        "NOTION_TOKEN=",
        "NOTION_DATABASE_ID",
        "not a line of settings",
        "OTHER='it''s'",
    ]),
    st.builds("{}={}".format, st.sampled_from((*NAMES, "FOREIGN")), st.text("abc/.", max_size=9)),
)  # fmt: skip
TEXTS = st.lists(LINES, max_size=8).map("\n".join)


def meaning(text: str) -> dict[str, str | None]:
    """Return what the settings make of a file."""
    return dict(dotenv_values(stream=io.StringIO(text)))


@given(TEXTS, st.dictionaries(st.sampled_from(NAMES), VALUES, min_size=1))
def test_what_is_written_reads_back_and_nothing_else_changes(text: str, values: dict[str, str]) -> None:
    """Whatever the file held, it says the new values, and of every other variable what it said."""
    written = with_values(text, values)
    assert value_in(written, *values) == values
    kept = {name: value for name, value in meaning(text).items() if name not in values}
    assert {name: value for name, value in meaning(written).items() if name not in values} == kept


@given(TEXTS, st.dictionaries(st.sampled_from(NAMES), VALUES, min_size=1))
def test_a_second_time_changes_nothing(text: str, values: dict[str, str]) -> None:
    """Writing the same values once more gives the same text."""
    written = with_values(text, values)
    assert with_values(written, values) == written


@pytest.mark.parametrize("end", ["\n", ""])
def test_comments_and_order_stay(end: str) -> None:
    """A variable keeps its place among the comments; a new one goes to the end."""
    text = f"# mine\nFOREIGN=1\n\n# the database\nexport NOTION_DATABASE_ID=old\n# the end{end}"
    written = with_values(text, {"NOTION_DATABASE_ID": "new", "NOTION_TOKEN_FILE": "/a b/it's"})
    assert written == (
        "# mine\nFOREIGN=1\n\n# the database\nexport NOTION_DATABASE_ID=new\n# the end\n"
        "NOTION_TOKEN_FILE='/a b/it\\'s'\n"
    )


def test_what_would_read_back_otherwise_is_refused() -> None:
    """A value that settings files expand is never written."""
    with pytest.raises(ConfigurationError, match="NOTION_TOKEN_FILE"):
        with_values("", {"NOTION_TOKEN_FILE": "/home/${USER}/token"})
