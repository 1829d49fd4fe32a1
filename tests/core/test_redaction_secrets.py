"""Secrets of every kind, made at run time: nothing here looks like one to a scanner."""

import base64
import json
import random
import string
from collections.abc import Callable, Mapping
from typing import TypeAlias
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync.redaction.redact import redact

LOWER, UPPER, DIGITS = string.ascii_lowercase, string.ascii_uppercase, string.digits
ALNUM = LOWER + UPPER + DIGITS
WORD = ALNUM + "_-"
BASE64 = ALNUM + "+/"
HEX = DIGITS + "abcdef"

Make: TypeAlias = Callable[[random.Random], tuple[str, str]]
"""Makes a text and the secret in it."""


def of(alphabet: str, length: int) -> Callable[[random.Random], str]:
    """Return a maker of random text that begins and ends as an issued key does: not with a sign."""
    solid = "".join(sign for sign in alphabet if sign.isalnum())

    def make(rng: random.Random) -> str:
        inner = "".join(rng.choice(alphabet) for _ in range(length - 2))
        return rng.choice(solid) + inner + rng.choice(solid)

    return make


def uuid(rng: random.Random) -> str:
    """Return a random UUID."""
    digits = "".join(rng.choice(HEX) for _ in range(32))
    return "-".join((digits[:8], digits[8:12], digits[12:16], digits[16:20], digits[20:]))


def alone(*parts: str | Callable[[random.Random], str]) -> Make:
    """Make a secret that is known by its own look."""

    def make(rng: random.Random) -> tuple[str, str]:
        secret = "".join(part if isinstance(part, str) else part(rng) for part in parts)
        return secret, secret

    return make


def within(before: str, secret: Callable[[random.Random], str], after: str = "") -> Make:
    """Make a secret that is known by what stands around it."""

    def make(rng: random.Random) -> tuple[str, str]:
        made = secret(rng)
        return f"{before}{made}{after}", made

    return make


def _b64url(value: object) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).decode().rstrip("=")


def jwt(rng: random.Random) -> str:
    """Return a signed token."""
    head = _b64url({"alg": "HS256", "typ": "JWT"})
    return f"{head}.{_b64url({'sub': of(ALNUM, 12)(rng), 'iat': rng.randrange(10**9)})}.{of(WORD, 43)(rng)}"


def basic(rng: random.Random) -> str:
    """Return user and password as Basic authentication writes them."""
    return base64.b64encode(f"robot:{of(ALNUM, 18)(rng)}".encode()).decode()


def human(rng: random.Random) -> str:
    """Return a password with signs in it."""
    return of(LOWER, 5)(rng).capitalize() + rng.choice("!@#%^*") + of(ALNUM, 6)(rng) + rng.choice(DIGITS)


