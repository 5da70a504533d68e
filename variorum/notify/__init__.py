"""Notifications: the channels and their messages."""
