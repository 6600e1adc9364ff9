"""The store of the private files on S3. Imported only where S3 is used: botocore costs a third of a second."""

from botocore.config import Config


def storage(**options) -> dict:
    """The entry of STORAGES; `options` are those that name the bucket, its address and the keys."""
    return {
        "BACKEND": "storages.backends.s3.S3Storage",
        "OPTIONS": {
            **options,
            "default_acl": "private",
            "querystring_auth": True,
            "querystring_expire": 60,
            # Stores that speak S3 without being Amazon's often refuse the newer checksums.
            "client_config": Config(
                signature_version="s3v4",
                request_checksum_calculation="when_required",
                response_checksum_validation="when_required",
                # A store that is away is told to the person within seconds, not after botocore's five minutes.
                connect_timeout=3,
                read_timeout=20,
                retries={"mode": "standard", "total_max_attempts": 2},
            ),
            "file_overwrite": False,
            "max_memory_size": 1024 * 1024,  # a larger file is read through the disk, not through memory
        },
    }
