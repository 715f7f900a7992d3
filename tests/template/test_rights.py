"""What each function may do with the table and which secrets it holds (acceptance A9, E4). Least privilege."""

import re

import pytest

from tests.rights import Asked, allow
from tests.template.test_template import properties
from tools.sam_template import ROOT, resources, secret_variables

SCHOOL, SOMEBODY = "6" * 24, "7" * 24
FUNCTIONS = {each.removesuffix("Function").lower(): each for each in resources("AWS::Serverless::Function")}
PAGE = (ROOT / "docs/rights.md").read_text()

READING = ("BatchGetItem", "GetItem", "Query")
WRITING = ("ConditionCheckItem", "DeleteItem", "PutItem", "UpdateItem")
INDEXES = ("", "/index/names", "/index/changes")
#: One partition of each kind that holds something of a school, or of the platform.
PARTITIONS = {
    "school": SCHOOL,
    "accounts": f"{SCHOOL}#USERS",
    "found accounts": f"{SCHOOL}#USERS#SEARCH",
    "passwords and sessions": f"{SCHOOL}#USER#{SOMEBODY}",
    "roles": f"{SCHOOL}#ROLES",
    "trail": f"{SCHOOL}#AUDIT",
    "mails": f"{SCHOOL}#OUTBOX",
    "API tokens": f"{SCHOOL}#API_TOKENS",
    "address": "EMAIL#0f",
    "throttle": "THROTTLE#0f",
    "students": f"{SCHOOL}#STUDENTS",
    "found students": f"{SCHOOL}#STUDENTS#SEARCH",
    "NIK": f"{SCHOOL}#NIK",
    "teachers": f"{SCHOOL}#TEACHERS",
    "staff": f"{SCHOOL}#STAFF",
    "class": f"{SCHOOL}#CLASS#{SOMEBODY}",
    "classes": f"{SCHOOL}#CLASSES",
    "import": f"{SCHOOL}#IMPORT#{SOMEBODY}",
    "list of schools": "ORGANIZATIONS",
    "NPSN": "NPSN#20100001",
    "host": "HOST#www.sman1.sch.id",
    "health": "HEALTH#test",
}
ACCOUNTS = {
    *("school", "accounts", "found accounts", "passwords and sessions", "roles", "trail"),
    *("mails", "API tokens", "address", "throttle"),
}
OF_ACCOUNTS = ("applivery", "auth", "images", "pages", "roles", "slips", "unleash", "users", "zitadel")
#: What may be read and what may be written, by function. Who is not here may reach all of it.
READ = {
    "openapi": set(),
    "outbox": set(),
    "pictures": set(),
    "health": {"health"},
    "public": {"host", "teachers", "staff"},
    "mailevents": set(),
    "mailer": {"school", "address", "mails", "throttle"},
    "audit": {"school", "accounts", "passwords and sessions", "roles", "trail"},
    "platform": {"address", "list of schools", "throttle"},
    "organizations": ACCOUNTS | {"host", "list of schools", "NPSN"},
    **dict.fromkeys(OF_ACCOUNTS, ACCOUNTS),
    "slips": ACCOUNTS | {"class", "classes", "students"},
}
WRITTEN = {
    **READ,
    "health": set(),
    "public": set(),
    "mailevents": {"address"},
    "mailer": {"mails", "throttle"},
    "audit": {"passwords and sessions"},
    "slips": ACCOUNTS,
}
WHOLE = {"classes", "importer", "imports", "staff", "students", "teachers"}


def statements_of(folder: str) -> list[dict]:
    policies = properties("AWS::IAM::Role", f"{FUNCTIONS[folder]}Role").get("Policies", [])
    return [statement for policy in policies for statement in policy["PolicyDocument"]["Statement"]]


def is_allowed(folder: str, asked: Asked) -> bool:
    return allow(statements_of(folder), asked)


