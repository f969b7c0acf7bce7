"""The wordings of requests for documents, overviews and places, as patterns that match whole questions.

Each pattern is put together from named pieces. A group `topic`, `document`, `noun` or `own` (the person's own word
for a kind of documents) is what the request is about.
"""

import re
from collections.abc import Sequence

from qa.answer import german_patterns as german
from qa.answer.place_numbers import LABEL_OF, NUMBER, ORDINALS


def _compile(patterns: Sequence[str]) -> list[re.Pattern[str]]:
    return [re.compile(pattern, re.IGNORECASE) for pattern in patterns]


POLITE = re.compile(
    r"^(?:(?:hi|hello|hey|ok|okay|so|and|please|well|now)\b[\s,!.]*"
    r"|(?:can|could|would|will) (?:you|u|i)(?: please| kindly)? (?=(?:summar|sum up|give|show|list|tell|quote|read"
    r"|translate|write|draft|add up|open|outline|name|get))"
    r"|(?:i(?:['’]d| would) like|i want)(?: you)? to (?:see |know |read )?"
    r"|tell me (?=what|which|how|about)|show me (?=what|which))+",
    re.IGNORECASE,
)
POLITE_END = re.compile(r"(?:[\s,]+(?:for me|please|pls|thanks|thank you))*[\s?.!]*$", re.IGNORECASE)

HELP = re.compile(
    r"(?:who|what) (?:are|r) (?:you|u)(?: (?:for|exactly))?(?:,? and)?(?: what (?:can|do) you do)?"
    r"|what (?:can|could) (?:you|i|footnote|we)(?: do| ask)?(?: (?:for me|you|here|with (?:this|it)|about))*"
    r"|what do you do|what are your (?:features|capabilities)"
    r"|how (?:do|does|can) (?:you|footnote|i use (?:this|it|you|footnote)|this (?:app|page|tool|thing))(?: work)?"
    r"|help(?: me)?|who (?:made|built|created|wrote) (?:you|u|this(?: app)?)|how do you work"
    r"|(?:are|r) (?:you|u) (?:an? )?(?:chat ?gpt|gpt|claude|gemini|copilot|ai|bot|robot|human|person|real"
    r"|language model|llm)(?: or .+)?|(?:which|what) (?:ai |language )?model (?:are you|do you use)"
    r"|what should i ask(?: you)?|what kind of questions can i ask(?: you)?",
    re.IGNORECASE,
)
CANNOT = re.compile(
    r"(?P<translate>translate\b.+)"
    r"|(?P<write>(?:write|draft|compose|rewrite|rephrase|paraphrase)(?: me)? (?:an?|the|this|that|my|it|some)\b.+)"
    r"|(?P<add>(?:add up|add together|total up|calculate|compute|work out the (?:sum|total|average) of"
    r"|what(?:['’]s| is|s) the (?:sum|average|mean) of (?=all|these)"
    r"|(?:give me|what(?:['’]s| is|s)) the total of (?=all)"
    r"|sum(?: up)? (?=all (?:the )?(?:amounts|numbers|costs|fees|figures|totals?|values|prices|expenses)"
    r"|the (?:amounts|numbers|costs|fees|figures|totals?|values|prices|expenses)))\b ?(?P<figures>.+)"
    r"|(?:what(?:['’]s| is|s) )?\d[\d\s.,()]*(?:[-+*/x×÷][\d\s.,()]+)+=?)",
    re.IGNORECASE | re.DOTALL,
)

