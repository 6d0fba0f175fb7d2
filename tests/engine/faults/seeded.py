"""The faults that `tests/engine/test_verify.py` names one by one, as rows: most of them cut clients off.

The first line that fails is judged there; here they count, with their severity.
"""

from edge.verify.severity import Severity
from tests.engine.faults.fault import Change, Fault
from tests.engine.mutations import instances, listeners, names

_OUTAGE, _PART, _LATENT, _SECURITY = Severity.OUTAGE, Severity.PART, Severity.LATENT, Severity.SECURITY
_ROWS: list[tuple[Change, Severity, str]] = [
    (names.host_record_missing, _OUTAGE, "resolves"),
    (names.short_host_missing, _OUTAGE, "resolves"),
    (names.wildcard_record_missing, _OUTAGE, "resolves"),
    (names.cname_to_a_wrong_name, _OUTAGE, "resolves"),
    (names.cname_loop, _OUTAGE, "resolves"),
    (names.alias_to_another_load_balancer, _OUTAGE, "resolves"),
    (names.caa_forbids_amazon, _LATENT, "CAA"),
    (names.caa_forbids_wildcards, _LATENT, "CAA"),
    (names.delegation_to_other_name_servers, _OUTAGE, "delegation"),
    (names.delegation_missing, _OUTAGE, "delegation"),
    (names.a_second_zone_of_the_same_name, _OUTAGE, "delegation"),
    (names.validation_record_gone, _LATENT, "renewal"),
    (names.validation_record_with_another_value, _LATENT, "renewal"),
    (listeners.no_sni_certificate, _OUTAGE, "certificate"),
    (listeners.certificate_without_the_short_host, _OUTAGE, "certificate"),
    (listeners.expired_certificate, _OUTAGE, "TLS"),
    (listeners.certificate_about_to_expire, _LATENT, "expiry"),
    (listeners.certificate_that_acm_does_not_renew, _LATENT, "issued"),
    (listeners.no_redirect, _PART, "redirect"),
    (listeners.redirect_to_another_host, _PART, "redirect"),
    (listeners.redirect_to_the_front_page, _PART, "redirect"),
    (listeners.no_listener_on_port_80, _PART, "redirect"),
    (listeners.wrong_host_in_the_rule, _OUTAGE, "routing"),
    (listeners.rule_to_another_service, _OUTAGE, "routing"),
    (listeners.rule_shadowed_by_a_higher_priority, _OUTAGE, "routing"),
    (listeners.another_document_on_the_short_host, _PART, "OAuth discovery"),
    (listeners.callback_missing, _OUTAGE, "sign-in"),
    (listeners.sign_in_as_another_client, _OUTAGE, "sign-in"),
    (listeners.no_sign_in, _SECURITY, "sign-in"),
    (instances.targets_deregistered, _OUTAGE, "targets"),
    (instances.instances_stopped, _OUTAGE, "targets"),
    (instances.target_group_on_another_port, _OUTAGE, "routing"),
    (instances.missing_egress_rule, _OUTAGE, "firewall"),
    (instances.missing_ingress_rule, _OUTAGE, "firewall"),
    (instances.closed_to_clients, _OUTAGE, "TLS"),
    (instances.no_way_to_the_identity_provider, _OUTAGE, "firewall"),
    (instances.health_500, _OUTAGE, "health"),
    (instances.discovery_404, _PART, "OAuth discovery"),
    (instances.discovery_as_html, _PART, "OAuth discovery"),
    (instances.discovery_not_json, _PART, "OAuth discovery"),
    (instances.discovery_a_list, _PART, "OAuth discovery"),
    (instances.wrong_issuer, _PART, "OAuth discovery"),
    (instances.issuer_with_a_slash, _PART, "OAuth discovery"),
    (instances.issuer_over_http, _PART, "OAuth discovery"),
    (instances.token_endpoint_missing, _PART, "OAuth discovery"),
    (instances.token_endpoint_over_http, _PART, "OAuth discovery"),
]
FAULTS = [Fault(change.__name__.replace("_", " "), severity, check, change) for change, severity, check in _ROWS]
