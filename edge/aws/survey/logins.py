"""Cognito clients: found by their name in the pool, and ours by equal callbacks, since a client carries no tags."""

from collections.abc import Iterator

from edge.aws.survey.model import Found, Standing, Wanted
from edge.aws.survey.reader import Reader


def user_pool_client(wanted: Wanted, reader: Reader) -> Iterator[Found]:
    """Find a client of the wanted name and callbacks; AWS allows several of one name, so others are not in the way."""
    pool = wanted.values.get("user_pool_id")
    if pool is None:  # the pool itself is yet to be made
        return
    cognito = reader.of_platform("cognito-idp")
    expected = set(wanted.values.get("callback_urls") or ())
    for page in cognito.get_paginator("list_user_pool_clients").paginate(UserPoolId=pool):
        for summary in page["UserPoolClients"]:
            if summary["ClientName"] == wanted.values["name"]:
                answer = cognito.describe_user_pool_client(UserPoolId=pool, ClientId=summary["ClientId"])
                if set(answer["UserPoolClient"].get("CallbackURLs", ())) == expected:
                    thing = f"user pool client {summary['ClientName']}"
                    identifier = f"{pool}/{summary['ClientId']}"
                    yield Found(wanted=wanted, import_id=identifier, thing=thing, standing=Standing.OURS)
