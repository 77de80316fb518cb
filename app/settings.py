"""Settings of both processes, read once from the environment."""

from pathlib import Path
from typing import Literal

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

Source = Literal["live", "replay", "sandbox", "auto"]


class Settings(BaseSettings):
    """Everything an operator can set; each field is `MARKETCAP_<NAME>` in the environment."""

    model_config = SettingsConfigDict(env_prefix="MARKETCAP_", frozen=True, extra="ignore")

    host: str = "127.0.0.1"
    """Address the web process listens on."""
    port: int = Field(default=8000, ge=1, le=65535)
    """The one port for pages, API and sockets."""
    data_dir: Path = Path(".data")
    """Where embedded stores and logs live; one folder a source below it."""
    source: Source = "auto"
    """Where prices come from."""
    captures: Path | None = None
    """Folder of recorded captures; needed by the replay source."""
    date: str = ""
    """Recorded date to replay, YYYY-MM-DD; empty picks the one with the most venues."""
    replay_speed: float = Field(default=1.0, gt=0, le=1000)
    """Recorded seconds per real second."""
    assets: int = Field(default=2000, ge=10, le=12000)
    """How many assets the sandbox lists."""
    sandbox_url: str = ""
    """Where the sandbox answers; set by the launcher."""
    sandbox_rate: float = Field(default=1500.0, gt=0, le=100_000)
    """Price updates a second over all simulated venues."""
    database_url: str = Field(default="", validation_alias="DATABASE_URL")
    """PostgreSQL; empty starts the embedded one."""
    redis_url: str = Field(default="", validation_alias="REDIS_URL")
    """Redis or Valkey; empty starts the embedded one."""
    publish_every: float = Field(default=0.25, ge=0.05, le=60)
    """Seconds between two publish cycles."""
    origins: str = ""
    """Further origins whose browsers may open the state websocket, comma-separated."""
    public_url: str = ""
    """The address people use, for canonical links; empty means http://host:port."""
    trusted_proxies: str = ""
    """Addresses of our own proxies, comma-separated; only their X-Forwarded-For is believed."""
    references: str = "coingecko,coinpaprika"
    """Reference sources that prices and supplies are compared with; empty asks nobody."""
    coingecko_key: SecretStr = SecretStr("")
    """Demo key for CoinGecko; empty asks without one."""
