"""No operation takes a query parameter, or Core's a member of a body, that it does not declare (contract section 1)."""

import pytest
from core.contract.operations import Listing
from core.people.kinds import KINDS
from core.people.service import create_person
from core.sessions.service import caller_behind
from core.users.service import find

from tests import contract
from tests.gateway import call
from tools.openapi.operations import declarations

#: Ids in paths: whatever they name, what a request says is refused before anything is looked up.
ID = "0" * 24
OPERATIONS = pytest.mark.parametrize("declaration", declarations(), ids=lambda each: each.key)
#: Whose clients may send members of their own: better-auth's plugins do, and Zitadel's protocol ignores what it does
#: not know.
TOLERANT = ("/api/auth/", "/management/", "/v2/users/")
WITH_BODY = [each for each in declarations() if each.operation.bodies and not each.operation.path.startswith(TOLERANT)]


@pytest.fixture
def asked(school):
    """Sends the operation something, as somebody who may call it; the codes of its refusal."""
    token = school.token("platform administrator")
    ids = {}

    def ask(declaration, **sent):
        operation, own = declaration.operation, token
        kind = KINDS.get(declaration.folder)
        if kind and "json_body" in sent and operation.method == "PATCH":
            # What is sent is merged with the record, and judged then.
            made = call(kind.name, "POST", kind.path, token=token, json_body={"name": "Budi"})
            ids[kind.parameter] = made.result["id"]
        if operation.path.endswith("/me/person"):
            # Whoever is nobody's record has none to change.
            body = {"name": "Budi", "email": "budi@x.test"}
            person = create_person(caller_behind(school.people["platform administrator"]), KINDS["staff"], body)
            own = school.token(find(school.id, person.user_id))
        path = operation.path.format(**dict.fromkeys(operation.path_parameters, ID) | ids)
        reply = call(declaration.folder, operation.method, path, token=own, **sent)
        return reply.status, set(contract.refused())

    return ask


def required_of(declaration, school):
    """What a request must have, so that nothing else is missing."""
    query = declaration.operation.query
    parameters = query.parameters if isinstance(query, Listing) else query
    return {each.name: [school.id] for each in parameters if each.required and each.name == "organizationId"}


@OPERATIONS
def test_an_unknown_query_parameter_is_refused(school, asked, declaration):
    query = {"unexpected": ["1"], **required_of(declaration, school)}
    status, codes = asked(declaration, query=query)
    assert (status, "unknown_parameter" in codes) == (400, True)


@pytest.mark.parametrize("declaration", WITH_BODY, ids=lambda each: each.key)
def test_an_unknown_member_of_a_body_is_refused(asked, declaration):
    status, codes = asked(declaration, json_body={"unexpected": 1})
    assert status == 400, codes
    # Unleash tells one problem at a time.
    expected = {"unknown_member"} if declaration.folder != "unleash" else {"unknown_member", "invalid"}
    assert codes & expected, codes
    assert all(schema.model_config["extra"] == "forbid" for schema in declaration.operation.bodies)
