"""Words that say nothing about a question's subject."""

FUNCTION_WORDS = frozenset(
    """
    a about after all also am an and any are as at be been before being between both but by can could did do
    does doing each for from had has have having he her here hers him his how i if in into is it its just like
    many may me might more most much must my no nor not of off on once only or other our out over own per please
    same she should so some such tell than that the their them then there these they this those through to too
    under until up us very was we were what when where which while who whom whose why will with would you your
    """.split()
)
# What people type around the question itself. The apostrophe is often left out.
FRAME_WORDS = frozenset(
    """
    mean means meant meaning say says happen happens happened explain describe summarise summarize know knows thanks
    thank thx regards hello hi hey dear wonder wondering hope somebody someone anybody anyone something anything
    gonna wanna gotta ok okay yes maybe actually really basically btw pls plz ever else
    whats whos hows wheres whens whys thats theres heres lets im ive id youre youve theyre dont doesnt didnt cant
    couldnt wont wouldnt shouldnt isnt arent wasnt werent hasnt havent don doesn didn couldn won wouldn shouldn isn
    aren wasn weren hasn haven ain tho vs etc
    """.split()
)
