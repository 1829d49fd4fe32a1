"""Words that tell secrets from what only looks like one."""

from typing import Final

_PAIRS: Final = """
th he in er an re nd on en at ou ed ha to or it is hi es ng st ar te se me as al le nt ve ro ti ri li ea
ra co de ne ce io si ta el la ma ho ns us ic il ec et ac om pe ss tr ee no ch ca ot wi un pl pr ct po ut
ai rs sh ol em ge id im ow ll di oo ur ad su mo ke ev ay ag am ap ul ie ir ff fo fi sp up do da go cl bl
br cr ck ci gr ab ob op ex ey ry ty ly qu fa fe be ba bo bu by po pa pi na ni nu nc my va vi sc sk sl sm
sn so sy tu tw ud ue ui wa we wh wo ys os rd lo ig ld gh ht rk ks ts ds ms ps cs mp mb pt ft rt rn rm ph
gi ga gn dr
"""

_OPENERS: Final = """
api apikey secret secretkey access accesskey private privatekey account auth authkey encryption signing
master service app application consumer storage subscription shared preshared psk deploy license admin
integration ingest insert write functions function host webhook session hmac jwt ssh server sdk root
recovery decryption crypt cipher aes bot rest client team hash user security project global events
routing crypto appkey sas datadog dd heroku cloudflare fastly twilio cohere mistral openai anthropic
claude algolia mailgun sendgrid stripe notion okta auth pagerduty honeycomb rollbar postmark azure aws
gcp google github gitlab slack gemini groq deepgram assemblyai elevenlabs airtable asana figma linear
jira sentry grafana newrelic relic splunk vault consul snyk codecov npm pypi docker vercel netlify
supabase firebase plaid paypal square braintree shopify mailchimp zapier calendly mapbox maps weather
spotify twitter facebook discord telegram zendesk intercom segment amplitude mixpanel linode vultr
hetzner digitalocean rapidapi pinecone huggingface replicate perplexity xai together openrouter deepseek
snowflake databricks mongodb redis elastic confluent kafka postgres mysql n8n trello dropbox box
bitbucket atlassian opsgenie launchdarkly doppler infisical wireguard unseal
"""

_HARMLESS: Final = """
next page prev previous cursor continuation pagination sync max min total num count eos bos pad unk stop
mask sep cls special per prompt completion input output cached reasoning position public publishable pub
cache primary foreign partition sort row index idempotency dedupe grouping object column lookup unique
natural hotkey shortcut registry dictionary json yaml yml map type lexer syntax parser scanner keyword
"""

_NO_PASSWORDS: Final = """
null none nil true false undefined string str text bytes number integer int boolean bool object any
required optional hidden secret password passwd pass pwd passphrase token key field input label value
empty unset set missing invalid incorrect wrong expired masked encrypted hashed protected omitted
removed default auto prompt ask stdin file vault keyring generated random unknown todo tbd n/a user
username login reset forgot changed rotated correct valid basic bearer oauth varchar binary sensitive
write-only test yes
"""

COMMON_PAIRS: Final = frozenset(_PAIRS.split())
"""The pairs of letters that most of English is made of; random letters hit them one time in four."""

KEYS_THAT_OPEN: Final = frozenset(_OPENERS.split())
"""What stands before `key` when it is a secret."""

HARMLESS: Final = frozenset(_HARMLESS.split())
"""What stands before `key`, `token` and the like when it is none."""

NO_PASSWORDS: Final = frozenset(_NO_PASSWORDS.split())
"""What follows `password` and is none: a type, a state, a word of a form."""
