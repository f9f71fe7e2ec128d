"""An image as it is on disk (an OCI layout's archive, or a folder as `buildah push dir:` writes it) and the tree that its
layers make. Nobody's code is trusted here: the layers are applied by this file alone. Python's own library only."""
import dataclasses
import gzip
import hashlib
import io
import json
import os
import posixpath
import subprocess
import tarfile

XATTR = "SCHILY.xattr."
WHITEOUT = ".wh."
OPAQUE = ".wh..wh..opq"


class BadImage(Exception):
    pass


@dataclasses.dataclass
class Image:
    config: dict
    tree: dict
    """path (with its slash in front) -> fields of the file"""

    @property
    def history(self):
        return self.config.get("history") or []


def read_archive(path):
    """The one image of an OCI layout in a tar."""
    with tarfile.open(path, "r:") as archive:
        files = {posixpath.normpath(m.name): archive.extractfile(m).read() for m in archive if m.isfile()}
    return _image(json.loads(files["index.json"])["manifests"][0]["digest"], lambda digest: files["blobs/" + digest.replace(":", "/")])


def read_folder(path):
    """The one image that `buildah push dir:PATH` wrote."""

    def blob(digest):
        with open(os.path.join(path, digest.split(":")[1]), "rb") as file:
            return file.read()

    with open(os.path.join(path, "manifest.json"), "rb") as file:
        return _from_manifest(json.load(file), blob)


def _image(digest, blob):
    document = json.loads(blob(digest))
    while "manifests" in document:
        images = [m for m in document["manifests"] if "vnd.docker.reference.type" not in m.get("annotations", {})]
        document = json.loads(blob(images[0]["digest"]))
    return _from_manifest(document, blob)


def _from_manifest(manifest, blob):
    config = json.loads(blob(manifest["config"]["digest"]))
    layers = [_unpacked(blob(layer["digest"])) for layer in manifest["layers"] or []]
    diff_ids = config["rootfs"].get("diff_ids") or []
    if diff_ids != ["sha256:" + hashlib.sha256(layer).hexdigest() for layer in layers]:
        raise BadImage("the diffIDs are not those of the layers")
    if config.get("history") and sum(not h.get("empty_layer") for h in config["history"]) != len(layers):
        raise BadImage("the history has another number of layers")
    return Image(config, _merged(layers))


def _unpacked(data):
    if data[:2] == b"\x1f\x8b":
        return gzip.decompress(data)
    if data[:4] == b"\x28\xb5\x2f\xfd":
        return subprocess.run(["zstd", "-dcq"], input=data, stdout=subprocess.PIPE, check=True).stdout
    return data


def _merged(layers):
    tree = {}  # path -> fields; hard links share one dictionary
    for number, layer in enumerate(layers):
        with tarfile.open(fileobj=io.BytesIO(layer), mode="r:", errors="surrogateescape", encoding="utf-8") as archive:
            _apply(tree, archive, number)
    return _with_links(tree)


def _apply(tree, archive, number):
    members = [(posixpath.normpath("/" + m.name).replace("//", "/"), m) for m in archive]
    # A whiteout is for the layers below, wherever it stands in its own.
    for path, _ in members:
        folder, name = posixpath.split(path)
        if name == OPAQUE:
            _remove_below(tree, folder)
        elif name.startswith(WHITEOUT):
            hidden = posixpath.join(folder, name[len(WHITEOUT):])
            _remove_below(tree, hidden)
            tree.pop(hidden, None)
    for path, member in members:
        if posixpath.basename(path).startswith(WHITEOUT) or path == "/":
            continue
        if member.islnk():
            target = posixpath.normpath("/" + member.linkname)
            if target not in tree:
                raise BadImage("layer %d: %s is a link to %s, which is not there" % (number, path, target))
            fields = tree[target]
        else:
            fields = _fields(archive, member)
        if fields["type"] != "dir" or tree.get(path, fields)["type"] != "dir":
            _remove_below(tree, path)
        tree[path] = fields


def _remove_below(tree, path):
    for other in [p for p in tree if p.startswith(path.rstrip("/") + "/")]:
        del tree[other]


def _fields(archive, member):
    fields = {"type": "?", "uid": member.uid, "gid": member.gid, "mtime": int(member.mtime)}
    if not member.issym():
        fields["mode"] = "%04o" % (member.mode & 0o7777)
    if member.isdir():
        fields["type"] = "dir"
    elif member.issym():
        fields.update(type="symlink", link=member.linkname)
    elif member.isfile():
        data = archive.extractfile(member).read()
        fields.update(type="file", size=len(data), content=hashlib.sha256(data).hexdigest()[:12])
    elif member.ischr() or member.isblk():
        fields.update(type="char" if member.ischr() else "block", device="%d:%d" % (member.devmajor, member.devminor))
    elif member.isfifo():
        fields["type"] = "fifo"
    for key, value in member.pax_headers.items():
        if key.startswith(XATTR):
            fields["xattr:" + key[len(XATTR):]] = value.encode("utf-8", "surrogateescape").hex()
    return fields


def _with_links(tree):
    """Each path with fields of its own; those that are one file name the first of its paths."""
    names = {}
    for path in sorted(tree):
        names.setdefault(id(tree[path]), []).append(path)
    return {p: dict(f, same=names[id(f)][0]) if len(names[id(f)]) > 1 else dict(f) for p, f in tree.items()}
