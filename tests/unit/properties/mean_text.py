"""Mean changes of a file's text and bytes, below what a table of TOML can express."""

from hypothesis import strategies as st
from hypothesis.strategies import DrawFn

from tests.support.files import EVERYTHING_TOML, MANAGED_TOML_FILE, PROD_TOML, STAGING_TOML
from tests.unit.properties import right
from tests.unit.properties.toml_text import dumps

DEPTHS = (50, 200, 400, 900, 990, 5000)
LINES = (
    *(f"x = {'[' * depth}{']' * depth}" for depth in DEPTHS),
    *(f"hosts = {'[' * depth}{']' * depth}" for depth in DEPTHS),
    *(f"x = {'{a = ' * depth}1{'}' * depth}" for depth in DEPTHS),
    *(f"x{'.a' * depth} = 1" for depth in DEPTHS),
    *(f"[services.link{'.a' * depth}]" for depth in DEPTHS),
    *(f"[zones.{'a.' * depth}b]" for depth in DEPTHS),
    *(f"{key} = {value}" for key in ("port", "prefix", "x") for value in ("0x" + "f" * 5000, "9" * 4000, "9" * 5000)),
    *(f"priority = {value}" for value in ("inf", "-nan", "1e999", "1_0", "0o17", "0b1", "+5", "05", "1979-05-27")),
    *(
        f"x = {value}"
        for value in ("1979-05-27T07:32:00+25:00", "0000-00-00", "24:00:00", "1979-05-27 07:32:00.9999999Z")
    ),
    *(f"{'k' * 3000} = {value}" for value in ("1", "=")),
    *("[" + "k" * 3000 + "]\n[" + "k" * 3000 + "]", '"a\\nb" = 1', '"\\u2028\\u202e\\u001b" = 1', '"\\U0010ffff" = 1'),
    *(
        '"' + "k" * 3000 + '" = 1\n"' + "k" * 3000 + '" = 2',
        '"\\ud800" = 1',
        "'a' = '''\n\n'''",
        '"" = ""',
        '"a.b"."c.d" = 1',
    ),
    *(
        "[[services]]",
        "[[services.link]]",
        "[services]",
        "[services.link]",
        "[accounts.prod.id]",
        "[zones]",
        "[]",
        "[[",
        "]]",
    ),
    *(
        "services = 5",
        'kind = "managed"',
        "kind = {}",
        "alert_emails = [[[]]]",
        "instances.image = 5",
        "platform.instances.image = 'orcha:1'",
        "[platform.instances]",
        "[platform.instances.image]",
        "[[platform.network]]",
        "[zones.'staging.getorcha.com']",
        "'x.getorcha.com' = { account = 'management', create = true }",
        "'getorcha.com'.create = true",
        "create = true",
        "services.link.port = 5",
        "zones.a.b = 'prod'",
        "# \x00",
        "# \x7f",
        "# comment",
        "",
        "=",
        "x",
        "\\",
    ),
    *(
        'services."a\\u0000b" = {}',
        'accounts."\\r" = {}',
        'zones."\\u0085.a" = "prod"',
        '[services."\\u2029"]',
        "x = '\u2028'",
    ),
)
SNIPPETS = (
    *(
        "\x00",
        "\x01",
        "\x1b",
        "\r",
        "\r\n",
        "\n",
        "\t",
        "\x7f",
        "\x85",
        "\u2028",
        "\ufeff",
        "\u202e",
        "\U0010ffff",
        "é",
    ),
    *(
        '"',
        "'",
        '"""',
        "'''",
        "[",
        "]",
        "{",
        "}",
        "=",
        ".",
        ",",
        "#",
        "\\",
        "\\u",
        "\\uD800",
        "-",
        "_",
        "5",
        "*.",
        " ",
        "A",
    ),
)
BYTES = (b"\xef\xbb\xbf", b"\xff\xfe", b"\xe9", b"\xed\xa0\x80", b"\xc0\x80", b"\xf5\x80\x80\x80", b"\x00", b"\x1a")
OURS = (*(item.read_text(encoding="utf-8") for item in (PROD_TOML, MANAGED_TOML_FILE)), STAGING_TOML, EVERYTHING_TOML)
BIG = st.integers(0, 100_000)


@st.composite
def texts(draw: DrawFn) -> bytes:
    """Draw the bytes of a file: a right one with one to four changes, or nothing that was ever a file."""
    match draw(st.sampled_from(["ours", "ours", "drawn", "text", "bytes"])):
        case "ours":
            text = draw(st.sampled_from(OURS))
        case "drawn":
            text = dumps(draw(right.environments(most=2)))
        case "text":
            return draw(st.text()).encode()
        case _:
            return draw(st.binary())
    for _ in range(draw(st.sampled_from([1, 1, 2, 4]))):
        change = draw(st.sampled_from([_lines, _lines, _characters]))
        text = change(draw, text)
    encoded = text.encode()
    if draw(st.sampled_from([True, *[False] * 9])):
        place = draw(st.sampled_from([0, draw(BIG) % (len(encoded) + 1)]))
        encoded = encoded[:place] + draw(st.sampled_from(BYTES)) + encoded[place:]
    return encoded


def _lines(draw: DrawFn, text: str) -> str:
    lines = text.split("\n")
    here, there = draw(BIG) % len(lines), draw(BIG) % len(lines)
    match draw(st.sampled_from(["insert", "insert", "delete", "double", "move", "indent", "cut", "endings"])):
        case "insert":
            lines.insert(here, draw(st.sampled_from(LINES)))
        case "delete":
            del lines[here]
        case "double":
            lines.insert(there, lines[here])
        case "move":
            lines[here], lines[there] = lines[there], lines[here]
        case "indent":
            lines[here] = f"\t {lines[here]} # remark"
        case "cut":
            lines = lines[:here]
        case _:
            return "\r\n".join(lines)
    return "\n".join(lines)


def _characters(draw: DrawFn, text: str) -> str:
    place = draw(BIG) % (len(text) + 1)
    before, after = text[:place], text[place:]
    match draw(st.sampled_from(["insert", "insert", "delete", "swap", "quotes"])):
        case "insert":
            return before + draw(st.sampled_from(SNIPPETS)) + after
        case "delete":
            return before + after[1:]
        case "swap":
            return before + after[1:2] + after[:1] + after[2:]
    return before + after.replace('"', "'", 1)
