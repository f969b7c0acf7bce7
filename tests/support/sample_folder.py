"""Write a folder of mixed documents, as a small company has them: the pictures of the page show it."""

from pathlib import Path

from docx import Document
from openpyxl import Workbook
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import getSampleStyleSheet
from reportlab.platypus import ListFlowable, Paragraph, SimpleDocTemplate, Spacer

MARKDOWN = {
    "handbook/holidays.md": """# Holidays

## Paid leave

Everyone has **28 days** of paid leave a year, public holidays not included. Unused days move to the next year, up to
five of them, and are lost at the end of March.

## Asking for leave

1. Agree on the dates with your team.
2. Enter them in the calendar at least two weeks before.
3. Hand over what cannot wait.

## Sick leave

Call the workshop before nine o'clock. From the fourth day on, we need a doctor's note.
""",
    "handbook/expenses.md": """# Expenses

We pay what you spend on business travel. Send the receipts within 30 days.

| What | Limit |
|---|---|
| Hotel, a night | 140 € |
| Meals, a day | 45 € |
| Train | second class |
| Bicycle, a kilometre | 0.35 € |

Flights need the approval of a manager *before* they are booked.
""",
    "handbook/working-from-home.md": """# Working from home

You may work from home on two days a week. The workshop has to be staffed from 9:00 to 18:00, so agree on the days with
your team. We pay 400 € towards a desk and a chair, once.
""",
    "handbook/cash-register.md": """# The cash register

Every evening, whoever closes the shop counts the cash and sends the day's sales:

```sh
register close --date today
register send --to office
```

If `register send` reports an error, write the sum on the slip and put it in the safe.
""",
    "minutes/2025-10-07.md": """# Team meeting, 7 October 2025

Present: Ines, Hiro, Greta.

- A test ride may last 20 minutes at most, and needs an identity card.
- Hiro repairs the compressor.
""",
    "minutes/2026-10-06.md": """# Team meeting, 6 October 2026

Present: Ines, Hiro, Greta, Tomas.

- The new cargo bike arrives in November. Greta orders 20 of them for the start.
- The battery of the City 3 is recalled: numbers CB-2200 to CB-2450 are exchanged free of charge.
- A test ride may last 45 minutes at most, and needs an identity card.
- The workshop is closed from 24 December to 2 January.
""",
    "letters/delivery.eml": """From: Nordlicht Cycles <orders@nordlicht.example>
To: Ines <ines@harbour.example>
Subject: Delivery of your order 4711
Date: Mon, 12 Oct 2026 09:12:00 +0200
Content-Type: text/plain; charset="utf-8"

Dear Ines,

your order 4711 leaves our warehouse on 19 October. It is 12 saddles and 40 inner tubes, in three boxes. The driver
calls half an hour before.

Nordlicht Cycles
""",
    "shop/questions.html": """<html><head><title>Questions of customers</title></head><body>
<h1>Questions of customers</h1>
<h2>Can I return a bicycle?</h2>
<p>Yes, within 14 days, if it was ridden no more than ten kilometres.</p>
<h2>Do you buy used bicycles?</h2>
<p>We take them in payment for a new one. The workshop looks at them on Tuesdays.</p>
<h2>How long does a repair take?</h2>
<table><tr><th>Repair</th><th>Time</th><th>Price</th></tr>
<tr><td>Puncture</td><td>one hour</td><td>18 €</td></tr>
<tr><td>Inspection</td><td>two days</td><td>75 €</td></tr>
<tr><td>New chain</td><td>one day</td><td>45 €</td></tr></table>
</body></html>
""",
    "letters/insurance.txt": """Harbour Bicycles, Quay Street 7

Dear customer,

your bicycle is insured against theft for the first twelve months if it was locked with a lock of class 12 or higher.
Send us the police report and both keys within seven days.
""",
}
MANUAL = (
    (
        "City 3: user manual",
        ["The City 3 is an electric bicycle for the road. Read this manual before the first ride."],
    ),
    (
        "1. The battery",
        [
            "The battery holds 540 Wh, enough for 60 to 110 kilometres. It is full after four and a half hours.",
            "Charge it at 5 to 40 °C. Never leave it in the sun, and store it half full if you do not ride in winter.",
        ],
    ),
    (
        "2. Charging",
        ["Switch the bicycle off.", "Open the cover on the frame.", "Plug in the charger until the light is green."],
    ),
    (
        "3. Care",
        [
            "Oil the chain every 300 kilometres, and after every ride in the rain. Check the pressure of the tyres "
            "once a month: it should be 3.5 bar in front and 4 bar behind.",
            "The brake pads must be changed when less than one millimetre of them is left.",
        ],
    ),
    ("4. Guarantee", ["The frame has a guarantee of ten years, the battery of two years or 500 charges."]),
)
WHO = ("Ines", "Hiro", "Greta", "Tomas")
STOCK = (
    ("Model", "Colour", "Price", "In stock", "Delivery"),
    ("City 3", "green", "2,390 €", 14, "at once"),
    ("City 3", "black", "2,390 €", 0, "6 weeks"),
    ("Cargo 1", "blue", "4,150 €", 3, "at once"),
    ("Junior 20", "red", "489 €", 22, "at once"),
    ("Tour 9", "grey", "3,290 €", 5, "2 weeks"),
)


def write_sample(folder: Path) -> None:
    """Write the documents: Markdown, text, mail, HTML, PDF, Word and Excel, and a long log."""
    for path, text in MARKDOWN.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text, "utf-8")
    (folder / "manuals").mkdir()
    _write_manual(folder / "manuals" / "city-3.pdf")
    _write_safety(folder / "handbook" / "safety.docx")
    _write_log(folder / "archive" / "workshop-log.txt")
    book = Workbook()
    book.active.title = "Prices and stock"
    for row in STOCK:
        book.active.append(row)
    book.save(folder / "stock.xlsx")


def _write_log(path: Path) -> None:
    path.parent.mkdir()
    days = (
        f"Day {day}\n\nThe workshop repaired {day % 7 + 3} bicycles and sold {day % 4} of them. "
        f"{WHO[day % 4]} oiled the lathe and wrote down {day * 3 % 50} hours.\n\n"
        for day in range(1, 261)
    )
    path.write_text("".join(days), "utf-8")


def _write_manual(path: Path) -> None:
    styles = getSampleStyleSheet()
    parts = []
    for title, texts in MANUAL:
        parts += [Paragraph(title, styles["Heading1" if not parts else "Heading2"]), Spacer(1, 6)]
        if title == "2. Charging":
            items = [Paragraph(text, styles["BodyText"]) for text in texts]
            parts.append(ListFlowable(items, bulletFormat="%s."))
        else:
            parts += [Paragraph(text, styles["BodyText"]) for text in texts]
        parts.append(Spacer(1, 18))
    SimpleDocTemplate(str(path), pagesize=A4, title="City 3: user manual").build(parts)


def _write_safety(path: Path) -> None:
    document = Document()
    document.add_heading("Safety in the workshop", 1)
    document.add_paragraph("Wear goggles at the grinder, and tie long hair back.")
    document.add_heading("In case of fire", 2)
    for step in ("Call 112.", "Leave by the yard, never through the shop.", "Meet at the crane on the quay."):
        document.add_paragraph(step, style="List Number")
    document.add_paragraph("First-aiders are Greta on the ground floor and Tomas on the first floor.")
    document.save(str(path))
