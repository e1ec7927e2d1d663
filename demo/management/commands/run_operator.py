"""`manage.py run_operator`: runs the operator behind the demo's gateways."""

import time
from typing import Any

from django.core.management.base import BaseCommand

from demo.gateway import DemoGateway
from demo.operator import Operator
from mfa_sms import gateways

_TURN = 0.2  # seconds


class Command(BaseCommand):
    """Sends receipts until the process ends."""

    help = "Report to the portal what became of the messages of the demo's gateways."

    def handle(self, *args: Any, **options: Any) -> None:
        paths = {gateway.path for gateway in gateways.configured() if isinstance(gateway, DemoGateway)}
        operators = [Operator(path, time.time()) for path in sorted(paths)]
        while True:
            for operator in operators:
                operator.turn(time.time())
            time.sleep(_TURN)
