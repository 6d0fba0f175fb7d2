"""Breaches of routing and of ownership, made on purpose in a right environment of two services or more."""

from tests.unit.properties.additions import HOME, Content, add, primary, says, two

SIX = [f"{number}.{HOME}" for number in range(6)]


@says("priority")
def same_priority(content: Content) -> None:
    first, second = two(content)
    second["priority"] = first["priority"]


@says("priority 7002 is taken")
def second_priority_of_six_hosts(content: Content) -> None:
    add(content, "six", hosts=SIX, priority=7001)
    add(content, "one", priority=7002)


@says("AWS ends at 50000")
def second_priority_beyond_the_last(content: Content) -> None:
    add(content, "six", hosts=SIX, priority=50_000)


@says("a request for a.b.deep.new.example goes to any")
def wildcard_asked_first(content: Content) -> None:
    add(content, "any", hosts=[f"any.{HOME}", f"*.deep.{HOME}"], priority=7001)
    add(content, "one", hosts=[f"a.b.deep.{HOME}"], priority=7002)


@says("few declares")
def wider_wildcard_asked_first(content: Content) -> None:
    add(content, "any", hosts=[f"any.{HOME}", f"*.deep.{HOME}"], priority=7001)
    add(content, "few", hosts=[f"few.{HOME}", f"*.b.deep.{HOME}"], priority=7002)


@says("a request for sixth.deep.new.example goes to any")
def second_rule_asked_after_a_wildcard(content: Content) -> None:
    """Five hosts of the split service could be asked anywhere; the sixth comes after the wildcard."""
    add(content, "any", hosts=[f"any.{HOME}", f"*.deep.{HOME}"], priority=7001)
    add(content, "six", hosts=[*SIX[:5], f"sixth.deep.{HOME}"], priority=7002)


@says("a request for one.deep.new.example goes to any")
def wildcard_in_a_second_rule_asked_first(content: Content) -> None:
    add(content, "any", hosts=[*SIX[:5], f"*.deep.{HOME}"], priority=7001)
    add(content, "one", hosts=[f"one.deep.{HOME}"], priority=7003)


@says("goes to any")
def wildcard_in_unicode_asked_first(content: Content) -> None:
    add(content, "any", hosts=[f"any.{HOME}", f"*.bücher.{HOME}"], priority=7001)
    add(content, "one", hosts=[f"one.xn--bcher-kva.{HOME}"], priority=7003)


@says("stands there 2 times")
def host_twice_in_a_service(content: Content) -> None:
    first, _ = two(content)
    first["hosts"].append(first["hosts"][0])


@says("stands there 2 times")
def host_twice_in_two_services(content: Content) -> None:
    first, second = two(content)
    for service in first, second:
        service.pop("paths", None)  # services share a host by their paths
    second["hosts"].append(primary(first))


@says("from nobody")
def host_taken_over_from_nobody(content: Content) -> None:
    add(content, "books", hosts=[f"books.{HOME}"])
    content["services"]["books"]["takes_over"] = [f"books.{HOME}"]


@says("stands there 2 times")
def host_in_unicode_and_punycode(content: Content) -> None:
    add(content, "books", hosts=[f"bücher.{HOME}", f"xn--bcher-kva.{HOME}"])


@says("stands there 2 times")
def host_in_two_forms_of_unicode(content: Content) -> None:
    add(content, "books", hosts=[f"b\u00fccher.{HOME}", f"bu\u0308cher.{HOME}"])


@says("itself or as a wildcard, stands in any and base")
def base_name_and_wildcard_apart(content: Content) -> None:
    add(content, "base", hosts=[f"deep.{HOME}"], priority=7001)
    add(content, "any", hosts=[f"any.{HOME}", f"*.deep.{HOME}"], priority=7002)


@says("lies in no zone")
def host_in_no_zone(content: Content) -> None:
    two(content)[1]["hosts"].append("link.nobody.example")


@says("lies in no zone")
def host_that_only_ends_like_a_zone(content: Content) -> None:
    add(content, "like", hosts=[f"a.{HOME}", f"x{HOME}"])


