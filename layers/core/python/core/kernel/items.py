"""What stands in the table: its key and its indexes."""

import os

from pynamodb.attributes import NumberAttribute, UnicodeAttribute
from pynamodb.indexes import GlobalSecondaryIndex, IncludeProjection, KeysOnlyProjection
from pynamodb.models import Model


class NamesIndex(GlobalSecondaryIndex["Item"]):
    """Things of one kind in one school by name. Sparse: what is deleted leaves it."""

    class Meta:
        index_name = "names"
        projection = IncludeProjection(["filters"])

    list_key = UnicodeAttribute(hash_key=True)
    name_key = UnicodeAttribute(range_key=True)


class ChangesIndex(GlobalSecondaryIndex["Item"]):
    """Things of one kind in one school by their last change, deletions included."""

    class Meta:
        index_name = "changes"
        projection = KeysOnlyProjection()

    change_list_key = UnicodeAttribute(hash_key=True)
    change_key = UnicodeAttribute(range_key=True)


class Item(Model):
    """What every item has: its key, and the keys of the indexes it may stand in."""

    class Meta:
        table_name = os.environ.get("TABLE_NAME", "core")
        region = os.environ.get("AWS_REGION", "ap-southeast-3")
        host = os.environ.get("AWS_ENDPOINT_URL_DYNAMODB") or os.environ.get("AWS_ENDPOINT_URL") or None
        connect_timeout_seconds = 1
        read_timeout_seconds = 2
        # The retries below are the only ones: two layers of them would multiply.
        max_retry_attempts = 0

    partition = UnicodeAttribute(hash_key=True, attr_name="pk")
    sort = UnicodeAttribute(range_key=True, attr_name="sk")
    list_key = UnicodeAttribute(null=True)
    name_key = UnicodeAttribute(null=True)
    change_list_key = UnicodeAttribute(null=True)
    change_key = UnicodeAttribute(null=True)
    #: Epoch seconds after which DynamoDB may drop the item. Readers check it themselves.
    expires_at = NumberAttribute(null=True, attr_name="expiresAt")

    names = NamesIndex()
    changes = ChangesIndex()

    @property
    def holder(self) -> tuple[str, str] | None:
        """Whose claim it is, by kind and id; None for what is no claim."""
        return None

    @property
    def organization_id(self) -> str:
        """The school, with which the key of everything that a school has begins."""
        return self.partition.split("#", 1)[0]
