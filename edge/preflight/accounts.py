"""Whose accounts a change reaches, shown before it is planned."""

from rich.table import Table

from environments.checked import Environment


def accounts(environment: Environment) -> Table:
    """Show which accounts a change of the environment reaches, by which sign-in, and what they hold of it."""
    table = Table("account", "id", "signed in by", "holds", title=f"{environment.name} changes these accounts")
    for name, account in environment.accounts.items():
        zones = [zone for zone, declared in environment.zones.items() if declared.account == name]
        holds = [*zones, *(["the platform"] if environment.platform.account == name else [])]
        signed_in = account.role_arn or f"profile {account.profile}"
        table.add_row(name, account.id, signed_in, ", ".join(holds))
    return table
