"""The resource server: data behind the scopes ``data.read`` and ``data.write`` of a Microsoft Entra tenant.

Start it from the repository root with ``uvicorn api.main:app --port 8000``; ``.env.example`` names its settings.
"""
