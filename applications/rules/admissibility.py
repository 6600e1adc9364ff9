"""What recevabilité asks of the rules beyond the thresholds: a corrected count, the age of a legalisation, who sits on the board."""

from datetime import date
from typing import NamedTuple

from applications.rules.eligibility import enough_companies
from applications.rules.facts import Terms
from applications.rules.membership import Counted


class BoardShare(NamedTuple):
    """T6, an indicator without a threshold: seats of the board held by representatives of companies."""

    companies: int
    seats: int


def recounted(verdict, companies: int):
    """The verdict on the share of companies (T2), judged again with the number DPTC counted among the same engaged members.

    Raises ValueError when there are more companies than members, or fewer than none.
    """
    _companies, engaged, least = verdict.figures
    if not 0 <= companies <= engaged:
        raise ValueError(f"{companies} companies among {engaged} members")
    terms = Terms(min_qualifying_percent=least, qualifying_severity=verdict.severity)
    return enough_companies(Counted(engaged=engaged, qualifying=companies, duplicates=()), terms)


def is_old(legalised: date, received: date, months: int) -> bool:
    """Was the legalisation done more than `months` before the day of the deposit? The same day of the month still counts."""
    whole = (received.year - legalised.year) * 12 + received.month - legalised.month
    return whole > months or (whole == months and received.day > legalised.day)


def board_share(board: list) -> BoardShare | None:
    """T6 from the rows of the board's table; None when it is empty."""
    return BoardShare(sum(bool(row["from_company"]) for row in board), len(board)) if board else None
