"""The words that a storyboard artist looks for, as regular expressions for lower-case text. Data only."""

from __future__ import annotations

INDOORS = ("lantern", "stairs", "corridor", "room")

PLACES: tuple[tuple[str, str], ...] = (
    ("lantern", r"lamp[ -]room|lantern[ -]room|lens room|fresnel"),
    ("stairs", r"stair\w*|staircase|stairwell|steps spiral\w*|spiral steps"),
    ("corridor", r"corridor|hallway|passage\w*|tunnel|hospital|hotel"),
    ("room", r"room|kitchen|bedroom|office|study|parlou?r|cabin|bar|caf[eé]|diner|restaurant|library|apartment|flat"
             r"|interior|indoors|inside|church|chapel|attic|cellar|workshop|studio|classroom"),
    ("sea", r"sea|ocean|beach|shore\w*|coast\w*|harbou?r|lighthouse|cliffs?|waves?|boat|ship|pier|jetty|island"
            r"|bay|lake|river"
            r"|surf|rocks?|reef|deck"),
    ("forest", r"forest|woods?|trees|pines?|jungle|grove|woodland|clearing"),
    ("city", r"city|street|streets|alley|downtown|skyline|rooftops?|avenue|town|square|market|traffic|bridge"
             r"|station|platform"),
    ("desert", r"desert|dunes?|sand|wasteland|salt flat"),
    ("mountains", r"mountains?|peaks?|valley|alpine|glacier|summit|ridge|canyon"),
    ("field", r"fields?|meadow|farm\w*|plains?|prairie|road|garden|grass\w*|moor|hills?|village|cottage|orchard"
              r"|path|gravel"),
)  # fmt: skip

OPEN_PLACES = tuple((name, pattern) for name, pattern in PLACES if name not in INDOORS)

HOURS: tuple[tuple[str, str], ...] = (
    ("night", r"night|midnight|moonlit|moonlight|moon|starlight|stars|nocturnal|after dark"),
    ("dawn", r"dawn|sunrise|daybreak|first light|early morning|morning"),
    ("dusk", r"dusk|sunset|golden hour|twilight|evening|magic hour|blue hour|nightfall"),
    ("day", r"day|daylight|noon|midday|afternoon|sunlight|sunny|sun"),
)

WEATHERS: tuple[tuple[str, str], ...] = (
    ("storm", r"storm\w*|thunder\w*|gale|tempest|lightning|squall"),
    ("rain", r"rain\w*|drizzle|downpour|wet streets?"),
    ("snow", r"snow\w*|blizzard"),
    ("fog", r"fog\w*|mist\w*|haze|hazy|smoky|smoke-filled"),
    ("cloud", r"overcast|cloud\w*|gr[ae]y sky|gloomy"),
)

SHOTS: tuple[tuple[str, str], ...] = (
    ("shoulder", r"over[ -]the[ -]shoulder|\bots\b|(?:shot|view|framed|camera) over (?:his|her|their) shoulder"),
    ("insert", r"insert(?: shot)?\b|macro|detail (?:of|shot)"
               r"|close(?:-| )?up (?:of|on) (?:the|a|an|his|her|their) (?!face|eyes|head|man|woman|boy|girl|captain)"),
    ("close", r"(?:extreme |tight )?close[ -]?ups?|close shot|closeup|\becu\b|\bcu\b|tight on"
              r"|(?:her|his|their) face fills|(?:in )?on (?:her|his|their) face"),
    ("medium", r"medium(?: shot| close)?|mid[ -]?shot|waist[ -]up|two[ -]shot|bust"),
    ("full", r"full[ -](?:body|length|shot|figure)|medium[ -]wide|cowboy shot"),
    ("wide", r"wide|establishing|extreme long|long shot|aerial|panorama|vista|drone|landscape|distant"
             r"|tiny figure|far away"),
)  # fmt: skip

OBJECTS: tuple[tuple[str, str], ...] = (
    ("lighthouse", r"lighthouse"),
    ("boat", r"boat|ship|dinghy|trawler|sail\w*|ferry|vessel"),
    ("house", r"house|cottage|cabin|farmhouse|barn|hut|home"),
    ("car", r"car|truck|van|taxi|pickup"),
    ("tree", r"(?:lone|single|old|bare|dead|oak|willow|apple) tree|tree"),
    ("window", r"windows?|pane"),
    ("lamp", r"lamp|lantern|candle|bulb|torch|lampshade|burner|match(?:es)?|wick"),
    ("table", r"table|desk|bench|counter|workbench"),
    ("door", r"doors?|doorway"),
    ("bed", r"bed|mattress|pillow"),
    ("fire", r"fire|fireplace|hearth|stove"),
    ("letter", r"letter|envelope|note|page|paper|photograph|photo|postcard|map|logbook|journal|diary|book"),
    ("cup", r"cup|mug|glass of|kettle|teapot|bottle"),
    ("radio", r"radio|shortwave|phone|telephone|receiver|speaker"),
    ("key", r"keys?|lock|padlock|handle|latch"),
    ("plaque", r"plaque|engrav\w*|nameplate|inscription"),
    ("clock", r"clock|watch|gauge|dial|compass"),
)

NEAR_THINGS = frozenset(("letter", "cup", "radio", "key", "clock", "plaque", "lamp"))
ONE = (
    r"man|woman|girl|boy|child|keeper|captain|mother|father|soldier|stranger|figure|person|detective|doctor|nurse"
    r"|old man|sailor|fisherman|teacher|priest|driver|he|she|her|his|him|face|silhouette|hands?|widow|daughter|son"
    r"|brother|sister"
)
TWO = (
    r"two (?:people|men|women|figures|friends|children|sisters|brothers)|couple|both|they|the pair"
    r"|face each other|two[ -]shot"
)
MANY = (
    r"crowd|group|people|crew|villagers|soldiers|family|audience|passengers|children|mourners|workers|onlookers"
    r"|(?:three|four|five|six|many|several) (?:people|men|women|figures|friends|children|boys|girls|sailors|others)"
)
OUT = (
    r"goes out|lamp dies|and dies|dead lens|(?:dark|black|unlit|cold) (?:lens|lamp|prisms)|flame is out"
    r"|lens, black|lamp is dark"
)
FACE = r"face|faces|eyes|head|profile|looks|listens|listening|smiles?"
NOBODY = r"no ?one|nobody|empty|deserted|unpeopled|without people|no people|abandoned"
OFF_SCREEN = r"off[ -]?screen|voice[ -]?over|o\.s\.|v\.o\.|off camera"
