"""Small tables with their sources, which users know as `equipoise.datasets`."""

from equipoise.data.datasets.tables import breast_cancer, diabetes, horseshoe_crabs, three_rows

__all__ = ["breast_cancer", "diabetes", "horseshoe_crabs", "three_rows"]
