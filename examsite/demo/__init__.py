"""A world to try everything in: invented schools and pupils, whose simulated responses went through the journal."""
