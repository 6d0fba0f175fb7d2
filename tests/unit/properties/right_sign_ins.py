"""Right ways to ask for a sign-in: none, the short form, and the table of either kind."""

from typing import Any

Content = dict[str, Any]

OIDC: Content = {
    "kind": "oidc",
    "issuer": "https://id.example.com",
    "authorization_endpoint": "https://id.example.com/oauth2/authorize",
    "token_endpoint": "https://api.example.com/oauth2/token",
    "user_info_endpoint": "https://api.example.com/oauth2/userinfo",
    "client_id": "0oa1-desk.apps/x",
    "client_secret_parameter": "/orcha/prod/desk/oidc-client-secret",
}
SIGN_INS: tuple[Content, ...] = (
    *({}, {}, {"login": True}, {"login": False}),
    {"sign_in": {"kind": "cognito"}},
    {"sign_in": {"kind": "cognito", "scope": "openid email", "session_timeout_seconds": 1}},
    {"sign_in": {"kind": "cognito", "session_cookie_name": "c" * 64, "on_unauthenticated_request": "deny"}},
    {"sign_in": OIDC},
    {"sign_in": {**OIDC, "issuer": "https://id.example.com/tenant-1/v2.0/", "scope": "profile openid https://x.y/z"}},
    {
        "sign_in": {
            **OIDC,
            "issuer": "https://a.co/" + "i" * 1011,
            "client_id": "x" * 255,
            "client_secret_parameter": "/x",
        }
    },
    {"sign_in": {**OIDC, "session_timeout_seconds": 604800, "on_unauthenticated_request": "allow"}},
    {"sign_in": {**OIDC, "client_secret_parameter": "/a" * 15, "session_cookie_name": "_"}},
    {"sign_in": {**OIDC, "client_secret_parameter": "/" + "p" * 1010}},
    {"sign_in": {**OIDC, "client_secret_parameter": "/x/aws/ssm"}},
)
