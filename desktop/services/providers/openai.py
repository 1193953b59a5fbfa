"""What the two wires of OpenAI share, and all that copy them: address, model list, embeddings."""

from collections.abc import Mapping

from desktop.domain.model import Model, ModelRef
from desktop.domain.service import Service
from desktop.services.providers import payload
from desktop.services.providers.embeddings import Vector, parse_vector_rows
from desktop.services.providers.envelope import Envelope
from desktop.services.providers.wire import Call

ENVELOPE = Envelope("v1")

# Under these names copies tell a model's context window; OpenAI itself does not.
_WINDOWS = ("context_length", "context_window", "max_context_length", "max_model_len", "max_input_tokens", "n_ctx")


def render_models_call(service: Service, key: str | None) -> Call:
    """`GET /v1/models`."""
    return ENVELOPE.get(service, key, "/models")


def parse_models(service: Service, body: bytes) -> tuple[Model, ...]:
    """The models of `/v1/models`, in the server's order; Together sends them as a bare list."""
    bare = payload.children({"data": payload.parse_any(body)}, "data")
    rows = bare or payload.rows(body, "data")
    named = ((payload.text(row, "id"), _window(row)) for row in rows)
    return tuple(Model(ModelRef(service.id, name), window) for name, window in named if name)


def render_embed_call(service: Service, model: str, texts: tuple[str, ...], key: str | None) -> Call:
    """`POST /v1/embeddings`."""
    return ENVELOPE.post(service, key, "/embeddings", {"model": model, "input": texts})


def parse_embeddings(body: bytes) -> tuple[Vector, ...]:
    """The vectors of `/v1/embeddings`, in the order of the texts."""
    rows = payload.rows(body, "data")
    return parse_vector_rows(sorted(rows, key=lambda row: payload.position(row, "index")), "embedding")


def _window(row: Mapping[str, object]) -> int | None:
    for source in (row, payload.child(row, "meta")):
        for name in _WINDOWS:
            if window := payload.count(source, name):
                return window
    return None
