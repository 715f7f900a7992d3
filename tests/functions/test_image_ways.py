"""The way to a picture, and requests that are stopped while they make one (acceptance A3, D5)."""

import base64
import io
import json
from urllib.parse import parse_qs, urlsplit

import pytest
from botocore.exceptions import ClientError, ReadTimeoutError
from core.images import service
from core.kernel import aws, clock
from core.kernel.table import transact, update
from core.users.models import UserItem

from tests.gateway import call
from tests.images import MINE, attach, empty, path_of, picture, stored, upload, user_of


@pytest.fixture(autouse=True)
def _empty(table):
    empty()


@pytest.fixture
def student(school):
    return school.token("student")


class TestTheWayToAPicture:
    def test_leads_to_a_link_of_minutes_that_saves_a_picture(self, school, student):
        attach(student, upload(student, picture()))
        reply = call("images", "GET", MINE, token=student, query={"version": ["x"]})
        assert (reply.status, reply.headers["cache-control"]) == (302, "no-store")
        signed = parse_qs(urlsplit(reply.headers["location"]).query)
        assert signed["X-Amz-Expires"] == ["300"]
        assert signed["response-content-type"] == ["image/jpeg"]
        assert signed["response-content-disposition"][0].startswith("attachment; filename=")
        assert urlsplit(reply.headers["location"]).path.endswith(user_of(school).image)

    def test_is_for_oneself_and_for_who_may_read_users(self, school, student, other_school):
        attach(student, upload(student, picture()))
        path = path_of(school.people["student"])
        asking = (student, school.token("principal"), school.token("teacher"), other_school.token("administrator"))
        assert [call("images", "GET", path, token=each).status for each in asking] == [302, 302, 403, 404]

    def test_is_none_without_a_picture_of_ours(self, school, student):
        assert call("images", "GET", MINE, token=student).status == 404
        transact(update(school.people["student"], [UserItem.image.set("https://x.test/y.png")]))
        assert call("images", "GET", MINE, token=student).status == 404

    def test_takes_no_other_parameter(self, student):
        assert call("images", "GET", MINE, token=student, query={"to": ["https://x.test"]}).status == 400


class TestARequestThatIsStopped:
    @pytest.mark.parametrize("call_number", range(1, 6))
    @pytest.mark.parametrize("after", [False, True])
    def test_d5_is_completed_by_its_repetition(self, school, student, monkeypatch, call_number, after):
        attach(student, upload(student, picture()))
        key = upload(student, picture(color="blue"))
        client, count = aws._client("s3"), 0
        send = client._make_api_call

        def stopped(operation, arguments):
            nonlocal count
            count += 1
            answer = send(operation, arguments) if after or count != call_number else None
            if count == call_number:
                raise ClientError({"Error": {"Code": "Killed"}}, operation)
            return answer

        monkeypatch.setattr(client, "_make_api_call", stopped)
        assert attach(student, key).status == 503
        monkeypatch.setattr(client, "_make_api_call", send)
        assert user_of(school).image in stored()
        later = clock.now() + service._LEFT_BEHIND
        assert attach(student, key).status == 200
        assert user_of(school).image.split("/")[-1].startswith(key.split("/")[-1][:24])
        monkeypatch.setattr(clock, "now", lambda: later)
        attach(student, upload(student, picture(color="green")))
        assert stored() == {user_of(school).image}

    def test_is_answered_again_when_only_the_answer_was_lost(self, school, student):
        key = upload(student, picture())
        first, second = attach(student, key), attach(student, key)
        assert (first.status, second.status, first.text) == (200, 200, second.text)


class TestAFailingDecoder:
    def answering(self, monkeypatch, payload, **members):
        def answer(operation, arguments):
            return {"Payload": io.BytesIO(json.dumps(payload).encode()), **members}

        monkeypatch.setattr(aws._client("lambda"), "_make_api_call", answer)

    def test_is_a_service_that_is_busy(self, school, student, monkeypatch):
        key = upload(student, picture())

        def fail(operation, arguments):
            raise ReadTimeoutError(endpoint_url="http://lambda")

        monkeypatch.setattr(aws._client("lambda"), "_make_api_call", fail)
        assert attach(student, key).status == 503
        self.answering(monkeypatch, {"errorType": "Runtime.OutOfMemory"}, FunctionError="Unhandled")
        assert attach(student, key).status == 503
        assert user_of(school).image is None
        monkeypatch.undo()
        assert attach(student, key).status == 200

    @pytest.mark.parametrize("made", [b"<script>alert(1)</script>", b"", b"\xff\xd8\xff" + bytes(2 * 1024 * 1024)])
    def test_that_somebody_broke_can_keep_nothing_but_a_picture(self, school, student, monkeypatch, made):
        key = upload(student, picture())
        self.answering(monkeypatch, {"picture": base64.b64encode(made).decode()})
        assert attach(student, key).status == 500
        assert (user_of(school).image, stored()) == (None, {key})


@pytest.mark.parametrize("service", ["s3", "sqs", "lambda"])
def test_d3_no_silent_service_is_waited_for_longer_than_ten_seconds(service):
    config = aws._client(service).meta.config
    attempts = config.retries["total_max_attempts"]
    # The pause before a second attempt is at most a second.
    assert attempts * config.read_timeout + (attempts - 1) <= 10


def test_a_failing_bucket_is_a_service_that_is_busy(student, monkeypatch):
    key = upload(student, picture())

    def fail(operation, arguments):
        raise ClientError({"Error": {"Code": "SlowDown"}}, operation)

    monkeypatch.setattr(aws._client("s3"), "_make_api_call", fail)
    assert attach(student, key).status == 503
