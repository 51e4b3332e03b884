"""The way to an endpoint, as the variables of companies' networks say: proxies and certificates.

Found once an address, since to ask the environment for every call takes a thread and more time
than the call's own work.
"""

from __future__ import annotations

import functools
import ipaddress
import os
import ssl
import urllib.request
from collections.abc import Iterator, Mapping
from pathlib import Path
from urllib.parse import unquote, urlsplit

from beam_synth.errors import Refused

# What OpenSSL reads itself, and what requests and curl have taught people to set.
CA_VARIABLES = ("SSL_CERT_FILE", "SSL_CERT_DIR", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE")


# ---------------------------------------------------------------- proxies


def proxy_of(url: str) -> str | None:
    """The proxy that the environment names for a URL: https_proxy, http_proxy, all_proxy, in small
    letters or large ones, except for hosts of no_proxy (names, suffixes, networks) and loopback.

    Raises Refused for a proxy that does not speak HTTP.
    """
    proxies = urllib.request.getproxies()
    parts = urlsplit(url)
    host = parts.hostname or ""
    proxy = proxies.get(parts.scheme) or proxies.get("all")
    if not proxy or _is_loopback(host) or _bypassed(host, parts.port, proxies):
        return None
    if "://" not in proxy:
        proxy = f"http://{proxy}"
    if not proxy.startswith(("http://", "https://")):
        kind = proxy.partition(":")[0]
        raise Refused(
            f"the environment names a proxy of the kind {kind!r} for {host}; set https_proxy to an "
            f"http:// proxy, or no_proxy={host} to go without"
        )
    return proxy


def _is_loopback(host: str) -> bool:
    address = _address(host)
    return host == "localhost" or (
        address is not None and (address.is_loopback or address.is_unspecified)
    )


def _address(host: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        return ipaddress.ip_address(host)
    except ValueError:
        return None


def _bypassed(host: str, port: int | None, proxies: Mapping[str, str]) -> bool:
    if urllib.request.proxy_bypass(f"{host}:{port}" if port else host):
        return True
    address = _address(host)
    return address is not None and any(address in network for network in _networks(proxies))


def _networks(
    proxies: Mapping[str, str],
) -> Iterator[ipaddress.IPv4Network | ipaddress.IPv6Network]:
    """The networks of no_proxy, such as 10.0.0.0/8, which urllib takes for names."""
    for item in proxies.get("no", "").split(","):
        if "/" in item:
            try:
                yield ipaddress.ip_network(item.strip(), strict=False)
            except ValueError:
                continue


def proxy_secrets() -> list[str]:
    """The passwords of the environment's proxies, which no message should show."""
    passwords = []
    for proxy in urllib.request.getproxies().values():
        user, found, _ = proxy.rpartition("@")
        if found and ":" in (given := user.rpartition("//")[2]):
            password = given.partition(":")[2]
            passwords += [password, unquote(password)]
    return passwords


# ---------------------------------------------------------------- certificates


def tls_context() -> ssl.SSLContext:
    """What is trusted: the system's authorities, and those of the files and folders that
    CA_VARIABLES name. Raises Refused, naming the variable, where one is not there or no such file.
    """
    return _context(tuple((name, os.environ.get(name, "")) for name in CA_VARIABLES))


@functools.lru_cache(maxsize=4)
def _context(variables: tuple[tuple[str, str], ...]) -> ssl.SSLContext:
    context = ssl.create_default_context()
    for name, value in variables:
        if not value:
            continue
        path = Path(value)
        if not path.exists():
            raise Refused(f"{name}: {value} is not there; it should hold certificates")
        try:
            if path.is_dir():
                context.load_verify_locations(capath=value)
            else:
                context.load_verify_locations(cafile=value)
        except (OSError, ssl.SSLError) as error:
            raise Refused(f"{name}: {value} cannot be read as certificates: {error}") from None
    return context
