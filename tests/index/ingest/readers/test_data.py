import json

from index.ingest.limits import Limits
from index.ingest.readers.data import read_json, read_xml
from index.ingest.readers.elements import Element


def from_json(data):
    return list(read_json(json.dumps(data).encode(), Limits()))


def from_xml(text):
    return list(read_xml(text.encode(), Limits()))


def test_values_stand_under_the_path_of_their_keys():
    data = {
        "server": {"limits": {"files": 3, "on": True}, "port": 80, "none": {}},
        "tags": ["tea", "milk"],
        "note": None,
    }
    assert [(element.level, element.text) for element in from_json(data)] == [
        (0, "tags: tea, milk"),
        (1, "server"),
        (0, "port: 80"),
        (2, "limits"),
        (0, "files: 3"),
        (0, "on: true"),
    ]


def test_records_are_rows():
    data = [{"name": "Anna", "age": 41}, {"name": "Beat", "age": None}]
    assert from_json(data) == [
        Element("name: Anna; age: 41.", tight=True, kind="table_row"),
        Element("name: Beat.", tight=True, kind="table_row"),
    ]


def test_json_with_a_slip_is_read_as_text():
    assert [element.text for element in read_json(b'{"tea": "green",}', Limits())] == ['{"tea": "green",}']


def test_a_document_in_xml_has_headings_and_paragraphs():
    text = "<article><title>Tea</title><sec><title>Green</title><p>Steep <b>it</b>.</p><p>Pour.</p></sec></article>"
    assert [(element.level, element.text) for element in from_xml(text)] == [
        (1, "Tea"),
        (2, "Green"),
        (0, "Steep it."),
        (0, "Pour."),
    ]


def test_records_in_xml_are_rows_and_other_values_have_names():
    text = "<shop><opened>1894</opened><tea><kind>green</kind><price>7</price></tea></shop>"
    assert [element.text for element in from_xml(text)] == ["opened: 1894", "kind: green; price: 7."]


def test_entities_are_not_expanded():
    bomb = '<!DOCTYPE a [<!ENTITY b "tea"><!ENTITY c "&b;&b;">]><a><p>x &c;</p></a>'
    assert [element.text for element in from_xml(bomb)] == ["x &c;"]


def test_values_in_attributes_of_xml_are_rows_under_their_names():
    text = (
        '<rain xmlns:x="http://x" x:y="z"><station name="Bern" height="553"><day date="2024-03-01" mm="12.5"/>'
        '<day date="2024-03-02" mm="0">dry</day></station></rain>'
    )
    assert [(element.level, element.text) for element in from_xml(text)] == [
        (1, "Bern"),
        (0, "height: 553."),
        (0, "date: 2024-03-01; mm: 12.5."),
        (0, "date: 2024-03-02; mm: 0; day: dry."),
    ]


def test_attributes_beside_more_text_are_no_text():
    assert [element.text for element in from_xml('<a><p id="p1">Steep the tea for two minutes.</p></a>')] == [
        "Steep the tea for two minutes."
    ]
