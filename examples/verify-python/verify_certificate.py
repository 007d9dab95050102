"""Verifies a certificate of Heed offline, with Python 3.9 or newer and its own library. Written from docs/certificate.md.

    python3 verify_certificate.py CERTIFICATE --key VKEY
"""

import argparse
import base64
import hashlib
import json
import re
import sys

from ed25519 import is_signed

DEMANDED = {
    "ERASURE": ["ERASE", "PROBE"],
    "ACCESS": ["ACCESS"],
    "RESTRICTION": ["RESTRICT"],
    "LIFT": ["LIFT"],
    "CORRECTION": ["CORRECT", "PROBE"],
}
ACTIONS = [action for actions in DEMANDED.values() for action in actions]
FIRST = [action for action in ACTIONS if action != "PROBE"]
MAY_STAND_IN = {
    "ERASED": ["ERASE"],
    "ANONYMISED": ["ERASE"],
    "NOTHING_HELD": FIRST,
    "RETAINED": ACTIONS,
    "IN_BACKUP": ACTIONS,
    "EXPORTED": ["ACCESS"],
    "RESTRICTED": ["RESTRICT"],
    "LIFTED": ["LIFT"],
    "CORRECTED": ["CORRECT"],
    "PROBED_CLEAN": ["PROBE"],
    "PROBED_FOUND": [],
    "AT_PROCESSOR": ACTIONS,
}
TEXTS = {
    "uuid": r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}",
    "time": r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z",
    "until": r"(\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z)?",
    "hex": r"[0-9a-f]{64}",
    "digest": r"([0-9a-f]{64})?",
    "key_id": r"[0-9a-f]{16}",
    "code": r"[a-z0-9_]{0,60}",
    "service": r"[a-z][a-z0-9-]{0,39}",
    "store": r"[a-z][a-z0-9-]*\.[a-z0-9_.-]{1,120}",
    "text": r"(?s:.*)",
    "why": r"open|found|refused|untold",
    "name": r"[^\x00-\x1f\x7f-\x9f]{1,100}",
    "reference": r"[ -~]{0,100}",
    "sayer": r"PERSON|PROCESSOR",
    "progress": r"PENDING|IN_PROGRESS|COMPLETED|CANCELLED",
    "kind": r"CONTACT|MEMBER",
    "action": "|".join(ACTIONS),
    "right": "|".join(DEMANDED),
    "outcome": "|".join(MAY_STAND_IN),
}
# What each kind of object has as members: none besides, and all but those with a question mark.
FORMS = {
    "file": "certificate:text claims:object log:log manifests:object openings:[opening] processors?:[closing] "
    "request:closing sweeps:[sweep]",
    "log": "checkpoint:text leaves:[leaf]",
    "leaf": "data:bytes index:count proof:[hash]",
    "opening": "leaf:count path:[hash] position:count receipt:receipt salt:hash statement:bytes",
    "receipt": "batch:uuid id:uuid",
    "closing": "leaf:count salt:hash statement:bytes",
    "sweep": "leaf:count path:[hash] position:count salt:hash statement:bytes",
    "key_added": "at:time key:hash key_id:key_id previous?:count self_attested?:true service:service type:text",
    "key_revoked": "at:time key_id:key_id previous:count service:service type:text",
    "request_closed": "commitment:hash type:text",
    "processor_answer": "commitment:hash type:text",
    "told": "answer:digest at:time expected_by:until format:text name:name reference:reference request:uuid "
    "said_by:sayer service:service state:progress store:store subject:uuid tenant:uuid told_at:time",
    "signed": "action:action key_id:key_id keys:count manifest:hex root:hash service:service signature:bytes "
    "signed_at:time tree_size:count type:text",
    "swept": "key_id:key_id keys:count root:hash service:service signature:bytes signed_at:time sweep:uuid "
    "tree_size:count type:text",
    "statement": "action:action at:time entries:[entry] format:text manifest:hex order:uuid order_number:count "
    "request:uuid service:service subject:uuid tenant:uuid",
    "entry": "count:count detail:code digest:digest outcome:outcome store:store until:until",
    "closed": "closed_at:time exceptions?:[exception] format:text informed?:code manifests:object not_asked?:[store] "
    "objects:bool orders:object reason?:code received_at:time request:uuid right:right subject:uuid "
    "subject_kind:kind tenant:uuid verification:code",
    "exception": "action:action service:service since:time why:why",
    "found": "at:time columns:count excepted:count format:text found:count needles:count objects:count request:uuid "
    "service:service subject:uuid sweep:uuid tenant:uuid",
}
LEAVES = {
    "key_added": "key_added",
    "key_revoked": "key_revoked",
    "receipt": "signed",
    "probe": "signed",
    "request_closed": "request_closed",
    "processor_answer": "processor_answer",
    "sweep": "swept",
}