_DOCUMENTS = (
    r"(?:(?:[\w-]+(?: [\w-]+)?) )??"
    r"(?:documents?|docs?|files?|papers?|texts?|pdfs?|spreadsheets?|presentations?|slide ?decks?|notebooks?)"
)
_THE_FOLDER = r"in (?:the|this|my|your|our) (?:folder|library|index|collection)"
_HERE = rf"(?: (?:in here|here|there|{_THE_FOLDER}|uploaded|loaded|indexed|available|in total|altogether|on file))*"
_HAVE = (
    r"(?: (?:do|did|have|can|could) (?:i|you|we|u)(?: (?:have|hold|know|got|see|read|search|uploaded?|added?))?"
    rf"| (?:are|is) (?:there|available|in here|here|{_THE_FOLDER})"
    r"| you (?:have|got|know)| have(?: you| i| we)? got)"
)
_ABOUT = (
    r" (?:that |which )?(?:are |is |deal |talk |say something |say anything |have anything )?"
    r"(?:about|on|regarding|concerning|covering|discussing|mention(?:ing|s)?|relat(?:ed|ing) to|discuss|cover"
    r"|contain(?:ing)?|with|explain|describ(?:e|ing)|dealing with)"
    r" (?:(?:the )?(?:word|words|term|phrase|name|code)s? )?(?P<topic>.+?)"
)
_MENTION = (
    r"(?:mention|talk about|discuss|cover|contain|are about|deal with|describe|refer to|say (?:some|any)thing about)"
)
_WORD = r"(?:(?:the )?(?:word|words|term|phrase|name|code)s? )?"
_IF_SO = r"(?:,? and if so,? (?:which|what)(?: ones?)?)?"
_THERE_IS = r"(?:do (?:i|you|we) have|is there|are there|have (?:you|we|i)(?: got)?"

COUNT = re.compile(
    rf"(?:how many|what is the number of) (?P<noun>{_DOCUMENTS})(?:{_HAVE})?{_HERE}"
    rf"(?: (?:do|have|are|did) (?:i|you|we|there)(?: (?:have|uploaded?|added?))?)?{_HERE}",
    re.IGNORECASE,
)
DOCUMENTS = _compile(
    [
        rf"(?:what|which) (?:other |kinds? of )?(?P<noun>{_DOCUMENTS}){_HAVE}?{_HERE}(?:{_ABOUT})?{_HERE}",
        rf"(?:what|which) (?P<noun>{_DOCUMENTS}) {_MENTION} {_WORD}(?P<topic>.+?){_HERE}",
        r"(?:list|show|name|give|find|search for|look for)(?: me)?(?: all| any| a list of| every)?"
        r"(?: (?:the|my|our|of the))?"
        r"(?: available| indexed)? "
        rf"(?P<noun>{_DOCUMENTS})(?:{_ABOUT})?{_HERE}",
        rf"{_THERE_IS}|(?:you )?got|any) (?:any |some |an? )?"
        rf"(?P<noun>(?:{_DOCUMENTS})|anything|something|stuff|information|info){_HERE}{_ABOUT}{_HERE}{_IF_SO}",
        rf"(?:(?:anything|everything|all)|(?:all |any )?(?P<noun>documents|files|docs|papers|pdfs)){_ABOUT}{_HERE}",
        rf"what(?: all)?{_HAVE}{_ABOUT}{_HERE}",
    ]
)
IN_FOLDER = _compile(
    [
        rf"(?:what|which) (?:{_DOCUMENTS})(?:{_HAVE}| are| is)? (?:in|inside|under) (?P<own>.+)",
        rf"(?:list|show|name|give)(?: me)?(?: all)?(?: (?:the|my|our|of the))? (?:{_DOCUMENTS})"
        r" (?:in|inside|under|from) (?P<own>.+)",
        r"what(?:['’]s| is|s| do (?:i|we|you) have) (?:in|inside|under) (?P<own>.+ (?:folder|directory))",
        r"how many (?P<own>[\w-]+(?: [\w-]+){0,2}?) (?:are there|do (?:we|i|you) have)(?: (?:in here|here))?",
        rf"how many (?:{_DOCUMENTS})(?:{_HAVE})? (?:in|inside|under) (?P<own>.+)",
        r"(?:list|show|name)(?: me)?(?: all)?(?: (?:the|my|our))? (?P<own>[\w-]+(?: [\w-]+){0,2}?)",
        r"any (?P<own>[\w-]+(?: [\w-]+){0,2}?)(?: (?:in here|here))?",
    ]
)
_ALL = (
    r"(?:everything|(?:all )?(?:of )?(?:these|this|the|my|our|your) (?:folder|library|collection|documents|files|docs)"
    r"|all (?:documents|files|docs)|all of (?:it|them)|in here|the whole (?:folder|thing))"
)
_COVER = r"(?:cover|contain|know(?: about)?|have|talk about|deal with)"
EVERYTHING = re.compile(
    rf"(?:what(?:['’]s| is|s| are) )?(?:all )?(?:in )?{_ALL}(?: (?:all )?about)"
    r"|what(?:['’]s| is|s) (?:all )?(?:in )?(?:here|in here|(?:this|the|my) (?:folder|library|collection))"
    rf"|what (?:do|does) {_ALL} {_COVER}|what (?:do|can) you know(?: about)?"
    r"|(?:what|which) (?:topics|subjects|areas|themes)"
    rf" (?:(?:do|does|can) (?:you|{_ALL}) {_COVER}|are (?:there|covered|in here))(?: in here)?"
    rf"|(?:summari[sz]e|sum up|outline)(?: me)? (?:{_ALL}|all)"
    rf"|(?:give me |show me )?(?:an? |the )?(?:overview|summary|outline)(?: (?:of|over) {_ALL})?"
    rf"|{german.EVERYTHING}",
    re.IGNORECASE,
)
OWN_NOUN = _compile(
    [
        rf"(?:what|which) (?P<own>[\w-]+(?: [\w-]+){{0,4}}?){_HAVE}{_HERE}",
        rf"{_THERE_IS}) (?:any|some) (?P<own>[\w-]+(?: [\w-]+){{0,3}}?){_HERE}{_IF_SO}",
        r"(?:list|show|name)(?: me)?(?: all)?(?: (?:the|my|our))? (?P<own>[\w-]+(?: [\w-]+){0,2}?) "
        r"(?:in here|here|in (?:the|this) folder)",
    ]
)

