import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync.page.languages import LANGUAGES, PLAIN_TEXT, beside_language, language

# The strings of LanguageRequest in Notion's SDK, one a line of that type.
NOTION = (
    "abap|abc|agda|arduino|ascii art|assembly|bash|basic|bnf|c|c#|c++|clojure|coffeescript|coq|css|dart|"
    "dhall|diff|docker|ebnf|elixir|elm|erlang|f#|flow|fortran|gherkin|glsl|go|graphql|groovy|haskell|hcl|"
    "html|idris|java|javascript|json|julia|kotlin|latex|less|lisp|livescript|llvm ir|lua|makefile|markdown|"
    "markup|matlab|mathematica|mermaid|nix|notion formula|objective-c|ocaml|pascal|perl|php|plain text|"
    "powershell|prolog|protobuf|purescript|python|r|racket|reason|ruby|rust|sass|scala|scheme|scss|shell|"
    "smalltalk|solidity|sql|swift|toml|typescript|vb.net|verilog|vhdl|visual basic|webassembly|xml|yaml|"
    "java/c/c++/c#"
)


@pytest.mark.parametrize("name", NOTION.split("|"))
def test_every_language_of_notion_means_itself(name: str) -> None:
    """A name of the closed list is kept, in any case."""
    assert language(name) == name
    assert language(name.upper()) == name


def test_the_list_is_closed() -> None:
    """Nothing else is ever sent."""
    assert frozenset(NOTION.split("|")) == LANGUAGES


@given(st.text())
def test_any_info_string_has_a_language(info: str) -> None:
    """Whatever stands behind a fence, the block can be written."""
    assert language(info) in LANGUAGES


@pytest.mark.parametrize(
    ("infos", "expected"),
    [
        ("sh console shell-session terminal", "shell"),
        ("bash zsh Bash", "bash"),
        ("py python3 python3.11 pycon PY", "python"),
        ("ts tsx", "typescript"),
        ("js jsx mjs node", "javascript"),
        ("yml YAML", "yaml"),
        ("Dockerfile dockerfile docker", "docker"),
        ("tf terraform hcl", "hcl"),
        ("md mdx", "markdown"),
        ("txt text log output http csv ini env nonsense 12 ... {}", PLAIN_TEXT),
        ("proto", "protobuf"),
        ("objc", "objective-c"),
        ("ps1 pwsh", "powershell"),
        ("rs", "rust"),
        ("rb", "ruby"),
        ("kt", "kotlin"),
        ("cs csharp", "c#"),
        ("cpp c++", "c++"),
        ("golang go", "go"),
        ("jsonc json5 jsonl", "json"),
        ("svg xml", "xml"),
        ("vue html", "html"),
        ("gql", "graphql"),
        ("make mk cmake", "makefile"),
        ("diff patch", "diff"),
        ("postgresql tsql sqlite", "sql"),
        ("feature", "gherkin"),
    ],
)
def test_aliases(infos: str, expected: str) -> None:
    """The words that writers of markdown use are understood; a language that Notion lacks is plain text."""
    assert {language(info) for info in infos.split()} == {expected}


@pytest.mark.parametrize(
    "info",
    [
        'python title="x.js"',
        "{.python .numberLines}",
        "python:12",
        "python{1,3}",
        "python,ignore",
        "language-python",
        " python ",
        "src/main.py",
        "12:15:src/main.py",
    ],
)
def test_attributes_are_not_part_of_the_language(info: str) -> None:
    """The language is found among line numbers, titles, classes and file names."""
    assert language(info) == "python"


@pytest.mark.parametrize(
    ("info", "beside"),
    [
        ("python", ""),
        ("python3.11", ""),
        ("plain text", ""),
        ("txt", ""),
        ("language-py", ""),
        ("{.python}", ""),
        ("", ""),
        ("...", ""),
        ("python src/app.py", "src/app.py"),
        ("python:src/app.py", "src/app.py"),
        ('json title="a b.json"', 'title="a b.json"'),
        ("bash {1,3-5}", "{1,3-5}"),
        ("src/app.py", "src/app.py"),
        ("12:src/app.py", "12:src/app.py"),
        ("nonsense", "nonsense"),
        ("Nonsense of any kind", "Nonsense of any kind"),
    ],
)
def test_what_a_fence_says_besides_the_language_is_kept(info: str, beside: str) -> None:
    """A file name, a title, a language that Notion does not know: whatever the language does not say."""
    assert beside_language(info) == beside


@given(st.lists(st.sampled_from(["py", "title=x", "a/b.py", "12:", "{.sh", "}", "nonsense", "plain text"])))
def test_no_word_of_a_fence_is_lost(words: list[str]) -> None:
    """Each word is in what is shown, but for the one that is the language."""
    info = " ".join(words)
    shown = beside_language(info)
    lost = [word for word in words if word not in shown and any(map(str.isalnum, word))]
    assert len(lost) <= 1
    assert all(language(word) == language(info) for word in lost)
