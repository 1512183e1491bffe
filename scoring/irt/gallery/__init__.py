"""Does the engine come to the figures of textbooks and of other programs? One page computes them all anew."""
