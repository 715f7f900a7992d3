"""The least that a function with a table can be: a boto3 client as most people make it, one read, plain JSON."""

import json
import os

import boto3

table = boto3.client("dynamodb")


def handler(event, context):
    item = table.get_item(
        TableName=os.environ["TABLE_NAME"], Key={"pk": {"S": "HEALTH"}, "sk": {"S": "HEALTH"}}, ConsistentRead=True
    ).get("Item", {})
    return {
        "statusCode": 200,
        "headers": {"Content-Type": "application/json"},
        "body": json.dumps({"found": bool(item)}),
    }
