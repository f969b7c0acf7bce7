"""Remove what a person does not see, and what is not part of a page's text: menus, banners, search boxes.

Recall comes first: what only looks like a menu is taken out only where most of its words are links.
"""

import re
from copy import deepcopy
from typing import Any

from lxml import etree

from index.ingest.readers.table_rows import one_line

Node = Any  # lxml has no types

_UNSEEN = frozenset(
    "script style template noscript noframes head iframe object embed audio video canvas svg button select textarea"
    " datalist progress meter rp rt map area".split()
)
_HIDING_STYLE = re.compile(r"(?:display\s*:\s*none|visibility\s*:\s*hidden|font-size\s*:\s*0(?![\d.]))", re.IGNORECASE)
_HIDING_CLASS = frozenset("sr-only visually-hidden visuallyhidden screen-reader-text headerlink mw-editsection".split())
_LINE_NUMBERS = frozenset("linenos lineno linenodiv line-numbers line-number hljs-ln-numbers".split())
_FRAME = frozenset("header footer aside".split())
_FRAME_ROLES = frozenset("banner contentinfo complementary".split())
_MENU_ROLES = frozenset("navigation search menu menubar toolbar".split())
_MENU_NAME = re.compile(
    r"(?:[\w-]*[_-])?(?:nav|navbar|navigation|menu|sidebar|sphinxsidebar|toc|pager"
    r"|pagination)(?:[_-][\w-]*)?|contents|header|footer|related|share|social|topbar"
)
_CONSENT_NAME = re.compile(r"(?:[\w-]*[_-])?(?:cookies?|consent|gdpr)(?:[_-][\w-]*)?")
_MENU_CLASSES = frozenset("navheader navfooter docnav breadcrumb breadcrumbs".split())
_MENU_TAGS = frozenset("div section ul ol dl table form p".split())
_NOTE_MARK = re.compile(r"footnote|noteref")
_MAX_MARK, _MAX_SEARCH, _MAX_BANNER, _MAX_ICON, _MAX_BETWEEN = 6, 200, 1000, 300, 300
_MAIN_SHARE = 0.5
_EXTRA_TAGS = ("div", "section", "ul", "ol", "p", "dl", "table", "aside", "details")
_EXTRA_NAME = re.compile(
    r"(?:[\w-]*[_-])?(?:comments?|commentlist|comment-list|disqus|respond|related|related-[\w-]+|newsletter|teasers?"
    r"|recommended|recommendations|sharing|sharedaddy|share-buttons|social-[\w-]+|tag-list|tags|byline|author-box"
    r"|author-bio|most-popular|mostread|read-more|readmore|more-stories)|comments?-[\w-]+"
)
_MAX_EXTRA, _LINKED_SHARE = 0.3, 0.5
_MIN_HYPHENS = 2  # in the name of a section that is its heading
_COMMON_TAGS = frozenset(
    "a article b blockquote body br code dd div dl dt em figure footer form h1 h2 h3 h4 h5 h6 header i img input label"
    " li main nav ol p pre section span strong sub sup table tbody td th thead tr u ul".split()
)


def main_text(root: Node, with_drawings: bool = False) -> Node:
    """Return the node that holds the page's text, and empty what is not part of it."""
    body = visible_body(root, with_drawings)
    _clear_frames(body)
    return _main(body)


def visible_body(root: Node, with_drawings: bool = False) -> Node:
    """Return the body of a page, and empty what a person does not see in it."""
    for _, node in etree.iterwalk(root, events=("end",)):
        _name_in_lower_case(node)
        if with_drawings and node.tag == "svg":
            _write_out_drawing(node)
        elif _is_unseen(node):
            node.clear(keep_tail=True)
        elif node.tag == "math":
            _write_out(node)
    return next(root.iter("body"), root)


def boilerplate_nodes(body: Node) -> set[Node]:
    """Return the nodes of a page's body that hold menus, banners, lists of links, comments and the like."""
    copy = deepcopy(body)
    originals = dict(zip(copy.iter(), body.iter(), strict=True))
    removed = [*_clear_frames(copy), *_clear_extras(copy)]
    inner = _main(copy)
    while inner is not copy:  # all that is beside the node with the text, and beside the nodes around it
        parent = inner.getparent()
        removed += [node for node in parent if node is not inner]
        inner = parent
    return {originals[node] for node in removed}


def _name_in_lower_case(node: Node) -> None:
    """Write a node's name without its namespace; of `<ahref=...>`, a common typo, the name is `a`."""
    name = node.tag.rpartition("}")[2].lower()
    try:
        node.tag = name
    except ValueError:
        node.tag = max((tag for tag in _COMMON_TAGS if name.startswith(tag)), key=len, default="span")


def _clear_frames(body: Node) -> list[Node]:
    """Empty the frames of a page, and return them."""
    cleared = []
    walk = etree.iterwalk(body, events=("start",))
    for _, node in walk:
        if node is not body and _is_frame(node):
            walk.skip_subtree()
            node.clear(keep_tail=True)
            cleared.append(node)
    return cleared


def _clear_extras(body: Node) -> list[Node]:
    """Empty lists of links, comments, teasers and the like, unless they hold much of the page, and return them."""
    cleared, most = [], _MAX_EXTRA * _length(body)
    walk = etree.iterwalk(body, events=("start",), tag=_EXTRA_TAGS)
    for _, node in walk:
        if node is body or (not (is_named := _is_extra(node)) and next(node.iter("a"), None) is None):
            continue
        length = _length(node)
        if 0 < length < most and next(node.iter("h1"), None) is None:
            linked = sum(_length(link) for link in node.iter("a") if link.get("href") is not None)
            if is_named or linked > _LINKED_SHARE * length:
                walk.skip_subtree()
                node.clear(keep_tail=True)
                cleared.append(node)
    return cleared


