"""A recorder before the embedded AWS: which account asked for which operation, with what, and what it was answered.

Operations and parameters are read by moto's own router and parsers, answers by botocore's: both from the models that
AWS publishes of its services, so that nothing here knows a service by itself.
"""

import configparser
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any, Literal

import boto3
from botocore import parsers
from moto.core.parse import PROTOCOL_PARSERS
from moto.core.request import Request, determine_request_protocol
from moto.core.routing import get_service_router

from embedded_aws.process import LocalAws
from tests.support.write_gate import Gate

# Where the name in a signature is not botocore's name of the service.
_CLIENTS = {"elasticloadbalancing": "elbv2", "monitoring": "cloudwatch", "servicequotas": "service-quotas"}
_SCOPE = re.compile(r"Credential=([^/]+)/\d{8}/[^/]+/([^/]+)/aws4_request")


Task = Literal["deploy", "plan", "verify", "aside"]
"""What is run; `aside` is what the roles of the environment under test need not allow."""


@dataclass(frozen=True)
class Call:
    """One request: the account of its keys, botocore's names of service and operation, and how it went."""

    account: str
    service: str
    operation: str
    parameters: Mapping[str, Any]
    status: int
    answer: Mapping[str, Any]
    task: Task = "deploy"

    @property
    def succeeded(self) -> bool:
        return self.status < 400

    def __str__(self) -> str:
        return f"{self.account} {self.service}:{self.operation}"


class Recorder(Gate):
    """Passes everything on, and keeps `calls` in the order in which they were answered."""

    def __init__(self, aws: LocalAws) -> None:
        super().__init__(aws.url, lambda: None)
        self._accounts = accounts_of_keys(aws)
        self.calls: list[Call] = []
        self._task: Task = "deploy"

    @contextmanager
    def noting(self, task: Task) -> Iterator[None]:
        """Note what is asked meanwhile as another task's."""
        self._task = task
        try:
            yield
        finally:
            self._task = "deploy"

    def pass_on(self, method: str, path: str, headers: dict[str, str], body: bytes) -> tuple[int, Any, bytes]:
        status, answered, content = super().pass_on(method, path, headers, body)
        request = Request.from_primitives(method, self.url + path, headers, body)
        call = read(request, self._accounts, status, dict(answered), content)
        if call.operation == "AssumeRole":
            role, keys = call.parameters["RoleArn"], call.answer["Credentials"]
            self._accounts[keys["AccessKeyId"]] = role.split(":")[4]
        self.calls.append(replace(call, task=self._task))
        return status, answered, content


@contextmanager
def recording(aws: LocalAws) -> Iterator[Recorder]:
    """Record whatever is run in a child's environment of an embedded AWS from now on."""
    recorder = Recorder(aws)
    with recorder.serving():
        aws.variables["AWS_ENDPOINT_URL"] = recorder.url
        try:
            yield recorder
        finally:
            aws.variables["AWS_ENDPOINT_URL"] = aws.url


def accounts_of_keys(aws: LocalAws) -> dict[str, str]:
    """Ask whose the keys of each profile are."""
    profiles = configparser.RawConfigParser(default_section="")
    profiles.read(aws.folder / "credentials")
    sessions = {
        name: boto3.Session(
            keys["aws_access_key_id"], keys["aws_secret_access_key"], keys.get("aws_session_token"), "us-east-1"
        )
        for name, keys in profiles.items()
        if keys
    }
    return {
        profiles[name]["aws_access_key_id"]: session.client("sts", endpoint_url=aws.url).get_caller_identity()[
            "Account"
        ]
        for name, session in sessions.items()
    }


def routed(request: Request) -> tuple[str, str, Any, Any]:
    """Find what a request asks for: the key that signed it, botocore's service and operation, and the path's parts."""
    signed = _SCOPE.search(request.headers.get("Authorization", ""))
    assert signed, f"not signed: {request.method} {request.url}"
    service = _CLIENTS.get(signed[2], signed[2])
    operation, places = get_service_router(service).match(request)
    return signed[1], service, operation, places


def read(request: Request, accounts: Mapping[str, str], status: int, headers: dict[str, str], content: bytes) -> Call:
    """Read one request and its answer."""
    key, service, operation, places = routed(request)
    parser = PROTOCOL_PARSERS[determine_request_protocol(operation.service_model, request.content_type)]
    parameters = parser(operation, map_type=dict).parse(
        {
            "body": request.data,
            "headers": request.headers,
            "method": request.method,
            "url_params": places,
            "url_path": request.path,
            "values": request.values,
        }
    )
    protocol = operation.service_model.resolved_protocol
    answer = parsers.create_parser(protocol).parse(
        {"status_code": status, "headers": headers, "body": content}, operation.output_shape
    )
    return Call(accounts[key], service, operation.name, parameters, status, answer)
