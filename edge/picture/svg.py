"""The picture as SVG, of one file: readable without colour, and the same bytes for the same environment."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from xml.sax.saxutils import escape

from edge.picture.graph import Graph, Node, Step

_CHARACTER, _LINE, _PADDING, _GAP, _COLUMN_GAP, _TITLE = 7.2, 17, 10, 14, 56, 26
_STYLE = (
    "text{font:12px ui-monospace,Menlo,Consolas,monospace;fill:#1f2328}"
    ".title{font-weight:bold}.node{fill:#fff;stroke:#1f2328}.account{fill:#f6f8fa;stroke:#8c959f;stroke-dasharray:4 3}"
    "path{fill:none;stroke:#1f2328}.proves{stroke-dasharray:3 3}"
)


_MARKED = (
    ".new,.changed,.replaced,.removed{stroke-width:3}.new{stroke:#1a7f37}.changed{stroke:#9a6700}"
    ".replaced{stroke:#8250df}.removed{stroke:#cf222e;stroke-dasharray:4 3}"
)


@dataclass(frozen=True)
class _Box:
    x: float
    y: float
    width: float
    height: float

    @property
    def bottom(self) -> float:
        return self.y + self.height


def svg(graph: Graph, title: str) -> str:
    """Draw columns by step, and one band for each account; clients stand beside the bands."""
    places, bands = _places(graph)
    right = max(box.x + box.width for box in places.values()) + 2 * _PADDING
    bottom = max(box.bottom for box in bands.values()) + _PADDING
    style = _STYLE + (_MARKED if any(node.mark for node in graph.nodes) else "")
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {right:.0f} {bottom:.0f}" width="{right:.0f}" '
        f'height="{bottom:.0f}" role="img"><title>{escape(title)}</title>'
        f'<defs><marker id="end" viewBox="0 0 8 8" refX="8" refY="4" markerWidth="7" markerHeight="7" orient="auto">'
        f'<path d="M0 0L8 4L0 8"/></marker></defs><style>{style}</style>'
    )
    return "\n".join([head, *_parts(graph, places, bands), "</svg>"]) + "\n"


def _places(graph: Graph) -> tuple[dict[str, _Box], dict[str, _Box]]:
    left, lefts = float(_PADDING), {}
    for step in Step:
        widths = [_width(_lines(node)) for node in graph.nodes if node.step is step]
        lefts[step] = (left, max(widths))
        left += max(widths) + _COLUMN_GAP
    top, places, bands = float(_PADDING), {}, {}
    for account in graph.accounts:
        bottoms = dict.fromkeys(Step, top + _TITLE)
        for node in (node for node in graph.nodes if node.account == account):
            x, width = lefts[node.step]
            places[node.id] = _Box(x, bottoms[node.step], width, _height(node))
            bottoms[node.step] = places[node.id].bottom + _GAP
        x = lefts[Step.NAME][0] - _PADDING
        bands[account] = _Box(x, top, left - _COLUMN_GAP - x + _PADDING, max(bottoms.values()) - top)
        top = bands[account].bottom + _GAP
    middle = (_PADDING + top) / 2
    places |= {node.id: _Box(*_at(lefts[node.step], middle, node)) for node in graph.nodes if not node.account}
    return places, bands


def _at(column: tuple[float, float], middle: float, node: Node) -> tuple[float, float, float, float]:
    return column[0], middle - _height(node) / 2, column[1], _height(node)


def _lines(node: Node) -> tuple[str, ...]:
    """Give a part's text, with what a plan does to it in a word: colours are not seen by everybody."""
    return (*node.lines, f"({node.mark})") if node.mark else node.lines


def _width(lines: Sequence[str]) -> float:
    return max(map(len, lines)) * _CHARACTER + 2 * _PADDING


def _height(node: Node) -> float:
    return len(_lines(node)) * _LINE + _PADDING


def _parts(graph: Graph, places: dict[str, _Box], bands: dict[str, _Box]) -> Iterator[str]:
    for account, band in bands.items():
        yield _rectangle(band, "account")
        yield _text(band.x + _PADDING, band.y + _LINE, graph.accounts[account], "title")
    for edge in graph.edges:
        yield _path(places[edge.start], places[edge.end], "proves" if edge.proves else "leads")
    for node in graph.nodes:
        yield _rectangle(places[node.id], f"node {node.mark}".rstrip())
        for number, line in enumerate(_lines(node)):
            yield _text(places[node.id].x + _PADDING, places[node.id].y + _LINE * (number + 1), line)


def _rectangle(box: _Box, kind: str) -> str:
    place = f'x="{box.x:.1f}" y="{box.y:.1f}" width="{box.width:.1f}" height="{box.height:.1f}"'
    return f'<rect class="{kind}" {place} rx="4"/>'


def _text(x: float, y: float, text: str, kind: str = "line") -> str:
    return f'<text class="{kind}" x="{x:.1f}" y="{y:.1f}">{escape(text)}</text>'


def _path(start: _Box, end: _Box, kind: str) -> str:
    """Go from the right side of a box to the left one of a later column; within a column, along the right side."""
    y, to_y = start.y + start.height / 2, end.y + end.height / 2
    x = start.x + start.width
    to_x, bend = (x, x + _COLUMN_GAP / 2) if start.x == end.x else (end.x, (x + end.x) / 2)
    line = f"M{x:.1f} {y:.1f}C{bend:.1f} {y:.1f} {bend:.1f} {to_y:.1f} {to_x:.1f} {to_y:.1f}"
    return f'<path class="{kind}" marker-end="url(#end)" d="{line}"/>'
