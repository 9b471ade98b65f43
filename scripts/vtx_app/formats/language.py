"""Languages as MP4 files name them."""

from __future__ import annotations

from functools import cache

__all__ = ["iso_639_2", "quicktime_language"]

# ISO 639-1 (two letters), each followed by its ISO 639-2/T (three letters).
_CODES = """
aaaar ababk aeave afafr akaka amamh anarg arara asasm avava ayaym azaze babak bebel bgbul bibis bmbam bnben
bobod brbre bsbos cacat ceche chcha cocos crcre csces cuchu cvchv cycym dadan dedeu dvdiv dzdzo eeewe elell
eneng eoepo esspa etest eueus fafas ffful fifin fjfij fofao frfra fyfry gagle gdgla glglg gngrn guguj gvglv
hahau heheb hihin hohmo hrhrv hthat huhun hyhye hzher iaina idind ieile igibo iiiii ikipk ioido isisl itita
iuiku jajpn jvjav kakat kgkon kikik kjkua kkkaz klkal kmkhm knkan kokor krkau kskas kukur kvkom kwcor kykir
lalat lbltz lglug lilim lnlin lolao ltlit lulub lvlav mgmlg mhmah mimri mkmkd mlmal mnmon mrmar msmsa mtmlt
mymya nanau nbnob ndnde nenep ngndo nlnld nnnno nonor nrnbl nvnav nynya ococi ojoji omorm orori ososs papan
pipli plpol pspus ptpor quque rmroh rnrun roron rurus rwkin sasan scsrd sdsnd sesme sgsag shhbs sisin skslk
slslv smsmo snsna sosom sqsqi srsrp ssssw stsot susun svswe swswa tatam tetel tgtgk ththa titir tktuk tltgl
tntsn toton trtur tstso tttat twtwi tytah uguig ukukr ururd uzuzb veven vivie vovol wawln wowol xhxho yiyid
yoyor zazha zhzho zuzul
"""


@cache
def _three_letters() -> dict[str, str]:
    return {code[:2]: code[2:] for code in _CODES.split()}


def iso_639_2(tag: str) -> str:
    """The three letters (ISO 639-2/T) by which an MP4 track names its language, for a tag of BCP 47.

    ``de-AT`` is ``deu``; codes of three letters stay. Empty if there are none: for ``""`` and private tags.
    """
    language = tag.partition("-")[0].lower()
    if len(language) == 3:
        return language
    return _three_letters().get(language, "")


# ISO 639-2/T, each followed by FFmpeg's name for it in QuickTime's list where that is another (libavformat/isom.c).
_QUICKTIME = """
bodtib cymwel deuger ellgre eusbaq faofo_ fasper hrvhr_ hyearm islice katgeo mkdmac msamay myabur nlddut nobnor panpa_
sqialb srpsr_ swesve zhochi
"""


@cache
def _quicktime_names() -> dict[str, str]:
    return {pair[:3]: pair[3:].replace("_", " ") for pair in _QUICKTIME.split()}


def quicktime_language(code: str) -> str:
    """The name by which FFmpeg finds the language ``code`` (ISO 639-2/T) among those that MOV files number.

    See "Language Code Values" in Apple's QuickTime File Format. Others stay as they are.
    """
    return _quicktime_names().get(code, code)
