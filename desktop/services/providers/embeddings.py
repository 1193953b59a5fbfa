"""Embeddings: texts as rows of numbers.

Wires that offer them have `render_embed_call(service, model, texts, key) -> Call` and
`parse_embeddings(body) -> tuple[Vector, ...]`, in the order of the texts.
"""

from collections.abc import Iterable, Mapping

from desktop.domain.errors import BadReply
from desktop.services.providers import payload

Vector = tuple[float, ...]


def parse_vectors(rows: Iterable[object]) -> tuple[Vector, ...]:
    """Vectors out of lists of numbers.

    Raises:
        BadReply: one is something else, or they differ in length.
    """
    vectors = tuple(_vector(row) for row in rows)
    if len({len(vector) for vector in vectors}) > 1:
        raise BadReply("The service sent embeddings of different lengths.")
    return vectors


def parse_vector_rows(rows: Iterable[Mapping[str, object]], name: str) -> tuple[Vector, ...]:
    """Vectors that lie under a name in objects. Raises BadReply, see parse_vectors."""
    return parse_vectors(row.get(name) for row in rows)


def _vector(value: object) -> Vector:
    if not isinstance(value, list) or not value or not all(isinstance(one, int | float) for one in value):
        raise BadReply("The service sent an embedding that is no list of numbers.", payload.shown(str(value)))
    return tuple(float(one) for one in value)
