from index.ingest.readers.pdf.accents import FILLER, compose


def test_the_blank_behind_a_letter_with_an_accent_stays():
    found = compose("cafe\u00b4 in Bern", lambda accent, letter: letter == 3)
    assert found.replace(FILLER, "") == "caf\u00e9 in Bern"


def test_a_blank_between_an_accent_and_its_letter_goes():
    assert compose("B\u00a8 aren", lambda accent, letter: letter == 3).replace(FILLER, "") == "B\u00e4ren"
