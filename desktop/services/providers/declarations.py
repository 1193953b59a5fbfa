"""Where and who: one short declaration for each service that Parley knows by name."""

from desktop.domain.address import parse_address
from desktop.domain.service import Service, Wire


def _local(service_id: str, name: str, port: int, wire: Wire = Wire.CHAT_COMPLETIONS) -> Service:
    return Service(service_id, name, wire, parse_address(f"http://127.0.0.1:{port}"))


def _cloud(service_id: str, name: str, base_url: str, *key_variables: str) -> Service:
    address = parse_address(base_url)
    return Service(service_id, name, Wire.CHAT_COMPLETIONS, address, needs_key=True, key_variables=key_variables)


GUIDE = Service("guide", "Parley guide", Wire.GUIDE)

LOCAL = (
    _local("ollama", "Ollama", 11434, Wire.OLLAMA),
    _local("lmstudio", "LM Studio", 1234),
    _local("llamacpp", "llama.cpp", 8080),
    _local("vllm", "vLLM", 8000),
    _local("jan", "Jan", 1337),
)

CLOUD = (
    _cloud("openai", "OpenAI", "https://api.openai.com/v1", "OPENAI_API_KEY"),
    _cloud("openrouter", "OpenRouter", "https://openrouter.ai/api/v1", "OPENROUTER_API_KEY"),
    _cloud("mistral", "Mistral", "https://api.mistral.ai/v1", "MISTRAL_API_KEY"),
    _cloud("deepseek", "DeepSeek", "https://api.deepseek.com/v1", "DEEPSEEK_API_KEY"),
    _cloud("xai", "xAI", "https://api.x.ai/v1", "XAI_API_KEY"),
    _cloud("groq", "Groq", "https://api.groq.com/openai/v1", "GROQ_API_KEY"),
)

DECLARED = (*LOCAL, *CLOUD)
