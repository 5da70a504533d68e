"""Notifications: their message, and a module for each type of channel."""
