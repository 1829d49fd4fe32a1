"""Put a hand-off into a model's words where they pass every check; accepted changes keep their words."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

from daemon.patterns.model import Model, NoWording, digest
from daemon.patterns.wording_file import CachedResponse, Shown, Wordings, read_wordings, write_wordings
from sync.auditor.personal import PersonalDetail, with_placeholders
from sync.patterns.handoff.handoff import Handoff
from sync.patterns.handoff.worded import Worded
from sync.patterns.names import PatternId
from sync.patterns.wording.phrasing import NoAnswer, phrasings_in
from sync.patterns.wording.question import INSTRUCTIONS, prompt_of, questions
from sync.patterns.wording.rewording import reworded, with_sentence
from sync.redaction.redact import redact

_STAYS = "The hand-off is in the words of the logs"


def in_words(
    handoff: Handoff, state_dir: Path, *, model: Model | None, note: Callable[[str], None]
) -> Handoff:
    """Return a hand-off in a model's words; without a model, only accepted changes have such words.

    Args:
        handoff: The hand-off in the words of the logs.
        state_dir: The state directory, where the words are remembered.
        model: The model; None to ask none.
        note: Called if no model took part, with the reason and what to do.

    Raises:
        StateUnusable: The words that Jen is shown cannot be remembered.
    """
    before = read_wordings(state_dir)
    agreed = _as_agreed(handoff, before)
    after, answered = (agreed, None) if model is None else _worded(agreed, before, model, note)
    remembered = Wordings(answered or before.answered, _shown(handoff, after))
    if remembered != before:
        write_wordings(state_dir, remembered)
    return after


def _as_agreed(handoff: Handoff, wordings: Wordings) -> Handoff:
    """Give changes that Jen has accepted the words in which she accepted them."""
    for entry in handoff.entries:
        shown, suggestion = wordings.shown.get(entry.pattern.id), entry.suggestion
        if shown is None or suggestion is None or not suggestion.agreed:
            continue
        if suggestion.proposal.sentence == shown.instead_of:
            handoff = with_sentence(handoff, entry.pattern.id, shown.sentence) or handoff
    return handoff


def _worded(
    handoff: Handoff, before: Wordings, model: Model, note: Callable[[str], None]
) -> tuple[Handoff, CachedResponse | None]:
    asked = questions(handoff, clean=_clean)
    if not asked:
        return handoff, None
    prompt = prompt_of(asked)
    question = digest(f"{INSTRUCTIONS}\n{prompt}")
    known = before.answered
    try:
        if known is not None and (known.model, known.prompt) == (model.name, question):
            answered = known
        else:
            answered = CachedResponse(model.name, question, model.answer(prompt, instructions=INSTRUCTIONS))
        phrasings = phrasings_in(answered.response, asked=[each.pattern for each in asked])
    except NoWording as failure:
        note(f"{failure.what}. {_STAYS}. {failure.hint}")
        return handoff, None
    except NoAnswer as reason:
        note(f"The model's answer cannot be used: {reason}. {_STAYS}. Try again, or another model")
        return handoff, None
    done = reworded(handoff, asked, phrasings)
    worded = Worded(model.name, question, digest(answered.response), done.changed, done.unchanged)
    return replace(done.handoff, worded=worded), answered


def _shown(logs: Handoff, told: Handoff) -> Mapping[PatternId, Shown]:
    """Return the changes whose words are not those of the logs."""
    return {
        now.pattern.id: Shown(now.suggestion.proposal.sentence, then.suggestion.proposal.sentence)
        for then, now in zip(logs.entries, told.entries, strict=True)
        if then.suggestion is not None
        and now.suggestion is not None
        and now.suggestion.proposal.sentence != then.suggestion.proposal.sentence
    }


def _clean(text: str) -> str:
    """Remove secrets and personal details."""
    return with_placeholders(redact(text).text, _placeholder)


def _placeholder(detail: PersonalDetail) -> str:
    return f"({detail.kind})"
