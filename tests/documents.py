"""Comparing what was sent with what is answered."""

from typing import Any


def filled(document: Any) -> Any:
    """The document without what is null or empty, at every depth: answers show what is absent, bodies leave it out."""
    if isinstance(document, dict):
        return {name: filled(value) for name, value in document.items() if value is not None and value != []}
    return [filled(each) for each in document] if isinstance(document, list) else document