@says("lies in no zone")
def wildcard_above_its_zone(content: Content) -> None:
    content["zones"]["deep.wide.example"] = content["platform"]["account"]
    add(content, "above", hosts=["above.deep.wide.example", "*.wide.example"])


@says("lies in no zone of the platform's account")
def primary_host_in_another_account(content: Content) -> None:
    content["accounts"]["other"] = {"id": "987654321098", "profile": "other"}
    content["zones"]["other.example"] = "other"
    add(content, "astray", hosts=["astray.other.example", f"astray.{HOME}"])


@says("lies in no zone of the platform's account")
def primary_host_in_a_longer_zone_of_another_account(content: Content) -> None:
    content["accounts"]["other"] = {"id": "987654321098", "profile": "other"}
    content["zones"][f"deep.{HOME}"] = "other"
    add(content, "astray", hosts=[f"*.{HOME}", f"astray.deep.{HOME}"])


@says("no primary host")
def wildcards_only(content: Content) -> None:
    add(content, "any", hosts=[f"*.{HOME}"])


@says("is not a host of")
def canonical_host_of_another_service(content: Content) -> None:
    first, second = two(content)
    for service in first, second:
        service.pop("paths", None)  # services share a host by their paths
    first["canonical_host"] = primary(second)


@says("longer than a certificate's first name")
def first_host_too_long_for_a_certificate(content: Content) -> None:
    add(content, "long", hosts=[f"{'l' * (64 - len(HOME))}.{HOME}"])


@says("longer than a certificate's first name")
def first_host_too_long_in_punycode(content: Content) -> None:
    add(content, "long", hosts=[f"{'ü' * 20}.{'l' * (42 - len(HOME))}.{HOME}"])


@says("longer than a certificate's first name")
def first_wildcard_too_long_for_a_certificate(content: Content) -> None:
    add(content, "long", hosts=[f"*.{'l' * (62 - len(HOME))}.{HOME}", f"long.{HOME}"])


@says("and a listener rule takes 128")
def host_too_long_for_a_rule(content: Content) -> None:
    add(content, "long", hosts=[f"long.{HOME}", f"{'l' * 58}.{'l' * 58}.{HOME}"])


@says("which no host name has")
def label_too_long_in_punycode(content: Content) -> None:
    add(content, "long", hosts=[f"long.{HOME}", f"{'üä' * 28}.{HOME}"])


@says("stands there 2 times")
def zone_in_two_spellings(content: Content) -> None:
    content["zones"] |= dict.fromkeys(("ü.example", "xn--tda.example"), content["platform"]["account"])


@says("and DNS takes 253")
def zone_too_long_for_dns(content: Content) -> None:
    content["zones"][f"{'l.' * 122}{HOME}"] = content["platform"]["account"]


@says("which has none")
def certificate_of_nobody(content: Content) -> None:
    add(content, "books", hosts=[f"books.{HOME}"])
    content["services"]["books"]["certificate"] = "nobody"


@says("which has none")
def certificate_of_one_without(content: Content) -> None:
    add(content, "any", hosts=[f"any.deep.{HOME}", f"*.deep.{HOME}"], priority=7005)
    add(content, "books", hosts=[f"books.deep.{HOME}"], priority=7001)
    add(content, "desks", hosts=[f"desks.deep.{HOME}"], priority=7003)
    content["services"]["books"]["certificate"] = "any"
    content["services"]["desks"]["certificate"] = "books"


@says("does not cover 1.2.deep.new.example of books")
def certificate_whose_wildcard_is_two_labels_away(content: Content) -> None:
    add(content, "any", hosts=[f"any.deep.{HOME}", f"*.deep.{HOME}"], priority=7005)
    add(content, "books", hosts=[f"1.2.deep.{HOME}"], priority=7001)
    content["services"]["books"]["certificate"] = "any"


@says("is on the certificate of books twice")
def name_twice_on_a_certificate(content: Content) -> None:
    add(content, "books", hosts=[f"books.{HOME}"])
    content["services"]["books"]["certificate_names"] = [f"*.books.{HOME}"] * 2
