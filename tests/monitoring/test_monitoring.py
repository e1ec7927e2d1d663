"""The alert rules fire when they should, name metrics that exist, and each has an entry in the runbook."""

import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest
import yaml
from prometheus_client.parser import text_string_to_metric_families

from common.metrics import render_metrics
from kumfa.settings import BASE_DIR

FOLDER = BASE_DIR / "docs" / "monitoring"
RULES = [rule for group in yaml.safe_load((FOLDER / "alerts.yml").read_text())["groups"] for rule in group["rules"]]
METRIC = re.compile(r"\bkumfa_[a-z_]+\b")
# Only a broker that counts tells these.
OF_THE_BROKER = {"kumfa_queue_messages", "kumfa_queue_workers"}


@pytest.mark.skipif(shutil.which("promtool") is None, reason="no promtool (Debian: prometheus)")
def test_the_alerts_fire_when_they_should_and_not_before() -> None:
    tests = Path(__file__).with_name("alerts.test.yml")
    done = subprocess.run(["promtool", "test", "rules", str(tests)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_each_alert_has_an_entry_in_the_runbook() -> None:
    text = (BASE_DIR / "docs/operators/runbook.md").read_text(encoding="utf-8")
    assert re.findall(r"^## (\w+)$", text, re.MULTILINE) == [rule["alert"] for rule in RULES]
    for rule in RULES:
        assert rule["annotations"]["runbook_url"].endswith(f"docs/operators/runbook.md#{rule['alert'].lower()}")


@pytest.mark.django_db
def test_alerts_and_dashboard_name_metrics_that_exist() -> None:
    families = list(text_string_to_metric_families(render_metrics().decode()))
    suffixes = {"counter": ["_total"], "histogram": ["_bucket", "_sum", "_count"]}
    known = {f"{family.name}{end}" for family in families for end in suffixes.get(family.type, [""])} | OF_THE_BROKER
    known.add("kumfa_event_last_seal_timestamp_seconds")  # from the first seal on
    used = {name for rule in RULES for name in METRIC.findall(rule["expr"])}
    dashboard = json.loads((FOLDER / "dashboard.json").read_text())
    used |= {name for panel in dashboard["panels"] for name in METRIC.findall(panel["targets"][0]["expr"])}
    assert used - known == set()
