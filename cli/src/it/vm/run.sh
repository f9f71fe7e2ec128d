#!/usr/bin/env bash
# Runs a command in a virtual machine with Debian's kernel and nothing but control groups of version 2.
#
#   cli/src/it/vm/run.sh [--memory MIB] [--cpus N] [--disk MIB] [--kernel DEB] COMMAND...
#
# The machine sees this machine's files (by 9p, read-only) below a layer in memory that goes with it, so whatever is
# installed here can be used there; the store and temporary files are on a disk of its own, with ext4. The command runs
# as root in the current directory; its exit code is this script's. Needs qemu-system-x86 and, to be quick, /dev/kvm.
set -euo pipefail

memory=6144 cpus=2 disk=4096 deb=
while :; do
  case ${1:-} in
    --memory) memory=$2; shift 2 ;;
    --cpus) cpus=$2; shift 2 ;;
    --disk) disk=$2; shift 2 ;;
    --kernel) deb=$2; shift 2 ;;
    *) break ;;
  esac
done
[ $# -gt 0 ] || { sed -n '2,9s/^# \{0,1\}//p' "$0" >&2; exit 2; }

die() { echo "vm: $*" >&2; exit 125; }
for program in qemu-system-x86_64 cpio busybox mkfs.ext4 depmod; do
  command -v "$program" >/dev/null || die "$program is missing: apt-get install qemu-system-x86 cpio busybox-static e2fsprogs kmod"
done
here=$(dirname "$(readlink -f "$0")")
cache=${XDG_CACHE_HOME:-$HOME/.cache}/jbuild-vm
mkdir -p "$cache"

# The kernel, unpacked beside others and never installed.
kernel() {
  exec 9>"$cache/lock"
  flock 9
  if [ -z "$deb" ]; then
    package=$(apt-cache depends linux-image-amd64 | awk '/Depends:/ { print $2; exit }')
    if [ ! -e "$cache/$package/ready" ]; then
      deb=$(cd "$cache" && apt-get -q -o APT::Sandbox::User=root download "$package" >&2 && ls "$cache/${package}"_*.deb)
    fi
  else
    package=$(dpkg-deb -f "$deb" Package)
  fi
  tree=$cache/$package
  if [ ! -e "$tree/ready" ]; then
    rm -rf "$tree"
    dpkg-deb -x "$deb" "$tree"
    release=$(ls "$tree/lib/modules")
    depmod -b "$tree" "$release"
    touch "$tree/ready"
  fi
  release=$(ls "$tree/lib/modules")
  exec 9>&-
}

scratch=$(mktemp -d "$cache/run.XXXXXX")
trap 'rm -rf "$scratch"' EXIT
kernel

# What is needed to reach this machine's files; everything else is loaded from there.
initramfs() {
  root=$scratch/initramfs
  mkdir -p "$root"/{bin,proc,sys,dev,lower,upper,new,modules}
  cp "$(command -v busybox)" "$root/bin/busybox"
  cp "$here/init.sh" "$root/init"
  chmod 755 "$root/init"
  for module in virtio_pci virtio_blk 9pnet_virtio 9p overlay ext4; do
    modprobe -d "$tree" -S "$release" --show-depends "$module" || die "no module $module in $release"
  done | awk '$1 == "insmod" && !seen[$2]++ { print $2 }' >"$scratch/order"
  while read -r file; do
    cp "$file" "$root/modules/"
    basename "$file"
  done <"$scratch/order" >"$root/modules/order"
  (cd "$root" && find . | cpio -o -H newc --quiet) | gzip -1 >"$scratch/initrd"
}
initramfs

quoted=
for word in "$@"; do quoted+=" $(printf %q "$word")"; done
cat >"$scratch/command" <<END
cd $(printf %q "$PWD")
export PATH=$(printf %q "$PATH") HOME=${HOME@Q} LC_ALL=C.UTF-8 TMPDIR=/mnt/tmp
exec$quoted
END
truncate -s "${disk}M" "$scratch/disk"
mkfs.ext4 -q -F "$scratch/disk"

# KVM may be there and still be of no use (a guest that cannot nest): a kernel has to say hello first.
if [ ! -s "$cache/accel" ]; then
  echo "-accel tcg -cpu max" >"$cache/accel"
  nested="-accel kvm -cpu host,-arch-capabilities"
  # shellcheck disable=SC2086
  if [ -w /dev/kvm ] && timeout 10 qemu-system-x86_64 $nested -m 512 -nodefaults -display none -no-reboot \
    -kernel "$tree/boot/vmlinuz-$release" -append "console=ttyS0 earlyprintk=serial panic=-1" -serial stdio \
    </dev/null 2>/dev/null | grep -q "Linux version"; then
    echo "$nested" >"$cache/accel"
  fi
fi
read -ra accel <"$cache/accel"
qemu-system-x86_64 "${accel[@]}" -m "$memory" -smp "$cpus" -nodefaults -no-reboot -display none \
  -kernel "$tree/boot/vmlinuz-$release" -initrd "$scratch/initrd" \
  -append "console=ttyS0 quiet loglevel=3 panic=-1 jbuild.scratch=$scratch jbuild.modules=$tree/lib/modules/$release" \
  -fsdev local,id=host,path=/,security_model=none,readonly=on,multidevs=remap \
  -device virtio-9p-pci,fsdev=host,mount_tag=host \
  -drive "if=none,id=disk,file=$scratch/disk,format=raw,cache=unsafe" -device virtio-blk-pci,drive=disk \
  -netdev user,id=net,restrict=on -device virtio-net-pci,netdev=net \
  -device virtio-serial-pci -chardev "file,id=code,path=$scratch/code" -device virtserialport,chardev=code,name=code \
  -serial stdio </dev/null |
  sed -u -e 's/\r$//' -e '/^\[ .*\] \(sysrq\|reboot\): Power/d'
[ -s "$scratch/code" ] || die "the machine ended without an exit code"
exit "$(cat "$scratch/code")"
