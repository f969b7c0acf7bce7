"""The environment of the templates: what it escapes, and that nothing switches it off."""

import re

import pytest
from jinja2 import UndefinedError

from qa.web import html as markup
from qa.web.html import TEMPLATES, html, paragraph, render

HOSTILE = "<b>'\"& ${x} {{y}} `z` $$ \x00\x1b"


@pytest.mark.parametrize("template", ["{{ text }}", "<p title='{{ text }}'>", "{% set a = text %}{{ a }}"])
def test_every_value_in_a_template_is_escaped_for_html_and_for_gradio(template):
    shown = markup._ENVIRONMENT.from_string(template).render(text=HOSTILE)
    assert str(html(HOSTILE)) in shown
    assert not re.search(r"[$`\x00\x1b]|<b>|\{\{", shown)


def test_html_is_not_escaped_twice():
    assert html(html("<b>")) == "&lt;b&gt;"
    assert paragraph("a & b", "done") == '<p class="done">a &amp; b</p>'


def test_a_template_cannot_leave_out_a_value():
    with pytest.raises(UndefinedError, match="'summary' is undefined"):
        render("welcome.html", examples=())


def test_no_template_switches_escaping_off():
    templates = list(TEMPLATES.iterdir())
    assert len(templates) > 10
    for template in templates:
        assert not re.search(r"\|\s*safe|autoescape|Markup", template.read_text("utf-8")), template.name
