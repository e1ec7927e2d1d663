"""Every page, mail, text message, problem and state, each once, from fixtures."""

from functools import cache

from words.samples import messages, pages, problems, states
from words.samples.base import Sample


@cache
def sections() -> dict[str, tuple[Sample, ...]]:
    """Return the samples by section, in the order in which people meet them."""
    return {
        "pages": tuple(pages.samples()),
        "problems": tuple(problems.samples()),
        "mails": tuple(messages.mails()),
        "sms": tuple(messages.text_messages()),
        "states": tuple(states.samples()),
    }


__all__ = ["Sample", "sections"]
