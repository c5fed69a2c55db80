"""The rules of readiness, fit and trajectories: plain Python and numpy, no framework, no clock."""
