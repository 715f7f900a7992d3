"""Who did what to whom: the trail can be read, by whom and what it says, and nothing else."""

from core.audit import service

from tests.gateway import call
from tests.wire import intercepted


def trail(token, **query):
    return call("audit", "GET", "/api/audit", token=token, query={name: [value] for name, value in query.items()})


def test_what_was_done_is_told_newest_first_and_filtered(school):
    token, student = school.token("administrator"), school.people["student"]
    path = f"/api/users/{student.id}"
    call("users", "PATCH", path, token=token, json_body={"name": "Nama Baru"})
    call("users", "POST", f"{path}/deactivate", token=token)
    listed = trail(token)
    assert [each["action"] for each in listed.result] == ["users.deactivate", "users.update"]
    first = listed.result[0]
    actor = school.people["administrator"]
    assert first["actor"] == {"id": actor.id, "name": actor.name, "email": actor.email, "role": "administrator"}
    assert first["targetId"] == student.id
    assert trail(token, action="users.update").result == listed.result[1:]
    assert trail(token, action="users.").result == listed.result
    assert trail(token, action="roles.").result == []
    assert trail(token, target=actor.id).result == []
    assert trail(token, actor=actor.id, target=student.id).result == listed.result
    assert trail(token, **{"from": first["at"], "to": first["at"]}).result == [first]
    page = trail(token, limit="1")
    assert trail(token, limit="1", cursor=page.body["meta"]["next"]).result == listed.result[1:]
    assert trail(token, action="x", page="1").status == 400


def test_another_schools_trail_is_not_told(school, other_school):
    call("users", "PATCH", "/api/users/me", token=school.token("student"), json_body={"name": "x"})
    assert trail(other_school.token("administrator")).result == []
    assert trail(school.token("student")).status == 403


def test_the_trail_is_not_counted_so_its_answer_names_neither_a_page_nor_a_total(school):
    assert trail(school.token("administrator"), limit="5").body["meta"] == {
        "page": None,
        "limit": 5,
        "total": None,
        "next": None,
    }


def test_only_the_members_that_were_asked_for_are_told(school):
    token = school.token("administrator")
    call("users", "PATCH", "/api/users/me", token=token, json_body={"name": "x"})
    assert [list(each) for each in trail(token, fields="action,details").result] == [["action", "details"]]


def test_who_acted_and_is_no_more_is_not_told_but_by_an_id(school):
    admin, gone = school.token("administrator"), school.people["teacher"]
    call("users", "PATCH", "/api/users/me", token=school.token("teacher"), json_body={"name": "x"})
    assert [each["actor"]["id"] for each in trail(admin, actor=gone.id).result] == [gone.id]
    assert call("users", "DELETE", f"/api/users/{gone.id}", token=admin).status == 204
    assert [each["actor"] for each in trail(admin, actor=gone.id).result] == [None]


def test_a_question_to_a_long_trail_ends_and_leads_on_until_everything_was_found(school, monkeypatch):
    token = school.token("administrator")
    for number in range(9):
        who = school.people["teacher" if number in (0, 4, 5) else "student"]
        call("users", "PATCH", f"/api/users/{who.id}", token=token, json_body={"name": f"Nama {number}"})

    def two_at_a_time(send, operation, arguments):
        is_trail = operation == "Query" and "#AUDIT" in str(arguments)
        return send(operation, {**arguments, "Limit": 2} if is_trail else arguments)

    monkeypatch.setattr(service, "_MOST_QUERIES", 2)
    whole = trail(token, target=school.people["teacher"].id).result
    pages, asked = [], {"target": school.people["teacher"].id, "limit": "2"}
    with intercepted(two_at_a_time):
        while asked:
            page = trail(token, **asked)
            pages.append([each["id"] for each in page.result])
            following = page.body["meta"]["next"]
            asked = {**asked, "cursor": following} if following else None
    assert [each for page in pages for each in page] == [each["id"] for each in whole]
    assert [len(each) for each in pages] == [1, 1, 1]
