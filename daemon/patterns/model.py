"""Ask a model of Anthropic one question, and turn every failure into one kind of error."""

import hashlib
import importlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from daemon.config.secret import Secret
from daemon.extras import installing

if TYPE_CHECKING:  # loaded only where a model is asked
    from anthropic.types import Message

_MOST_TOKENS: Final = 8_000
_OVERLOADED: Final = frozenset((429, 503, 529))


class NoWording(Exception):
    """The model has given no answer; has what happened and what to do."""

    def __init__(self, what: str, hint: str) -> None:
        super().__init__(what)
        self.what = what
        self.hint = hint


@dataclass(frozen=True, slots=True, kw_only=True)
class Model:
    """A model of Anthropic, at the SDK's address or that of `ANTHROPIC_BASE_URL`.

    Attributes:
        name: The name of the model.
        key: The API key; None if there is none.
        seconds: The time limit of each attempt.
        attempts: How often it is asked again if it is overloaded or unreachable.
    """

    name: str
    key: Secret | None
    seconds: float
    attempts: int

    def answer(self, prompt: str, *, instructions: str) -> str:
        """Return the model's answer to a prompt.

        Raises:
            NoWording: There is no answer, for whatever reason.
        """
        usable = _checked(self.key)
        _load_sdk()
        import anthropic  # noqa: PLC0415 - optional, and slow to load

        try:
            with anthropic.Anthropic(
                api_key=usable, timeout=self.seconds, max_retries=self.attempts, open_telemetry=False
            ) as client:
                message = client.messages.create(
                    model=self.name,
                    max_tokens=_MOST_TOKENS,
                    system=instructions,
                    messages=[{"role": "user", "content": prompt}],
                )
        except anthropic.APIStatusError as error:
            raise _refusal(error.status_code, self.name) from None
        except anthropic.APITimeoutError:
            raise NoWording("The model did not answer in time", "Try again later") from None
        except anthropic.APIConnectionError:
            raise NoWording("The model cannot be reached", "Check the network, and try again") from None
        except Exception as error:  # noqa: BLE001 - no failure here may prevent the hand-off
            kind = type(error).__name__
            raise NoWording(f"The model could not be asked ({kind})", "Try again later") from None
        return _text(message)


def digest(text: str) -> str:
    """Return the SHA-256 of a text."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def _load_sdk() -> None:
    try:
        importlib.import_module("anthropic")
    except ImportError:
        raise NoWording("What speaks to a model is not installed", f"Run: {installing('model')}") from None
    except Exception as error:  # noqa: BLE001 - a broken installation fails in many ways
        raise NoWording(
            f"What speaks to a model cannot be loaded ({type(error).__name__})",
            f"Run: {installing('model')} --force-reinstall",
        ) from None


def _checked(key: Secret | None) -> str:
    found = "" if key is None else key.reveal().strip()
    if not found:
        raise NoWording(
            "There is no key for the model", "Set ANTHROPIC_API_KEY in the environment or in .env"
        )
    if not all("!" <= letter <= "~" for letter in found):
        raise NoWording(
            "ANTHROPIC_API_KEY has a space or a letter that no key has",
            "Copy it again from Anthropic's console",
        )
    return found


def _refusal(status: int, model: str) -> NoWording:
    if status in {401, 403}:
        return NoWording(
            "Anthropic does not accept the key, or not for this model", "Check ANTHROPIC_API_KEY"
        )
    if status == 404:  # noqa: PLR2004 - HTTP's own number
        return NoWording(f"There is no model {model}", "Check its name after --model")
    if status in _OVERLOADED:
        return NoWording("The model is overloaded", "Try again in a few minutes")
    return NoWording(f"The model refused the question (status {status})", "Try again later, or another model")


def _text(message: "Message") -> str:
    """Return the text of a complete answer."""
    match getattr(message, "stop_reason", None):
        case "end_turn" | "stop_sequence":
            pass
        case "refusal":
            raise NoWording("The model declined to answer", "Another model may not")
        case "max_tokens" | "model_context_window_exceeded":
            raise NoWording("The model's answer was cut short", "Fewer logs may help: --last N")
        case _:
            raise NoWording("The model gave something that is no answer", "Try again, or another model")
    try:
        return "".join(block.text for block in message.content if block.type == "text")
    except (AttributeError, TypeError):
        raise NoWording("The model gave something that is no answer", "Try again, or another model") from None
