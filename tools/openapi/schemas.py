"""JSON Schema (2020-12) of shapes and bodies, gathered as the document's components."""

from collections.abc import Collection
from typing import Any

from core.contract.shapes import Member, Shape
from core.contract.values import Value
from pydantic import BaseModel

_REF = "#/components/schemas/"


class Components:
    """The schemas that the document names, each made when it is first used."""

    def __init__(self) -> None:
        self.schemas: dict[str, dict[str, Any]] = {}
        self.examples: dict[str, dict[str, Any]] = {}
        self._made_of: dict[str, Shape | dict[str, Any]] = {}

    def _is_new(self, name: str, source: Shape | dict[str, Any]) -> bool:
        """Whether nothing has this name yet. It stands for one shape, or one schema of a body."""
        known = self._made_of.setdefault(name, source)
        assert known == source, f"Two schemas are called {name}: the document needs a name for each."
        return name not in self.schemas

    def example(self, name: str, value: Any) -> dict[str, Any]:
        """A reference to an example that several operations have."""
        self.examples[name] = {"value": value}
        return {"$ref": f"#/components/examples/{name}"}

    def of(self, what: Shape | Value) -> dict[str, Any]:
        """The schema of a shape, by reference, or of a kind of value."""
        return self.shape(what) if isinstance(what, Shape) else dict(what.schema)

    def shape(self, shape: Shape) -> dict[str, Any]:
        """A reference to a shape's schema, which refers to its parts."""
        if self._is_new(shape.name, shape):
            self.schemas[shape.name] = {}
            parts = [self._open(part) for part in shape.parts]
            of_parts = {name for part in shape.parts for name in part.names}
            own = self._object(shape, without=of_parts)
            described = {"description": shape.description} if shape.description else {}
            self.schemas[shape.name] = (
                {**described, "allOf": [*parts, own], "unevaluatedProperties": False}
                if parts
                else {**described, **own, "additionalProperties": False}
            )
        return {"$ref": _REF + shape.name}

    def _open(self, part: Shape) -> dict[str, Any]:
        """A reference to the schema of a part of shapes, which leaves room for their other members."""
        if self._is_new(part.name, part):
            self.schemas[part.name] = {"description": part.description, **self._object(part)}
        return {"$ref": _REF + part.name}

    def _object(self, shape: Shape, without: Collection[str] = ()) -> dict[str, Any]:
        properties = {each.name: self._member(each) for each in shape.members if each.name not in without}
        required = [name for name in properties if name not in shape.optional]
        return {"type": "object", "properties": properties, "required": required}

    def part(self, shape: Shape) -> dict[str, Any]:
        """An entry of a list: the shape, or what `fields` chose of it, or the tombstone of a deleted one."""
        self.shape(shape)
        name = f"{shape.name}Part"
        if self._is_new(name, shape):
            properties = self._object(shape)["properties"]
            sentence = f"What `fields` chose of a {shape.name}."
            if shape.has_tombstones:
                properties["deletedAt"] = {"type": "string", "format": "date-time"}
                sentence = f"What `fields` chose of a {shape.name}, or `id` and `deletedAt` of a deleted one."
            self.schemas[name] = {
                "type": "object",
                "description": sentence,
                "properties": properties,
                "additionalProperties": False,
            }
        return {"anyOf": [{"$ref": _REF + shape.name}, {"$ref": _REF + name}]}

    def body(self, model: type[BaseModel]) -> dict[str, Any]:
        """A reference to the schema of a body. A part of it may be called as a shape is, and is another schema."""
        schema = model.model_json_schema(ref_template=_REF + "{model}Body")
        parts = {f"{name}Body": part for name, part in schema.pop("$defs", {}).items()}
        for name, each in {**parts, model.__name__: schema}.items():
            if self._is_new(name, each):
                self.schemas[name] = each
        return {"$ref": _REF + model.__name__}

    def changes(self, model: type[BaseModel]) -> dict[str, Any]:
        """A reference to the schema of what a PATCH merges into what stands: a body of which no member is due."""
        whole = self.body(model)
        if "required" not in self.schemas[model.__name__]:
            return whole
        name = f"{model.__name__.removesuffix('Body')}Changes"
        schema = {word: each for word, each in self.schemas[model.__name__].items() if word != "required"}
        if self._is_new(name, schema):
            self.schemas[name] = {**schema, "title": name}
        return {"$ref": _REF + name}

    def _member(self, member: Member) -> dict[str, Any]:
        schema = self.of(member.value)
        if member.is_list:
            schema = {"type": "array", "items": schema}
        if member.nullable:
            schema = nullable(schema)
        if member.description:
            schema = {**schema, "description": member.description}
        if member.sensitive:
            schema = {**schema, "x-permission": "students:sensitive"}
        return schema


def any_of(schemas: list[dict[str, Any]]) -> dict[str, Any]:
    """The schema of what fits one of these."""
    return schemas[0] if len(schemas) == 1 else {"anyOf": schemas}


def nullable(schema: dict[str, Any]) -> dict[str, Any]:
    """The schema of such a value or null."""
    if "type" not in schema:
        return {"anyOf": [schema, {"type": "null"}]}
    more = {"enum": [*schema["enum"], None]} if "enum" in schema else {}
    return {**schema, "type": [schema["type"], "null"], **more}