LOOK: Mapping[str, Make] = {
    "aws access key id": alone("AK", "IA", of(UPPER + "234567", 16)),
    "aws temporary key id": alone("AS", "IA", of(UPPER + "234567", 16)),
    "aws session token": alone("IQoJ", "b3JpZ2lu", of(BASE64, 300)),
    "google api key": alone("AI", "za", of(WORD, 35)),
    "google oauth secret": alone("GOC", "SPX-", of(WORD, 28)),
    "google access token": alone("ya2", "9.", of(WORD, 120)),
    "google refresh token": alone("1/", "/0", of(WORD, 60)),
    "azure client secret": alone(of(ALNUM, 3), "8", "Q~", of(ALNUM + "_~.-", 34)),
    "github classic": alone("gh", "p_", of(ALNUM, 36)),
    "github oauth": alone("gh", "o_", of(ALNUM, 36)),
    "github user": alone("gh", "u_", of(ALNUM, 36)),
    "github server": alone("gh", "s_", of(ALNUM, 36)),
    "github refresh": alone("gh", "r_", of(ALNUM, 76)),
    "github fine-grained": alone("github", "_pat_", of(ALNUM, 22), "_", of(ALNUM, 59)),
    "gitlab personal": alone("gl", "pat-", of(WORD, 20)),
    "gitlab routable": alone("gl", "pat-", of(WORD, 27), ".01.", of(LOWER + DIGITS, 9)),
    "gitlab deploy": alone("gl", "dt-", of(WORD, 20)),
    "gitlab runner": alone("gl", "rt-", of(WORD, 20)),
    "bitbucket": alone("AT", "BB", of(ALNUM, 32)),
    "atlassian": alone("ATA", "TT3xFfGF0", of(WORD, 170), "=", of(HEX.upper(), 8)),
    "slack bot": alone("xo", "xb-", of(DIGITS, 12), "-", of(DIGITS, 12), "-", of(ALNUM, 24)),
    "slack user": alone("xo", "xp-", of(DIGITS, 12), "-", of(DIGITS, 12), "-", of(HEX, 32)),
    "slack app": alone("xa", "pp-1-A", of(UPPER, 10), "-", of(DIGITS, 13), "-", of(HEX, 64)),
    "slack rotated": alone("xo", "xe.xo", "xp-1-", of(ALNUM, 140)),
    "discord bot": alone("MT", of(ALNUM, 24), ".", of(WORD, 6), ".", of(WORD, 38)),
    "telegram bot": alone(of("123456789", 10), ":A", "A", of(WORD, 33)),
    "stripe live": alone("sk", "_live_", of(ALNUM, 24)),
    "stripe long": alone("sk", "_live_51", of(ALNUM, 97)),
    "stripe test": alone("sk", "_test_", of(ALNUM, 24)),
    "stripe restricted": alone("rk", "_live_", of(ALNUM, 24)),
    "stripe webhook": alone("wh", "sec_", of(ALNUM, 32)),
    "square": alone("sq0", "atp-", of(WORD, 22)),
    "square access token": alone("EA", "AA", of(WORD, 60)),
    "braintree": alone("access_token", "$production$", of(LOWER + DIGITS, 16), "$", of(HEX, 32)),
    "shopify": alone("sh", "pat_", of(HEX, 32)),
    "shopify app": alone("sh", "pss_", of(HEX, 32)),
    "twilio": alone("S", "K", of(HEX, 32)),
    "sendgrid": alone("S", "G.", of(WORD, 22), ".", of(WORD, 43)),
    "mailgun": alone("ke", "y-", of(HEX, 32)),
    "mailgun new": alone(of(HEX, 32), "-", of(HEX, 8), "-", of(HEX, 8)),
    "mailchimp": alone(of(HEX, 32), "-u", "s12"),
    "brevo": alone("xkey", "sib-", of(HEX, 64), "-", of(ALNUM, 16)),
    "resend": alone("r", "e_", of(ALNUM, 8), "_", of(ALNUM, 24)),
    "openai": alone("s", "k-", of(ALNUM, 20), "T3Blb", "kFJ", of(ALNUM, 20)),
    "openai project": alone("s", "k-proj-", of(WORD, 156)),
    "openai service": alone("s", "k-svcacct-", of(WORD, 120)),
    "openrouter": alone("s", "k-or-v1-", of(HEX, 64)),
    "deepseek": alone("s", "k-", of(HEX, 32)),
    "anthropic": alone("s", "k-ant-api03-", of(WORD, 93), "AA"),
    "anthropic oauth": alone("s", "k-ant-oat01-", of(WORD, 93), "AA"),
    "hugging face": alone("h", "f_", of(LOWER + UPPER, 34)),
    "replicate": alone("r", "8_", of(ALNUM, 37)),
    "groq": alone("gs", "k_", of(ALNUM, 52)),
    "xai": alone("xa", "i-", of(ALNUM, 80)),
    "perplexity": alone("pp", "lx-", of(ALNUM, 48)),
    "nvidia": alone("nv", "api-", of(WORD, 64)),
    "langsmith": alone("lsv2", "_pt_", of(HEX, 32), "_", of(HEX, 10)),
    "pinecone": alone("pc", "sk_", of(ALNUM, 6), "_", of(ALNUM, 60)),
    "tavily": alone("tv", "ly-dev-", of(ALNUM, 32)),
    "elevenlabs": alone("s", "k_", of(HEX, 48)),
    "notion": alone("nt", "n_", of(ALNUM, 46)),
    "notion old": alone("sec", "ret_", of(ALNUM, 43)),
    "linear": alone("lin", "_api_", of(ALNUM, 40)),
    "asana": alone("1", "/", of("123456789", 16), ":", of(HEX, 32)),
    "airtable": alone("pa", "t", of(ALNUM, 14), ".", of(HEX, 64)),
    "figma": alone("fi", "gd_", of(WORD, 40)),
    "dropbox": alone("s", "l.", of(WORD, 135)),
    "hubspot": alone("pa", "t-na1-", uuid),
    "postman": alone("PM", "AK-", of(HEX, 24), "-", of(HEX, 34)),
    "typeform": alone("tf", "p_", of(WORD, 59)),
    "new relic": alone("NR", "AK-", of(UPPER + DIGITS, 27)),
    "new relic licence": alone(of(HEX, 36), "NR", "AL"),
    "sentry": alone("sn", "trys_", of(BASE64, 120)),
    "sentry user": alone("sn", "tryu_", of(HEX, 64)),
    "grafana": alone("gl", "sa_", of(ALNUM, 32), "_", of(HEX, 8)),
    "grafana cloud": alone("gl", "c_", of(BASE64, 80)),
    "honeycomb": alone("hc", "aik_", of(LOWER + DIGITS, 58)),
    "dynatrace": alone("dt0", "c01.", of(UPPER + DIGITS, 24), ".", of(UPPER + DIGITS, 64)),
    "npm": alone("np", "m_", of(ALNUM, 36)),
    "pypi": alone("py", "pi-AgEIcHlwaS5vcmc", of(WORD, 120)),
    "rubygems": alone("ruby", "gems_", of(HEX, 48)),
    "nuget": alone("oy", "2", of(LOWER + DIGITS, 43)),
    "crates.io": alone("ci", "o", of(ALNUM, 32)),
    "docker": alone("dckr", "_pat_", of(WORD, 27)),
    "terraform": alone(of(ALNUM, 14), ".atlas", "v1.", of(WORD, 64)),
    "vault": alone("hv", "s.", of(WORD, 92)),
    "vault batch": alone("hv", "b.", of(WORD, 140)),
    "pulumi": alone("pu", "l-", of(HEX, 40)),
    "doppler": alone("dp", ".pt.", of(ALNUM, 43)),
    "age": alone("AGE-SECRET", "-KEY-1", of("QPZRY9X8GF2TVDW0S3JN54KHCE6MUA7L", 58)),
    "digitalocean": alone("do", "p_v1_", of(HEX, 64)),
    "heroku": alone("HR", "KU-", of(WORD, 58)),
    "netlify": alone("nf", "p_", of(ALNUM, 36)),
    "fly.io": alone("fm", "2_", of(BASE64, 160)),
    "cloudflare origin": alone("v1", ".0-", of(HEX, 24), "-", of(HEX, 146)),
    "supabase": alone("sb", "p_", of(HEX, 40)),
    "databricks": alone("da", "pi", of(HEX, 32)),
    "tailscale": alone("ts", "key-auth-", of(ALNUM, 17), "-", of(ALNUM, 32)),
    "plaid": alone("access-", "production-", uuid),
    "okta": alone("0", "0", of(WORD, 40)),
    "facebook": alone("EA", "AC", of(ALNUM, 160)),
    "jwt": alone(jwt),
    "alibaba": alone("LT", "AI5t", of(ALNUM, 20)),
    "gitlab pipeline trigger": alone("gl", "ptt-", of(HEX, 40)),
    "planetscale": alone("pscale", "_tkn_", of(WORD, 43)),
    "neon": alone("na", "pi_", of(LOWER + DIGITS, 64)),
    "sonar": alone("sq", "p_", of(HEX, 40)),
    "buildkite": alone("bk", "ua_", of(HEX, 40)),
    "1password": alone("op", "s_ey", of(ALNUM, 300)),
    "artifactory": alone("AK", "Cp", of(ALNUM, 69)),
    "gemini": alone("AQ", ".Ab8RN6", of(WORD, 44)),
    "secret key of a stage": alone("sk", "_prod_", of(ALNUM, 60)),
    "secret key": alone("sk", "_", of(ALNUM, 48)),
    "openai session": alone("se", "ss-", of(ALNUM, 40)),
    "brave": alone("BS", "A", of(ALNUM, 28)),
    "context7": alone("ctx7", "sk-", uuid),
    "browserbase": alone("bb", "_live_", of(WORD, 27)),
    "daytona": alone("dt", "n_", of(HEX, 64)),
    "devin": alone("co", "g_", of(ALNUM, 40)),
    "trigger.dev": alone("tr", "_prod_", of(ALNUM, 20)),
    "deno": alone("dd", "p_", of(ALNUM, 36)),
    "val town": alone("vt", "wn_", of(ALNUM, 32)),
    "cloudflare tunnel": alone("eyJhI", "joi", of(ALNUM, 150)),
    "login of docker in base64": alone("eyJhdXR", "ocyI6", of(ALNUM, 80)),
    "snyk": alone("sn", "yk_uat.", of(HEX, 8), ".", of(WORD, 60)),
    "paddle": alone("pdl", "_sdbx_apikey_", of(ALNUM, 50)),
    "stytch": alone("secret", "-live-", of(WORD, 44)),
    "mailersend": alone("ml", "sn.", of(HEX, 64)),
    "riot": alone("RG", "API-", uuid),
    "bitbucket server": alone("BB", "DC-", of(BASE64, 44)),
    "posthog feature flags": alone("ph", "s_", of(ALNUM, 43)),
    "buildkite agent": alone("bk", "aj_", of(HEX, 40)),
    "discord user": alone("mf", "a.", of(WORD, 84)),
    "lob": alone("te", "st_", of(HEX, 35)),
    "bcrypt": alone("$2", "b$12$", of(ALNUM + "./", 53)),
    "sha512-crypt": alone("$", "6$Ab3dEf9h$", of(ALNUM + "./", 86)),
    "neon password": alone("np", "g_", of(ALNUM, 12)),
}
"""Secrets that can stand anywhere."""

