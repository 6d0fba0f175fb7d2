"""A sign-in whose provider no rule asked before, and one that refuses whoever has no session, and so everybody new.

Both may be just what the environment file says: of a provider it gives addresses and the name of a secret, in a service
that may be new, and a word decides whether people are asked or refused.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from edge.review.differences import redacted
from edge.review.expected import RULE
from edge.review.findings import Risk
from edge.review.risks.providers import Provider, asks_for_login, provider, refuses
from edge.review.risks.scene import Scene
from edge.tfplan.model import Change
from environments.text import listed

# Where people are led, and where the load balancer hands the code, the client's secret and the access token:
# https://docs.aws.amazon.com/elasticloadbalancing/latest/application/listener-authenticate-users.html
_PLACES = ("issuer", "authorization_endpoint", "token_endpoint", "user_info_endpoint")
_VALUE = re.compile(r"data\.aws_ssm_parameter\.[\w-]+\.value")
REFUSING = "on_unauthenticated_request"


def _stranger(scene: Scene) -> Iterator[Risk]:
    """Find a rule that asks a provider which none asked before this plan, the first of several; not where none stood.

    The secret is that of any SSM parameter which the file names, and goes to whatever address it names.
    """
    changes = [change for change in scene.plan.changes if change.type == RULE and not change.deposed]
    stood = [change.before for change in changes if change.before]
    known = {place for attributes in stood for place in _places(provider(attributes, frozenset())).values()}
    for change in changes if stood else ():
        new = [key for key, place in _places(provider(change.after, frozenset())).items() if place not in known]
        if new:
            known |= set(_places(provider(change.after, frozenset())).values())
            yield scene.risk("PROVIDER", change, _statement(scene, change, new))


def _places(asked: Provider) -> Mapping[str, Any]:
    return {key: asked.get(key) for key in _PLACES if key in asked}


def _statement(scene: Scene, change: Change, new: Sequence[str]) -> str:
    shown = provider(redacted(change.after, change.after_sensitive), frozenset())
    where = listed([f"{key} {shown.get(key) or '(known after the deploy)'}" for key in new])
    return (
        f"asks a provider that no rule asked before ({where}): whoever runs that says who somebody is, and gets "
        f"{_secrets(scene, change)}"
    )


def _secrets(scene: Scene, change: Change) -> str:
    """Name the SSM parameters whose values a rule's actions hold."""
    found = {name[: -len(".value")] for name in change.settings.get("action", ()) if _VALUE.fullmatch(name)}
    named = [scene.plan.data[address].get("name") for address in sorted(found & scene.plan.data.keys())]
    return f"the secret in {listed(map(str, named))}" if named else "the client's secret"


def _refusing(scene: Scene) -> Iterator[Risk]:
    """Find a rule that asked for a sign-in, or let everybody in, and now answers 401 to whoever has no session.

    https://docs.aws.amazon.com/elasticloadbalancing/latest/application/listener-authenticate-users.html
    (OnUnauthenticatedRequest: deny). A session begins only where a rule asks for a sign-in.
    """
    for change in scene.plan.changes:
        if change.type == RULE and change.before and refuses(change.after) and not refuses(change.before):
            was = "asked them to sign in" if asks_for_login(change.before) else "let everybody in"
            statement = f"refuses whoever has no session yet (401), where it {was}: through it nobody can sign in anew"
            yield replace(scene.risk("CLOSED", change, statement), attribute=REFUSING)


RULES = (_stranger, _refusing)
