"""The tables as queries see them. The schema's authority is `migrations/`; a test holds the two together.

Times are microseconds since 1970 UTC. Ids are stable integers. `deleted_at` marks what lies in the trash.
"""

from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    PrimaryKeyConstraint,
    Row,
    Table,
    Text,
    UniqueConstraint,
    text,
)

AnyRow = Row[*tuple[Any, ...]]

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_name)s",
        "uq": "uq_%(table_name)s_%(column_0_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "pk": "pk_%(table_name)s",
    }
)


def _id() -> Column[int]:
    return Column("id", Integer, primary_key=True, autoincrement=True)


def _parent(name: str, target: str, *, required: bool = True, index: bool = False) -> Column[int]:
    return Column(name, Integer, ForeignKey(f"{target}.id", ondelete="CASCADE"), nullable=not required, index=index)


profiles = Table(
    "profiles",
    metadata,
    _id(),
    Column("name", Text, nullable=False),
    Column("created_at", BigInteger, nullable=False),
    Column("deleted_at", BigInteger),
    sqlite_autoincrement=True,
)

Table(
    "folders",
    metadata,
    _id(),
    _parent("profile_id", "profiles"),
    _parent("parent_id", "folders", required=False),
    Column("name", Text, nullable=False),
    Column("position", Integer, nullable=False, server_default="0"),
    Column("created_at", BigInteger, nullable=False),
    Column("deleted_at", BigInteger),
    sqlite_autoincrement=True,
)

conversations = Table(
    "conversations",
    metadata,
    _id(),
    _parent("profile_id", "profiles"),
    Column("folder_id", Integer, ForeignKey("folders.id", ondelete="SET NULL")),
    Column("title", Text, nullable=False),
    Column("service", Text),
    Column("model", Text),
    Column("pinned", Boolean, nullable=False, server_default="0"),
    Column("archived", Boolean, nullable=False, server_default="0"),
    # The last message of the path that is shown; no foreign key, because messages already point here.
    Column("leaf_id", Integer),
    # JSON: the models to ask where this conversation's own does not answer, in order.
    Column("fallbacks", Text, nullable=False, server_default="[]"),
    Column("created_at", BigInteger, nullable=False),
    Column("updated_at", BigInteger, nullable=False),
    Column("deleted_at", BigInteger),
    Index("ix_conversations_recent", "profile_id", "updated_at"),
    sqlite_autoincrement=True,
)

messages = Table(
    "messages",
    metadata,
    _id(),
    _parent("conversation_id", "conversations", index=True),
    _parent("parent_id", "messages", required=False, index=True),
    Column("role", Text, nullable=False),
    Column("author", Text, nullable=False, server_default=""),
    Column("text", Text, nullable=False, server_default=""),
    Column("reasoning", Text, nullable=False, server_default=""),
    Column("reasoning_s", Float),
    # One JSON object a line; see domain/request.py.
    Column("tool_calls", Text, nullable=False, server_default=""),
    # One sentence about how the reply came to be, such as which model stood in.
    Column("notice", Text, nullable=False, server_default=""),
    Column("status", Text, nullable=False),
    Column("finish_reason", Text),
    Column("problem", Text),
    Column("created_at", BigInteger, nullable=False),
    Column("deleted_at", BigInteger),
    CheckConstraint("(parent_id IS NULL) = (role = 'system')", name="root_is_system"),
    # Exactly one root per conversation: its system message, perhaps empty.
    Index("uq_messages_root", "conversation_id", unique=True, sqlite_where=text("parent_id IS NULL")),
    sqlite_autoincrement=True,
)

reply_pieces = Table(
    "reply_pieces",
    metadata,
    _id(),
    _parent("message_id", "messages", index=True),
    Column("channel", Text, nullable=False),
    Column("text", Text, nullable=False),
    sqlite_autoincrement=True,
)

