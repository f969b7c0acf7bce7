"""Texts that people read are in plain modern English: words that were hard to read do not come back."""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
CODE = [ROOT / "app.py", *sorted((ROOT / "index").rglob("*.py")), *sorted((ROOT / "qa").rglob("*.py"))]
PROSE = [
    *sorted(ROOT.glob("*.md")),
    *sorted(path for folder in (".github", "index", "qa", "tests") for path in (ROOT / folder).rglob("*.md")),
    *sorted(path for path in (ROOT / "qa" / "web").rglob("*") if path.suffix in (".html", ".js")),
]
# The words that must not come back, as regular expressions, with what to write instead.
INSTEAD = {
    r"made out|makes? out": "recognised by OCR",
    r"(put|puts|putting) right": "fix, correct",
    r"by itself|by themselves": "automatically, as a new question",
    r"anew|afresh": "again",
    r"(is|are|was|were|be) said": "name who says it, or show it",
    r"told|tells? (apart|how|of)|tell(ing)? apart": "show, distinguish, detect",
    r"pass(ed|es) over": "skip",
    r"(is|are|was|were|be) kept as|keeps? to": "saved as, moved to",
    r"of (which|whom|such)": "two sentences",
    r"whom": "who, or two sentences",
    r"so many": "a number, `count`",
    r"of (its|their|his) own|of one's own": "its own, separate",
    r"shelf|shelves|ledger|deed": "library, files, action",
    r"(lean|leans|leaning|leant) on": "depend on, follow up",
    r"slips?( of spelling)?": "typo",
    r"the plain way": "the baseline",
    r"meaning rank|nearness|near(est)? in meaning": "semantic rank, similarity",
    r"word by word": "late interaction",
    r"in full": "completely, partly",
    r"(stands?|standing) alone": "is standalone, is complete",
    r"what is (so|said|asked|held|gathered)": "name it",
    r"(if|where) (it is |that is )?wanted": "optional",
    r"bears? on": "is relevant to",
    r"under way": "running",
    r"… (is|are) (added|removed)": "Added X. Removed X.",
    r"thereof|therein|thereby|whereby|wherein|herein|hence|thus|lest|whilst|amongst|ere|oft|nought|aught": (
        "plain modern English"
    ),
    r"telling (?!you|us)\w+": "name it",
    r"the same after|the same but": "say what it returns",
    r"where there (is|are) (none|no|one)": "if",
}
HARD = re.compile("|".join(rf"(?<!\w)(?:{words})(?!\w)" for words in INSTEAD), re.IGNORECASE)


@dataclass(frozen=True, kw_only=True)
class Text:
    """A text that people read, and the line where it begins."""

    line: int
    text: str


def hard_words(texts: Iterator[Text]) -> list[str]:
    """Return `line: word` for each hard word of some texts."""
    return [
        f"{text.line + text.text[: found.start()].count(chr(10))}: {found.group()} in {_around(text.text, found)!r}"
        for text in texts
        for found in HARD.finditer(text.text)
    ]


def texts_of(source: str) -> Iterator[Text]:
    """Yield what people read of a module: the first lines of docstrings, and literals of two words or more.

    Lists of words, `"a b".split()`, and regular expressions are skipped.
    """
    tree = ast.parse(source)
    docstrings = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            first = node.body[0] if node.body else None
            if isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant):
                docstrings.add(first.value)
                if isinstance(first.value.value, str):
                    yield Text(line=first.lineno, text=first.value.value.strip().split("\n\n")[0])
    skipped = {part for node in ast.walk(tree) if _is_no_text(node) for part in ast.walk(node)} | docstrings
    skipped |= {part for node in ast.walk(tree) if isinstance(node, ast.JoinedStr) for part in node.values}
    for node in ast.walk(tree):
        if node not in skipped and (literal := _literal(node)) and " " in literal.strip() and not _is_pattern(literal):
            yield Text(line=node.lineno, text=literal)  # type: ignore[attr-defined]


def prose_of(source: str, is_script: bool = False) -> Iterator[Text]:
    """Yield a document without what it has as `code`, or the comments and strings of a script."""
    if is_script:
        for found in re.finditer(r"//.*|'[^'\n]*'|\"[^\"\n]*\"|`[^`]*`", source):
            yield Text(line=source[: found.start()].count("\n") + 1, text=found.group())
        return
    yield Text(line=1, text=re.sub(r"`[^`\n]+`", lambda code: "·" * len(code.group()), source))


def _literal(node: ast.AST) -> str:
    """The text of a literal; of an f-string with … for its values."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    if isinstance(node, ast.JoinedStr):
        return "".join(str(part.value) if isinstance(part, ast.Constant) else "…" for part in node.values)
    return ""


def _is_no_text(node: ast.AST) -> bool:
    """Is it a list of words, as `"a b".split()`, or a call of `re`?"""
    if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
        return False
    value = node.func.value
    return (node.func.attr == "split" and bool(_literal(value))) or (isinstance(value, ast.Name) and value.id == "re")


def _is_pattern(literal: str) -> bool:
    """Is it a part of a regular expression?"""
    return "|" in literal or "(?" in literal or r"\b" in literal


def _around(text: str, found: re.Match[str]) -> str:
    return " ".join(text[max(0, found.start() - 30) : found.end() + 30].split())


@pytest.mark.parametrize("path", CODE, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_messages_and_docstrings_have_no_hard_words(path: Path) -> None:
    assert hard_words(texts_of(path.read_text("utf-8"))) == []


@pytest.mark.parametrize("path", PROSE, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_documentation_and_the_page_have_no_hard_words(path: Path) -> None:
    assert hard_words(prose_of(path.read_text("utf-8"), path.suffix == ".js")) == []


def test_a_hard_word_is_found_with_its_line_and_lists_of_words_are_not_read() -> None:
    source = (
        '"""Do a thing anew."""\n'
        'WORDS = "who whom whose".split()\n'
        'PATTERN = re.compile(r"who or whom")\n'
        "def act(name):\n"
        '    raise Failure(f"{name} is not read: "\n'
        '                  "save it anew.")\n'
    )
    assert hard_words(texts_of(source)) == [
        "1: anew in 'Do a thing anew.'",
        "5: anew in '… is not read: save it anew.'",
    ]
