"""Acceptance B3 over HTTP: the source of a sign-in is what the gateway saw, whatever the headers say."""

UNKNOWN = "bukan-siapa-siapa@smansa.test"


def test_b3_a_forged_forwarded_for_changes_nothing(call):
    def sign_in(number):
        headers = {"X-Forwarded-For": f"203.0.113.{number}", "Forwarded": f"for=203.0.113.{number}"}
        body = {"email": UNKNOWN, "password": "salah sekali"}
        return call("POST", "/api/auth/sign-in/email", body, headers=headers)

    answers = [sign_in(number) for number in range(11)]
    assert [status for status, _, _ in answers] == [401] * 10 + [429]
    assert 0 < int(answers[-1][1]["Retry-After"]) <= 300
