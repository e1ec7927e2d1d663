"""OpenLDAP's slapd from Debian, with TLS and the password policy overlay. Tests start it on a free port and stop it."""

import shutil
import socket
import subprocess
import time
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

SLAPD = shutil.which("slapd", path="/usr/sbin:/usr/lib/openldap:/usr/local/sbin")
INSTALLED = SLAPD is not None and Path("/etc/ldap/schema/inetorgperson.schema").exists()
MISSING = "no slapd (Debian: slapd)"
PATIENCE = 20.0  # seconds to wait for slapd on a busy machine
BASE = "dc=ku,dc=dk"
PEOPLE = f"ou=people,{BASE}"
READER, READER_PASSWORD = f"cn=reader,{BASE}", "reader-of-the-people"
ROOT, ROOT_PASSWORD = f"cn=root,{BASE}", "root-of-the-tree"

_CONFIGURATION = """
include /etc/ldap/schema/core.schema
include /etc/ldap/schema/cosine.schema
include /etc/ldap/schema/inetorgperson.schema
pidfile {folder}/slapd.pid
modulepath /usr/lib/ldap
moduleload back_mdb
moduleload ppolicy
TLSCertificateFile {folder}/server.pem
TLSCertificateKeyFile {folder}/server.key
TLSCACertificateFile {folder}/ca.pem
sizelimit unlimited
database mdb
suffix "{base}"
directory {folder}/data
maxsize 268435456
rootdn "{root}"
rootpw {root_password}
index uid,entryUUID eq
overlay ppolicy
ppolicy_default "cn=policy,{base}"
ppolicy_use_lockout
access to attrs=userPassword by anonymous auth by * none
access to * by dn.exact="{reader}" read by self read by users none by anonymous auth
"""
_BEGINNING = """
dn: {base}
objectClass: organization
objectClass: dcObject
o: KU
dc: ku

dn: {people}
objectClass: organizationalUnit
ou: people

dn: ou=elsewhere,{base}
objectClass: organizationalUnit
ou: elsewhere

dn: cn=policy,{base}
objectClass: person
objectClass: pwdPolicy
cn: policy
sn: policy
pwdAttribute: userPassword
pwdMaxAge: 315360000
pwdLockout: TRUE
pwdMaxFailure: 50

dn: {reader}
objectClass: organizationalRole
objectClass: simpleSecurityObject
cn: reader
userPassword: {reader_password}
"""


class Slapd:
    """One slapd. `start` starts it, `stop` ends it, `load` adds entries and `modify` changes them, in LDIF."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.port = free_port()
        self.url = f"ldaps://127.0.0.1:{self.port}"
        self.url_for_start_tls = f"ldap://127.0.0.1:{free_port()}"
        self.ca = folder / "ca.pem"
        self._process: subprocess.Popen[bytes] | None = None
        (folder / "data").mkdir()
        make_certificates(folder)
        self._named = {
            **{"folder": folder, "base": BASE, "people": PEOPLE, "reader": READER, "reader_password": READER_PASSWORD},
            **{"root": ROOT, "root_password": ROOT_PASSWORD},
        }
        (folder / "slapd.conf").write_text(_CONFIGURATION.format(**self._named))
        self.load(_BEGINNING.format(**self._named))

    def load(self, ldif: str) -> None:
        """Add entries while slapd does not run. This is the only quick way for many."""
        self._run("slapadd", "-q", "-f", str(self.folder / "slapd.conf"), given=ldif)

    def modify(self, ldif: str) -> None:
        """Change the running directory, with every right, also to operational attributes."""
        self._run(
            *("ldapmodify", "-x", "-e", "relax", "-H", self.url, "-D", ROOT, "-w", ROOT_PASSWORD),
            given=ldif,
            environment={"LDAPTLS_CACERT": str(self.ca)},
        )

    def start(self) -> None:
        assert SLAPD is not None
        self._process = subprocess.Popen(
            [SLAPD, "-d", "0", "-f", str(self.folder / "slapd.conf"), "-h", f"{self.url} {self.url_for_start_tls}"]
        )
        wait_for_port(self.port, self._process)

    def stop(self) -> None:
        if self._process is not None:
            self._process.terminate()
            self._process.wait(PATIENCE)
            self._process = None

    def _run(self, *command: str, given: str, environment: dict[str, str] | None = None) -> None:
        path = shutil.which(command[0], path="/usr/bin:/usr/sbin:/bin:/sbin")
        assert path is not None, f"no {command[0]} (Debian: slapd and ldap-utils)"
        done = subprocess.run(
            [path, *command[1:]], input=given, text=True, capture_output=True, env=environment, check=False
        )
        assert done.returncode == 0, done.stdout + done.stderr


def person(username: str, password: str, **attributes: str) -> str:
    """Return the LDIF of a student."""
    values = {
        **{"sn": "Lund", "cn": "Freja Lund", "givenName": "Freja", "mail": f"{username}@example.org"},
        **{"employeeType": "student", "userPassword": password},
        **attributes,
    }
    lines = [f"dn: uid={username},{PEOPLE}", "objectClass: inetOrgPerson", f"uid: {username}"]
    return "\n".join([*lines, *(f"{name}: {value}" for name, value in values.items()), ""])


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


def wait_for_port(port: int, process: subprocess.Popen[bytes], address: str = "127.0.0.1") -> None:
    """Wait until the process accepts connections."""
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        assert process.poll() is None, "the server ended at once"
        with socket.socket() as probe:
            probe.settimeout(1)
            if probe.connect_ex((address, port)) == 0:
                return
    raise TimeoutError(f"nothing listens on port {port}")


def make_certificates(folder: Path, address: str = "127.0.0.1") -> None:
    """Write a certificate authority, and a server's certificate for localhost and the address that it signed."""
    authority_key, server_key = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
    authority, now = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "test CA")]), datetime.now(UTC)

    def begun(name: x509.Name, key: ec.EllipticCurvePrivateKey) -> x509.CertificateBuilder:
        return (
            x509.CertificateBuilder()
            .subject_name(name)
            .issuer_name(authority)
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - timedelta(days=1))
            .not_valid_after(now + timedelta(days=2))
        )

    ca = begun(authority, authority_key).add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
    names = x509.SubjectAlternativeName([x509.DNSName("localhost"), x509.IPAddress(ip_address(address))])
    server_name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    server = begun(server_name, server_key).add_extension(names, critical=False)
    for file, certificate in (("ca.pem", ca), ("server.pem", server)):
        signed = certificate.sign(authority_key, hashes.SHA256())
        (folder / file).write_bytes(signed.public_bytes(serialization.Encoding.PEM))
    (folder / "server.key").write_bytes(
        server_key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
    )
