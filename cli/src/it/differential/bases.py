"""The base images, the same bytes for all: archives as `docker save` writes them, which jbuild, Buildah and dockerd load."""
import hashlib
import io
import json
import subprocess
import tarfile

NAMES = ["busybox", "debian", "onbuild"]
"""each is localhost/NAME:latest"""

TIME = 1485449953
"""of every file of a base, and of every file of a context that has no time of its own"""

PASSWD = "root:x:0:0:root:/root:/bin/sh\ndaemon:x:1:1::/:/bin/sh\nbin:x:2:2::/:/bin/sh\napp:x:1000:1001::/home/app:/bin/sh\n"
GROUP = "root:x:0:\ndaemon:x:1:\nbin:x:2:\nstaff:x:50:app\napp:x:1001:\n"


def write(name, path):
    """Writes the archive of localhost/NAME."""
    layer, config = {"busybox": _busybox, "debian": _debian, "onbuild": _onbuild}[name]()
    image = {
        "architecture": subprocess.check_output(["dpkg", "--print-architecture"], text=True).strip(),
        "os": "linux",
        "created": "2020-01-01T00:00:00Z",
        "config": dict({"Env": ["PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"]}, **config),
        "rootfs": {"type": "layers", "diff_ids": ["sha256:" + hashlib.sha256(layer).hexdigest()]},
        "history": [{"created": "2020-01-01T00:00:00Z", "created_by": "base"}],
    }
    text = json.dumps(image).encode()
    config_name = hashlib.sha256(text).hexdigest() + ".json"
    manifest = [{"Config": config_name, "RepoTags": ["localhost/%s:latest" % name], "Layers": ["layer.tar"]}]
    with tarfile.open(path, "w") as archive:
        for file, data in (config_name, text), ("layer.tar", layer), ("manifest.json", json.dumps(manifest).encode()):
            info = tarfile.TarInfo(file)
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))


class _Layer:
    def __init__(self):
        self._bytes = io.BytesIO()
        self._tar = tarfile.open(fileobj=self._bytes, mode="w", format=tarfile.PAX_FORMAT)

    def add(self, name, kind=tarfile.REGTYPE, data=b"", mode=None, owner=(0, 0), link="", xattrs=()):
        info = tarfile.TarInfo(name)
        info.type, info.size, info.linkname, info.mtime = kind, len(data), link, TIME
        info.mode = mode if mode is not None else 0o755 if kind == tarfile.DIRTYPE else 0o644
        info.uid, info.gid = owner
        info.pax_headers = {"SCHILY.xattr." + key: value for key, value in xattrs}
        self._tar.addfile(info, io.BytesIO(data) if data else None)

    def folders(self, *names):
        for name in names:
            self.add(name, tarfile.DIRTYPE)

    def links(self, **targets):
        for name, target in targets.items():
            self.add(name, tarfile.SYMTYPE, link=target)

    def done(self):
        self._tar.close()
        return self._bytes.getvalue()


def _programs(layer, folder, without=()):
    with open("/bin/busybox", "rb") as file:
        layer.add(folder + "/busybox", data=file.read(), mode=0o755)
    for applet in subprocess.check_output(["/bin/busybox", "--list"], text=True).split():
        if applet != "busybox" and applet not in without:
            layer.add("%s/%s" % (folder, applet), tarfile.SYMTYPE, link="busybox")


def _common(layer):
    layer.folders("dev", "etc", "home", "proc", "run", "sys", "var", "var/tmp")
    layer.add("home/app", tarfile.DIRTYPE, mode=0o750, owner=(1000, 1001))
    layer.add("root", tarfile.DIRTYPE, mode=0o700)
    layer.add("tmp", tarfile.DIRTYPE, mode=0o1777)
    layer.add("etc/passwd", data=PASSWD.encode())
    layer.add("etc/group", data=GROUP.encode())


def _busybox():
    layer = _Layer()
    layer.folders("bin")
    _programs(layer, "bin")
    _common(layer)
    return layer.done(), {"Cmd": ["sh"]}


def _debian():
    """Shaped like a Debian root: /bin and others are links, and each sort of file is there once."""
    layer = _Layer()
    layer.folders("usr", "usr/bin", "usr/lib", "usr/sbin", "usr/share")
    _programs(layer, "usr/bin", without=["su", "wall", "ping"])
    layer.links(bin="usr/bin", lib="usr/lib", sbin="usr/sbin")
    _common(layer)
    layer.add("usr/bin/su", data=b"#!/bin/sh\n", mode=0o4755)
    layer.add("usr/bin/wall", data=b"#!/bin/sh\nwall\n", mode=0o2755, owner=(0, 50))
    layer.add("usr/bin/ping", data=b"ping\n", mode=0o755, xattrs=[("security.capability", _net_raw()), ("user.note", "kept")])
    layer.folders("opt", "opt/data", "opt/data/deep")
    layer.add("opt/data/one", data=b"one\n")
    layer.add("opt/data/two", tarfile.LNKTYPE, link="opt/data/one")
    layer.add("opt/data/deep/three", data=b"three\n", mode=0o600, owner=(1000, 1001))
    layer.add("opt/private", tarfile.DIRTYPE, mode=0o700, owner=(1000, 1001))
    layer.links(**{"opt/current": "data", "opt/absolute": "/opt/data", "opt/dangling": "nowhere", "opt/up": "../opt/data/deep", "opt/loop": "loop"})
    layer.add("opt/pipe", tarfile.FIFOTYPE, mode=0o640)
    config = {"Cmd": ["bash"], "Labels": {"base": "debian", "kept": "yes"}, "WorkingDir": "/opt", "User": "", "Entrypoint": ["/bin/entry"], "ExposedPorts": {"80/tcp": {}}}
    return layer.done(), dict(config, Volumes={"/var/volume": {}}, StopSignal="SIGINT", Healthcheck={"Test": ["CMD", "true"]})


def _net_raw():
    """cap_net_raw+ep as the kernel stores it, revision 2; all its bytes are ASCII or NUL"""
    return "\x01\x00\x00\x02\x00\x20\x00\x00" + "\x00" * 12


def _onbuild():
    layer, config = _busybox()
    return layer, dict(config, OnBuild=["COPY seed /seed", "RUN cat /seed > /grown", "ENV GROWN=yes", "WORKDIR /garden"])
