"""The classes of a grade, of whatever year: a student's grade is that of the class."""

from core.classes.models import classes_of
from core.kernel.lists import Source, attribute, entries


def class_ids_of(organization_id: str, grade: int) -> frozenset[str]:
    """The ids of the classes of a grade."""
    chosen = attribute("filters", "grade") == grade
    source = Source(classes_of(organization_id), "names", filter_condition=chosen)
    return frozenset(source.id_of(each) for each in entries(source, None))
