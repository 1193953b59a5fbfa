"""The services that Parley knows by name."""

import pytest

from desktop.domain.address import Reach
from desktop.domain.service import Prefill, Service, Wire
from desktop.services.providers.declarations import CLOUD, DECLARED, GUIDE, LOCAL
from desktop.services.providers.protocols import anthropic, chat_completions, gemini, ollama, responses
from desktop.services.providers.wire import WireProtocol
from tests.services.providers.protocols.reading import call

PROTOCOLS: dict[Wire, WireProtocol] = {
    Wire.OLLAMA: ollama,
    Wire.CHAT_COMPLETIONS: chat_completions,
    Wire.RESPONSES: responses,
    Wire.ANTHROPIC: anthropic,
    Wire.GEMINI: gemini,
}


def test_each_service_has_a_name_of_its_own() -> None:
    everyone = (GUIDE, *DECLARED)
    assert len({one.id for one in everyone}) == len({one.name for one in everyone}) == len(everyone)


def test_a_cloud_service_is_asked_with_a_key_and_over_tls_only() -> None:
    for service in CLOUD:
        assert (service.reach, service.needs_key) == (Reach.CLOUD, True)
        assert service.address is not None
        assert service.address.scheme == "https"
        assert service.key_variables


def test_a_local_service_is_on_a_port_of_its_own_and_without_a_key() -> None:
    assert {(service.reach, service.needs_key, service.key_variables) for service in LOCAL} == {
        (Reach.LOCAL, False, ())
    }
    assert len({service.address for service in LOCAL}) == len(LOCAL)


def declared(service_id: str) -> Service:
    return next(one for one in DECLARED if one.id == service_id)


@pytest.mark.parametrize(
    ("service_id", "url", "key_header"),
    [
        ("openai", "https://api.openai.com/v1/responses", "Authorization"),
        ("anthropic", "https://api.anthropic.com/v1/messages", "x-api-key"),
        (
            "gemini",
            "https://generativelanguage.googleapis.com/v1beta/models/m:streamGenerateContent?alt=sse",
            "x-goog-api-key",
        ),
        ("openrouter", "https://openrouter.ai/api/v1/chat/completions", "Authorization"),
        ("mistral", "https://api.mistral.ai/v1/chat/completions", "Authorization"),
        ("deepseek", "https://api.deepseek.com/v1/chat/completions", "Authorization"),
        ("xai", "https://api.x.ai/v1/chat/completions", "Authorization"),
        ("groq", "https://api.groq.com/openai/v1/chat/completions", "Authorization"),
        ("together", "https://api.together.xyz/v1/chat/completions", "Authorization"),
        ("fireworks", "https://api.fireworks.ai/inference/v1/chat/completions", "Authorization"),
        ("cerebras", "https://api.cerebras.ai/v1/chat/completions", "Authorization"),
        ("perplexity", "https://api.perplexity.ai/chat/completions", "Authorization"),
        ("cohere", "https://api.cohere.ai/compatibility/v1/chat/completions", "Authorization"),
        (
            "azure",
            "https://your-resource.openai.azure.com/openai/v1/chat/completions?api-version=v1",
            "api-key",
        ),
        ("ollamacloud", "https://ollama.com/api/chat", "Authorization"),
        ("ollama", "http://127.0.0.1:11434/api/chat", "Authorization"),
        ("llamacpp", "http://127.0.0.1:8080/v1/chat/completions", "Authorization"),
    ],
)
def test_a_declaration_is_all_that_a_call_needs(service_id: str, url: str, key_header: str) -> None:
    service = declared(service_id)
    made = call(PROTOCOLS[service.wire], service)
    assert made.url == url
    assert made.headers[key_header] == ("Bearer sk-secret" if key_header == "Authorization" else "sk-secret")
    assert sum("sk-secret" in value for value in made.headers.values()) == 1


def test_who_goes_on_with_a_reply_says_how() -> None:
    assert {one.id for one in DECLARED if one.prefills} == {
        "ollama",
        "ollamacloud",
        "llamacpp",
        "vllm",
        "jan",
        "mistral",
    }
    assert all(one.prefills for one in DECLARED if one.habits.prefill is not Prefill.UNSAID)
