"""The wordings of requests in German, as patterns that match whole questions. Groups are as in `request_patterns`."""

import re

_FLAGS = re.IGNORECASE
_DOCUMENTS = r"(?:(?:alle|alles an) )?(?:dokumente?n?|dateien|unterlagen|texte|pdfs?|pdf-dateien|tabellen|notizen)"
_HAVE = (
    r"(?: (?:gibt es|habe ich|haben wir|hast du|liegen vor|sind (?:da|hier|vorhanden|im ordner)|kennst du))?"
    r"(?: (?:hier|im ordner|insgesamt))*"
)
_ABOUT = r"(?: (?:zu|zum|zur|über|mit|von) (?P<topic>.+?))"
_POLITE = r"(?:(?:kannst|könntest) du (?:mir )?(?:bitte )?|bitte )?"
_IN = r"(?:in|im|ins|auf) (?:der |dem |die |das |den )?"

HELP = re.compile(
    r"was kannst du(?: (?:alles|tun|machen|für mich tun))*|hilfe|hilf mir|wer bist du"
    r"|wie funktioniert (?:das|es|footnote)",
    _FLAGS,
)
CANNOT = re.compile(
    r"(?P<translate>(?:übersetze?|übersetz mir)\b.+)"
    r"|(?P<write>(?:schreibe?|verfasse|formuliere)(?: mir)? (?:eine?n?|die|den|das)\b.+)"
    r"|(?P<add>(?:addiere|summiere|berechne)\b (?P<figures>.+)|zähle?? (?P<counted>.+) zusammen)",
    _FLAGS | re.DOTALL,
)
COUNT = re.compile(rf"wie ?viele (?P<noun>{_DOCUMENTS}){_HAVE}", _FLAGS)
DOCUMENTS = [
    re.compile(pattern, _FLAGS)
    for pattern in (
        rf"(?:welche|was für) (?P<noun>{_DOCUMENTS}){_HAVE}{_ABOUT}?{_HAVE}",
        rf"(?:welche|in welchen) {_DOCUMENTS} (?:erwähnen|behandeln|enthalten|handeln von|geht es um"
        r"|steht etwas (?:zu|über)|sprechen von) (?P<topic>.+)",
        rf"was (?:hast du|gibt es|habe ich|haben wir){_ABOUT}",
        rf"(?:gibt es|hast du|habe ich|haben wir) (?:etwas|was|irgendetwas|{_DOCUMENTS}){_ABOUT}",
        rf"(?:zeige? mir|liste?|nenne mir) (?P<noun>{_DOCUMENTS}){_ABOUT}?(?: auf)?",
    )
]
OVERVIEW = [
    re.compile(pattern, _FLAGS)
    for pattern in (
        rf"{_POLITE}fasse? (?:mir )?(?:bitte )?(?P<document>.+?) (?:kurz )?(?:bitte )?zusammen",
        rf"{_POLITE}(?P<document>.+?) zusammenfassen",
        r"(?:gib mir )?(?:eine |die )?(?:kurze )?zusammenfassung(?: (?:von|vom|der|des|zu))? (?P<document>.+)",
        r"(?:gib mir )?(?:einen |den )?(?:kurzen )?überblick(?: über)? (?P<document>.+)",
        r"(?:das )?(?:inhaltsverzeichnis|gliederung)(?: (?:von|vom|der|des) (?P<document>.+))?",
    )
]
POSSIBLE_OVERVIEW = [
    re.compile(pattern, _FLAGS)
    for pattern in (
        rf"worum geht(?: es|['’]s)(?: (?:denn|eigentlich))? (?:{_IN})?(?P<document>.+)",
        r"(?:wovon|von was) handelt (?P<document>.+)",
        rf"was steht(?: (?:denn|alles))? {_IN}(?P<document>.+)",
    )
]
PLACE = rf"(?:was steht(?: denn)? )?(?:{_IN})?<place>(?:,? (?:von|vom|der|des|in|im|aus) (?P<document>.+?))?"
EVERYTHING = (
    r"worum geht(?: es|['’]s)(?: hier| in (?:diesem|dem) ordner| in (?:diesen|den) (?:dokumenten|dateien|texten))"
    r"|was (?:ist|gibt es|liegt|steht) (?:hier|hier drin|in (?:diesem|dem) ordner|im ordner)"
    r"|fasse? (?:bitte )?(?:alles|alle (?:dokumente|dateien|texte)) (?:bitte )?zusammen"
    r"|zeige? mir alles|wovon handeln (?:die|diese) (?:dokumente|dateien|texte)"
)
