"""Fitted predictions at run time: the artefact's file, its manifest, and one row predicted."""
