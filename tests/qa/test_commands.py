import io
import json
import re
import sys
from types import SimpleNamespace

import pytest
from filelock import FileLock

import index.__main__ as index_command
import qa.__main__ as qa_command
from index.store.embedded import LOCK_NAME

ETHIOPIA = "Coffee comes from Ethiopia. Espresso takes thirty seconds."


@pytest.fixture
def run_index(monkeypatch, encoder, folder, index, capsys):
    """Run python -m index on the folder; the exit status, standard output and standard error."""
    monkeypatch.setattr("index.embed.encoder.load_encoder", lambda name, cache: encoder)
    return lambda command, *rest: _run("index", capsys, command, "--sources", folder, "--index", index, *rest)


@pytest.fixture
def run_qa(monkeypatch, encoder, folder, index, capsys):
    """Run python -m qa on the folder; the exit status, standard output and standard error."""
    for module in ("qa.commands", "qa.evaluation.commands"):
        monkeypatch.setattr(f"{module}.load_encoder", lambda name, cache: encoder)
    return lambda *rest: _run("qa", capsys, *rest, "--sources", folder, "--index", index)


def _run(package, capsys, *arguments):
    main = {"index": index_command.main, "qa": qa_command.main}[package]
    return main([str(argument) for argument in arguments]), *capsys.readouterr()


def test_build_status_and_verify(run_index, folder):
    said = "2 added; passages: 3 added; 3 embedded; generation 1 holds 2 documents, 3 passages.\n"
    assert run_index("build") == (0, said, "")
    (folder / "coffee.txt").unlink()
    status, out, _ = run_index("status")
    assert (status, out.splitlines()[-1]) == (0, "Since then: 1 removed.")
    status, out, _ = run_index("verify")
    assert (status, out.split(":")[0]) == (
        1,
        "coffee.txt is in the index, but coffee.txt cannot be opened (No such file or directory)",
    )
    run_index("build")
    assert run_index("verify") == (0, "The index is sound.\n", "")


def test_what_a_build_changed_is_said_by_it_and_kept_for_status(run_index, folder):
    run_index("build")
    (folder / "tea.md").rename(folder / "leaves.md")
    (folder / "coffee.txt").write_text("Coffee comes from Yemen.")
    said = ["renamed tea.md to leaves.md (passages: 2 unchanged).", "edited coffee.txt (passages: 1 added, 1 removed)."]
    counts = "1 renamed, 1 edited; passages: 1 added, 1 removed, 2 unchanged"
    out = run_index("build")[1].splitlines()
    assert out == [*said, f"{counts}; 1 embedded; generation 2 holds 2 documents, 3 passages."]
    assert run_index("status")[1].splitlines()[3:6] == [f"Last build: {counts}.", *said]
    assert run_index("build")[1].startswith("nothing changed; ")
    changes = json.loads(run_index("status", "--json")[1])["changes"]
    assert (changes["counts"], changes["added"]) == ({"renamed": 1, "edited": 1}, 1)


def test_status_as_data(run_index):
    run_index("build")
    data = json.loads(run_index("status", "--json")[1])
    assert (data["documents"], data["passages"], data["generation"], data["current"]) == (2, 3, 1, True)


def test_the_text_of_a_document_is_printed_as_it_was_read(run_index, folder):
    run_index("build")
    assert run_index("text", "tea.md")[1] == (folder / "tea.md").read_text("utf-8")
    assert json.loads(run_index("text", "tea.md", "--json")[1])["title"] == "Tea"
    status, _, error = run_index("text", "none.md")
    assert (status, error) == (1, "The index has no document none.md: index status --files lists them all.\n")


