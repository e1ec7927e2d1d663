"""Simulated attacks, one file for each attacker. In each the owner signs in while the attack goes on.

A test states in numbers what the attacker reached. The limits come from the settings and from `limits.catalogue`.
"""
