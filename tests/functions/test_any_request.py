"""Whatever is sent that the OpenAPI document allows or nearly allows, the answer is as the document says.

`make proof-openapi` runs it, in an environment of its own that has schemathesis.
"""

import pytest
from hypothesis import HealthCheck, settings

from tests.wsgi import application

schemathesis = pytest.importorskip("schemathesis", reason="make proof-openapi runs this, where schemathesis is")
from schemathesis.specs.openapi import checks  # noqa: E402

#: Of each operation; there are more than 125 operations, so 2,000 requests at least.
CASES = 16
#: Other methods of a known path are 405 in a step to come, and Allow names the known ones. What is refused although it
#: fits the schemas are rules that schemas don't say: a page or a cursor, a password that nobody guesses.
EXCEPTED = [checks.unsupported_method, checks.allow_header_conformance, checks.positive_data_acceptance]
pytestmark = pytest.mark.proof
document = schemathesis.openapi.from_wsgi("/openapi.json", application)


@document.parametrize()
@settings(max_examples=CASES, deadline=None, suppress_health_check=[*HealthCheck])
def test_the_answer_is_as_the_document_says(case, school):
    role = "platform administrator" if "/organizations" in case.operation.path else "administrator"
    # In a school that is made up there is nothing to do.
    case.headers.pop("x-organization-id", None)
    for name in case.path_parameters if case.meta.generation.mode.is_positive else ():
        if name in ("user_id", "userId", "id"):
            case.path_parameters[name] = school.people["student"].id
    case.call_and_validate(headers={"Authorization": f"Bearer {school.token(role)}"}, excluded_checks=EXCEPTED)
