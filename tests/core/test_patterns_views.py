"""What makes two texts alike: any view may tell, and what went wrong counts more than how it came about."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync.patterns.grouping.likeness import likeness, spellings, terms
from sync.patterns.grouping.meaning import directions
from sync.patterns.grouping.sentences import opening, sentences
from sync.patterns.grouping.weighing import weighted

_STORY = (
    "The nightly job ran at the usual hour on the usual machine",
    "Nobody was told until the morning shift began its work",
    "We restarted the worker by hand and wrote a note for the team",
)
_TROUBLES = (
    "Mail queue overflows",
    "Certificate has lapsed",
    "Disk is full of archives",
    "Printer jams on envelopes",
)

_words = st.text("abcdefgh ", min_size=1, max_size=40)


def _apart(first: str, second: str) -> float:
    """Return how alike two texts are among others that make their words neither rare nor common."""
    others = [f"{trouble}. {story}" for trouble in _TROUBLES[2:] for story in _STORY]
    return float(likeness([first, second, *others], [""] * (2 + len(others)))[0, 1])


@pytest.mark.parametrize("trouble", _TROUBLES[:2])
@pytest.mark.parametrize("story", _STORY)
def test_what_went_wrong_counts_more_than_how_it_came_about(trouble: str, story: str) -> None:
    """Two texts that begin alike are more alike than the same sentences the other way round."""
    first, second = (each for each in _STORY if each != story)
    assert _apart(f"{trouble}. {first}", f"{trouble}. {second}") > _apart(
        f"{first}. {trouble}", f"{second}. {trouble}"
    )


@given(st.lists(st.sampled_from([*_TROUBLES, *_STORY, "It took too long", "Deadline exceeded"]), unique=True))
def test_what_one_view_sees_is_heard(texts: list[str]) -> None:
    """Texts are at least as alike as all views say on the whole, and at most as one of them says."""
    rows = directions(texts)
    views = [np.maximum(rows @ rows.T, 0)]
    for view in (terms, spellings):
        weights = weighted([view(text) for text in texts], least=2)
        views.append((weights @ weights.T).toarray())
    alike = likeness(texts, [""] * len(texts))
    others = ~np.eye(len(texts), dtype=bool)
    mean = 0.35 * views[0] + 0.325 * (views[1] + views[2])
    assert np.all((alike > mean + 0.01)[others & (mean > 0.05) & (np.ptp(views, axis=0) > 0.3)])
    assert np.all((alike >= mean - 1e-4)[others])
    assert np.all((alike <= np.max(views, axis=0) + 1e-4)[others])


@given(st.lists(_words, min_size=1, max_size=12), st.lists(_words, max_size=3))
def test_a_text_is_all_of_itself(texts: list[str], more: list[str]) -> None:
    """Whatever stands beside it, a text is wholly like itself, and nothing is more so."""
    alike = likeness([*texts, *more], [""] * (len(texts) + len(more)))
    assert np.all(np.diagonal(alike) == 1)
    assert np.all(alike <= 1)


@given(st.text(alphabet="ab .!?。e1g\n", max_size=60))
def test_a_text_begins_with_its_opening(text: str) -> None:
    """An opening is the first sentence, and there is another; what has one sentence has none."""
    first = opening(text)
    assert text.startswith(first)
    assert not first or any(part.strip() for part in sentences(text)[1:])
    assert opening(first) == ""


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("Page was lost in the sync. Nobody noticed.", "Page was lost in the sync."),
        ("Use a retry, e.g. three times, then stop. Then ask.", "Use a retry, e.g. three times, then stop."),
        ("ページが失われました、同期中に。誰も気付かなかった", "ページが失われました、同期中に。"),
        ("Failed. The page was lost.", ""),
        ("Only one sentence here.", ""),
        ("", ""),
    ],
)
def test_the_opening_is_a_sentence_that_says_something(text: str, first: str) -> None:
    """Neither a single word nor a text that is one sentence."""
    assert opening(text) == first
