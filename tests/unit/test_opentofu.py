"""What OpenTofu writes is read as Terraform's: its plans' JSON, its states, and its words while it applies.

It differs in its registry and its name: https://opentofu.org/docs/internals/json-format/. No OpenTofu was run for this.
"""

import json
from typing import Any

import pytest

from edge.plan.other_accounts import refuse_other_accounts
from edge.review.render_json import document
from edge.review.reviewing import review
from edge.terraform.messages import address_of, messages
from edge.terraform.state import State
from edge.tfplan.digest import digest_of
from tests.plans import STORED_PLANS, stored_plan
from tests.support.files import PROD_TOML, environment_of
from tests.support.reviewing import code, environment, stored_review
from tests.support.synthesizing import synthesize

REGISTRY, ITS_REGISTRY, ITS_VERSION = "registry.terraform.io", "registry.opentofu.org", "1.10.6"


def by_opentofu(plan: dict[str, Any]) -> dict[str, Any]:
    written = json.loads(json.dumps(plan).replace(REGISTRY, ITS_REGISTRY))
    return {**written, "terraform_version": ITS_VERSION}


def shown(found: Any) -> dict[str, Any]:
    content = document(found)
    return {**content, "digest": "", "risks": [{**risk, "label": "", "group_label": ""} for risk in content["risks"]]}


@pytest.mark.parametrize("scenario", STORED_PLANS)
def test_its_plan_has_the_same_review(scenario: str) -> None:
    plan = by_opentofu(stored_plan(scenario))
    assert ITS_REGISTRY in json.dumps(plan)
    assert shown(review(plan, environment(scenario), code(scenario))) == shown(stored_review(scenario))


def test_its_plan_has_a_digest_of_its_own() -> None:
    """What one engine planned is not applied by the other unseen."""
    plan = stored_plan("new_service")
    assert digest_of(by_opentofu(plan)) != digest_of(plan)


def test_its_state_says_in_which_account_a_thing_stands() -> None:
    prod = environment_of(PROD_TOML.read_text(encoding="utf-8"))
    resource = {
        "mode": "managed",
        "type": "aws_lb_target_group",
        "name": "link",
        "provider": f'provider["{ITS_REGISTRY}/hashicorp/aws"].prod',
        "instances": [
            {"attributes": {"arn": "arn:aws:elasticloadbalancing:eu-central-1:111111111111:targetgroup/a/b"}}
        ],
    }
    state = {"version": 4, "lineage": "a", "serial": 3, "terraform_version": ITS_VERSION, "resources": [resource]}
    refuse_other_accounts(prod, synthesize(prod), state)
    read = State.of(state)
    assert read is not None
    assert read.serial == 3


def test_its_errors_are_read_below_their_resource() -> None:
    text = """
OpenTofu used the selected providers to generate the following execution plan.

Error: creating ELBv2 Listener Rule: PriorityInUse

  with aws_lb_listener_rule.link,
  on cdk.tf.json line 544, in resource.aws_lb_listener_rule.link:
 544:       }
"""
    (message,) = messages(text)
    assert message.startswith("Error: creating ELBv2 Listener Rule: PriorityInUse\n")
    assert address_of(message) == "aws_lb_listener_rule.link"
