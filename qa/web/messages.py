"""What the page's script sends to its handlers. Everything from a browser is validated, with limits."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from qa.service import MAX_QUESTION_CHARACTERS
from qa.types import Place, Turn

MAX_TURNS = 50
MAX_CONTEXT_TURNS = 12
MAX_CHOSEN = 10_000
MAX_QUOTES = 1_000  # on the page

Question = Annotated[str, Field(max_length=2 * MAX_QUESTION_CHARACTERS)]
Path = Annotated[str, Field(max_length=4_096)]
Text = Annotated[str, Field(max_length=20_000)]
Position = Annotated[int, Field(ge=0, le=2**40)]
Key = Annotated[str, Field(pattern=r"^[a-z0-9]{1,16}$")]


class Message(BaseModel):
    """A message of the page's script: keys that are not known are ignored."""

    model_config = ConfigDict(extra="ignore", frozen=True)


class CitedPlace(Message):
    """A place that an earlier answer cited."""

    document: Path
    start: Position
    end: Position
    section: Path = ""


class ContextTurn(Message):
    """What a later question needs of an earlier turn: its question, and what was quoted for it."""

    question: Question
    answer: Text = ""
    places: Annotated[list[CitedPlace], Field(max_length=50)] = []

    def turn(self) -> Turn:
        """Return the turn that a follow-up is resolved against."""
        places = tuple(Place(place.document, place.start, place.end) for place in self.places)
        sections = dict.fromkeys(place.section for place in self.places if place.section)
        return Turn(self.question, self.answer, places, tuple(sections))


class Ask(Message):
    """A question of a conversation; `key` names its turn in the page.

    It is asked without corrections of its spelling (`as_typed`), or of all documents (`everywhere`).
    """

    key: Key
    question: Question
    context: Annotated[list[ContextTurn], Field(max_length=MAX_CONTEXT_TURNS)] = []
    only: Annotated[list[Path], Field(max_length=MAX_CHOSEN)] = []
    as_typed: bool = False
    everywhere: bool = False


class Writing(Message):
    """An answer that is being written, and how many of its steps the page has seen."""

    id: Annotated[str, Field(pattern=r"^[0-9a-f]{32}$")]
    seen: Annotated[int, Field(ge=0, le=10_000)] = 0


class SavedConversation(Message):
    """A conversation from browser storage. Its turns are validated one by one, so that one bad turn loses no other."""

    turns: Annotated[list[object], Field(max_length=MAX_TURNS)] = []


class SavedTurnMessage(Message):
    """A turn from browser storage, validated when it is loaded."""

    turn: object


class Suggest(Message):
    """The last turn of a conversation, with its context, to suggest related questions."""

    turn: object
    context: Annotated[list[ContextTurn], Field(max_length=MAX_CONTEXT_TURNS)] = []


class Quoted(Message):
    """A quote of a document."""

    document: Path
    quote: Text


class Recheck(Message):
    """The quotes on the page, to find those whose documents have changed."""

    quotes: Annotated[list[Quoted], Field(max_length=MAX_QUOTES)] = []


class OpenDocument(Message):
    """A document to open, at a quote if there is one."""

    document: Path
    quote: Text = ""
    start: Position = 0


class ShowPage(Message):
    """A page of a document to draw, with a range of the document's text to mark."""

    document: Path
    page: Annotated[int, Field(ge=1, le=100_000)]
    start: Position = 0
    end: Position = 0


class ListFiles(Message):
    """Which files of the library to list."""

    search: Path = ""
    order: Annotated[str, Field(max_length=20)] = "Document"
    page: Annotated[int, Field(ge=0, le=100_000)] = 0


class Search(Message):
    """What to search for among the documents to choose from."""

    search: Path = ""


class Folders(Message):
    """Folders of the library, each with a slash at its end."""

    folders: Annotated[list[Path], Field(max_length=1_000)]


class Files(Message):
    """Files of the folder."""

    documents: Annotated[list[Path], Field(max_length=1_000)]


class OneFile(Message):
    """A file of the folder."""

    document: Path


class RemovedFile(Message):
    """A file that was removed, and the name of its folder in the trash."""

    document: Path
    removed: Annotated[str, Field(pattern=r"^\d{1,30}$")]


class Upload(Message):
    """A file that was uploaded to a temporary path."""

    path: Path
    name: Annotated[str, Field(max_length=1_000)]
    replace: bool = False


class Switch(Message):
    """Whether something should be on."""

    on: bool
