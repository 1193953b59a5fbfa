"""What is sent, tool calls, continued replies and fallbacks"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Apply this revision. Only adds: no table is rebuilt, so that no child row can be lost."""
    op.add_column("messages", sa.Column("tool_calls", sa.Text(), server_default="", nullable=False))
    op.add_column("messages", sa.Column("notice", sa.Text(), server_default="", nullable=False))
    op.add_column("conversations", sa.Column("fallbacks", sa.Text(), server_default="[]", nullable=False))
    op.add_column("services", sa.Column("options", sa.Text(), server_default="{}", nullable=False))
    op.create_table(
        "sent_requests",
        sa.Column("attempt_id", sa.Integer(), nullable=False),
        sa.Column("method", sa.Text(), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("headers", sa.Text(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["attempt_id"], ["attempts.id"], name=op.f("fk_sent_requests_attempt_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("attempt_id", name=op.f("pk_sent_requests")),
    )
    op.create_index(op.f("ix_attempts_started_at"), "attempts", ["started_at"])