PLACE: Mapping[str, Make] = {
    "aws secret in the environment": within("AWS_SECRET_ACCESS" + "_KEY=", of(BASE64, 40)),
    "aws secret in a config file": within("aws_secret_access" + "_key = ", of(BASE64, 40)),
    "aws secret in JSON": within('"SecretAccess' + 'Key": "', of(BASE64, 40), '",'),
    "aws session token by name": within("AWS_SESSION_" + "TOKEN=", of(BASE64, 200)),
    "azure account key": within("AccountName=x;Account" + "Key=", of(BASE64, 86), "==;EndpointSuffix=y"),
    "azure service bus": within("SharedAccessKeyName=Root;SharedAccess" + "Key=", of(BASE64, 43), "="),
    "azure sas": within(
        "https://x.blob.core.windows.net/c/f?sv=2022-11-02&sp=r&si" + "g=", of(ALNUM, 43), "%3D"
    ),
    "azure cognitive": within("Ocp-Apim-Subscription-" + "Key: ", of(HEX, 32)),
    "aws signed url": within(
        "https://b.s3.amazonaws.com/k?X-Amz-Expires=600&X-Amz-Sig" + "nature=", of(HEX, 64)
    ),
    "slack webhook": within("https://hooks.slack.com/" + "services/", of(ALNUM + "/", 44)),
    "discord webhook": within("https://discord.com/api/" + "webhooks/123456789012345678/", of(WORD, 68)),
    "telegram url": within("https://api.telegram.org/bo" + "t1234567890:A" + "A", of(WORD, 33), "/getMe"),
    "twilio auth token": within("TWILIO_AUTH_" + "TOKEN=", of(HEX, 32)),
    "datadog": within("DD_API" + "_KEY=", of(HEX, 32)),
    "datadog header": within("DD-APPLICATION-" + "KEY: ", of(HEX, 40)),
    "heroku": within("HEROKU_API" + "_KEY=", uuid),
    "postmark": within("X-Postmark-Server-" + "Token: ", uuid),
    "cloudflare": within("CLOUDFLARE_API_" + "TOKEN=", of(WORD, 40)),
    "cloudflare global": within("X-Auth-" + "Key: ", of(HEX, 37)),
    "fastly": within("Fastly-" + "Key: ", of(WORD, 32)),
    "cohere": within("CO_API" + "_KEY=", of(ALNUM, 40)),
    "mistral": within("MISTRAL_API" + "_KEY=", of(ALNUM, 32)),
    "pagerduty": within("Authorization: Token " + "token=", of(ALNUM, 20)),
    "opsgenie": within("Authorization: Genie" + "Key ", uuid),
    "splunk": within("Authorization: Spl" + "unk ", uuid),
    "okta": within("Authorization: SS" + "WS ", of(WORD, 42)),
    "discord header": within("Authorization: Bo" + "t ", of(ALNUM + ".", 59)),
    "bearer": within("Authorization: Bear" + "er ", of(WORD, 40)),
    "bearer in JSON": within('{"Authorization": "Bear' + "er ", of(ALNUM, 32), '"}'),
    "bearer of hex": within("curl -H 'authorization: bear" + "er ", of(HEX, 40), "' https://x.example"),
    "basic": within("Authorization: Bas" + "ic ", basic),
    "sentry dsn": within("https://", of(HEX, 32), "@o4504.ingest.sentry.io/4505"),
    "curl -u": within("curl -u rob" + "ot:", of(ALNUM, 20), " https://x.example/api"),
    "curl --user": within("curl --user 'rob" + "ot:", human, "' https://x.example/api"),
    "postgres url": within("postgresql://app:", of(ALNUM, 16), "@db.internal:5432/app"),
    "mongo url": within("mongodb+srv://app:", of(ALNUM, 16), "@c0.ab1cd.mongodb.net/?retryWrites=true"),
    "redis url": within("redis://:", of(ALNUM, 24), "@cache:6379/0"),
    "amqp url": within("amqps://app:", human, "@mq:5671/v"),
    "git over https": within("https://oauth2:", of(ALNUM, 24), "@git.example.org/a/b.git"),
    "url with a slash in the password": within("mysql://root:", of(ALNUM + "/", 18), "@db/x"),
    "password=": within("pass" + "word=", human),
    "PASSWORD:": within("PASS" + "WORD: ", human),
    "password in YAML": within("  pass" + 'word: "', human, '"'),
    "password in JSON": within('{"user": "app", "pass' + 'word": "', human, '"}'),
    "password in escaped JSON": within('"{\\"pass' + 'word\\": \\"', of(ALNUM, 14), '\\"}"'),
    "exported password": within("export DB_PASS" + "WORD='", human, "'"),
    "weak password in the environment": within("POSTGRES_PASS" + "WORD=", of("aeioubrtns", 12)),
    "password of a DSN": within("host=db user=app pass" + "word=", of(ALNUM, 12), " dbname=app"),
    "ado connection string": within("Server=db;User Id=sa;Pass" + "word=", human, ";Encrypt=True"),
    "jdbc": within("jdbc:sqlserver://db;user=sa;pass" + "word=", of(ALNUM, 14), ";encrypt=true"),
    "flag": within("deploy --pass" + "word ", human, " --yes"),
    "flag with =": within("deploy --api-" + "key=", of(ALNUM, 24), " --yes"),
    "api_key": within("api_" + 'key = "', of(ALNUM, 32), '"'),
    "apiKey": within("{ api" + "Key: '", of(ALNUM, 24), "' }"),
    "client_secret": within("client_" + 'secret: "', of(ALNUM + "~", 32), '"'),
    "client secret in a query": within("grant_type=x&client_" + "secret=", of(ALNUM, 32), "&scope=y"),
    "access_token": within('"access_' + 'token": "', of(WORD, 40), '",'),
    "refresh_token": within("refresh_" + "token=", of(WORD, 40)),
    "secret_key": within("SECRET_" + 'KEY = "', of(ALNUM + "!#%&*+=", 50), '"'),
    "rails": within("secret_key_" + "base: ", of(HEX, 128)),
    "laravel": within("APP_" + "KEY=base64:", of(BASE64, 43), "="),
    "jwt secret": within("JWT_" + "SECRET=", of(ALNUM, 32)),
    "netrc": within("machine api.example.org login robot pass" + "word ", of(ALNUM, 20)),
    "pgpass": within("db.internal:5432:app:rob" + "ot:", of(ALNUM, 16)),
    "npmrc": within("//packages.example/:_auth" + "Token=", uuid),
    "session cookie": within("Set-Cookie: sess" + "ion=", of(WORD, 40), "; Path=/; HttpOnly"),
    "cookie header": within("Cookie: theme=dark; connect.s" + "id=s%3A", of(ALNUM, 32)),
    "php session": within("PHPSESS" + "ID=", of(LOWER + DIGITS, 26)),
    "otp": within("otpauth://totp/A:b?sec" + "ret=", of(UPPER + "234567", 32), "&issuer=A"),
    "wireguard": within("Private" + "Key = ", of(BASE64, 43), "="),
    "kubeconfig token": within("    to" + "ken: ", jwt),
    "kubernetes env": within("- name: DB_PASS" + 'WORD\n  value: "', human, '"'),
    "app settings": within('<add key="Api' + 'Key" value="', of(ALNUM, 24), '" />'),
    "xml": within("<pass" + "word>", of(ALNUM, 14), "</password>"),
    "table": within("| pass" + "word | ", of(ALNUM, 14), " |"),
    "bold": within("- **API " + "key:** ", of(ALNUM, 32)),
    "backticks": within("`DB_PASS" + "WORD` = `", human, "`"),
    "prose": within("The pass" + "word is ", human, " for now."),
    "prose with the key": within("I used the Datadog API " + "key ", of(HEX, 32), " for this."),
    "below its name": within("Pass" + "word:\n\n```\n", human, "\n```\n"),
    "mysql -p": within("mysql -u root -p", of(ALNUM, 14), " app"),
    "sshpass": within("sshpass -p '", human, "' ssh root@host"),
    "docker login": within("docker login -u robot -p ", of(ALNUM, 24), " registry.example.org"),
    "redis-cli": within("redis-cli -h cache -a ", of(ALNUM, 24), " ping"),
    "sql": within("CREATE USER app IDENTIFIED BY '", human, "';"),
    "vault token": within("X-Vault-" + "Token: ", of(ALNUM, 26)),
    "gitlab header": within("PRIVATE-" + "TOKEN: ", of(ALNUM, 20)),
    "algolia": within("X-Algolia-API-" + "Key: ", of(HEX, 32)),
    "japanese": within("パスワード：", of(ALNUM, 12), "です"),
    "notion cookie": within("token" + "_v2=v03%3A", of(WORD, 120)),
    "property in code": within("client.pass" + 'word = "', human, '"'),
    "helm": within("--set auth.root" + "Password=", of(ALNUM, 16)),
    "dockerfile": within("ENV API_" + "TOKEN ", of(ALNUM, 32)),
    "ldapsearch -w": within("ldapsearch -x -D cn=admin -w ", human, " -b dc=x"),
    "cqlsh -p": within("cqlsh -u app -p ", human, " host"),
    "twine -p": within("twine upload -u __token__ -p ", of(ALNUM, 40), " dist/*"),
    "zip -P": within("zip -e -P ", human, " a.zip b"),
    "sqlplus": within("sqlplus app/", of(ALNUM, 14), "@db"),
    "sudo from a string": within("sudo -S -k <<< '", human, "' true"),
    "echo to sudo": within("echo '", human, "' | sudo -S apt update"),
    "auth of requests": within("requests.get(url, auth=('app', '", human, "'))"),
    "HTTPBasicAuth": within('HTTPBasicAuth("app", "', human, '")'),
    "redis.conf": within("require" + "pass ", human),
    "keytool": within("keytool -store" + "pass ", human, " -list"),
    "DB_PW": within("DB_" + "PW=", human),
    "vault approle": within("role_id=x secret" + "_id=", uuid),
    "vault unseal key": within("Unseal Key " + "1: ", of(BASE64, 43), "="),
    "typed by a browser": within("page.locator('#pass" + "word').fill('", human, "')"),
    "typed by an agent": within('{"element": "Pass' + 'word field", "ref": "e12", "text": "', human, '"}'),
    "filled in by an agent": within('{"name": "Pass' + 'word", "type": "textbox", "value": "', human, '"}'),
    "fallback": within("process.env.DB_PASS" + 'WORD ?? "', human, '"'),
    "prose of a change": within("The pass" + "word was changed to ", human, "."),
    "zapier mcp": within("https://mcp.zapier.com/api/" + "mcp/s/", of(WORD, 60), "/mcp"),
    "gocardless": within("GC: li" + "ve_", of(ALNUM + "_-", 40)),
    "github actions echo": within('echo "::add-mask::x" && TO' + 'KEN="', of(HEX, 40), '"'),
}
"""Secrets that are known by the place where they stand."""

