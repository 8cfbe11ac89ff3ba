"""The job funcs that keep the stock."""

from domain.orders import ReserveStock, ReturnStock, Stock


class ReserveStockFunc:
    """Sets aside what was ordered."""

    def __init__(self, stock: Stock) -> None:
        self._stock = stock

    async def __call__(self, job: ReserveStock) -> None:
        """Set all lines of one order aside."""
        await self._stock.set_aside(job.order_id, job.lines)


class ReturnStockFunc:
    """Puts back what is not sold after all."""

    def __init__(self, stock: Stock) -> None:
        self._stock = stock

    async def __call__(self, job: ReturnStock) -> None:
        """Put all lines of one order back."""
        await self._stock.put_back(job.order_id, job.lines)
