"""Receipts: an untouched one holds, and every kind of tampering is found."""

import json
import re
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

import qa.__main__ as qa_command
from index.errors import ReadingError
from index.ingest.formats import read
from qa.errors import ReceiptError
from qa.receipt import Receipt, digest_of, make_receipt, read_receipt, to_text
from qa.receipt_check import check_receipt
from qa.types import Answer, Citation, NoAnswer, Statement

ROOT = Path(__file__).parents[2]
QUESTION = "How long does green tea steep?"


@pytest.fixture
def ask(monkeypatch, encoder, folder, index, capsys):
    """Run `footnote` on the folder; the exit status, standard output and standard error."""
    monkeypatch.setattr("qa.commands.load_encoder", lambda name, cache: encoder)

    def run(*arguments):
        status = qa_command.main([*map(str, arguments), "--sources", str(folder), "--index", str(index)])
        return status, *capsys.readouterr()

    return run


@pytest.fixture
def saved(ask, tmp_path):
    """The file of a receipt about tea.md."""
    file = tmp_path / "receipt.json"
    assert ask("ask", QUESTION, "--receipt", file)[0] == 0
    return file


def test_a_receipt_has_the_quote_with_the_hash_of_its_file(saved, folder):
    receipt = read_receipt(saved.read_text("utf-8"))
    quote = receipt.citations[0]
    assert (receipt.question, receipt.answered, receipt.written, receipt.model) == (QUESTION, True, False, "fake")
    assert (folder / quote.document).read_text("utf-8")[quote.start : quote.end] == quote.quote
    assert quote.quote == "Green tea steeps for two minutes."
    assert [(one.text, one.citations) for one in receipt.statements[:1]] == [(quote.quote, [1])]


def test_an_untouched_receipt_holds(ask, saved):
    status, out, error = ask("verify", saved)
    assert (status, out.splitlines()[0], error) == (0, "[1] holds: tea.md", "")
    data = json.loads(ask("verify", saved, "--json")[1])
    assert (data["holds"], data["quotes"][0]["state"], data["problems"]) == (True, "holds", [])


def test_verify_without_a_receipt_checks_the_index(ask, saved):
    assert ask("verify")[:2] == (0, "The index is sound.\n")


@pytest.mark.parametrize(
    ("edit", "line"),
    [
        (lambda text: "New.\n\n" + text, "[1] moved: tea.md. The quote is at [23, 56)."),
        (lambda text: text + "\nNew.\n", "[1] changed: tea.md. The file has changed. It still has the quote"),
        (lambda text: text.replace("two", "ten"), "[1] changed: tea.md. The document does not have the quote."),
        (None, "[1] gone: tea.md. tea.md cannot be opened (No such file or directory)"),
    ],
)
def test_an_edited_file_is_found(ask, saved, folder, edit, line):
    file = folder / "tea.md"
    text = file.read_text("utf-8")
    file.unlink()
    if edit:
        file.write_text(edit(text), "utf-8")
    status, out, _ = ask("verify", saved)
    assert (status, out[: len(line)]) == (1, line)


def test_a_receipt_of_what_was_declined_has_no_quotes(ask, tmp_path):
    file = tmp_path / "declined.json"
    ask("ask", "Who won the cup?", "--receipt", file)
    receipt = read_receipt(file.read_text("utf-8"))
    assert (receipt.answered, receipt.message) == (False, "The documents do not answer this.")
    assert ask("verify", file)[:2] == (0, "The receipt has no quotes.\n")


TEXT = "Tea is hot. Milk is cold. Ice is raw."
DOCUMENT = read("a.txt", TEXT.encode())


def _read(path):
    if path != "a.txt":
        raise ReadingError(f"{path} cannot be opened.")
    return DOCUMENT