def test_status_names_every_file_and_what_became_of_it(run_index, folder):
    (folder / "bad.txt").write_bytes(b"a\0b")
    (folder / "copy.md").write_bytes((folder / "tea.md").read_bytes())
    (folder / "picture.png").write_bytes(b"")
    run_index("build")
    told = run_index("status", "--files")[1].splitlines()[5:]
    assert told == [
        "bad.txt is not text: save it as UTF-8 text, or leave it out.",
        "coffee.txt: 59 characters, 1 passage.",
        "copy.md: 97 characters, 2 passages.",
        "picture.png is skipped because .png files are not read.",
        "tea.md is a copy of copy.md.",
    ]
    assert "coffee.txt" not in run_index("status")[1]
    states = {entry["path"]: entry["state"] for entry in json.loads(run_index("status", "--json")[1])["files"]}
    assert states["picture.png"] == "skipped" and states["tea.md"] == "copy"


def test_a_file_that_cannot_be_read_is_one_line_and_status_1(run_index, folder):
    (folder / "bad.txt").write_bytes(b"a\0b")
    status, out, error = run_index("build")
    assert (status, error) == (1, "bad.txt is not text: save it as UTF-8 text, or leave it out.\n")
    assert out.endswith("2 documents, 3 passages.\n")


def test_ask_builds_first_says_so_and_answers(run_qa):
    assert run_qa("ask", "Where does coffee come from?") == (
        0,
        f"{ETHIOPIA}[^1]\n\n[^1]: coffee.txt\n\n",
        "There is no index yet: building.\n",
    )
    assert run_qa("ask", "How long does green tea steep?")[2] == ""


def test_after_an_edit_ask_says_what_changed_and_answers_anew(run_qa, folder):
    run_qa("ask", "tea")
    (folder / "coffee.txt").write_text("Coffee comes from Yemen.")
    _, out, error = run_qa("ask", "Where does coffee come from?", "--json")
    assert error == "The folder has changed (1 edited): building.\n"
    assert json.loads(out)["answer"] == "Coffee comes from Yemen."


def test_no_build_answers_from_what_is_there_and_marks_it(run_qa, folder):
    run_qa("ask", "tea")
    (folder / "coffee.txt").write_text("Coffee comes from Yemen.")
    _, out, error = run_qa("ask", "Where does coffee come from?", "--json", "--no-build")
    citation = json.loads(out)["citations"][0]
    assert (citation["quote"], citation["current"], error) == (ETHIOPIA, False, "")


def test_questions_come_line_by_line_and_quotes_can_be_checked(run_qa, folder, monkeypatch):
    lines = 'How long does green tea steep?\n\n{"question": "Where does coffee come from?", "history": []}\nzebra?\n'
    monkeypatch.setattr("sys.stdin", io.StringIO(lines))
    _, out, _ = run_qa("ask", "--json", "--k", "2")
    replies = [json.loads(line) for line in out.splitlines()]
    assert [reply["answered"] for reply in replies] == [True, True, False]
    for citation in (citation for reply in replies for citation in reply["citations"]):
        text = (folder / citation["document"]).read_bytes().decode("utf-8")
        assert text[citation["start"] : citation["end"]] == citation["quote"]
    assert [len(reply["hits"]) for reply in replies[:2]] == [2, 2]


def test_a_line_may_carry_the_turns_before_it(run_qa, monkeypatch):
    history = [{"role": "user", "content": "How long does black tea steep?"}, {"role": "assistant", "content": "Long."}]
    lines = json.dumps({"question": "And green tea?", "history": history}) + "\nAnd green tea?\n"
    monkeypatch.setattr("sys.stdin", io.StringIO(lines))
    followed, alone = (json.loads(line) for line in run_qa("ask", "--json")[1].splitlines())
    assert (followed["follows"], alone["follows"]) == ("How long does black tea steep?", "")
    assert (followed["answer"], followed["choices"]) == ("Green tea steeps for two minutes.", [])


def test_an_invalid_history_is_one_line_and_status_1(run_qa, monkeypatch):
    monkeypatch.setattr("sys.stdin", io.StringIO('{"question": "tea", "history": [{"role": "robot"}]}\n'))
    status, out, error = run_qa("ask", "--json")
    assert (status, out) == (1, "")
    assert error.splitlines()[-1].startswith("Entry 1 of the history must be an object with the role")


