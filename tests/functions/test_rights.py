"""That the tests' functions are held to the template: a guard that notices nothing would be green for ever (A9, E4)."""

import os

import pytest
from core.images.models import PREFIX
from core.kernel import aws
from core.kernel.settings import settings
from core.kernel.table import check, get, query, transact
from core.users.models import UserItem, users_of

from tests.gateway import call
from tests.rights import guarded


def user_of(school):
    return school.people["student"]


def read(school):
    get(UserItem, users_of(school.id), user_of(school).id)


def hold(school):
    transact(check(UserItem, users_of(school.id), user_of(school).id, UserItem.partition.exists(), ValueError()))


BEYOND = {
    "a read of another partition": ("public", read, "dynamodb:GetItem Table .*#USERS"),
    "a query": ("health", lambda school: query(users_of(school.id)), "dynamodb:Query Table .*#USERS"),
    "a query of an index": (
        *("public", lambda school: query(users_of(school.id), index="names")),
        "dynamodb:Query Table/index/names .*#USERS",
    ),
    "a part of a transaction": ("mailer", hold, "dynamodb:ConditionCheckItem Table .*#USERS"),
    "a file": ("students", lambda _: aws.get_object(f"{PREFIX}x", 1), "s3:GetObject Bucket/images/x"),
    "a link to a file": (
        *("students", lambda _: aws.download_link(f"{PREFIX}x", "x", "image/jpeg", 1)),
        "s3:GetObject Bucket/images/x",
    ),
    "a list of files": ("students", lambda _: list(aws.objects_under("chunks/")), "s3:ListBucket Bucket chunks/"),
    "a message": (
        "users",
        lambda _: aws.send_messages(os.environ["IMPORT_QUEUE_URL"], ["{}"], of="x"),
        "sqs:SendMessage ImportQueue",
    ),
    "another function": ("users", lambda _: aws.invoke("x", {"content": "", "ending": "jpg"}), "lambda:InvokeFunction"),
    "a secret": ("public", lambda _: settings().pepper, "the variable PASSWORD_KEY"),
    "a variable": ("auth", lambda _: settings().bucket_name, "the variable BUCKET_NAME"),
}


@pytest.mark.parametrize("what", BEYOND)
def test_whatever_the_template_does_not_give_a_function_fails_its_test(school, what):
    folder, do, named = BEYOND[what]

    def handle(event, context):
        try:
            do(school)
        except Exception:  # noqa: BLE001 - that it was asked for is what counts, whatever came of it
            return

    with pytest.raises(AssertionError, match=f"template.yaml does not allow {folder}: .*{named}"):
        guarded(folder, handle)({}, None)


def test_each_function_has_its_own_rights_also_while_another_one_waits(school):
    token = school.token("student")

    def handle(event, context):
        assert call("users", "PATCH", "/api/users/me", token=token, json_body={"name": "Budi"}).status == 200
        settings().cursor_key  # noqa: B018 - audit has it

    guarded("audit", handle)({}, None)


def test_nobody_is_held_to_anything_outside_of_a_function(school):
    read(school)
    assert settings().pepper