def reached(folder: str, actions: tuple[str, ...]) -> set[str]:
    """The kinds of partitions that a function reaches by at least one of these actions."""
    statements = statements_of(folder)
    return {
        kind
        for kind, partition in PARTITIONS.items()
        for action in actions
        for index in INDEXES
        if allow(statements, Asked(f"dynamodb:{action}", f"Table{index}", (("dynamodb:LeadingKeys", (partition,)),)))
    }


def test_every_function_is_described_here():
    assert READ.keys() | WHOLE == FUNCTIONS.keys()


@pytest.mark.parametrize("folder", sorted(READ))
def test_a9_a_function_reaches_no_more_of_the_table_than_its_operations_need(folder):
    assert reached(folder, READING) == READ[folder]
    assert reached(folder, WRITING) == WRITTEN[folder]


@pytest.mark.parametrize("folder", sorted(READ))
def test_one_partition_too_many_in_a_call_is_enough_to_refuse_it(folder):
    both = (("dynamodb:LeadingKeys", (PARTITIONS["NIK"], *(PARTITIONS[kind] for kind in READ[folder]))),)
    assert not is_allowed(folder, Asked("dynamodb:BatchGetItem", "Table", both))


@pytest.mark.parametrize("folder", sorted(FUNCTIONS))
def test_nobody_scans_or_sweeps(folder):
    actions = str([statement["Action"] for statement in statements_of(folder)])
    assert not re.search("dynamodb:(Scan|PartiQL|BatchWriteItem|Export|.*Table)", actions)


def test_a9_the_function_that_decodes_strangers_files_has_no_rights_at_all():
    assert statements_of("pictures") == []
    assert not {"Events", "Role"} & resources("AWS::Serverless::Function")["PicturesFunction"]["Properties"].keys()
    invoking = Asked("lambda:InvokeFunction", "PicturesFunction")
    assert [each for each in FUNCTIONS if is_allowed(each, invoking)] == ["images"]


def holders(variable: str) -> list[str]:
    given = {
        folder: properties("AWS::Lambda::Function", name)["Environment"]["Variables"]
        for folder, name in FUNCTIONS.items()
    }
    return sorted(folder for folder, variables in given.items() if variable in variables)


@pytest.mark.parametrize("variable", sorted(secret_variables()))
def test_a9_a_secret_is_held_by_the_functions_on_the_page_and_no_other(variable):
    [line] = re.findall(rf"^\| `{variable}` \| .* \| (.*) \|$", PAGE, re.MULTILINE)
    assert line == ", ".join(holders(variable))


def test_a9_the_page_tells_every_secret_and_who_holds_none():
    assert set(re.findall(r"^\| `(\w+)`", PAGE, re.MULTILINE)) == secret_variables().keys()
    without = FUNCTIONS.keys() - {each for variable in secret_variables() for each in holders(variable)}
    assert re.findall(r"^([\w, ]+) and (\w+) hold none", PAGE, re.MULTILINE) == [
        (", ".join(sorted(without)[:-1]), max(without))
    ]
    assert {"health", "public", "pictures"} <= without


def test_each_secret_serves_one_purpose():
    assert len(set(secret_variables().values())) == len(secret_variables())


@pytest.mark.parametrize(
    ("folder", "actions"),
    [
        ("images", {"s3:DeleteObject images", "s3:GetObject images", "s3:PutObject images"}),
        ("imports", {f"s3:{each}Object chunks" for each in ("Delete", "Get", "Put")} | {"s3:GetObject imports"}),
        ("importer", {f"s3:{each}Object chunks" for each in ("Delete", "Get")}),
        *((kind, {"s3:DeleteObject images"}) for kind in ("students", "teachers", "staff")),
        *(
            (folder, set())
            for folder in ("public", "health", "openapi", "pictures", "mailer", "auth", "users", "audit")
        ),
    ],
)
def test_a9_a_function_reaches_its_own_files_only(folder, actions):
    found = {
        f"s3:{action} {prefix}"
        for action in ("DeleteObject", "GetObject", "PutObject")
        for prefix in ("images", "chunks", "imports", "backups")
        if is_allowed(folder, Asked(f"s3:{action}", f"Bucket/{prefix}/x"))
    }
    assert found == actions
