"""Whatever is sent that the OpenAPI document allows or nearly allows, the answer is as the document says.

`make proof-openapi` runs it, in an environment of its own that has schemathesis.
"""

from collections import Counter

import pytest
from hypothesis import HealthCheck, settings

from tests.wsgi import application

schemathesis = pytest.importorskip("schemathesis", reason="make proof-openapi runs this, where schemathesis is")
from schemathesis.config import SchemathesisConfig  # noqa: E402
from schemathesis.core.parameters import ParameterLocation  # noqa: E402
from schemathesis.specs.openapi import checks  # noqa: E402

#: Of each operation; there are more than 125 operations, so 2,000 requests at least.
CASES = 16
#: Other methods of a known path are 405 in a step to come, and Allow names the known ones. What is refused although it
#: fits the schemas are rules that schemas don't say: a page or a cursor, a password that nobody guesses.
EXCEPTED = [checks.unsupported_method, checks.allow_header_conformance, checks.positive_data_acceptance]
#: What refuses a request that breaks a schema. A stale If-Match is told before anybody looks at the body.
REFUSALS = {
    "negative_data_rejection": {"expected-statuses": ["400", "401", "403", "404", "409", "412", "413", "415", "422"]}
}
CONFIG = SchemathesisConfig.from_dict({"checks": REFUSALS})
pytestmark = pytest.mark.proof
document = schemathesis.openapi.from_wsgi("/openapi.json", application, config=CONFIG)
answered: Counter[int] = Counter()


@document.parametrize()
@settings(max_examples=CASES, deadline=None, derandomize=True, suppress_health_check=[*HealthCheck])
def test_the_answer_is_as_the_document_says(case, school):
    role = "platform administrator" if "/organizations" in case.operation.path else "administrator"
    # In a school that is made up there is nothing to do.
    case.headers.pop("x-organization-id", None)
    for name in case.path_parameters if case.meta.generation.mode.is_positive else ():
        if name in ("user_id", "userId", "id"):
            case.path_parameters[name] = school.people["student"].id
    # Requests before this one may have ended the account's sessions.
    school.people[role].refresh(consistent_read=True)
    headers = {"Authorization": f"Bearer {school.token(role)}"}
    # What was broken may have been a header that is replaced here.
    altered = case.meta.components.get(ParameterLocation.HEADER)
    excepted = [*EXCEPTED, checks.negative_data_rejection] if altered and altered.mode.is_negative else EXCEPTED
    answered[case.call_and_validate(headers=headers, excluded_checks=excepted).status_code] += 1


def test_at_least_two_thousand_requests_were_answered_and_none_by_a_failure(capsys):
    with capsys.disabled():
        print(f"\n{answered.total()} requests: {dict(sorted(answered.items()))}")
    assert answered.total() >= 2000
    assert max(answered) < 500
