"""Requests that are not questions to answer, over a folder with its index."""

import json

import pytest
from reportlab.pdfgen.canvas import Canvas

from qa.errors import UsageError
from qa.formatting import to_json, to_markdown, to_text
from qa.service import AskOptions, QAService
from qa.types import Answer, NoAnswer, as_turn

LEASE = """# Lease of the workshop

## 1 Term

The lease runs for three years.

## 2 Ending

### 2.1 Notice

Either party may end it with ninety days' notice.

### 2.2 Breach

A serious breach ends it at once.
"""
STATUTES = """STATUTES OF THE CLUB

Article 1
The club is called Ruderverein.

Article 2
Members pay sixty euros a year. Members under eighteen pay half.

Article 12
The assembly meets each March.
"""

SENTENCES = [
    [
        f"In part {part} the keeper of house {number} counts lamps and oil for {part + number} nights."
        for number in range(9)
    ]
    for part in range(4)
]


@pytest.fixture
def folder(tmp_path):
    made = tmp_path / "sources"
    for path, text in (
        ("lease.md", LEASE),
        ("statutes.txt", STATUTES),
        ("north/policy.md", "# Leave\n\nStaff have twenty-six days of leave.\n"),
        ("south/policy.md", "# Leave\n\nStaff have thirty days of leave.\n"),
        ("south/rota.csv", "name,day\nAnna,Monday\nTom,Tuesday\nIda,Friday\n"),
        ("2024-03-11.md", "Met the plumber. The boiler will be changed in April.\n"),
    ):
        (made / path).parent.mkdir(parents=True, exist_ok=True)
        (made / path).write_text(text, "utf-8")
    return made


def quotes(reply):
    return [citation.quote for citation in reply.citations]


def test_a_greeting_gets_a_short_reply_with_what_there_is_and_is_not_logged(service, index):
    reply = service.ask("Hi there!")
    assert isinstance(reply, NoAnswer)
    assert (reply.kind, reply.citations) == ("greeting", ())
    assert reply.message.startswith("Hello! I answer questions from the 6 documents in this folder")
    data = to_json(reply, 0.0)
    assert (data["kind"], data["answered"], data["answer"]) == ("greeting", False, reply.message)
    assert not (index / "asked.jsonl").exists()


@pytest.mark.parametrize(
    ("question", "begins"),
    [
        ("thanks, that helped!", "You're welcome."),
        ("ok bye", "Goodbye."),
        ("what can you do?", "I answer questions from the 6 documents"),
    ],
)
def test_thanks_farewells_and_help_get_their_own_replies(service, question, begins):
    reply = service.ask(question)
    assert (reply.kind, reply.message.startswith(begins)) == ("greeting", True)


def test_what_cannot_be_done_is_named_with_what_can(service):
    reply = service.ask("translate the lease into French")
    assert (
        reply.text
        == "I can't translate. Ask a question in the language of the documents, and I quote them word for word."
    )
    assert (reply.kind, isinstance(reply, NoAnswer)) == ("none", True)


def test_a_follow_up_skips_small_talk(service):
    first = service.ask("How many days of leave do staff have in the south folder?")
    thanks = service.ask("thanks!", [as_turn(first)])
    reply = service.ask("where does it say that?", [as_turn(first), as_turn(thanks)])
    assert quotes(reply) == quotes(first)


def test_documents_are_counted(service):
    reply = service.ask("how many documents do I have?")
    assert reply.text == "There are 6 documents: 3 at the top, 1 in north and 2 in south."
    assert to_json(reply, 0.0)["answered"] is True
    assert service.ask("How many spreadsheets are there?").text == "There is 1 spreadsheet."


def test_documents_about_a_topic_are_listed_with_the_sentence_that_shows_it(service):
    reply = service.ask("Which documents mention leave?")
    assert isinstance(reply, Answer) and reply.kind == "documents"
    assert reply.message == "2 documents mention leave: north/policy.md and south/policy.md."
    assert quotes(reply) == ["Staff have twenty-six days of leave.", "Staff have thirty days of leave."]
    assert to_markdown(reply).startswith("2 documents mention leave: north/policy.md and south/policy.md.\n\n- Staff")


