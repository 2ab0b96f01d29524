"""An API for orders: whoever may act for a user reads them, who has the role `Approver` approves them."""

from contextlib import asynccontextmanager
from typing import Annotated

from fastapi import Depends, FastAPI, HTTPException, Security
from fastapi_azure_auth import SingleTenantAzureAuthorizationCodeBearer
from fastapi_azure_auth.user import User

TENANT_ID = "8c1f6f0e-5a0b-4a52-9b43-3f2f0c7d1e55"
CLIENT_ID = "31d4a3f6-7c5e-4c0d-8a9b-2b7f6e5d4c3b"

entra_id = SingleTenantAzureAuthorizationCodeBearer(
    app_client_id=CLIENT_ID,
    tenant_id=TENANT_ID,
    scopes={f"api://{CLIENT_ID}/user_impersonation": "Act for you"},
)


@asynccontextmanager
async def lifespan(_):
    await entra_id.openid_config.load_config()
    yield


app = FastAPI(lifespan=lifespan)


def approver(user: Annotated[User, Depends(entra_id)]):
    if "Approver" not in user.roles:
        raise HTTPException(403, "You are no approver")
    return user


@app.get("/orders", dependencies=[Security(entra_id, scopes=["user_impersonation"])])
def orders():
    return [{"id": 1, "item": "a bicycle"}]


@app.post("/orders/{number}/approval")
def approve(number: int, user: Annotated[User, Depends(approver)]):
    return {"id": number, "approved_by": user.preferred_username or user.azp}
