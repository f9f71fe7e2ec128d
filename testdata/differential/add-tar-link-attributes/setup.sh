python3 - <<'P'
import io, tarfile
with tarfile.open("a.tar", "w") as tar:
    def add(name, target=None, kind=tarfile.LNKTYPE, xattrs=(), **fields):
        info = tarfile.TarInfo(name)
        info.mtime, info.mode = 1000000000, 0o600
        for key, value in fields.items():
            setattr(info, key, value)
        info.pax_headers = {"SCHILY.xattr." + key: value for key, value in xattrs}
        if target:
            info.type, info.linkname = kind, target
            tar.addfile(info)
        else:
            info.size = 1
            tar.addfile(info, io.BytesIO(b"x"))

    add("f", uid=5)
    add("g", "f", mode=0o644)
    add("d/early", mode=0o4755, uid=7)
    add("d/late", "d/early", mode=0o4755, uid=7, gid=8, mtime=1100000000)
    capability = [("security.capability", "\x01\x00\x00\x02\x00\x20\x00\x00" + "\x00" * 12)]
    add("capable", xattrs=capability)
    add("capable-too", "capable")
    add("plain")
    add("plain-made-capable", "plain", xattrs=capability)
    add("setuid", mode=0o4755)
    add("setuid-too", "setuid", mode=0o4755)
    add("target")
    add("link", "target", tarfile.SYMTYPE)
    add("link-too", "link", uid=9, mtime=1200000000)
P
