"""The folders that are made: Case(name, make, form, forms).

make gives the lines, form is how they are written, forms: are the others compared; then make takes another time to begin at.
"""
from collections import namedtuple

import harbor_incidents as incidents
import products
from grammar import instant
from harbor import Harbor

Case = namedtuple("Case", "name make form forms", defaults=("plain", False))
SPRING, NEW_YEAR = instant("2026-03-02T08:00:00"), instant("2025-12-31T23:10:00")
# core.log tells pushes and deletions up to 2.8; collections name their run since 2.9; manifests are put by digest since 2.15.
VERSIONS = ((2, 1), (2, 8), (2, 9), (2, 12), (2, 15))


def harbor_of(plants, version, seed, start=SPRING, healthy=6, **more):
    def make(start=start):
        h = Harbor(version, seed, start, **more)
        incidents.seeded(h, healthy)
        for plant in plants:
            plant(h)
            incidents.seeded(h, 2, ("team-c",))
        return h
    return make


def haystack(plants, version, seed, pairs):
    def make():
        h = Harbor(version, seed, SPRING)
        for plant in plants:
            incidents.crowd(h, pairs // (len(plants) + 1))
            plant(h)
        incidents.crowd(h, pairs // (len(plants) + 1))
        return h
    return make


def product_of(kind, plants, seed):
    def make():
        p = kind(seed, SPRING)
        p.healthy()
        for plant in plants:
            getattr(p, plant)()
            p.wait(120)
        return p
    return make


def harbor_cases():
    for n, (name, plant) in enumerate(incidents.BY_CAUSE.items()):
        for version in VERSIONS:
            cache = {"manifest_cache": True} if name == "manifest-cache" else {}
            yield Case("harbor-%d.%d-%s" % (*version, name), harbor_of([plant], version, 100 + n, **cache), "syslog", True)
    for name, plant in incidents.OF_OLD.items():
        yield Case("harbor-1.10-" + name, harbor_of([plant], (1, 10), 90), "syslog", True)
    three = [incidents.content_missing, incidents.deleted_by_user, incidents.row_missing_core_fails]
    yield Case("harbor-three", harbor_of(three, (2, 11), 7), "syslog", True)
    yield Case("harbor-new-year", harbor_of(three, (2, 8), 8, NEW_YEAR), "syslog", True)
    yield Case("harbor-helm", harbor_of(three, (2, 12), 9, helm=True))
    yield Case("harbor-healthy", harbor_of([], (2, 10), 5, healthy=30), "syslog", True)
    yield Case("harbor-haystack", haystack(three, (2, 13), 6, 1100), "syslog")
    yield Case("harbor-haystack-healthy", haystack([], (2, 8), 4, 300), "syslog")


def product_cases():
    for n, (name, kind) in enumerate(products.ALL.items()):
        yield Case(name + "-healthy", product_of(kind, [], 40 + n))
        for plant in ("mistyped", "deleted", "lost", *kind.own):
            yield Case("%s-%s" % (name, plant), product_of(kind, [plant], 60 + n))
        yield Case(name + "-three", product_of(kind, ["mistyped", "deleted", "lost"], 80 + n))


def all_cases():
    yield from harbor_cases()
    yield from product_cases()
