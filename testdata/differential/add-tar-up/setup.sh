python3 - <<'P'
import io, tarfile
with tarfile.open("a.tar", "w") as tar:
    info = tarfile.TarInfo("../../out")
    info.size, info.mtime = 1, 1000000000
    tar.addfile(info, io.BytesIO(b"x"))
P
