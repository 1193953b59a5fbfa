"""Models: which services are set up, which models they offer, and who answers for them."""

import asyncio
from dataclasses import replace

from desktop.domain.address import Reach
from desktop.domain.attempt import Purpose
from desktop.domain.errors import ModelNotFound, ProviderError
from desktop.domain.model import Model, ModelRef, ServiceModels
from desktop.domain.secrets import KeySource
from desktop.domain.service import Service, Wire
from desktop.domain.settings import limited
from desktop.services.providers.declarations import DECLARED, GUIDE
from desktop.services.providers.exchange import Ticket
from desktop.services.providers.guide import Guide
from desktop.services.providers.http import Http
from desktop.services.providers.http_provider import LIST_S, HttpProvider, Patience
from desktop.services.providers.protocols import anthropic, chat_completions, gemini, ollama, responses
from desktop.services.providers.provider import Provider
from desktop.services.providers.wire import WireProtocol
from desktop.services.secrets import SecretStore
from desktop.services.settings import SettingsService
from desktop.services.store.services import ServiceStore

_PROTOCOLS: dict[Wire, WireProtocol] = {
    Wire.OLLAMA: ollama,
    Wire.CHAT_COMPLETIONS: chat_completions,
    Wire.RESPONSES: responses,
    Wire.ANTHROPIC: anthropic,
    Wire.GEMINI: gemini,
}


class ModelService:
    """Knows every service that is set up, and finds the provider for a model."""

    def __init__(
        self, store: ServiceStore, secrets: SecretStore, settings: SettingsService, http: Http, guide: Guide
    ) -> None:
        self._store = store
        self._secrets = secrets
        self._settings = settings
        self._http = http
        self._guide = guide
        self._adopted: dict[str, Service] = {}
        self._patience: Patience | None = None

    async def services(self) -> tuple[Service, ...]:
        """All services that are set up, the guide first."""
        own = (*self._adopted.values(), *await self._store.list())
        return (GUIDE, *map(_with_declared_habits, own))

    async def declared(self) -> tuple[Service, ...]:
        """The services Parley knows by name."""
        return DECLARED

    async def list(self) -> tuple[ServiceModels, ...]:
        """The models of all services, asked at the same time."""
        return tuple(await asyncio.gather(*(self._list(service) for service in await self.services())))

    async def test(self, service: Service, key: str | None, purpose: Purpose = Purpose.TEST) -> tuple[Model, ...]:
        """Try a service as it stands, with a key or else the one it already has; a stored key goes to no other host.

        Raises:
            ProviderError: it does not work; the sentence says why.
        """
        if key is None and not await self._changes_hands(service):
            key = await self._secrets.find(service)
        return await _models(service, await self._provider(service, key), purpose)

    async def save_service(self, service: Service) -> None:
        """Set up a service, or change it; its key stays unless the address changed hands."""
        if await self._changes_hands(service):
            await self._secrets.delete_key(service.id)
        await self._store.save(service)

    async def remove_service(self, service_id: str) -> None:
        """Forget a service and its key."""
        await self._secrets.delete_key(service_id)
        await self._store.delete(service_id)

    def adopt(self, service: Service) -> None:
        """Know a service for this session only."""
        self._adopted[service.id] = service

    def limit_silence(self, seconds: float) -> None:
        """Let no service stay silent longer than this, in this session."""
        self._patience = Patience(seconds, seconds)

    async def default_model(self) -> ModelRef:
        """The model that answers a new chat."""
        settings = await self._settings.load()
        return ModelRef(settings.default_service, settings.default_model)

    async def service_of(self, model: ModelRef) -> Service:
        """The service that runs a model.

        Raises:
            ModelNotFound: it is not set up any more.
        """
        for service in await self.services():
            if service.id == model.service_id:
                return service
        raise ModelNotFound(f"The service that ran {model.name} is not set up here. Choose another model.")

    async def reach_of(self, model: ModelRef) -> Reach:
        """How far what is sent to a model travels; a server on this computer may pass it on to somebody else's.

        Raises:
            ProviderError: it is not set up, or the server does not tell.
        """
        service = await self.service_of(model)
        if service.wire is Wire.OLLAMA and (await self.detail(model)).remote_host:
            return Reach.CLOUD
        return service.reach

    async def provider_of(self, service: Service) -> Provider:
        """Who answers for a service."""
        return await self._provider(service, await self._secrets.find(service))

    async def detail(self, model: ModelRef) -> Model:
        """What is known of a model: its context window and capabilities, where its service tells them.

        Raises:
            ProviderError: the service does not answer or has no such model.
        """
        service = await self.service_of(model)
        if service.wire is Wire.OLLAMA:
            call = ollama.render_show_call(service, model.name, await self._secrets.find(service))
            ticket = Ticket(Purpose.MODELS, service.id)
            body = await self._http.fetch(service.name, call, ticket, timeout_s=LIST_S)
            return ollama.parse_show(service, model.name, body)
        offered = await _models(service, await self.provider_of(service), Purpose.MODELS)
        return next((one for one in offered if one.ref == model), Model(model))

    async def key_source(self, service_id: str) -> KeySource | None:
        """Where the key of a service that is set up or declared comes from."""
        for service in (*await self.services(), *DECLARED):
            if service.id == service_id:
                return await self._secrets.source(service)
        return None

    async def _changes_hands(self, service: Service) -> bool:
        """Whether a service would move to another origin than the one its key was given for."""
        for known in (*await self._store.list(), *DECLARED):
            if known.id == service.id and known.address and service.address:
                return known.address.origin != service.address.origin
        return False

    async def _list(self, service: Service) -> ServiceModels:
        try:
            models = await _models(service, await self.provider_of(service), Purpose.MODELS)
        except ProviderError as error:
            return ServiceModels(service, problem=error.problem)
        return ServiceModels(service, models)

    async def _provider(self, service: Service, key: str | None) -> Provider:
        if service.wire is Wire.GUIDE:
            return self._guide
        settings = limited(await self._settings.load(), service.limits)
        usual = Patience.usual(service.reach, settings.request_timeout_s, settings.total_timeout_s)
        asked = _with_declared_habits(service)
        return HttpProvider(asked, _PROTOCOLS[service.wire], self._http, key, self._patience or usual)


def _with_declared_habits(service: Service) -> Service:
    """A service that Parley knows by name has the habits that are declared today, whenever it was set up."""
    for known in DECLARED:
        if (known.id, known.wire) == (service.id, service.wire):
            return replace(service, prefills=known.prefills, habits=known.habits)
    return replace(service, prefills=True) if service.wire is Wire.OLLAMA else service


async def _models(service: Service, provider: Provider, purpose: Purpose) -> tuple[Model, ...]:
    """What a service offers; some list nothing, and their models are known."""
    known = _with_declared_habits(service).habits.models
    if not known:
        return await provider.models(purpose)
    provider.check()
    return tuple(Model(ModelRef(service.id, name)) for name in known)
