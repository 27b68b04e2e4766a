"""Where patients went: the codes of discharge that measures ask for (UB-04, patient discharge status)."""

DIED = "20"
LEFT_AGAINST_ADVICE = "07"