class Refused(Exception):
    def __init__(self, reason, about):
        super().__init__(f"{reason}: {about}")
        self.reason = reason


def demand(holds, reason, about):
    if not holds:
        raise Refused(reason, about)


# Bytes and forms


def sha256(*parts):
    return hashlib.sha256(b"".join(parts)).digest()


def leaf_hash(*parts):
    return sha256(b"\0", *parts)


def raw(text):
    """Base64 in its one form; None for anything else."""
    try:
        data = base64.b64decode(text, validate=True)
    except (ValueError, TypeError):
        return None
    return data if base64.b64encode(data).decode() == text else None


def canonical(value):
    """RFC 8785, of values without fractions."""
    if isinstance(value, dict):
        names = sorted(value, key=lambda name: name.encode("utf-16-be"))
        return "{" + ",".join(canonical(name) + ":" + canonical(value[name]) for name in names) + "}"
    if isinstance(value, list):
        return "[" + ",".join(map(canonical, value)) + "]"
    return json.dumps(value, ensure_ascii=False)


def no_fraction(text):
    raise ValueError(f"{text} is no whole number")


def read(data, form, about):
    try:
        text = data.decode("utf-8")
        value = json.loads(text, parse_float=no_fraction, parse_constant=no_fraction)
        is_whole = canonical(value).encode("utf-8") == data
    except (ValueError, RecursionError):
        is_whole = False
    demand(is_whole and fits(value, form(value) if callable(form) else form), "CERTIFICATE_MALFORMED", about)
    return value


def fits(value, form):
    if form.startswith("["):
        return isinstance(value, list) and all(fits(each, form[1:-1]) for each in value)
    if form in TEXTS:
        return isinstance(value, str) and re.fullmatch(TEXTS[form], value) is not None
    if form == "count":
        return type(value) is int and 0 <= value < 2**53
    if form == "bool":
        return type(value) is bool
    if form == "true":
        return value is True
    if form == "bytes":
        return raw(value) is not None
    if form == "hash":
        return raw(value) is not None and len(raw(value)) == 32
    if form == "object":
        return isinstance(value, dict)
    if form not in FORMS or not isinstance(value, dict):
        return False
    members = dict(member.split(":") for member in FORMS[form].split())
    known = {name.rstrip("?"): (kind, name.endswith("?")) for name, kind in members.items()}
    is_there = all(name in value or may_miss for name, (_, may_miss) in known.items())
    return is_there and all(name in known and fits(each, known[name][0]) for name, each in value.items())


# The log


def root_of(hashed, index, size, path):
    """The root of a tree of this size that has this leaf at this index (RFC 6962, 2.1.1); None where none can."""
    if index >= size or (size == 1) != (not path):
        return None
    if size == 1:
        return hashed
    left = 1 << (size - 1).bit_length() - 1
    sibling = raw(path[-1])
    if index < left:
        below = root_of(hashed, index, left, path[:-1])
        return below and sha256(b"\1", below, sibling)
    below = root_of(hashed, index - left, size - left, path[:-1])
    return below and sha256(b"\1", sibling, below)