def test_documents_of_a_folder_or_a_type_are_listed(service):
    assert service.ask("what south documents do you have").message.startswith("2 documents: south/policy.md and south/")
    assert service.ask("which spreadsheets do you have").message == "1 document: south/rota.csv."
    assert service.ask("list all documents").message.startswith("6 documents: 2024-03-11.md, lease.md")


def test_if_no_document_is_about_a_topic_that_is_the_reply(service):
    reply = service.ask("What documents do I have about zebra?")
    assert (isinstance(reply, NoAnswer), reply.kind) == (True, "documents")
    assert reply.text == "No document is about zebra."


def test_a_short_document_is_summarised_by_its_headings_and_all_of_it(service):
    reply = service.ask("Summarise lease.md")
    assert reply.kind == "overview"
    assert reply.message == (
        "Lease of the workshop (lease.md) has these parts: 1 Term, 2 Ending, 2.1 Notice and 2.2 Breach."
    )
    assert [quote.split(".")[0] for quote in quotes(reply)] == [
        "The lease runs for three years",
        "Either party may end it with ninety days' notice",
        "A serious breach ends it at once",
    ]


def test_a_document_is_summarised_by_its_title_or_date_but_not_by_a_word(service):
    assert service.ask("What is the lease document about?").kind == "overview"
    assert "boiler" in service.ask("What does my note of 11 March 2024 say?").text
    assert service.ask("What does leave contain?").kind in ("answer", "none")


def test_of_several_documents_with_a_name_one_is_asked_for(service):
    reply = service.ask("Summarise the leave policy")
    assert reply.clarifications == ("Summarise north/policy.md", "Summarise south/policy.md")


def test_this_document_is_the_one_cited_last(service):
    first = service.ask("How many days of leave do staff have in the south folder?")
    assert quotes(service.ask("summarise this document", [as_turn(first)])) == ["Staff have thirty days of leave."]


@pytest.mark.parametrize(
    ("question", "quoted"),
    [
        ("What does section 2.1 say?", ["Either party may end it with ninety days' notice."]),
        ("§ 2.2 of the lease", ["A serious breach ends it at once."]),
        (
            "What is in clause 2?",
            ["Either party may end it with ninety days' notice.", "A serious breach ends it at once."],
        ),
        ("article 2", ["Members pay sixty euros a year. Members under eighteen pay half."]),
        ("What is written in article twelve of the statutes?", ["The assembly meets each March."]),
        ("What does row 2 of rota.csv say?", ["name: Anna; day: Monday"]),
    ],
)
def test_a_place_is_quoted_as_a_whole(service, question, quoted):
    reply = service.ask(question)
    assert reply.kind == "place"
    found = quotes(reply)
    assert found == quoted or (question.endswith("rota.csv say?") and "Anna" in " ".join(found))


def test_of_a_place_that_is_missing_those_that_there_are_are_named(service):
    reply = service.ask("What does section 7.3 say?")
    assert (isinstance(reply, NoAnswer), reply.kind) == (True, "place")
    assert reply.text == "The documents have no section 7.3. lease.md has section 1, 2, 2.1 and 2.2."
    assert service.ask("What does article 15 say?").text == (
        "The documents have no article 15. statutes.txt has article 1, 2 and 12."
    )


def test_a_place_of_something_else_than_a_document_is_a_question(service):
    assert service.ask("What does article 5 of the constitution say?").kind in ("answer", "none")


@pytest.mark.parametrize("question", ["How many days of leave do staff have?", "days of leave of staff"])
def test_only_limits_a_question_to_some_documents(service, question):
    for pattern, days in (("north/", "twenty-six"), ("south/*.md", "thirty")):
        reply = service.ask(question, options=AskOptions(only=[pattern]))
        assert {hit.passage.path for hit in reply.hits} == {f"{pattern.split('/')[0]}/policy.md"}
        assert days in reply.text and reply.scope == pattern
    assert to_markdown(reply).startswith("Limited to: south/\\*.md\n\n")


