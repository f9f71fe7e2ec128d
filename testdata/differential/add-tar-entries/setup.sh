python3 - <<'P'
import io, tarfile
def add(tar, name, kind=tarfile.REGTYPE, data=b"", **fields):
    info = tarfile.TarInfo(name)
    info.type, info.size, info.mtime = kind, len(data), 1000000000
    for key, value in fields.items():
        setattr(info, key, value)
    tar.addfile(info, io.BytesIO(data) if data else None)
with tarfile.open("a.tar", "w", format=tarfile.PAX_FORMAT) as tar:
    add(tar, "d", tarfile.DIRTYPE, mode=0o1777, uid=5, gid=6)
    add(tar, "d/f", data=b"f", mode=0o4711, uid=1000, gid=1001)
    add(tar, "d/g", data=b"g", mode=0o2750, uname="app", gname="app", uid=77, gid=78)
    add(tar, "hard", tarfile.LNKTYPE, linkname="d/f", mode=0o4711, uid=1000, gid=1001)
    add(tar, "link", tarfile.SYMTYPE, linkname="d/f", uid=9, gid=9)
    add(tar, "pipe", tarfile.FIFOTYPE, mode=0o640)
    add(tar, "char", tarfile.CHRTYPE, mode=0o666, devmajor=1, devminor=3)
    add(tar, "block", tarfile.BLKTYPE, mode=0o660, devmajor=7, devminor=9)
    add(tar, "large-id", data=b"x", mode=0o600, uid=3000000000, gid=3000000000)
    add(tar, "xattr", data=b"x", mode=0o755, pax_headers={"SCHILY.xattr.security.capability": "\x01\0\0\x02\0\x20\0\0" + "\0" * 12, "SCHILY.xattr.user.note": "n"})
    add(tar, "fraction", data=b"x", pax_headers={"mtime": "1000000000.75"})
P
