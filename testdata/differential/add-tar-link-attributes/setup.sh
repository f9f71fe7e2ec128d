python3 - <<'P'
import io, tarfile
with tarfile.open("a.tar", "w") as tar:
    info = tarfile.TarInfo("f")
    info.size, info.mtime, info.mode, info.uid = 1, 1000000000, 0o600, 5
    tar.addfile(info, io.BytesIO(b"x"))
    info = tarfile.TarInfo("g")
    info.type, info.linkname, info.mtime, info.mode = tarfile.LNKTYPE, "f", 1000000000, 0o644
    tar.addfile(info)
P
