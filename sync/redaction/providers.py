"""The secrets of the common providers: how each begins and what follows.

Sources: the providers' own documentation of their key formats. Lengths are lower bounds below what is issued,
so that a longer or a cut one is found too; the end is where the alphabet ends.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Format:
    """A secret with a beginning of its own.

    Attributes:
        rule: Its id.
        prefix: How it begins, in exactly these letters.
        tail: What follows; a group `secret` is what is taken out, else the whole is.
        apart: The beginning is so common that it may not be a later part of a name either.
    """

    rule: str
    prefix: str
    tail: re.Pattern[str]
    apart: bool = False


_A: Final = "[A-Za-z0-9]"
_W: Final = "[A-Za-z0-9_-]"
_B: Final = "[A-Za-z0-9+/_=-]"
_H: Final = "[0-9a-fA-F]"
_UUID: Final = rf"{_H}{{8}}(?:-{_H}{{4}}){{3}}-{_H}{{12}}"

# rule, beginnings, what follows
_APARTNESS_NOT_NEEDED: Final = (
    ("notion-token", "ntn_ secret_", rf"{_A}{{20,}}"),
    ("notion-token", "v02%3Auser_token_or_cookies%3A v03%3A", r"[\w%-]{20,}"),
    ("github-token", "ghp_ gho_ ghu_ ghs_ ghr_", rf"{_A}[A-Za-z0-9._-]{{25,}}"),
    ("github-token", "github_pat_", r"[A-Za-z0-9_]{22,}"),
    (
        "gitlab-token",
        "glpat- gldt- glrt- glrtr- glcbt- glptt- glft- glimt- glagent- glsoat- gloas- glffct- glwt-",
        r"[\w-]{16,}(?:\.[\w-]+){0,3}",
    ),
    ("gitlab-token", "GR1348941", rf"{_W}{{20,}}"),
    ("bitbucket-token", "BBDC-", rf"{_B}{{36,}}"),
    ("bitbucket-token", "ATBB ATCTT3x", rf"{_B}{{24,}}"),
    ("atlassian-token", "ATATT3x ATSTT3x ATOTT3x", rf"{_B}{{20,}}"),
    ("aws-access-key-id", "AKIA ASIA ABIA ACCA", r"[A-Z0-9]{16}(?![A-Za-z0-9])"),
    ("aws-session-token", "IQoJb3JpZ2lu FwoGZXIvYXdz FQoGZXIvYXdz FQoDYXdz", r"[A-Za-z0-9+/=_%-]{40,}"),
    ("aws-bedrock-key", "ABSKQmVkcm9ja bedrock-api-key-", rf"{_B}{{30,}}"),
    ("gcp-api-key", "AIza", rf"{_W}{{30,}}"),
    ("google-oauth-secret", "GOCSPX-", rf"{_W}{{20,}}"),
    ("google-oauth-token", "ya29.", r"[A-Za-z0-9._-]{20,}"),
    ("google-refresh-token", "1//0", rf"{_W}{{30,}}"),
    ("asana-token", "1/ 2/", r"[0-9]{10,}(?:/[0-9]+)?:[0-9a-f]{24,}"),
    (
        "slack-token",
        "xoxb- xoxp- xoxa- xoxo- xoxr- xoxs- xoxc- xoxd- xoxe- xoxe.xoxb- xoxe.xoxp- xapp-",
        r"[A-Za-z0-9%+/=-]{10,}",
    ),
    (
        "slack-webhook",
        "hooks.slack.com/",
        r"(?:services|workflows|triggers)/(?P<secret>[A-Za-z0-9/_-]{20,})",
    ),
    ("discord-webhook", "/api/webhooks/", r"(?P<secret>[0-9]{15,21}/[A-Za-z0-9_-]{40,})"),
    ("teams-webhook", "webhook.office.com/", r"webhookb2/(?P<secret>[A-Za-z0-9@/_-]{40,})"),
    (
        "zapier-webhook",
        "hooks.zapier.com/hooks/",
        r"(?:catch|standard)/(?P<secret>[0-9]{4,}/[A-Za-z0-9/]{5,})",
    ),
    (
        "ifttt-webhook",
        "maker.ifttt.com/trigger/",
        r"[^/\s]{1,80}/(?:json/)?with/key/(?P<secret>[A-Za-z0-9_-]{16,})",
    ),
    ("zapier-mcp", "mcp.zapier.com/api/mcp/", r"[a-z]/(?P<secret>[A-Za-z0-9=_-]{20,})"),
    ("feishu-webhook", "/open-apis/bot/v2/hook/", r"(?P<secret>[A-Za-z0-9-]{20,})"),
    ("make-webhook", ".make.com/", r"(?P<secret>[a-z0-9]{28,40})(?![A-Za-z0-9/-])"),
    (
        "private-calendar",
        "calendar.google.com/calendar/ical/",
        r"[^/\s]{1,120}/private-(?P<secret>[0-9a-f]{20,})",
    ),
    ("stripe-key", "sk_live_ sk_test_ rk_live_ rk_test_ sk_org_", r"[A-Za-z0-9_]{10,}"),
    ("stripe-webhook-secret", "whsec_", r"[A-Za-z0-9+/=]{20,}"),
    ("square-token", "sq0atp- sq0csp- sq0csb- EAAAE EAAAl", rf"{_W}{{20,}}"),
    ("braintree-token", "access_token$", r"(?:production|sandbox)\$[0-9a-z]{12,}\$[0-9a-f]{20,}"),
    ("shopify-token", "shpat_ shpss_ shpca_ shppa_ shpua_ shptka_", rf"{_A}{{20,}}"),
    ("twilio-key", "AC", r"[0-9a-f]{32}[:/ ,]{1,3}(?P<secret>[0-9a-f]{32})(?![0-9A-Za-z])"),
    ("sendgrid-key", "SG.", r"[\w-]{16,32}\.[\w-]{16,}"),
    ("brevo-key", "xkeysib- xsmtpsib-", r"[0-9a-f]{40,}(?:-\w+)?"),
    ("resend-key", "re_", r"[A-Za-z0-9]{6,}_[A-Za-z0-9]{18,}"),
    ("anthropic-key", "sk-ant-", rf"{_W}{{20,}}"),
    ("openai-key", "sk-proj- sk-svcacct- sk-admin- sk-None- sk-or-v1- sk-lf- sk-user-", rf"{_W}{{20,}}"),
    ("openai-key", "sk-", rf"(?=[A-Za-z-]*[0-9_]){_W}{{20,}}"),
    ("huggingface-token", "hf_ api_org_", rf"{_A}{{28,}}"),
    ("replicate-token", "r8_", rf"{_A}{{30,}}"),
    ("groq-key", "gsk_", rf"{_A}{{30,}}"),
    ("xai-key", "xai-", rf"{_A}{{40,}}"),
    ("perplexity-key", "pplx-", rf"{_A}{{32,}}"),
    ("nvidia-key", "nvapi-", rf"{_W}{{40,}}"),
    ("langsmith-key", "lsv2_pt_ lsv2_sk_ ls__", r"[A-Za-z0-9_]{24,}"),
    ("tavily-key", "tvly-", rf"{_W}{{20,}}"),
    ("pinecone-key", "pcsk_", r"[A-Za-z0-9_]{30,}"),
    ("together-key", "tgp_v1_", rf"{_W}{{30,}}"),
    ("fireworks-key", "fw_", r"[A-Za-z0-9]{22,}"),
    ("cerebras-key", "csk-", r"[a-z0-9]{30,}"),
    ("wandb-key", "wandb_v1_", r"\w{30,}"),
    ("jina-key", "jina_", r"[A-Za-z0-9_-]{30,}"),
    ("firecrawl-key", "fc-", r"[0-9a-f]{32}(?![A-Za-z0-9])"),
    ("elevenlabs-key", "sk_", r"[0-9a-f]{40,}"),
    ("e2b-key", "e2b_", r"[0-9a-f]{32,}"),
    ("secret-key", "sk_", rf"(?:[a-z0-9]{{2,8}}_)?(?=[A-Za-z]*[0-9]){_A}{{22,}}"),
    ("openai-session", "sess-", rf"(?=[A-Za-z]*[0-9]){_A}{{36,}}"),
    ("gemini-key", "AQ.Ab", rf"{_W}{{30,}}"),
    ("brave-key", "BSA", r"(?=[\w-]*[0-9])(?=[\w-]*[a-z])[\w-]{24,32}(?![\w-])"),
    ("context7-key", "ctx7sk-", rf"{_W}{{20,}}"),
    ("browserbase-key", "bb_live_", rf"{_W}{{20,}}"),
    ("daytona-key", "dtn_", r"[0-9a-f]{40,}"),
    ("devin-key", "cog_", r"(?=[a-zA-Z]*[0-9])[A-Za-z0-9]{32,}"),
    ("trigger-key", "tr_dev_ tr_prod_ tr_stg_ tr_pat_", rf"{_A}{{16,}}"),
    ("runpod-key", "rpa_", r"[A-Z0-9a-z]{30,}"),
    ("anyscale-key", "esecret_", rf"{_A}{{20,}}"),
    ("linear-key", "lin_api_ lin_oauth_ lin_wh_", rf"{_A}{{24,}}"),
    ("figma-token", "figd_ figu_ figo_ figoh_ figor_", rf"{_W}{{24,}}"),
    ("typeform-token", "tfp_", r"[\w.=-]{30,}"),
    ("clickup-token", "pk_", r"[0-9]{5,12}_[A-Z0-9]{20,}"),
    ("postman-key", "PMAK-", r"[0-9a-f]{20,}-[0-9a-f]{20,}"),
    ("contentful-token", "CFPAT-", rf"{_W}{{30,}}"),
    ("hubspot-token", "pat-na1- pat-na2- pat-eu1- pat-ap1-", rf"{_UUID}"),
    ("klaviyo-key", "pk_", r"[0-9a-f]{34}(?![0-9A-Za-z])"),
    ("posthog-key", "phx_ phs_ pha_ phr_", rf"{_A}{{30,}}"),
    ("dropbox-token", "sl.", r"(?:u\.)?[A-Za-z0-9_-]{60,}(?:\.[A-Za-z0-9_-]+)*"),
    ("new-relic-key", "NRAK- NRII- NRIQ- NRSP- NRJS- NRRA- NRAA-", rf"{_W}{{16,}}"),
    ("sentry-token", "sntrys_ sntryu_ sntryi_ sntrya_", r"[A-Za-z0-9+/=_-]{30,}"),
    ("grafana-token", "glsa_ glc_ glsat_", r"[A-Za-z0-9+/=_-]{28,}"),
    ("grafana-token", "eyJrIjoi", r"[A-Za-z0-9+/=]{50,}"),
    ("honeycomb-key", "hcaik_ hcalk_ hcxik_ hcxlk_ hcamk_ hcxmk_", r"[A-Za-z0-9]{24,}"),
    ("datadog-key", "ddapi_ ddapp_ ddpat_ pub_dd", rf"{_A}{{24,}}"),
    ("dynatrace-token", "dt0c01. dt0s01. dt0s02. dt0s16.", r"[A-Z0-9]{8,}\.[A-Z0-9]{20,}"),
    ("launchdarkly-key", "sdk- api-", rf"{_UUID}(?![0-9A-Za-z])"),
    ("snyk-token", "snyk_uat. snyk_sat.", r"[\w.-]{30,}"),
    ("sonar-token", "sqp_ squ_ sqa_", r"[0-9a-f]{30,}"),
    ("circleci-token", "CCIPAT_ CCIPRJ_", r"\w{16,}"),
    ("buildkite-token", "bkua_ bkaj_ bkat_", r"[0-9a-f]{30,}"),
    ("npm-token", "npm_", rf"{_A}{{30,}}"),
    ("pypi-token", "pypi-", rf"{_W}{{40,}}"),
    ("ruby-key", "rubygems_", r"[0-9a-f]{40,}"),
    ("nuget-key", "oy2", r"[a-z0-9]{43}(?![A-Za-z0-9])"),
    ("crates-token", "cio", r"[A-Za-z0-9]{32}(?![A-Za-z0-9])"),
    ("clojars-token", "CLOJARS_", r"[0-9a-f]{40,}"),
    ("docker-login", "eyJhdXRocyI6", r"[A-Za-z0-9+/=_-]{20,}"),
    ("docker-token", "dckr_pat_ dckr_oat_", rf"{_W}{{20,}}"),
    ("artifactory-key", "AKCp cmVmdGtu", r"[A-Za-z0-9]{50,}"),
    ("vault-token", "hvs. hvb. hvr.", rf"{_W}{{20,}}"),
    ("pulumi-token", "pul-", r"[0-9a-f]{40}"),
    (
        "doppler-token",
        "dp.pt. dp.ct. dp.st. dp.sa. dp.said. dp.scim. dp.audit. dp.rt.",
        r"[A-Za-z0-9._-]{20,}",
    ),
    ("onepassword-token", "ops_ey", rf"{_B}{{60,}}"),
    ("age-secret-key", "AGE-SECRET-KEY-1", r"[A-Za-z0-9]{40,}"),
    ("age-secret-key", "AGE-SECRET-KEY-PQ-1", r"[A-Za-z0-9]{40,}"),
    ("digitalocean-token", "dop_v1_ doo_v1_ dor_v1_", r"[0-9a-f]{40,}"),
    ("heroku-key", "HRKU-", rf"{_W}{{30,}}"),
    ("vercel-token", "vcp_ vck_ vci_ vca_ vcr_ vercel_blob_rw_", r"[A-Za-z0-9_]{20,}"),
    ("netlify-token", "nfp_ nfc_ nfo_ nfu_ nfb_", rf"{_A}{{28,}}"),
    ("fly-token", "fm1r_ fm1a_ fm2_ fo1_", r"[A-Za-z0-9+/=_,-]{30,}"),
    ("deno-token", "ddp_ ddo_ ddw_", rf"{_A}{{30,}}"),
    ("val-town-token", "vtwn_", rf"{_A}{{24,}}"),
    ("cloudflare-tunnel", "eyJhIjoi", r"[A-Za-z0-9+/=]{60,}"),
    ("render-key", "rnd_", rf"{_A}{{24,}}"),
    ("cloudflare-key", "v1.0-", r"[0-9a-f]{20,}-[0-9a-f]{60,}"),
    ("cloudflare-token", "cfut_ cfat_ cfk_", rf"{_W}{{30,}}"),
    ("supabase-key", "sbp_ sbp_oauth_ sb_secret_", rf"{_W}{{20,}}"),
    ("neon-key", "napi_", rf"(?=[A-Za-z]*[0-9]){_A}{{10,}}"),
    ("neon-key", "npg_", rf"{_A}{{10,}}"),
    ("planetscale-token", "pscale_tkn_ pscale_pw_ pscale_oauth_", r"[\w=.-]{24,}"),
    ("databricks-token", "dapi", r"[0-9a-f]{32}(?:-[0-9]+)?"),
    ("databricks-token", "dose dkea", r"[0-9a-f]{32}(?![0-9a-zA-Z])"),
    ("tailscale-key", "tskey-", r"(?:auth-|api-|client-|scim-|webhook-)?[A-Za-z0-9-]{20,}"),
    ("plaid-token", "access-sandbox- access-development- access-production- public-token-", rf"{_UUID}"),
    ("lob-key", "live_ test_", r"(?:pub_)?[0-9a-f]{30,}"),
    # Tests are called `test_…`, too: what has few digits and no letter behind one is a name.
    (
        "gocardless-token",
        "live_ test_",
        r"(?=[\w-]*[0-9][\w-]*[0-9])(?=[\w-]*[A-Z])(?=[\w-]*[a-z])(?=[\w-]*[0-9][A-Za-z])[\w-]{36,}",
    ),
    ("paddle-key", "pdl_live_apikey_ pdl_sdbx_apikey_", r"\w{30,}"),
    ("stytch-secret", "secret-live- secret-test-", r"(?=[A-Za-z_-]*[0-9])[\w=-]{30,}"),
    ("mailersend-key", "mlsn.", r"[0-9a-f]{40,}"),
    ("discord-token", "mfa.", rf"{_W}{{60,}}"),
    ("riot-key", "RGAPI-", rf"{_UUID}"),
    ("shippo-token", "shippo_live_ shippo_test_", r"[0-9a-f]{30,}"),
    ("easypost-key", "EZAK EZTK", r"[A-Za-z0-9]{40,}"),
    ("flutterwave-key", "FLWSECK-", r"[A-Za-z0-9-]{12,}"),
    ("flutterwave-key", "FLWSECK_TEST-", r"[A-Za-z0-9-]{12,}"),
    ("duffel-token", "duffel_test_ duffel_live_", rf"{_W}{{30,}}"),
    ("readme-key", "rdme_", r"[a-z0-9]{40,}"),
    ("prefect-key", "pnu_ pnb_", rf"{_A}{{30,}}"),
    ("sourcegraph-token", "sgp_ slk_", r"[A-Za-z0-9_]{30,}"),
    ("facebook-token", "EAAC EAAM EAAG EAAB EAAD EAAJ EAAI EAAW", r"[A-Za-z0-9]{40,}"),
    ("instagram-token", "IGQV IGAA", rf"{_W}{{40,}}"),
    ("twitter-bearer", "AAAAAAAAAAAAAAAAAAAAA", r"[A-Za-z0-9%+/=]{30,}"),
    ("linkedin-secret", "WPL_AP1.", r"[A-Za-z0-9.+/=]{16,}"),
    ("yandex-key", "AQVN y0_ YCAJ YCMH YCNP YCPM", rf"{_W}{{34,}}"),
    ("alibaba-key", "LTAI", r"[A-Za-z0-9]{12,24}(?![A-Za-z0-9])"),
    ("tencent-key", "AKID", r"[A-Za-z0-9]{20,40}(?![A-Za-z0-9])"),
    ("mapbox-token", "sk.eyJ", r"[\w-]{20,}\.[\w-]{10,}"),
    ("django-secret", "django-insecure-", r"[^\s\"'`]{20,}"),
    ("trello-token", "ATTA", r"[0-9a-fA-F]{40,}"),
    ("apify-token", "apify_api_", rf"{_A}{{20,}}"),
    ("retool-token", "retool_", r"[a-z0-9]{20,}"),
    ("cal-key", "cal_live_ cal_test_", r"[a-z0-9]{20,}"),
    ("expo-key", "phc_secret_ expo_", r"[A-Za-z0-9]{30,}"),
    ("infracost-key", "ico-", r"[A-Za-z0-9]{32}(?![A-Za-z0-9])"),
    ("frameio-token", "fio-u-", rf"{_W}{{40,}}"),
    ("nostr-key", "nsec1", r"[a-z0-9]{50,}"),
    ("bitcoin-key", "xprv yprv zprv tprv", r"[A-Za-z0-9]{80,}"),
    ("azure-devops-token", "AZDO", r"[A-Za-z0-9]{20,}"),
    (
        "jwt",
        "eyJ",
        r"[\w-]{6,}\.(?:eyJ[\w-]{4,}(?:\.[\w-]*){0,4}|[\w-]{4,}\.[\w-]{4,}(?:\.[\w-]*){0,4}|\.[\w-]{10,}\.[\w-]{10,}\.[\w-]{10,})",
    ),
    ("jwt", "eyJhbGci eyJ0eXAi eyJraWQi", r"[\w-]{6,}\.[\w-]{16,}"),
    ("session-cookie", ".eJ", r"[\w-]{20,}\.[\w-]{6,}\.[\w-]{20,}"),
)

_APARTNESS_NEEDED: Final = (
    ("mailgun-key", "key-", r"[0-9a-f]{32}(?![0-9A-Za-z])"),
    ("twilio-key", "SK", r"[0-9a-f]{32}(?![0-9A-Za-z])"),
    ("vault-token", "s.", r"(?=[A-Za-z]*[0-9])(?=[a-z0-9]*[A-Z])[A-Za-z0-9]{24}(?![A-Za-z0-9_(])"),
    ("square-token", "EAAA", rf"{_W}{{56,}}"),
    ("asana-token", "0/", r"[0-9a-f]{32}(?![0-9A-Za-z])"),
    ("airtable-token", "pat", r"[A-Za-z0-9]{14}\.[0-9a-f]{40,}"),
    ("okta-token", "00", r"(?=[\w-]{0,39}[A-Z])(?=[\w-]{0,39}[a-z])[A-Za-z0-9_-]{40,}"),
    ("yandex-key", "t1.", r"[A-Z0-9a-z_-]+\.[A-Za-z0-9_=-]{60,}"),
    ("jenkins-token", "11", r"(?=[0-9]*[a-f])[0-9a-f]{32}(?![0-9A-Za-z])"),
    ("voyage-key", "pa-", r"(?=[A-Za-z_-]*[0-9])[\w-]{40,}"),
)


def _formats() -> Iterator[Format]:
    for apart, rows in ((False, _APARTNESS_NOT_NEEDED), (True, _APARTNESS_NEEDED)):
        for rule, prefixes, tail in rows:
            compiled = re.compile(tail, re.ASCII)
            for prefix in prefixes.split():
                yield Format(rule, prefix, compiled, apart)


FORMATS: Final = tuple(_formats())