def read_verifier_key(vkey):
    match = re.fullmatch(r"([^\s+]+)\+([0-9a-f]{8})\+([A-Za-z0-9+/=]+)", vkey)
    demand(match, "VERIFIER_KEY_MALFORMED", vkey)
    name, hashed, data = match[1], bytes.fromhex(match[2]), raw(match[3])
    is_key = data is not None and len(data) == 33 and data[0] == 1
    demand(is_key and sha256(name.encode() + b"\n" + data)[:4] == hashed, "VERIFIER_KEY_MALFORMED", vkey)
    return name, hashed, data[1:]


def open_checkpoint(note, key):
    name, hashed, public_key = key
    match = re.fullmatch("(([^\n]+)\n(0|[1-9][0-9]{0,14})\n([^\n]+)\n)\n\u2014 ([^ \n]+) ([^ \n]+)\n", note)
    demand(match, "CHECKPOINT_NOT_SIGNED", "not three lines and one signature")
    text, origin, size, root, signer, signature = match.groups()
    signed, root = raw(signature) or b"", raw(root) or b""
    is_ours = signer == name and origin == name and signed[:4] == hashed and len(root) == 32
    demand(is_ours and is_signed(public_key, text.encode(), signed[4:]), "CHECKPOINT_NOT_SIGNED", signer)
    return int(size), root


class Leaves:
    """Those that the checkpoint's tree holds. Each must be needed."""

    def __init__(self, leaves, size, root):
        self.leaves, self.used = {}, set()
        in_order(leaves, "index")
        for leaf in leaves:
            index, data = leaf["index"], raw(leaf["data"])
            demand(root_of(leaf_hash(data), index, size, leaf["proof"]) == root, "LEAF_NOT_IN_LOG", index)
            form = lambda value: LEAVES.get(isinstance(value, dict) and value.get("type"), "")
            self.leaves[index] = read(data, form, f"leaf {index}")

    def take(self, index, *types):
        leaf = self.leaves.get(index)
        demand(leaf and leaf["type"] in types, "LEAF_MALFORMED", f"leaf {index} is not {types}")
        self.used.add(index)
        return leaf

    def key_of(self, leaf, at):
        """The key that was valid there: all leaves about the keys of its service are followed back."""
        key, index, before = None, leaf["keys"], at
        while index is not None:
            about = self.take(index, "key_added", "key_revoked")
            is_of = index < before and about["service"] == leaf["service"]
            demand(is_of, "SERVICE_KEY_UNKNOWN", f"leaf {index} of {leaf['service']}")
            if about["key_id"] == leaf["key_id"]:
                demand(about["type"] == "key_added", "SERVICE_KEY_REVOKED", f"leaf {at}, by leaf {index}")
                if sha256(raw(about["key"])).hex()[:16] == leaf["key_id"]:
                    key = key or about
            before, index = index, about.get("previous")
        demand(key, "SERVICE_KEY_UNKNOWN", f"leaf {at} of {leaf['service']}")
        return key


def in_order(values, member):
    names = [value[member] for value in values]
    demand(all(a < b for a, b in zip(names, names[1:])), "CERTIFICATE_MALFORMED", f"order of {member}")


# Statements


def open_statement(opening, leaf, form, leaves, what, signed):
    at, salt, statement = opening["leaf"], raw(opening["salt"]), raw(opening["statement"])
    key = leaves.key_of(leaf, at)
    for name in ["key_id", "root", "service", "signed_at", "tree_size"]:
        signed[name] = leaf[name]
    message = f"{what}\n{canonical(signed)}".encode("utf-8")
    demand(is_signed(raw(key["key"]), message, raw(leaf["signature"])), "RECEIPT_NOT_SIGNED", f"leaf {at}")
    root = root_of(leaf_hash(salt, statement), opening["position"], leaf["tree_size"], opening["path"])
    demand(root == raw(leaf["root"]), "STATEMENT_NOT_COMMITTED", f"leaf {at}")
    return read(statement, form, f"the statement of leaf {at}"), key.get("self_attested", False)


