"""An authority of one's own, as companies have one, and a certificate that it signed."""

import ssl
import subprocess
from dataclasses import dataclass
from pathlib import Path

_DAY = ("-days", "1", "-newkey", "rsa:2048", "-nodes")


@dataclass(frozen=True, slots=True)
class Authority:
    """`ca_file` is what must be trusted so that the certificate is."""

    ca_file: Path
    server: ssl.SSLContext


def make_authority(folder: Path, *names: str) -> Authority:
    """An authority and a server's certificate for names such as `DNS:cloud.test` and `IP:127.0.0.1`."""
    ca_key, ca, key, request, certificate, extension = (
        folder / name for name in ("ca.key", "ca.pem", "key.pem", "request.pem", "certificate.pem", "extension")
    )
    extension.write_text(f"subjectAltName={','.join(names)}\n")
    _openssl("req", "-x509", *_DAY, "-subj", "/CN=A company", "-keyout", ca_key, "-out", ca)
    _openssl("req", *_DAY[2:], "-subj", "/CN=server", "-keyout", key, "-out", request)
    signing = ("-CA", ca, "-CAkey", ca_key, "-CAcreateserial", "-days", "1", "-extfile", extension)
    _openssl("x509", "-req", "-in", request, *signing, "-out", certificate)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    return Authority(ca, context)


def _openssl(*arguments: str | Path) -> None:
    subprocess.run(["openssl", *arguments], check=True, capture_output=True)
