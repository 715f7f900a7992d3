"""Unleash's door: passwords changed and validated (seeds, contract section 4)."""

import pytest
from core.kernel.table import get, transact, update
from core.users.models import UserItem, users_of

from tests.functions.unleash import ABSENT, NEEDS, NEW, SEED_401, change, refused, reset, send, sign_in, without_id
from tests.gateway import call
from tests.schools import PASSWORD


class TestChangingAPassword:
    def test_an_administrator_gets_200_without_a_body_and_the_sessions_end(self, school):
        student, old = school.people["student"], school.token("student")
        answer = change(school.token("administrator"), student.id.upper())
        assert (answer.status, answer.text) == (200, "")
        assert "content-type" not in answer.headers
        assert call("users", "GET", "/api/users/me", token=old).status == 401
        assert sign_in(student.email, NEW).status == 200
        assert get(UserItem, users_of(school.id), student.id).must_change_password is False

    def test_the_seeds_three_members_change_the_own_password(self, school):
        user = school.add("Orang Baru", "baru@x.test", [], "Oldk!5As3HquUrQ")
        body = {"password": "k!5As3HquUrQ", "oldPassword": "Oldk!5As3HquUrQ", "confirmPassword": "k!5As3HquUrQ"}
        token = school.token(user)
        answer = change(token, user.id, body)
        assert (answer.status, answer.text) == (200, "")
        assert call("users", "GET", "/api/users/me", token=token).status == 401
        assert sign_in(user.email, NEW).status == 200

    def test_the_own_one_needs_the_old_one(self, school):
        answer = change(school.token("student"), school.people["student"].id)
        refused(answer, 400, "ValidationError")
        assert "The .oldPassword property is required." in answer.body["message"]

    def test_a_wrong_old_one_is_refused_and_only_ten_times_in_five_minutes(self, school):
        student, token = school.people["student"], school.token("student")
        for _ in range(10):
            refused(change(token, student.id, {"password": NEW, "oldPassword": "wrong"}), 400, "PasswordMismatch")
        answer = change(token, student.id, {"password": NEW, "oldPassword": PASSWORD})
        refused(answer, 429, "RateLimitError")
        assert 0 < int(answer.headers["retry-after"]) <= 300

    @pytest.mark.parametrize("who", ["student", "administrator"])
    def test_a_different_confirmation_is_a_mismatch(self, school, who):
        body = {"password": NEW, "oldPassword": PASSWORD, "confirmPassword": NEW + "x"}
        refused(change(school.token(who), school.people["student"].id, body), 400, "PasswordMismatch")
        assert sign_in(school.people["student"].email, PASSWORD).status == 200

    def test_without_a_header_it_is_the_seeds_401_even_with_a_bad_body(self, school):
        answer = change(None, school.people["student"].id, body="{")
        refused(answer, 401, "AuthenticationRequired", SEED_401)
        assert list(answer.body) == ["id", "name", "message"]

    @pytest.mark.parametrize("header", ["Bearer x", "Basic YTpi", "*:*.my-admin-token", "Bearer *:*.my-admin-token"])
    def test_with_a_wrong_header_it_is_401(self, school, header):
        answer = change(None, school.people["student"].id, headers={"Authorization": header})
        refused(answer, 401, "AuthenticationRequired")

    @pytest.mark.parametrize("role", ["principal", "teacher", "staff", "student"])
    def test_another_ones_needs_the_permission(self, school, role):
        other = school.add("Orang Lain", "lain@x.test", [])
        existing, absent = change(school.token(role), other.id), change(school.token(role), ABSENT)
        refused(existing, 403, "NoAccessError", NEEDS)
        assert without_id(existing) == without_id(absent)

    def test_a6_a_stronger_account_is_403(self, school):
        platform = school.people["platform administrator"]
        refused(change(school.token("administrator"), platform.id), 403, "NoAccessError")
        assert sign_in(platform.email, PASSWORD).status == 200

    def test_a3_a_user_of_another_school_and_no_user_at_all_look_the_same(self, school, other_school):
        token, student = other_school.token("administrator"), school.people["student"]
        hidden, absent = change(token, student.id), change(token, ABSENT)
        refused(hidden, 404, "NotFoundError", f'Could not find the user with ID "{student.id}".')
        assert hidden.body["message"].replace(student.id, ABSENT) == absent.body["message"]

    def test_what_was_sent_comes_back_cut(self, school):
        answer = change(school.token("administrator"), school.people["student"].id, {"password": ["x" * 50_000]})
        refused(answer, 400, "ValidationError")
        assert 'You sent ["xxx' in answer.text.replace("\\", "")
        assert len(answer.text) < 1000

    @pytest.mark.parametrize("user_id", ["12345", "x", "0" * 23, "g" * 24, "%23USER", "a#b"])
    def test_what_is_no_id_is_404(self, school, user_id):
        refused(change(school.token("administrator"), user_id), 404, "NotFoundError")

    @pytest.mark.parametrize(
        ("body", "complaint"),
        [
            ({}, "The .password property is required. It was not present on the data you sent."),
            ({"password": []}, "The .password property should be string. You sent []."),
            ({"password": 5}, "The .password property should be string. You sent 5."),
            ({"password": None}, "The .password property should be string. You sent null."),
            ({"password": NEW, "roles": []}, "The request body does not allow additional properties. You sent the"),
        ],
    )
    def test_another_schema_is_a_validation_error_in_the_seeds_words(self, school, body, complaint):
        answer = change(school.token("administrator"), school.people["student"].id, body)
        refused(answer, 400, "ValidationError")
        begins = f"The request payload you provided doesn't conform to the schema. {complaint}"
        assert answer.body["message"].startswith(begins)
        assert answer.body["details"][0]["message"].startswith(complaint)

    def test_every_broken_rule_is_told(self, school):
        body = {"password": "orang"}
        answer = change(school.token("administrator"), school.people["teacher"].id, body)
        refused(answer, 400, "OwaspValidationError")
        (detail,) = answer.body["details"]
        assert detail["message"] == answer.body["message"] == detail["validationErrors"][0]
        assert detail["validationErrors"] == [
            "The password must have at least 12 characters.",
            "The password must not contain the person's name, email or the school's name.",
        ]

    @pytest.mark.parametrize("password", ["", "1234567", "password", "x" * 129])
    def test_a_password_against_a_rule_is_refused(self, school, password):
        answer = change(school.token("administrator"), school.people["student"].id, {"password": password})
        refused(answer, 400, "OwaspValidationError")

    def test_the_owners_last_passwords_do_not_come_back(self, school):
        body = {"password": PASSWORD, "oldPassword": PASSWORD}
        refused(change(school.token("student"), school.people["student"].id, body), 400, "OwaspValidationError")

    @pytest.mark.parametrize("body", ["", "{", "[]", "null", '"x"', '{"password": NaN}', '{"password":"\\ud800"}'])
    def test_malformed_bodies_are_bad_data(self, school, body):
        answer = change(school.token("administrator"), school.people["student"].id, body=body)
        refused(answer, 400, "BadDataError")
        assert answer.body["details"]

    def test_a_large_body_and_another_content_type_are_refused_in_the_same_shape(self, school):
        token, student = school.token("administrator"), school.people["student"]
        refused(change(token, student.id, body='{"password":"' + "x" * 300_000), 413, "PayloadTooLargeError")
        answer = change(token, student.id, headers={"Content-Type": "text/plain"})
        refused(answer, 415, "ContentTypeError")
        assert "(text/plain)" in answer.body["message"]

    def test_b10_who_must_change_the_password_may_do_it_here_and_nothing_else(self, school):
        administrator, token = school.people["administrator"], school.token("administrator")
        transact(update(administrator, [UserItem.must_change_password.set(True)]))
        first = "Change your password first."
        refused(change(token, school.people["student"].id), 403, "NoAccessError", first)
        refused(reset(token, "student@smansa.test"), 403, "NoAccessError", first)
        refused(change(token, administrator.id), 400, "ValidationError")
        assert change(token, administrator.id, {"password": NEW, "oldPassword": PASSWORD}).status == 200
        assert get(UserItem, users_of(school.id), administrator.id).must_change_password is False