def test_a_line_of_json_without_a_question_is_one_line_and_status_1(run_qa, monkeypatch):
    for line in ('{"question": 3}', '{"text": "tea"}'):
        monkeypatch.setattr(sys, "stdin", io.StringIO(line))
        status, _, error = run_qa("ask")
        assert (status, error.splitlines()[-1]) == (
            1,
            'A line of JSON has no text as its "question": write {"question": "…", "history": […]}.',
        )


def test_in_a_terminal_ask_says_how_to_ask(run_qa, monkeypatch):
    stdin = io.StringIO("")
    monkeypatch.setattr(stdin, "isatty", lambda: True)
    monkeypatch.setattr(sys, "stdin", stdin)
    assert run_qa("ask")[2].splitlines()[-1] == "Type a question and press Enter. Ctrl-D ends."


@pytest.mark.parametrize("question", ["", "  ", "?????", "\udcff"])
def test_a_question_without_words_is_answered_in_a_sentence(run_qa, question):
    status, out, _ = run_qa("ask", question)
    assert (status, out) == (
        0,
        "There are no words in this question. Ask about something that the documents may say.\n\n",
    )


def test_a_question_with_bytes_that_are_not_text_is_answered(run_qa):
    assert run_qa("ask", "How long does black tea steep? \udcff")[1].startswith("Black tea steeps for five minutes.")


def test_lines_stand_alone_unless_they_follow_one_another(run_qa, monkeypatch):
    lines = "How long does green tea steep?\nAnd black tea?\nwhere does it say that?\n"
    for options, follows in (((), ""), (("--follow",), "How long does green tea steep?")):
        monkeypatch.setattr("sys.stdin", io.StringIO(lines))
        replies = [json.loads(line) for line in run_qa("ask", "--json", *options)[1].splitlines()]
        assert replies[1]["follows"] == follows
    assert replies[2]["citations"] == replies[1]["citations"]
    monkeypatch.setattr("sys.stdin", io.StringIO(lines))
    assert "Understood as a follow-up to: How long does green tea steep?" in run_qa("ask", "--follow")[1]


@pytest.mark.parametrize("command", [("ask", "tea"), ("ask", "tea", "--no-build")])
def test_without_documents_or_index_one_line_and_status_1(run_qa, folder, command):
    for path in folder.iterdir():
        path.unlink()
    status, out, error = run_qa(*command)
    assert (status, out, error.count("\n")) == (1, "", 1)


def test_wrong_usage_is_status_2(run_qa, capsys):
    with pytest.raises(SystemExit, match="2"):
        run_qa("ask", "tea", "--k", "0")
    assert "argument --k: 0 is not a whole number from 1 to 1,000" in capsys.readouterr().err


def test_evaluate_measures_the_answers_to_a_file(run_qa, tmp_path):
    path = tmp_path / "q.jsonl"
    path.write_text('{"question": "Where does coffee come from?", "answers": ["Ethiopia"]}\n{"question": "zebra?"}\n')
    status, out, _ = run_qa("evaluate", path, "--json")
    measures = json.loads(out)
    assert status == 0
    assert measures["expected_in_quotes"] == {"value": 1.0, "low": 1.0, "high": 1.0, "count": 1}
    assert measures["unanswerable_answered"]["value"] == 0.0


@pytest.fixture
def squad(tmp_path):
    """A file of SQuAD's layout: two articles, each with a paragraph, a question that it answers and one it does not."""
    articles = [
        {
            "title": title,
            "paragraphs": [
                {
                    "context": f"{title} {text}.",
                    "qas": [
                        {"question": f"What does {title} do?", "answers": [{"text": text}]},
                        {"question": f"Why does {title} glow?", "answers": [], "is_impossible": True},
                    ],
                }
            ],
        }
        for title, text in (("Oolong", "steeps slowly"), ("Ristretto", "drips quickly"))
    ]
    path = tmp_path / "squad.json"
    path.write_text(json.dumps({"data": articles}))
    return path


