"""Auto Scaling: a group keeps the warm-up that it was made with, and refreshes its instances on request."""

import uuid
from collections.abc import Callable
from typing import Any

from moto.autoscaling.responses import AutoScalingResponse
from moto.core.responses import ActionResult

from embedded_aws.corrections.patching import add, replace


def apply() -> None:
    """Correct moto's Auto Scaling in this process."""
    replace(AutoScalingResponse, "create_auto_scaling_group", _keep_warmup)
    replace(AutoScalingResponse, "update_auto_scaling_group", _keep_warmup)
    add(AutoScalingResponse, "start_instance_refresh", _refresh)


def _keep_warmup(original: Callable[..., Any]) -> Callable[..., Any]:
    """Keep DefaultInstanceWarmup, and describe the group with it.

    AWS: https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_AutoScalingGroup.html (DefaultInstanceWarmup).
    moto: drops it, so that every plan would set it again. Here: as AWS.
    """

    def keep(self: AutoScalingResponse) -> Any:
        answer = original(self)
        warmup = self._get_int_param("DefaultInstanceWarmup")
        if warmup is not None:
            group = self.autoscaling_backend.autoscaling_groups[self._get_param("AutoScalingGroupName")]
            vars(group)["default_instance_warmup"] = warmup  # the answer is written from attributes of this form
        return answer

    return keep


def _refresh(self: AutoScalingResponse) -> ActionResult:
    """Replace every instance by one of the group's present launch template.

    AWS: does it in the background, a few at a time as MinHealthyPercentage says, and waits for each to be healthy.
    https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_StartInstanceRefresh.html
    moto: answers 500, not implemented, which the SDK asks again for minutes. Here: at once.
    """
    backend = self.autoscaling_backend
    for state in list(backend.autoscaling_groups[self._get_param("AutoScalingGroupName")].instance_states):
        backend.terminate_instance(state.instance.id, should_decrement=False)
    return ActionResult({"InstanceRefreshId": str(uuid.uuid4())})
