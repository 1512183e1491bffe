"""Independent solutions of the items, one per item, against which their keys are checked."""
