"""Fraud that a few providers commit beside honest work, one module a scheme.

| scheme | what is billed |
|---|---|
| `upcoding` | a dearer code, more units or a higher price than the care supports |
| `unbundling` | one service as several part claims of the same day |
| `phantom_billing` | visits that never were, some while the patient lay in a hospital elsewhere |
| `duplicate_billing` | a paid service again, a little changed, under a new number |
| `impossible_day` | more hours than a day has, by one provider |
| `kickback_referral` | needless tests of healthy patients, sent by a ring to its supplier |
"""

UPCODING = "upcoding"
UNBUNDLING = "unbundling"
PHANTOM = "phantom_billing"
DUPLICATE = "duplicate_billing"
IMPOSSIBLE_DAY = "impossible_day"
KICKBACK = "kickback_referral"
SCHEMES = (UPCODING, UNBUNDLING, PHANTOM, DUPLICATE, IMPOSSIBLE_DAY, KICKBACK)
