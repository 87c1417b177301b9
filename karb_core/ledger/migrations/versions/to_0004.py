"""Adds by which channel each notice is to be told. No row and no table that was there is touched: what was is not told again."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    op.create_table(
        "tellings",
        sa.Column("run_id", sa.Text, primary_key=True),
        sa.Column("notice", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("channel", sa.Text, primary_key=True),
        sa.Column("strategy", sa.Text, nullable=False),
        sa.Column("account", sa.Text, nullable=False),
        sa.Column("tries", sa.BigInteger, nullable=False),
        sa.Column("tried_at_ns", sa.BigInteger),
        sa.Column("under_way", sa.Text),
        sa.Column("ended", sa.Text),
        sa.Column("ended_at_ns", sa.BigInteger),
    )
