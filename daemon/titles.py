"""How pages, databases and connections in Notion are named to a person. Pure."""

UNTITLED = "Untitled"
"""What Notion shows where there is no title."""


def titled(title: str, kind: str) -> str:
    """Return a page or database by its quoted title, or as untitled."""
    return f"the {kind} “{title}”" if title.strip() else f"an untitled {kind}"


def bearer_in_words(name: str, workspace: str, *, is_person: bool) -> str:
    """Return in words whose token it is, as far as Notion tells."""
    unnamed = "a personal token" if is_person else "a connection without a name"
    named = "a personal token" if is_person else "the connection"
    whose = f"{named} “{name}”" if name.strip() else unnamed
    return f"{whose} in the workspace “{workspace}”" if workspace.strip() else whose


def begun(text: str) -> str:
    """Return text with a capital at its beginning."""
    return text[:1].upper() + text[1:]
