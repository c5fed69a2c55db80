"""Why somebody takes a step with a learned prediction."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from matcher.services.artefact_steps import WHY_MAXIMUM
from matcher.web.forms import MatcherForm, Required, longest
from matcher.web.free_text import FreeTextField


class StepForm(MatcherForm):
    """Why; it stands in the registry with the name of who took the step."""

    why = FreeTextField(_l("Waarom?"), [Required(_l("Schrijf op waarom.")), longest(WHY_MAXIMUM)])
