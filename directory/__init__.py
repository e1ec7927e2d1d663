"""The university's directory (LDAP or Active Directory): it checks passwords, and its people become accounts."""
