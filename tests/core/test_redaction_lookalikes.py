"""What looks like a secret and is none stays on the page."""

import base64
import hashlib
import random
import string
from collections.abc import Callable, Mapping

import pytest

from sync.redaction.redact import redact

HEX = string.digits + "abcdef"
ALNUM = string.ascii_letters + string.digits


def of(alphabet: str, length: int) -> str:
    """Return some random text, always the same."""
    rng = random.Random(f"{alphabet}{length}")  # noqa: S311 - samples, not keys
    return "".join(rng.choice(alphabet) for _ in range(length))


SHA1, SHA256, MD5 = (hashlib.new(name, b"x").hexdigest() for name in ("sha1", "sha256", "md5"))
UUID = "f47ac10b-58cc-4372-a567-0e02b2c3d479"
PIXELS = base64.b64encode(bytes(range(256)) * 3).decode()
INTEGRITY = base64.b64encode(hashlib.sha512(b"x").digest()).decode()

LOOKALIKES: Mapping[str, str] = {
    "commit": f"commit {SHA1}",
    "short commit": "Merged 7f3a9c1 into main (was 0b1c2d3e4f)",
    "sha-256": f"sha256: {SHA256}",
    "md5": f"md5sum {MD5}  dist.tar.gz",
    "image digest": f"FROM python@sha256:{SHA256}",
    "npm integrity": f'"integrity": "sha512-{INTEGRITY}"',
    "subresource integrity": f'<script integrity="sha384-{INTEGRITY[:64]}" crossorigin="anonymous">',
    "go.sum": f"github.com/a/b v1.2.3 h1:{INTEGRITY[:43]}=",
    "pip hash": f"requests==2.32.0 --hash=sha256:{SHA256}",
    "uuid": f"request id {UUID}",
    "request id": f"x-request-id: {UUID}",
    "session id": f"Session ID: {UUID}",
    "session id =": f"session_id={UUID}",
    "trace id": f"traceparent: 00-{MD5}-{SHA1[:16]}-01",
    "etag": f'ETag: W/"{MD5}"',
    "cache key": f"cache-key-{MD5}",
    "cache key field": f"cache_key: {MD5}",
    "s3 object key": "key: uploads/2026/01/10/report-final-v2.pdf",
    "primary key": f"primary key: {UUID}",
    "idempotency key": f"Idempotency-Key: {UUID}",
    "page token": f"next_page_token={of(ALNUM, 30)}",
    "notion page id": "https://www.notion.so/acme/Roadmap-9272e7a691ab4c50b5b9b28cc2f41f3d",
    "png": f"![x](data:image/png;base64,{PIXELS})",
    "jpeg": f'<img src="data:image/jpeg;base64,/9j/{PIXELS[:400]}">',
    "svg": f"data:image/svg+xml;base64,{PIXELS[:300]}",
    "placeholder in brackets": "NOTION_TOKEN=<your-token>",
    "placeholder in capitals": "api_key: YOUR_API_KEY",
    "placeholder words": 'token = "your-api-token-here"',
    "xxxx": "password: xxxxxxxxxxxx",
    "stars": "password: ************",
    "bullets": "password: ••••••••••",
    "dots": "token: ntn_...",
    "dots of openai": "OPENAI_API_KEY=sk-...",
    "x of github": "GITHUB_TOKEN=gh" + "p_" + "x" * 36,
    "shell variable": "curl -H 'Authorization: Bearer $NOTION_TOKEN' https://api.notion.com",
    "braced variable": "NOTION_TOKEN=${NOTION_TOKEN}",
    "actions secret": "token: ${{ secrets.GITHUB_TOKEN }}",
    "mustache": "password: {{ vault_db_password }}",
    "python environment": 'api_key = os.environ["API_KEY"]',
    "python getenv": 'password = os.getenv("DB_PASSWORD", default_password)',
    "node environment": "const apiKey = process.env.OPENAI_API_KEY;",
    "windows variable": "set PASSWORD=%DB_PASSWORD%",
    "redacted": "password: [REDACTED]",
    "redacted by rule": "token: [REDACTED:github-token]",
    "aws example id": "AWS_ACCESS_KEY_ID=AK" + "IAIOSFODNN7EXAMPLE",
    "aws example secret": "aws_secret_access_key = wJalrXUtn" + "FEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
    "null": "token: null",
    "none": "password=None",
    "empty": 'password=""',
    "a rule": "password must be at least 12 characters",
    "a rule with a colon": "Password: must contain 8 characters, 1 digit and 1 symbol",
    "a message": 'errors: {"password": "is too short (minimum is 12 characters)"}',
    "bearer": "Send it as a bearer token in the Authorization header.",
    "bearer realm": 'WWW-Authenticate: Bearer realm="api", error="invalid_token"',
    "basic": "Basic authentication is turned off; Basic configuration follows.",
    "count": "token count: 12345",
    "used": "tokens: 62,614",
    "usage": '{"input_tokens": 62614, "output_tokens": 1842, "max_tokens": 4096}',
    "limit": "max_tokens=128000",
    "santa": "secret santa: the draw is on Friday",
    "a call": "token = get_access_token()",
    "a method": "password = self.config.get('db.password')",
    "keyword argument": "connect(user=user, password=password, token=access_token)",
    "attribute": "client = Client(api_key=settings.openai_api_key)",
    "comparison": "if password == confirm_password: raise ValueError",
    "annotation": "def login(user: str, password: str, token: Optional[str] = None) -> Session:",
    "typescript": "interface Login { password: string; accessToken?: string; }",
    "schema": 'password: { type: "string", format: "password", minLength: 12 }',
    "sql": "password VARCHAR(255) NOT NULL, api_token TEXT UNIQUE",
    "html": '<input type="password" name="password" placeholder="Enter your password">',
    "url": "https://example.com/path?page=2&sort=asc#top",
    "url with a port": "http://localhost:8080/health and redis://cache:6379/0",
    "url with an at": "https://packages.example/@scope/pkg and https://x.example:8443/@jen/1",
    "url with a user": "ssh://git@github.com:22/x/y.git",
    "git over ssh": "git@github.com:x/y.git",
    "url of an empty password": "postgres://user:@host/db",
    "url of a variable": "postgres://app:${DB_PASSWORD}@db:5432/app",
    "url of a documented password": "postgresql://user:password@localhost:5432/app",
    "s3 url": "s3://bucket/2026/01/10/abcdef0123456789/part-00000.parquet",
    "s3 https": "https://bucket.s3.eu-central-1.amazonaws.com/builds/3f2a1b/app.tar.gz?versionId=null",
    "mail": "jen@example.com, no-reply+tag@mail.example.org",
    "version": "node v22.11.0, python 3.11.7+20260110, 1.2.3-rc.1+build.5",
    "path": "/etc/ssl/private/server.key and ~/.ssh/id_ed25519 and /run/secrets/db_password",
    "secret file": "password_file: /run/secrets/db_password",
    "secret name": "secretName: my-app-tls-secret-v2",
    "secret reference": "secretKeyRef: { name: db-credentials, key: password }",
    "arn": "arn:aws:secretsmanager:eu-west-1:123456789012:secret:prod/db-AbCdEf",
    "public key": f"ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAABAQ{PIXELS[:300]} jen@laptop",
    "ed25519 public key": f"ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAI{of(ALNUM, 43)} jen",
    "PEM public key": f"-----BEGIN PUBLIC KEY-----\n{PIXELS[:64]}\n{PIXELS[64:99]}\n-----END PUBLIC KEY-----",
    "certificate": f"-----BEGIN CERTIFICATE-----\n{PIXELS[:64]}\n{PIXELS[64:128]}\n-----END CERTIFICATE-----",
    "fingerprint": f"SHA256:{INTEGRITY[:43]} jen@laptop (ED25519)",
    "publishable key": "pk_" + "live_" + of(ALNUM, 24),
    "camel case": "AbstractSingletonProxyFactoryBeanConfigurationPropertiesHolder",
    "snake case": "test_that_the_secret_token_is_never_written_to_the_access_log_2",
    "css class": '<div class="sk-fading-circle sk-circle-12 task-list-item token-keyword">',
    "long css class": "sk-cube-grid-animation-container-wide",
    "minified": "!function(e,t){var n=e.key,r=t.token;n.pass=r?n:r.secret;for(var i=0;i<9;i++)n[i]=r}(a,b);",
    "japanese": "パスワードは十二文字以上で、トークンの数は62614です。シークレットは環境変数から読みます。",
    "branch": "branch: ai-workflow/issue-449-design-review",
    "resource": "projects/acme-prod-1234/secrets/db-password/versions/3",
    "locale": "forgot_password: Forgot your password?",
    "hot key": "Press the key: Ctrl+Shift+F12",
    "key and value": "key: value, foreign key: user_id, public_key: ok",
    "headline": "## Token rotation and password reset",
    "table": "| password | string | required | The user's password |",
    "flag": "--password-stdin --token-file /run/token --no-password",
    "prose": "The token is refreshed hourly; the password is required and the secret is rotated.",
    "printed jwt": "the header eyJhbGciOiJIUzI1NiJ9 alone",
    "timestamps": "token: 2026-01-10T14:30:00Z",
    "docker user": "docker run -u 1000:1000 image && curl -u user:password https://x.example",
    "stack": '  File "app/auth/token.py", line 123, in refresh_token',
    "kubernetes pod": "pod/api-7d9f8b6c5d-x2x4z restarted 3 times",
    "ip and mac": "10.0.0.12:5432 00:1a:2b:3c:4d:5e fe80::1ff:fe23:4567:890a",
    "zone": "Signature: valid; token_type: bearer; expires_in: 3600",
    "lock file": f"resolution: {{integrity: sha512-{INTEGRITY}}}",
    "issue key": "issue key: PROJ-1234, feature key: new-dashboard",
    "chat": "cookie: accepted; Cookie banner = shown",
    "name of a test": "tests/x.py::test_draw_networkx_arrowsize_incorrect_size PASSED",
    "name of a test with numbers": "def test_user_defined_ymax_input_float64_32():",
    "name of a test in mixed case": "def test_edge_views_inherit_from_EdgeViewABC():",
    "decorator below a pass": "        pass\n\n    @classmethod\n    def make(cls):",
    "decorator with a dot": "        pass\n\n    @pytest.fixture\n    def world():",
    "arguments that are passed": "We pass `strict=False`, pass bounds=True, or pass --debug-nghttp2 there.",
    "what is passed on": "keyword arguments to pass to pickle.dump, excluding the first",
    "choices": "(pass|fail|ok) and `pass|warn`",
    "list of words": "['pass', 'raise', 'other'] or choices: [\"pass\", \"fail\", \"skipped\"]",
    "verdict": "PASS → `Success`, FAIL → `Failed`",
    "verdict in a table": "| PASS | `Success` |",
    "working directory": "PWD=/workspace/repo OLDPWD=/root/x",
    "working directory before another variable": "PWD=/srv/app;OLDPWD=/root/x; cd /srv",
    "variable that names another": "DB_PASSWORD=DB_PASSWORD and PASSWORD=password",
    "working directory in JSON": '{"PWD": "/Users/maciej"}',
    "change log": "signature (Brian White) [#5500](https://github.com/nodejs/node/pull/5500)",
    "type in braces": "* `password` {string|ArrayBuffer|Buffer}",
    "n-api": "napi_typedarray_type and napi_threadsafe_function",
    "file of users": "readFile('/etc/passwd', 'utf8') and /etc/passwd:root:x:0:0:root:/root:/bin/bash",
    "product of that name": 'tools: ["1Password", "Gmail"]',
    "words that are Base64": "Basic Operations, Basic Options and Basic Functions",
    "kernel setting": "echo vm.max_map_count=262144 | sudo tee /etc/sysctl.conf",
    "signature": "def f(login=None, password=None): and g(credential: Credential, ward: Ward)",
    "documentation of credentials": "credentials: https://docs.example.org/x",
    "login and name": "login: jen, name: Jen",
    "assembly": "Version=4.0.0.0, PublicKeyToken=b77a5c561934e089",
    "constant that is its name": 'FORCE_CHANGE_PASSWORD = "FORCE_CHANGE_PASSWORD"',
    "choice that is its name": "RESET_PASSWORD: 'reset_password'",
    "identified": "the library is identified by 'name' and 'user_id'",
    "f-string": 'print(f"password {attrs[2]}\\n")',
    "pattern": "token=([A-Za-z0-9_-]+) and key=[a-z0-9]{32}",
    "pattern of a named group": "(?P<secret>[A-Za-z0-9]{20,})",
    "marks of a key": "it has '-----BEGIN RSA PRIVATE KEY-----' and '-----END RSA PRIVATE KEY-----'",
    "large number": "we obtain $1156038080844014856161641404008100$",
    "playwright": "const pw = await chromium.launch(); pw: true; pw = sync_playwright().start()",
}


