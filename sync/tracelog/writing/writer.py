"""Write an entry as the text of a log that keeps to the spec."""

from collections.abc import Sequence

from sync.names import LogPath
from sync.tracelog.markdown.tokenizing import defines_links, tokenize
from sync.tracelog.model import SectionName
from sync.tracelog.parsing.tools import read_tool
from sync.tracelog.template import FieldName
from sync.tracelog.writing.containment import code_span, contained, contained_item, plain_line
from sync.tracelog.writing.entry import ExceptionEntry, ExecutionEntry, ToolEntry

_NONE = "None"
_BULLET = [
    "bullet_list_open",
    "list_item_open",
    "paragraph_open",
    "inline",
    "paragraph_close",
    "list_item_close",
    "bullet_list_close",
]


def log_text(entry: ExecutionEntry | ExceptionEntry) -> str:
    """Return the log: `parse` reads the entry from it again, and `lint` has nothing to say against it.

    Text keeps its markdown. What would be read as the structure of the log is kept as code.
    """
    match entry:
        case ExecutionEntry():
            return _execution(entry)
        case ExceptionEntry():
            return _exception(entry)


def path_for(entry: ExecutionEntry | ExceptionEntry) -> LogPath:
    """Return the path of the log: its day in UTC and its id, in a folder of its own for exceptions."""
    name = f"{entry.timestamp.date().isoformat()}-{entry.id}.md"
    return LogPath(f"exceptions/{name}" if isinstance(entry, ExceptionEntry) else name)


def _execution(entry: ExecutionEntry) -> str:
    details = entry.outcome_details
    fields = {
        FieldName.TIMESTAMP: _timestamp(entry),
        FieldName.ENV: entry.env,
        FieldName.RISK: entry.risk,
        FieldName.TRANSITION: str(entry.state_transition),
    }
    sections = {
        SectionName.TASK: contained(entry.task),
        SectionName.TOOLS_USED: "\n".join(f"- {_tool(tool)}" for tool in entry.tools) or _NONE,
        SectionName.OUTCOME: f"{entry.outcome}\n\n{contained(details)}" if details else str(entry.outcome),
        SectionName.ISSUES: _items(entry.issues),
        SectionName.CONTRACT_GAPS: _items(entry.contract_gaps),
    }
    return _log(f"# Execution Log: {entry.id}", fields, sections)


def _exception(entry: ExceptionEntry) -> str:
    fields = {
        FieldName.TIMESTAMP: _timestamp(entry),
        FieldName.SEVERITY: entry.severity,
        FieldName.ENV: entry.env,
    }
    sections = {
        SectionName.WHAT_HAPPENED: contained(entry.what_happened),
        SectionName.ROOT_CAUSE: contained(entry.root_cause),
        SectionName.CONTRACT_REFERENCE: contained(entry.contract_reference),
        SectionName.PROPOSED_FIX: contained(entry.proposed_fix),
        SectionName.WORKAROUND_USED: contained(entry.workaround_used),
    }
    return _log(f"# Exception: {entry.id}", fields, sections)


def _log(title: str, fields: dict[FieldName, str], sections: dict[SectionName, str]) -> str:
    header = "\n".join(f"**{name}:** {value}" for name, value in fields.items())
    body = (f"## {name}\n{text}" for name, text in sections.items())
    return "\n\n".join((title, header, *body)) + "\n"


def _timestamp(entry: ExecutionEntry | ExceptionEntry) -> str:
    return entry.timestamp.isoformat().replace("+00:00", "Z")


def _items(items: Sequence[str]) -> str:
    return "\n".join(f"- {contained_item(item)}" for item in items) or _NONE


def _tool(tool: ToolEntry) -> str:
    """Return a bullet that is parsed as this tool, with name or result as code if necessary."""
    code = (code_span(tool.name), code_span(tool.result))
    candidates = ((tool.name, tool.result), (code[0], tool.result), (tool.name, code[1]))
    return next(
        (f"{name}: {result}" for name, result in candidates if _is_read_as(name, result)), ": ".join(code)
    )


def _is_read_as(name: str, result: str) -> bool:
    """Return whether a bullet of these two is one paragraph, and is split where they meet."""
    bullet = f"- {name}: {result}"
    tokens = tokenize(bullet)
    if [token.type for token in tokens] != _BULLET or defines_links(bullet):
        return False
    seen = (plain_line(name), plain_line(result))
    read = read_tool(tokens[3])
    return all(seen) and (" ".join(read.name.split()), read.result) == seen
