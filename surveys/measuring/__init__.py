"""What answers amount to, as numbers: estimates with their margins, changes, and drivers.

Pure: no database, no clock, no request. `surveys.measuring.terms` is light; the others load
numpy and scipy, which takes seconds: only whoever measures imports them (ADR 0017).
"""

from surveys.measuring.terms import Change, Driver, Drivers, Estimate, Finding, Verdict

__all__ = ["Change", "Driver", "Drivers", "Estimate", "Finding", "Verdict"]
