"""The alert topic, by its name, and the platform's key, by its tags and its alias."""

from edge.roles.documents import Statement
from edge.roles.home import Home, everything
from environments import naming
from environments.platforms import ManagedPlatform


def _keys(home: Home) -> str:
    return home.arn("kms", "key/*")


def _topic(home: Home) -> str:
    return home.arn("sns", home.name("alerts"))


def reads(home: Home, settings: ManagedPlatform) -> list[Statement]:
    """Let a plan read them; the lists have no resource-level permissions, and an alias is found in all of them."""
    found = ["kms:ListAliases", *(["sns:GetSubscriptionAttributes"] if settings.alert_emails else [])]
    return [
        everything("FindAlerts", *found),
        Statement(
            sid="ReadTopic", actions=("sns:GetTopicAttributes", "sns:ListTagsForResource"), resources=(_topic(home),)
        ),
        Statement(
            sid="ReadKey",
            actions=("kms:DescribeKey", "kms:GetKeyPolicy", "kms:GetKeyRotationStatus", "kms:ListResourceTags"),
            resources=(_keys(home),),
        ),
    ]


def writes(home: Home, settings: ManagedPlatform) -> list[Statement]:
    """Let a deploy make, change and remove them.

    KMS takes minutes to know a new key's tags, so what follows at once upon the making of a key asks for none: it turns
    rotation on, and gives the environment's alias. https://docs.aws.amazon.com/kms/latest/developerguide/abac.html
    """
    subscribing = ["sns:Subscribe"] if settings.alert_emails else []
    ending = [everything("EndSubscriptions", "sns:Unsubscribe")] if settings.alert_emails else []
    alias = home.arn("kms", naming.key_alias(prefix=home.prefix))
    return [
        Statement(
            sid="ChangeTopic",
            actions=("sns:CreateTopic", "sns:DeleteTopic", "sns:SetTopicAttributes", "sns:TagResource", *subscribing),
            resources=(_topic(home),),
        ),
        *ending,
        Statement(  # "*": a key has no ARN before it is made
            sid="MakeKey", actions=("kms:CreateKey",), resources=("*",), conditions=home.made_ours
        ),
        Statement(sid="TagNewKey", actions=("kms:TagResource",), resources=(_keys(home),), conditions=home.made_ours),
        Statement(
            sid="SetUpKey",
            actions=("kms:CreateAlias", "kms:DeleteAlias", "kms:EnableKeyRotation"),
            resources=(_keys(home), alias),
        ),
        Statement(
            sid="ChangeKey",
            actions=("kms:ScheduleKeyDeletion",),
            resources=(_keys(home),),
            conditions=home.ours,
        ),
    ]
