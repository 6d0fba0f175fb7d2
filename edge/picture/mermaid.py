"""The picture as Mermaid, which GitHub draws: https://mermaid.js.org/syntax/flowchart.html."""

from collections.abc import Iterator

from edge.picture.graph import Graph, Node, Step

_ENTITIES = {"#": "35", '"': "quot", "<": "lt", ">": "gt", "`": "96"}
# What a plan does to a part; the word stands in the part too, for whoever sees no colours.
_STYLES = {
    "new": "stroke:#1a7f37,stroke-width:3px",
    "changed": "stroke:#9a6700,stroke-width:3px",
    "replaced": "stroke:#8250df,stroke-width:3px",
    "removed": "stroke:#cf222e,stroke-width:3px,stroke-dasharray:4 3",
}


def mermaid(graph: Graph) -> str:
    """Write a flowchart from left to right, with a frame for each account."""
    return "\n".join(["flowchart LR", *(f"    {line}" for line in _lines(graph))]) + "\n"


def in_markdown(graph: Graph) -> str:
    """Write the flowchart as a block of Markdown; what stands in a part can neither end the block nor add to it."""
    return f"\n```mermaid\n{mermaid(graph)}```\n"


def _lines(graph: Graph) -> Iterator[str]:
    yield from (f"{_node(node)}" for node in graph.nodes if node.step is Step.CLIENT)
    for account, title in graph.accounts.items():
        yield f'subgraph account_{account.replace("-", "_")}["{_text(title)}"]'
        yield from (f"    {_node(node)}" for node in graph.nodes if node.account == account)
        yield "end"
    for edge in graph.edges:
        yield f"{edge.start} {'-.->' if edge.proves else '-->'} {edge.end}"
    for mark, style in _STYLES.items():
        if ids := [node.id for node in graph.nodes if node.mark == mark]:
            yield f"classDef {mark} {style}"
            yield f"class {','.join(ids)} {mark}"


def _node(node: Node) -> str:
    text = "<br/>".join(map(_text, (*node.lines, *([f"({node.mark})"] if node.mark else []))))
    return f'{node.id}(["{text}"])' if node.step is Step.CLIENT else f'{node.id}["{text}"]'


def _text(text: str) -> str:
    """Escape what Mermaid and Markdown would read: `#` begins an entity of its own, a quote ends the text.

    A plan's names come from AWS, where others may have written them, so no line break and no backtick stays.
    """
    plain = " ".join(text.split())
    return plain.translate({ord(sign): f"#{code};" for sign, code in _ENTITIES.items()})
