"""The vacancy form and the words of a vacancy, for contractors and for whoever completes a call."""
