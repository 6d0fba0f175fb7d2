"""IAM of one account: GitHub's identity provider, policies and roles, each made where it is missing.

What stands otherwise is never changed unasked: each difference is a step of its own that replaces something.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from botocore.exceptions import ClientError

from edge.prerequisites.step import Kind, Step, step
from edge.roles.github_provider import AUDIENCE, PROVIDER

# https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
_VERSIONS_AT_MOST = 5

Document = dict[str, Any]


@dataclass(frozen=True)
class Iam:
    """The IAM of an account, by its name in the file."""

    account: str
    account_id: str
    partition: str
    client: Any

    def arn(self, resource: str) -> str:
        """Write an ARN of this account."""
        return f"arn:{self.partition}:iam::{self.account_id}:{resource}"

    def provider(self) -> Step:
        """Make GitHub's provider, or let the one that stands serve AWS too.

        AWS checks GitHub's certificate itself, so no thumbprint is given:
        https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_providers_create_oidc_verify-thumbprint.html
        """
        arn, thing = self.arn(f"oidc-provider/{PROVIDER}"), f"identity provider {PROVIDER}"
        found = _or_none(self.client.get_open_id_connect_provider, OpenIDConnectProviderArn=arn)
        if found is None:
            return Step(
                self.account,
                thing,
                Kind.MAKE,
                f"for {AUDIENCE}",
                lambda: self.client.create_open_id_connect_provider(Url=f"https://{PROVIDER}", ClientIDList=[AUDIENCE]),
            )
        return step(
            self.account,
            thing,
            stands=AUDIENCE in found.get("ClientIDList", ()),
            detail=f"for {AUDIENCE}",
            otherwise=Kind.SET,
            act=lambda: self.client.add_client_id_to_open_id_connect_provider(
                OpenIDConnectProviderArn=arn, ClientID=AUDIENCE
            ),
        )

    def policy(self, name: str, document: Document) -> Step:
        """Make a policy, or replace what one of that name allows otherwise."""
        arn, thing, text = self.arn(f"policy/{name}"), f"policy {name}", json.dumps(document, separators=(",", ":"))
        found = _or_none(self.client.get_policy, PolicyArn=arn)
        if found is None:
            return Step(
                self.account,
                thing,
                Kind.MAKE,
                f"{len(document['Statement'])} statements",
                lambda: self.client.create_policy(PolicyName=name, PolicyDocument=text),
            )
        version = found["Policy"]["DefaultVersionId"]
        standing = self.client.get_policy_version(PolicyArn=arn, VersionId=version)["PolicyVersion"]["Document"]
        return step(
            self.account,
            thing,
            stands=standing == document,
            detail=_difference(standing, document),
            otherwise=Kind.REPLACE,
            act=lambda: self._put_version(arn, text),
        )

    def _put_version(self, arn: str, text: str) -> None:
        """Make a version the default; the oldest goes where there are as many as AWS keeps."""
        versions = self.client.list_policy_versions(PolicyArn=arn)["Versions"]
        others = sorted(
            (version for version in versions if not version["IsDefaultVersion"]), key=lambda one: one["CreateDate"]
        )
        if len(versions) >= _VERSIONS_AT_MOST:
            self.client.delete_policy_version(PolicyArn=arn, VersionId=others[0]["VersionId"])
        self.client.create_policy_version(PolicyArn=arn, PolicyDocument=text, SetAsDefault=True)

    def role(self, name: str, trust: Document) -> Step:
        """Make a role, or replace whom one of that name trusts."""
        thing, text = f"role {name}", json.dumps(trust)
        found = _or_none(self.client.get_role, RoleName=name)
        if found is None:
            return Step(
                self.account,
                thing,
                Kind.MAKE,
                "trusts GitHub's workflows",
                lambda: self.client.create_role(RoleName=name, AssumeRolePolicyDocument=text),
            )
        right = found["Role"]["AssumeRolePolicyDocument"] == trust
        return step(
            self.account,
            thing,
            stands=right,
            detail="trusts GitHub's workflows" if right else "trusts others -> GitHub's workflows",
            otherwise=Kind.REPLACE,
            act=lambda: self.client.update_assume_role_policy(RoleName=name, PolicyDocument=text),
        )

    def attachments(self, role: str, policies: list[str]) -> Iterator[Step]:
        """Attach policies to a role, and detach those of its own that an earlier, longer one needed.

        Whatever else somebody attached stays.
        """
        attached = self._attached(role)
        for name in policies:
            yield step(
                self.account,
                f"attachment of {name}",
                stands=name in attached,
                detail=f"to {role}",
                otherwise=Kind.SET,
                act=partial(self.client.attach_role_policy, RoleName=role, PolicyArn=self.arn(f"policy/{name}")),
            )
        for name in sorted(name for name in attached if name.rpartition("-")[0] == role and name not in policies):
            yield Step(
                self.account,
                f"attachment of {name}",
                Kind.REPLACE,
                f"to {role} -> detached, since the role needs it no longer",
                partial(self.client.detach_role_policy, RoleName=role, PolicyArn=attached[name]),
            )

    def _attached(self, role: str) -> dict[str, str]:
        if _or_none(self.client.get_role, RoleName=role) is None:
            return {}
        pages = self.client.get_paginator("list_attached_role_policies").paginate(RoleName=role)
        return {found["PolicyName"]: found["PolicyArn"] for page in pages for found in page["AttachedPolicies"]}


def _or_none(question: Any, **asked: str) -> dict[str, Any] | None:
    try:
        answer: dict[str, Any] = question(**asked)
    except ClientError as error:
        if error.response["Error"]["Code"] == "NoSuchEntity":
            return None
        raise
    return answer


def _difference(standing: Mapping[str, Any], wanted: Document) -> str:
    """Say by their names which statements differ."""
    before, after = _by_name(standing), _by_name(wanted)
    changed = sorted(name for name in before.keys() & after.keys() if before[name] != after[name])
    parts = {
        "adds": sorted(after.keys() - before.keys()),
        "removes": sorted(before.keys() - after.keys()),
        "changes": changed,
    }
    output = "; ".join(f"{verb} {', '.join(names)}" for verb, names in parts.items() if names)
    return output or f"{len(after)} statements"


def _by_name(document: Mapping[str, Any]) -> dict[str, Any]:
    found = document.get("Statement", [])
    statements = [found] if isinstance(found, dict) else found
    return {str(part.get("Sid") or f"statement {number}"): part for number, part in enumerate(statements, 1)}