@pytest.mark.parametrize(
    "text", ["DB_PASSWORD={%s}", "DRIVER={x};UID=sa;PWD={%s};", "password: {%s", 'pw="{%s}"']
)
def test_what_no_program_is_likely_to_call_anything_is_a_secret_in_braces_too(text: str) -> None:
    """Database drivers write passwords in braces; the names of variables are written in them as well."""
    secret = "k9" + "Lm2" + "Qx8Rt"
    assert secret not in redact(text % secret).text
    for name in ("password", "db_password", "settings.pw1", "row[2]", "0", "base64_token"):
        assert redact(text % name).text == text % name


@pytest.mark.parametrize("kind", LOOKALIKES)
def test_what_is_no_secret_stays(kind: str) -> None:
    """Hashes, ids, images, placeholders, references, code and prose are left alone."""
    text = LOOKALIKES[kind]
    redacted = redact(text)
    assert redacted.text == text
    assert not redacted.counts


WRAPPINGS: Mapping[str, Callable[[str], str]] = {
    "backticks": lambda text: f"`{text}`",
    "a bullet": lambda text: f"- Bash: {text}",
    "a fence": lambda text: f"```\n{text}\n```",
    "a quotation": lambda text: "\n".join(f"> {line}" for line in text.split("\n")),
    "a table": lambda text: f"| x | {text} |",
}


@pytest.mark.parametrize("wrapping", WRAPPINGS)
def test_a_wrapping_makes_no_secret(wrapping: str) -> None:
    """Nothing of it turns into a secret by the markdown around it."""
    wrapped = [WRAPPINGS[wrapping](text) for text in LOOKALIKES.values()]
    assert [text for text in wrapped if redact(text).counts] == []
