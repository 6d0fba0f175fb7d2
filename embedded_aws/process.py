"""`LocalAws`: the embedded AWS as a context manager, with what child processes need to reach it.

with LocalAws.start(environments) as aws:
    subprocess.run(["terraform", "apply"], env=aws.child_environment(os.environ))
    aws.client("elbv2", "111111111111", "eu-central-1").describe_load_balancers()
"""

import copy
import json
import os
from collections.abc import Mapping, Sequence
from http.client import HTTPConnection
from pathlib import Path
from types import TracebackType
from typing import Any, Self
from urllib.parse import urlsplit

from embedded_aws import accounts, certificate_states, seed
from embedded_aws.certificate_delays import PATH, Seconds
from embedded_aws.child import Server, ServerCopy
from embedded_aws.copies import PATH as COPIES
from embedded_aws.data_plane import variables
from embedded_aws.errors import LocalAwsError
from embedded_aws.service_answers import plane_of
from environments.checked import Environment

_LOOPBACK = "127.0.0.1,localhost"
DEFAULT_LIFETIME_SECONDS = 7200


class LocalAws:
    """One embedded AWS that is running, with the accounts and platforms of some environments in it.

    Attributes: `url` of its endpoint; `pid` of its process; `folder`, its own, with the credentials; `variables`, all
    that a child process needs beside its own environment.
    """

    def __init__(
        self, server: Server, environments: Sequence[Environment], *, keep: bool, with_buckets: bool = True
    ) -> None:
        """Sign in to every account on a server that has just started, and make what CDK left."""
        self._server: Server | ServerCopy = server
        self._keep = keep
        self._clients: dict[tuple[str, str, str], Any] = {}
        self._region = environments[0].region
        self.url, self.pid, self.folder = server.url, server.pid, server.folder
        ids = [account.id for environment in environments for account in environment.accounts.values()]
        self._credentials = accounts.assume(self.url, region=self._region, account_ids=ids)
        credentials_file = accounts.write_credentials(
            self.folder, profiles=accounts.profiles(environments), credentials=self._credentials
        )
        self.variables = self._variables(credentials_file)
        seed.make(environments, self.client, with_buckets=with_buckets)

    @classmethod
    def start(
        cls,
        environments: Sequence[Environment],
        *,
        keep: bool = False,
        lifetime_seconds: float = DEFAULT_LIFETIME_SECONDS,
        plane: bool = False,
        with_buckets: bool = True,
    ) -> Self:
        """Start an embedded AWS that holds what the environments expect to find; at least one environment.

        With `plane`, it carries traffic too: DNS, TLS and HTTP on loopback, for `edge.verify` and for curl. Without
        buckets the states have none yet, as before `edge bootstrap`.

        Unless `keep` is true, it ends with this process, however that ends; in any case after its lifetime.
        Raises LocalAwsError where it does not start, or where the environments contradict one another.
        """
        accounts.profiles(environments)
        options = plane_of(environments) if plane else None
        server = Server(accounts.zones(environments), keep=keep, lifetime_seconds=lifetime_seconds, plane=options)
        try:
            return cls(server, environments, keep=keep, with_buckets=with_buckets)
        except BaseException:
            server.stop()
            raise

    def __enter__(self) -> Self:
        """Do nothing more: it has started."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop it, unless it is kept."""
        end = self._server.let_go if self._keep else self.stop
        end()

    def _variables(self, credentials_file: Path) -> dict[str, str]:
        return {
            "AWS_ENDPOINT_URL": self.url,
            "AWS_SHARED_CREDENTIALS_FILE": str(credentials_file),
            "AWS_CONFIG_FILE": os.devnull,
            "AWS_EC2_METADATA_DISABLED": "true",
            "AWS_REGION": self._region,
            "AWS_DEFAULT_REGION": self._region,
            **self._server.plane,
        }

    def child_environment(self, base: Mapping[str, str]) -> dict[str, str]:
        """Give a child's environment: `base` without any AWS setting of this shell, with the embedded AWS's own.

        Whatever begins with AWS_ goes, so that no profile, key, token or endpoint of a real account can leak in; and
        no proxy stands before loopback.
        """
        kept = {name: value for name, value in base.items() if not name.startswith(("AWS_", variables.PREFIX))}
        direct = {name: ",".join(filter(None, [kept.get(name), _LOOPBACK])) for name in ("NO_PROXY", "no_proxy")}
        return kept | direct | self.variables

    def client(self, service: str, account_id: str, region: str) -> Any:
        """Give a boto3 client in one of the environments' accounts; it is made once."""
        key = (service, account_id, region)
        if key not in self._clients:
            session = accounts.session(self._credentials[account_id])
            self._clients[key] = accounts.loopback_client(session, service=service, region=region, url=self.url)
        return self._clients[key]

    def delay_certificates(self, seconds: Mapping[str, Seconds]) -> None:
        """Let ACM issue certificates, by their domain names, only so long after their request; None for never.

        What was set before no longer counts, and what is pending waits for the new time.
        """
        answer = self._ask("PUT", PATH, json.dumps(dict(seconds)))
        if json.loads(answer) != dict(seconds):
            raise LocalAwsError(f"The embedded AWS took no certificate delays: {answer.decode()}")

    def end_certificates(self, domain: str, state: str) -> None:
        """Let the certificates that stand over a domain name, the first of theirs, expire, fail or be revoked."""
        answer = self._ask("PUT", certificate_states.PATH, json.dumps({domain: state}))
        if not json.loads(answer).get(domain):
            raise LocalAwsError(f"The embedded AWS ended no certificate over {domain}: {answer.decode()}")

    def copied(self) -> Self:
        """Give another embedded AWS in which all stands that stands here, of which neither sees what the other does.

        It carries no traffic, and ends with this one at the latest.
        """
        hello = json.loads(self._ask("POST", COPIES))
        twin = copy.copy(self)
        twin._clients = {}
        twin.url, twin.pid = hello["url"], int(hello["pid"])
        twin._server, twin._keep = ServerCopy(self._server, url=twin.url, pid=twin.pid), False
        twin.variables = {**self.variables, "AWS_ENDPOINT_URL": twin.url}
        return twin

    def _ask(self, method: str, path: str, body: str = "") -> bytes:
        """Ask the server about itself."""
        connection = HTTPConnection(urlsplit(self.url).netloc)
        connection.request(method, path, body)
        answer = connection.getresponse().read()
        connection.close()
        return answer

    def last_words(self) -> str:
        """Give the end of what the server has written on standard error: its own failures; empty where it had none."""
        return self._server.last_words()

    def stop(self) -> None:
        """End the server and remove its folder, kept or not; stopping twice does no harm."""
        self._server.stop()
