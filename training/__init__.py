"""Where learned predictions will have to earn their place; the service runs on rules alone."""