def prove_answer(opening, leaves):
    leaf = leaves.take(opening["leaf"], "receipt", "probe")
    demand((leaf["type"] == "probe") == (leaf["action"] == "PROBE"), "STATEMENT_OF_ANOTHER", opening["leaf"])
    signed = {
        "action": leaf["action"],
        "batch_id": opening["receipt"]["batch"],
        "manifest_version": leaf["manifest"],
        "receipt_id": opening["receipt"]["id"],
    }
    said, attested = open_statement(opening, leaf, "statement", leaves, "heed receipt v1", signed)
    is_of = all(said[name] == leaf[name] for name in ["action", "manifest", "service"])
    demand(is_of and said["format"] == "heed statement v1", "STATEMENT_OF_ANOTHER", opening["leaf"])
    return {**said, "leaf": opening["leaf"], "attested": attested}


def is_about(said, request):
    return all(said[name] == request[name] for name in ["tenant", "request", "subject"])


def prove_sweep(sweep, request, closed, leaves):
    leaf = leaves.take(sweep["leaf"], "sweep")
    said, _ = open_statement(sweep, leaf, "found", leaves, "heed sweep v1", {"sweep": leaf["sweep"]})
    demand(sweep["leaf"] > closed, "SWEEP_NOT_PROVED", sweep["leaf"])
    is_of = said["service"] == leaf["service"] and said["sweep"] == leaf["sweep"]
    is_ours = is_about(said, request) and said["service"] in request["manifests"]
    is_sweep = said["format"] == "heed sweep v1" and request["right"] == "ERASURE"
    demand(is_of and is_ours and is_sweep, "STATEMENT_OF_ANOTHER", sweep["leaf"])
    return said


def prove_committed(opening, kind, form, about, leaves):
    committed = leaf_hash(raw(opening["salt"]), raw(opening["statement"]))
    is_committed = committed == raw(leaves.take(opening["leaf"], kind)["commitment"])
    demand(is_committed, "STATEMENT_NOT_COMMITTED", about)
    return read(raw(opening["statement"]), form, about)


def prove_told(opening, leaves):
    said = prove_committed(opening, "processor_answer", "told", "a processor", leaves)
    demand(said["format"] == "heed processor v1", "CERTIFICATE_MALFORMED", "a processor")
    return {**said, "leaf": opening["leaf"]}


# Complete


def service_of(store):
    return store.split(".")[0]


def demand_told(request, said, told, closed):
    """Whoever has something of an erased person was told before the end and had not said no, or an exception says so."""
    there = [
        entry["store"]
        for each in said
        if each["action"] == "ERASE"
        for entry in each["entries"]
        if entry["outcome"] == "AT_PROCESSOR"
    ]
    for word in told:
        is_ours = is_about(word, request) and word["store"] in there and request["right"] == "ERASURE"
        demand(is_ours and service_of(word["store"]) == word["service"], "STATEMENT_OF_ANOTHER", word["store"])
    last = {word["store"]: word["state"] for word in told if word["leaf"] < closed}
    silent = {service_of(store) for store in there if store not in last}
    against = {service_of(store) for store in there if last.get(store) == "CANCELLED"}
    proved = {(service, "ERASE", "untold") for service in silent}
    proved |= {(service, "ERASE", "refused") for service in against - silent}
    exceptions = [each for each in request.get("exceptions", []) if each["why"] in ("untold", "refused")]
    is_said = {(each["service"], each["action"], each["why"]) for each in exceptions} == proved
    demand(is_said, "ANSWER_MISSING", f"processors that were not told, or have said no: {sorted(proved)}")


def stores_of(manifest):
    asked = [store for store in manifest["stores"] if store["kind"] != "table" or store.get("of") == "subject"]
    return sorted(f"{manifest['service']}.{store['name']}" for store in asked)


def find(said, service, action):
    return next((each for each in said if each["service"] == service and each["action"] == action), None)


