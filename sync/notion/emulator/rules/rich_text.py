"""Rich text: what a request may send and how it comes back."""

from sync.notion.emulator.checks import Obj, array, boolean, choice, member, obj, string, url
from sync.notion.emulator.refusals import expected, invalid, unwanted

_PLAIN: Obj = {
    "bold": False,
    "italic": False,
    "strikethrough": False,
    "underline": False,
    "code": False,
    "color": "default",
}
_SHADES = ("gray", "brown", "orange", "yellow", "green", "blue", "purple", "pink", "red")
COLOURS = ("default", *_SHADES, "default_background", *(f"{shade}_background" for shade in _SHADES))
EXPRESSION_LIMIT = 1_000

colour = choice(*COLOURS)

# `plain_text` is read-only, yet recorded requests carry it.
_ITEM_KEYS = frozenset(("type", "text", "equation", "mention", "annotations", "plain_text"))
_TEXT_KEYS = frozenset(("content", "link"))


def rich_text(value: object, path: str) -> list[Obj]:
    """Take an array of rich text and return it as it reads back: equal neighbours merged, empty ones gone."""
    runs: list[Obj] = []
    for index, item in enumerate(array(value, path)):
        run = _item(item, f"{path}[{index}]")
        if not run["plain_text"]:
            continue
        if runs and (merged := _merged(runs[-1], run)):
            runs[-1] = merged
        else:
            runs.append(run)
    return runs


def unstyled(text: str) -> list[Obj]:
    """Return unstyled text as it reads back."""
    return [text_run(text)] if text else []


def text_of(runs: list[Obj]) -> str:
    """Return the text without its looks."""
    return "".join(run["plain_text"] for run in runs)


def text_run(content: str, *, link: str | None = None, annotations: Obj | None = None) -> Obj:
    """Return one item of rich text as it reads back."""
    return {
        "type": "text",
        "text": {"content": content, "link": {"url": link} if link else None},
        "annotations": annotations or _PLAIN,
        "plain_text": content,
        "href": link,
    }


def _item(value: object, path: str) -> Obj:
    body = obj(value, path, allowed=_ITEM_KEYS)
    kind = body.get("type", "equation" if "equation" in body else "text")
    if kind not in ("text", "equation"):
        if kind == "mention":
            raise invalid(f"body failed validation: {path}.mention is not supported by this stand-in.")
        raise expected(f"{path}.type", '`"text"` or `"equation"`', kind)
    for other in ("text", "equation", "mention"):
        if other != kind and other in body:
            raise unwanted(f"{path}.{other}", body[other])
    if "plain_text" in body:
        string(body["plain_text"], f"{path}.plain_text")
    annotations = _annotations(body["annotations"], f"{path}.annotations") if "annotations" in body else None
    content = member(body, kind, path)
    if kind == "equation":
        return _equation(content, f"{path}.equation", annotations)
    text = obj(content, f"{path}.text", allowed=_TEXT_KEYS)
    written = string(member(text, "content", f"{path}.text"), f"{path}.text.content")
    target = text.get("link")
    if target is None:
        return text_run(written, annotations=annotations)
    linked = obj(target, f"{path}.text.link", allowed=("url",))
    where = f"{path}.text.link"
    return text_run(written, link=url(member(linked, "url", where), f"{where}.url"), annotations=annotations)


def _equation(value: object, path: str, annotations: Obj | None) -> Obj:
    body = obj(value, path, allowed=("expression",))
    written = string(member(body, "expression", path), f"{path}.expression", limit=EXPRESSION_LIMIT)
    return {
        "type": "equation",
        "equation": {"expression": written},
        "annotations": annotations or _PLAIN,
        "plain_text": written,
        "href": None,
    }


def _annotations(value: object, path: str) -> Obj:
    body = obj(value, path, allowed=_PLAIN)
    for key, given in body.items():
        (colour if key == "color" else boolean)(given, f"{path}.{key}")
    return {**_PLAIN, **body}


def _merged(left: Obj, right: Obj) -> Obj | None:
    same = (
        left["type"] == right["type"] == "text"
        and left["href"] == right["href"]
        and left["annotations"] == right["annotations"]
    )
    if not same:
        return None
    return text_run(
        left["plain_text"] + right["plain_text"], link=left["href"], annotations=left["annotations"]
    )
