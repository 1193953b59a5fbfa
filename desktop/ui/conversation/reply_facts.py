"""The footer's words: what is known about how a reply was made."""

from desktop.domain.message import Message, MessageStatus, ReplyFacts

_STATUS = {MessageStatus.STOPPED: "Stopped", MessageStatus.INTERRUPTED: "Interrupted"}
_CUT = frozenset({"length", "max_tokens"})


def facts_text(facts: ReplyFacts) -> str:
    """Time to first token, rate, tokens and cost; what nobody reported is unknown."""
    parts = []
    if facts.first_token_s is not None:
        parts.append(f"{facts.first_token_s:.1f} s to first token")
    if facts.tokens_per_second is not None:
        parts.append(f"{facts.tokens_per_second:,.0f} tok/s")
    tokens = facts.usage.output_tokens if facts.usage else None
    parts.append("tokens unknown" if tokens is None else f"{tokens:,} tokens")
    parts.append("free" if facts.free else "cost unknown")
    return " · ".join(parts)


def ending_text(message: Message) -> str:
    """One quiet line where a reply did not end by itself; empty where it did, and where a card tells why."""
    if message.status in _STATUS:
        return (
            ""
            if message.problem is not None and message.status is MessageStatus.INTERRUPTED
            else _STATUS[message.status]
        )
    return "Cut at the length limit" if is_cut(message) else ""


def is_cut(message: Message) -> bool:
    """Whether the service ended a reply because it had grown too long."""
    return message.status is MessageStatus.COMPLETE and message.finish_reason in _CUT


def thought_text(message: Message) -> str:
    """One line for folded thinking."""
    if message.reasoning_s is None:
        return "Thinking" if message.status is MessageStatus.PENDING else "Thought"
    seconds = max(1, round(message.reasoning_s))
    return f"Thought for {seconds} second{'s' if seconds > 1 else ''}"
