"""The topic that every alarm notifies, and the people who hear of it by e-mail."""

from imports.aws_platform import SnsTopic, SnsTopicSubscription
from imports.terraform import Construct
from modules.addresses import addressed, email_address
from modules.platform.managed.key import PlatformKey
from modules.platform.managed.site import Site


class Alerts(Construct):
    """An encrypted topic; each e-mail address must confirm once, by the link that AWS sends to it."""

    def __init__(self, scope: Construct, id: str, *, site: Site, key: PlatformKey) -> None:
        super().__init__(scope, id)
        topic = SnsTopic(self, "topic", provider=site.provider, name=site.name("alerts"), kms_master_key_id=key.arn)
        self.topic_arn = addressed(topic, "alerts").arn
        for email in site.settings.alert_emails:
            subscription = SnsTopicSubscription(
                self,
                f"email_{email}",
                provider=site.provider,
                topic_arn=self.topic_arn,
                protocol="email",
                endpoint=email,
            )
            addressed(subscription, email_address(email))
