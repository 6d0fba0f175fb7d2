"""The Terraform state in S3: read by every plan, written by a deploy alone, under Terraform's native lock file.

https://developer.hashicorp.com/terraform/language/backend/s3#s3-bucket-permissions
"""

from edge.roles.documents import Statement
from edge.roles.home import Home
from environments.checked import Environment


def account_of_state(environment: Environment) -> str | None:
    """Name the account whose credentials reach the state; None where the state is a file."""
    backend = environment.backend
    return None if backend is None else backend.account or environment.platform.account


def reads(home: Home) -> list[Statement]:
    """Let a plan read the state, where this account holds it. A plan takes no lock (`-lock=false`).

    The list is of the whole bucket: Terraform asks for a state that is not there yet, and S3 answers 404 only to those
    who may list, else 403. Its documentation says so of s3:ListBucket and gives no prefix:
    https://docs.aws.amazon.com/AmazonS3/latest/API/API_HeadObject.html. Before a plan the bucket's head is asked for by
    the same permission, and whether it keeps earlier versions and encrypts.
    """
    if home.environment.backend is None or account_of_state(home.environment) != home.account:
        return []
    bucket = home.global_arn("s3", home.environment.backend.bucket)
    state = f"{bucket}/{home.environment.backend.key}"
    return [
        Statement(
            sid="FindState",
            actions=("s3:GetBucketVersioning", "s3:GetEncryptionConfiguration", "s3:ListBucket"),
            resources=(bucket,),
        ),
        Statement(sid="ReadState", actions=("s3:GetObject",), resources=(state,)),
        *_of_its_key(home, "DecryptState", ("kms:Decrypt",), (bucket, state)),
    ]


def writes(home: Home) -> list[Statement]:
    """Let a deploy write the state, and take, read and release its lock."""
    if home.environment.backend is None or account_of_state(home.environment) != home.account:
        return []
    bucket = home.global_arn("s3", home.environment.backend.bucket)
    state = f"{bucket}/{home.environment.backend.key}"
    return [
        Statement(sid="WriteState", actions=("s3:PutObject",), resources=(state,)),
        Statement(
            sid="LockState",
            actions=("s3:DeleteObject", "s3:GetObject", "s3:PutObject"),
            resources=(f"{state}.tflock",),
        ),
        *_of_its_key(home, "EncryptState", ("kms:Decrypt", "kms:GenerateDataKey"), (bucket, state, f"{state}.tflock")),
    ]


def _of_its_key(home: Home, sid: str, actions: tuple[str, ...], contexts: tuple[str, ...]) -> list[Statement]:
    """Let the state's own key be used, where the file names one, for its objects alone.

    S3 gives KMS the object's ARN as the encryption context, or the bucket's where that has a bucket key:
    https://docs.aws.amazon.com/AmazonS3/latest/userguide/UsingKMSEncryption.html#encryption-context
    """
    backend = home.environment.backend
    if backend is None or backend.kms_key_arn is None:
        return []
    bound = {"StringEquals": {"kms:EncryptionContext:aws:s3:arn": contexts}}
    return [Statement(sid=sid, actions=actions, resources=(backend.kms_key_arn,), conditions=bound)]
