"""IAM: AWS's own policies exist, and what bounds a role must."""

import os
from collections.abc import Callable

from moto.core.models import DEFAULT_ACCOUNT_ID
from moto.core.responses import ActionResult, EmptyResult
from moto.iam import models
from moto.iam.exceptions import NotFoundException
from moto.iam.models import IAMBackend, Role
from moto.iam.responses import IamResponse

from embedded_aws.corrections.patching import add, replace


def apply() -> None:
    """Have moto load the policies that AWS manages, once for each account.

    AWS: they exist in every account. https://docs.aws.amazon.com/aws-managed-policy/latest/reference/policy-list.html
    moto: knows them, and loads them only on demand. Here: always.
    """
    os.environ["MOTO_IAM_LOAD_MANAGED_POLICIES"] = "true"
    replace(models, "get_account_id_from", _look_where_keys_are)
    replace(IAMBackend, "create_role", _demand_the_boundary)
    replace(IAMBackend, "put_role_permissions_boundary", _demand_the_new_boundary)
    add(IamResponse, "add_client_id_to_open_id_connect_provider", _add_client_id)


def _look_where_keys_are(_original: Callable[[str], str]) -> Callable[[str], str]:
    """Find the account of an access key without making what is not there.

    AWS: a key belongs to one account of one partition (https://docs.aws.amazon.com/whitepapers/latest/
    aws-fault-isolation-boundaries/partitions.html).
    moto: looks in all six partitions of every account, and so loads all the policies six times for each, for 2 s of
    processor time. Here: looks only in those that something has asked for.
    """

    def look(access_key: str) -> str:
        for account_id, partitions in list(models.iam_backends.items()):
            if any(access_key in backend.access_keys for backend in list(partitions.values())):
                return account_id
        return DEFAULT_ACCOUNT_ID

    return look


def _demand_the_boundary(original: Callable[..., Role]) -> Callable[..., Role]:
    """Refuse to make a role under a boundary that does not exist.

    AWS: NoSuchEntity, "Scope ARN: … does not exist or is not attachable."
    (https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateRole.html, Errors).
    moto: looks only at the ARN's form. Here: refused.
    """

    def create_role(
        self: IAMBackend,
        role_name: str,
        assume_role_policy_document: str,
        path: str,
        permissions_boundary: str | None,
        description: str,
        tags: list[dict[str, str]],
        max_session_duration: str | None,
        linked_service: str | None = None,
    ) -> Role:
        if permissions_boundary:
            _demand(self, permissions_boundary)
        return original(
            self,
            role_name,
            assume_role_policy_document,
            path,
            permissions_boundary,
            description,
            tags,
            max_session_duration,
            linked_service,
        )

    return create_role


def _demand_the_new_boundary(original: Callable[..., None]) -> Callable[..., None]:
    """Refuse to bound a role by what does not exist.

    AWS and moto: as of CreateRole
    (https://docs.aws.amazon.com/IAM/latest/APIReference/API_PutRolePermissionsBoundary.html). Here: refused.
    """

    def put_role_permissions_boundary(self: IAMBackend, role_name: str, permissions_boundary: str) -> None:
        _demand(self, permissions_boundary)
        original(self, role_name, permissions_boundary)

    return put_role_permissions_boundary


def _demand(backend: IAMBackend, arn: str) -> None:
    if arn not in {policy.arn for policy in backend.managed_policies.values()}:
        raise NotFoundException(f"Scope ARN: {arn} does not exist or is not attachable.")


def _add_client_id(self: IamResponse) -> ActionResult:
    """Let a provider that stands serve another client.

    AWS: https://docs.aws.amazon.com/IAM/latest/APIReference/API_AddClientIDToOpenIDConnectProvider.html, which adds one
    that is there already without an error.
    moto: does not know the call. Here: as AWS.
    """
    provider = self.backend.get_open_id_connect_provider(self._get_param("OpenIDConnectProviderArn"))
    client = self._get_param("ClientID")
    if client not in provider.client_id_list:
        provider.client_id_list.append(client)
    return EmptyResult()
