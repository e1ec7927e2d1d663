"""`manage.py sms_status`: shows the gateways, the queue, and the last hour's messages."""

from datetime import timedelta
from typing import Any

from django.core.management.base import BaseCommand
from django.db.models import Count, Min
from django.utils import timezone

from mfa_sms import gateways
from mfa_sms.models import GatewayState, TextMessage


class Command(BaseCommand):
    """Prints neither numbers nor names."""

    help = "Show the gateways, the queue, and what became of the last hour's messages."

    def handle(self, *args: Any, **options: Any) -> None:
        self._gateways()
        self._queue()
        self._last_hour()

    def _gateways(self) -> None:
        states = {state.gateway: state for state in GatewayState.objects.all()}
        self.stdout.write("Gateways, in the order in which they are tried")
        for gateway in gateways.configured():
            state = states.get(gateway.slug)
            said = "in service"
            if state is not None and state.out_of_service:
                since = f"{timezone.localtime(state.changed_at):%H:%M:%S}: {state.why}"
                said = f"circuit open since {since}" if state.disabled_by_id is None else f"disabled since {since}"
            self.stdout.write(f"  {gateway.slug:<16} {said}")

    def _queue(self) -> None:
        waiting = TextMessage.objects.filter(status__in=["queued", "sending"])
        found = waiting.aggregate(count=Count("pk"), oldest=Min("created_at"))
        age = f", the oldest for {(timezone.now() - found['oldest']).total_seconds():.0f} s" if found["oldest"] else ""
        self.stdout.write(f"Waiting: {found['count']}{age}")

    def _last_hour(self) -> None:
        recent = TextMessage.objects.filter(created_at__gt=timezone.now() - timedelta(hours=1)).exclude(number="")
        self.stdout.write("The last hour")
        for row in recent.values("gateway", "status").annotate(count=Count("pk")).order_by("gateway", "status"):
            self.stdout.write(f"  {row['gateway'] or '-':<16} {row['status']:<14} {row['count']}")
