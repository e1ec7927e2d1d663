#!/usr/bin/env python
"""Django's command line for this project."""

import os
import sys

from django.core.exceptions import ImproperlyConfigured
from django.core.management import execute_from_command_line

from kumfa.version import VERSION

# These commands write code and texts, never data, so they need no settings of a deployment.
_FOR_DEVELOPERS = ("makemigrations", "makemessages")


def main() -> None:
    """Run the command named on the command line. If a setting cannot be used, say which one in one sentence."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kumfa.settings")
    if sys.argv[1:] == ["--version"]:
        print(VERSION)
        return
    if len(sys.argv) > 1 and sys.argv[1] in _FOR_DEVELOPERS:
        os.environ.setdefault("DEBUG", "1")
    try:
        execute_from_command_line(sys.argv)
    except ImproperlyConfigured as error:
        sys.exit(str(error))


if __name__ == "__main__":
    main()
