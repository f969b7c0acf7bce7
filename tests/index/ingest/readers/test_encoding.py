import pytest

from index.errors import ReadingError
from index.ingest.readers.encoding import decode

GERMAN = "Die Straße führt über die Brücke. Der Zug fährt um zwölf Uhr ab und hält an der nächsten Station."
RUSSIAN = "Чай заваривают две минуты. Кофе родом из Эфиопии и растёт в горах."  # noqa: RUF001
JAPANESE = "緑茶は二分間蒸らします。コーヒーはエチオピアから来ます。"


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        (GERMAN, "utf-8"),
        (GERMAN, "cp1252"),
        (GERMAN, "latin-1"),
        (GERMAN, "utf-16"),
        (GERMAN, "utf-32"),
        (RUSSIAN, "cp1251"),
        (RUSSIAN, "koi8_r"),
        (JAPANESE, "shift_jis"),
        (JAPANESE, "euc_jp"),
        ("Grüße aus Köln.", "cp1252"),
    ],
)
def test_a_text_is_decoded_whatever_its_encoding(text, encoding):
    assert decode(text.encode(encoding)) == text


def test_a_byte_order_mark_of_utf8_is_kept():
    assert decode("\ufeffTea".encode()) == "\ufeffTea"


def test_nothing_is_a_text():
    assert decode(b"") == ""


@pytest.mark.parametrize("content", [b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", b"a\0b", bytes(range(256)), b"\xff\xfea"])
def test_what_is_not_text_is_refused(content):
    with pytest.raises(ReadingError, match=r"^is not text: save it as UTF-8 text, or leave it out"):
        decode(content)


def test_old_japanese_and_korean_text_with_escape_sequences_is_read():
    for text, encoding in (("お茶を飲む。Tea", "iso2022_jp"), ("차를 마신다. Tea", "iso2022_kr")):
        assert decode(text.encode(encoding)) == text
