"""The matrix as a page to read: docs/authorization.md."""

from collections.abc import Iterable
from itertools import groupby

from core.kernel.policy import SYSTEM_ROLES
from core.roles.schemas import SENTENCES

from tools.authorization.operations import RULES, declared_of, folder_of
from tools.authorization.rules import RELATIONS, Outcome, Permissions, Relation, Target, lacking, meeting, needed
from tools.sam_template import ROOT, routes

PAGE = ROOT / "docs/authorization.md"
_ROLES = tuple(SYSTEM_ROLES.values())
_SHOWN = tuple(each for each in Relation if each is not Relation.NONE)
_INTRODUCTION = """\
# Who may do what

Written by `make authorization` from `core/kernel/policy.py`, from what each route declares, and from the rules in
`tools/authorization`; don't edit it here. `tests/functions/test_authorization.py` tries every cell of it: each role, a
role with only the permissions that an operation needs, and one with all but one of them, on each operation, with a
target in each relation (acceptance A1).

## The rules

- Whoever is not signed in gets 401 from every operation that is not public, whatever else the request says.
- Whoever lacks a permission gets 403 before anything is looked up, so the answer is the same whether the target is
  there or not. Permissions come from roles; an account may do what its roles grant together.
- What belongs to another school, is deleted, or was never there is 404, and the three answers are alike but for ids.
  It is 404 before it could be 403, so that a 403 reveals nothing.
- An account that may do something the caller may not is stronger: 403. The same ceiling holds for what a role grants.
- One's own account can't be closed or deleted by oneself: 409. Neither can a system role be changed.
- Another email address of an account that has a password needs `users:password`: whoever reads the mails to it can set
  the password. Nobody gives the own account another one by a session alone: 403 `own_account`.
- Nobody sets the own password without the old one, whatever the role and whatever the door: 403 `own_account`.
- An API token acts as its maker in Unleash's operations alone, and there neither at its maker's password nor at making
  further tokens: 403.
- The policy knows no relation between a teacher and a class or its students: what is related is another's.
- Whoever must change the password gets 403 everywhere but where the session is read or ended and the password changed.
- An import is 404 for whoever may import people, but not people of its kind; and one that was begun by somebody who
  sees what is sensitive, for whoever does not.
- A person named in a body who is not there is a mistake in the body: 400.
- In operations on many, each row of the answer has an outcome of its own. A stronger account is refused in its row.
"""
_LEGEND = """\
## The operations

The first table of each group says who may. *allowed*: whoever has the role. *own*: only about oneself. 401, 403, 404:
nobody with the role. An operation may need several permissions. The second table says what a caller who may do it meets
at what the request names; - where nothing can stand in that relation.
"""


def page() -> str:
    """The whole page."""
    in_order = sorted(RULES, key=lambda operation: list(dict.fromkeys(routes().values())).index(folder_of(operation)))
    groups = [_group(folder, list(operations)) for folder, operations in groupby(in_order, folder_of)]
    return "\n".join([_INTRODUCTION, _permissions(), _LEGEND, *groups])


def _table(head: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    head = list(head)
    lines = [head, ["---"] * len(head), *rows]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def _permissions() -> str:
    rows = (
        [f"`{each}`", sentence, *("yes" if each in role.permissions else "" for role in _ROLES)]
        for each, sentence in SENTENCES.items()
    )
    head = ("Permission", "Lets somebody", *(role.name for role in _ROLES))
    return "## What the system roles grant\n\n" + _table(head, rows)


def _group(folder: str, operations: list[str]) -> str:
    head = ("Operation", "Needs", "not signed in", *(role.name for role in _ROLES))
    text = f"### {folder.capitalize()}\n\n" + _table(head, (_who(each) for each in operations))
    naming = [each for each in operations if RULES[each].target is not Target.NOTHING]
    if naming:
        text += "\n" + _table(("Operation", "Names", *_SHOWN), (_at_whom(each) for each in naming))
    return text


def _who(operation: str) -> list[str]:
    held: list[Permissions | None] = [None, *(role.permissions for role in _ROLES)]
    needs = ", ".join(f"`{each}`" for each in sorted(needed(RULES[operation], declared_of(operation))))
    return [f"`{operation}`", needs, *(_cell(operation, each) for each in held)]


def _cell(operation: str, held: Permissions | None) -> str:
    rule, declared = RULES[operation], declared_of(operation)
    wanting = lacking(rule, declared, held)
    if wanting is None:
        return "own" if rule.own and not needed(rule, declared) else Outcome.ALLOWED
    return "own" if rule.own and held is not None else wanting


def _at_whom(operation: str) -> list[str]:
    rule = RULES[operation]
    outcomes = (
        meeting(rule, each, is_stronger=each is Relation.STRONGER) if each in RELATIONS[rule.target] else "-"
        for each in _SHOWN
    )
    return [f"`{operation}`", rule.target, *outcomes]
