"""The first tables: receipts, parts, retired parts and settings."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables."""
    number = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    moment = sa.DateTime(timezone=True)
    op.create_table(
        "receipts",
        sa.Column("number", sa.BigInteger(), primary_key=True, autoincrement=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("origin", sa.String(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("size_bytes", sa.BigInteger(), nullable=False),
        sa.Column("received_at", moment, nullable=False),
        sa.Column("known_at", moment, nullable=False),
        sa.Column("licence", sa.String()),
        sa.Column("marking", sa.String()),
        sa.UniqueConstraint("sha256", "source", name="receipts_sha256_source"),
    )
    op.create_table(
        "parts",
        sa.Column("number", number, primary_key=True, autoincrement=True),
        sa.Column("table", sa.String(), nullable=False),
        sa.Column("day", sa.Date()),
        sa.Column("path", sa.String(), nullable=False, unique=True),
        sa.Column("rows", sa.BigInteger(), nullable=False),
        sa.Column("first_time", moment),
        sa.Column("last_time", moment),
        sqlite_autoincrement=True,
    )
    op.create_index("parts_table_day", "parts", ["table", "day"])
    op.create_table(
        "retired",
        sa.Column("path", sa.String(), primary_key=True),
        sa.Column("retired_at", moment, nullable=False),
    )
    op.create_table(
        "settings",
        sa.Column("key", sa.String(), primary_key=True),
        sa.Column("value", sa.JSON()),
    )


def downgrade() -> None:
    """Remove the tables."""
    for table in ("settings", "retired", "parts", "receipts"):
        op.drop_table(table)
