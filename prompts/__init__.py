"""What the model is told: one folder of text files for each version. Imports nothing else of the project."""

from prompts.prompt import LATEST, Prompt, load, versions
from prompts.tokens import estimate_tokens

__all__ = ["LATEST", "Prompt", "estimate_tokens", "load", "versions"]