_OF = r"(?: (?:of|in|from|for|on) (?P<document>.+))"
_IS = r"what(?:['’]s| is| are|s)"
OVERVIEW = _compile(
    [
        r"(?:the )?(?:summari[sz]e|sum up|outline|gist of|(?:main|key) (?:points|messages|ideas) of|summary of"
        r"|overview of|(?:an? )?summary:?|tl;?dr:?(?: of)?) (?P<document>.+)",
        r"(?:give|show|tell|get|write|i need|i want)(?: me| us)? (?:an?|the) "
        rf"(?:(?:short|brief|quick|rough|general) )?(?:summary|overview|outline|gist|rundown|synopsis){_OF}",
        rf"{_IS} (?:the|an?) (?:main points?|key points?|gist|summary|outline|overview|contents?|table of contents"
        rf"|structure){_OF}",
        r"(?:list|show|give|name)(?: me)?(?: all)? (?:the )?(?:sections|chapters|headings|parts|columns|topics)"
        rf"{_OF}",
        rf"(?:the )?(?:table of contents|toc|main points|key points|contents|headings|chapters){_OF}?",
    ]
)
NEWEST = re.compile(
    r"(?:what|which)(?:['’]s| is| are|s)? (?:the )?(?P<newest>newest|latest|most recent|oldest|earliest)"
    rf" (?P<noun>{_DOCUMENTS})(?: (?:do|have) (?:i|you|we)(?: have| got)?| are there| in here| here)*"
    rf"|(?:list|show(?: me)?) (?:the )?(?P<latest>newest|latest|most recent|oldest|earliest) (?P<nouns>{_DOCUMENTS})"
    rf"|which (?P<kind>{_DOCUMENTS}) (?:is|are|were) (?:the )?(?P<new>new|newest|latest|most recent|oldest|recent)",
    re.IGNORECASE,
)
# Asked of meetings whose minutes are documents.
LAST_MEETING = re.compile(
    r"(?:when|what date)(?:['’]s| is| was|s)? (?:the |our |your )?"
    r"(?P<last>last|latest|most recent|newest|first|earliest) (?P<noun>(?:[\w-]+ ){0,2}?(?:meeting|assembly))(?: held)?"
    r"|(?:which|what) (?P<kind>(?:[\w-]+ ){0,2}?(?:meeting|assembly)) (?:is|was) (?:the )?"
    r"(?P<new>last|latest|most recent|newest|first|earliest)(?: one)?",
    re.IGNORECASE,
)
PAGES = re.compile(
    r"how many (?P<unit>page|slide|row|chapter|message|cell)s (?:does|do|has|have|are in|are there in) "
    r"(?P<document>.+?)(?: have| contain)?",
    re.IGNORECASE,
)
# Wordings of other questions too: the document must be named as one.
POSSIBLE_OVERVIEW = _compile(
    [
        rf"{_IS} (?P<document>.+?) (?:all )?about",
        r"what (?:does|do) (?P<document>.+?) (?:cover|contain|talk about|deal with|say|tell (?:us|me))",
        r"what(?:['’]s| is|s| stands?)(?: written)? in (?P<document>.+)",
        r"what (?:happened|was (?:done|said|discussed|decided|noted)|did (?:i|we) (?:do|note|write|decide)) "
        r"(?:on|in|at) "
        r"(?P<document>.+)",
        r"how (?:is|are) (?P<document>.+?) (?:structured|organi[sz]ed|divided)",
        r"(?:open|show(?: me)?|display|read|go to) (?P<document>.+)",
        r"(?P<document>[^?]*\w\.\w{2,5})",
        r"(?:what|which) (?:sections|chapters|headings|topics|questions|parts|columns)"
        r"(?: are(?: there)? in| does| do| has| have) "
        r"(?P<document>.+?)(?: have| has| contain| cover| answer| discuss)?",
    ]
)
UNNAMED_DOCUMENT = re.compile(
    r"(?:it|this|that|(?:this|that|the|my) (?:document|file|text|paper|pdf|page|doc|article))", re.IGNORECASE
)

