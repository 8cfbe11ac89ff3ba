"""The job funcs that write to customers."""

from domain.orders import Mail, SendCancellation, SendReceipt


class SendReceiptFunc:
    """Writes receipts."""

    def __init__(self, mail: Mail) -> None:
        self._mail = mail

    async def __call__(self, job: SendReceipt) -> None:
        """Send one."""
        await self._mail.send_receipt(job.order_id, job.total)


class SendCancellationFunc:
    """Writes that an order was cancelled."""

    def __init__(self, mail: Mail) -> None:
        self._mail = mail

    async def __call__(self, job: SendCancellation) -> None:
        """Send one letter."""
        await self._mail.send_cancellation(job.order_id, job.reason)
