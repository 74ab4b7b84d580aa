"""The desk's own ids of what became items: kept beside the chains, which partners may come to read."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "own_ids",
        sa.Column("item", sa.String(), primary_key=True),
        sa.Column("source", sa.String(), nullable=False),
    )


def downgrade() -> None:
    """Remove the table."""
    op.drop_table("own_ids")
