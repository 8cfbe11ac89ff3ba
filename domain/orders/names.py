"""What the shop and the world around it call things by."""

from typing import NewType

OrderId = NewType("OrderId", str)
"""As it is printed on the receipt: `R-2025-104217`."""

CustomerId = NewType("CustomerId", str)
"""`C-48213`. Who that is, is another department's secret."""

Article = NewType("Article", str)
"""As it stands in the catalogue: `CRUNCHY-ARMCHAIR`."""

Country = NewType("Country", str)
"""Two letters of ISO 3166."""

CardToken = NewType("CardToken", str)
"""Stands for a card at whoever issued it. Its number never comes here."""
