"""Parameter types of options, with plain error messages."""

from datetime import date

import click


class Day(click.ParamType[date]):
    """A day, as 2026-01-10."""

    name = "day"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> date:
        """Return the typed day, or say how to write one."""
        try:
            return value if isinstance(value, date) else date.fromisoformat(str(value))
        except ValueError:
            self.fail(f"{value} is no day; write it as 2026-01-10.", param, ctx)


class Number(click.ParamType[int]):
    """A whole number of at least `least` and, if given, at most `most`."""

    name = "number"

    def __init__(self, least: int, most: int | None = None) -> None:
        self._least, self._most = least, most

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> int:
        """Return the typed number, or say which numbers are allowed."""
        try:
            number = int(str(value))
        except ValueError:
            number = self._least - 1
        if number < self._least or (self._most is not None and number > self._most):
            range_ = f"{self._least} or more" if self._most is None else f"from {self._least} to {self._most}"
            self.fail(f"{value} is no whole number, {range_}.", param, ctx)
        return number
