"""The example business in memory. Replace it with yours."""

from adapters.memory.orders.cards import SandboxCards
from adapters.memory.orders.mail import InMemoryMail, Letter
from adapters.memory.orders.orders import InMemoryOrders
from adapters.memory.orders.payments import InMemoryPayments, Payment
from adapters.memory.orders.stock import InMemoryStock, StockMovement

__all__ = [
    "InMemoryMail",
    "InMemoryOrders",
    "InMemoryPayments",
    "InMemoryStock",
    "Letter",
    "Payment",
    "SandboxCards",
    "StockMovement",
]
