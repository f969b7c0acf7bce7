"""Read calendar files and invitations (.ics)."""

import datetime
from collections.abc import Iterator
from typing import Any

from icalendar import Calendar

from index.ingest.limits import Limits
from index.ingest.readers.archive import guard
from index.ingest.readers.elements import Element
from index.ingest.readers.encoding import decode
from index.ingest.readers.table_rows import one_line

_NAMED = (("Where", "LOCATION"), ("Organizer", "ORGANIZER"), ("Attendees", "ATTENDEE"), ("Repeats", "RRULE"))


def read_calendar(content: bytes, limits: Limits) -> Iterator[Element]:
    """Yield each event or task: its title as a heading, when and where it is, who takes part, and its description."""
    return guard(calendar_elements(content), limits, "pages")


def calendar_elements(content: bytes) -> Iterator[Element]:
    """Yield the elements of a calendar that is part of another file."""
    for calendar in Calendar.from_ical(decode(content), multiple=True):
        for event in calendar.walk():
            if event.name in ("VEVENT", "VTODO", "VJOURNAL"):
                yield from _event(event)


def _event(event: Any) -> Iterator[Element]:
    if title := one_line(str(event.get("SUMMARY", ""))):
        yield Element(title, level=1)
    begin, end = (_moment(event.get(name)) for name in ("DTSTART", "DTEND"))
    if begin:
        yield Element(f"When: {begin}" + (f" to {end}" if end else ""), tight=True)
    if due := _moment(event.get("DUE")):
        yield Element(f"Due: {due}", tight=True)
    for label, name in _NAMED:
        if value := _written(event.get(name)):
            yield Element(f"{label}: {value}", tight=True)
    for paragraph in str(event.get("DESCRIPTION", "")).split("\n\n"):
        if paragraph.strip():
            yield Element(paragraph.strip())


def _moment(value: Any) -> str:
    moment = getattr(value, "dt", None)
    if isinstance(moment, datetime.datetime):
        return f"{moment:%A}, {moment.day} {moment:%B %Y, %H:%M} {moment.tzname() or ''}".strip()
    return f"{moment:%A}, {moment.day} {moment:%B %Y}" if isinstance(moment, datetime.date) else ""


def _written(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, list):
        return ", ".join(filter(None, map(_written, value)))
    name = one_line(str(getattr(value, "params", {}).get("CN", "")))
    text = value.to_ical().decode("utf-8", "replace") if hasattr(value, "to_ical") else str(value)
    address = text.removeprefix("mailto:").removeprefix("MAILTO:").replace("\\,", ",").replace("\\;", ";")
    return f"{name} <{address}>" if name else one_line(address)
