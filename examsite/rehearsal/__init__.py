"""Whole journeys of many pupils against a real server, judged by a ledger: `manage.py rehearse`."""
