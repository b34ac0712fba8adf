"""Records scored against annotated ones, compared with each other, and every difference shown in its sentence."""
