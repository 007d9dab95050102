"""Whether the verifier takes what is genuine and misses nothing that is not.

    HEED_CERTIFICATES=FOLDER python3 -m unittest        # a .json and beside it its log's key as .vkey, for each

Without the folder only what needs no certificate is tried."""

import base64
import copy
import json
import os
import pathlib
import unittest

import ed25519
from verify_certificate import Refused, canonical, leaf_hash, root_of, sha256, verify

# RFC 8032, section 7.1: public key, message, signature.
SIGNED = [
    (
        "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
        "",
        "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe"
        "24655141438e7a100b",
    ),
    (
        "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
        "72",
        "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302a"
        "eeb00d291612bb0c00",
    ),
    (
        "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
        "af82",
        "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed2"
        "8dc027beceea1ec40a",
    ),
    (
        "ec172b93ad5e563bf4932c70e1245034c35467ef2efd4d64ebf819683467e2bf",
        "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a2192992a274fc1a836ba3c23a3feebbd454d4423643ce8"
        "0e2a9ac94fa54ca49f",
        "dc2a4459e7369633a52b1bf277839a00201009a3efbf3ecb69bea2186c26b58909351fc9ac90b3ecfdfbc7c66431e0303dca179c138ac1"
        "7ad9bef1177331a704",
    ),
]
# How many places of a certificate are altered at most, and how many certificates of each right are looked at: all of
# many would take minutes.
PLACES = 60
OF_EACH_RIGHT = 2


def certificates():
    folder = os.environ.get("HEED_CERTIFICATES")
    given, seen = [], {}
    for file in sorted(pathlib.Path(folder).glob("*.json")) if folder else []:
        data, vkey = file.read_bytes(), file.with_suffix(".vkey").read_text().strip()
        kind = json.loads(data)["claims"]["right"]
        seen[kind] = seen.get(kind, 0) + 1
        if seen[kind] <= OF_EACH_RIGHT:
            given.append((f"{kind} {file.name}", data, vkey))
    return given


def places(value, way=()):
    """Every place in a value, by the way to it."""
    if isinstance(value, (dict, list)):
        for name in value if isinstance(value, dict) else range(len(value)):
            yield way + (name,)
            yield from places(value[name], way + (name,))


def altered(value, way, is_taken):
    whole = copy.deepcopy(value)
    parent = whole
    for name in way[:-1]:
        parent = parent[name]
    now = parent[way[-1]]
    if is_taken:
        del parent[way[-1]]
    elif isinstance(now, bool):
        parent[way[-1]] = not now
    elif isinstance(now, int):
        parent[way[-1]] = now + 1
    elif isinstance(now, str):
        parent[way[-1]] = ("B" if now[:1] == "A" else "A") + now[1:]
    elif isinstance(now, list):
        now.append(now[0] if now else 0)
    else:
        now["more"] = 0
    return canonical(whole).encode("utf-8")


def reason(data, vkey):
    try:
        verify(data, vkey)
    except Refused as refused:
        return refused.reason
    return "accepted"


class Ed25519(unittest.TestCase):
    def test_takes_the_signatures_of_the_rfc_and_no_other(self):
        for key, message, signature in SIGNED:
            key, message, signature = bytes.fromhex(key), bytes.fromhex(message), bytes.fromhex(signature)
            self.assertTrue(ed25519.is_signed(key, message, signature))
            self.assertFalse(ed25519.is_signed(key, message + b"\0", signature))
            self.assertFalse(ed25519.is_signed(key, message, signature[:63]))
            for at in range(0, 64, 7):
                spoiled = bytearray(signature)
                spoiled[at] ^= 1
                self.assertFalse(ed25519.is_signed(key, message, bytes(spoiled)))
            # The same scalar, written larger by the order of the group.
            scalar = int.from_bytes(signature[32:], "little") + ed25519.ORDER
            self.assertFalse(ed25519.is_signed(key, message, signature[:32] + scalar.to_bytes(32, "little")))


class Tree(unittest.TestCase):
    def test_has_the_roots_that_follow_from_its_leaves(self):
        leaves = [leaf_hash(bytes([number])) for number in range(3)]
        pair = sha256(b"\1", leaves[0], leaves[1])
        root = sha256(b"\1", pair, leaves[2])
        text = [base64.b64encode(each).decode() for each in [*leaves, pair]]
        self.assertEqual(root_of(leaves[0], 0, 3, [text[1], text[2]]), root)
        self.assertEqual(root_of(leaves[2], 2, 3, [text[3]]), root)
        for index, size, path in [(2, 3, []), (3, 3, [text[3]]), (2, 3, [text[3], text[0]]), (0, 1, [text[0]])]:
            self.assertNotEqual(root_of(leaves[2], index, size, path), root)


class Certificates(unittest.TestCase):
    def test_are_there_where_a_folder_is_named(self):
        self.assertEqual(bool(certificates()), "HEED_CERTIFICATES" in os.environ)

    def test_are_verified_by_the_key_of_their_log_alone(self):
        keys = {vkey for _, _, vkey in certificates()}
        for name, data, vkey in certificates():
            with self.subTest(name):
                self.assertEqual(reason(data, vkey), "accepted")
                for other in keys - {vkey}:
                    self.assertEqual(reason(data, other), "CHECKPOINT_NOT_SIGNED")
                self.assertEqual(reason(data, vkey[:-1]), "VERIFIER_KEY_MALFORMED")

    def test_are_refused_in_any_other_form(self):
        for name, data, vkey in certificates():
            value = json.loads(data)
            spaced = json.dumps(value, ensure_ascii=False).encode("utf-8")
            for other in [data[:-1], data + b"\n", b"\xef\xbb\xbf" + data, spaced, b"", b"\xff", b"{}", b"[" * 9999]:
                with self.subTest(name, other=other[:20]):
                    self.assertEqual(reason(other, vkey), "CERTIFICATE_MALFORMED")

    def test_are_refused_where_anything_is_altered_or_taken_out(self):
        for name, data, vkey in certificates():
            value = json.loads(data)
            all_places = list(places(value))
            step = len(all_places) // PLACES + 1
            for is_taken in [False, True]:
                unseen = [
                    way
                    for way in all_places[::step]
                    if reason(altered(value, way, is_taken), vkey) == "accepted"
                ]
                with self.subTest(name, is_taken=is_taken):
                    self.assertEqual(unseen, [])

    def test_of_one_request_prove_nothing_of_another(self):
        given = certificates()
        for (name, data, vkey), (other_name, other, _) in zip(given, given[1:]):
            for member in ["claims", "log", "openings", "request"]:
                mixed = {**json.loads(data), member: json.loads(other)[member]}
                with self.subTest(name, of=other_name, member=member):
                    self.assertNotEqual(reason(canonical(mixed).encode("utf-8"), vkey), "accepted")


if __name__ == "__main__":
    unittest.main()
