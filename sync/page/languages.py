"""The languages that a code block of Notion can have, and what writers of markdown call them."""

import re
from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Final

PLAIN_TEXT: Final = "plain text"

_NOTION: Final = (
    "abap | abc | agda | arduino | ascii art | assembly | bash | basic | bnf | c | c# | c++ | clojure | "
    "coffeescript | coq | css | dart | dhall | diff | docker | ebnf | elixir | elm | erlang | f# | "
    "flow | fortran | gherkin | glsl | go | graphql | groovy | haskell | hcl | html | idris | java | "
    "java/c/c++/c# | javascript | json | julia | kotlin | latex | less | lisp | livescript | llvm ir | "
    "lua | makefile | markdown | markup | matlab | mathematica | mermaid | nix | notion formula | "
    "objective-c | ocaml | pascal | perl | php | plain text | powershell | prolog | protobuf | "
    "purescript | python | r | racket | reason | ruby | rust | sass | scala | scheme | scss | shell | "
    "smalltalk | solidity | sql | swift | toml | typescript | vb.net | verilog | vhdl | visual basic | "
    "webassembly | xml | yaml"
)

LANGUAGES: Final = frozenset(_NOTION.split(" | "))
"""Notion's closed list. Source: `LanguageRequest` of Notion's SDK."""

_ALIASES_OF: Final = {
    "assembly": "asm nasm masm x86asm s armasm",
    "ascii art": "ascii ascii-art asciiart",
    "bash": "zsh ksh fish bashrc zshrc bats",
    "basic": "bas qbasic",
    "c": "h",
    "c#": "cs csharp c-sharp csx",
    "c++": "cpp cxx cc hpp hxx hh cplusplus arduino-cpp",
    "clojure": "clj cljs cljc edn",
    "coffeescript": "coffee",
    "diff": "patch udiff git-diff",
    "docker": "dockerfile containerfile docker-file",
    "elixir": "ex exs heex eex iex",
    "erlang": "erl hrl",
    "f#": "fs fsharp fsx fsi f-sharp",
    "fortran": "f f77 f90 f95",
    "gherkin": "feature cucumber",
    "glsl": "shader vert frag hlsl wgsl",
    "go": "golang gomod go-mod gotmpl",
    "graphql": "gql graphqls",
    "groovy": "gradle jenkinsfile gvy",
    "haskell": "hs lhs",
    "hcl": "tf terraform tfvars tofu nomad packer",
    "html": "htm xhtml html5 vue svelte astro erb ejs hbs handlebars jinja jinja-html django twig njk liquid",
    "java": "jsp javadoc",
    "javascript": "js jsx mjs cjs node nodejs es6 ecmascript javascriptreact",
    "json": "jsonc json5 jsonl ndjson geojson ipynb webmanifest jsonld json-ld",
    "julia": "jl",
    "kotlin": "kt kts",
    "latex": "tex bibtex bib sty",
    "lisp": "elisp emacs-lisp common-lisp commonlisp cl el lsp",
    "livescript": "ls",
    "llvm ir": "llvm ll",
    "makefile": "make mk gnumakefile cmake just justfile",
    "markdown": "md mdx mdown mkd markdown-it rmd qmd gfm",
    "markup": "sgml",
    "matlab": "octave",
    "mathematica": "wolfram wl nb",
    "mermaid": "mmd",
    "nix": "nixos",
    "objective-c": "objc objectivec obj-c objective-c++ objcpp mm",
    "ocaml": "ml mli",
    "pascal": "pas delphi dpr objectpascal",
    "perl": "pl pm perl6 raku",
    "php": "php3 php4 php5 phtml",
    "plain text": "text txt plain plaintext",
    "powershell": "ps1 pwsh posh psm1 psd1 ps",
    "prolog": "swipl",
    "protobuf": "proto proto2 proto3 protocol-buffers",
    "purescript": "purs",
    "python": "py py3 python3 python2 pyi pycon ipython ipython3 pyx cython gyp starlark bzl bazel pytb",
    "r": "rscript rlang splus",
    "racket": "rkt",
    "reason": "reasonml re rescript",
    "ruby": "rb rbs irb gemfile rakefile podfile gemspec",
    "rust": "rs rust-script",
    "scala": "sc sbt",
    "scheme": "scm",
    "shell": "sh console shell-session shellsession sh-session bash-session terminal tty cmdline command "
    "commandline shellscript shell-script posix",
    "smalltalk": "st squeak pharo",
    "solidity": "sol",
    "sql": "mysql postgres postgresql pgsql psql plsql plpgsql tsql t-sql sqlite sqlite3 mariadb hql "
    "bigquery snowflake duckdb cql ddl dml",
    "toml": "pipfile",
    "typescript": "ts tsx mts cts deno typescriptreact",
    "vb.net": "vbnet vb-net",
    "verilog": "v sv systemverilog svh",
    "visual basic": "vb vba vbs vbscript visualbasic",
    "webassembly": "wasm wat wast",
    "xml": "svg xsd xsl xslt plist rss atom wsdl pom xaml csproj",
    "yaml": "yml eyaml kubernetes k8s helm docker-compose compose cloudformation openapi github-actions",
}

_NAMED: Final[Mapping[str, str]] = MappingProxyType(
    {alias: name for name, aliases in _ALIASES_OF.items() for alias in aliases.split()}
    | {name: name for name in LANGUAGES}
)

_WORD: Final = re.compile(r"[^\s,:;{}=()\[\]]+")
_SIGNS: Final = " \t,:;="
_VERSION: Final = re.compile(r"[\d.]+$")


def language(info: str) -> str:
    """Return the language of Notion that the info string of a fence means; plain text when it has none."""
    return next((_NAMED[word] for word in _candidates(info.strip().lower()) if word in _NAMED), PLAIN_TEXT)


def beside_language(info: str) -> str:
    """Return what the info string of a fence says besides the language, such as a file name; else nothing."""
    if info.strip().lower() in _NAMED:
        return ""
    first = _WORD.search(info)
    if first is None:
        return ""
    word = _bare(first[0].lower())
    is_language = word in _NAMED or _VERSION.sub("", word) in _NAMED
    rest = info[first.end() :].lstrip(_SIGNS).rstrip() if is_language else info.strip()
    return rest if any(map(str.isalnum, rest)) else ""


def _candidates(info: str) -> Iterator[str]:
    yield info
    words = _WORD.findall(info)
    if not words:
        return
    word = _bare(words[0])
    yield word
    yield _VERSION.sub("", word)
    yield words[0].rpartition(".")[2]
    yield words[-1].rpartition(".")[2] if word.isdecimal() else ""


def _bare(word: str) -> str:
    return word.lstrip(".").removeprefix("language-").removeprefix("lang-")