ALL = {
    **{f"look: {name}": make for name, make in LOOK.items()},
    **{f"place: {n}": m for n, m in PLACE.items()},
}

WRAPPINGS: Mapping[str, Callable[[str], str]] = {
    "nothing": lambda text: text,
    "backticks": lambda text: f"`{text}`",
    "bold": lambda text: f"**{text}**",
    "italics": lambda text: f"_{text}_",
    "a table": lambda text: f"| key | {text} | x |",
    "double quotes": lambda text: f'"{text}"',
    "single quotes": lambda text: f"'{text}'",
    "Japanese quotes": lambda text: f"トークン「{text}」です",
    "Japanese without a space": lambda text: f"値は{text}でした",
    "a link": lambda text: f"[here](https://example.org/?q={text})",
    "an autolink": lambda text: f"<https://example.org/{text}>",
    "an HTML attribute": lambda text: f'<a data-x="{text}">x</a>',
    "a heading": lambda text: f"# Execution Log: {text}",
    "a tool line": lambda text: f"- Bash: exported {text}, then ran",
    "a file name": lambda text: f"2026-01-10-{text}.md",
    "a fence": lambda text: f"```sh\n{text}\n```",
    "a quotation": lambda text: f"> {text}",
    "a JSON string": lambda text: json.dumps({"out": f"line\n{text}\n"}),
    "JSON in JSON": lambda text: json.dumps({"out": json.dumps({"in": f"\t{text}\n"})}),
    "a URL": lambda text: f"https://example.org/?next={quote(f'/a?t={text}&b', safe='')}",
    "a colour": lambda text: f"\x1b[32m{text}\x1b[0m",
    "escaped markdown": lambda text: text.replace("_", r"\_").replace("-", r"\-").replace(".", r"\."),
    "an HTML entity": lambda text: f"x=&quot;{text}&quot;",
    "a comment": lambda text: f"// {text}",
    "the end of a sentence": lambda text: f"It was {text}.",
    "brackets": lambda text: f"({text})",
    "an assignment": lambda text: f"X={text};",
    "a diff": lambda text: f"+{text}",
}


