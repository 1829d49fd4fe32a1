"""What says that there is nothing to say, and what only looks like it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync.patterns.nothing import says_nothing

_QUALITY = ["", "new ", "known ", "major ", "contract ", "other ", "significant ", "blocking ", "unexpected "]
_NOUN = ["issues", "issue", "problems", "gaps", "errors", "blockers", "warnings", "findings", "ambiguities"]
_TAIL = [
    "",
    " found",
    " were identified",
    " encountered",
    " to report",
    " so far",
    " during this run",
    " at this time",
]
_MARK = ["{}", "- {}", "**{}**", "*{}*", "`{}`", "({})", "[{}]", "{}.", "{}!", "✅ {}", "Issues: {}", "> {}"]

_denials = st.one_of(
    st.builds("No {}{}{}".format, st.sampled_from(_QUALITY), st.sampled_from(_NOUN), st.sampled_from(_TAIL)),
    st.builds("{}{}".format, st.sampled_from(["None", "Nothing", "none"]), st.sampled_from(_TAIL)),
    st.sampled_from(
        [
            "none",
            "N/A",
            "n.a.",
            "nil",
            "nope",
            "Nothing to report",
            "All good",
            "なし",
            "特になし",
            "0",
            "-",
            "—",
        ]
    ),
)


@given(denial=_denials, mark=st.sampled_from(_MARK), shape=st.sampled_from([str, str.upper, str.casefold]))
def test_none_is_none_however_it_is_written(denial: str, mark: str, shape: type[str]) -> None:
    """Neither case nor markup, list mark, emoji or heading makes an issue of it."""
    assert says_nothing(shape(mark.format(denial)))


@given(
    denial=_denials,
    trouble=st.sampled_from(["the import stopped at article 12", "shop login failed", "価格が違う"]),
)
def test_a_trouble_beside_a_denial_is_told(denial: str, trouble: str) -> None:
    """In doubt a line says something: a lost trouble is worse than a superfluous line."""
    assert not says_nothing(f"{denial}, but {trouble}")
    assert not says_nothing(f"{trouble}; {denial}")


@pytest.mark.parametrize(
    "line",
    [
        "None of the tests ran",
        "No answer from the server",
        "No ENV was given",
        "Nothing says who may roll back",
        "Not found",
        "No contract section covers refunds",
        "No backup",
        "No such file",
        "Nothing was written to the page",
        "Zero rows were imported",
        "Missing",
        "unclear",
    ],
)
def test_what_begins_like_a_denial_may_be_a_trouble(line: str) -> None:
    """A negative word is how most troubles begin."""
    assert not says_nothing(line)
