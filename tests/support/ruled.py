"""Draw pages with tables whose cells are divided by lines."""

import io

from reportlab.pdfgen.canvas import Canvas

LINE = 12
PAD = 6


def drawn(*pages):
    """Return a file with a page for each list of texts, lines and areas.

    A text is (left, base, text) or (left, base, text, size, font), a line ("line", x, y, x, y), a frame and an area
    (name, left, bottom, width, height).
    """
    buffer = io.BytesIO()
    canvas = Canvas(buffer, pagesize=(400, 420), invariant=1)
    for page in pages:
        for thing in page:
            if thing[0] == "line":
                canvas.line(*thing[1:])
            elif thing[0] in ("frame", "area"):
                canvas.rect(*thing[1:], stroke=int(thing[0] == "frame"), fill=int(thing[0] == "area"))
            else:
                left, base, text, *style = thing
                size, font = style or (10, "Helvetica")
                canvas.setFont(font, size)
                canvas.drawString(left, base, text)
        canvas.showPage()
    canvas.save()
    return buffer.getvalue()


def ruled_page(rows, left=50, top=360, width=300, style="lines", header_font="Helvetica"):
    """Return what to draw for a table; a cell is a text or its lines, and None goes on from the row above.

    The style is `lines`, thin filled `areas`, or `columns`: no lines are between the rows below the first.
    """
    count = max(map(len, rows))
    edges = [left + width * place / count for place in range(count + 1)]
    things = []
    for number, row in enumerate(rows):
        cells = [[cell] if isinstance(cell, str) else cell for cell in row]
        height = LINE * max(len(cell) for cell in cells if cell) + 2 * PAD
        font = header_font if number == 0 else "Helvetica"
        sides = edges if len(cells) == count else [edges[0], edges[-1]]
        for place, cell in enumerate(cells):
            for line, text in enumerate(cell or []):
                things.append((sides[place] + 4, top - PAD - 9 - LINE * line, text, 10, font))
            is_open = style == "columns" and number > 1
            if cell is not None and not is_open:
                things += _line((sides[place], top), (sides[place + 1], top), style)
        things += [one for side in sides for one in _line((side, top - height), (side, top), style)]
        top -= height
    return things + _line((edges[0], top), (edges[-1], top), style)


def _line(first, last, style):
    (left, low), (right, high) = first, last
    if style == "areas":
        return [("area", left, low, max(right - left, 0.5), max(high - low, 0.5))]
    return [("line", left, low, right, high)]
