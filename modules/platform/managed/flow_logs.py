"""The network's flow logs: every connection that was accepted or refused, in the bucket of the access logs."""

from imports.aws_platform import FlowLog
from imports.terraform import Construct
from modules.addresses import addressed
from modules.platform.managed.access_logs import AccessLogs
from modules.platform.managed.site import Site


class FlowLogs(Construct):
    """In S3 rather than in CloudWatch: it costs half, needs no role, and goes by the same age.

    https://docs.aws.amazon.com/vpc/latest/userguide/flow-logs-s3.html
    """

    def __init__(self, scope: Construct, id: str, *, site: Site, vpc_id: str, logs: AccessLogs) -> None:
        super().__init__(scope, id)
        flow_log = FlowLog(
            self,
            "flow_log",
            provider=site.provider,
            vpc_id=vpc_id,
            traffic_type="ALL",
            log_destination_type="s3",
            log_destination=logs.bucket_arn,
            tags=site.named("flow-logs"),
            depends_on=[logs.policy],  # without it AWS writes a statement of its own into the bucket's policy
        )
        addressed(flow_log, "platform")
