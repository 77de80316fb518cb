"""Supplies: what was observed, what was decided, and what the sources were asked."""

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY

from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

TIME = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "supply_observation",
        sa.Column("id", sa.BigInteger(), sa.Identity(), primary_key=True),
        sa.Column("asset", sa.String(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("time", TIME, nullable=False),
        *_figures(),
    )
    op.create_index("supply_observation_newest", "supply_observation", ["asset", "source", "time"])
    op.create_table(
        "supply_decision",
        sa.Column("id", sa.BigInteger(), sa.Identity(), primary_key=True),
        sa.Column("asset", sa.String(), nullable=False),
        sa.Column("decided", TIME, nullable=False),
        *_figures(),
        sa.Column("sources", ARRAY(sa.String()), nullable=False),
        sa.Column("time", TIME, nullable=True),
        sa.Column("suspect", sa.Boolean(), nullable=False),
    )
    op.create_index("supply_decision_newest", "supply_decision", ["asset", "decided"])
    op.create_table(
        "source_calls",
        sa.Column("source", sa.String(), primary_key=True),
        sa.Column("hour", TIME, primary_key=True),
        sa.Column("calls", sa.Integer(), nullable=False),
    )


def downgrade() -> None:
    for table in ("source_calls", "supply_decision", "supply_observation"):
        op.drop_table(table)


def _figures() -> list[sa.Column[float]]:
    return [
        sa.Column(name, sa.Float(), nullable=True) for name in ("circulating", "total", "maximum")
    ]
