"""The rules of form for what the parser accepts in other forms, too; `lint` has them, the page has not."""

from sync.tracelog.rules import Deviation


class StyleRule(Deviation):
    """A rule about the form of something that the parser understands."""

    ARROW = (
        "arrow",
        "The arrow `→` between the two states",
        "Write `{transition}`",
    )
    VALUE_CASE = (
        "value-case",
        "{name} in the letters of the spec",
        "Write `{value}`",
    )
    FIELD_FORM = (
        "field-form",
        "The field in the form `**{name}:** value`, on a line of its own",
        "Begin the line with `**{name}:**`",
    )
    HEADING_FORM = (
        "heading-form",
        "The heading as the spec has it: `{mark} {name}`",
        "Write `{mark} {name}`",
    )
    BLANK_LINES = (
        "blank-lines",
        "One empty line {where}",
        "{change}",
    )
    FILE_DAY = (
        "file-day",
        "A file name with the day of the timestamp in UTC, {day}",
        "Correct the timestamp or the file name",
    )
    FILE_ID = (
        "file-id",
        "A file name with the id of the title, {log_id}",
        "Correct the title or the file name",
    )
