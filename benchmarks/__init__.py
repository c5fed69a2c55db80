"""Measurements as tables; each figure stands beside an alternative measured in the same run."""