def test_evaluate_asks_squad_of_its_own_articles_and_of_the_others_beside_the_baseline(run_qa, squad, folder):
    status, out, _ = run_qa("evaluate", squad, "--baseline", "--json")
    measures = json.loads(out)
    assert status == 0
    assert (measures["recall@1"]["value"], measures["recall@1"]["count"]) == (1.0, 2)
    assert measures["baseline"]["recall@1"]["value"] == 1.0
    assert measures["expected_in_quotes"]["value"] == 1.0
    assert (measures["off_topic_answered"]["value"], measures["off_topic_answered"]["count"]) == (0.0, 2)
    assert measures["AUROC_off_topic"]["value"] == 1.0
    assert sum(entry["count"] for entry in measures["reliability"]) == 6
    assert sorted(path.name for path in folder.iterdir()) == ["coffee.txt", "tea.md"]


def test_evaluate_asks_about_every_second_article_and_off_topic_questions_from_a_file(run_qa, squad, tmp_path):
    off_topic = tmp_path / "off_topic.jsonl"
    off_topic.write_text('{"question": "zebra?", "answers": ["stripes"]}\n')
    status, out, _ = run_qa("evaluate", squad, "--articles", "odd", "--off-topic", off_topic)
    lines = {line.split()[0]: line.split() for line in out.splitlines() if line.strip()}
    assert status == 0
    assert lines["recall@1"][1:] == ["1.000", "[1.000,", "1.000]", "1"]
    assert lines["off_topic_answered"][1:] == ["0.000", "[0.000,", "0.000]", "1"]


def test_evaluate_asks_conversations_beside_their_last_questions_alone(run_qa, tmp_path):
    path = tmp_path / "q.jsonl"
    history = [
        {"role": "user", "content": "Where does coffee come from?"},
        {"role": "assistant", "content": "Ethiopia"},
    ]
    line = {"question": "And espresso?", "history": history, "documents": ["coffee.txt"], "answerability": "ANSWERABLE"}
    path.write_text(json.dumps(line))
    measures = json.loads(run_qa("evaluate", path, "--json")[1])
    assert measures["recall@1"]["value"] == measures["alone"]["recall@1"]["value"] == 1.0
    assert measures["gain"]["recall@1"] == {"value": 0.0, "low": 0.0, "high": 0.0, "count": 1}


def test_evaluate_can_ask_after_what_was_said_of_others(run_qa, squad):
    measures = json.loads(run_qa("evaluate", squad, "--unrelated-history", "--json")[1])
    assert measures["recall@1"]["value"] == 1.0
    assert measures["gain"]["recall@1"]["value"] == 0.0


@pytest.mark.parametrize("perturbation", ["typo", "uppercase"])
def test_evaluate_can_perturb_the_questions(run_qa, squad, perturbation):
    out = run_qa("evaluate", squad, "--perturb", perturbation, "--json")[1]
    assert json.loads(out)["recall@1"]["value"] == 1.0


def test_calibrate_prints_the_constants_and_the_errors_at_each_threshold(run_qa, tmp_path):
    path = tmp_path / "squad.json"
    path.write_text(json.dumps({"data": [article(name) for name in ARTICLES]}))
    status, out, error = run_qa("calibrate", path, "--articles", "even")
    assert (status, error[-300:]) == (0, "")
    names = [line.split(" = ")[0] for line in out.splitlines() if " = " in line]
    assert names == ["MODEL", "BIAS", "WEIGHTS", "SCALE, SHIFT"]
    assert "\nsquad.json: 6 answerable, 1 unanswerable, 6 off-topic questions\n" in out
    lines = {line.split()[0]: line.split() for line in out.splitlines() if line.strip()}
    assert lines["squad.json"][1:3] == ["6", "1.000"]
    assert lines["0.60"][0] == "0.60"