def test_a_limit_that_fits_no_document_is_an_error(service):
    with pytest.raises(UsageError, match=r"^No document matches west/: name a document, a folder/ or a pattern"):
        service.ask("How many days?", options=AskOptions(only=["west/"]))
    with pytest.raises(UsageError, match=r"^No document matches an empty name: name a document"):
        service.ask("How many days?", options=AskOptions(only=[""]))


def test_requests_are_limited_too(service):
    assert service.ask("list all documents", options=AskOptions(only=["south/"])).message.startswith(
        "2 documents: south/policy.md"
    )
    assert service.ask("What does section 1 say?", options=AskOptions(only=["south/"])).text.startswith(
        "The documents have no section 1."
    )
    assert service.ask("In the south folder, list all documents").message.startswith("2 documents: south/policy.md")


def test_a_scope_in_the_question_is_shown_and_the_question_stays_as_it_was_asked(service):
    reply = service.ask("In the south folder, how many days of leave do staff have?")
    assert reply.question == "In the south folder, how many days of leave do staff have?"
    assert (reply.scope, quotes(reply)[0]) == ("south/", "Staff have thirty days of leave.")
    assert to_json(reply, 0.0)["scope"] == "south/"


def test_if_the_documents_of_a_hint_do_not_answer_the_whole_folder_is_searched(service):
    reply = service.ask("How many euros a year do members pay according to the lease?")
    assert "sixty euros" in reply.text and reply.scope == ""


def test_the_command_takes_several_patterns(monkeypatch, encoder, folder, index, capsys):
    import qa.__main__ as command

    monkeypatch.setattr("qa.commands.load_encoder", lambda name, cache: encoder)
    places = ["--sources", str(folder), "--index", str(index)]
    limits = ["--only", "north/", "--only", "lease.md"]
    assert command.main(["ask", "How many days of leave do staff have?", "--json", *limits, *places]) == 0
    found = json.loads(capsys.readouterr().out)
    assert (found["citations"][0]["document"], found["scope"]) == ("north/policy.md", "north/, lease.md")
    assert {hit["document"] for hit in found["hits"]} <= {"north/policy.md", "lease.md"}


def test_without_documents_a_greeting_is_still_a_greeting(library):
    assert QAService(library).ask("hello").kind == "greeting"


def test_more_of_an_overview_quotes_what_was_not_quoted_and_where_repeats_it(service, folder, library):
    sections = (f"## Part {number}\n\n" + " ".join(SENTENCES[number]) for number in range(4))
    (folder / "long.md").write_text("# Long\n\n" + "\n\n".join(sections), "utf-8")
    library.start_build()
    library.wait()
    first = service.ask("Summarise long.md")
    assert first.message == "Long (long.md) has these parts: Part 0, Part 1, Part 2 and Part 3."
    assert sum(len(quote.split()) for quote in quotes(first)) <= 150
    more = service.ask("tell me more", [as_turn(first)])
    assert (more.kind, more.follows, more.message) == ("overview", "Summarise long.md", "From Long (long.md):")
    ranges = [(cited.start, cited.end) for reply in (first, more) for cited in reply.citations]
    assert len(ranges) > len(quotes(first))
    assert all(one == other or one[1] <= other[0] or other[1] <= one[0] for one in ranges for other in ranges)
    assert quotes(service.ask("where does it say that?", [as_turn(first)])) == quotes(first)


def test_a_time_limits_a_question_and_a_request(service):
    reply = service.ask("Which documents are from March 2024?")
    assert (reply.scope, reply.message) == ("documents from March 2024", "1 document: 2024-03-11.md.")
    reply = service.ask("What changes in April? before:2025")
    assert {hit.passage.path for hit in reply.hits if isinstance(reply, Answer)} <= {"2024-03-11.md"}
    assert {cited.date for cited in reply.citations} == {"2024-03-11"}
    assert reply.scope == "documents before 2025"
    assert service.ask("list all documents older than 2020").text == "There are no documents before 2020."


def test_an_option_that_is_no_date_says_how_to_write_one(service):
    assert service.ask("leave after:soon").text == "“soon” is not a date: write 2024, 2024-03 or 2024-03-31."


