"""Adds when each order was durable and when it left us. No row and no table that was there is touched."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    op.create_table(
        "sendings",
        sa.Column("run_id", sa.Text, primary_key=True),
        sa.Column("ordinal", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("strategy", sa.Text, nullable=False),
        sa.Column("account", sa.Text, nullable=False),
        sa.Column("order_id", sa.Text, nullable=False),
        sa.Column("durable_at_ns", sa.BigInteger, nullable=False),
        sa.Column("at_ns", sa.BigInteger, nullable=False),
        sa.UniqueConstraint("account", "order_id"),
    )
