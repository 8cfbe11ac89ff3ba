"""Typed jobs to JSON and back, with pydantic. The domain classes know nothing of it."""

from adapters.payloads.pydantic_payloads import PydanticPayloads

__all__ = ["PydanticPayloads"]
