import pytest

from index.text.acronyms import definitions, other_form


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The mean time between failures (MTBF) is high.", {"MTBF": "mean time between failures"}),
        ("The **Open Source Software** (OSS) is free.", {"OSS": "Open Source Software"}),
        ("Ask the Federal Agency for Bridge Inspection (FABI).", {"FABI": "Federal Agency for Bridge Inspection"}),
        ("A full-time equivalent (FTE) works 40 hours.", {"FTE": "full-time equivalent"}),
        ("Send RFPs: Requests for Proposal (RFPs).", {"RFPs": "Requests for Proposal"}),
        ("FABI (Federal Agency for Bridge Inspection) inspects.", {"FABI": "Federal Agency for Bridge Inspection"}),
        ("VPN stands for virtual private network.", {"VPN": "virtual private network"}),
        ("**PTO**: paid time off.", {"PTO": "paid time off"}),
        ("MTBF – the mean time between failures, in hours", {"MTBF": "mean time between failures"}),
        ("Is it paid time off (PTO) or OOO (out of office)?", {"PTO": "paid time off", "OOO": "out of office"}),
    ],
)
def test_a_long_form_is_found_before_or_after_its_acronym(text, expected):
    assert definitions(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "This agreement (the Agreement) is signed.",
        "It weighs little (OK).",
        "The tea is hot (TIH is not its name). Steep it (5 MIN).",
        "Ask HR: paid time off is theirs.",
        "The room (A) and the hall (B).",
        "USA: US warehouse located in Lakewood, NJ.",
        "In the first place of Management and Budget’s (OMB) list.",
        "",
    ],
)
def test_other_words_in_brackets_define_nothing(text):
    assert definitions(text) == {}


ACRONYMS = {"MTBF": "mean time between failures", "IT": "information technology", "C&A": "Coffee and Art"}


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("What is the MTBF of model K?", "What is the mean time between failures of model K?"),
        ("whats the mtbf", "whats the mean time between failures"),
        ("Which mean  time between Failures has it?", "Which MTBF has it?"),
        ("Who is in IT?", "Who is in information technology?"),
        ("Where is it?", ""),
        ("What is the MTBFs' order?", ""),
        ("Where is C&A?", "Where is Coffee and Art?"),
        ("How is tea made?", ""),
    ],
)
def test_a_question_is_rewritten_with_the_other_form(question, expected):
    assert other_form(question, ACRONYMS) == expected