turns = Table(
    "turns",
    metadata,
    _id(),
    _parent("conversation_id", "conversations", index=True),
    _parent("user_message_id", "messages", index=True),
    _parent("reply_id", "messages"),
    Column("token", Text, nullable=False),
    Column("service", Text, nullable=False),
    Column("model", Text, nullable=False),
    Column("options", Text, nullable=False, server_default="{}"),
    Column("state", Text, nullable=False),
    # The Parley process that runs the turn; see services/instance.py.
    Column("instance", Text, nullable=False),
    Column("created_at", BigInteger, nullable=False),
    Column("started_at", BigInteger),
    Column("ended_at", BigInteger),
    UniqueConstraint("token", name="uq_turns_token"),
    UniqueConstraint("reply_id", name="uq_turns_reply"),
    Index("ix_turns_state", "state"),
    sqlite_autoincrement=True,
)

attempts = Table(
    "attempts",
    metadata,
    _id(),
    _parent("turn_id", "turns", required=False, index=True),
    Column("number", Integer, nullable=False),
    Column("purpose", Text, nullable=False),
    Column("service", Text, nullable=False),
    Column("host", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("http_status", Integer),
    Column("error_kind", Text),
    Column("request_id", Text),
    Column("started_at", BigInteger, nullable=False, index=True),
    Column("connected_at", BigInteger),
    Column("first_byte_at", BigInteger),
    Column("first_token_at", BigInteger),
    Column("ended_at", BigInteger),
    Column("bytes_received", Integer),
    Column("input_tokens", Integer),
    Column("output_tokens", Integer),
    Column("cached_tokens", Integer),
    Column("reasoning_tokens", Integer),
    Column("cost_microdollars", BigInteger),
    sqlite_autoincrement=True,
)

# What an attempt sent, byte for byte, except that keys are masked; the body is compressed with zlib.
sent_requests = Table(
    "sent_requests",
    metadata,
    Column("attempt_id", Integer, ForeignKey("attempts.id", ondelete="CASCADE"), primary_key=True, autoincrement=False),
    Column("method", Text, nullable=False),
    Column("url", Text, nullable=False),
    Column("headers", Text, nullable=False),
    Column("body", LargeBinary, nullable=False),
)

Table(
    "attachments",
    metadata,
    _id(),
    _parent("message_id", "messages", index=True),
    Column("name", Text, nullable=False),
    Column("media_type", Text, nullable=False),
    Column("size", Integer, nullable=False),
    Column("sha256", Text, nullable=False),
    Column("content", LargeBinary),
    Column("created_at", BigInteger, nullable=False),
    sqlite_autoincrement=True,
)

Table(
    "tags",
    metadata,
    _id(),
    _parent("profile_id", "profiles"),
    Column("name", Text, nullable=False),
    UniqueConstraint("profile_id", "name", name="uq_tags_name"),
    sqlite_autoincrement=True,
)

Table(
    "conversation_tags",
    metadata,
    _parent("conversation_id", "conversations"),
    _parent("tag_id", "tags", index=True),
    PrimaryKeyConstraint("conversation_id", "tag_id"),
)

# A draft without conversation belongs to the new chat; NULLs may repeat in a unique key, so there are two.
drafts = Table(
    "drafts",
    metadata,
    _id(),
    _parent("profile_id", "profiles"),
    _parent("conversation_id", "conversations", required=False),
    Column("text", Text, nullable=False),
    Column("updated_at", BigInteger, nullable=False),
    Index("uq_drafts_conversation", "conversation_id", unique=True, sqlite_where=text("conversation_id IS NOT NULL")),
    Index("uq_drafts_new_chat", "profile_id", unique=True, sqlite_where=text("conversation_id IS NULL")),
    sqlite_autoincrement=True,
)

services = Table(
    "services",
    metadata,
    _id(),
    _parent("profile_id", "profiles"),
    Column("service", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("wire", Text, nullable=False),
    Column("base_url", Text, nullable=False),
    Column("needs_key", Boolean, nullable=False),
    Column("key_variables", Text, nullable=False, server_default="[]"),
    # JSON: what this service is told or allowed beyond the profile's own settings.
    Column("options", Text, nullable=False, server_default="{}"),
    UniqueConstraint("profile_id", "service", name="uq_services_service"),
    sqlite_autoincrement=True,
)

settings = Table(
    "settings",
    metadata,
    _parent("profile_id", "profiles"),
    Column("name", Text, nullable=False),
    Column("value", Text, nullable=False),
    PrimaryKeyConstraint("profile_id", "name"),
)