@pytest.fixture
def written():
    """The receipt of a written answer with two sentences and two quotes."""
    from index.types import Passage

    passage = Passage(path="a.txt", start=0, end=len(TEXT), text=TEXT, section=("Drinks",))
    citations = tuple(
        Citation(number=number, quote=TEXT[start:end], start=start, end=end, passage=passage)
        for number, (start, end) in enumerate([(0, 11), (12, 25)], 1)
    )
    statements = (
        Statement(text="Tea comes hot.", support="supported", citations=(1,)),
        Statement(text="Milk is cold in 2019.", support="partly", citations=(2,), missing=("2019",)),
    )
    reply = Answer(
        question="Is tea hot?",
        citations=citations,
        confidence=0.9,
        generation=3,
        statements=statements,
        writer="small at localhost:11434",
    )
    return make_receipt(reply, lambda path: DOCUMENT, "mini", "0.1.0")


def _edited(receipt: Receipt, **changes: object) -> Receipt:
    return replace(receipt, **changes)


def _quote(receipt: Receipt, **changes: object) -> Receipt:
    return replace(receipt, citations=[replace(receipt.citations[0], **changes), *receipt.citations[1:]])


def _statement(receipt: Receipt, **changes: object) -> Receipt:
    return replace(receipt, statements=[replace(receipt.statements[0], **changes), *receipt.statements[1:]])


# What a tamperer may do, and whether it is found even if the digest is computed again.
TAMPERING = {
    "the quote has another word": (lambda one: _quote(one, quote="Tea is raw."), True),
    "the quote is empty": (lambda one: _quote(one, quote="", start=3, end=3), True),
    "the quote starts elsewhere": (lambda one: _quote(one, start=1), True),
    "the quote ends elsewhere": (lambda one: _quote(one, end=12), True),
    "the range counts from the end": (lambda one: _quote(one, start=-37, end=-26), True),
    "the range is far away": (lambda one: _quote(one, start=10**9, end=10**9 + 11), True),
    "the quote is of another document": (lambda one: _quote(one, document="b.txt"), True),
    "the document is outside the folder": (lambda one: _quote(one, document="../a.txt"), True),
    "the hash is another": (lambda one: _quote(one, sha256="0" * 64), True),
    "the page is another": (lambda one: _quote(one, page=7), True),
    "the section is another": (lambda one: _quote(one, section="Food"), False),
    "the number is another": (lambda one: _quote(one, number=9), True),
    "a quote is removed": (lambda one: _edited(one, citations=one.citations[1:]), True),
    "a quote is added": (lambda one: _edited(one, citations=[*one.citations, one.citations[0]]), True),
    "the quotes are in another order": (lambda one: _edited(one, citations=one.citations[::-1]), True),
    "a sentence has other words": (lambda one: _statement(one, text="Tea comes cold."), False),
    "a sentence cites another quote": (lambda one: _statement(one, citations=[2]), False),
    "a sentence cites no quote": (lambda one: _statement(one, citations=[]), True),
    "a sentence cites a quote that is not there": (lambda one: _statement(one, citations=[99]), True),
    "a sentence is supported now": (
        lambda one: _edited(one, statements=[replace(s, support="supported", missing=[]) for s in one.statements]),
        False,
    ),
    "what is missing is another": (lambda one: _statement(one, missing=["x"]), False),
    "a sentence is removed": (lambda one: _edited(one, statements=one.statements[:1]), False),
    "the question is another": (lambda one: _edited(one, question="Is ice hot?"), False),
    "the confidence is higher": (lambda one: _edited(one, confidence=1.0), False),
    "it was not written": (lambda one: _edited(one, written=False), True),
    "it was declined": (lambda one: _edited(one, answered=False), False),
    "the language model is another": (lambda one: _edited(one, writer="large at localhost:11434"), False),
    "the generation is another": (lambda one: _edited(one, generation=4), False),
    "the model is another": (lambda one: _edited(one, model="large"), False),
    "the version is another": (lambda one: _edited(one, footnote="9"), False),
    "the date is another": (lambda one: _edited(one, created="2001-01-01T00:00:00+00:00"), False),
    "the digest is another": (lambda one: _edited(one, digest="0" * 64), False),
}


