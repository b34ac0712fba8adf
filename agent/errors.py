"""What can go wrong, divided by whose fault it is. Each message names the thing, the value and the remedy."""

from agent.model.usage import Usage


class PerfclaimsError(Exception):
    """The base of the family: whatever perfclaims raises on purpose."""


class InputError(PerfclaimsError):
    """The user's input cannot be used: a feed, a file, an option, a folder, a missing extra."""


class UsageError(InputError):
    """What was asked for makes no sense: an unknown suffix, options that exclude each other."""


class UnansweredError(PerfclaimsError):
    """There is no answer for one abstract; `usage` is what asking for it cost, if anything."""

    usage: Usage = Usage()


class ModelError(UnansweredError):
    """The model gave no usable answer for one abstract: refused, cut off, or not sound after all re-asks."""


class ServiceError(UnansweredError):
    """The service did not answer: a network fault, an overload, a page that is no answer."""


class ServiceRefused(ServiceError):
    """The service will answer no request of this run: wrong key, unknown model, spent quota."""
