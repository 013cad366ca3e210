"""Dutch and English words that people fall back on when they must choose a password."""

_WORDS = """
welkom wachtwoord password geheim
notaris notariaat notariskantoor kantoor klantenportaal portaal testament dossier akte
lente zomer herfst winter
januari februari maart april mei juni juli augustus september oktober november december
maandag dinsdag woensdag donderdag vrijdag zaterdag zondag
amsterdam rotterdam utrecht nederland holland ajax feyenoord
qwerty azerty admin gebruiker inloggen hallo welcome letmein
"""
WEAK_WORDS = frozenset(_WORDS.split())
