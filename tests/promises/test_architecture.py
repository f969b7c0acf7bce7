"""Check who may import what, by the modules' syntax trees. Imports inside functions count."""

import ast
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
MODULES = sorted(
    path.relative_to(ROOT).as_posix()
    for path in [ROOT / "app.py", *(ROOT / "index").rglob("*.py"), *(ROOT / "qa").rglob("*.py")]
)
OWN = {"index", "qa", "app"}
MAX_LINES = 300

NOUNS = ("index.types", "index.errors")
# What the modules of a folder, or one module, may import of the project. The longest matching key holds.
MAY_IMPORT: dict[str, tuple[str, ...]] = {
    "app.py": ("index", "qa"),
    "index/__init__.py": ("index",),
    "index/__main__.py": ("index",),
    "index/types.py": (),
    "index/errors.py": (),
    "index/": (
        *NOUNS,
        "index.ahead",
        "index.changed_files",
        "index.compatibility",
        "index.divide",
        "index.embed_passages",
        "index.freed_memory",
        "index.freshness",
        "index.progress",
        "index.store",
        "index.ingest",
        "index.text",
        "index.embed",
    ),
    "index/log.py": (),
    "index/background_build.py": (*NOUNS, "index.build"),
    "index/atomic_write.py": (),
    "index/folder_size.py": (),
    "index/freed_memory.py": (),
    "index/library.py": ("index",),
    "index/text/": (*NOUNS, "index.text"),
    "index/embed/": (*NOUNS, "index.atomic_write", "index.embed"),
    "index/ingest/": (*NOUNS, "index.atomic_write", "index.ingest"),
    "index/ingest/readers/": (*NOUNS, "index.ingest.limits", "index.ingest.readers"),
    "index/store/": (
        *NOUNS,
        "index.atomic_write",
        "index.folder_size",
        "index.store",
        "index.text.analysis",
        "index.embed.late_interaction",
    ),
    "index/postgres/": (
        *NOUNS,
        "index.store.change_list",
        "index.store.protocols",
        "index.store.records",
        "index.store.schema",
        "index.text",
        "index.embed.late_interaction",
        "index.postgres",
    ),
    "index/worker.py": (*NOUNS, "index.embed_passages", "index.progress", "index.store.protocols"),
    "index/location.py": ("index",),
    "index/search/": (*NOUNS, "index.store", "index.text", "index.embed.late_interaction", "index.search"),
    "qa/__init__.py": ("qa",),
    "qa/__main__.py": ("index", "qa"),
    "qa/commands.py": ("index", "qa"),
    "qa/types.py": (*NOUNS,),
    "qa/errors.py": ("index.errors",),
    "qa/history.py": (*NOUNS, "qa.errors", "qa.answer", "qa.types"),
    "qa/question_log.py": (*NOUNS, "index.atomic_write", "qa.answer", "qa.types"),
    "qa/version.py": (),
    "qa/receipt.py": (*NOUNS, "qa.types", "qa.errors"),
    "qa/receipt_check.py": (*NOUNS, "qa.types", "qa.receipt"),
    "qa/markup.py": NOUNS,
    "qa/list_numbers.py": (*NOUNS, "qa.markup"),
    "qa/lines.py": (*NOUNS, "qa.list_numbers", "qa.markup"),
    "qa/formatting.py": (
        *NOUNS,
        "qa.answer",
        "qa.types",
        "qa.question_log",
        "qa.markup",
        "qa.lines",
        "qa.receipt_check",
    ),
    "qa/service.py": (
        *NOUNS,
        "qa.answer",
        "qa.evaluation",
        "qa.types",
        "qa.errors",
        "qa.history",
        "qa.question_log",
        "qa.receipt",
        "qa.version",
        "qa.written",
        "qa.formatting",
    ),
    "qa/written/options.py": ("index.ingest.limits", "qa.errors", "qa.written"),
    "qa/written/": (
        *NOUNS,
        "index.text",
        "index.embed.late_interaction",
        "qa.types",
        "qa.errors",
        "qa.answer",
        "qa.written",
    ),
    "qa/answer/": (*NOUNS, "index.text", "qa.list_numbers", "qa.types", "qa.answer"),
    "qa/evaluation/": (*NOUNS, "qa.types", "qa.errors", "qa.answer", "qa.history", "qa.evaluation"),
    "qa/evaluation/commands.py": ("index", "qa"),
    "qa/web/": (*NOUNS, "index.atomic_write", "index.folder_size", "qa"),
    # For types only: see test_the_page_imports_the_library_for_its_types_only.
    "qa/web/library.py": ("index.library", "index.status", "index.store.records"),
}
# Every library of weight has one importer, or a folder.
ONLY_IMPORTER = {
    "gradio": ("app.py", "qa/web/"),
    "jinja2": ("qa/web/",),
    "sentence_transformers": ("index/embed/",),
    "torch": ("index/embed/",),
    "openvino": ("index/embed/openvino_model.py",),
    "nncf": ("index/embed/openvino_model.py",),
    "platformdirs": ("index/embed/runtime.py",),
    "tokenizers": ("index/embed/",),
    "transformers": ("index/embed/",),
    "faiss": ("index/store/vector_index.py",),
    "sqlite3": ("index/store/",),
    "psycopg": ("index/postgres/",),
    "psycopg_pool": ("index/postgres/",),
    "sentencex": ("index/text/chunking.py",),
    "Stemmer": ("index/text/stemming.py",),
    "py3langid": ("index/text/language.py",),
    "rapidfuzz": ("index/text/spelling.py", "index/ingest/readers/pdf/", "qa/answer/requests.py"),
    "pathspec": ("index/ingest/scan.py",),
    "watchfiles": ("index/watch.py",),
    "charset_normalizer": ("index/ingest/readers/encoding.py",),
    "lxml": ("index/ingest/readers/",),
    "markdown_it": ("index/ingest/readers/",),
    "docutils": ("index/ingest/readers/rst.py", "index/ingest/readers/rst_directives.py"),
    "pylatexenc": ("index/ingest/readers/tex.py",),
    "striprtf": ("index/ingest/readers/rtf.py",),
    "python_calamine": ("index/ingest/readers/office/xls.py",),
    "icalendar": ("index/ingest/readers/calendar.py",),
    "oxmsg": ("index/ingest/readers/outlook.py",),
    "trafilatura": ("index/ingest/readers/html/main_content.py",),
    "docx": ("index/ingest/readers/office/",),
    "pptx": ("index/ingest/readers/office/",),
    "openpyxl": ("index/ingest/readers/office/",),
    "pypdfium2": ("index/ingest/readers/pdf/",),
    "sklearn": ("qa/evaluation/",),
    "openai": ("qa/written/connection.py",),
    "httpx": ("qa/written/connection.py",),
}