def test_calibrate_refuses_what_is_no_set(run_qa, tmp_path):
    path = tmp_path / "q.jsonl"
    path.write_text('{"question": "tea?", "answers": ["hot"]}\n')
    assert run_qa("calibrate", path) == (
        1,
        "",
        f"{path} is not a set: name a SQuAD file (.json), a folder with documents/ and questions.jsonl, or a folder of "
        "those.\n",
    )


ARTICLES = "Oolong Ristretto Sencha Matcha Assam Darjeeling".split()


def article(name):
    """An article with two paragraphs that each answer a question, and a question without an answer."""
    paragraphs = [(f"{name} steeps for seven minutes.", "How long does {} steep?", "seven minutes")]
    paragraphs.append((f"{name} grows in the eastern hills.", "Where does {} grow?", "eastern hills"))
    return {
        "title": name,
        "paragraphs": [
            {
                "context": text,
                "qas": [
                    {"question": question.format(name), "answers": [{"text": answer}]},
                    {"question": f"Who painted the emperor of {number}?", "answers": [], "is_impossible": True},
                ],
            }
            for number, (text, question, answer) in enumerate(paragraphs)
        ],
    }


def test_changes_shows_which_answers_are_different_now(run_index, run_qa, folder):
    run_index("build")
    run_qa("ask", "Where does coffee come from?")
    run_qa("ask", "How long does green tea steep?")
    run_qa("ask", "--no-history", "How long does black tea steep?")
    assert run_qa("changes")[1] == "No answer has changed.\n"
    (folder / "coffee.txt").write_text("Coffee comes from Yemen.")
    (folder / "tea.md").write_text("# Tea\n\n## Green\n\nGreen tea steeps for two minutes.\n")
    (change,) = json.loads(run_qa("changes", "--json")[1])
    assert (change["question"], change["before"], change["after"]) == (
        "Where does coffee come from?",
        [["coffee.txt", ETHIOPIA]],
        [["coffee.txt", "Coffee comes from Yemen."]],
    )
    assert "Coffee comes from Yemen" in run_qa("changes")[1]


def test_ask_answers_from_the_index_while_another_build_is_under_way(run_qa, folder, index):
    run_qa("ask", "tea")
    (folder / "coffee.txt").write_text("Coffee comes from Yemen.")
    with FileLock(index / LOCK_NAME):
        status, out, error = run_qa("ask", "Where does coffee come from?", "--json")
    assert (status, json.loads(out)["answer"]) == (0, ETHIOPIA)
    assert json.loads(out)["citations"][0]["current"] is False
    assert error == (
        f"Answering from the index as it is. Another build of {index} is running: try again when it is done.\n"
    )


def test_ask_answers_from_an_index_in_a_folder_that_cannot_be_written(run_qa, folder, index):
    run_qa("ask", "tea")
    (folder / "coffee.txt").write_text("Coffee comes from Yemen.")
    (index / LOCK_NAME).unlink(missing_ok=True)
    (index / LOCK_NAME).mkdir()  # the lock cannot be taken, as in a read-only folder
    status, out, error = run_qa("ask", "Where does coffee come from?", "--json")
    assert (status, json.loads(out)["answer"]) == (0, ETHIOPIA)
    assert error.startswith(f"Answering from the index as it is. The index cannot be written to {index} (")
    assert error.count("\n") == 1