def demand_pinned(request, manifests):
    demand(manifests and manifests.keys() == request["manifests"].keys(), "MANIFEST_NOT_PINNED", "services")
    for service, manifest in manifests.items():
        is_manifest = isinstance(manifest, dict) and manifest.get("service") == service
        version = sha256(canonical(manifest).encode("utf-8")).hex()
        demand(is_manifest and version == request["manifests"][service], "MANIFEST_NOT_PINNED", service)


def demand_reasoned(request, manifests):
    exceptions, actions = request.get("exceptions", []), DEMANDED[request["right"]]
    named = {(each["service"], each["action"]) for each in exceptions}
    is_demanded = all(service in manifests and action in actions for service, action in named)
    is_once = len(named) == len(exceptions) and ("exceptions" in request) == bool(exceptions)
    is_reasoned = bool(exceptions) == bool(request.get("reason")) and ("reason" in request) == bool(exceptions)
    demand(is_demanded and is_once and is_reasoned, "ANSWER_MISSING", "exceptions")
    demand(("informed" in request) == (request["right"] == "LIFT"), "ANSWER_MISSING", "informed")
    others = request.get("not_asked", [])
    is_ordered = others == sorted(set(others)) and ("not_asked" in request) == bool(others)
    are_others = all(store.split(".")[0] not in manifests for store in others)
    is_theirs = not others or request["right"] in ("ACCESS", "CORRECTION")
    demand(is_ordered and are_others and is_theirs, "ANSWER_MISSING", "not_asked")


def demand_complete(request, manifests, said):
    demand_pinned(request, manifests)
    demand_reasoned(request, manifests)
    exceptions, actions = request.get("exceptions", []), DEMANDED[request["right"]]
    for each in said:
        is_asked = each["service"] in manifests and each["action"] in actions
        is_ours = is_about(each, request) and each["order"] == request["orders"].get(each["action"])
        is_pinned = each["manifest"] == request["manifests"].get(each["service"])
        is_first = find(said, each["service"], each["action"]) is each
        demand(is_asked and is_ours and is_pinned and is_first, "STATEMENT_OF_ANOTHER", f"leaf {each['leaf']}")
    for service, manifest in manifests.items():
        for action in actions:
            answer, missing = find(said, service, action), find(exceptions, service, action)
            if missing and missing["why"] == "open":
                demand(not answer, "STATEMENT_OF_ANOTHER", f"{service} {action}")
            else:
                has_found = bool(missing) and missing["why"] == "found"
                demand_stores(answer, action, stores_of(manifest), has_found, service)
        done = find(said, service, "ERASE") or find(said, service, "CORRECT")
        probed = find(said, service, "PROBE")
        if done and probed:
            is_later = probed["leaf"] > done["leaf"] and probed["order_number"] > done["order_number"]
            demand(is_later and probed["at"] >= done["at"], "ANSWER_MISSING", f"{service} was probed before")


def demand_stores(answer, action, stores, has_found, service):
    demand(answer, "ANSWER_MISSING", f"{service} {action}")
    entries = answer["entries"]
    demand([entry["store"] for entry in entries] == stores, "ANSWER_MISSING", f"stores of {service} {action}")
    found = [entry for entry in entries if action == "PROBE" and entry["outcome"] == "PROBED_FOUND"]
    demand(bool(found) == has_found, "ANSWER_MISSING", f"what the probe of {service} found")
    for entry in entries:
        may = action in MAY_STAND_IN[entry["outcome"]] or entry in found
        demand(may, "ANSWER_MISSING", f"{entry['store']}: {action} {entry['outcome']}")


# Claims


def without(value, *names):
    return {name: each for name, each in value.items() if name not in names}