def leaks(text: str, secret: str) -> list[str]:
    """Return what is left of a secret: every part of eight characters."""
    return [secret[at : at + 8] for at in range(len(secret) - 7) if secret[at : at + 8] in text]


@pytest.mark.parametrize("kind", ALL)
def test_every_kind_of_secret_is_taken_out_whole(kind: str) -> None:
    """No part of eight characters of any kind of secret gets through, in any of fifty samples."""
    for seed in range(50):
        text, secret = ALL[kind](random.Random(seed))  # noqa: S311 - samples, not keys
        redacted = redact(f"Before.\n{text}\nAfter.")
        assert not leaks(redacted.text, secret), (seed, text, redacted.text)
        assert redacted.text.startswith("Before.\n")
        assert redacted.text.endswith("\nAfter.")
        assert redacted.counts


@pytest.mark.parametrize("wrapping", WRAPPINGS)
def test_no_wrapping_hides_a_secret(wrapping: str) -> None:
    """A secret is found in backticks, links, JSON, escapes, titles and file names alike."""
    for kind, make in LOOK.items():
        for seed in range(5):
            text, secret = make(random.Random(seed))  # noqa: S311 - samples, not keys
            wrapped = WRAPPINGS[wrapping](text)
            redacted = redact(wrapped)
            assert not leaks(redacted.text, secret), (kind, wrapped, redacted.text)
            assert redacted.text.count("\n") == wrapped.count("\n")


