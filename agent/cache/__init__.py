"""The cache: answers that were paid for, on disk, as JSON text, under a key of all that can change them."""

from agent.cache.entry import Entry, line_of, tail_of
from agent.cache.folder import cache_folder
from agent.cache.key import Parts, key_of, parts_of
from agent.cache.misses import Miss
from agent.cache.store import Cache
from agent.cache.upkeep import Cleared, Holdings, Soundness, cache_check, cache_clear, cache_info
from agent.cache.versions import checks_digest

__all__ = [
    "Cache",
    "Cleared",
    "Entry",
    "Holdings",
    "Miss",
    "Parts",
    "Soundness",
    "cache_check",
    "cache_clear",
    "cache_folder",
    "cache_info",
    "checks_digest",
    "key_of",
    "line_of",
    "parts_of",
    "tail_of",
]
