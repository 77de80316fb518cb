"""The pages of quality, of the method and of an ambiguous ticker as HTML."""

from app.market.methodology import METHODOLOGY
from app.ui import names
from app.ui.outlines import methodology, quality
from app.ui.outlines.tickers import ambiguous_outline
from app.ui.pulse import Pulse
from app.ui.quality import QualityTexts
from app.ui.seo.drawing import HTML
from app.ui.seo.html import Html, element
from app.ui.seo.parts import frame, notice
from app.ui.tickers import CandidateLine

_el = element


def methodology_html(pulse: Pulse) -> Html:
    """The published method."""
    lead = _el("p", methodology.LEAD, class_="lead desk-only")
    title = _el("div", _el("h1", methodology.TITLE), lead, class_="title-line")
    body = methodology.methodology_outline(HTML, METHODOLOGY)
    return frame(pulse, title, body, at=names.METHODOLOGY)


def quality_html(texts: QualityTexts, *, pulse: Pulse) -> Html:
    """The market's quality at this moment."""
    lead = notice(pulse) or _el("p", quality.LEAD, class_="lead desk-only")
    title = _el("div", _el("h1", quality.TITLE), lead, class_="title-line")
    return frame(pulse, title, quality.quality_outline(HTML, texts), at=names.QUALITY)


def ambiguous_html(candidates: list[CandidateLine], *, pulse: Pulse) -> Html:
    """The coins under one ticker."""
    return frame(pulse, ambiguous_outline(HTML, candidates[0].symbol, candidates), at="")
