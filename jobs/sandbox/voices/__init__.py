"""How each simulated venue speaks; one file a venue, and VOICES is the table."""

from jobs.sandbox.voice import Voice
from jobs.sandbox.voices.coinbase import COINBASE

VOICES: dict[str, Voice] = {voice.name: voice for voice in (COINBASE,)}
