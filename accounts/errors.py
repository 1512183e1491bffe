"""What can be wrong with a person's access, said without telling more than they may know."""


class AccessDenied(Exception):
    """The person may not see this object; edges answer 404 so that ids cannot be probed."""
