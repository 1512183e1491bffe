"""The one notice that goes upwards: a sitting was handed in or sealed. Sent after COMMIT.

It is a hurry-up only: whoever scores also looks for sittings by itself, so a lost signal loses nothing.
"""

from django.dispatch import Signal

sitting_handed_in = Signal()
