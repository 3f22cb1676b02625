"""One start of a typical stack, by `bench.cold_start`, in a fresh interpreter; the folder is the argument.

What the packages' own introductions show: Powertools' logger, a boto3 resource and a
client, a PynamoDB model, a pydantic model and an httpx client. No tracer, which alone costs half as much.
"""

import sys
from time import process_time_ns

sys.path[0:1] = sys.argv[1:]

import boto3
import httpx
from aws_lambda_powertools import Logger
from pydantic import BaseModel
from pynamodb.attributes import NumberAttribute, UnicodeAttribute
from pynamodb.models import Model

logger = Logger(service="typical")
table = boto3.resource("dynamodb", region_name="us-east-1").Table("gifts")
queue = boto3.client("sqs", region_name="us-east-1")
http = httpx.Client(timeout=10)


class Gift(BaseModel):
    """What a queue carries."""

    gift_id: str
    amount_cents: int


class GiftItem(Model):
    """What a table keeps."""

    class Meta:
        """Which table."""

        table_name = "gifts"
        region = "us-east-1"

    gift_id = UnicodeAttribute(hash_key=True)
    amount_cents = NumberAttribute()


sys.stdout.write(f'{{"milliseconds": {process_time_ns() / 1e6}}}')
