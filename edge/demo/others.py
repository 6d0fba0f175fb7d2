"""What the services beside the new ones answer, before the deploy and after it: the first fear of whoever owns them.

The embedded AWS holds app and admin as CDK left them, admin behind its sign-in.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from textwrap import wrap

from edge.aws.neighbours.reading import foreign_rule
from edge.aws.survey.reader import Reader
from edge.demo.pages import WIDTH
from edge.verify import web
from edge.verify.clients import Clients
from edge.verify.endpoints import settings_from
from edge.verify.neighbour_hosts import Answer, Question, address_of, ask, questions
from edge.verify.requests import Requests
from embedded_aws.process import LocalAws
from environments.checked import Environment

# Where a load balancer sends whoever is not signed in:
# https://docs.aws.amazon.com/cognito/latest/developerguide/authorization-endpoint.html
_SIGN_IN = "/oauth2/authorize"
_HEALTH = "/health"  # what the instances of the embedded AWS answer on every port


def asked_of(environment: Environment, aws: LocalAws) -> tuple[Question, ...]:
    """Choose what to ask, while the listener holds nothing but the rules of others; nothing where there is none."""
    reader = Reader(environment, aws.client)
    if reader.load_balancer is None or reader.https_listener is None:
        return ()
    found = questions(foreign_rule(rule, {}) for rule in reader.rules(reader.https_listener))
    return tuple(replace(question, path=_HEALTH) if question.path == "/" else question for question in found)


def answers(environment: Environment, aws: LocalAws, asked: tuple[Question, ...]) -> dict[Question, Answer]:
    """Ask at the load balancer's own address."""
    if not asked:
        return {}
    clients = Clients.make(environment, aws.client, settings_from(aws.variables), Requests())
    return ask(asked, clients, address=address_of(clients))


def as_before(found: Mapping[Question, Answer]) -> Iterator[str]:
    """Say what they answer, where that is as it was before."""
    if found:
        hosts = ", ".join(f"{question.host} {_words(answer)}" for question, answer in found.items())
        yield from wrap(f"Others answer as before: {hosts}.", WIDTH, subsequent_indent="  ", break_on_hyphens=False)


def _words(answer: Answer) -> str:
    if answer.status is None:
        return "nothing"
    leads_to_a_sign_in = bool(answer.location) and web.url(answer.location).path == _SIGN_IN
    return f"{answer.status} to its sign-in" if leads_to_a_sign_in else str(answer.status)
