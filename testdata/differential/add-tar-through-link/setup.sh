python3 - <<'P'
import io, tarfile
with tarfile.open("a.tar", "w") as tar:
    info = tarfile.TarInfo("link")
    info.type, info.linkname, info.mtime = tarfile.SYMTYPE, "target", 1000000000
    tar.addfile(info)
    info = tarfile.TarInfo("target")
    info.type, info.mtime, info.mode = tarfile.DIRTYPE, 1000000000, 0o755
    tar.addfile(info)
    info = tarfile.TarInfo("link/file")
    info.size, info.mtime = 1, 1000000000
    tar.addfile(info, io.BytesIO(b"x"))
P
