"""Which words and pictures do the pages of scoring need beyond the site's own?"""
