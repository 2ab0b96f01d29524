"""NO_PROXY, as it was before us and as a child gets it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mock_idp.facts.hosts import HOSTS
from mock_idp.intercept.no_proxy import bypasses, loopback_direct


@pytest.mark.parametrize(
    ("no_proxy", "host", "direct"),
    [
        ("*", "example.org", True),
        ("example.org", "example.org", True),
        ("example.org", "www.example.org", True),
        (".example.org", "example.org", True),
        ("*.example.org", "www.example.org", True),
        ("EXAMPLE.org.", "Example.Org.", True),
        ("a.test, example.org b.test", "b.test", True),
        ("example.org", "notexample.org", False),
        ("example.org:443", "example.org", True),
        ("example.org:8443", "example.org", False),
        ("10.0.0.0/8", "10.1.2.3", True),
        ("10.0.0.0/8", "11.1.2.3", False),
        ("10.0.0.0/8", "example.org", False),
        ("10.0.0.0/99", "10.1.2.3", False),
        ("fd00::/8", "fd00::1", True),
        ("::1", "::1", True),
        ("[::1]", "::1", True),
        ("[::1]:443", "::1", True),
        ("[::1]:8443", "::1", False),
        ("", "example.org", False),
        (",. ,", "example.org", False),
    ],
)
def test_no_proxy_is_read_as_curl_and_python_read_it(no_proxy, host, direct):
    assert bypasses(no_proxy, host) is direct


@pytest.mark.parametrize(
    "entry",
    [
        "*", "com", ".microsoftonline.com", "*.microsoftonline.com", "login.microsoftonline.com",
        "login.microsoftonline.com:443", "graph.microsoft.com", "westus2.login.microsoft.com", "LOGIN.windows.net",
    ],
)  # fmt: skip
def test_entries_that_would_send_microsofts_hosts_past_us_are_dropped(entry):
    assert loopback_direct(f"corp.test,{entry},10.0.0.0/8") == "corp.test,10.0.0.0/8,localhost,127.0.0.1,::1"


ENTRIES = st.sampled_from(["*", "com", ".net", "microsoft.com", "a.test", "::1", "[", "10.0.0.0/8", "a:b:c", "*.x"])


@given(st.lists(ENTRIES))
def test_no_emulated_host_is_ever_reached_directly(parts):
    kept = loopback_direct(",".join(parts))
    assert not any(bypasses(kept, host.name) for host in HOSTS)
    assert all(bypasses(kept, loopback) for loopback in ("localhost", "127.0.0.1", "::1"))
