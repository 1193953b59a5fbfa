"""Where and who: one short declaration for each service that Parley knows by name; see docs/services.md."""

from desktop.domain.address import parse_address
from desktop.domain.service import Habits, Prefill, Service, Wire

_USUAL = Habits()


def _local(
    service_id: str,
    name: str,
    port: int,
    wire: Wire = Wire.CHAT_COMPLETIONS,
    *,
    prefills: bool = True,
    habits: Habits = _USUAL,
) -> Service:
    return Service(service_id, name, wire, parse_address(f"http://127.0.0.1:{port}"), prefills=prefills, habits=habits)


def _cloud(
    service_id: str,
    name: str,
    base_url: str,
    *key_variables: str,
    wire: Wire = Wire.CHAT_COMPLETIONS,
    prefills: bool = False,
    habits: Habits = _USUAL,
) -> Service:
    return Service(service_id, name, wire, parse_address(base_url), True, key_variables, prefills, habits)


GUIDE = Service("guide", "Parley guide", Wire.GUIDE)

LOCAL = (
    _local("ollama", "Ollama", 11434, Wire.OLLAMA),
    _local("lmstudio", "LM Studio", 1234, prefills=False),
    _local("llamacpp", "llama.cpp", 8080),
    _local("vllm", "vLLM", 8000, habits=Habits(prefill=Prefill.CONTINUE_FINAL)),
    _local("jan", "Jan", 1337),
)

CLOUD = (
    _cloud("openai", "OpenAI", "https://api.openai.com/v1", "OPENAI_API_KEY", wire=Wire.RESPONSES),
    _cloud("anthropic", "Anthropic", "https://api.anthropic.com", "ANTHROPIC_API_KEY", wire=Wire.ANTHROPIC),
    _cloud(
        "gemini",
        "Google Gemini",
        "https://generativelanguage.googleapis.com",
        "GEMINI_API_KEY",
        "GOOGLE_API_KEY",
        wire=Wire.GEMINI,
    ),
    _cloud("openrouter", "OpenRouter", "https://openrouter.ai/api/v1", "OPENROUTER_API_KEY"),
    _cloud(
        "mistral",
        "Mistral",
        "https://api.mistral.ai/v1",
        "MISTRAL_API_KEY",
        prefills=True,
        habits=Habits(prefill=Prefill.PREFIX),
    ),
    _cloud("deepseek", "DeepSeek", "https://api.deepseek.com/v1", "DEEPSEEK_API_KEY"),
    _cloud("xai", "xAI", "https://api.x.ai/v1", "XAI_API_KEY"),
    _cloud("groq", "Groq", "https://api.groq.com/openai/v1", "GROQ_API_KEY"),
    _cloud("together", "Together AI", "https://api.together.xyz/v1", "TOGETHER_API_KEY"),
    _cloud("fireworks", "Fireworks AI", "https://api.fireworks.ai/inference/v1", "FIREWORKS_API_KEY"),
    _cloud("cerebras", "Cerebras", "https://api.cerebras.ai/v1", "CEREBRAS_API_KEY"),
    _cloud(
        "perplexity",
        "Perplexity",
        "https://api.perplexity.ai",
        "PERPLEXITY_API_KEY",
        "PPLX_API_KEY",
        habits=Habits(versioned=False, models=("sonar", "sonar-pro", "sonar-reasoning-pro", "sonar-deep-research")),
    ),
    _cloud("cohere", "Cohere", "https://api.cohere.ai/compatibility/v1", "COHERE_API_KEY", "CO_API_KEY"),
    _cloud(
        "azure",
        "Azure OpenAI",
        "https://your-resource.openai.azure.com/openai/v1",
        "AZURE_OPENAI_API_KEY",
        habits=Habits(key_header="api-key", query="api-version=v1"),
    ),
    _cloud("ollamacloud", "Ollama Cloud", "https://ollama.com", "OLLAMA_API_KEY", wire=Wire.OLLAMA, prefills=True),
)

DECLARED = (*LOCAL, *CLOUD)
