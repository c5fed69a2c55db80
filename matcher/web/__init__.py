"""Pages for people: Dutch and English, whole without scripts and better with them.

Each area (account, contractor, talent centre, coach) is a package with its views, its forms and
what turns records into words; templates stand in ``templates/`` under the same name, the parts
they share in ``templates/components``.
"""

from __future__ import annotations

from matcher.web.app import init_app

__all__ = ["init_app"]
