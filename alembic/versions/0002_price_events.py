"""The ledger of price events, to which rows can only be added."""

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

INCIDENT = (
    "(kind IN ('breaker_tripped', 'breaker_released', 'xcheck') OR kind = 'flags'"
    " AND (detail ->> 'raised') || ' ' || (detail ->> 'cleared')"
    " ~ '\\m(disputed|xcheck_fail)\\M')"
)


def upgrade() -> None:
    op.create_table(
        "price_event",
        sa.Column("sequence", sa.BigInteger(), primary_key=True, autoincrement=False),
        sa.Column("time", sa.DateTime(timezone=True), nullable=False),
        *(
            sa.Column(name, sa.String(), nullable=False)
            for name in ("kind", "asset", "venue", "symbol", "old", "new", "reason")
        ),
        sa.Column("detail", JSONB(), nullable=False),
        sa.Column("previous_hash", sa.String(), nullable=False),
        sa.Column("hash", sa.String(), nullable=False),
    )
    op.create_index("price_event_asset", "price_event", ["asset", "sequence"])
    op.create_index("price_event_kind", "price_event", ["kind", "sequence"])
    op.create_index("price_event_asset_kind", "price_event", ["asset", "kind", "sequence"])
    op.create_index(
        "price_event_incident", "price_event", ["sequence"], postgresql_where=sa.text(INCIDENT)
    )
    op.execute(
        "CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
        " RAISE EXCEPTION 'price_event is append-only: a correction is a new row';"
        " END $$"
    )
    # For each statement, because TRUNCATE has no rows, and because none of them needs to match.
    op.execute(
        "CREATE TRIGGER price_event_append_only BEFORE UPDATE OR DELETE OR TRUNCATE"
        " ON price_event FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
    )


def downgrade() -> None:
    op.drop_table("price_event")
    op.execute("DROP FUNCTION refuse_change")
