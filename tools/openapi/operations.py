"""The declared operations of all functions, in the order of the template."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from core.contract.operations import Operation
from core.http.api import Api

from tests.gateway import function
from tools.sam_template import routes


@dataclass(frozen=True)
class Declaration:
    """An operation, and the function that it belongs to."""

    folder: str
    api: Api
    operation: Operation

    @property
    def key(self) -> str:
        """Method and path, as pages and tests name an operation."""
        return f"{self.operation.method} {self.operation.path}"

    @property
    def id(self) -> str:
        """`operationId`: the same name may stand in two functions."""
        return f"{self.folder}_{self.operation.name}"


def _declared() -> Iterator[Declaration]:
    for folder in dict.fromkeys(routes().values()):
        module = function(folder)
        for operation in module.api.operations:
            yield Declaration(folder, module.api, operation)


@cache
def declarations() -> tuple[Declaration, ...]:
    """Every declared operation."""
    return tuple(_declared())


@cache
def by_key() -> dict[str, Declaration]:
    """Every declared operation by method and path."""
    return {each.key: each for each in declarations()}
