"""Functions are short and simple, and the names that were replaced do not come back."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from radon.complexity import cc_visit
from radon.visitors import Function

ROOT = Path(__file__).parents[2]
MODULES = [ROOT / "app.py", *sorted((ROOT / "index").rglob("*.py")), *sorted((ROOT / "qa").rglob("*.py"))]
TESTS = sorted(path for path in (ROOT / "tests").rglob("*.py") if path != Path(__file__))
DOCUMENTATION = [
    ROOT / "README.md",
    *sorted(path for folder in (".github", "index", "qa", "tests") for path in (ROOT / folder).rglob("*.md")),
]
MAX_LINES = 60
MAX_COMPLEXITY = 12  # as radon counts it: also `and`, `or`, comprehensions and their conditions

# Names of functions, classes, parameters, fields and constants that the project once had, by what replaced them.
REPLACED = {
    "ContextText": "Said said_text",
    "SearchResult": "Found",
    "maxsim": "word_score word_scores context_score",
    "bm25_rank": "keyword_rank",
    "semantic_rank": "meaning_rank",
    "ResolvedQuestion, FollowUp, resolve_follow_up": "Understood Leaning lean leaning",
    "unresolved_reference, is_underspecified, is_standalone": "dangling is_thin could_stand",
    "clarifying_questions": "meanings",
    "matches_answer_type": "fits",
    "select_quotes, QuoteSpan": "Quote",
    "was_quoted, quoted_in": "is_given was_given",
    "off_topic": "foreign is_foreign",
    "typo": "slip with_a_slip",
    "unrelated_history": "after_others",
    "BaselineSearcher": "PlainSearcher",
    "QAService": "Desk",
    "dump, validate, load": "sound",
    "QuestionLog, LoggedQuestion, AnswerChange": "remember Asked Changed",
    "LibraryStatus": "Standing standing",
    "files, FileStatus": "ledger LedgerEntry",
    "uploads, UploadError": "filing FilingError",
    "VectorSnapshot": "Derived derive _brought_up_to_date _nothing",
    "activate, remove_leftovers, update_checksum": "put_in_place sweep seal",
    "IndexWriter": "Staging",
    "Element": "Piece Pieces",
    "RequestFilter": "Guard",
    "Throttle": "Pace forgive",
    "PasswordHash": "Secret",
    "Handlers, Api": "Page Programs",
    "as_gradio_error": "telling_what_is_wrong",
    "is_ocr, ocr_pages": "recognised recognised_pages is_recognised",
    "no_history": "keep_no_questions",
    "action": "deed",
    "_THRESHOLD, DECAY": "NEAR ENOUGH SURE LEAST NOWHERE FADING",
    "RELEVANCE_, ANSWERABILITY_": "SUBJECT_BIAS SUBJECT_WEIGHTS HELD_BIAS HELD_WEIGHTS",
}
OLD_NAMES = {old: new for new, names in REPLACED.items() for old in names.split()}
OLD_CONSTANT = re.compile(r"_?(MOST|FEWEST|LONGEST|SHORTEST)(_|$)")
# Options that have an alias for one release: documentation names the new one.
OLD_OPTIONS = (
    "--most-mb --most-seconds --most-memory-mb --keep-no-questions --disturb --plain --foreign --after-others".split()
)
# Modules that have another name now.
OLD_MODULES = (
    "answering asked choosing conversing expecting narrowing suggesting questions reporting rendering desk chat cards "
    "reader_view shelves reviewing diagram guarding signing kept building verifying viewing watching reading "
    "scanning filing parsing pieces decoding unpacking recognition margins joining letters matching maintext "
    "htmltables word slides sheets cells splitting words languages weights tokens staging vectors derived searching "
    "ranking plain"
).split()


def over_limits(source: str) -> list[str]:
    """Return the functions of a module that are too long or have too many paths."""
    return [
        f"{found.fullname}: {found.endline - found.lineno + 1} lines, complexity {found.complexity}"
        for found in cc_visit(source)
        if isinstance(found, Function)
        and (found.endline - found.lineno >= MAX_LINES or found.complexity > MAX_COMPLEXITY)
    ]


def old_names(source: str) -> list[str]:
    """Return `line: name` for each name that a module defines and that was replaced."""
    return [
        f"{line}: {name} is {OLD_NAMES.get(name, 'MAX_ or MIN_')} now"
        for line, name in sorted(set(_defined(ast.parse(source))))
        if name in OLD_NAMES or OLD_CONSTANT.match(name)
    ]


def _defined(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """The names that a module defines for others: functions, classes, parameters, fields and constants."""
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            yield node.lineno, node.name
        elif isinstance(node, ast.arg):
            yield node.lineno, node.arg
        elif isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store):
            yield node.lineno, node.attr
        if isinstance(node, ast.Module | ast.ClassDef):
            yield from _assigned(node.body)


def _assigned(body: list[ast.stmt]) -> Iterator[tuple[int, str]]:
    """The names that statements assign, not those of comprehensions within."""
    for statement in body:
        targets = statement.targets if isinstance(statement, ast.Assign) else [getattr(statement, "target", None)]
        for target in targets:
            for node in ast.walk(target) if target else ():
                if isinstance(node, ast.Name):
                    yield node.lineno, node.id


def _path(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


@pytest.mark.parametrize("path", [*MODULES, *TESTS], ids=_path)
def test_no_function_is_long_or_complex(path: Path) -> None:
    found = over_limits(path.read_text("utf-8"))
    if path in TESTS:  # a test's asserts count as paths, so only its length is limited
        found = [one for one in found if int(one.split(": ")[1].split()[0]) > MAX_LINES]
    assert found == []


def test_a_long_and_a_complex_function_are_found() -> None:
    long = "def long():\n" + "    pass\n" * 60
    complex_ = "def complex():\n    return " + " or ".join(f"x{number}" for number in range(13)) + "\n"
    assert over_limits(long + complex_) == ["long: 61 lines, complexity 1", "complex: 2 lines, complexity 13"]
    assert over_limits(long.replace("    pass\n", "", 1) + complex_.replace(" or x12", "")) == []


@pytest.mark.parametrize("path", [*MODULES, *TESTS], ids=_path)
def test_no_old_name_is_defined(path: Path) -> None:
    assert old_names(path.read_text("utf-8")) == []


def test_an_old_name_is_found_where_it_is_defined_and_not_where_a_library_has_it() -> None:
    source = "MOST_TURNS = 3\nclass Desk: ...\ndef ask(deed): self.standing = given = parser.choices\n"
    assert old_names(source) == [
        "1: MOST_TURNS is MAX_ or MIN_ now",
        "2: Desk is QAService now",
        "3: deed is action now",
        "3: standing is LibraryStatus now",
    ]


@pytest.mark.parametrize("path", DOCUMENTATION, ids=_path)
def test_documentation_names_no_old_option(path: Path) -> None:
    named = set(re.findall(r"(?<![\w-])--[a-z][a-z-]*", path.read_text("utf-8")))
    assert named & set(OLD_OPTIONS) == set()


def test_no_module_has_an_old_name() -> None:
    assert [_path(path) for path in MODULES if path.stem in OLD_MODULES] == []
