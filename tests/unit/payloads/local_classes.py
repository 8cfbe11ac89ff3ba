"""Jobs whose classes live in functions, with annotations that are strings."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID


def own_name_in_an_annotation() -> Any:
    """Return a job whose class refers to itself and to a name of this module."""

    @dataclass
    class SendReceipt:
        order_id: UUID
        after: SendReceipt | None = None

    order_id = UUID("0198c1f0-7d3a-7c44-9d1e-5b1f8a2c6e01")
    return SendReceipt(order_id, SendReceipt(order_id))


def name_of_a_neighbour_in_an_annotation() -> Any:
    """Return a job whose class refers to another of this function."""

    @dataclass
    class Neighbour:
        sku: str

    @dataclass
    class SendReceipt:
        line: Neighbour

    return SendReceipt(Neighbour("CRUNCHY-ARMCHAIR"))
