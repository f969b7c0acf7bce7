"""Who may import what, by the modules' syntax trees; imports inside functions count."""

import ast
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
MODULES = sorted([ROOT / "app.py", *(ROOT / "index").rglob("*.py"), *(ROOT / "qa").rglob("*.py")])
ONLY_IMPORTER = {
    "gradio": {"app.py"},
    "sentence_transformers": {"index/encoder.py"},
    "torch": {"index/encoder.py"},
    "openvino": {"index/encoder.py"},
    "tokenizers": {"index/encoder.py"},
    "transformers": {"index/encoder.py"},
    "faiss": {"index/vectors.py"},
    "sqlite3": {"index/store.py"},
    "Stemmer": {"index/words.py"},
    "py3langid": {"index/languages.py"},
    "pathspec": {"index/scanning.py"},
    "watchfiles": {"index/watching.py"},
    "charset_normalizer": {"index/readers/decoding.py"},
    "openpyxl": {"index/readers/sheets.py"},
    "pypdfium2": {"index/readers/pdf.py", "index/readers/letters.py", "index/readers/pictures.py"},
}


def name(path):
    return path.relative_to(ROOT).as_posix()


def imports(path):
    """The full names of the modules that a file imports."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{name(path)}: a relative import"
            yield str(node.module)


@pytest.mark.parametrize("library", ONLY_IMPORTER)
def test_a_library_has_one_importer(library):
    assert {name(path) for path in MODULES if library in {found.split(".")[0] for found in imports(path)}} == (
        ONLY_IMPORTER[library]
    )


def test_the_index_knows_nothing_of_what_stands_on_it():
    for path in MODULES:
        if name(path).startswith("index/"):
            assert not {found.split(".")[0] for found in imports(path)} & {"qa", "app"}, name(path)


def test_qa_knows_the_index_by_its_types_and_errors_only():
    for path in MODULES:
        if name(path).startswith("qa/") and path.name != "__main__.py":
            foreign = {found for found in imports(path) if found.split(".")[0] not in {"qa", *sys.stdlib_module_names}}
            assert foreign <= {"index.types", "index.errors"}, name(path)


def test_no_module_is_long():
    most = {"app.py": 600}  # it alone may import gradio, so the whole page is in it
    long = [name(path) for path in MODULES if len(path.read_text("utf-8").splitlines()) > most.get(name(path), 420)]
    assert long == []


def test_readers_know_nothing_of_the_index_they_read_for():
    known = {"index.errors", "index.limits", "index.types"}
    for path in MODULES:
        if path.parent.name == "readers":
            own = {found for found in imports(path) if found.split(".")[0] == "index"}
            assert {found for found in own if not found.startswith("index.readers")} <= known, name(path)
