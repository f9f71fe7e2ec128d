python3 - <<'P'
import io, tarfile
with tarfile.open("a.tar", "w") as tar:
    info = tarfile.TarInfo("etc")
    info.type, info.linkname, info.mtime = tarfile.SYMTYPE, "/etc", 1000000000
    tar.addfile(info)
    info = tarfile.TarInfo("etc/new")
    info.size, info.mtime = 1, 1000000000
    tar.addfile(info, io.BytesIO(b"x"))
P
