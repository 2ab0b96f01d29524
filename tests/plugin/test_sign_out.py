"""``entra.visit`` to sign out, where the app registered a ``logoutUrl``: it passes the page as a browser would."""

import flask
import pytest
from plugin.test_sign_in import flask_app

from mock_idp.directory.default import CONTOSO, WEB_APP


def test_where_nothing_leads_on_the_visit_ends_at_entra_and_the_journal_says_why(entra):
    app = flask_app(callback="http://localhost:5001/callback")
    app.view_functions["logout"] = lambda: flask.redirect(
        f"https://login.microsoftonline.com/{CONTOSO.id}/oauth2/v2.0/logout?post_logout_redirect_uri=http://localhost/no"
    )
    page = entra.visit(app.test_client(), "/logout")
    assert page.status_code == 302
    assert entra.address.startswith(f"https://login.microsoftonline.com/{CONTOSO.id}/oauth2/v2.0/logout?")
    assert "'http://localhost/no' is no registered redirect URI" in " ".join(entra.journal.one("logout").notes)


@pytest.mark.filterwarnings("ignore:response_mode='form_post' is recommended:UserWarning")
@pytest.mark.parametrize(("origin", "asked"), [("http://localhost:5001", [["sid"]]), ("http://localhost:7001", [])])
def test_the_apps_own_logout_url_is_asked_before_the_visit_goes_on_and_no_other_apps(entra, origin, asked):
    entra.app(WEB_APP.app_id, tenant=CONTOSO.id, logout_url=f"{origin}/out")
    app, told = flask_app(), []

    @app.get("/out")
    def out():
        told.append(list(flask.request.args))
        return ""

    client = app.test_client()
    entra.sign_in(client, "/login", user="rita")
    assert entra.visit(client, "/logout").text == "Hello stranger"
    assert told == asked
    assert entra.address == "http://localhost:5001/"
