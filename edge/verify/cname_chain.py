"""From a name to its addresses, CNAME by CNAME."""

from collections.abc import Callable
from dataclasses import dataclass

from edge.verify.check import CheckFailedError
from environments.dns_names import canonical

# Resolvers give up after some such number; https://www.rfc-editor.org/rfc/rfc1034 section 3.6.2 forbids loops only.
_LONGEST = 12


@dataclass(frozen=True)
class Answer:
    """What a name server says about a name: the status in DNS's own words, and the records at exactly this name.

    `alias` is the value of its CNAME; `authoritative` the AA flag; `referral` the name servers to which it sends on.
    """

    status: str
    values: tuple[str, ...] = ()
    alias: str | None = None
    authoritative: bool = False
    referral: tuple[str, ...] = ()


@dataclass(frozen=True)
class Chain:
    """The names on the way, the asked one first, and the values at the last of them."""

    names: tuple[str, ...]
    values: tuple[str, ...]

    def __str__(self) -> str:
        return " -> ".join(self.names)


def follow(name: str, ask: Callable[[str], Answer], *, may_be_missing: bool = False) -> Chain:
    """Follow a name's CNAMEs to the values that `ask` looks for; an empty chain's end is for the caller to judge.

    Raises CheckFailedError for a loop, a chain that is too long, a server's failure, or, unless `may_be_missing`, a
    name that does not exist.
    """
    names = [canonical(name)]
    while True:
        answer = ask(names[-1])
        if answer.status == "NXDOMAIN" and may_be_missing:
            return Chain(tuple(names), ())
        if answer.status != "NOERROR":
            raise CheckFailedError(_missing(names, answer.status), _remedy(names, answer.status))
        if answer.alias is None:
            return Chain(tuple(names), answer.values)
        names.append(canonical(answer.alias))
        if names[-1] in names[:-1]:
            raise CheckFailedError(f"CNAME loop: {' -> '.join(names)}", "let the last CNAME point at the primary host")
        if len(names) > _LONGEST:
            raise CheckFailedError(f"more than {_LONGEST} CNAMEs in a row: {names[0]} -> …", "shorten the chain")


def _missing(names: list[str], status: str) -> str:
    way = f" ({' -> '.join(names)})" if names[1:] else ""
    what = "does not exist" if status == "NXDOMAIN" else f"is answered {status}"
    return f"{names[-1]} {what}{way}"


def _remedy(names: list[str], status: str) -> str:
    if status != "NXDOMAIN":
        return "look at the zone's delegation and name servers"
    record = f"the record {names[-1]} is missing" if not names[1:] else f"the CNAME {names[-2]} names a wrong host"
    return f"{record}; deploy again"