def test_the_written_receipt_holds_and_survives_json(written):
    assert read_receipt(to_text(written)) == written
    assert check_receipt(written, _read).holds


@pytest.mark.parametrize("kind", TAMPERING)
def test_tampering_is_found(written, kind):
    tamper, is_found_anyway = TAMPERING[kind]
    tampered = tamper(written)
    assert tampered != written
    assert not check_receipt(read_receipt(to_text(tampered)), _read).holds
    signed = replace(tampered, digest=digest_of(tampered))
    assert check_receipt(signed, _read).holds != is_found_anyway


def test_a_changed_quoted_sentence_is_found(saved, folder):
    receipt = read_receipt(saved.read_text("utf-8"))
    tampered = _statement(receipt, text="Green tea steeps for ten minutes.")
    check = check_receipt(
        replace(tampered, digest=digest_of(tampered)), lambda path: read(path, (folder / path).read_bytes())
    )
    assert check.problems == ("Sentence 1 differs from its quote.",)


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("{", "Invalid JSON: EOF while parsing an object"),
        ("[]", "Input should be an object"),
        ("{}", "receipt: Field required"),
        ('{"receipt": 2}', "receipt: Input should be 1"),
    ],
)
def test_a_file_that_is_no_receipt_is_one_sentence(text, problem):
    with pytest.raises(ReceiptError, match=f"This is not a valid receipt .{re.escape(problem)}"):
        read_receipt(text)


def test_an_added_key_makes_a_receipt_invalid(written):
    data = json.loads(to_text(written)) | {"approved": True}
    with pytest.raises(ReceiptError, match="approved: Unexpected keyword argument"):
        read_receipt(json.dumps(data))


def test_a_receipt_that_is_missing_or_cannot_be_written_is_one_sentence(ask, tmp_path):
    status, _, error = ask("verify", tmp_path / "none.json")
    assert (status, error) == (
        1,
        f"{tmp_path / 'none.json'} cannot be read (No such file or directory): name a file of ask --receipt.\n",
    )
    status, _, error = ask("ask", QUESTION, "--receipt", tmp_path / "no" / "file.json")
    assert (status, "cannot be written (No such file or directory)" in error) == (1, True)
    assert ask("ask", "--receipt", tmp_path / "a.json")[2].startswith("A receipt is of one answer")


def test_the_program_of_the_readme_checks_a_receipt(saved, folder, tmp_path):
    (program,) = [
        block
        for block in re.findall(r"^```python\n(.*?)^```$", (ROOT / "README.md").read_text("utf-8"), re.M | re.S)
        if "sha256" in block
    ]
    assert len(program.strip().splitlines()) <= 10
    run = [sys.executable, "-c", program, str(saved), str(folder)]
    out = subprocess.run(run, capture_output=True, text=True, check=True).stdout
    assert out.startswith("[1] holds: tea.md\n") and "fails" not in out
    (folder / "tea.md").write_text("Green tea.", "utf-8")
    out = subprocess.run(run, capture_output=True, text=True, check=True).stdout
    assert out.startswith("[1] fails: tea.md\n") and "holds" not in out


def test_a_receipt_of_no_answer_can_be_made():
    receipt = make_receipt(NoAnswer(question="Why?"), lambda path: None, "mini", "0.1.0")
    assert (receipt.message, receipt.statements, receipt.citations) == ("The documents do not answer this.", [], [])


def test_a_receipt_is_not_made_after_its_document_has_changed(library, service, folder):
    reply = service.ask(QUESTION)
    assert check_receipt(service.receipt(reply), lambda path: read(path, (folder / path).read_bytes())).holds
    (folder / "tea.md").write_text("Green tea steeps for ten minutes.\n", "utf-8")
    library.start_build()
    library.wait()
    with pytest.raises(ReceiptError, match=r"tea\.md has changed since this answer"):
        service.receipt(reply)
