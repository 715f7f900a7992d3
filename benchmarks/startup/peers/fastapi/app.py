"""The routes of Core's users function, written as FastAPI's own tutorial would, behind Mangum.

Only reading one's own account is whole, because it is the request that is measured. The other routes have their
path, parameters, body and answer, so that FastAPI prepares for them what it prepares in a real application.
"""

import base64
import hashlib
import os
import re
import time
from typing import Annotated, Any

import boto3
from fastapi import Depends, FastAPI, Header, HTTPException, Query
from mangum import Mangum
from pydantic import AfterValidator, BaseModel, ConfigDict, Field

table = boto3.client("dynamodb")
app = FastAPI(title="users")
TABLE = os.environ["TABLE_NAME"]
_EMAIL = re.compile(r"[a-z0-9.!#$%&'*+/=?^_`{|}~-]+@(?:[a-z0-9-]+\.)+[a-z0-9-]+")


def _email(text: str) -> str:
    if not _EMAIL.fullmatch(text.lower()):
        raise ValueError("This is not an email address.")
    return text.lower()


Email = Annotated[str, AfterValidator(_email)]
Name = Annotated[str, Field(min_length=1, max_length=200)]
ImageAddress = Annotated[str, Field(max_length=2000, pattern="^https://")]


class Body(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)


class CreateUser(Body):
    name: Name
    email: Email
    secondaryEmail: Email | None = None
    image: ImageAddress | None = None
    password: str | None = None


class UpdateUser(Body):
    name: Name | None = None
    email: Email | None = None
    secondaryEmail: Email | None = None
    image: ImageAddress | None = None


class UpdateMe(Body):
    name: Name | None = None
    secondaryEmail: Email | None = None
    image: ImageAddress | None = None


class SetPassword(Body):
    password: str


class User(BaseModel):
    id: str
    name: str
    email: str
    emailVerified: bool
    secondaryEmail: str | None
    roles: list[str]
    image: str | None
    active: bool
    createdAt: str
    updatedAt: str


class OneUser(BaseModel):
    success: bool = True
    message: str = "OK."
    meta: dict[str, Any] = {}
    errors: list[dict[str, Any]] = []
    result: User


class Users(BaseModel):
    success: bool = True
    message: str = "OK."
    meta: dict[str, Any] = {}
    errors: list[dict[str, Any]] = []
    result: list[User]


def _read(partition: str, sort: str) -> dict[str, Any]:
    key = {"pk": {"S": partition}, "sk": {"S": sort}}
    return table.get_item(TableName=TABLE, Key=key, ConsistentRead=True).get("Item", {})


def caller(authorization: Annotated[str, Header()] = "") -> tuple[str, str]:
    """The school and id of whoever is signed in: the session and its user are read together, as Core does."""
    token = authorization.removeprefix("Bearer ")
    owner = base64.urlsafe_b64decode(token + "=" * (-len(token) % 4))[:24].hex()
    school, user_id = owner[:24], owner[24:]
    hashed = hashlib.sha256(token.encode()).hexdigest()
    keys = [
        {"pk": {"S": f"{school}#USER#{user_id}"}, "sk": {"S": f"SESSION#{hashed}"}},
        {"pk": {"S": f"{school}#USERS"}, "sk": {"S": user_id}},
    ]
    answer = table.batch_get_item(RequestItems={TABLE: {"Keys": keys, "ConsistentRead": True}})
    found = {item["sk"]["S"]: item for item in answer["Responses"].get(TABLE, [])}
    session, user = found.get(f"SESSION#{hashed}"), found.get(user_id)
    if not session or not user or session["epoch"] != user["session_epoch"]:
        raise HTTPException(401)
    if int(session["expiresAt"]["N"]) <= time.time():
        raise HTTPException(401)
    return school, user_id


Caller = Annotated[tuple[str, str], Depends(caller)]


@app.get("/api/users")
def list_users(  # noqa: PLR0917 - a parameter of the query is a parameter of the function in FastAPI
    who: Caller,
    page: Annotated[int, Query(ge=1)] = 1,
    limit: Annotated[int, Query(ge=1, le=100)] = 20,
    cursor: str | None = None,
    search: Annotated[str | None, Query(max_length=100)] = None,
    sort: Annotated[str, Query(pattern="^-?(name|createdAt)$")] = "name",
    fields: str | None = None,
    updatedSince: str | None = None,
    active: bool | None = None,
) -> Users:
    raise HTTPException(501)


@app.post("/api/users", status_code=201)
def create_user(who: Caller, body: CreateUser) -> OneUser:
    raise HTTPException(501)


@app.get("/api/users/me")
def get_me(who: Caller) -> OneUser:
    user = _read(f"{who[0]}#USERS", who[1])
    if not user:
        raise HTTPException(404)
    return OneUser(
        result=User(
            id=who[1],
            name=user["name"]["S"],
            email=user["email"]["S"],
            emailVerified=user["email_verified"]["BOOL"],
            secondaryEmail=user.get("secondary_email", {}).get("S"),
            roles=[role["S"] for role in user["roles"]["L"]],
            image=user.get("image", {}).get("S"),
            active=user["active"]["BOOL"],
            createdAt=user["created_at"]["S"],
            updatedAt=user["updated_at"]["S"],
        )
    )


@app.patch("/api/users/me")
def update_me(who: Caller, body: UpdateMe) -> OneUser:
    raise HTTPException(501)


@app.get("/api/users/{user_id}")
def get_user(who: Caller, user_id: str) -> OneUser:
    raise HTTPException(501)


@app.patch("/api/users/{user_id}")
def update_user(who: Caller, user_id: str, body: UpdateUser) -> OneUser:
    raise HTTPException(501)


@app.delete("/api/users/{user_id}", status_code=204)
def delete_user(who: Caller, user_id: str) -> None:
    raise HTTPException(501)


@app.patch("/api/users/{user_id}/password")
def reset_password(who: Caller, user_id: str, body: SetPassword) -> OneUser:
    raise HTTPException(501)


handler = Mangum(app, lifespan="off")
