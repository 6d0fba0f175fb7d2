"""Where moto 5.2.5 is kinder than AWS, or forgets what AWS keeps: one module for each service.

A fault that only moto forgives would pass every test here and fail on the first deploy. Each correction says what AWS
does and where that is written, what moto does, and what it does here. Each stops the server at its start when moto's
internals are no longer those that it was written for.
"""

from collections.abc import Mapping

from embedded_aws.certificate_delays import CertificateDelays
from embedded_aws.corrections import (
    acm,
    autoscaling,
    cognito,
    ec2,
    elbv2,
    iam,
    launch_templates,
    listener_actions,
    route53,
    s3,
    subnets,
)
from embedded_aws.corrections.dns import PublicDns


def apply(zones: Mapping[str, str], delays: CertificateDelays) -> None:
    """Correct moto in this process. `zones` maps each hosted zone to the id of the account that holds it.

    `delays` say how long ACM takes over which certificate.

    Raises AttributeError where moto has changed.
    """
    route53.apply()
    s3.apply()
    ec2.apply()
    subnets.apply()
    launch_templates.apply()
    autoscaling.apply()
    cognito.apply()
    iam.apply()
    elbv2.apply()
    listener_actions.apply()
    acm.apply(PublicDns(zones), delays)
