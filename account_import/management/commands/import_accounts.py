"""`manage.py import_accounts FILE.csv`: import accounts from the university's registers."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser, no_translations

from account_import import plan, report, rows, writing
from account_import.records import BadFile

_BAR_WIDTH = 40


class Command(BaseCommand):
    """Creates, changes, reactivates and deactivates accounts. If a row is bad, nothing is applied."""

    help = (
        "Import accounts from a CSV file (UTF-8; comma or semicolon) with the columns "
        f"{', '.join(rows.Column)}. All of it is applied, or nothing. An account that is in the file is active "
        "afterwards. Accounts that are not in the file are left alone, unless --deactivate-missing is given. "
        "Staff accounts (who may use the admin) are never deactivated by an import: they are listed, and a person "
        "deactivates them."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, metavar="FILE.csv")
        parser.add_argument("--dry-run", action="store_true", help="Print what would change and apply nothing.")
        parser.add_argument(
            "--deactivate-missing",
            action="store_true",
            help="Deactivate active accounts, but for staff accounts, that are not in the file, and end their "
            f"sessions. Refused for more than {settings.IMPORT_MISSING_PERCENT_MAX} %% of the active accounts.",
        )
        parser.add_argument(
            "--force",
            action="store_true",
            help=f"Let --deactivate-missing deactivate more than {settings.IMPORT_MISSING_PERCENT_MAX} %%.",
        )

    @no_translations
    def handle(
        self, *args: Any, file: Path, dry_run: bool, deactivate_missing: bool, force: bool, **options: Any
    ) -> None:
        try:
            wanted = rows.read_rows(file, self._progress)
            if dry_run:
                self._rehearse(wanted, deactivate_missing=deactivate_missing, force=force)
            else:
                done = writing.apply(wanted, self._progress, deactivate_missing=deactivate_missing, force=force)
                self._print(done, names=False)
        except BadFile as error:
            count = len(error.problems)
            raise CommandError(
                f"{file}: {count} bad {'line' if count == 1 else 'lines'}. Nothing was applied.\n{error}"
            ) from None
        except OSError as error:
            raise CommandError(f"{file}: {error.strerror}. Nothing was applied.") from None
        except (plan.TooManyMissing, writing.ChangedMeanwhile) as error:
            raise CommandError(f"{error} Nothing was applied.") from error

    def _rehearse(self, wanted: dict[str, rows.AccountRow], *, deactivate_missing: bool, force: bool) -> None:
        planned = plan.make_plan(wanted, deactivate_missing=deactivate_missing)
        self._print(planned, names=True)
        self.stdout.write("Dry run: nothing was applied.")
        if not force:
            planned.refuse_mass_deactivation()

    def _print(self, what: plan.Plan, *, names: bool) -> None:
        for line in report.report_lines(what, names=names):
            self.stdout.write(line)

    def _progress(self, step: str, done: int, total: int) -> None:
        if not self.stderr.isatty() or not total:
            return
        bar = "#" * (_BAR_WIDTH * done // total)
        end = "\n" if done == total else ""
        self.stderr.write(f"\r{step} [{bar:<{_BAR_WIDTH}}] {100 * done // total:3} %", style_func=str, ending=end)
