"""System checks of the settings. Each error names the variable, and never its value.

With DEBUG off, `defaults` refuses the embedded defaults, `values` what would fail for people, and `transport` what
would send secrets in clear. `services`, for `check --deploy` alone, tries what the settings name.
"""

from kumfa.checks import defaults, services, transport, values

__all__ = ["defaults", "services", "transport", "values"]
