"""Draw a film's board: ``python -m vtx_app.jobs.board --project lighthouse``."""

from __future__ import annotations

import argparse
import sys
from typing import TYPE_CHECKING

from vtx_app.files import report
from vtx_app.jobs.output_files import write_output
from vtx_app.jobs.run import run
from vtx_app.jobs.sources import require_take
from vtx_app.plan.plans import Plans
from vtx_app.registry.jobs import record_job

if TYPE_CHECKING:
    from PIL import Image

    from vtx_app.board.model import Board, Panel


def draw_board(options: argparse.Namespace) -> None:
    """Draw the board of the film ``options.project``: its PDF and its contact sheet."""
    with record_job("cut", options.project, "board", tier="final"):
        plan = Plans().board(options.project)
        for clip in plan.shown:
            require_take(clip)
        from PIL.Image import Resampling

        from vtx_app.board.pages import write_pages  # Pillow, fpdf2 and the codecs load after planning
        from vtx_app.board.sheet import sheet_layout, write_sheet
        from vtx_app.cut.still import read_still
        from vtx_app.render.animatic.camera_words import camera_words

        board = plan.board
        _report_missing_letters(board)
        cameras = {clip_id: camera_words(request) for clip_id, request in plan.requests.items()}
        _, *thumb = sheet_layout(len(board.panels), board.size[0] / board.size[1])
        thumbs: dict[int, Image.Image] = {}

        def picture(panel: Panel) -> Image.Image:
            found = read_still(panel.take, panel.frame, panel.delivery)
            thumbs[panel.number] = found.resize((thumb[0], thumb[1]), Resampling.LANCZOS)
            return found

        with write_output(board.sheet) as sheet, write_output(board.path) as pdf:
            write_pages(board, picture, cameras, pdf)
            write_sheet(board, lambda panel: thumbs[panel.number], sheet)


def _report_missing_letters(board: Board) -> None:
    from vtx_app.cut.lettering import missing_letters, missing_letters_note, printable
    from vtx_app.fonts import FONT, font

    texts = [board.title, board.logline]
    for panel in board.panels:
        spoken = (words for line in panel.dialogue for words in (line.speaker.upper(), line.text))
        texts += [panel.title, panel.scene, panel.place, *panel.beats, *spoken]
    letters = "".join(dict.fromkeys("".join(map(printable, texts))))
    for file in dict.fromkeys((board.font or FONT, FONT)):
        letters = missing_letters(letters, font(32, file))
    if letters:
        report(missing_letters_note(letters, "storyboard", "left out of the board"))


if __name__ == "__main__":
    sys.exit(run(draw_board, "Draw the board of a film.", []))
