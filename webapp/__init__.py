"""A Flask web application that signs people in with Microsoft Entra ID and calls an API in their name.

Start it with `flask --app webapp.main run --port 5001`; `webapp/.env.example` lists what it wants to know.
"""
