"""Mean changes of an environment's table: some leave it right, most do not, and nobody says which."""

from datetime import UTC, date, datetime, time
from math import inf, nan
from typing import Any

from hypothesis import strategies as st
from hypothesis.strategies import DrawFn

from tests.unit.properties import right
from tests.unit.properties.right_platforms import EXISTING_OPTIONS, MANAGED_OPTIONS
from tests.unit.properties.right_sign_ins import SIGN_INS
from tests.unit.properties.wrong_values import WRONG, put

Content = dict[str, Any]

STRINGS = (
    *("", " ", "\n", "\t", "\x00", "\x1b[31m", "\x7f", "\x85", "\u2028", "\u202e", "\u200b", "\ufeff", "\U0001f600"),
    *(
        "*",
        "*.",
        ".",
        "-",
        "a",
        "A",
        "ß",
        "ﬁ",
        "İ",
        "K",
        "é",
        "e\u0301",
        "x" * 5000,
        "${file(1)}",
        "%{x}",
        '"',
        "\\",
        "'",
    ),
    *(
        "existing",
        "managed",
        "one",
        "dualstack",
        "10.0.0.0/16",
        "10.0.0.1/16",
        "10.0.0.0/8",
        "a@b.co",
        "aws",
        "a.small",
    ),
    *("true", "5", "nan", "prod", "management", "link", "desk", "orcha.example", "*.orcha.example", "xn--", "xn--a"),
    *("desk.orcha.example", "deep.orcha.example", "*.deep.orcha.example", "web-0.orcha.example", "a" * 64 + ".a.b"),
    *("a。orcha.example", "\U00010400.orcha.example", "१.orcha.example", "faß.orcha.example", "☃.orcha.example"),
)
NUMBERS = (*(0, 1, 2, 5, 6, 20, 22, 30, 101, 9878, 49999, 50000, 65535, 65536), *(-1, -(2**63), 2**64, 10**400))
OTHERS = (
    *(True, False, 0.0, 5.0, 1e308, inf, -inf, nan),
    date(1979, 5, 27),
    time(7, 32),
    datetime(1, 1, 1, tzinfo=UTC),
)
TABLES: tuple[Any, ...] = (
    {},
    {"": 1},
    {"a": {}},
    {"a\nb": 1},
    {"\u2028": {"port": 5}},
    {"k" * 3000: 1},
    {"port": 1, "hosts": ["a.b"]},
)
ZONE_TABLES: tuple[Any, ...] = (
    *({"account": "prod"}, {"account": "prod", "create": True}, {"account": "management", "create": True}),
    *({"create": True}, {"account": "a", "create": False}, {"account": {}, "create": 1}),
)
LISTS: tuple[Any, ...] = (
    [],
    [[]],
    [{}],
    [1, "a", {}],
    ["a@b.co"],
    ["a@b.co", "A@b.co", "a@b.co"],
    ["orcha.example"],
    ["a.orcha.example"] * 2,
    [f"{n}.orcha.example" for n in range(12)],
)
ANYTHING = (*STRINGS, *NUMBERS, *OTHERS, *TABLES, *ZONE_TABLES, *LISTS)
BIG = st.integers(0, 10_000)


def places(content: Any) -> list[tuple[Any, Any]]:
    """List every place of a table where a value stands: the table or list, and the key or index."""
    items = content.items() if isinstance(content, dict) else enumerate(content) if isinstance(content, list) else ()
    return [place for key, value in items for place in ((content, key), *places(value))]


def copied(value: Any) -> Any:
    """Copy tables and lists all the way, so that a change in one example is none in the next."""
    match value:
        case dict():
            return {key: copied(entry) for key, entry in value.items()}
        case list():
            return [copied(entry) for entry in value]
    return value


def _drop(draw: DrawFn, table: Any, key: Any) -> None:
    """Remove a value; of a list, perhaps all that follow as well."""
    if isinstance(table, list):
        del table[key : draw(st.sampled_from([key + 1, None]))]
    else:
        del table[key]


def _replace(draw: DrawFn, table: Any, key: Any) -> None:
    table[key] = copied(draw(st.sampled_from(ANYTHING)))


def _rename(draw: DrawFn, table: Any, key: Any) -> None:
    """Move a value, or a copy of it, to a hostile key; in a list, put a hostile value beside it."""
    word = draw(st.sampled_from(STRINGS))
    if isinstance(table, list):
        table.insert(key, word)
    else:
        table[word] = copied(table[key]) if draw(st.booleans()) else table.pop(key)


def _nudge(draw: DrawFn, table: Any, key: Any) -> None:
    """Change a value a little, within its type."""
    value = table[key]
    match value:
        case bool():
            table[key] = not value
        case int() | float():
            table[key] = draw(st.sampled_from([value + 1, value - 1, -value, value * 10, float(value), str(value)]))
        case str():
            word, place = draw(st.sampled_from(STRINGS)), draw(st.sampled_from([0, 1, len(value)]))
            swapped = value[1:2] + value[:1] + value[2:]
            others = [value.upper(), value[1:], value[:-1], value * 2, value + ".", "*." + value, "a." + value, swapped]
            table[key] = draw(st.sampled_from([value[:place] + word + value[place:], *others]))
        case list():
            table[key] = draw(st.sampled_from([value[::-1], value * 2, value[1:], value[:1], {"0": value}, [value]]))
        case dict():
            table[key] = draw(
                st.sampled_from([dict(reversed(value.items())), {}, [value], list(value), {**value, "a": 1}])
            )


_CHANGES = (_drop, _replace, _rename, _nudge, _nudge)


@st.composite
def mutated(draw: DrawFn) -> Content:
    """Draw a right environment with one to three changes: at any place, from a place to another, or of an option."""
    content: Content = draw(right.environments(least=1, most=4))
    for _ in range(draw(st.sampled_from([1, 1, 2, 3]))):
        all_places = places(content)
        if not all_places:
            break
        table, key = all_places[draw(BIG) % len(all_places)]
        match draw(st.sampled_from(["here", "here", "from elsewhere", "option"])):
            case "here":
                draw(st.sampled_from(_CHANGES))(draw, table, key)
            case "from elsewhere":
                alike = [
                    place for place in all_places if place[1] == key or type(place[0][place[1]]) is type(table[key])
                ]
                source, name = alike[draw(BIG) % len(alike)]
                table[key] = copied(source[name])
            case "option":
                _give(content, *draw(st.sampled_from(_OPTIONS)))
    return content


_OPTIONS = [
    *((f"services.*.{path}", value) for path, values in right.SERVICE_OPTIONS.items() for value in values),
    *((f"services.*.{key}", value) for sign_in in SIGN_INS for key, value in sign_in.items()),
    *((path, value) for path, values in right.FILE_OPTIONS.items() for value in values),
    *((f"existing:{path}", value) for path, values in EXISTING_OPTIONS.items() for value in values),
    *((f"managed:{path}", value) for path, values in MANAGED_OPTIONS.items() for value in values),
    *WRONG,
]


def _give(content: Content, path: str, value: Any) -> None:
    try:
        put(content, path, copied(value))
    except (AttributeError, IndexError, KeyError, StopIteration, TypeError):
        content[path] = copied(value)  # an earlier change took away the table that the option stands in
