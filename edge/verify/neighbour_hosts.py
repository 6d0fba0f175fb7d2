"""What the hosts of others on the load balancer answer, before a change of ours and after it.

They are asked at the load balancer's own address, so that what is compared is what its listener does: the class of the
status, where a redirect leads, and the certificate. Neither an answer's body nor what lies behind a sign-in is read.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from httpx import codes

from edge.aws.neighbours.model import ForeignRule
from edge.verify import web
from edge.verify.check import CheckFailedError
from edge.verify.clients import Clients
from environments import patterns
from environments.dns_names import certificate_covers

_AT_ONCE = 8
_STANDS_FOR_ALL = "orcha-verify"


@dataclass(frozen=True, order=True)
class Question:
    """A host and a path of a rule of somebody else; `rule` is what a sentence calls that."""

    host: str
    path: str
    rule: str


@dataclass(frozen=True)
class Answer:
    """What came back: the status, or None with the reason; where a redirect leads; the certificate's names.

    `is_trusted` says that a client takes the certificate for this host.
    """

    status: int | None
    reason: str = ""
    location: str = ""
    names: tuple[str, ...] = ()
    is_trusted: bool = False

    @property
    def is_good(self) -> bool:
        """Whether it answered, and not that nothing could."""
        return self.status is not None and self.status < codes.INTERNAL_SERVER_ERROR


def questions(rules: Iterable[ForeignRule]) -> tuple[Question, ...]:
    """Choose a host and a path for each pattern of each rule; one that takes no GET is asked all the same.

    What answers it then is another rule, which our change must not touch either. A rule of every host has none to ask.
    """
    found = (
        Question(_host(host), _path(path), f"rule {rule.priority}")
        for rule in rules
        for host in rule.hosts
        for path in rule.paths or ("/",)
    )
    return tuple(sorted({(question.host, question.path): question for question in found}.values()))


def _host(pattern: str) -> str:
    return pattern.replace("*", _STANDS_FOR_ALL).replace("?", "x")


def _path(pattern: str) -> str:
    return patterns.first_taken(pattern) or "/"


def address_of(clients: Clients) -> str:
    """Give an address of the load balancer; raises CheckFailedError where its name has none here."""
    name = str(clients.aws.load_balancer()["DNSName"])
    addresses = clients.dns.resolve(name, "A").values
    if not addresses:
        raise CheckFailedError(f"{name} has no address here", "")
    return addresses[0]


def ask(asked: Sequence[Question], clients: Clients, *, address: str) -> dict[Question, Answer]:
    """Ask each question once, some at a time."""
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        answers = pool.map(lambda question: _ask(question, clients, address), asked)
        return dict(zip(asked, answers, strict=True))


def _ask(question: Question, clients: Clients, address: str) -> Answer:
    names, is_trusted = _certificate(question.host, clients, address)
    try:
        answer = clients.http.get(f"https://{question.host}{question.path}", address=address)
    except CheckFailedError as error:
        return Answer(None, error.found, names=names, is_trusted=is_trusted)
    return Answer(answer.status_code, "", _place(answer.headers.get("location", "")), names, is_trusted)


def _certificate(host: str, clients: Clients, address: str) -> tuple[tuple[str, ...], bool]:
    for trusting in (True, False):
        try:
            names = clients.handshake(host, address, trusting=trusting).certificate.names
        except CheckFailedError:
            continue
        return names, trusting and any(certificate_covers(name, host) for name in names)
    return (), False


def _place(location: str) -> str:
    """Leave out the query of a redirect: a sign-in writes another state into it each time."""
    target = web.url(location)
    return str(target.copy_with(query=None, fragment=None)) if location else ""


def differences(before: Mapping[Question, Answer], after: Mapping[Question, Answer]) -> dict[Question, str]:
    """Say what each host answers otherwise than before; what did not answer before is not judged."""
    found = {}
    for question, first in before.items():
        sentences = list(_differing(first, after[question])) if question in after else []
        if sentences:
            found[question] = f"{question.host}{question.path} ({question.rule}) {'; '.join(sentences)}"
    return found


def _differing(before: Answer, after: Answer) -> Iterator[str]:
    if before.is_trusted and not after.is_trusted:
        yield f"has a certificate for {', '.join(after.names) or 'no name'} now, which clients do not take for it"
    elif before.names != after.names:
        yield f"has a certificate for {', '.join(after.names)} now, and had one for {', '.join(before.names)}"
    if not before.is_good or before.status is None:
        return
    if after.status is None:
        yield f"answered {before.status}, and now nothing: {after.reason}"
    elif before.status // 100 != after.status // 100:
        yield f"answered {before.status}, and now {after.status}"
    elif before.location != after.location:
        yield f"led to {before.location}, and now leads to {after.location or 'nowhere'}"
