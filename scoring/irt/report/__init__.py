"""How does a calibration look on one page that needs nothing but itself?"""
