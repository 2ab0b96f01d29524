"""mock-idp: a local stand-in for Microsoft Entra ID.

Your code says ``login.microsoftonline.com``; leave it that way. See ``docs/`` for the story and
``docs/architecture.md`` for the map of this package.
"""

__version__ = "0.1.0"