def stores_claimed(request, service, manifest, said, told):
    exceptions = request.get("exceptions", [])
    done = next((each for each in said if each["service"] == service and each["action"] != "PROBE"), None)
    probe, unprobed = find(said, service, "PROBE"), find(exceptions, service, "PROBE")
    if not done:
        missing = next(each for each in exceptions if each["service"] == service and each["action"] != "PROBE")
        silent = {"service": service, "outcome": "UNREACHABLE", "since": missing["since"]}
        return [{**silent, "store": store} for store in stores_of(manifest)]
    claims = []
    for place, entry in enumerate(done["entries"]):
        claim = {**entry, "service": service, "answered_at": done["at"]}
        words = [word for word in told if word["store"] == entry["store"]]
        if words:
            ids = ["format", "leaf", "request", "service", "store", "subject", "tenant"]
            claim["processor"] = without(words[-1], *ids)
        if probe:
            claim["probe"] = {**without(probe["entries"][place], "store", "digest"), "answered_at": probe["at"]}
            if probe["attested"]:
                claim["probe"]["self_attested"] = True
        elif unprobed:
            claim["probe"] = {"outcome": "UNREACHABLE", "since": unprobed["since"]}
        claims.append(claim)
    return claims


def claims_of(request, manifests, said, sweeps, told):
    claims = without(request, "format", "manifests", "orders")
    services = sorted(manifests, key=lambda name: name.encode("utf-16-be"))
    claims["stores"] = []
    for name in services:
        claims["stores"] += stores_claimed(request, name, manifests[name], said, told)
    if request["right"] != "ERASURE":
        return claims
    asked = {each["service"] for each in said if not each["attested"]}
    is_done = asked <= {sweep["service"] for sweep in sweeps}
    shown = [without(sweep, "format", "tenant", "request", "subject", "sweep") for sweep in sweeps]
    claims["sweep"] = {"state": "DONE" if is_done else "DUE", "services": shown}
    return claims


def verify(data, vkey):
    """The readable part of this file, if all of it holds. Raises Refused otherwise."""
    key = read_verifier_key(vkey)
    file = read(data, "file", "the file")
    demand(file["certificate"] == "heed/v1", "CERTIFICATE_MALFORMED", "certificate")
    leaves = Leaves(file["log"]["leaves"], *open_checkpoint(file["log"]["checkpoint"], key))
    closing, closed = file["request"], file["request"]["leaf"]
    request = prove_committed(closing, "request_closed", "closed", "the request", leaves)
    demand(request["format"] == "heed request v1", "CERTIFICATE_MALFORMED", "the request")
    in_order(file["openings"], "leaf")
    said = [prove_answer(opening, leaves) for opening in file["openings"]]
    demand(all(each["leaf"] < closed for each in said), "ANSWER_MISSING", "a receipt behind the end")
    demand(file.get("processors") != [], "CERTIFICATE_MALFORMED", "processors: none are not there")
    in_order(file.get("processors", []), "leaf")
    told = [prove_told(opening, leaves) for opening in file.get("processors", [])]
    sweeps = [prove_sweep(sweep, request, closed, leaves) for sweep in file["sweeps"]]
    in_order(sweeps, "service")
    demand(leaves.used == leaves.leaves.keys(), "LEAF_MALFORMED", "a leaf that nothing needs")
    demand_complete(request, file["manifests"], said)
    demand_told(request, said, told, closed)
    proved = claims_of(request, file["manifests"], said, sweeps, told)
    demand(canonical(proved) == canonical(file["claims"]), "CLAIMS_NOT_PROVED", "the readable part")
    return proved


def main():
    parser = argparse.ArgumentParser(description="Verifies a certificate of Heed offline.")
    parser.add_argument("certificate", type=argparse.FileType("rb"))
    parser.add_argument("--key", required=True, help="the log's verifier key; it must come by another way")
    given = parser.parse_args()
    try:
        claims = verify(given.certificate.read(), given.key)
    except Refused as refused:
        print(f"not verified: {refused}", file=sys.stderr)
        return 1
    print(json.dumps(claims, indent=2, ensure_ascii=False))
    return 0


if __name__ == "__main__":
    sys.exit(main())