def _is_extra(node: Node) -> bool:
    names = [name for name in _classes_and_id(node) if name.count("-") < _MIN_HYPHENS or name not in _titles(node)]
    return any(map(_EXTRA_NAME.fullmatch, names))


def _titles(node: Node) -> set[str]:
    """Return the names that manuals give a section by its heading: `application-tags` for "Application tags"."""
    headings = (child for child in node if child.tag in ("h1", "h2", "h3", "h4", "h5", "h6"))
    words = (re.findall(r"[a-z0-9]+", "".join(heading.itertext()).lower()) for heading in headings)
    return {"-".join(part[start:]) for part in words for start in range(len(part))}


def _classes_and_id(node: Node) -> list[str]:
    return f"{node.get('class', '')} {node.get('id', '')}".lower().split()


def _main(body: Node) -> Node:
    """Return the node that is marked as the main one and holds most of the text, or the body."""
    best = max(filter(_is_main, body.iter()), key=_length, default=body)
    return best if _length(best) > _MAIN_SHARE * _length(body) else body


def _is_unseen(node: Node) -> bool:
    if node.tag in _UNSEEN or _is_marked_hidden(node):
        return True
    if node.tag == "form":
        return node.get("role") == "search" or (_has_search_box(node) and _length(node) < _MAX_SEARCH)
    return node.tag in ("a", "sup") and _is_mark(node)


def _is_marked_hidden(node: Node) -> bool:
    """Say whether a node's attributes hide it, or show that it holds only the numbers of lines of code."""
    if node.get("hidden") is not None or (node.tag == "dialog" and node.get("open") is None):
        return True
    if _HIDING_STYLE.search(node.get("style", "")):
        return True
    # A page that was saved while a dialog was open has its whole body hidden from screen readers.
    if node.get("aria-hidden") == "true" and _length(node) < _MAX_ICON:
        return True
    classes = set(node.get("class", "").split())
    return bool(classes & _HIDING_CLASS) or (bool(classes & _LINE_NUMBERS) and not any(map(str.isalpha, _words(node))))


def _is_mark(node: Node) -> bool:
    """Say whether a node is only a link to a footnote, back from it, or to itself."""
    text = _words(node)
    if len(text) > _MAX_MARK:
        return False
    links = [link for link in (node, *node.iterdescendants("a")) if link.get("href", "").find("#") >= 0]
    if not links:
        return False
    if not any(map(str.isalnum, text)) or node.tag == "sup":
        return bool(text)
    marked = " ".join(node.get(name, "") for name in ("class", "role", "{http://www.idpf.org/2007/ops}type"))
    return bool(_NOTE_MARK.search(marked)) or [child.tag for child in node] == ["sup"]


def _write_out(math: Node) -> None:
    """Replace a formula by its TeX source if the page has it; without signs a fraction would read as a number."""
    written = next((found.text for found in math.iter("annotation") if "tex" in found.get("encoding", "")), None)
    written = written or math.get("alttext")
    if written:
        math.clear(keep_tail=True)
        math.text = one_line(written)
        return
    for annotation in math.iter("annotation", "annotation-xml"):
        annotation.clear(keep_tail=True)


def _write_out_drawing(drawing: Node) -> None:
    """Leave the texts of a drawing in place of it."""
    texts = [one_line("".join(node.itertext())) for node in drawing.iter("title", "desc", "text")]
    drawing.clear(keep_tail=True)
    drawing.tag, drawing.text = "p", " ".join(texts)


def _is_frame(node: Node) -> bool:
    tag, role = node.tag, node.get("role")
    if tag == "nav" or role in _MENU_ROLES:
        return True
    if tag in _FRAME or role in _FRAME_ROLES:
        is_titled = tag == "header" and next(node.iter("h1"), None) is not None
        return not is_titled and (_is_menu(node) or not _is_within_text(node))
    names = _classes_and_id(node)
    if not _MENU_CLASSES.isdisjoint(names):
        return True
    if tag in _MENU_TAGS and any(map(_MENU_NAME.fullmatch, names)):
        return _is_menu(node)
    return any(map(_CONSENT_NAME.fullmatch, names)) and _may_be_banner(node)


def _may_be_banner(node: Node) -> bool:
    """Say whether a node is short enough for a question about cookies, and has no title."""
    is_short = node.tag in ("div", "section", "aside", "dialog") and _length(node) < _MAX_BANNER
    return is_short and next(node.iter("h1"), None) is None


def _is_within_text(node: Node) -> bool:
    return any(_is_main(above) or above.tag in ("section", "blockquote") for above in node.iterancestors())


def _is_menu(node: Node) -> bool:
    if any(map(_is_main, node.iter())) or next(node.iter("h1"), None) is not None:
        return False
    linked = sum(_length(link) for link in node.iter("a") if link.get("href") is not None)
    return linked > max(_length(node) / 2, _length(node) - _MAX_BETWEEN)


def _is_main(node: Node) -> bool:
    return node.tag in ("main", "article") or node.get("role") == "main"


def _has_search_box(form: Node) -> bool:
    return any(box.get("type", "text").lower() in ("text", "search") for box in form.iter("input"))


def _words(node: Node) -> str:
    return "".join("".join(node.itertext()).split())


def _length(node: Node) -> int:
    return sum(len("".join(text.split())) for text in node.itertext())
