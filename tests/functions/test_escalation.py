"""Acceptance A6: of random edits of roles by random people, none gives anybody more than the one who did it holds."""

import os
import random

import pytest
from school.errors import CoreError
from school.policy import ADMINISTRATOR, Permission
from school.roles import members, service
from school.sessions.service import caller_behind
from school.users import service as users

EDITS = int(os.environ.get("ROLE_EDITS", "40"))


@pytest.mark.proof
def test_a6_no_random_edit_of_roles_raises_anybody_above_the_editor(school, monkeypatch):
    monkeypatch.setattr(members, "_AT_ONCE", 1)
    chance, head = random.Random(6), caller_behind(school.people["administrator"])
    ids = [user.id for user in school.people.values()]
    roles = [service.create_role(head, {"name": "Kunci", "permissions": ["roles:write", "users:read"]}).id]
    members.add(head, roles[0], [school.people["teacher"].id, school.people["staff"].id])
    done = 0

    def held():
        return {each: caller_behind(users.find(school.id, each)).permissions for each in ids}

    for number in range(EDITS):
        before = held()
        editor = caller_behind(users.find(school.id, chance.choice(ids)))
        if Permission.ROLES_WRITE not in editor.permissions:
            continue
        permissions = [str(each) for each in chance.sample(list(Permission), chance.randint(0, 4))]
        try:
            match chance.randrange(4):
                case 0:
                    made = service.create_role(editor, {"name": f"Peran {number}", "permissions": permissions})
                    roles.append(made.id)
                case 1:
                    service.update_role(editor, chance.choice(roles), {"permissions": permissions}, None)
                case 2:
                    members.add(editor, chance.choice([*roles, ADMINISTRATOR.id]), chance.sample(ids, 2))
                case _:
                    members.remove(editor, chance.choice(roles), chance.sample(ids, 2))
            done += 1
        except CoreError:
            continue
        for user_id, now in held().items():
            assert now - before[user_id] <= editor.permissions
        assert held()[editor.user_id] <= before[editor.user_id]
    assert done > EDITS / 20
