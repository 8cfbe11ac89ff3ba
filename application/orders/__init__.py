"""What the shop does: its use cases, and its work in the background."""

from application.orders.cancel_if_unpaid import CancelIfUnpaidFunc
from application.orders.cancel_order import CancelOrder
from application.orders.check_fraud import CheckFraudFunc
from application.orders.collect_payment import CollectPaymentFunc
from application.orders.letters import SendCancellationFunc, SendReceiptFunc
from application.orders.place_order import PlaceOrder
from application.orders.stock_keeping import ReserveStockFunc, ReturnStockFunc

__all__ = [
    "CancelIfUnpaidFunc",
    "CancelOrder",
    "CheckFraudFunc",
    "CollectPaymentFunc",
    "PlaceOrder",
    "ReserveStockFunc",
    "ReturnStockFunc",
    "SendCancellationFunc",
    "SendReceiptFunc",
]
