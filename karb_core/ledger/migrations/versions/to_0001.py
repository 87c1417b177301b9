"""The first version: karb 0.1.0 made such ledgers whole, and nothing is carried on to it."""

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Nothing: where the steps begin."""