@pytest.mark.parametrize(
    "wrapping", ["backticks", "bold", "a tool line", "a fence", "Japanese quotes", "a diff"]
)
def test_no_wrapping_hides_the_name_of_a_secret(wrapping: str) -> None:
    """What is known by its name is found by it in the markdown of a log, too."""
    for kind, make in PLACE.items():
        for seed in range(5):
            text, secret = make(random.Random(seed))  # noqa: S311 - samples, not keys
            assert (
                "\n" in text or kind == "pgpass" or not leaks(redact(WRAPPINGS[wrapping](text)).text, secret)
            ), text


@given(
    kinds=st.lists(st.sampled_from(sorted(ALL)), min_size=1, max_size=6),
    wrapping=st.sampled_from(sorted(WRAPPINGS)),
    noise=st.text(max_size=40),
    seed=st.integers(0, 10**6),
)
def test_what_was_redacted_stays_as_it_is(kinds: list[str], wrapping: str, noise: str, seed: int) -> None:
    """Redacting twice is redacting once, lines stay where they are, and the counts add up to the marks."""
    rng = random.Random(seed)  # noqa: S311 - samples, not keys
    text = "\n".join(WRAPPINGS[wrapping](ALL[kind](rng)[0]) + noise for kind in kinds)
    once = redact(text)
    twice = redact(once.text)
    assert twice.text == once.text
    assert not twice.counts
    assert once.text.count("\n") == text.count("\n")
    assert sum(once.counts.values()) >= once.text.count("[REDACTED:") - text.count("[REDACTED:")


