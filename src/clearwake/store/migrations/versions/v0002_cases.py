"""Cases: the entries of chains, the heads kept of them, and how many decisions each case has."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables."""
    moment = sa.DateTime(timezone=True)
    op.create_table(
        "chain_entries",
        sa.Column("chain", sa.String(32), primary_key=True),
        sa.Column("number", sa.BigInteger(), primary_key=True, autoincrement=False),
        sa.Column("previous", sa.String(64), nullable=False),
        sa.Column("commitment", sa.String(64), nullable=False),
        sa.Column("hash", sa.String(64), nullable=False),
        sa.Column("case", sa.String()),
        sa.Column("salt", sa.String(64)),
        sa.Column("body", sa.Text()),
        sa.Column("at", moment),
        sa.Column("known_at", moment, nullable=False),
    )
    op.create_index("chain_entries_case", "chain_entries", ["case"])
    op.create_table(
        "heads",
        sa.Column("chain", sa.String(32), primary_key=True),
        sa.Column("entries", sa.BigInteger(), primary_key=True, autoincrement=False),
        sa.Column("signature", sa.String(128), primary_key=True),
        sa.Column("hash", sa.String(64), nullable=False),
        sa.Column("signed_at", moment, nullable=False),
        sa.Column("public_key", sa.String(64), nullable=False),
        sa.Column("known_at", moment, nullable=False),
    )
    op.create_table(
        "case_versions",
        sa.Column("case", sa.String(), primary_key=True),
        sa.Column("version", sa.BigInteger(), nullable=False),
    )


def downgrade() -> None:
    """Remove the tables."""
    for table in ("case_versions", "heads", "chain_entries"):
        op.drop_table(table)
