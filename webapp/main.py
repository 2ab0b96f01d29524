"""The application: its routes, and the pages they answer with."""

from __future__ import annotations

from json import dumps
from typing import TYPE_CHECKING

from flask import Flask, redirect, render_template, request, session, url_for
from werkzeug.exceptions import HTTPException

from .browser import protect
from .downstream import READ, WRITE, Api, Graph, HttpSession, Operation
from .errors import SignInRequiredError, VisibleError
from .settings import Settings
from .sign_in import GRAPH_SCOPE, SignIn

if TYPE_CHECKING:
    import requests
    from flask.typing import ResponseReturnValue


def create_app(settings: Settings | None = None, http: requests.Session | None = None) -> Flask:
    """Build the application. Nothing is fetched before the first request that needs it.

    Args:
        settings: What to run with; read from the environment if not given.
        http: What to reach the identity provider, the API and Graph with.

    Raises:
        SettingsError: The environment lacks a variable, or has a malformed one.
    """
    settings = settings or Settings.from_environment()
    http = http or HttpSession()
    sign_in = SignIn(settings, http, api_scopes=[settings.scope(each.scope) for each in (READ, WRITE)])
    pages = Pages(settings, sign_in, Api(settings.api_base_url, http), Graph(http))

    app = Flask(__name__)
    protect(app, settings)
    app.add_url_rule("/", "home", pages.home)
    app.add_url_rule("/login", "login", pages.login)
    app.add_url_rule("/callback", "callback", pages.callback)
    app.add_url_rule("/api/read", "read", pages.read)
    app.add_url_rule("/api/write", "write", pages.write, methods=["GET", "POST"])
    app.add_url_rule("/logout", "logout", pages.logout, methods=["GET", "POST"])
    app.register_error_handler(SignInRequiredError, pages.ask_to_sign_in)
    app.register_error_handler(VisibleError, pages.show_error)
    app.register_error_handler(HTTPException, pages.show_http_error)
    app.context_processor(lambda: {"person": sign_in.person})
    app.add_template_filter(lambda value: dumps(value, indent=2, ensure_ascii=False), "pretty_json")
    return app


class Pages:
    """One method per route, and one per way a request can fail."""

    def __init__(self, settings: Settings, sign_in: SignIn, api: Api, graph: Graph) -> None:
        self._settings = settings
        self._sign_in = sign_in
        self._api = api
        self._graph = graph

    def home(self) -> ResponseReturnValue:
        """`/`: an invitation to sign in, or who is signed in and what they can do."""
        if self._sign_in.person is None:
            return render_template("welcome.html")
        profile, failure = {}, None
        try:
            profile = self._graph.me(self._sign_in.token(GRAPH_SCOPE))
        except VisibleError as error:  # the rest of the page works without the profile
            failure = error
        session.pop("came_back_to", None)
        return render_template("home.html", profile=profile, failure=failure, read=READ, write=WRITE)

    def login(self) -> ResponseReturnValue:
        """`/login`: off to the identity provider. `next` may name the page to come back to."""
        ours = {url_for(endpoint) for endpoint in ("home", "read", "write")}
        wanted = request.args.get("next")
        return_to = wanted if wanted in ours else url_for("home")
        return redirect(self._sign_in.begin(return_to, claims=session.pop("claims", "")))

    def callback(self) -> ResponseReturnValue:
        """`/callback`: back from the identity provider."""
        return_to = self._sign_in.finish(request.args.to_dict())
        session["came_back_to"] = return_to
        return redirect(return_to)

    def read(self) -> ResponseReturnValue:
        """`/api/read`: what the API lets the person read."""
        return self._perform(READ)

    def write(self) -> ResponseReturnValue:
        """`/api/write`: write through the API when posted to, else the form that does."""
        if request.method == "POST":
            return self._perform(WRITE)
        if self._sign_in.person is None:
            raise SignInRequiredError
        return render_template("write.html", operation=WRITE)

    def logout(self) -> ResponseReturnValue:
        """`/logout`: out of this application, then out of the identity provider."""
        try:
            return redirect(self._sign_in.end(self._settings.absolute_url(url_for("home"))))
        except VisibleError as failure:
            return render_template("signed_out.html", failure=failure)

    def ask_to_sign_in(self, needed: SignInRequiredError) -> ResponseReturnValue:
        """Send the person to sign in and come back here; once, lest browser and identity provider play ping-pong."""
        if session.pop("came_back_to", None) == request.path:
            return self.show_error(needed.otherwise)
        if needed.claims:
            session["claims"] = needed.claims
        return redirect(url_for("login", next=request.path), code=303)

    def show_error(self, error: VisibleError) -> ResponseReturnValue:
        """Show a page about an error of ours."""
        session.pop("came_back_to", None)
        return render_template("error.html", error=error), error.status

    def show_http_error(self, error: HTTPException) -> ResponseReturnValue:
        """Show a page about an error of HTTP's: a wrong address, a wrong method, a bug."""
        visible = VisibleError(error.code or 500, error.name, error.description or "")
        response = error.get_response()  # it has the headers the error calls for, such as `Allow`
        response.data = render_template("error.html", error=visible)
        return response

    def _perform(self, operation: Operation) -> ResponseReturnValue:
        token = self._sign_in.token(self._settings.scope(operation.scope))
        try:
            answer = self._api.perform(operation, token)
        except SignInRequiredError:
            self._sign_in.forget(token)
            raise
        session.pop("came_back_to", None)
        return render_template("answer.html", answer=answer, token=token, operation=operation)
