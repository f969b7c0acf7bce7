"""Open the files of office programs before 2007: OLE compound files, which hold named streams of bytes."""

from io import BytesIO

import olefile


def streams(content: bytes, *names: str) -> list[bytes | None]:
    """Return the streams with some names; None for each that the file does not have.

    Raises:
        OSError: the content is no compound file, or is damaged.
    """
    with olefile.OleFileIO(BytesIO(content)) as file:
        return [file.openstream(name).read() if file.exists(name) else None for name in names]
