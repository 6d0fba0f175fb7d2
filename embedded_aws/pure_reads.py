"""Requests that change nothing in moto, so that what the data plane has read of it stays right.

Not every read is one: with a question for a certificate the authority looks whether it can be issued, and with one for
a load balancer or an instance moto lets it become active.
"""

import re
from io import BytesIO
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment

_ROUTE_53 = "/2013-04-01/hostedzone"  # https://docs.aws.amazon.com/Route53/latest/APIReference/API_ListHostedZones.html
_ALARMS = "GraniteServiceVersion20100801.DescribeAlarms"  # CloudWatch speaks JSON, and names it in X-Amz-Target
_FORM = "application/x-www-form-urlencoded"  # of the query protocol, which names the operation in the body
_OPERATIONS = (
    b"DescribeListenerCertificates|DescribeListeners|DescribeRules|DescribeSecurityGroupRules|DescribeTags"
    b"|DescribeTargetGroupAttributes|DescribeTargetGroups|DescribeTargetHealth"
)
_OPERATION = re.compile(rb"(?:^|&)Action=(?:" + _OPERATIONS + rb")(?:&|$)")


def changes_nothing(environ: "WSGIEnvironment") -> bool:
    """Tell whether a request is one of these; its body can be read afterwards as before."""
    if environ.get("REQUEST_METHOD") == "GET":
        return str(environ.get("PATH_INFO", "")).startswith(_ROUTE_53)
    if environ.get("HTTP_X_AMZ_TARGET") == _ALARMS:
        return True
    if not str(environ.get("CONTENT_TYPE", "")).startswith(_FORM):
        return False
    body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
    environ["wsgi.input"] = BytesIO(body)
    return _OPERATION.search(body) is not None
