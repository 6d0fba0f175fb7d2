"""The options by which roles are derived, and their faults; `edge roles` and `edge bootstrap` take the same."""

import argparse
from collections.abc import Sequence

from edge.aws.sessions import ClientOf
from edge.cli.exits import BadInputError
from edge.roles import ids
from edge.roles.roles import Role, roles
from edge.roles.trust import is_repository
from environments import dns_names
from environments.checked import Environment
from environments.loader import shown_file
from environments.text import shown


def add(parser: argparse.ArgumentParser) -> None:
    """Add the options, but for --repository, of which each command says itself what it is for."""
    parser.add_argument(
        "--id", action="append", default=[], metavar="NAME=ID", help="the id of a zone, security group or user pool"
    )
    parser.add_argument(
        "--leaving", action="append", default=[], metavar="HOST", help="a host that the next deploy removes"
    )
    parser.add_argument(
        "--adopting",
        action="store_true",
        help="let the deploy after `edge adopt` tag what it takes over",
    )


def derived(environment: Environment, options: argparse.Namespace, client_of: ClientOf) -> list[Role]:
    """Derive the roles; raises BadInputError with one line for each fault of the options, or id that is not found."""
    leaving = checked_leaving(environment, options)
    ids_by_name = _ids(environment, options, leaving, client_of)
    return roles(environment, ids_by_name, leaving, adopting=options.adopting)


def checked_leaving(environment: Environment, options: argparse.Namespace) -> list[str]:
    """Give the hosts that leave as DNS takes them; raises BadInputError with every fault of the options."""
    leaving = {host: _fault_of_leaving(environment, host) for host in options.leaving}
    right = [dns_names.host_to_ascii(host) for host, fault in leaving.items() if fault is None]
    faults = [
        f"--id {option}: is not of the form NAME=ID; write one such as getorcha.com=Z0123456789ABC"
        for option in options.id
        if "=" not in option
    ]
    names = [option.partition("=")[0] for option in dict.fromkeys(options.id) if "=" in option]
    twice = dict.fromkeys(name for name in names if names.count(name) > 1)
    faults += [f"--id {name}=…: is given twice, with two ids; leave one of them out" for name in twice]
    faults += ids.checked(ids.wanted(environment, right), _given(options))
    faults += filter(None, leaving.values())
    if options.repository is not None and not is_repository(options.repository):
        faults.append(f"--repository {options.repository}: is not a repository on GitHub; write it as owner/name")
    if faults:
        raise BadInputError("\n".join(faults))
    return right


def _fault_of_leaving(environment: Environment, host: str) -> str | None:
    try:
        name = dns_names.host_to_ascii(host)
    except ValueError as error:
        return f"--leaving {host}: {shown(host)} {error}"
    if environment.find_zone(name) is None:
        zones = ", ".join(environment.zones)
        return f"--leaving {host}: lies in none of the declared zones; give a host of one of {zones}"
    return None


def _given(options: argparse.Namespace) -> dict[str, str]:
    return dict(option.split("=", 1) for option in options.id if "=" in option)


def _ids(
    environment: Environment, options: argparse.Namespace, leaving: Sequence[str], client_of: ClientOf
) -> dict[str, str]:
    things = ids.wanted(environment, leaving)
    found, faults = ids.found(environment, things, _given(options), client_of, shown_file(environment.name))
    if faults:
        raise BadInputError("\n".join(map(str, faults)))
    return found
