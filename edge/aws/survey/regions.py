"""The regions of an account beside the environment's, in which other certificates may rest on the same records.

ACM derives a validation record from the domain and the account, so that certificates of every region share it, and each
of them renews by it: https://docs.aws.amazon.com/acm/latest/userguide/dns-validation.html
"""

from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from edge.aws.errors import plain
from environments.partitions import partition_of
from environments.text import listed

# https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/cnames-and-https-requirements.html
REGION_OF_CLOUDFRONT = "us-east-1"
_AT_ONCE = 16
_NOT_ENABLED = "not-opted-in"
_Found = list[dict[str, Any]]


@dataclass(frozen=True)
class Elsewhere:
    """The certificates of all further regions that answered; `unasked` says which did not, and why, or is empty."""

    certificates: _Found
    unasked: str


def elsewhere(region: str, ec2: Any, acm_of: Callable[[str], Any], read: Callable[[Any], _Found]) -> Elsewhere:
    """Read the regions that an account has enabled, all at once, but for its own `region`.

    `acm_of` makes a region's client of ACM, `read` lists what it holds. Where AWS does not say which regions these are,
    CloudFront's is read alone: it serves no certificate of another one.
    """
    why, regions = "", set[str]()
    try:
        regions = _enabled(ec2.describe_regions()["Regions"], partition_of(region))
    except (BotoCoreError, ClientError) as error:
        why = f"which regions the account has: {plain(error)}"
        regions = {REGION_OF_CLOUDFRONT} if partition_of(region) == partition_of(REGION_OF_CLOUDFRONT) else set()
    clients = {name: acm_of(name) for name in sorted(regions - {region})}  # here: boto3 makes none in two threads
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        answers = dict(zip(clients, pool.map(lambda acm: _answer(read, acm), clients.values()), strict=True))
    refused = {name: answer for name, answer in answers.items() if isinstance(answer, str)}
    found = [one for answer in answers.values() if isinstance(answer, list) for one in answer]
    return Elsewhere(found, "; ".join(filter(None, [why, _named(refused)])))


def _enabled(regions: Iterable[Mapping[str, str]], partition: str) -> set[str]:
    """Name the regions that the account may use: https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_Region.html."""
    enabled = (entry["RegionName"] for entry in regions if entry.get("OptInStatus") != _NOT_ENABLED)
    return {name for name in enabled if partition_of(name) == partition}


def _answer(read: Callable[[Any], _Found], acm: Any) -> _Found | str:
    try:
        return read(acm)
    except (BotoCoreError, ClientError) as error:
        return plain(error)


def _named(refused: Mapping[str, str]) -> str:
    """Name the regions that did not answer, with what the first of them says: a policy denies all of them alike."""
    return f"{listed(refused)}: {next(iter(refused.values()))}" if refused else ""
