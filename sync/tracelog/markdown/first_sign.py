"""Ask only those block rules of markdown-it that can apply to a line, by its first sign.

markdown-it asks each of a dozen rules about every line, and again whether it ends a paragraph; most rules
refuse at the first sign.
"""

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Final

from markdown_it.parser_block import RuleFuncBlockType
from markdown_it.ruler import Ruler
from markdown_it.rules_block import StateBlock

_SIGNS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "fence": "`~",
        "blockquote": ">",
        "hr": "*-_",
        "list": "*+-0123456789",
        "reference": "[",
        "heading": "#",
    }
)
"""The first characters of lines that a rule can apply to; a rule not listed here may apply to any."""

_ALL_SIGNS: Final = "".join(sorted(set("".join(_SIGNS.values()))))


class BySign(Ruler[RuleFuncBlockType]):
    """The rules of another ruler, each chain as one rule that passes a line on to those that can take it."""

    def __init__(self, rules: Ruler[RuleFuncBlockType]) -> None:
        super().__init__()
        self.__rules__ = rules.__rules__
        chains = {"", *(chain for rule in rules.__rules__ for chain in rule.alt)}
        self._chains = {chain: [self._chosen(chain)] for chain in chains}

    def getRules(self, chainName: str = "") -> list[RuleFuncBlockType]:  # noqa: N802, N803 - markdown-it's names
        """Return the rules of a chain."""
        return self._chains[chainName]

    def _chosen(self, chain: str) -> RuleFuncBlockType:
        active = [rule for rule in self.__rules__ if rule.enabled and (not chain or chain in rule.alt)]
        of_any = tuple(rule.fn for rule in active if rule.name not in _SIGNS)
        by_sign: Mapping[str, Sequence[RuleFuncBlockType]] = {
            sign: tuple(rule.fn for rule in active if sign in _SIGNS.get(rule.name, sign))
            for sign in _ALL_SIGNS
        }

        def choose(state: StateBlock, start: int, end: int, silent: bool) -> bool:  # noqa: FBT001 - as it is called
            place = state.bMarks[start] + state.tShift[start]
            for rule in by_sign.get(state.src[place : place + 1], of_any):
                if rule(state, start, end, silent):
                    return True
            return False

        return choose
