from index.ingest.limits import Limits
from index.ingest.readers.rst import read_rst


def read(text):
    return [(element.level, element.kind, element.text) for element in read_rst(text.encode(), Limits())]


def test_sections_lists_and_notes_are_read_without_marks():
    text = """
Tea
===

:Author: Ann

Green
-----

Steep *it* at 80 °C [1]_ in H\\ :sub:`2`\\ O, see `the site <https://example.org>`_ and :ref:`cups <cups>`.

3. Pour.
#. Drink.

.. note:: Not too hot.

pot
   What holds it.

.. [1] Says the board.
.. not this
"""
    assert read(text) == [
        (1, "paragraph", "Tea"),
        (0, "list_item", "Author: Ann"),
        (2, "paragraph", "Green"),
        (0, "paragraph", "Steep it at 80 °C in H₂O, see the site and cups."),
        (0, "list_item", "3. Pour."),
        (0, "list_item", "4. Drink."),
        (0, "paragraph", "Note: Not too hot."),
        (0, "list_item", "pot: What holds it."),
        (0, "paragraph", "[1] Says the board."),
    ]


def test_tables_have_the_names_of_their_columns_and_merged_cells():
    text = """
+-------+------+-------+
| Lake  | Sold | Left  |
+=======+======+=======+
| Thun  | 1    | 2     |
+       +------+-------+
|       | 3    | 4     |
+-------+------+-------+
"""
    assert read(text) == [
        (0, "table_row", "Lake: Thun; Sold: 1; Left: 2."),
        (0, "table_row", "Lake: Thun; Sold: 3; Left: 4."),
    ]


def test_what_only_sphinx_knows_is_read_as_text():
    text = """
.. code-block:: sh
   :caption: brewing

   brew --tea

.. versionadded:: 3.2
   The :option:`--tea` option.

.. toctree::

   not-this
"""
    assert read(text) == [
        (0, "code", "brew --tea"),
        (0, "paragraph", "3.2 The --tea option."),
    ]


def test_files_that_a_text_includes_are_not_read(tmp_path):
    secret = tmp_path / "secret.txt"
    secret.write_text("A secret.")
    text = f"Tea.\n\n.. include:: {secret}\n\n.. csv-table::\n   :file: {secret}\n"
    assert read(text) == [(0, "paragraph", "Tea.")]


def test_a_broken_text_is_read_as_far_as_it_goes():
    assert (0, "paragraph", "Pour it.") in read("Tea\n==\n\n*steep\n\n  .. note\n\nPour it.")