_LABEL = "|".join(sorted(LABEL_OF, key=len, reverse=True))
_PLACE = (
    rf"(?:the )?(?:(?P<label>{_LABEL})(?:\.? (?:(?:no\.?|number) )?#?|\.?#?(?=\d))(?P<number>{NUMBER})"
    rf"|(?P<ordinal>{'|'.join(ORDINALS)}) "
    r"(?P<ordered>chapter|section|article|clause|part|page|slide|point|step|paragraph|row))"
)
_OF_DOCUMENT = r"(?:,? (?:of|in|from|on) (?P<document>.+?))?"
_SAYS = (
    r"(?:says?|said|covers?|contains?|states?|reads?|mean|talk|deal|regulate|require|tell|look|include|describe|show|list"
    r"|discuss)(?: about| like| with| us| me)?"
)
PLACE = _compile(
    [
        rf"(?:in |on |at )?{_PLACE}{_OF_DOCUMENT}",
        rf"what (?:does|do|did) {_PLACE}{_OF_DOCUMENT} {_SAYS}",
        rf"what(?:['’]s| is|s| are| stands?| was)?(?: written| stated| said| there| it)*(?: in| on| under| at)? "
        rf"{_PLACE}{_OF_DOCUMENT}(?: (?:all )?about)?",
        rf"what (?:does it|do they|does the (?:document|text)) (?:say|state) (?:in|on|at|under) {_PLACE}{_OF_DOCUMENT}",
        r"(?:show|read|quote|open|give|print|display|cite|go to|summari[sz]e|tell me about)(?: me| us)?(?: out)? "
        rf"{_PLACE}{_OF_DOCUMENT}",
        german.PLACE.replace("<place>", _PLACE),
        rf"{_PLACE},? (?P<document>.+)",
        rf"(?P<document>.+?),? {_PLACE}",
    ]
)
