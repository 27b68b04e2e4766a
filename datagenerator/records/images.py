"""Images of records as they go on: what is told of them at each step, and by which delivery."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from datagenerator.arguments import Arguments
from datagenerator.periods import known_in


def unfilled(rows: pd.DataFrame, columns: Sequence[str]) -> pd.DataFrame:
    """Return records as they are before some columns are filled."""
    return rows.drop(columns=list(columns)).join(rows[list(columns)].iloc[:0])


def told(steps: Sequence[pd.DataFrame], key: str, arguments: Arguments, deliveries: int) -> pd.DataFrame:
    """Return the images of records that go through `steps`, with the delivery that brings each as `_known`.

    Of the steps that fall into one delivery's period the last is told; `updated_at` says when each was
    written. Where the steps have `_known` already, no image comes before that delivery.
    """
    images = pd.concat([step.assign(_step=n) for n, step in enumerate(steps)], ignore_index=True)
    known = known_in(images["updated_at"], arguments, deliveries)
    images["_known"] = np.maximum(known, images["_known"]) if "_known" in images else known
    images = images[images["_known"] <= deliveries].sort_values([key, "_step"], kind="stable")
    last = images.drop_duplicates([key, "_known"], keep="last")
    return last.drop(columns="_step").reset_index(drop=True)
