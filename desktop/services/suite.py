"""The services of one profile, open together and closed together."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from desktop.paths import resource
from desktop.services.breaker import Breaker
from desktop.services.connections import ConnectionService
from desktop.services.conversations import ConversationService
from desktop.services.discovery import DiscoveryService
from desktop.services.feed import Feed
from desktop.services.instance import Instance
from desktop.services.log import Log
from desktop.services.models import ModelService
from desktop.services.providers.guide import Guide
from desktop.services.providers.http import Http
from desktop.services.providers.ledger import Ledger
from desktop.services.replies import LiveReplies
from desktop.services.secrets import SecretStore
from desktop.services.settings import SettingsService
from desktop.services.slots import Slots
from desktop.services.store.attempts import AttemptStore
from desktop.services.store.conversations import ConversationStore
from desktop.services.store.database import Database
from desktop.services.store.drafts import DraftStore
from desktop.services.store.messages import MessageStore
from desktop.services.store.profiles import ProfileStore
from desktop.services.store.queue import QueueStore
from desktop.services.store.services import ServiceStore
from desktop.services.store.settings import SettingsStore
from desktop.services.store.turns import TurnStore
from desktop.services.turn_share import TurnShare, TurnStores
from desktop.services.turns import TurnService
from desktop.services.windows import Windows

DATABASE = "parley.db"
INSTANCES = "instances"


@dataclass(frozen=True, slots=True)
class Services:
    """Every use-case object; what they need of the outside is closed with them."""

    feed: Feed
    conversations: ConversationService
    turns: TurnService
    models: ModelService
    discovery: DiscoveryService
    settings: SettingsService
    secrets: SecretStore
    guide: Guide
    database: Database
    http: Http
    connections: ConnectionService
    instance: Instance

    async def close(self) -> None:
        """End in order: running turns are interrupted and stored, then connections, then the database."""
        await self.turns.close()
        await self.http.close()
        await self.database.close()
        self.instance.close()


async def open_services(data_dir: Path, environment: Mapping[str, str], log: Log | None = None) -> Services:
    """Open the services over a data directory, and end the turns that a crash left running.

    Args:
        data_dir: where everything is kept; made when missing.
        environment: the process environment.
        log: told the chosen level, and each key, so that none is written down.

    Raises:
        StoreError: the data directory or the database cannot be used; nothing was changed.
    """
    database = Database(data_dir / DATABASE)
    await database.open()
    try:
        return await _compose(database, data_dir, environment, log or Log())
    except BaseException:
        await database.close()
        raise


async def _compose(database: Database, data_dir: Path, environment: Mapping[str, str], log: Log) -> Services:
    feed, guide, replies = Feed(), Guide(resource("manual")), LiveReplies()
    instance = Instance(data_dir / INSTANCES)
    profile_id = await ProfileStore(database).first()
    secrets = SecretStore(profile_id, environment, log.redactor.remember)
    settings = SettingsService(SettingsStore(database, profile_id), feed, log.apply)
    attempts = AttemptStore(database)
    http = Http(Ledger(attempts), settings.load, log.redactor)
    models = ModelService(ServiceStore(database, profile_id), secrets, settings, http, guide)
    kept = ConversationStore(database, profile_id)
    messages = MessageStore(database)
    stores = TurnStores(TurnStore(database, instance.id), QueueStore(database, instance.id), attempts, messages)
    share = TurnShare(stores, models, Windows(models), Slots(), Breaker(), feed)
    turns = TurnService(share, kept, settings, replies, instance)
    await attempts.sweep(instance.is_alive)
    await turns.look_after()
    return Services(
        feed=feed,
        conversations=ConversationService(kept, messages, DraftStore(database, profile_id), models, replies, feed),
        turns=turns,
        models=models,
        discovery=DiscoveryService(models, secrets, environment),
        settings=settings,
        secrets=secrets,
        guide=guide,
        database=database,
        http=http,
        connections=ConnectionService(attempts),
        instance=instance,
    )