def test_a_scope_that_the_question_names_is_taken_back(service):
    question = "In the south folder, how many days of leave do staff have?"
    reply = service.ask(question, options=AskOptions(finds_scope=False))
    assert reply.scope == ""
    assert {hit.passage.path for hit in reply.hits} > {"south/policy.md"}


def test_a_corrected_question_is_searched_as_typed(service):
    corrected = service.ask("How many days of leave do stafff have?")
    assert corrected.searched == "How many days of leave do staff have?"
    assert service.ask(
        "How many days of leave do stafff have?", options=AskOptions(corrects_spelling=False)
    ).searched in (
        "",
        "How many days of leave do stafff have?",
    )


def test_a_question_in_another_language_is_not_corrected_and_the_language_is_named(service):
    reply = service.ask("Wie lange ist der Urlaub und wer zahlt die Miete?")
    assert reply.notice == "Your documents are in English. Ask in English for better results."
    assert (reply.searched, to_json(reply, 0.0)["notice"]) == (reply.question, reply.notice)
    assert to_markdown(reply).startswith("Your documents are in English")


def test_what_a_folder_is_about_is_a_list_of_its_documents(service):
    assert service.ask("what's in here?").message.startswith("6 documents: 2024-03-11.md, lease.md")
    assert service.ask("What is the south folder about?").message == "2 documents: south/policy.md and south/rota.csv."


def test_of_many_documents_the_folders_are_named_with_one_of_each(service, folder, library):
    for number in range(12):
        (folder / "north" / f"memo{number}.txt").write_text(f"Memo {number} is about the new boiler in the hall.\n")
    library.start_build()
    library.wait()
    reply = service.ask("what's in here?")
    assert reply.message == "18 documents: north/ (13), 3 at the top and south/ (2). Among them:"
    assert [cited.passage.path for cited in reply.citations] == ["north/memo0.txt", "2024-03-11.md", "south/policy.md"]


def test_papers_are_those_of_a_folder_of_that_name_or_else_all(folder, library, service):
    assert service.ask("what papers do you have?").message.startswith("6 documents: ")
    (folder / "papers").mkdir()
    (folder / "papers/tides.md").write_text("# Tides\n\nThe moon moves the sea.\n", "utf-8")
    library.start_build()
    library.wait()
    assert service.ask("what papers do you have?").message == "1 document: papers/tides.md."
    assert service.ask("what documents do you have?").message.startswith("7 documents: ")


def test_a_list_names_more_documents_than_it_quotes(folder, library, service):
    for number in range(12):
        (folder / f"north/memo-{number:02}.md").write_text(
            f"# Memo {number}\n\nTeam {number} meets on Monday.\n", "utf-8"
        )
    library.start_build()
    library.wait()
    reply = service.ask("list the documents in the north folder")
    assert reply.message.startswith("13 documents: north/memo-00.md, ") and "more" not in reply.message
    assert len(reply.citations) == 10


def test_every_document_that_mentions_a_word_is_listed_with_a_sentence_that_holds_it(service):
    reply = service.ask("which files mention days")
    assert reply.message.startswith("4 documents mention days:")
    assert all("day" in quote.casefold() for quote in quotes(reply))
    assert service.ask("which files mention zebras").text == "No document mentions zebras."


def test_an_overview_of_a_document_that_there_is_not_says_so(service):
    assert service.ask("Summarise the zoo handbook").text == "No document is called “the zoo handbook”."
    assert service.ask("table of contents").text.startswith("Which document do you mean?")


def test_instead_of_adding_up_the_figures_are_quoted(service):
    reply = service.ask("add up the days of leave that staff have")
    assert reply.message == "I can't add up or calculate. These are the figures in the documents:"
    assert {"Staff have twenty-six days of leave.", "Staff have thirty days of leave."} <= set(quotes(reply))


def test_the_number_of_an_item_is_a_place(service, folder, library):
    (folder / "rules.md").write_text("# Rules\n\n1. Wear a helmet.\n2. Close the gate.\n3. Feed the dog.\n")
    library.start_build()
    library.wait()
    assert quotes(service.ask("what does rule 2 of rules.md say?")) == ["Close the gate."]


