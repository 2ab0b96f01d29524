"""People sign in through Django's own test client, without a browser."""

import pytest

SHOP = "https://shop.contoso.example"

pytestmark = pytest.mark.django_db


def test_rita_signs_in(entra, client, django_user_model):
    page = entra.sign_in(client, f"{SHOP}/", user="rita")
    assert page.content == b"Hello, Rita Reader"
    assert django_user_model.objects.get().username == "rita@contoso.example"


def test_staff_see_the_stock(entra, client):
    page = entra.sign_in(client, f"{SHOP}/stock/", user="sam")
    assert page.content == b"12 bicycles"


def test_others_do_not(entra, client):
    entra.sign_in(client, f"{SHOP}/", user="rita")
    assert client.get("/stock/").status_code == 403


def test_rita_joins_the_staff(entra, client):
    entra.assign("rita", "Shop", ["Staff"])
    page = entra.sign_in(client, f"{SHOP}/stock/", user="rita")
    assert page.content == b"12 bicycles"


def test_a_secret_that_ran_out_lets_nobody_in(entra, client):
    entra.app("Shop", secret="a newer secret")
    with pytest.raises(AssertionError, match="AADSTS7000215"):
        entra.sign_in(client, f"{SHOP}/", user="rita")
