"""Two pages: one for everybody who signs in, one for staff."""

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.urls import include, path


@login_required
def home(request):
    return HttpResponse(f"Hello, {request.user.get_full_name()}")


@login_required
def stock(request):
    if not request.user.is_staff:
        raise PermissionDenied
    return HttpResponse("12 bicycles")


urlpatterns = [
    path("", home),
    path("stock/", stock),
    path("oauth2/", include("django_auth_adfs.urls")),
]