@cache
def imports(module: str) -> frozenset[str]:
    """The full names that a file imports; of `from a import b` both a and a.b."""
    return frozenset(_imports(ast.parse((ROOT / module).read_text("utf-8")), module))


def _imports(tree: ast.AST, module: str) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{module}: a relative import"
            # `from index import library` imports the module index.library.
            yield from (
                f"{node.module}.{alias.name}" if node.module in OWN else str(node.module) for alias in node.names
            )


def rule(module: str) -> tuple[str, ...]:
    """What a module may import of the project."""
    keys = [key for key in MAY_IMPORT if module == key or (key.endswith("/") and module.startswith(key))]
    assert keys, f"{module} has no rule: give its folder one."
    return MAY_IMPORT[max(keys, key=len)]


def violations(module: str, imported: frozenset[str]) -> list[str]:
    """What a module imports of the project and may not."""
    own = sorted(name for name in imported if name.split(".")[0] in OWN)
    allowed = rule(module)
    return [name for name in own if not any(name == one or name.startswith(f"{one}.") for one in allowed)]


@pytest.mark.parametrize("module", MODULES)
def test_a_module_imports_only_what_its_folder_may(module: str) -> None:
    assert violations(module, imports(module)) == []


def test_a_module_in_the_wrong_folder_is_found() -> None:
    searcher = imports("index/search/searcher.py")
    assert violations("index/search/searcher.py", searcher) == []
    assert "index.store.protocols" in violations("index/ingest/searcher.py", searcher)
    assert "index.text.analysis" in violations("index/embed/searcher.py", searcher)
    assert "index.search.fusion" in violations("index/store/searcher.py", searcher)
    assert violations("qa/answer/searcher.py", searcher) != []
    with pytest.raises(AssertionError, match=r"lib/searcher\.py has no rule"):
        rule("lib/searcher.py")


def test_the_page_imports_the_library_for_its_types_only() -> None:
    body = ast.parse((ROOT / "qa/web/library.py").read_text("utf-8")).body
    at_run_time = [
        node for node in body if not (isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING")
    ]
    assert set(_imports(ast.Module(at_run_time, []), "qa/web/library.py")) == {"typing"}


@pytest.mark.parametrize("library", ONLY_IMPORTER)
def test_a_library_is_imported_in_one_place(library: str) -> None:
    importers = [module for module in MODULES if library in {name.split(".")[0] for name in imports(module)}]
    allowed = ONLY_IMPORTER[library]
    assert [one for one in importers if not any(one == place or one.startswith(place) for place in allowed)] == []
    assert importers, f"Nothing imports {library}."


def test_types_and_errors_need_the_standard_library_only() -> None:
    for module in ("index/types.py", "index/errors.py"):
        assert {name.split(".")[0] for name in imports(module)} <= set(sys.stdlib_module_names)


@pytest.mark.parametrize("module", MODULES)
def test_no_module_is_long(module: str) -> None:
    assert len((ROOT / module).read_text("utf-8").splitlines()) <= MAX_LINES


@pytest.mark.parametrize("module", MODULES)
def test_every_folder_says_what_it_is_for(module: str) -> None:
    assert ast.get_docstring(ast.parse((ROOT / module).read_text("utf-8"))), f"{module} has no docstring."