class TestValidatingAPassword:
    def check(self, token, password):
        return send("POST", "/api/admin/user-admin/validate-password", token, {"password": password})

    def test_an_acceptable_one_is_200_without_a_body(self, school):
        answer = self.check(school.token("student"), NEW)
        assert (answer.status, answer.text) == (200, "")

    @pytest.mark.parametrize("password", ["", "short", "password", "orang-student", "x" * 129])
    def test_any_other_is_refused_with_its_rules(self, school, password):
        answer = self.check(school.token("student"), password)
        refused(answer, 400, "OwaspValidationError")
        assert answer.body["details"][0]["validationErrors"]

    def test_needs_a_sign_in(self, school):
        refused(self.check(None, NEW), 401, "AuthenticationRequired", SEED_401)


@pytest.mark.parametrize("path", ["/api/admin/nothing", "/auth/reset", "/api/admin/user-admin"])
def test_an_unknown_path_is_404_in_the_same_shape(path):
    refused(send("GET", path), 404, "NotFoundError")


def test_a_query_parameter_that_the_operation_does_not_take_is_refused_in_unleashs_words(school):
    student = school.people["student"]
    refused(change(school.token("administrator"), student.id, query={"force": ["1"]}), 400, "BadDataError")
    assert sign_in(student.email, PASSWORD).status == 200
