"""The jobs of the shop, and what they fail with."""

from dataclasses import dataclass
from typing import ClassVar

from application.jobs.job_store import ErrorReport


@dataclass(frozen=True)
class SendReceipt:
    """Mail a receipt."""

    job_type: ClassVar[str] = "shop.letters.SendReceipt"
    order: str
    recipient: str
    amount: str
    api_token: str


@dataclass(frozen=True)
class CollectPayment:
    """Charge a card."""

    job_type: ClassVar[str] = "shop.payment.CollectPayment"
    order: str
    amount: str
    currency: str
    card: dict[str, str]


@dataclass(frozen=True)
class ReserveStock:
    """Put pieces of an article aside."""

    job_type: ClassVar[str] = "shop.stock.ReserveStock"
    article: str
    pieces: int


@dataclass(frozen=True)
class RenderReport:
    """Draw a report, which takes its time."""

    job_type: ClassVar[str] = "shop.reports.monthly.RenderReport"
    month: str
    regions: list[str]


@dataclass(frozen=True)
class ImportCatalogue:
    """Read the catalogue of a supplier."""

    job_type: ClassVar[str] = "shop.catalogue.ImportCatalogue"
    supplier: str
    url: str


JOB_CLASSES = (SendReceipt, CollectPayment, ReserveStock, RenderReport, ImportCatalogue)


def _failure(error: str, *frames: tuple[str, str, str]) -> ErrorReport:
    lines = [f'  File "{place}, in {name}\n    {code}\n' for place, name, code in frames]
    return ErrorReport(error, f"Traceback (most recent call last):\n{''.join(lines)}{error}\n")


CARD_DECLINED = _failure(
    "CardDeclined: the issuer declined the card, code 51",
    ('/app/shop/payment.py", line 41', "__call__", "await self._cards.charge(job.card, job.amount)"),
    ('/app/shop/bank.py", line 88', "charge", 'raise CardDeclined(answer["code"])'),
)
BANK_SILENT = _failure(
    "TimeoutError: the bank did not answer within 7 s",
    ('/app/shop/payment.py", line 41', "__call__", "await self._cards.charge(job.card, job.amount)"),
    ('/app/shop/bank.py", line 84', "charge", "answer = await self._post(body, timeout=7)"),
)
MAIL_SERVER_SILENT = _failure(
    "ConnectionError: the mail server did not answer within 5 s",
    ('/app/shop/letters.py", line 19', "__call__", "await self._mail.send(letter)"),
)
NO_SUCH_MAILBOX = _failure(
    "MailboxUnknown: 550 5.1.1 no such mailbox",
    ('/app/shop/letters.py", line 19', "__call__", "await self._mail.send(letter)"),
)
OUT_OF_MEMORY = _failure(
    "MemoryError: the report of 4 regions needs more than 512 MB",
    ('/app/shop/reports/monthly.py", line 133', "render", "rows = list(self._orders.of(job.month))"),
)
