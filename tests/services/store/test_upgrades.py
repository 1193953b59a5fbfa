"""Every schema that may be met is upgraded, and nothing that was stored is lost on the way."""

from pathlib import Path

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, create_engine, text

from desktop.services.store.schema import KNOWN, MIGRATIONS
from desktop.services.suite import DATABASE, open_services

pytestmark = pytest.mark.anyio

SCRIPT = """
INSERT INTO profiles VALUES (1, 'Personal', 0, NULL);
INSERT INTO conversations (id, profile_id, title, leaf_id, created_at, updated_at) VALUES (1, 1, 'Old', 3, 0, 0);
INSERT INTO messages (id, conversation_id, parent_id, role, text, status, created_at) VALUES
  (1, 1, NULL, 'system', '', 'complete', 0),
  (2, 1, 1, 'user', 'Are you still there?', 'complete', 0),
  (3, 1, 2, 'assistant', 'Yes. 🙂', 'complete', 0)
"""


def make(path: Path, revision: str) -> None:
    """A database as a Parley of that revision left it."""
    engine = create_engine(f"sqlite:///{path}")
    with engine.begin() as connection:
        _upgrade(connection, revision)
        for statement in SCRIPT.split(";"):
            connection.execute(text(statement))
    engine.dispose()


def _upgrade(connection: Connection, revision: str) -> None:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["connection"] = connection
    command.upgrade(config, revision)


@pytest.mark.parametrize("revision", KNOWN)
async def test_what_was_stored_is_there_after_an_upgrade(data_dir: Path, revision: str) -> None:
    make(data_dir / DATABASE, revision)
    services = await open_services(data_dir, {})
    (conversation,) = await services.conversations.list()
    messages = await services.conversations.messages(conversation.id)
    await services.close()
    assert (conversation.title, [m.text for m in messages]) == ("Old", ["Are you still there?", "Yes. 🙂"])
