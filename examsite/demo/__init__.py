"""A world to try everything in: invented pupils, whose simulated responses went through the journal."""
