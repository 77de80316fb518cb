"""A database that the product has filled."""

import pytest

from app.settings import Settings
from app.store.database import Database
from app.store.registry import save_registry
from tests.operator.desk import NOW, REGISTRY


@pytest.fixture
async def settings(database: Database, migrated: str) -> Settings:
    """A database that knows the registry."""
    async with database.connection() as connection:
        await save_registry(connection, REGISTRY, now=NOW)
    return Settings.model_validate({"DATABASE_URL": migrated})
