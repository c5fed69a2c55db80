"""Roads by which a message leaves: a mail server, or a folder where nothing really leaves.

A sender takes one message and either returns, which means that the other side took it over, or
raises one of the three faults of ``matcher.post.outgoing``. It knows nothing of the outbox.
"""
