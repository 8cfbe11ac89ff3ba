"""The example business: a shop for furniture with a mind of its own. Replace it with yours."""

from domain.orders.cards import CardDeclined, Cards, CardsUnavailable
from domain.orders.errors import InvalidOrder, OrderClosed, OrderError, OrderExists, OrderNotFound
from domain.orders.jobs import (
    CancelIfUnpaid,
    CheckFraud,
    CollectPayment,
    ReserveStock,
    ReturnStock,
    SendCancellation,
    SendReceipt,
)
from domain.orders.mail import Mail
from domain.orders.money import Money
from domain.orders.names import Article, CardToken, Country, CustomerId, OrderId
from domain.orders.order import CancelReason, Order, OrderState
from domain.orders.order_line import OrderLine
from domain.orders.orders import Orders
from domain.orders.payments import Payments
from domain.orders.stock import Stock

__all__ = [
    "Article",
    "CancelIfUnpaid",
    "CancelReason",
    "CardDeclined",
    "CardToken",
    "Cards",
    "CardsUnavailable",
    "CheckFraud",
    "CollectPayment",
    "Country",
    "CustomerId",
    "InvalidOrder",
    "Mail",
    "Money",
    "Order",
    "OrderClosed",
    "OrderError",
    "OrderExists",
    "OrderId",
    "OrderLine",
    "OrderNotFound",
    "OrderState",
    "Orders",
    "Payments",
    "ReserveStock",
    "ReturnStock",
    "SendCancellation",
    "SendReceipt",
    "Stock",
]
