"""Learned predictions: see issue F; the service runs on rules alone until one is promoted."""
