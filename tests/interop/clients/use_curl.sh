set -eu
authority=https://login.microsoftonline.com/7a1c1f5e-3a53-4c8b-9b39-5f1d6f0c2e11
member() { sed "s/.*\"$1\":\"\([^\"]*\)\".*/\1/"; }

authorize=$(curl -sS "$authority/v2.0/.well-known/openid-configuration" | member authorization_endpoint)
token=$(curl -sS "$authority/oauth2/v2.0/token" \
  -d grant_type=client_credentials -d client_id=11111111-2222-4333-8444-555555555555 -d client_secret=x \
  --data-urlencode scope=https://graph.microsoft.com/.default | member access_token)
graph=$(curl -sS -o /dev/null -w '%{http_code}' https://graph.microsoft.com/v1.0/me -H "Authorization: Bearer $token")
printf '{"token": "%s", "authorize": "%s", "graph": %s}\n' "$token" "$authorize" "$graph"
