"""Assets, markets and partitioned candles."""

import sqlalchemy as sa

from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

TIME = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "asset",
        sa.Column("number", sa.Integer(), primary_key=True, autoincrement=False),
        sa.Column("id", sa.String(), nullable=False, unique=True),
        sa.Column("symbol", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("tier", sa.SmallInteger(), nullable=False),
        sa.Column("category", sa.String(), nullable=False),
        sa.Column("platform", sa.String(), nullable=False),
        sa.Column("address", sa.String(), nullable=False),
        sa.Column("circulating", sa.Float(), nullable=True),
        sa.Column("total", sa.Float(), nullable=True),
        sa.Column("maximum", sa.Float(), nullable=True),
        sa.Column("supply_source", sa.String(), nullable=False),
        sa.Column("logo", sa.String(), nullable=False),
    )
    op.create_table(
        "market",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("venue", sa.String(), nullable=False),
        sa.Column("operator", sa.String(), nullable=False),
        sa.Column("symbol", sa.String(), nullable=False),
        sa.Column("base", sa.String(), nullable=False),
        sa.Column("quote", sa.String(), nullable=False),
        sa.Column("multiplier", sa.Float(), nullable=False),
        sa.Column("approved", sa.Boolean(), nullable=False),
        sa.Column("pinned", sa.Boolean(), nullable=False),
        sa.Column("restricted", sa.Boolean(), nullable=False),
        sa.Column("valid_from", TIME, nullable=False),
        sa.Column("valid_to", TIME, nullable=True),
    )
    op.create_index(
        "market_current",
        "market",
        ["venue", "symbol"],
        unique=True,
        postgresql_where=sa.text("valid_to IS NULL"),
    )
    for interval in ("1m", "1h"):
        op.create_table(
            f"candle_{interval}",
            sa.Column("time", TIME, nullable=False),
            sa.Column("asset", sa.Integer(), nullable=False),
            *(
                sa.Column(name, sa.Float(), nullable=False)
                for name in ("open", "high", "low", "close", "volume")
            ),
            sa.Column("source", sa.String(), nullable=False),
            sa.PrimaryKeyConstraint("asset", "time"),
            postgresql_partition_by="RANGE (time)",
        )


def downgrade() -> None:
    for table in ("candle_1h", "candle_1m", "market", "asset"):
        op.drop_table(table)
