"""Auto Scaling: a group keeps the warm-up that it was given."""

from collections.abc import Callable
from typing import Any

from moto.autoscaling.responses import AutoScalingResponse

from tools.local_aws.corrections.patching import replace


def apply() -> None:
    """Correct moto's Auto Scaling in this process."""
    replace(AutoScalingResponse, "create_auto_scaling_group", _keep_warmup)
    replace(AutoScalingResponse, "update_auto_scaling_group", _keep_warmup)


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
