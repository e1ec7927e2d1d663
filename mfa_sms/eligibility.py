"""Who may use SMS (guide, R1)."""

from accounts.models import Account


def may_use_sms(account: Account) -> bool:
    """Whether the account is a student's and nothing more; who is also employed counts as an employee."""
    return account.is_student and not account.is_employee and not account.is_staff
