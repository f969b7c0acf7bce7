import pytest
from support.elements import left_out, with_text

from index.ingest.limits import Limits
from index.ingest.readers.html.reader import html_elements, read_html

TEXT = "<p>Tea is a drink that is made of leaves and water.</p>"
READ = "Tea is a drink that is made of leaves and water."


def texts(page):
    return [element.text for element in html_elements(page)]


@pytest.mark.parametrize(
    "part",
    [
        "<script>x()</script>",
        "<style>p {}</style>",
        "<template>x</template>",
        "<noscript>x</noscript>",
        "<!-- x -->",
        "<p hidden>x</p>",
        "<p style='color: red; DISPLAY : none'>x</p>",
        "<p style='visibility:hidden'>x</p>",
        "<p style='font-size:0'>x</p>",
        "<span aria-hidden=true>x</span>",
        "<span class='sr-only'>x</span>",
        "<dialog>x</dialog>",
        "<button>x</button>",
        "<input type=hidden value=x>",
        "<select><option>x</select>",
        "<svg><text>x</text></svg>",
    ],
)
def test_what_a_person_does_not_see_is_not_read(part):
    assert texts(TEXT + part) == texts(part + TEXT) == [READ]


@pytest.mark.parametrize(
    "part",
    [
        "<nav>Home</nav>",
        "<div role=navigation>Home</div>",
        "<div class='page-nav'><a href=a>Home</a> | <a href=b>Teas</a></div>",
        "<ul id=menu><li><a href=a>Home</a></ul>",
        "<div class=navheader>Chapter 3 <a href=a>Next</a></div>",
        "<div class=toc><p>Contents</p><a href=#a>1. Green</a> <a href=#b>2. Black</a></div>",
        "<header><a href=a>Home</a></header>",
        "<footer>Imprint</footer>",
        "<aside>Read more</aside>",
        "<form role=search>Search</form>",
        "<form>Search <input name=q></form>",
        "<div id='cookie-banner'>We use cookies. <button>Accept</button></div>",
    ],
)
def test_what_frames_the_text_is_not_read(part):
    assert texts(part + TEXT) == texts(TEXT + part) == [READ]


@pytest.mark.parametrize(
    ("part", "read"),
    [
        ("<div class=menu><p>Soup for 5 euros</p></div>", "Soup for 5 euros"),
        ("<header><h1>Tea</h1></header>", "Tea"),
        ("<article><aside>A remark.</aside></article>", "A remark."),
        ("<blockquote><footer>A poet</footer></blockquote>", "A poet"),
        ("<div aria-hidden=true><p>" + "Long " * 80 + "</p></div>", ("Long " * 80).strip()),
        ("<form>Name <input name=name></form><p>x</p>", "Name"),
        ("<p style='font-size:0.9em'>Small</p>", "Small"),
    ],
)
def test_what_only_looks_like_it_is_read(part, read):
    if part.startswith("<form"):
        part = part.replace("Name <", "Tell us " * 40 + "<")
        read = ("Tell us " * 40).strip()
    assert read in texts(f"{part}{TEXT}")


def test_the_main_part_is_read_alone_where_it_holds_most():
    assert texts(f"<div>Ad</div><main>{TEXT}</main><div>Ad</div>") == [READ]
    assert texts(f"<div>Ad</div><div role=main>{TEXT}</div>") == [READ]
    assert texts(f"{TEXT}<article>Short</article>{TEXT}") == [READ, "Short", READ]


def test_links_to_a_heading_itself_are_not_read():
    assert texts("<h2>Tea<a href='#tea'>¶</a></h2><p>Steep it.<a href='#ref1'>↩</a></p>") == ["Tea", "Steep it."]


def test_line_numbers_are_not_read():
    assert texts("<pre><span class=linenos>1</span>brew()</pre>") == ["brew()"]


PROSE = "Tea is a drink that is made of the leaves of a bush, and that people in most countries drink every day. " * 3


def page_texts(page):
    return [element.text for element in with_text(read_html(page.encode(), Limits()))]


def test_lists_of_links_teasers_and_comments_of_a_long_page_are_not_read():
    related = "<div class=related><h3>Read also</h3><p>How to brew coffee in ten minutes.</p></div>"
    links = "<ul><li><a href=a>All about cups</a><li><a href=b>All about pots</a></ul>"
    comments = "<section id=comments><h3>Comments</h3><p>I like it. Ann</p></section>"
    story = "".join(f"<h2>Part {number}</h2><p>{PROSE}</p>" for number in range(6))
    page = f"<body><h1>Tea</h1>{story}{related}{links}{comments}</body>"
    assert left_out(read_html(page.encode(), Limits())) == {"block of boilerplate": 6}
    found = page_texts(page)
    assert found == ["Tea", *(text for number in range(6) for text in (f"Part {number}", PROSE.strip()))]


def test_tables_lists_and_code_of_a_manual_are_read_whole():
    table = "<table><tr><th>Tea<th>Minutes</tr><tr><td>green<td>2</tr><tr><td>black<td>5</tr></table>"
    steps = "<ol><li>Boil water.<li>Pour.</ol><pre>brew --tea</pre>"
    story = "".join(f"<h2>Part {number}</h2><p>{PROSE}</p>{table}{steps}" for number in range(4))
    found = page_texts(f"<body><div class=toc><a href=#a>Part 1</a></div><h1>Tea</h1>{story}</body>")
    assert found.count("Tea: green; Minutes: 2.") == found.count("1. Boil water.") == found.count("brew --tea") == 4


@pytest.mark.parametrize("frame", ["aside", "nav", "footer", "div class=sidebar"])
def test_a_page_that_is_all_in_a_frame_is_read(frame):
    story = f"<p>{PROSE}</p>" * 5
    assert page_texts(f"<body><{frame}>{story}</{frame.split()[0]}></body>") == [PROSE.strip()] * 5


def test_a_short_line_of_a_page_without_links_is_read():
    story = f"<p>{PROSE}</p>" * 5
    assert "Open daily" in page_texts(f"<body><h1>Tea</h1>{story}<p>Open daily</p></body>")


def test_a_section_of_a_manual_that_is_named_by_its_heading_is_read():
    section = f"<div id=security-related-bugs><h2>Security-related bugs</h2><p>{PROSE}</p></div>"
    story = "".join(f"<h2>{number}.1 Part</h2><p>{PROSE}</p>" for number in range(6))
    assert "Security-related bugs" in page_texts(f"<body><h1>Tea</h1>{story}{section}</body>")


def test_a_notice_below_the_story_is_not_read_and_a_sentence_is():
    story = f"<p>{PROSE}</p>" * 9
    end = "<p>Tea was first grown in the hills, and <a href=a>all of it</a> by hand, says the board of the town.</p>"
    found = page_texts(f"<body><nav><a href=b>Home</a></nav><h1>Tea</h1>{story}{end}<div>Share on Twitter</div></body>")
    assert found[-1].endswith("says the board of the town.")
    assert "Share on Twitter" not in found
