from index.ingest.limits import Limits
from index.ingest.readers.elements import Element
from index.ingest.readers.subtitles import read_subtitles


def read(text):
    return list(read_subtitles(text.encode(), Limits()))


def test_cues_are_joined_to_paragraphs_with_the_minute_as_page():
    srt = (
        "1\n00:00:01,000 --> 00:00:03,000\nGreen tea steeps\n\n"
        "2\n00:00:03,500 --> 00:00:05,000\n<i>for two</i> minutes.\n\n"
        "3\n01:02:05,000 --> 01:02:06,000\nPour it.\n"
    )
    assert read(srt) == [Element("Green tea steeps for two minutes.", page=1), Element("Pour it.", page=63)]
    assert read(srt.replace("\n", "\r\n")) == read(srt)


def test_speakers_begin_paragraphs_and_notes_and_styles_are_left_out():
    vtt = (
        "WEBVTT\n\nNOTE not this\n\nSTYLE\n::cue {}\n\nid\n"
        "00:01.000 --> 00:02.000 align:start\n<v Ada Lee>Tea?&nbsp;Now?\n\n"
        "00:02.000 --> 00:03.000\n<v Bea>Yes.\n"
    )
    assert [element.text for element in read(vtt)] == ["Ada Lee: Tea? Now?", "Bea: Yes."]


def test_a_line_that_captions_repeat_is_read_once():
    assert [
        element.text for element in read("00:01.000 --> 00:02.000\nTea is\n\n00:02.000 --> 00:03.000\nTea is\n")
    ] == ["Tea is"]