@given(
    text=st.text(
        alphabet=st.sampled_from("ab09AZ_-.:/=+@\"'`\\\n |%&;<>[]()$ \u0130キtokenpassword"), max_size=300
    )
)
def test_any_text_can_be_redacted(text: str) -> None:
    """Whatever the text, there is an answer, with the same lines, and it stays as it is."""
    once = redact(text)
    assert once.text.count("\n") == text.count("\n")
    assert redact(once.text).text == once.text


def test_the_counts_say_what_was_found() -> None:
    """Each rule is counted, a secret that two rules know once."""
    rng = random.Random(1)  # noqa: S311 - samples, not keys
    first, second = LOOK["github classic"](rng)[0], LOOK["github classic"](rng)[0]
    token = LOOK["jwt"](rng)[0]
    redacted = redact(f"TOKEN={first}\n{second}\nAuthorization: Bearer {token}\n")
    assert redacted.counts == {"github-token": 2, "jwt": 1}
    assert redacted.text == (
        "TOKEN=[REDACTED:github-token]\n[REDACTED:github-token]\nAuthorization: Bearer [REDACTED:jwt]\n"
    )


@pytest.mark.parametrize("sign", ["\u200b", "\u200d", "\u202e", "\u2066", "\u180e", "\u00ad", "\x00", "\x08"])
def test_no_sign_that_nobody_sees_hides_a_secret(sign: str) -> None:
    """Such a sign is lost when somebody copies the text, and the secret is whole again."""
    token = f"ghp_{'a1B2c3D4e5' * 4}"[:40]
    redacted = redact(f"It was {token[:12]}{sign}{token[12:]} then")
    assert redacted.text.startswith("It was ")
    assert redacted.text.endswith(" then")
    assert token[12:] not in redacted.text


@pytest.mark.parametrize("name", ["DB_PASSWORD=", "I ran PGPASSWORD=", "login=shop password="])
@pytest.mark.parametrize("words", ["pg_dump shop and it worked", "psql -h db -U app -c 'select 1'"])
def test_the_words_behind_a_secret_are_none(name: str, words: str) -> None:
    """A name has one value: what follows it does not become the value once that is taken out."""
    secret = of(ALNUM, 20)(random.Random(4))  # noqa: S311 - samples, not keys
    assert redact(f"{name}{secret} {words}").text == f"{name}[REDACTED:password] {words}"


def test_what_stands_around_a_secret_stays() -> None:
    """Names, quotes, user, host and the rest of an address are kept."""
    rng = random.Random(2)  # noqa: S311 - samples, not keys
    secret = of(ALNUM, 20)(rng)
    assert redact(f"postgres://app:{secret}@db:5432/x?sslmode=on").text == (
        "postgres://app:[REDACTED:url-password]@db:5432/x?sslmode=on"
    )
    assert redact(f'{{"pass{"word"}": "{secret}", "a": 1}}').text == (
        f'{{"pass{"word"}": "[REDACTED:password]", "a": 1}}'
    )
