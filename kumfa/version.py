"""The version of the portal. A release changes it, names it in CHANGELOG.md, and is tagged `v` and the version."""

VERSION = "1.0.0.dev0"
