"""perfclaims: paper abstracts in, checked records of their performance claims out."""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from agent.door import summarize, summarize_many

__all__ = ["summarize", "summarize_many"]


def __getattr__(name: str) -> Any:
    if name in __all__:
        from agent import door

        return getattr(door, name)
    raise AttributeError(f"module 'agent' has no attribute {name!r}")