def test_without_an_index_another_build_under_way_is_an_error(run_qa, index):
    index.mkdir()
    with FileLock(index / LOCK_NAME):
        status, out, error = run_qa("ask", "tea")
    assert (status, out, error) == (
        1,
        "",
        f"Another build of {index} is running: try again when it is done.\n",
    )


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (["ask", "x", "--keep-no-questions"], ["ask", "x", "--no-history"]),
        (["evaluate", "x", "--plain"], ["evaluate", "x", "--baseline"]),
        (["evaluate", "x", "--foreign", "y"], ["evaluate", "x", "--off-topic", "y"]),
        (["evaluate", "x", "--disturb", "slip"], ["evaluate", "x", "--perturb", "typo"]),
        (["evaluate", "x", "--disturb", "capitals"], ["evaluate", "x", "--perturb", "uppercase"]),
        (["evaluate", "x", "--after-others"], ["evaluate", "x", "--unrelated-history"]),
    ],
)
def test_the_former_name_of_a_flag_still_works_and_is_not_shown(old, new, capsys):
    parser = qa_command._parser()
    assert parser.parse_args(old) == parser.parse_args(new)
    with pytest.raises(SystemExit, match="0"):
        parser.parse_args([old[0], "--help"])
    shown = capsys.readouterr().out
    assert new[2] in shown and old[2] not in shown


def test_the_version_is_printed(capsys):
    with pytest.raises(SystemExit, match="0"):
        qa_command.main(["--version"])
    assert re.fullmatch(r"footnote \S.*\n", capsys.readouterr().out)


def test_footnote_has_the_commands_of_the_index_and_the_page(monkeypatch, run_index, folder, index, capsys):
    assert qa_command.main(["build", "--sources", str(folder), "--index", str(index)]) == 0
    assert "generation 1 holds 2 documents" in capsys.readouterr().out
    served = []
    monkeypatch.setitem(sys.modules, "app", SimpleNamespace(main=lambda *given: served.append(given) or 0))
    assert qa_command.main(["serve", "--port", "8000"]) == 0
    assert qa_command.main(["mcp", "--watch"]) == 0
    assert served == [(["--port", "8000"], "serve"), (["--watch"], "mcp")]


def test_the_commands_of_the_index_have_one_description():
    shown = qa_command._parser().format_help()
    for line in index_command._parser().format_help().partition("COMMAND\n")[2].splitlines():
        if line.startswith("    ") and "verify" not in line:
            assert line.split(maxsplit=1)[1] in " ".join(shown.split())


def test_the_help_of_mcp_has_no_options_of_the_page(capsys):
    with pytest.raises(SystemExit, match="0"):
        qa_command.main(["mcp", "--help"])
    shown = capsys.readouterr().out
    assert "Serve MCP tools over standard input and output." in shown and "--watch" in shown
    assert "--port" not in shown and "--stdio" not in shown


def test_one_document_is_not_documents(run_index, folder):
    (folder / "tea.md").unlink()
    assert run_index("build")[1].endswith("generation 1 holds 1 document, 1 passage.\n")
    assert run_index("status")[1].startswith("1 document, 1 passage, 2 sentences.\n")


def test_a_reader_that_ends_early_and_ctrl_c_end_a_command_without_a_word(monkeypatch, run_qa):
    def fail(error):
        def ask(options):
            raise error

        return ask

    monkeypatch.setattr("qa.commands.run_ask", fail(BrokenPipeError()))
    assert run_qa("ask", "tea") == (0, "", "")
    monkeypatch.setattr("qa.commands.run_ask", fail(KeyboardInterrupt()))
    assert run_qa("ask", "tea") == (130, "", "")


def test_verbose_logs_each_answer(run_qa, caplog):
    caplog.set_level("INFO", "footnote")
    run_qa("ask", "Where does coffee come from?", "--verbose")
    (message,) = [record.message for record in caplog.records if "Answered" in record.message]
    assert message.endswith(": Where does coffee come from?")


def test_ask_replaces_a_damaged_index_and_announces_that_once(run_index, run_qa, index):
    run_index("build")
    (index / "footnote.db").write_bytes(b"not a database")
    status, out, error = run_qa("ask", "How long does black tea steep?")
    problem = f"The index in {index} is damaged (file is not a database)"
    assert (status, error) == (0, f"{problem}: building a new one from the documents.\n")
    assert out.startswith("Black tea steeps for five minutes.")