def test_items_that_are_all_written_as_the_first_count_on(service, folder, library):
    (folder / "setup.md").write_text(
        "# Setup\n\n1. Mount the rack.\n\n   ```\n   rack -m\n   ```\n1. Plug it in.\n1. Dial in.\n"
    )
    library.start_build()
    library.wait()
    assert quotes(service.ask("what does step 3 of setup.md say?")) == ["Dial in."]
    assert quotes(service.ask("what does step 2 of setup.md say?")) == ["Plug it in."]


def test_the_number_printed_on_a_page_is_its_place(service, folder, library):
    canvas = Canvas(str(folder / "report.pdf"))
    canvas.addPageLabel(0, style="ROMAN_LOWER", start=1)
    canvas.addPageLabel(2, style="ARABIC", start=1)
    for text in (
        "It has a preface.",
        "Figures begin here.",
        "The weir is old.",
        "The lock keeper is well paid.",
    ):
        canvas.drawString(72, 700, text)
        canvas.showPage()
    canvas.save()
    library.start_build()
    library.wait()
    reply = service.ask("what does page 2 of report.pdf say?")
    assert (reply.message, quotes(reply)) == ("Page 2 (4 of 4) in report.pdf:", ["The lock keeper is well paid."])
    assert to_json(reply, 0.0)["citations"][0]["page_name"] == "2 (4 of 4)"
    assert to_text(reply).endswith("report.pdf, page 2 (4 of 4)")
    assert quotes(service.ask("what does page ii of report.pdf say?")) == ["Figures begin here."]
    assert quotes(service.ask("what does page 4 of report.pdf say?")) == ["The lock keeper is well paid."]
    assert service.ask("what does page 9 of report.pdf say?").message.endswith(
        "report.pdf has pages i (1 of 4) to 2 (4 of 4)."
    )


def test_the_newest_documents_come_first_with_their_dates(service, folder, library):
    (folder / "2099-01-05.md").write_text("Met the painter in the garden about the new fence.\n")
    library.start_build()
    library.wait()
    assert service.ask("what is the newest document?").message.startswith(
        "The newest first: 2099-01-05.md (2099-01-05),"
    )
    assert service.ask("which documents are the oldest?").message.startswith(
        "The oldest first: 2024-03-11.md (2024-03-11),"
    )


def test_the_last_meeting_is_known_by_the_days_of_the_minutes(service, folder, library):
    for day, text in (("2024-02-01", "The rent was raised."), ("2024-11-05", "The roof was mended.")):
        (folder / f"{day} members meeting.md").write_text(f"{text}\n")
    library.start_build()
    library.wait()
    newest = "The newest first: 2024-11-05 members meeting.md (2024-11-05), 2024-02-01 members meeting.md (2024-02-01)."
    for question in ("when was the last meeting?", "which members meeting was the most recent one?"):
        reply = service.ask(question)
        assert (reply.kind, reply.message) == ("documents", newest.replace("), ", ") and "))
    assert service.ask("when was the first meeting").message.startswith("The oldest first: 2024-02-01 members")
    assert service.ask("was the roof mended at the last meeting?").scope == "2024-11-05 members meeting.md"
    assert service.ask("when was the last general assembly?").kind != "documents"


def test_the_row_with_the_highest_value_of_a_column_is_quoted(service, folder, library):
    rows = [f"Machine {number},{number * 7 % 60}" for number in range(1, 60)]
    (folder / "machines.csv").write_text("\n".join(["machine,weight kg", *rows]) + "\n")
    library.start_build()
    library.wait()
    reply = service.ask("which machine has the highest weight?")
    assert quotes(reply) == ["machine: Machine 17; weight kg: 59."]
    assert reply.message == "The highest “weight kg” of 59 rows:"


def test_the_rows_of_a_table_are_counted_and_its_first_ones_are_its_overview(service):
    assert service.ask("how many rows does rota.csv have?").text == "south/rota.csv has 3 rows."
    assert quotes(service.ask("what's in rota.csv"))[0].startswith("name: Anna; day: Monday")


def test_the_name_of_a_file_alone_asks_for_its_overview(service):
    assert (service.ask("lease.md").kind, service.ask("open statutes.txt").kind) == ("overview", "overview")
